/* Which assets are stale, all of them at once: as READING_FRESH says of one. */
#ifndef READING_STALE_H
#define READING_STALE_H

#include "numbers.h"
#include "reading.h"

struct stale {
    number_vec assets; /* in the order of numbers */
    bool all;
};

/* Within the reading under way. now: wall time. After a failure too, it is to be finished. */
bool stale_load(struct stale *stale, struct query *query, int64_t now, struct err *err);
bool stale_has(const struct stale *stale, int64_t asset);
void stale_finish(struct stale *stale); /* also where it is zero */

#endif
