/* What the files of the outbox share. outbox.h is for everybody else. */
#ifndef OUTBOX_PARTS_H
#define OUTBOX_PARTS_H

#include "arena.h"
#include "err.h"
#include "map.h"
#include "outbox.h"
#include "roster.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;
struct store;

/* One hook's part of a step, within one transaction. */
struct outbox_turn {
    struct sql *sql;
    const struct outbox_setting *setting;
    const struct hook *hook;
    const struct map *quiet; /* number of a target -> struct outbox_quiet */
    struct arena arena;
    struct roster roster; /* read where it is needed; guard stays as it is while a step lasts */
    struct outbox_step *step;
    size_t most;
    bool behind; /* there is more to collect */
};

/* ------------------------------------------------------------------------------------------------- outbox_news.c ----
 * Rows of the table event, and such of the table history as are told. */

struct outbox_news {
    int64_t id; /* of history: the negative of its number */
    int64_t at;
    enum event_what what;
    const char *subject, *state, *batch;
    const char *bundle; /* in which it waits; NULL where it does not yet */
    int64_t finding, asset, target, journal;
};

typedef vec(struct outbox_news) outbox_news_vec;

/* Those behind the cursor, at most turn->most; *cursor: where to go on. A word that is not known gives what = 0. */
bool outbox_news_after(struct outbox_turn *turn, int64_t *cursor, outbox_news_vec *news, struct err *err);
bool outbox_news_after_history(struct outbox_turn *turn, int64_t *cursor, outbox_news_vec *news, struct err *err);

/* Those that wait in the hook's bundle: of each subject the newest, of what has no end all. */
bool outbox_news_waiting(struct outbox_turn *turn, const char *bundle, outbox_news_vec *news, struct err *err);

/* --------------------------------------------------------------------------------------------- outbox_matter.c ---- */

/* What an event is about, as that is now. */
struct outbox_matter {
    struct hook_subject subject; /* with the event's own word */
    const char *kind;            /* of a finding; else NULL */
    const char *name;            /* as the fleet has it: of the asset, the target, the version; "" where it has none */
    const char *state;           /* how it is, as far as people are told: "" is over, EVENT_STATE_ONCE has no end */
    int64_t asset, judgement, cause;
    int64_t assets;
    bool exempt;        /* as a whole; or it is not so any more */
    const char *window; /* of the maintenance that all targets are in which see it; NULL: they are not */
};

bool outbox_matter_read(struct outbox_turn *turn, const struct outbox_news *news, struct outbox_matter *matter,
                        struct err *err);

/* --------------------------------------------------------------------------------------------- outbox_bundle.c ---- */

#define OUTBOX_CAUSE "cause "
#define OUTBOX_MAINTENANCE "maintenance "
#define OUTBOX_BASIS "basis "
#define OUTBOX_FIRST "first "

/* With what it is told together; NULL: the database failed. */
const char *outbox_bundle_of(struct outbox_turn *turn, const struct outbox_news *news,
                             const struct outbox_matter *matter, struct err *err);

/* outbox_change.c: the asset whose change is behind a finding's event: what a verdict comes from; else the only one
 * that the scan changed; else the host of a machine, where the scan changed that alone of the two; else its own. 0:
 * none of these, as of a key. */
bool outbox_change_find(struct outbox_turn *turn, const struct outbox_news *news, const struct outbox_matter *matter,
                        int64_t *asset, struct err *err);

/* The only asset that the scan of the news changed, from which all that follows comes; 0: there were several, or none.
 */
bool outbox_change_single(struct outbox_turn *turn, const struct outbox_news *news, int64_t *asset, struct err *err);

/* Whether the bundle's name begins so, and what follows; NULL: it does not. */
const char *outbox_bundle_rest(const char *bundle, const char *start);

/* --------------------------------------------------------------------------- outbox_collect.c, outbox_freeze.c ---- */

/* Hooks come and go, and what each wants is put into `pending`. */
bool outbox_collect(struct outbox_turn *turn, struct err *err);
bool outbox_collect_hooks(struct sql *sql, const struct outbox_setting *setting, struct err *err);

/* What is due becomes alerts. */
bool outbox_freeze(struct outbox_turn *turn, struct err *err);

/* ---------------------------------------------------------------------------------------------- outbox_group.c ---- */

/* Bundles that become one alert. */
struct outbox_group {
    const char *const *bundles;
    size_t count;
};

/* One thing that an alert tells. */
struct outbox_entry {
    const struct outbox_news *news;
    struct outbox_matter matter;
    enum event_what what; /* what is told of it */
    const char *heard;    /* the state that the hook heard of last; NULL: of none */
};

typedef vec(struct outbox_entry) outbox_entry_vec;

/* Makes the alert, if there is anything to tell, and nothing of the group waits any more. *made: whether there is one.
 */
bool outbox_group_freeze(struct outbox_turn *turn, const struct outbox_group *group, bool *made, struct err *err);

/* The one that heads the alert comes first, then the more pressing ones. */
void outbox_entries_sort(outbox_entry_vec *entries);

/* The asset that all of them come from; 0: they do not. */
int64_t outbox_entries_cause(const outbox_entry_vec *entries);

/* ----------------------------------------------------------------------------------------------- outbox_face.c ---- */

struct outbox_asset {
    int64_t id; /* 0: none */
    const char *kind, *name;
};

/* What a payload says of one entry. Texts may be NULL; they are as the fleet has them. */
struct outbox_face {
    enum event_what what;
    enum need need;
    struct outbox_asset asset, cause;
    const char *method, *workload, *version, *installation, *server, *product, *verdict, *unlisted, *step, *owner,
        *site, *criticality;
    const char *coverage; /* of the asset: coverage_word; NULL: not told */
    const char *heard;    /* as in the entry */
    const char *detail;   /* JSON */
    const int64_t *rows;
    const char *const *reasons, *const *targets;
    size_t row_count, reason_count, target_count, more_targets;
    struct {
        int64_t id, assets, exempt, times, opened_at;
        const char *kind, *state;
    } finding; /* id 0: none */
};

bool outbox_face_read(struct outbox_turn *turn, const struct outbox_entry *entry, struct outbox_face *face,
                      struct err *err);

/* ---------------------------------------------------------------------------- outbox_payload.c, outbox_title.c ---- */

struct outbox_payload {
    const char *key, *hook, *title;
    int64_t at;
    size_t count; /* of all, shown or not */
    const struct outbox_face *faces;
    size_t shown;
};

/* One line with its newline, on the heap, of at most OUTBOX_MAX_PAYLOAD bytes. */
char *outbox_payload_write(const struct outbox_payload *payload);

/* One line for people, in the arena. The entries are sorted. */
const char *outbox_title(struct outbox_turn *turn, const struct outbox_group *group, const outbox_entry_vec *entries,
                         struct err *err);

#endif
