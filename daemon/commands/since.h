/* --since and --at: a time of the past as people write it. */
#ifndef SINCE_H
#define SINCE_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

#define SINCE_HELP "30m, 12h, 7d, 4w ago; or a date, 2026-11-22; or a time, 2026-11-22T08:00:00Z"

/* Wall milliseconds, 1 at the least; *since is left alone where text is NULL. Refused with a sentence that shows what
 * it may be. now: wall time. */
bool since_parse(const char *text, int64_t now, int64_t *since, struct err *err);

#define AT_HELP "as it was at the end of a day, 2026-10-31 (UTC); or at a time, 2026-10-31T12:00:00Z"

/* Wall milliseconds: of a day, its last. *at is left alone where text is NULL. Refused with a sentence that shows what
 * it may be, also where it lies in the future, or the day is not over. now: wall time. */
bool at_parse(const char *text, int64_t now, int64_t *at, struct err *err);

#endif
