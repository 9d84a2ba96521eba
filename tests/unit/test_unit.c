#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "err.h"
#include "unit.h"
#include "utf8.h"

#include <string.h>

typedef bool parser(const char *text, int64_t *value, struct err *err);

struct good {
    const char *text;
    int64_t value;
};

static void accepts(parser *parse, const struct good *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct err err = ERR_EMPTY;
        int64_t value = -77;

        if (!parse(cases[i].text, &value, &err))
            fail_msg("%s is refused: %s", cases[i].text, err.text);
        assert_int_equal(value, cases[i].value);
    }
}

static void refuses(parser *parse, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct err err = ERR_EMPTY;
        int64_t value = -77;

        if (parse(texts[i], &value, &err))
            fail_msg("\"%s\" is accepted", texts[i]);
        assert_int_equal(value, -77);
        assert_int_equal(err.class, ERR_CONFIG);
        assert_non_null(strstr(err.text, "expected"));
        assert_false(parse(texts[i], &value, NULL));
    }
}

#define ACCEPTS(parse, cases) accepts(parse, cases, sizeof(cases) / sizeof(cases)[0])
#define REFUSES(parse, texts) refuses(parse, texts, sizeof(texts) / sizeof(texts)[0])

static void whole_numbers_are_read(void **state)
{
    static const struct good cases[] = {
        { "0", 0 },
        { "-0", 0 },
        { "30", 30 },
        { "-5", -5 },
        { "007", 7 },
        { "9223372036854775807", INT64_MAX },
        { "-9223372036854775808", INT64_MIN },
    };

    (void)state;
    ACCEPTS(int_parse, cases);
}

static void what_is_no_whole_number_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "-",
        "+5",
        " 5",
        "5 ",
        "5.0",
        "1e3",
        "0x10",
        "--5",
        "five",
        "5\n",
        "٣",
        "\xFF",
        "1,0",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999999999999999999",
    };

    (void)state;
    REFUSES(int_parse, texts);
}

static void durations_are_read(void **state)
{
    static const struct good cases[] = {
        { "0s", 0 },
        { "1ms", 1 },
        { "90s", 90000 },
        { "5m", 300000 },
        { "1h", 3600000 },
        { "2d", 172800000 },
        { "1w", 604800000 },
        { "9223372036854775807ms", INT64_MAX },
        { "15250284452w", INT64_C(15250284452) * 604800000 },
    };

    (void)state;
    ACCEPTS(duration_parse, cases);
}

static void what_is_no_duration_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "1",
        "0",
        "s",
        "1h30m",
        "-1s",
        "+1s",
        " 1s",
        "1s ",
        "1 s",
        "1S",
        "1.5h",
        "1sec",
        "1M",
        "1y",
        "1\xFF",
        "9223372036854775808ms",
        "9223372036854775807s",
        "15250284453w",
        "99999999999999999999999999w",
    };

    (void)state;
    REFUSES(duration_parse, texts);
}

static void sizes_are_read(void **state)
{
    static const struct good cases[] = {
        { "0B", 0 },
        { "512B", 512 },
        { "1kB", 1000 },
        { "1KiB", 1024 },
        { "64MiB", 67108864 },
        { "2GB", 2000000000 },
        { "2GiB", INT64_C(2) << 30 },
        { "3TB", 3000000000000 },
        { "8388607TiB", INT64_C(8388607) << 40 },
        { "9223372036854775807B", INT64_MAX },
    };

    (void)state;
    ACCEPTS(size_parse, cases);
}

static void what_is_no_size_is_refused(void **state)
{
    static const char *const texts[] = {
        "",       "5",   "B",   "5K",  "5KB",  "5kiB",       "5mb",
        "1.5GiB", "-1B", " 1B", "1B ", "1PiB", "8388608TiB", "9223372036854775808B",
    };

    (void)state;
    REFUSES(size_parse, texts);
}

static void the_sentence_gives_an_example(void **state)
{
    struct err err = ERR_EMPTY;
    int64_t value;

    (void)state;
    assert_false(duration_parse("1h30m", &value, &err));
    assert_string_equal(err.text, "\"1h30m\" is not a duration: expected a whole number and one unit of ms, s, m, h, "
                                  "d, w, such as 90s");
    assert_false(size_parse("99999999TiB", &value, &err));
    assert_non_null(strstr(err.text, "too large"));
}

static void a_hostile_text_is_quoted_short_and_clean(void **state)
{
    static char text[100000];
    struct err err = ERR_EMPTY;
    int64_t value;

    (void)state;
    for (size_t at = 0; at + 4 < sizeof text; at += 3)
        memcpy(text + at, "\n\xFF\xE2", 3);
    assert_false(duration_parse(text, &value, &err));
    assert_true(strlen(err.text) < 300);
    assert_true(utf8_valid(err.text, strlen(err.text)));
    assert_null(strchr(err.text, '\n'));
}

struct shown {
    int64_t value;
    const char *text;
};

static void durations_are_shown_by_the_smallest_number(void **state)
{
    static const struct shown cases[] = {
        { 0, "0s" },       { 1, "1ms" },       { 1500, "1500ms" },  { 90000, "90s" },   { 60000, "1m" },
        { 3600000, "1h" }, { 86400000, "1d" }, { 604800000, "1w" }, { -90000, "-90s" }, { 5400000, "90m" },
    };
    char buffer[UNIT_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(duration_text(cases[i].value, buffer), cases[i].text);
}

static void sizes_are_shown_by_the_smallest_number(void **state)
{
    static const struct shown cases[] = {
        { 0, "0B" },       { 1, "1B" },           { 1000, "1kB" },
        { 1024, "1KiB" },  { 65536, "64KiB" },    { 1024000, "1000KiB" },
        { 1001, "1001B" }, { 3000000000, "3GB" }, { -1024, "-1KiB" },
    };
    char buffer[UNIT_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(size_text(cases[i].value, buffer), cases[i].text);
}

static void what_is_shown_is_read_back(void **state)
{
    char buffer[UNIT_TEXT_SIZE];
    int64_t back;

    (void)state;
    for (int64_t value = 1; value > 0 && value < INT64_MAX / 7; value = value * 5 + (value % 3) * 1000) {
        assert_true(duration_parse(duration_text(value, buffer), &back, NULL));
        assert_int_equal(back, value);
        assert_true(size_parse(size_text(value, buffer), &back, NULL));
        assert_int_equal(back, value);
    }
    assert_string_equal(duration_text(INT64_MIN, buffer), "-9223372036854775808ms");
    assert_true(size_parse(size_text(INT64_MAX, buffer), &back, NULL));
    assert_int_equal(back, INT64_MAX);
}

static void one_of_a_thing_has_no_plural(void **state)
{
    char buffer[COUNT_TEXT_SIZE];

    (void)state;
    assert_string_equal(count_text(0, "item", buffer), "0 items");
    assert_string_equal(count_text(1, "item", buffer), "1 item");
    assert_string_equal(count_text(2, "more warning", buffer), "2 more warnings");
    assert_string_equal(count_text(UINT64_MAX, "of twenty-five characters", buffer),
                        "18446744073709551615 of twenty-five characterss");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_read),
        cmocka_unit_test(what_is_no_whole_number_is_refused),
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(what_is_no_duration_is_refused),
        cmocka_unit_test(sizes_are_read),
        cmocka_unit_test(what_is_no_size_is_refused),
        cmocka_unit_test(the_sentence_gives_an_example),
        cmocka_unit_test(a_hostile_text_is_quoted_short_and_clean),
        cmocka_unit_test(durations_are_shown_by_the_smallest_number),
        cmocka_unit_test(sizes_are_shown_by_the_smallest_number),
        cmocka_unit_test(what_is_shown_is_read_back),
        cmocka_unit_test(one_of_a_thing_has_no_plural),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
