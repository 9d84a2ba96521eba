/* A target while the daemon runs: its place in the schedule, its run if one is under way, and who waits for it. */
#ifndef TARGET_H
#define TARGET_H

#include "commit.h"
#include "config.h"
#include "list.h"
#include "message.h"
#include "origin.h"
#include "plugins.h"
#include "scan.h"
#include "schedule.h"
#include "token.h"

#include <stdbool.h>
#include <stdint.h>

struct target;
struct fleet;

/* What those who wait for a target are told. */
enum news_kind {
    NEWS_BEGUN = 1,
    NEWS_STEP,  /* a doctor's */
    NEWS_ENDED, /* and committed, where there was something to commit: the last news */
};

struct news {
    enum news_kind kind;
    bool good;                          /* NEWS_ENDED */
    const char *result, *message;       /* NEWS_ENDED: a word (complete, denied, held, ...) and why */
    const struct commit_result *commit; /* NEWS_ENDED of a good scan, else NULL */
    uint64_t wall_ms;                   /* NEWS_ENDED */
    const struct message_step *step;    /* NEWS_STEP */
};

/* Somebody who asked for a run. told may take the watcher out with target_unwatch, and must where it frees it. */
struct watcher {
    struct list link;
    void (*told)(struct watcher *watcher, struct target *target, const struct news *news);
    enum run_mode mode; /* what it waits for: RUN_SCAN or RUN_DOCTOR */
};

/* What the last scan came to, for status. items: that the target sees, however many of them that scan sent. */
struct target_last {
    char *result;                 /* a word; "never" */
    char *message;                /* "" for none */
    int64_t started_at, ended_at; /* wall; 0: never */
    uint64_t items, held;
};

struct target {
    struct list link; /* in the fleet, in the order of their numbers */
    uint64_t number;  /* from 1, never used again */
    struct fleet *fleet;
    const struct config_target *config; /* of the present configuration; NULL once it is removed */
    char *name;
    struct plugin *plugin;
    struct schedule_entry *entry;           /* NULL once it is removed and its run over: nothing starts it again */
    struct schedule_credential *credential; /* NULL: none, or the same */
    int64_t id;                             /* in the database */
    struct origin *origin;                  /* of the present configuration, or of the last that had it */
    struct token token;                     /* what its last committed scan kept, while no scan has it */
    struct scan *scan;                      /* NULL: none in flight */
    enum run_mode mode;                     /* of the run in flight */
    int64_t started_at;                     /* wall: of the run in flight */
    struct origin *begun;                   /* of the run in flight; NULL: there is none */
    struct token given;                     /* what the run in flight was given */
    bool again;                             /* its last run ended with its host, and is repeated once */
    bool removed;                           /* the configuration has it no more: it goes when its run is over */
    size_t committing;                      /* its runs that wait for their commit */
    bool deferred;                          /* it was due meanwhile: it begins when they are committed */
    const char *quiet_window; /* the maintenance window of the fleet's rules that it is in; NULL: it is in none */
    int64_t quiet_until;      /* wall: when that ends */
    int64_t quiet_left;       /* monotonic: when it was last found in one; 0: it was not */
    struct list watchers;
    struct target_last last;
};

/* Without a name, which its owner sets. */
struct target *target_create(struct fleet *fleet);

/* Whether no run of it is in flight and no commit waits. */
bool target_is_free(const struct target *target);

/* It must have no run, no watchers and no token. */
void target_destroy(struct target *target);

/* What a scan of its present origin has kept is in force, and is no longer in token; what was in force is given back,
 * as no scan took it over. */
void target_set_token(struct target *target, struct token *token);
void target_set_last(struct target *target, const char *result, const char *message, int64_t started_at,
                     int64_t ended_at);

void target_watch(struct target *target, struct watcher *watcher);
void target_unwatch(struct watcher *watcher);

/* Whether somebody waits for a run of this mode. */
bool target_is_awaited(const struct target *target, enum run_mode mode);

/* Tells those who wait for a run of this mode. With the last news they are taken out first. */
void target_tell(struct target *target, enum run_mode mode, const struct news *news);

#endif
