#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "zone_testing.h"

#include "clock.h"
#include "mem.h"
#include "report_plan.h"

#include <stdlib.h>
#include <time.h>

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static struct arena arena;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static int64_t at(const char *text)
{
    int64_t wall = 0;

    assert_true(clock_parse(text, &wall, NULL));
    return wall;
}

static struct report_plan plan(const char *zone, enum report_every every, int day, int minute)
{
    struct report_plan made = { every, day, minute, zone_utc };

    if (strcmp(zone, "UTC") != 0)
        made.zone = zone_of_system(zone, &arena);
    assert_non_null(made.zone);
    return made;
}

/* -------------------------------------------------------------------------------------------------------- next ---- */

static void the_next_one_is_that_of_the_day_week_or_month(void **state)
{
    static const struct {
        const char *zone;
        enum report_every every;
        int day, minute;
        const char *now, *next;
    } cases[] = {
        { "UTC", REPORT_DAILY, 0, 360, "2026-11-26T05:59:59Z", "2026-11-26T06:00:00Z" },
        { "UTC", REPORT_DAILY, 0, 360, "2026-11-26T06:00:00Z", "2026-11-27T06:00:00Z" },
        { "UTC", REPORT_DAILY, 0, 0, "2026-12-31T12:00:00Z", "2027-01-01T00:00:00Z" },
        { "UTC", REPORT_WEEKLY, 1, 360, "2026-11-26T12:00:00Z", "2026-11-30T06:00:00Z" },
        { "UTC", REPORT_WEEKLY, 1, 360, "2026-11-30T06:00:00Z", "2026-12-07T06:00:00Z" },
        { "UTC", REPORT_WEEKLY, 4, 360, "2026-11-26T05:00:00Z", "2026-11-26T06:00:00Z" },
        { "UTC", REPORT_WEEKLY, 0, 1439, "2026-12-27T23:59:00Z", "2027-01-03T23:59:00Z" },
        { "UTC", REPORT_MONTHLY, 1, 360, "2026-11-26T12:00:00Z", "2026-12-01T06:00:00Z" },
        { "UTC", REPORT_MONTHLY, 1, 360, "2026-12-01T06:00:00Z", "2027-01-01T06:00:00Z" },
        { "UTC", REPORT_MONTHLY, 31, 360, "2027-01-31T06:00:00Z", "2027-02-28T06:00:00Z" },
        { "UTC", REPORT_MONTHLY, 31, 360, "2028-02-01T00:00:00Z", "2028-02-29T06:00:00Z" },
        { "UTC", REPORT_MONTHLY, 30, 360, "2028-02-29T06:00:00Z", "2028-03-30T06:00:00Z" },
        /* 2026-03-29 in Amsterdam: from 02:00 to 03:00 at 01:00 UTC; back on 2026-10-25 at 01:00 UTC. */
        { "Europe/Amsterdam", REPORT_WEEKLY, 1, 360, "2026-03-23T12:00:00Z", "2026-03-30T04:00:00Z" },
        { "Europe/Amsterdam", REPORT_WEEKLY, 1, 360, "2026-10-20T12:00:00Z", "2026-10-26T05:00:00Z" },
        { "Europe/Amsterdam", REPORT_DAILY, 0, 150, "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z" },
        { "Europe/Amsterdam", REPORT_DAILY, 0, 150, "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z" },
        { "Europe/Amsterdam", REPORT_DAILY, 0, 150, "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z" },
        { "Europe/Amsterdam", REPORT_DAILY, 0, 150, "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z" },
        { "America/New_York", REPORT_MONTHLY, 1, 90, "2026-11-01T05:29:00Z", "2026-11-01T05:30:00Z" },
        { "America/New_York", REPORT_MONTHLY, 1, 90, "2026-11-01T06:29:00Z", "2026-12-01T06:30:00Z" },
        /* There was no 2011-12-30. */
        { "Pacific/Apia", REPORT_WEEKLY, 5, 480, "2011-12-24T12:00:00Z", "2011-12-30T10:00:00Z" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct report_plan one = plan(cases[i].zone, cases[i].every, cases[i].day, cases[i].minute);
        int64_t next = report_plan_next(&one, at(cases[i].now));

        if (next != at(cases[i].next))
            fail_msg("case %zu: %lld, not %s", i, (long long)next, cases[i].next);
    }
}

/* ------------------------------------------------------------------------------------------------ minute by minute --
 */

enum { MINUTES = 400 * 24 * 60 };

static bool is_day_of(const struct report_plan *one, int64_t number)
{
    time_t noon = (time_t)(number * 86400 + 43200), next = noon + 86400;
    struct tm day, morrow;

    gmtime_r(&noon, &day);
    gmtime_r(&next, &morrow);
    if (one->every == REPORT_MONTHLY)
        return day.tm_mday == one->day || (day.tm_mday < one->day && morrow.tm_mday == 1);
    return one->every == REPORT_DAILY || day.tm_wday == one->day;
}

/* Whether a time of the plan lies behind what clocks have shown before, and not behind what they show now. */
static bool is_passed(const struct report_plan *one, int64_t before, int64_t shown)
{
    for (int64_t day = before / 1440; day <= shown / 1440; day++) {
        int64_t due = day * 1440 + one->minute;

        if (due > before && due <= shown && is_day_of(one, day))
            return true;
    }
    return false;
}

/* The latest minute, counted from 1970, that clocks in the zone have shown by each minute from `first` on. */
static int64_t *latest_shown(const char *zone, int64_t first)
{
    int64_t *latest = mem_new(MINUTES, sizeof *latest);
    int64_t most = 0;

    setenv("TZ", zone, 1);
    tzset();
    for (int64_t i = 0; i < MINUTES; i++) {
        time_t time = (time_t)(first / 1000 + i * 60);
        struct tm there;
        int64_t shown;

        localtime_r(&time, &there);
        shown = (time + there.tm_gmtoff) / 60;
        most = shown > most ? shown : most;
        latest[i] = most;
    }
    return latest;
}

/* At each minute, whether the plan's time is shown for the first time, or gone forward over. */
static bool *count_minutes(const struct report_plan *one, const int64_t *latest)
{
    bool *due = mem_new(MINUTES, sizeof *due);

    for (int64_t i = 1; i < MINUTES; i++)
        due[i] = latest[i] > latest[i - 1] && is_passed(one, latest[i - 1], latest[i]);
    return due;
}

static size_t check_year(const struct report_plan *one, const bool *due, int64_t first)
{
    int64_t from = 0;
    size_t count = 0;

    for (int64_t i = 1; i < MINUTES; i++) {
        const int64_t looks[] = { from, from + (i - from) / 2, i - 1 };

        for (size_t look = 0; due[i] && look < 3; look++) {
            int64_t next = report_plan_next(one, first + looks[look] * MINUTE);

            if (next != first + i * MINUTE)
                fail_msg("every %d day %d minute %d: after minute %lld comes %lld, not %lld", (int)one->every, one->day,
                         one->minute, (long long)looks[look], (long long)((next - first) / MINUTE), (long long)i);
        }
        from = due[i] ? i : from;
        count += due[i];
    }
    return count;
}

static void it_is_due_whenever_a_count_of_minutes_says_so(void **state)
{
    static const char *const zones[] = { "Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe" };
    static const struct {
        enum report_every every;
        int day;
        size_t least;
    } plans[] = { { REPORT_DAILY, 0, 398 },
                  { REPORT_WEEKLY, 0, 56 },
                  { REPORT_WEEKLY, 1, 56 },
                  { REPORT_MONTHLY, 1, 13 },
                  { REPORT_MONTHLY, 31, 13 } };
    static const int minutes[] = { 0, 90, 120, 135, 150, 180, 1439 };
    const int64_t first = at("2026-12-28T00:00:00Z");

    (void)state;
    for (size_t zone = 0; zone < 3; zone++) {
        int64_t *latest = latest_shown(zones[zone], first);

        for (size_t i = 0; i < sizeof plans / sizeof *plans * 7; i++) {
            const struct report_plan one = plan(zones[zone], plans[i / 7].every, plans[i / 7].day, minutes[i % 7]);
            bool *due = count_minutes(&one, latest);

            assert_true(check_year(&one, due, first) >= plans[i / 7].least);
            free(due);
        }
        free(latest);
    }
}

/* --------------------------------------------------------------------------------------------------------- due ---- */

static void what_was_missed_is_made_once(void **state)
{
    const struct report_plan one = plan("UTC", REPORT_DAILY, 0, 360);
    const int64_t last = at("2026-11-01T06:00:03Z"), now = at("2026-11-26T12:00:00Z");

    (void)state;
    assert_int_equal(report_plan_due(&one, last, last + 1000), at("2026-11-02T06:00:00Z"));
    assert_true(report_plan_due(&one, last, now) <= now);
    assert_int_equal(report_plan_due(&one, now, now), at("2026-11-27T06:00:00Z"));
}

static void a_clock_that_is_set_makes_neither_a_storm_nor_silence(void **state)
{
    const struct report_plan one = plan("UTC", REPORT_DAILY, 0, 360);
    const int64_t last = at("2026-11-26T06:00:03Z");

    (void)state;
    /* Back by an hour: the one of today is not made again. */
    assert_int_equal(report_plan_due(&one, last, last - HOUR), at("2026-11-27T06:00:00Z"));
    /* Forward by years, one made, and back again. */
    assert_int_equal(report_plan_due(&one, at("2031-01-01T06:00:03Z"), last), at("2026-11-27T06:00:00Z"));
    assert_int_equal(report_plan_due(&one, last + DAY, last), at("2026-11-28T06:00:00Z"));
}

/* ------------------------------------------------------------------------------------------------------- files ---- */

static void a_name_is_fit_for_a_file(void **state)
{
    static const char *const good[] = { "weekly", "W", "7", "site-a.v2_x" };
    static const char *const bad[] = { "",
                                       ".",
                                       "..",
                                       ".hidden",
                                       "-x",
                                       "a/b",
                                       "a b",
                                       "a\nb",
                                       "\xc3\xa9",
                                       "a*",
                                       "0123456789012345678901234567890123456789012345678901234567890123x" };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(report_plan_may_name(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(report_plan_may_name(bad[i]));
}

static void a_file_has_the_date_of_its_zone_and_is_known_again(void **state)
{
    static const char *const others[] = {
        "weekly-2026-11-23.html.part", "weekly-2026-11-23.csv",    "weekly2-2026-11-23.html",
        "weekly-2026-11-2.html",       "weekly-a-2026-11-23.html", "weekly.html",
        "xweekly-2026-11-23.html",     "weekly-2026-11-23html",    "",
        ".weekly-2026-11-23.html"
    };
    struct str utc = STR_EMPTY, there = STR_EMPTY;

    (void)state;
    report_plan_file(&utc, "weekly", zone_utc, at("2026-11-22T23:30:00Z"), "html");
    report_plan_file(&there, "weekly", zone_of_system("Europe/Amsterdam", &arena), at("2026-11-22T23:30:00Z"), "html");
    assert_string_equal(str_text(&utc), "weekly-2026-11-22.html");
    assert_string_equal(str_text(&there), "weekly-2026-11-23.html");
    assert_true(report_plan_owns("weekly", "html", str_text(&there)));
    str_clear(&utc);
    report_plan_file(&utc, "weekly", zone_utc, at("2026-11-22T23:30:00Z"), "junit");
    assert_string_equal(str_text(&utc), "weekly-2026-11-22.xml");
    assert_true(report_plan_owns("weekly", "junit", str_text(&utc)));
    str_finish(&utc);
    str_finish(&there);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(report_plan_owns("weekly", "html", others[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_one_is_that_of_the_day_week_or_month),
        cmocka_unit_test(it_is_due_whenever_a_count_of_minutes_says_so),
        cmocka_unit_test(what_was_missed_is_made_once),
        cmocka_unit_test(a_clock_that_is_set_makes_neither_a_storm_nor_silence),
        cmocka_unit_test(a_name_is_fit_for_a_file),
        cmocka_unit_test(a_file_has_the_date_of_its_zone_and_is_known_again),
    };

    return cmocka_run_group_tests(tests, start, end);
}
