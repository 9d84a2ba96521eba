/* The one transaction of a scan: inventory, changes, assets and the target's state commit together or not at all. */
#ifndef COMMIT_H
#define COMMIT_H

#include "action.h"
#include "batch.h"
#include "err.h"
#include "message.h"
#include "schedule.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct identity_rules; /* policy/identity.h */
struct basis;          /* judging.h */

/* What became of one run of a target. */
struct commit {
    int64_t target; /* its number in the database */
    bool good;
    bool quiet;                         /* the target is in maintenance: that it fails is not told */
    enum completeness completeness;     /* of a good one */
    enum err_class class;               /* of a failed one; denied: also of a good one whose credential was refused */
    const char *message;                /* with a class: the sentence */
    const struct batch *batch;          /* NULL for a failed one: nothing is touched but the target's state */
    int64_t started_at, ended_at;       /* wall time */
    uint64_t items, warnings, bytes;    /* as the stream counted them */
    uint64_t wall_ms, cpu_us, peak_kb;  /* as EXIT said */
    const struct schedule_state *state; /* of the target from now on */
    const char *credential;             /* whose state follows; NULL: none */
    const struct credential_state *credential_state;
    const struct identity_rules *identities; /* may be NULL */
    const struct basis *basis;               /* what is judged by; NULL: verdicts wait for rejudge_slice */
};

struct commit_result {
    int64_t journal; /* the number of the transaction in the journal; 0 where nothing needed one */
    uint64_t appeared, changed, moved, gone; /* appeared: also what returned */
    uint64_t held;      /* items whose removal waits for commit_accept, those that waited before among them */
    char held_why[512]; /* "" when none waits */
    bool unjudged;      /* not all could be judged at once: rejudge_slice has something to do */
};

/* Safe to repeat after a failure: nothing of the failed attempt is left. Refused (class config): a target that is not
 * configured any more.
 *
 * What is recorded carries the scan's end as its time; what was seen, the scan's start. An item that no target of its
 * scope sees any more is lost, and gone when every other configured target of the scope has since begun and ended a
 * complete scan or a delta. A run in which nothing changed, and which ended as the one before, writes the target's row
 * alone. */
bool commit_run(struct store *store, const struct commit *commit, struct commit_result *result, struct err *err);

/* Lets the removals of this target that wait happen; whose verdicts depend on them, waits for rejudge_slice. by: who
 * asks, for the journal and the action log. result->gone says how many items are gone; in a scope of several targets,
 * others may have to be scanned first. Nothing is written where none waits. */
bool commit_accept(struct store *store, int64_t target, const struct actor *by, int64_t now,
                   struct commit_result *result, struct err *err);

#endif
