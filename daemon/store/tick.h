/* What the clock alone changes: targets become stale, exemptions and rulings come to their ends, a vendor's support
 * ends. In one transaction of its own; writes nothing where nothing is due. */
#ifndef TICK_H
#define TICK_H

#include "err.h"
#include "judging.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct tick_setting {
    const struct basis *basis; /* whose rulings and attestations have dates */
    const int64_t *quiet;      /* targets in maintenance: they do not become stale now */
    size_t quiet_count;
    int64_t now; /* wall time */
};

/* *next: when to look again, at the latest a day from now. */
bool tick_run(struct store *store, const struct tick_setting *setting, int64_t *next, struct err *err);

#endif
