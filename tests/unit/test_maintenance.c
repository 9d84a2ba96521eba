#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "zone_testing.h"

#include "clock.h"
#include "maintenance.h"
#include "mem.h"

#include <stdlib.h>
#include <time.h>

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

enum { SUN = 1, MON = 2, TUE = 4, WED = 8, THU = 16, FRI = 32, SAT = 64, EVERY_DAY = 127 };

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

static const struct zone *zone_named(const char *name)
{
    const struct zone *zone = strcmp(name, "UTC") == 0 ? zone_utc : zone_of_system(name, &arena);

    assert_non_null(zone);
    return zone;
}

static struct maintenance_window weekly(const char *zone, unsigned days, int begin, int minutes)
{
    return (struct maintenance_window){ .name = "weekly",
                                        .zone = zone_named(zone),
                                        .weekly = true,
                                        .days = days,
                                        .begin_minute = begin,
                                        .minutes = minutes };
}

/* Shut before, open from begin to the last millisecond, shut again. */
static void expect_open(const struct maintenance_window *window, const char *begin, const char *until)
{
    const int64_t first = at(begin), behind = at(until);
    const struct maintenance_state before = maintenance_look(window, first - 1), in = maintenance_look(window, first),
                                   last = maintenance_look(window, behind - 1),
                                   after = maintenance_look(window, behind);

    assert_false(before.open);
    assert_int_equal(before.next, first);
    assert_true(in.open);
    assert_int_equal(in.until, behind);
    assert_true(last.open);
    assert_int_equal(last.until, behind);
    assert_false(after.open);
    assert_true(after.next > behind);
}

static void expect_next(const struct maintenance_window *window, const char *now, const char *next)
{
    const struct maintenance_state state = maintenance_look(window, at(now));

    assert_false(state.open);
    assert_int_equal(state.next, at(next));
}

/* ------------------------------------------------------------------------------------------------------ weekly ---- */

static void a_weekly_window_opens_on_its_days(void **state)
{
    const struct maintenance_window window = weekly("UTC", TUE | SAT, 22 * 60, 90);

    (void)state;
    expect_open(&window, "2026-11-24T22:00:00Z", "2026-11-24T23:30:00Z");
    expect_open(&window, "2026-11-28T22:00:00Z", "2026-11-28T23:30:00Z");
    expect_next(&window, "2026-11-24T23:30:00Z", "2026-11-28T22:00:00Z");
    expect_next(&window, "2026-11-28T23:30:00Z", "2026-12-01T22:00:00Z");
}

static void it_may_last_over_midnight_and_over_the_end_of_week_and_year(void **state)
{
    const struct maintenance_window saturday = weekly("UTC", SAT, 22 * 60, 6 * 60);
    const struct maintenance_window thursday = weekly("UTC", THU, 22 * 60, 24 * 60 - 1);

    (void)state;
    expect_open(&saturday, "2026-11-28T22:00:00Z", "2026-11-29T04:00:00Z");
    expect_open(&thursday, "2026-12-31T22:00:00Z", "2027-01-01T21:59:00Z");
}

static void whole_days_that_follow_each_other_are_one_opening(void **state)
{
    const struct maintenance_window weekend = weekly("Europe/Amsterdam", SAT | SUN, 0, 24 * 60);
    const struct maintenance_window always = weekly("UTC", EVERY_DAY, 0, 24 * 60);
    const struct maintenance_state in = maintenance_look(&always, at("2026-11-25T12:00:00Z"));

    (void)state;
    expect_open(&weekend, "2026-11-27T23:00:00Z", "2026-11-29T23:00:00Z");
    expect_open(&weekend, "2026-10-23T22:00:00Z", "2026-10-25T23:00:00Z"); /* an hour longer */
    assert_true(in.open);
    assert_int_equal(in.until, at("2026-12-02T00:00:00Z"));
}

static void a_leap_day_is_a_day(void **state)
{
    const struct maintenance_window window = weekly("UTC", TUE, 23 * 60, 120);
    const struct maintenance_window monday = weekly("UTC", MON, 23 * 60, 120);

    (void)state;
    expect_open(&window, "2028-02-29T23:00:00Z", "2028-03-01T01:00:00Z");
    expect_open(&monday, "2028-02-28T23:00:00Z", "2028-02-29T01:00:00Z");
}

/* ------------------------------------------------------------------------------------------- summer and winter ---- */

static void it_follows_the_clocks_of_its_zone(void **state)
{
    static const struct {
        const char *zone;
        unsigned day;
        int begin, minutes;
        const char *opens, *closes;
    } cases[] = {
        /* 2026-03-29 in Amsterdam: from 02:00 to 03:00 at 01:00 UTC. */
        { "Europe/Amsterdam", SAT, 22 * 60, 6 * 60, "2026-03-28T21:00:00Z", "2026-03-29T02:00:00Z" },
        { "Europe/Amsterdam", SUN, 150, 60, "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z" },
        { "Europe/Amsterdam", SUN, 90, 60, "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z" },
        { "Europe/Amsterdam", SUN, 180, 60, "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z" },
        /* 2026-10-25: from 03:00 to 02:00 at 01:00 UTC; what comes twice is the first. */
        { "Europe/Amsterdam", SAT, 22 * 60, 6 * 60, "2026-10-24T20:00:00Z", "2026-10-25T03:00:00Z" },
        { "Europe/Amsterdam", SUN, 150, 60, "2026-10-25T00:30:00Z", "2026-10-25T02:30:00Z" },
        { "Europe/Amsterdam", SUN, 90, 60, "2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z" },
        { "Europe/Amsterdam", SUN, 140, 20, "2026-10-25T00:20:00Z", "2026-10-25T00:40:00Z" },
        /* 2026-03-08 in New York: from 02:00 to 03:00 at 07:00 UTC; back on 2026-11-01 at 06:00 UTC. */
        { "America/New_York", SAT, 23 * 60, 5 * 60, "2026-03-08T04:00:00Z", "2026-03-08T08:00:00Z" },
        { "America/New_York", SAT, 23 * 60, 5 * 60, "2026-11-01T03:00:00Z", "2026-11-01T09:00:00Z" },
        /* Half an hour: 2026-10-04 from 02:00 to 02:30 at 15:30 UTC; back on 2026-04-05 at 15:00 UTC. */
        { "Australia/Lord_Howe", SUN, 60, 120, "2026-10-03T14:30:00Z", "2026-10-03T16:00:00Z" },
        { "Australia/Lord_Howe", SUN, 135, 30, "2026-10-03T15:30:00Z", "2026-10-03T15:45:00Z" },
        { "Australia/Lord_Howe", SUN, 60, 120, "2026-04-04T14:00:00Z", "2026-04-04T16:30:00Z" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct maintenance_window window = weekly(cases[i].zone, cases[i].day, cases[i].begin, cases[i].minutes);

        expect_open(&window, cases[i].opens, cases[i].closes);
    }
}

static void one_that_clocks_go_forward_over_does_not_open_that_day(void **state)
{
    const struct maintenance_window hour = weekly("Europe/Amsterdam", SUN, 125, 30);
    const struct maintenance_window day = weekly("Pacific/Apia", FRI, 8 * 60, 60); /* there was no 2011-12-30 */

    (void)state;
    expect_next(&hour, "2026-03-28T12:00:00Z", "2026-04-05T00:05:00Z");
    expect_next(&day, "2011-12-24T12:00:00Z", "2012-01-05T18:00:00Z");
}

/* -------------------------------------------------------------------------------------------------------- once ---- */

static void one_that_happens_once_has_an_end(void **state)
{
    const struct maintenance_window window = {
        .zone = zone_named("Europe/Amsterdam"),
        .from = { .year = 2026, .month = 12, .day = 24, .hour = 18 },
        .until = { .year = 2026, .month = 12, .day = 27, .hour = 6 },
    };
    const struct maintenance_state over = maintenance_look(&window, at("2026-12-27T05:00:00Z"));

    (void)state;
    expect_open(&window, "2026-12-24T17:00:00Z", "2026-12-27T05:00:00Z");
    assert_false(over.open);
    assert_int_equal(over.next, INT64_MAX);
}

static void one_that_begins_when_it_ends_is_never_open(void **state)
{
    struct maintenance_window window = {
        .zone = zone_utc,
        .from = { .year = 2026, .month = 12, .day = 24 },
        .until = { .year = 2026, .month = 12, .day = 24 },
    };

    (void)state;
    assert_int_equal(maintenance_look(&window, 0).next, INT64_MAX);
    window.from.day = 25;
    assert_int_equal(maintenance_look(&window, at("2026-12-24T12:00:00Z")).next, INT64_MAX);
}

/* ----------------------------------------------------------------------------------------------- which of many ---- */

static struct maintenance_window once(const char *name, int first_hour, int last_hour)
{
    return (struct maintenance_window){ .name = name,
                                        .zone = zone_utc,
                                        .from = { .year = 2027, .month = 1, .day = 1, .hour = first_hour },
                                        .until = { .year = 2027, .month = 1, .day = 1, .hour = last_hour } };
}

static void a_target_is_covered_by_the_open_window_that_ends_last(void **state)
{
    static const char *const vcenters[] = { "vc*" }, *const lab[] = { "lab" }, *const servers[] = { "servers" };
    static const char *const tags[] = { "prod", "lab" };
    struct maintenance_window list[] = { once("a", 1, 5), once("b", 2, 9), once("c", 3, 7), once("d", 20, 24) };
    const struct maintenance all = { list, 4 };
    const struct word_list tagged = { tags, 2 }, plain = { 0 };
    struct maintenance_state states[4];

    (void)state;
    list[0].targets = (struct word_list){ vcenters, 1 };
    list[1].tags = (struct word_list){ lab, 1 };
    list[2].targets = (struct word_list){ servers, 1 };
    assert_int_equal(maintenance_look_all(&all, at("2027-01-01T04:00:00Z"), states), at("2027-01-01T05:00:00Z"));
    assert_int_equal(maintenance_of(&all, states, "vc01", &plain), 0);
    assert_int_equal(maintenance_of(&all, states, "vc01", &tagged), 1);
    assert_int_equal(maintenance_of(&all, states, "hyperv", &tagged), 1);
    assert_int_equal(maintenance_of(&all, states, "servers/sql01", &plain), 2);
    assert_int_equal(maintenance_of(&all, states, "hyperv", &plain), 4);
    assert_int_equal(maintenance_look_all(&all, at("2027-01-01T12:00:00Z"), states), at("2027-01-01T20:00:00Z"));
    assert_int_equal(maintenance_of(&all, states, "vc01", &tagged), 4);
    maintenance_look_all(&all, at("2027-01-01T20:00:00Z"), states);
    assert_int_equal(maintenance_of(&all, states, "hyperv", &plain), 3);
    assert_int_equal(maintenance_look_all(&all, at("2027-01-02T00:00:00Z"), states), INT64_MAX);
}

/* -------------------------------------------------------------------------------------------- minute by minute ---- */

enum { MINUTES = 370 * 24 * 60 };

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

static bool open_when(const struct maintenance_window *window, int64_t shown)
{
    for (int64_t day = shown / 1440 - 1; day <= shown / 1440; day++) {
        int64_t begin = day * 1440 + window->begin_minute;

        if ((window->days & 1U << (day + 4) % 7) != 0 && shown >= begin && shown < begin + window->minutes)
            return true;
    }
    return false;
}

/* What maintenance_look says at a minute of an opening or a pause that ends at `change`. */
static void check_minute(const struct maintenance_window *window, int64_t first, int64_t minute, bool open,
                         int64_t change)
{
    const struct maintenance_state state = maintenance_look(window, first + minute * MINUTE);

    if (state.open != open || (open ? state.until : state.next) != first + change * MINUTE)
        fail_msg("days %u at minute %d for %d: minute %lld is %s until %lld, not %s until %lld", window->days,
                 window->begin_minute, window->minutes, (long long)minute, open ? "open" : "shut", (long long)change,
                 state.open ? "open" : "shut", (long long)((open ? state.until : state.next) - first) / MINUTE);
}

static void check_year(const struct maintenance_window *window, int64_t first, const int64_t *latest)
{
    int64_t minute = 0, change = 0;

    for (;;) {
        bool open = open_when(window, latest[minute]);

        while (change < MINUTES && open_when(window, latest[change]) == open)
            change++;
        if (change == MINUTES)
            return;
        check_minute(window, first, minute, open, change);
        check_minute(window, first, change - 1, open, change);
        check_minute(window, first, minute + (change - minute) / 2, open, change);
        minute = change;
    }
}

static void it_is_open_whenever_a_count_of_minutes_says_so(void **state)
{
    static const char *const zones[] = { "Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe" };
    static const int near_the_change[] = { 0, 60, 90, 115, 120, 130, 150, 170, 180, 23 * 60 };
    const int64_t first = at("2026-12-28T00:00:00Z");
    unsigned seed = 11;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        int64_t *latest = latest_shown(zones[i], first);

        for (int round = 0; round < 25; round++) {
            int begin = round % 2 == 0 ? rand_r(&seed) % 1440 : near_the_change[rand_r(&seed) % 10];
            int minutes = round % 3 == 0 ? 10 + rand_r(&seed) % 60 : 1 + rand_r(&seed) % 1439;
            const struct maintenance_window window =
                weekly(zones[i], (unsigned)rand_r(&seed) % 127 + 1, begin, minutes);

            check_year(&window, first, latest);
        }
        free(latest);
    }
}

/* A clock that is set, either way, changes nothing but what is asked. */
static void what_was_asked_before_makes_no_difference(void **state)
{
    const struct maintenance_window window = weekly("Europe/Amsterdam", SAT, 22 * 60, 6 * 60);
    const int64_t in = at("2026-11-28T23:00:00Z"), jumps[] = { 0, -400 * DAY, 400 * DAY, HOUR, -HOUR, CLOCK_WALL_MAX };
    const struct maintenance_state said = maintenance_look(&window, in);

    (void)state;
    assert_true(said.open);
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        const struct maintenance_state there = maintenance_look(&window, jumps[i]);
        const struct maintenance_state again = maintenance_look(&window, in);

        assert_true(there.open ? there.until > jumps[i] : there.next > jumps[i]);
        assert_memory_equal(&again.until, &said.until, sizeof said.until);
        assert_true(again.open);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_weekly_window_opens_on_its_days),
        cmocka_unit_test(it_may_last_over_midnight_and_over_the_end_of_week_and_year),
        cmocka_unit_test(whole_days_that_follow_each_other_are_one_opening),
        cmocka_unit_test(a_leap_day_is_a_day),
        cmocka_unit_test(it_follows_the_clocks_of_its_zone),
        cmocka_unit_test(one_that_clocks_go_forward_over_does_not_open_that_day),
        cmocka_unit_test(one_that_happens_once_has_an_end),
        cmocka_unit_test(one_that_begins_when_it_ends_is_never_open),
        cmocka_unit_test(a_target_is_covered_by_the_open_window_that_ends_last),
        cmocka_unit_test(it_is_open_whenever_a_count_of_minutes_says_so),
        cmocka_unit_test(what_was_asked_before_makes_no_difference),
    };

    return cmocka_run_group_tests(tests, start, end);
}
