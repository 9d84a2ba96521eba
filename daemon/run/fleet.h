/* All targets, their schedule and their credentials, while the daemon runs: what starts when, and who is told. */
#ifndef FLEET_H
#define FLEET_H

#include "arena.h"
#include "budget.h"
#include "config.h"
#include "handback.h"
#include "hash.h"
#include "list.h"
#include "outbox.h"
#include "plugins.h"
#include "rules.h"
#include "schedule.h"
#include "target.h"
#include "worker.h"

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

struct delivery; /* delivery.h */
struct rejudge;  /* rejudge.h */
struct reporter; /* reporter.h */
struct startup;  /* startup.h */

struct fleet_credential {
    struct list link; /* in the fleet, in the order of their numbers */
    uint64_t number;  /* from 1, never used again */
    char *name;
    const struct config_credential *config; /* of the present configuration; NULL where that does not have it */
    struct schedule_credential *schedule;
    bool told;      /* that its secret cannot be read: once is enough */
    int64_t looked; /* monotonic: when its secret was last read because somebody asked */
};

struct fleet {
    uv_loop_t *loop;
    struct worker *worker;
    struct plugins *plugins;
    struct budget *budget;
    size_t memory;       /* the budget's limit: above it nothing starts */
    struct hash_key key; /* of the fingerprints */
    struct schedule *schedule;
    struct rules *rules; /* of the present configuration */
    struct rejudge *rejudge;
    struct delivery *delivery; /* NULL: not yet, or not any more */
    struct reporter *reporter; /* likewise; also NULL where all targets are scanned once */
    struct list targets, credentials;
    struct handbacks handbacks;
    size_t owing;         /* commits that wait, of scans that kept what has to be given back some time */
    size_t count;         /* of targets */
    uint64_t last_number; /* of a target or a credential */
    uv_timer_t timer;
    uv_timer_t quiet_timer;      /* while there are maintenance windows: looks at them */
    int64_t quiet_next;          /* wall time at which another target is in maintenance; INT64_MAX: never again */
    int64_t quiet_gap;           /* of the two clocks when that was found */
    bool once;                   /* a target that was scanned, or cannot be, leaves */
    bool leaving;                /* some target is to be dropped by the next wake */
    bool stopping;               /* nothing starts any more */
    bool reloading;              /* a new configuration is looked at, or taken up */
    bool paused;                 /* nothing starts: not all is up yet, or a configuration is being taken up */
    void (*idle)(void *context); /* called whenever no run is in flight and no commit or token waits; may be NULL */
    void *idle_context;
    uv_timer_t stop_timer;
    int64_t stop_at;                                 /* monotonic: the end of the grace; once it stops */
    void (*stopped)(void *context, int64_t left_ms); /* NULL: it does not stop, or needs no hosts any more */
    void *stopped_context;
};

/* What the database knew of a credential. */
struct fleet_known {
    bool known;
    struct credential_state state;
};

void fleet_init(struct fleet *fleet, uv_loop_t *loop, struct plugins *plugins, struct budget *budget);

/* Takes up a configuration and what the database knew of it; the reference to the rules is the fleet's from then on.
 * What is the same keeps its clock; a target that is gone is cancelled. The former configuration is not needed when
 * this returns: runs that began with it keep it. */
void fleet_configure(struct fleet *fleet, const struct startup *startup, struct rules *rules);

/* NULL where there is none of that name. */
struct target *fleet_find(const struct fleet *fleet, const char *name);

/* A plugin has become ready, or is no more. */
void fleet_plugin(struct fleet *fleet, struct plugin *plugin);

/* Something ended, or came right again: looks what can start. */
void fleet_wake(struct fleet *fleet);

/* Asks for a run now, and tells the watcher what becomes of it; where that is known at once, before this returns. */
void fleet_ask(struct fleet *fleet, struct target *target, struct watcher *watcher);

/* A credential is held since just now: whoever waits for its targets is told. */
void fleet_held(struct fleet *fleet, const struct schedule_credential *credential);

struct fleet_credential *fleet_credential(const struct fleet *fleet, const struct schedule_credential *credential);

/* Forgets the credentials that no target needs any more. */
void fleet_drop_credentials(struct fleet *fleet);

/* A run or a commit of this target is over: it goes where it is no longer wanted, and is queued again where somebody
 * still waits. */
void fleet_release(struct fleet *fleet, struct target *target);

/* Looks which targets are in maintenance where that may be others than before: the time has come, a clock was set, or
 * the caller says so. fleet_configure and fleet_wake do it. */
void fleet_maintain(struct fleet *fleet, bool others);

/* The targets that are in maintenance now, in the arena, and how many. *next: the wall time at which it may be others,
 * INT64_MAX: never again. */
size_t fleet_quiet(struct fleet *fleet, struct arena *arena, const struct outbox_quiet **list, int64_t *next);

/* The numbers of those that are in maintenance, or were so many milliseconds ago: they had no time for a scan yet. In
 * the arena; *next as above. */
size_t fleet_unscanned(struct fleet *fleet, struct arena *arena, int64_t within_ms, const int64_t **targets,
                       int64_t *next);

/* fleet_stop.c: nothing starts any more, whoever waits is told, and tokens are given back: at once those that no scan
 * has, the others when their scan is over. Scans that may have one are cancelled some time before the grace is over, so
 * that there is time for that. stopped is called when hosts may be closed, and left_ms of the grace are left: nothing
 * has to be given back any more, or there is no more time for it. That may be before this returns. */
void fleet_stop(struct fleet *fleet, int64_t grace_ms, void (*stopped)(void *context, int64_t left_ms), void *context);

/* Looks whether that is so now. fleet_wake does it. */
void fleet_stop_look(struct fleet *fleet);

/* When nothing is in flight any more: closes the timers, gives everything back. */
void fleet_finish(struct fleet *fleet);

struct schedule_now fleet_now(void);

#endif
