/* What the clock does to exemptions: it warns before an end, ends what is over (whose findings are then told again),
 * and says which cover more than when they were made, and which cover nothing. Of the store alone. */
#ifndef EXEMPTION_TICK_H
#define EXEMPTION_TICK_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct occasion;
struct sql;

/* Inside a transaction. occasion: of what is told again, so that it is one alert. *next is lowered to when to look
 * again. */
bool exemption_tick(struct sql *sql, const struct occasion *occasion, int64_t now, int64_t *next, struct err *err);

#endif
