/* Values out of what was given, and everything that is wrong with it at once. The table itself: test_option_table.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "option.h"
#include "str.h"

#include <string.h>

static struct arena arena;
static struct option_value value;
static struct err err;
static struct str problems;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    problems = STR_EMPTY;
    err = ERR_EMPTY;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    str_finish(&problems);
    return 0;
}

static const char *text_of(size_t size)
{
    char *text = arena_alloc(&arena, size + 1);

    memset(text, 'x', size);
    return text;
}

static bool parse(const struct option_spec *spec, const char *text)
{
    const struct option_given given = { spec->name, &text, 1 };

    return option_parse(spec, &given, &arena, &value, &err);
}

static void assert_refused(bool result, const char *part)
{
    assert_false(result);
    if (strstr(err.text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, err.text);
    assert_int_equal(err.class, ERR_CONFIG);
}

/* ---------------------------------------------------------------------------------------------------- values ---- */

static const char *const colours[] = { "red", "green", "", NULL };

static const struct {
    enum option_type type;
    const char *text;
    bool good;
    int64_t number;
} rows[] = {
    { OPTION_INT, "0", true, 0 },
    { OPTION_INT, "-5", true, -5 },
    { OPTION_INT, "9223372036854775807", true, INT64_MAX },
    { OPTION_INT, "-9223372036854775808", true, INT64_MIN },
    { OPTION_INT, "9223372036854775808", false, 0 },
    { OPTION_INT, "", false, 0 },
    { OPTION_INT, "+5", false, 0 },
    { OPTION_INT, "5 ", false, 0 },
    { OPTION_INT, " 5", false, 0 },
    { OPTION_INT, "0x10", false, 0 },
    { OPTION_INT, "1.5", false, 0 },
    { OPTION_BOOL, "true", true, 1 },
    { OPTION_BOOL, "Yes", true, 1 },
    { OPTION_BOOL, "ON", true, 1 },
    { OPTION_BOOL, "false", true, 0 },
    { OPTION_BOOL, "no", true, 0 },
    { OPTION_BOOL, "oFF", true, 0 },
    { OPTION_BOOL, "1", false, 0 },
    { OPTION_BOOL, "", false, 0 },
    { OPTION_BOOL, "truely", false, 0 },
    { OPTION_DURATION, "0s", true, 0 },
    { OPTION_DURATION, "90s", true, 90000 },
    { OPTION_DURATION, "2w", true, 1209600000 },
    { OPTION_DURATION, "90", false, 0 },
    { OPTION_DURATION, "1h30m", false, 0 },
    { OPTION_DURATION, "-1s", false, 0 },
    { OPTION_DURATION, "99999999999999999999w", false, 0 },
    { OPTION_CHOICE, "red", true, 0 },
    { OPTION_CHOICE, "", true, 0 },
    { OPTION_CHOICE, "Red", false, 0 },
    { OPTION_CHOICE, "gree", false, 0 },
    { OPTION_CHOICE, "red,green", false, 0 },
    { OPTION_PATH, "/", true, 0 },
    { OPTION_PATH, "/etc/a b", true, 0 },
    { OPTION_PATH, "etc", false, 0 },
    { OPTION_PATH, "", false, 0 },
    { OPTION_PATH, "~/x", false, 0 },
    { OPTION_TEXT, "", true, 0 },
    { OPTION_TEXT, "anything at all: \xE2\x82\xAC", true, 0 },
    { OPTION_TEXT, "caf\xE9", false, 0 },
    { OPTION_PATH, "/caf\xE9", false, 0 },
    { OPTION_SECRET, "", true, 0 },
    { OPTION_SECRET, "p\xC3\xA4ss", true, 0 },
    { OPTION_SECRET, "p\xE4ss", false, 0 },
};

static void every_type_takes_what_it_should_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct option_spec spec = { .name = "x", .type = rows[i].type, .choices = colours };

        if (parse(&spec, rows[i].text) != rows[i].good)
            fail_msg("%s \"%s\": %s", option_type_word(rows[i].type), rows[i].text, err.text);
        if (!rows[i].good)
            continue;
        assert_true(value.set);
        assert_true(value.number == rows[i].number);
        assert_int_equal(value.count, 1);
        assert_string_equal(value.texts[0], rows[i].text);
    }
}

static void a_list_takes_any_number_of_texts(void **state)
{
    static const char *const texts[] = { "b", "", "a" };
    const struct option_spec spec = { .name = "x", .type = OPTION_LIST };
    struct option_given given = { "x", texts, 3 };

    (void)state;
    assert_true(option_parse(&spec, &given, &arena, &value, &err));
    assert_int_equal(value.count, 3);
    assert_string_equal(value.texts[0], "b");
    assert_string_equal(value.texts[2], "a");
    given.count = 0;
    assert_true(option_parse(&spec, &given, &arena, &value, &err));
    assert_true(value.set);
    assert_int_equal(value.count, 0);
}

static void every_other_type_takes_one_text(void **state)
{
    static const char *const texts[] = { "/1", "/2" };

    (void)state;
    for (enum option_type type = OPTION_NO_TYPE + 1; type < OPTION_TYPE_COUNT; type++) {
        const struct option_spec spec = { .name = "x", .type = type, .choices = colours };

        if (type == OPTION_LIST)
            continue;
        assert_refused(option_parse(&spec, &(struct option_given){ "x", texts, 2 }, &arena, &value, &err),
                       "takes one value, not 2");
        assert_refused(option_parse(&spec, &(struct option_given){ "x", texts, 0 }, &arena, &value, &err),
                       "takes one value, not 0");
    }
}

static void texts_and_lists_have_their_limits(void **state)
{
    const struct option_spec text = { .name = "x", .type = OPTION_TEXT }, list = { .name = "x", .type = OPTION_LIST };
    const char **texts = arena_alloc(&arena, 4097 * sizeof *texts);

    (void)state;
    for (size_t i = 0; i < 4097; i++)
        texts[i] = "y";
    assert_true(parse(&text, text_of(65536)));
    assert_refused(parse(&text, text_of(65537)), "a text of 65537 bytes, where 65536 are possible");
    assert_true(option_parse(&list, &(struct option_given){ "x", texts, 4096 }, &arena, &value, &err));
    assert_refused(option_parse(&list, &(struct option_given){ "x", texts, 4097 }, &arena, &value, &err),
                   "a list of 4097, where 4096 are possible");
    assert_refused(option_parse(&list, &(struct option_given){ "x", texts, SIZE_MAX }, &arena, &value, &err), "a list");
    texts[4000] = "\xFF";
    assert_refused(option_parse(&list, &(struct option_given){ "x", texts, 4096 }, &arena, &value, &err), "UTF-8");
}

static void numbers_have_bounds_where_min_and_max_differ(void **state)
{
    struct option_spec spec = { .name = "x", .type = OPTION_INT, .min = -1, .max = 65535 };

    (void)state;
    assert_true(parse(&spec, "-1") && parse(&spec, "65535"));
    assert_refused(parse(&spec, "-2"), "-2 is out of bounds: -1 to 65535 is possible");
    assert_refused(parse(&spec, "65536"), "65536 is out of bounds: -1 to 65535 is possible");
    spec.min = spec.max = 0;
    assert_true(parse(&spec, "65536") && parse(&spec, "-9223372036854775808"));
}

static void durations_have_bounds_in_milliseconds(void **state)
{
    struct option_spec spec = { .name = "x", .type = OPTION_DURATION, .min = 1000, .max = 3600000 };

    (void)state;
    assert_true(parse(&spec, "1s") && parse(&spec, "60m"));
    assert_refused(parse(&spec, "999ms"), "\"999ms\" is out of bounds: 1s to 1h is possible");
    assert_refused(parse(&spec, "2h"), "\"2h\" is out of bounds: 1s to 1h is possible");
    assert_refused(parse(&spec, arena_format(&arena, "%02000ds", 5000)), "is out of bounds: 1s to 1h is possible");
    spec.type = OPTION_TEXT;
    assert_true(parse(&spec, "no bounds here"));
}

static void a_sentence_says_what_would_have_been_right(void **state)
{
    struct option_spec spec = { .name = "x", .type = OPTION_CHOICE, .choices = colours };

    (void)state;
    assert_refused(parse(&spec, "blue"), "\"blue\" is none of red, green, ");
    spec.type = OPTION_BOOL;
    assert_refused(parse(&spec, "maybe"), "\"maybe\" is not true or false (also yes, no, on, off)");
    spec.type = OPTION_PATH;
    assert_refused(parse(&spec, "a/b"), "\"a/b\" is not an absolute path");
    spec.type = OPTION_INT;
    assert_refused(parse(&spec, "ten"), "\"ten\" is not a whole number");
    assert_refused(parse(&spec, "99999999999999999999"), "too large");
    spec.type = OPTION_DURATION;
    assert_refused(parse(&spec, "10"), "\"10\" is not a duration");
}

static void a_hostile_text_cannot_spoil_the_sentence(void **state)
{
    struct option_spec spec = { .name = "x", .choices = colours };

    (void)state;
    for (enum option_type type = OPTION_INT; type < OPTION_TYPE_COUNT; type++) {
        spec.type = type;
        if (!parse(&spec, "\x1B[31m\n%s%n"))
            assert_null(strpbrk(err.text, "\x1B\n"));
        if (!parse(&spec, text_of(65536)))
            assert_true(strlen(err.text) < 400);
    }
}

/* -------------------------------------------------------------------------------------------------- resolving ---- */

static const struct option_spec specs[] = {
    { .name = "host", .type = OPTION_TEXT, .required = true },
    { .name = "port", .type = OPTION_INT, .fallback = "443", .min = 1, .max = 65535 },
    { .name = "password", .type = OPTION_SECRET, .required = true },
    { .name = "timeout", .type = OPTION_DURATION, .fallback = "30s", .min = 1000, .max = 60000 },
    { .name = "verify", .type = OPTION_BOOL, .required = true, .fallback = "yes" },
    { .name = "folders", .type = OPTION_LIST },
};

static const struct option_table table = { specs, sizeof specs / sizeof specs[0] };
static struct option_value values[sizeof specs / sizeof specs[0]];

static void add_problem(void *context, const char *option, const char *sentence)
{
    str_format(context, "%s: %s\n", option, sentence);
}

static size_t resolve(const struct option_given *given, size_t count)
{
    str_clear(&problems);
    return option_resolve(&table, &(struct option_list){ given, count }, &arena, values, add_problem, &problems);
}

#define GIVEN(name, ...)                                                                                               \
    {                                                                                                                  \
        name, (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)      \
    }

static void values_stand_where_the_table_has_them(void **state)
{
    const struct option_given given[] = {
        GIVEN("timeout", "5s"), GIVEN("folders", "a", "b"), GIVEN("password", "hunter2"),
        GIVEN("host", "vc"),    GIVEN("port", "8443"),      GIVEN("verify", "no"),
    };

    (void)state;
    assert_int_equal(resolve(given, 6), 0);
    assert_string_equal(values[0].texts[0], "vc");
    assert_int_equal(values[1].number, 8443);
    assert_string_equal(values[2].texts[0], "hunter2");
    assert_int_equal(values[3].number, 5000);
    assert_true(values[4].set && values[4].number == 0);
    assert_int_equal(values[5].count, 2);
    assert_int_equal(problems.length, 0);
}

static void what_is_not_given_has_its_fallback_or_is_unset(void **state)
{
    const struct option_given given[] = { GIVEN("host", "vc"), GIVEN("password", "hunter2") };

    (void)state;
    assert_int_equal(resolve(given, 2), 0);
    assert_int_equal(values[1].number, 443);
    assert_string_equal(values[1].texts[0], "443");
    assert_int_equal(values[3].number, 30000);
    assert_true(values[4].set && values[4].number == 1);
    assert_false(values[5].set);
}

static void values_outlive_what_was_given(void **state)
{
    char text[] = "vc01";
    const char *texts[] = { text };
    const struct option_given given[] = { { "host", texts, 1 }, GIVEN("password", "hunter2") };

    (void)state;
    assert_int_equal(resolve(given, 2), 0);
    memset(text, 'x', 4);
    texts[0] = NULL;
    assert_string_equal(values[0].texts[0], "vc01");
}

static void every_problem_is_told_at_once(void **state)
{
    const struct option_given given[] = {
        GIVEN("prot", "1"),       GIVEN("port", "0"),     GIVEN("port", "1"),
        GIVEN("timeout", "soon"), GIVEN("zzzzzzzz", "1"), GIVEN("verify", ""),
    };

    (void)state;
    assert_int_equal(resolve(given, 6), 8);
    assert_string_equal(str_text(&problems),
                        "prot: there is no option of this name; the nearest is port\n"
                        "port: 0 is out of bounds: 1 to 65535 is possible\n"
                        "port: it is given twice\n"
                        "timeout: \"soon\" is not a duration: expected a whole number and one unit of ms, s, m, h, d, "
                        "w, such as 90s\n"
                        "zzzzzzzz: there is no option of this name\n"
                        "verify: \"\" is not true or false (also yes, no, on, off)\n"
                        "host: it is missing, and the plugin cannot do without it\n"
                        "password: it is missing, and the plugin cannot do without it\n");
}

static void an_option_that_was_given_wrong_is_not_missing_too(void **state)
{
    const struct option_given given[] = { GIVEN("host", "\xFF"), GIVEN("password", "hunter2") };

    (void)state;
    assert_int_equal(resolve(given, 2), 1);
    assert_string_equal(str_text(&problems), "host: it is not valid UTF-8\n");
}

static void a_secret_is_in_no_sentence(void **state)
{
    char *large = arena_format(&arena, "hunter2%070000d", 1);
    const struct option_given wrong[][2] = {
        { GIVEN("password", "hunter2", "hunter2"), GIVEN("port", "x") },
        { GIVEN("password", "hunter2"), GIVEN("password", "hunter2") },
        { GIVEN("password", large), GIVEN("prot", "1") },
        { GIVEN("password", "hunter2\n\xFF"), GIVEN("verify", "x") },
        { { "password", NULL, 0 }, GIVEN("password", "hunter2") },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_true(resolve(wrong[i], 2) > 0);
        if (strstr(str_text(&problems), "hunter") != NULL)
            fail_msg("%s", str_text(&problems));
    }
}

static void an_empty_table_takes_nothing(void **state)
{
    const struct option_table none = { NULL, 0 };
    const struct option_given given[] = { GIVEN("host", "vc") };

    (void)state;
    assert_int_equal(option_resolve(&none, &(struct option_list){ NULL, 0 }, &arena, values, add_problem, &problems),
                     0);
    assert_int_equal(option_resolve(&none, &(struct option_list){ given, 1 }, &arena, values, add_problem, &problems),
                     1);
    assert_string_equal(str_text(&problems), "host: there is no option of this name\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_type_takes_what_it_should_and_nothing_else),
        TEST(a_list_takes_any_number_of_texts),
        TEST(every_other_type_takes_one_text),
        TEST(texts_and_lists_have_their_limits),
        TEST(numbers_have_bounds_where_min_and_max_differ),
        TEST(durations_have_bounds_in_milliseconds),
        TEST(a_sentence_says_what_would_have_been_right),
        TEST(a_hostile_text_cannot_spoil_the_sentence),
        TEST(values_stand_where_the_table_has_them),
        TEST(what_is_not_given_has_its_fallback_or_is_unset),
        TEST(values_outlive_what_was_given),
        TEST(every_problem_is_told_at_once),
        TEST(an_option_that_was_given_wrong_is_not_missing_too),
        TEST(a_secret_is_in_no_sentence),
        TEST(an_empty_table_takes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
