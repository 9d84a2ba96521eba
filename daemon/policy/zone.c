#include "zone.h"

#include "zone_parts.h"

#define DAYS_OF_ERA 146097  /* of 400 years, after which the calendar repeats itself */
#define DAYS_TO_1970 719468 /* from the first of March of the year 0 */

static const struct zone utc = { 0 };
const struct zone *const zone_utc = &utc;

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

/* A year is counted from March on, so that the leap day is its last. */
int64_t zone_days(int64_t year, int month, int64_t day)
{
    int64_t shifted = month <= 2 ? year - 1 : year;
    int64_t era = floor_div(shifted, 400), of_era = shifted - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;

    return era * DAYS_OF_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year + day - 1 - DAYS_TO_1970;
}

void zone_date(int64_t days, struct zone_time *date)
{
    int64_t from_march = days + DAYS_TO_1970;
    int64_t era = floor_div(from_march, DAYS_OF_ERA), day = from_march - era * DAYS_OF_ERA;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100);
    int month = (int)((5 * of_year + 2) / 153);

    date->day = (int)(of_year - (153 * month + 2) / 5 + 1);
    date->month = month < 10 ? month + 3 : month - 9;
    date->year = (int)(year + era * 400 + (date->month <= 2));
    date->weekday = (int)(days + 4 - floor_div(days + 4, 7) * 7); /* 1970 began on a Thursday */
}

/* How many changes have happened by then. */
static size_t changes_until(const struct zone *zone, int64_t time)
{
    size_t low = 0, high = zone->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (zone->changes[middle].at <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct zone_span span_at(const struct zone *zone, int64_t time)
{
    size_t passed = changes_until(zone, time);
    int32_t offset = passed == 0 ? zone->first : zone->changes[passed - 1].offset;

    if (passed < zone->count)
        return (struct zone_span){ offset, zone->changes[passed].at };
    if (zone->has_rule)
        return zone_rule_span(&zone->rule, time);
    return (struct zone_span){ offset, INT64_MAX };
}

struct zone_time zone_local(const struct zone *zone, int64_t wall_ms)
{
    int64_t time = floor_div(wall_ms, 1000);
    int64_t there = time + span_at(zone, time).offset;
    int64_t days = floor_div(there, ZONE_DAY_S);
    int second = (int)(there - days * ZONE_DAY_S);
    struct zone_time local = { .hour = second / 3600, .minute = second / 60 % 60, .second = second % 60 };

    zone_date(days, &local);
    return local;
}

/* The first moment at which clocks there show this or later, looked for from where no clock of Earth can show it yet.
 */
int64_t zone_wall(const struct zone *zone, const struct zone_time *local)
{
    int64_t wanted = zone_days(local->year, local->month, local->day) * ZONE_DAY_S + INT64_C(3600) * local->hour +
                     INT64_C(60) * local->minute + local->second;
    int64_t time = wanted - ZONE_MAX_OFFSET, shown;

    for (;;) {
        struct zone_span span = span_at(zone, time);

        shown = wanted - span.offset;
        if (shown < time)
            shown = time;
        if (shown < span.until)
            return shown * 1000;
        time = span.until;
    }
}
