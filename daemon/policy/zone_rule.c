/* The footer of a zone's file: the TZ variable's rule of POSIX, with the extensions of RFC 8536. */
#include "zone_parts.h"

#include <string.h>

#define MAX_DAYS_OFF 7 /* a time of the rule may lie so far outside of its day */
#define YEARS_ASIDE 2  /* that are looked at on each side, for a change may fall into another year than its own */
#define EVENTS 10      /* two in each of these years */

/* ------------------------------------------------------------------------------------------------- the reading ---- */

struct cursor {
    const char *at, *end;
};

static bool take(struct cursor *cursor, char wanted)
{
    if (cursor->at == cursor->end || *cursor->at != wanted)
        return false;
    cursor->at++;
    return true;
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static bool is_letter(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

static bool take_number(struct cursor *cursor, int min, int max, int *value)
{
    int number = 0, digits = 0;

    for (; cursor->at < cursor->end && is_digit(*cursor->at); digits++) {
        if (digits == 3)
            return false;
        number = number * 10 + *cursor->at++ - '0';
    }
    *value = number;
    return digits > 0 && number >= min && number <= max;
}

/* CET, or <+0330>. */
static bool take_name(struct cursor *cursor)
{
    bool quoted = take(cursor, '<');
    size_t length = 0;

    for (; cursor->at < cursor->end; cursor->at++, length++) {
        char character = *cursor->at;

        if (!is_letter(character) && !(quoted && (is_digit(character) || character == '+' || character == '-')))
            break;
    }
    return length >= 3 && (!quoted || take(cursor, '>'));
}

/* 2, -1:30, +167:59:59: in seconds. */
static bool take_time(struct cursor *cursor, int max_hours, int32_t *seconds)
{
    bool negative = take(cursor, '-');
    int hours, minutes = 0, rest = 0;

    if (!negative)
        take(cursor, '+');
    if (!take_number(cursor, 0, max_hours, &hours) || (take(cursor, ':') && !take_number(cursor, 0, 59, &minutes)) ||
        (take(cursor, ':') && !take_number(cursor, 0, 59, &rest)))
        return false;
    *seconds = hours * 3600 + minutes * 60 + rest;
    if (negative)
        *seconds = -*seconds;
    return true;
}

/* It is written as what has to be added to local time to get UTC. */
static bool take_offset(struct cursor *cursor, int32_t *offset)
{
    if (!take_time(cursor, 24, offset))
        return false;
    *offset = -*offset;
    return true;
}

static bool take_day(struct cursor *cursor, struct zone_day *day)
{
    day->second = 2 * 3600;
    if (take(cursor, 'M')) {
        day->kind = ZONE_DAY_WEEK;
        if (!take_number(cursor, 1, 12, &day->month) || !take(cursor, '.') || !take_number(cursor, 1, 5, &day->week) ||
            !take(cursor, '.') || !take_number(cursor, 0, 6, &day->day))
            return false;
    } else {
        day->kind = take(cursor, 'J') ? ZONE_DAY_JULIAN : ZONE_DAY_NUMBER;
        if (!take_number(cursor, day->kind == ZONE_DAY_JULIAN, 365, &day->day))
            return false;
    }
    return !take(cursor, '/') || take_time(cursor, 24 * MAX_DAYS_OFF - 1, &day->second);
}

static bool take_rule(struct cursor *cursor, struct zone_rule *rule)
{
    if (!take_name(cursor) || !take_offset(cursor, &rule->standard))
        return false;
    if (cursor->at == cursor->end)
        return true;
    rule->has_summer = true;
    rule->summer = rule->standard + 3600;
    if (!take_name(cursor))
        return false;
    if (cursor->at < cursor->end && *cursor->at != ',' && !take_offset(cursor, &rule->summer))
        return false;
    return take(cursor, ',') && take_day(cursor, &rule->begin) && take(cursor, ',') && take_day(cursor, &rule->end);
}

bool zone_rule_read(const char *text, size_t size, struct zone_rule *rule, struct err *err)
{
    struct cursor cursor = { text, text + size };

    *rule = (struct zone_rule){ 0 };
    if (!take_rule(&cursor, rule) || cursor.at != cursor.end)
        return err_set(err, ERR_CONFIG, "the rule in its last line cannot be understood from its byte %zu on",
                       (size_t)(cursor.at - text) + 1);
    return true;
}

/* ------------------------------------------------------------------------------------------------ what it says ---- */

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t week_day(const struct zone_day *day, int64_t year)
{
    int64_t first = zone_days(year, day->month, 1);
    int64_t next = day->month == 12 ? zone_days(year + 1, 1, 1) : zone_days(year, day->month + 1, 1);
    struct zone_time date;
    int64_t found;

    zone_date(first, &date);
    found = first + (day->day - date.weekday + 7) % 7 + INT64_C(7) * (day->week - 1);
    return found < next ? found : found - 7;
}

/* By the clocks there, which are so far ahead. */
static int64_t time_of(const struct zone_day *day, int64_t year, int32_t offset)
{
    int64_t days;

    if (day->kind == ZONE_DAY_WEEK)
        days = week_day(day, year);
    else if (day->kind == ZONE_DAY_NUMBER)
        days = zone_days(year, 1, 1) + day->day;
    else
        days = zone_days(year, 1, 1) + day->day - 1 + (day->day >= 60 && is_leap(year));
    return days * ZONE_DAY_S + day->second - offset;
}

/* In the order of time. Where a summer begins as another ends, there is summer. */
static void insert(struct zone_change *changes, size_t count, struct zone_change change)
{
    size_t at = count;

    while (at > 0 && changes[at - 1].at > change.at) {
        changes[at] = changes[at - 1];
        at--;
    }
    changes[at] = change;
}

static void list_changes(const struct zone_rule *rule, int64_t year, struct zone_change changes[EVENTS])
{
    size_t count = 0;

    for (int64_t each = year - YEARS_ASIDE; each <= year + YEARS_ASIDE; each++, count++)
        insert(changes, count, (struct zone_change){ time_of(&rule->end, each, rule->summer), rule->standard });
    for (int64_t each = year - YEARS_ASIDE; each <= year + YEARS_ASIDE; each++, count++)
        insert(changes, count, (struct zone_change){ time_of(&rule->begin, each, rule->standard), rule->summer });
}

struct zone_span zone_rule_span(const struct zone_rule *rule, int64_t time)
{
    struct zone_change changes[EVENTS] = { { 0 } };
    struct zone_span span = { rule->standard, INT64_MAX };
    struct zone_time date;
    size_t at = 0;

    if (!rule->has_summer)
        return span;
    zone_date(time / ZONE_DAY_S, &date);
    list_changes(rule, date.year, changes);
    for (; at < EVENTS && changes[at].at <= time; at++)
        span.offset = changes[at].offset;
    span.until = at < EVENTS ? changes[at].at : INT64_MAX;
    return span;
}
