/* Exemptions as lines of JSON, and the times in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clock.h"
#include "exemption.h"
#include "item.h"
#include "json.h"

#include <string.h>

#define DAY ((int64_t)24 * 3600 * 1000)
#define NOW ((int64_t)1764000000123)

static const struct time {
    const char *text, *until; /* NULL: refused */
    bool now;                 /* whether a span may stand for it */
} times[] = {
    { "2027-03-31", "2027-03-31T23:59:59Z", false },
    { "2028-02-29", "2028-02-29T23:59:59Z", true },
    { "2027-02-29", NULL, true },
    { "2027-03-31T12:00:00Z", "2027-03-31T12:00:00Z", true },
    { "2027-03-31T12:00:00.999Z", "2027-03-31T12:00:00Z", true },
    { "90d", "2026-02-22T16:00:00Z", true },
    { "90d", NULL, false },
    { "1w", "2025-12-01T16:00:00Z", true },
    { "9223372036854775807ms", "9999-12-31T23:59:59Z", true },
    { "", NULL, true },
    { "2027-03-31 ", NULL, true },
    { "2027-03-31T12:00:00+01:00", NULL, true },
    { "2027-03-310", NULL, true },
    { "tomorrow", NULL, true },
    { "-1d", NULL, true },
};

static void a_time_is_a_day_a_moment_or_a_span(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char text[CLOCK_TEXT_SIZE];
        struct err err = ERR_EMPTY;
        int64_t until = 0;
        bool good = exemption_until(times[i].text, times[i].now ? NOW : 0, &until, &err);

        if (good != (times[i].until != NULL) || (good && strcmp(clock_text(until, text), times[i].until) != 0) ||
            (good && until % 1000 != 0) || (!good && strstr(err.text, "is no time") == NULL))
            fail_msg("%s: %s %s", times[i].text, good ? clock_text(until, text) : "refused", err.text);
    }
}

static void people_are_warned_two_weeks_before_or_at_half_of_it(void **state)
{
    (void)state;
    assert_int_equal(exemption_warn_at(NOW, NOW + 90 * DAY), NOW + 76 * DAY);
    assert_int_equal(exemption_warn_at(NOW, NOW + 28 * DAY), NOW + 14 * DAY);
    assert_int_equal(exemption_warn_at(NOW, NOW + 2 * DAY), NOW + DAY);
    assert_int_equal(exemption_warn_at(NOW, NOW), NOW);
    assert_int_equal(exemption_warn_at(NOW, NOW - DAY), NOW - DAY); /* the clock was set back when it was made */
}

static bool read_line(struct arena *arena, const char *line, struct exemption_wish *wish, const char **name,
                      struct err *err)
{
    struct item *item = arena_alloc(arena, sizeof *item);

    item_init(item, arena, "exemption", "line");
    assert_true(json_read_facts(line, strlen(line), item, err));
    return exemption_read(item, wish, name, err);
}

static void what_is_written_is_read_again(void **state)
{
    static const struct exemption_wish wish = {
        .selector = { .asset = 7,
                      .name = "a\"\n\xe2\x80\xae*",
                      .kind = "vm",
                      .method = "agent",
                      .server = "s",
                      .workload = "sql",
                      .version = "v",
                      .installation = "i",
                      .product = "p",
                      .verdict = "d",
                      .class = "act",
                      .owner = "o",
                      .site = "t",
                      .criticality = "c",
                      .target = "x",
                      .tag = "y" },
        .reason = "r\\",
        .ticket = "t",
        .approved_by = "a",
        .until_at = INT64_C(1764000000000),
    };
    struct str line = STR_EMPTY, again = STR_EMPTY;
    struct exemption_wish read;
    struct err err = ERR_EMPTY;
    struct arena arena;
    const char *name;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    exemption_write_wish(&line, &wish, "web");
    assert_true(read_line(&arena, str_text(&line), &read, &name, &err));
    assert_string_equal(name, "web");
    assert_int_equal(read.until_at, wish.until_at);
    exemption_write_wish(&again, &read, name);
    assert_string_equal(str_text(&again), str_text(&line));
    for (const struct exemption_member *member = exemption_members; member->name != NULL; member++)
        assert_string_equal(exemption_text(&read.selector, member), exemption_text(&wish.selector, member));
    str_finish(&line);
    str_finish(&again);
    arena_finish(&arena);
}

static void what_is_for_people_is_not_heeded_and_all_else_refused(void **state)
{
    static const struct {
        const char *line, *said; /* NULL: fine */
    } lines[] = {
        { "{\"asset\":1,\"id\":9,\"by\":\"x\",\"made_at\":\"y\",\"covers\":3,\"until\":\"2027-01-01\"}", NULL },
        { "{\"asset\":1,\"id\":\"9\",\"until\":\"2027-01-01\"}", "\"id\" is to be a whole number" },
        { "{\"asset\":true,\"until\":\"2027-01-01\"}", "\"asset\" is to be a whole number" },
        { "{\"asset\":-1,\"until\":\"2027-01-01\"}", "above 0" },
        { "{\"name\":[\"a\"],\"until\":\"2027-01-01\"}", "\"name\" is to be a text" },
        { "{\"untill\":\"2027-01-01\"}", "did you mean \"until\"?" },
        { "{\"workloads\":\"sql\",\"until\":\"2027-01-01\"}", "did you mean \"workload\"?" },
        { "{\"frobnicated\":\"sql\",\"until\":\"2027-01-01\"}", "there is no member \"frobnicated\" of an exemption" },
        { "{\"asset\":1}", "\"until\" is missing" },
        { "{}", "\"until\" is missing" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct exemption_wish wish;
        struct err err = ERR_EMPTY;
        struct arena arena;
        const char *name;
        bool good;

        arena_init(&arena, ARENA_PLAIN);
        good = read_line(&arena, lines[i].line, &wish, &name, &err);
        if (good != (lines[i].said == NULL) || (!good && strstr(err.text, lines[i].said) == NULL))
            fail_msg("%s: %s", lines[i].line, err.text);
        arena_finish(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_a_day_a_moment_or_a_span),
        cmocka_unit_test(people_are_warned_two_weeks_before_or_at_half_of_it),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(what_is_for_people_is_not_heeded_and_all_else_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
