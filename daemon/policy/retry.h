/* When a failed target is tried again: by the class of the failure, doubling up to the class's cap (backoff.h). Pure.
 *
 * A target whose runs die RETRY_DEATHS times in a row is quarantined, and waits much longer. */
#ifndef RETRY_H
#define RETRY_H

#include "err.h"
#include "schedule.h"

#include <stdint.h>

#define RETRY_DEATHS 3

/* The wait in milliseconds after so many failures in a row, the last one of this class. seed: of the target, or of what
 * else failed. For classes that are often only a moment's matter, a target that is scanned often is not left alone for
 * more than a dozen of its turns. */
int64_t retry_wait(enum err_class class, uint32_t attempts, uint64_t seed, int64_t every_ms);

/* Counts a failure in attempts, deaths and quarantined, and returns the wait. retry_at is the caller's: it knows the
 * time. */
int64_t retry_count(struct schedule_state *state, enum err_class class, uint64_t seed, int64_t every_ms);

/* Forgets all failures. */
void retry_reset(struct schedule_state *state);

/* How much of a stored wait is left at this wall time; 0: none. Never more than it was at the start, wherever the wall
 * clock went meanwhile. */
int64_t retry_left(const struct schedule_state *state, uint64_t seed, int64_t wall);

#endif
