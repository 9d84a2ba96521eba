/* Retiring one asset that no target will see again: its host was scrapped, its source is not read any more. */
#ifndef RETIRE_H
#define RETIRE_H

#include "action.h"
#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct retire_result {
    uint64_t items; /* marked gone */
    bool unjudged;  /* others depend on it, and wait for rejudge_slice */
};

/* Marks all items of the asset as gone ("retired"), in one transaction with what follows: history, verdicts, findings,
 * and the row in the action log. What targets missed of it, or wait with the removal of, they forget. It comes back
 * with all it had when a target sees it again. Refused (class config) with a sentence: no such asset, one that is gone
 * or part of another, and one that a configured target saw in its last good run, naming that. */
bool retire_asset(struct store *store, int64_t asset, const char *reason, const struct actor *by, int64_t now,
                  struct retire_result *result, struct err *err);

#endif
