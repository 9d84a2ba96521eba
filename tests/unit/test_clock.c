#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clock.h"
#include "err.h"

#include <stdlib.h>
#include <string.h>

static void the_systems_clocks_go_forward(void **state)
{
    int64_t mono = clock_mono_ms(&clock_system);

    (void)state;
    assert_true(clock_mono_ms(&clock_system) >= mono);
    /* 2020-01-01 is past on any machine that builds this. */
    assert_true(clock_wall_ms(&clock_system) > INT64_C(1577836800000));
}

static void a_fake_clock_moves_when_told(void **state)
{
    struct clock_fake fake;

    (void)state;
    clock_fake_init(&fake, 5, 1000);
    assert_int_equal(clock_mono_ms(&fake.clock), 5);
    assert_int_equal(clock_wall_ms(&fake.clock), 1000);
    clock_fake_advance(&fake, 60);
    assert_int_equal(clock_mono_ms(&fake.clock), 65);
    assert_int_equal(clock_wall_ms(&fake.clock), 1060);
    clock_fake_set_wall(&fake, 7);
    assert_int_equal(clock_mono_ms(&fake.clock), 65);
    assert_int_equal(clock_wall_ms(&fake.clock), 7);
}

struct pair {
    int64_t ms;
    const char *text;
};

/* Numbers from date(1). */
static const struct pair pairs[] = {
    { 0, "1970-01-01T00:00:00Z" },
    { INT64_C(951782400000), "2000-02-29T00:00:00Z" },
    { INT64_C(951868799000), "2000-02-29T23:59:59Z" },
    { INT64_C(1795336574000), "2026-11-22T08:36:14Z" },
    { INT64_C(4107542400000), "2100-03-01T00:00:00Z" },
    { INT64_C(2147483648000), "2038-01-19T03:14:08Z" },
    { INT64_C(253402300799000), "9999-12-31T23:59:59Z" },
};

static void a_wall_clock_that_is_set_is_noticed(void **state)
{
    struct clock_watch watch = { 0 };
    struct clock_fake fake;

    (void)state;
    clock_fake_init(&fake, 5000, 1000000);
    assert_int_equal(clock_even_since(&watch, &fake.clock), 1000000);
    clock_fake_advance(&fake, 86400000);
    assert_int_equal(clock_even_since(&watch, &fake.clock), 1000000);
    /* It drifts. */
    for (int i = 0; i < 10; i++) {
        clock_fake_set_wall(&fake, fake.wall + (i < 5 ? CLOCK_SET_MS : -CLOCK_SET_MS));
        assert_int_equal(clock_even_since(&watch, &fake.clock), 1000000);
    }
    clock_fake_set_wall(&fake, fake.wall + CLOCK_SET_MS + 1);
    assert_int_equal(clock_even_since(&watch, &fake.clock), fake.wall);
    clock_fake_advance(&fake, 1000);
    assert_int_equal(clock_even_since(&watch, &fake.clock), fake.wall - 1000);
    clock_fake_set_wall(&fake, 77);
    assert_int_equal(clock_even_since(&watch, &fake.clock), 77);
}

static void times_are_written_and_read_back(void **state)
{
    char buffer[CLOCK_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        int64_t back = -1;

        assert_string_equal(clock_text(pairs[i].ms, buffer), pairs[i].text);
        assert_true(clock_parse(pairs[i].text, &back, NULL));
        assert_int_equal(back, pairs[i].ms);
    }
}

static void milliseconds_are_written_and_read_back(void **state)
{
    char buffer[CLOCK_TEXT_SIZE];
    int64_t back;

    (void)state;
    assert_string_equal(clock_text_ms(7, buffer), "1970-01-01T00:00:00.007Z");
    assert_string_equal(clock_text_ms(CLOCK_WALL_MAX, buffer), "9999-12-31T23:59:59.999Z");
    assert_true(clock_parse(buffer, &back, NULL));
    assert_int_equal(back, CLOCK_WALL_MAX);
    assert_string_equal(clock_text(1999, buffer), "1970-01-01T00:00:01Z");
}

static void every_day_of_four_centuries_comes_back(void **state)
{
    char buffer[CLOCK_TEXT_SIZE];
    int64_t back;

    (void)state;
    for (int64_t ms = 0; ms < INT64_C(400) * 365 * 86400000; ms += 86400000) {
        assert_true(clock_parse(clock_text(ms + 86399000, buffer), &back, NULL));
        assert_int_equal(back, ms + 86399000);
    }
}

static void times_out_of_range_are_shown_as_the_nearest(void **state)
{
    char buffer[CLOCK_TEXT_SIZE];

    (void)state;
    assert_string_equal(clock_text(-1, buffer), "1970-01-01T00:00:00Z");
    assert_string_equal(clock_text_ms(INT64_MIN, buffer), "1970-01-01T00:00:00.000Z");
    assert_string_equal(clock_text(INT64_MAX, buffer), "9999-12-31T23:59:59Z");
}

static void the_local_zone_does_not_matter(void **state)
{
    char buffer[CLOCK_TEXT_SIZE];
    int64_t back;

    (void)state;
    setenv("TZ", "America/New_York", 1);
    assert_string_equal(clock_text(0, buffer), "1970-01-01T00:00:00Z");
    assert_true(clock_parse("1970-07-01T00:00:00Z", &back, NULL));
    assert_int_equal(back, INT64_C(181) * 86400000);
    unsetenv("TZ");
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "Z",
        "2026-11-22",
        "2026-11-22T08:36:14",
        "2026-11-22 08:36:14Z",
        "2026-11-22t08:36:14z",
        "2026-11-22T08:36:14+00:00",
        "2026-11-22T08:36Z",
        "2026-11-22T08:36:14.1Z",
        "2026-11-22T08:36:14.1234Z",
        " 2026-11-22T08:36:14Z",
        "2026-11-22T08:36:14Z ",
        "2026-11-22T08:36:14ZZ",
        "2026-00-22T08:36:14Z",
        "2026-13-22T08:36:14Z",
        "2026-11-00T08:36:14Z",
        "2026-11-31T08:36:14Z",
        "2026-02-29T08:36:14Z",
        "2100-02-29T08:36:14Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T08:60:14Z",
        "2016-12-31T23:59:60Z",
        "1969-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
        "+026-11-22T08:36:14Z",
        "20-26-11-22T08:36:14Z",
        "\xFF\xFF\xFF\xFF-11-22T08:36:14Z",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct err err = ERR_EMPTY;
        int64_t value = -77;

        if (clock_parse(texts[i], &value, &err))
            fail_msg("\"%s\" is accepted", texts[i]);
        assert_int_equal(value, -77);
        assert_int_equal(err.class, ERR_CONFIG);
        assert_non_null(strstr(err.text, "2026-11-22T08:36:14Z"));
    }
}

static void days_are_those_of_the_calendar(void **state)
{
    static const struct {
        const char *from, *to;
        int64_t days;
    } cases[] = {
        { "2026-11-26T00:00:00Z", "2027-02-24T23:59:59.999Z", 90 },
        { "2026-11-26T17:09:00Z", "2027-02-24T17:08:59Z", 90 },
        { "2026-11-26T23:59:59.999Z", "2026-11-27T00:00:00Z", 1 },
        { "2026-11-26T23:59:59.999Z", "2026-11-26T00:00:00Z", 0 },
        { "2026-11-26T12:00:00Z", "2026-11-26T23:59:59.999Z", 0 },
        { "2026-11-26T00:00:00Z", "2026-11-25T23:59:59Z", -1 },
        { "2024-02-28T12:00:00Z", "2024-03-01T00:00:00Z", 2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t from, to;

        assert_true(clock_parse(cases[i].from, &from, NULL) && clock_parse(cases[i].to, &to, NULL));
        assert_int_equal(clock_days(from, to), cases[i].days);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_systems_clocks_go_forward),
        cmocka_unit_test(a_fake_clock_moves_when_told),
        cmocka_unit_test(a_wall_clock_that_is_set_is_noticed),
        cmocka_unit_test(times_are_written_and_read_back),
        cmocka_unit_test(milliseconds_are_written_and_read_back),
        cmocka_unit_test(every_day_of_four_centuries_comes_back),
        cmocka_unit_test(times_out_of_range_are_shown_as_the_nearest),
        cmocka_unit_test(the_local_zone_does_not_matter),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(days_are_those_of_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
