/* The items that may have to do with one another: found from one of them over what they show (table claim), the asset
 * they are in, what sources declare and what rules name.
 *
 *     struct webs webs;
 *     webs_init(&webs, sql, rules, items, count);
 *     ... all claims are written ...
 *     webs_look(&webs, err);
 *     web_init(&web);
 *     webs_gather(&webs, id, &web, err);     // each time a web around one item that is in none so far
 *     ... webs_done(&webs, &web);
 *     web_finish(&web);
 *     webs_finish(&webs);
 *
 * The cost of a web is bounded, whatever sources send: a thing that more than IDENTITY_CROWD items show is not
 * followed, and a web of more than ASSETS_WEB items is given up (frozen). Each item is gathered once in an update. */
#ifndef WEB_H
#define WEB_H

#include "arena.h"
#include "assets.h"
#include "err.h"
#include "identity.h"
#include "map.h"
#include "subject.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

/* One declaration: the item of a web, and what it says it is. */
struct web_tie {
    size_t member;
    int64_t other;
};

struct web_member {
    struct subject subject;
    const char **former;
    size_t former_count;
    bool crowded[EVIDENCE_COUNT];
    bool ruled;
};

struct web {
    struct arena arena;
    vec(struct web_member) members; /* living items only */
    vec(struct web_tie) ties;
    struct map numbers; /* id -> index in members, a size_t */
    bool frozen;
};

struct webs {
    struct sql *sql;
    const struct identity_rules *rules; /* NULL: none */
    struct arena arena;
    struct map touched; /* id -> struct assets_item */
    struct map done;    /* id -> whether its web was frozen */
    struct map crowded; /* fact, NUL, value: more than IDENTITY_CROWD items show it */
    struct map lost;    /* fact, NUL, value: what was claimed and is not any more */
    vec(int64_t) queue; /* items to look at again, although they were not touched */
    bool any_former, any_tie, any_gone;
    bool tie_by[FACT_COUNT]; /* there are declarations by this fact */
};

void webs_init(struct webs *webs, struct sql *sql, const struct identity_rules *rules, const struct assets_item *items,
               size_t count);
void webs_finish(struct webs *webs);

/* Finds out what sorts of claims there are at all. Once, when they are written. */
bool webs_look(struct webs *webs, struct err *err);

/* NULL where this item was not touched in this update. */
const struct assets_item *webs_touched(const struct webs *webs, int64_t id);

bool webs_is_done(const struct webs *webs, int64_t id);

/* Remembers that an item stopped claiming something, and queues who may be concerned by all such claims. */
void webs_lose(struct webs *webs, const struct claims *lost);
bool webs_queue_concerned(struct webs *webs, struct err *err);

/* Queues the living items of an asset. */
bool webs_queue_asset(struct webs *webs, int64_t asset, struct err *err);

/* What a web held before is forgotten. Without members where the item is gone. */
void web_init(struct web *web);
bool webs_gather(struct webs *webs, int64_t id, struct web *web, struct err *err);
void webs_done(struct webs *webs, const struct web *web);
void web_finish(struct web *web);

#endif
