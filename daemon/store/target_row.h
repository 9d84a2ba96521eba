/* A target's row, and that of its credential, within a transaction. Of the store alone. */
#ifndef TARGET_ROW_H
#define TARGET_ROW_H

#include "commit.h"
#include "err.h"
#include "work.h"

#include <stdbool.h>
#include <stdint.h>

/* Fills work->target. Refused where the target is not there, or is not configured any more: what it saw was let go. */
bool target_row_load(struct work *work, int64_t target, struct err *err);

/* The name of another target, for sentences; it lives as long as the work. */
bool target_row_name(struct work *work, int64_t target, const char **name, struct err *err);

/* How the run's result is called: complete, delta, partial, or the class of its failure. */
const char *target_row_result(const struct commit *commit);

/* Why the run failed, or its credential was refused; "" where it went well. */
const char *target_row_message(const struct commit *commit);

/* Writes what the commit says of the run, the schedule, the warnings and what is held. */
bool target_row_save(struct work *work, struct err *err);

/* Writes what is held alone. */
bool target_row_save_held(struct work *work, struct err *err);

#endif
