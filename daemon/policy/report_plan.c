#include "report_plan.h"

#include <string.h>

#define WEEK 7
#define YEAR 12
#define ROUNDS                                                                                                         \
    4 /* the one before, the present one, and two to come: a day may be left out where a zone changes sides */

static int last_day(int year, int month)
{
    struct zone_time end = { .year = year + month / YEAR, .month = month % YEAR + 1, .day = 0 };

    return zone_local(zone_utc, zone_wall(zone_utc, &end)).day;
}

/* The day of the plan in the round (day, week, month) that is so many after the one of this day. */
static struct zone_time day_of(const struct report_plan *plan, const struct zone_time *today, int ahead)
{
    struct zone_time day = { .year = today->year, .month = today->month, .day = today->day };

    if (plan->every == REPORT_DAILY)
        day.day += ahead;
    if (plan->every == REPORT_WEEKLY)
        day.day += plan->day - today->weekday + ahead * WEEK;
    if (plan->every == REPORT_MONTHLY) {
        int month = today->month - 1 + ahead + YEAR;

        day.year = today->year - 1 + month / YEAR;
        day.month = month % YEAR + 1;
        day.day = last_day(day.year, day.month);
        day.day = plan->day < day.day ? plan->day : day.day;
    }
    day.minute = plan->minute;
    return day;
}

int64_t report_plan_next(const struct report_plan *plan, int64_t wall)
{
    const struct zone_time today = zone_local(plan->zone, wall);
    int64_t next = wall;

    for (int ahead = -1; next <= wall && ahead < ROUNDS; ahead++) {
        struct zone_time day = day_of(plan, &today, ahead);

        next = zone_wall(plan->zone, &day);
    }
    return next;
}

int64_t report_plan_due(const struct report_plan *plan, int64_t last, int64_t now)
{
    return report_plan_next(plan, last > now + REPORT_PLAN_AHEAD_MS ? now : last);
}

/* ----------------------------------------------------------------------------------------------------- its files -- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool report_plan_may_name(const char *name)
{
    size_t length = strlen(name);

    if (length == 0 || length > REPORT_PLAN_NAME || !is_letter(name[0]))
        return false;
    for (const char *at = name; *at != '\0'; at++) {
        if (!is_letter(*at) && strchr("._-", *at) == NULL)
            return false;
    }
    return true;
}

/* A format's own name, but for the one whose files are known by another. */
static const char *suffix_of(const char *format)
{
    return strcmp(format, "junit") == 0 ? "xml" : format;
}

void report_plan_file(struct str *out, const char *name, const struct zone *zone, int64_t due, const char *format)
{
    const struct zone_time day = zone_local(zone, due);

    str_format(out, "%s-%04d-%02d-%02d.%s", name, day.year, day.month, day.day, suffix_of(format));
}

/* The rest of a text behind what it begins with; NULL: it does not. */
static const char *behind(const char *text, const char *begin)
{
    size_t length = strlen(begin);

    return text != NULL && strncmp(text, begin, length) == 0 ? text + length : NULL;
}

static const char *behind_date(const char *text)
{
    static const char form[] = "0000-00-00";

    if (text == NULL)
        return NULL;
    for (const char *at = form; *at != '\0'; at++, text++) {
        if (*at == '0' ? *text < '0' || *text > '9' : *text != *at)
            return NULL;
    }
    return text;
}

bool report_plan_owns(const char *name, const char *format, const char *file)
{
    const char *rest = behind(behind_date(behind(behind(file, name), "-")), ".");

    return rest != NULL && strcmp(rest, suffix_of(format)) == 0;
}
