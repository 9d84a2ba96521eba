/* What a run of a target, and a change of its credential, tell people besides findings: events with a beginning and an
 * end, each written once. Of the store alone. */
#ifndef TIDINGS_H
#define TIDINGS_H

#include "err.h"
#include "schedule.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;
struct work;

/* Of a run, when its target's row is saved: that it fails or is good again, is quarantined or not any more, and that
 * removals begin to wait or do not any more. A good one ends that the target is stale. */
bool tidings_of_run(struct work *work, struct err *err);

/* Of an acceptance: that nothing waits any more. */
bool tidings_of_removals(struct work *work, struct err *err);

/* Of a target that is not configured any more: all of it is over. To be called before its row says so. */
bool tidings_of_retired(struct sql *sql, int64_t target, int64_t journal, int64_t at, struct err *err);

/* Of a credential that was this and is that from now on; 0: there was none, or is none any more. why: of one that is
 * held. */
bool tidings_of_credential(struct sql *sql, const char *name, enum credential_word before, enum credential_word now,
                           const char *why, int64_t at, struct err *err);

#endif
