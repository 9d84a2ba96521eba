/* Which targets are stale: configured, and without a successful scan for longer than they may be (age.h). One that
 * never had one is as old as its configuration. Of the store alone. */
#ifndef STALENESS_H
#define STALENESS_H

#include "tick.h"

struct sql;

/* Raises and ends their findings (findings.h). *next is lowered to when the next one is due. occasion: of these where
 * they are many. */
bool staleness_tick(struct sql *sql, const struct tick_setting *setting, const struct occasion *occasion, int64_t *next,
                    struct err *err);

#endif
