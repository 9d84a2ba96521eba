/* What a zone is made of, and what its own sources share; nobody else includes it. Times are seconds since 1970, UTC;
 * offsets are seconds that clocks there are ahead of UTC. */
#ifndef ZONE_PARTS_H
#define ZONE_PARTS_H

#include "err.h"
#include "zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZONE_DAY_S 86400
#define ZONE_MAX_OFFSET 93600 /* 26 hours, either way; RFC 8536 asks for a little less */

/* From this time on clocks are so far ahead. */
struct zone_change {
    int64_t at;
    int32_t offset;
};

enum zone_day_kind {
    ZONE_DAY_JULIAN, /* Jn: 1 to 365, the 29th of February is never counted */
    ZONE_DAY_NUMBER, /* n: 0 to 365 */
    ZONE_DAY_WEEK,   /* Mm.w.d: the w-th such weekday of the month, 5 the last */
};

/* A day of each year, and the time of it by the clocks that are about to change. */
struct zone_day {
    enum zone_day_kind kind;
    int month, week, day;
    int32_t second; /* may be of a day before or after, a week at the most */
};

/* The footer: the rule for all times behind the last change. */
struct zone_rule {
    bool has_summer; /* begin and end count */
    int32_t standard, summer;
    struct zone_day begin, end;
};

struct zone {
    int32_t first; /* before the first change */
    const struct zone_change *changes;
    size_t count;
    bool has_rule;
    struct zone_rule rule;
};

/* A stretch of time without a change. */
struct zone_span {
    int32_t offset;
    int64_t until; /* where the next one begins; INT64_MAX: never */
};

/* zone_rule.c */

/* Reads a footer such as "CET-1CEST,M3.5.0,M10.5.0/3". */
bool zone_rule_read(const char *text, size_t size, struct zone_rule *rule, struct err *err);

/* The stretch that holds this time. */
struct zone_span zone_rule_span(const struct zone_rule *rule, int64_t time);

/* zone.c */

/* Days since 1970 of a day of the calendar. day may lie outside of its month. */
int64_t zone_days(int64_t year, int month, int64_t day);

/* Fills year, month, day and weekday; nothing else. */
void zone_date(int64_t days, struct zone_time *date);

#endif
