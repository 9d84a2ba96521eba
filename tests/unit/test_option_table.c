/* Whether a table of options makes sense, and its types by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "option.h"

#include <string.h>

static const char *const words[] = { "red", "green", NULL };
static struct arena arena;
static struct err err;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    err = ERR_EMPTY;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static const char *text_of(char c, size_t size)
{
    char *text = arena_alloc(&arena, size + 1);

    memset(text, c, size);
    return text;
}

static bool check(const struct option_spec *specs, size_t count)
{
    return option_table_check(&(struct option_table){ specs, count }, &err);
}

static bool check_one(struct option_spec spec)
{
    return check(&spec, 1);
}

static void assert_refused(bool result, const char *part)
{
    assert_false(result);
    if (strstr(err.text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, err.text);
    assert_int_equal(err.class, ERR_BUG);
}

static void every_type_has_a_word_and_a_meaning(void **state)
{
    (void)state;
    for (enum option_type type = OPTION_TEXT; type < OPTION_TYPE_COUNT; type++) {
        for (enum option_type other = OPTION_NO_TYPE; other < type; other++)
            assert_string_not_equal(option_type_word(type), option_type_word(other));
        assert_true(strlen(option_type_meaning(type)) > 0);
    }
    assert_string_equal(option_type_word(OPTION_DURATION), "duration");
    assert_string_equal(option_type_word(OPTION_TYPE_COUNT), "none");
    assert_string_equal(option_type_word((enum option_type) - 1), "none");
    assert_string_equal(option_type_meaning(OPTION_TYPE_COUNT), "nothing");
}

static void a_table_of_every_type_is_good(void **state)
{
    const struct option_spec specs[] = {
        { .name = "a", .type = OPTION_TEXT, .fallback = "" },
        { .name = "b", .type = OPTION_INT, .fallback = "-5", .min = -5, .max = 5, .help = "a number" },
        { .name = "c", .type = OPTION_BOOL, .fallback = "no" },
        { .name = "d", .type = OPTION_SECRET, .required = true },
        { .name = "e", .type = OPTION_CHOICE, .choices = words, .fallback = "green" },
        { .name = "f", .type = OPTION_DURATION, .fallback = "1h", .min = 1000, .max = 3600000 },
        { .name = "g", .type = OPTION_LIST, .fallback = "one" },
        { .name = "h", .type = OPTION_PATH, .fallback = "/etc" },
    };
    const struct option_table table = { specs, 8 };

    (void)state;
    if (!check(specs, 8))
        fail_msg("%s", err.text);
    assert_true(check(NULL, 0));
    assert_int_equal(option_find(&table, "a"), 0);
    assert_int_equal(option_find(&table, "h"), 7);
    assert_int_equal(option_find(&table, "H"), 8);
    assert_int_equal(option_find(&table, ""), 8);
}

static void a_name_is_a_word(void **state)
{
    static const char *const names[] = { "", "Name", "a.b", "1a", "a b", "a-b", "a=b", "\x1B[2J" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_refused(check_one((struct option_spec){ .name = names[i], .type = OPTION_TEXT }), "is no name");
        assert_null(strchr(err.text, 0x1B));
    }
    assert_true(check_one((struct option_spec){ .name = text_of('a', 128), .type = OPTION_TEXT }));
    assert_refused(check_one((struct option_spec){ .name = text_of('a', 129), .type = OPTION_TEXT }), "is no name");
}

static void a_name_is_there_once(void **state)
{
    const struct option_spec specs[] = { { .name = "a", .type = OPTION_TEXT },
                                         { .name = "b", .type = OPTION_TEXT },
                                         { .name = "a", .type = OPTION_INT } };

    (void)state;
    assert_true(check(specs, 2));
    assert_refused(check(specs, 3), "option a is there twice");
}

static void a_type_is_one_of_those_that_there_are(void **state)
{
    (void)state;
    assert_refused(check_one((struct option_spec){ .name = "a" }), "option a has type 0, which this muster");
    assert_refused(check_one((struct option_spec){ .name = "a", .type = OPTION_TYPE_COUNT }), "has type 9");
    assert_refused(check_one((struct option_spec){ .name = "a", .type = (enum option_type) - 1 }), "has type -1");
}

static void a_choice_has_words(void **state)
{
    static const char *const none[] = { NULL };
    static const char *const bad[] = { "red", "gr\xFCn", NULL };
    const char *longest[] = { text_of('x', 128), NULL }, *longer[] = { text_of('x', 129), NULL };
    const char **many = arena_alloc(&arena, 258 * sizeof *many);
    struct option_spec spec = { .name = "a", .type = OPTION_CHOICE };

    (void)state;
    assert_refused(check_one(spec), "option a is a choice of nothing");
    spec.choices = none;
    assert_refused(check_one(spec), "option a is a choice of nothing");
    spec.choices = bad;
    assert_refused(check_one(spec), "choice 2 of option a is not UTF-8 of at most 128 bytes");
    spec.choices = longer;
    assert_refused(check_one(spec), "choice 1 of option a is not UTF-8 of at most 128 bytes");
    spec.choices = longest;
    assert_true(check_one(spec));
    for (size_t i = 0; i < 256; i++)
        many[i] = "x";
    spec.choices = many;
    assert_true(check_one(spec));
    many[256] = "x";
    assert_refused(check_one(spec), "more than 256 choices");
}

static void a_fallback_must_fit(void **state)
{
    static const struct {
        struct option_spec spec;
        const char *part;
    } bad[] = {
        { { .name = "a", .type = OPTION_INT, .fallback = "x" },
          "the fallback of option a: \"x\" is not a whole number" },
        { { .name = "a", .type = OPTION_INT, .fallback = "9", .min = 1, .max = 8 }, "9 is out of bounds: 1 to 8" },
        { { .name = "a", .type = OPTION_BOOL, .fallback = "2" }, "is not true or false" },
        { { .name = "a", .type = OPTION_DURATION, .fallback = "5" }, "is not a duration" },
        { { .name = "a", .type = OPTION_DURATION, .fallback = "5s", .min = 1, .max = 4999 }, "is out of bounds" },
        { { .name = "a", .type = OPTION_CHOICE, .choices = words, .fallback = "blue" }, "is none of red, green" },
        { { .name = "a", .type = OPTION_PATH, .fallback = "etc" }, "is not an absolute path" },
        { { .name = "a", .type = OPTION_TEXT, .fallback = "\xFF" }, "not valid UTF-8" },
        { { .name = "a", .type = OPTION_SECRET, .fallback = "hunter2" }, "a fallback, which would be no secret" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_refused(check_one(bad[i].spec), bad[i].part);
        assert_null(strstr(err.text, "hunter2"));
    }
}

static void bounds_are_the_right_way_round(void **state)
{
    (void)state;
    assert_refused(check_one((struct option_spec){ .name = "a", .type = OPTION_INT, .min = 2, .max = 1 }),
                   "option a has its bounds the wrong way round");
}

static void help_is_short_and_utf8(void **state)
{
    struct option_spec spec = { .name = "a", .type = OPTION_TEXT, .help = text_of('x', 4096) };

    (void)state;
    assert_true(check_one(spec));
    spec.help = text_of('x', 4097);
    assert_refused(check_one(spec), "the help of option a is not UTF-8 of at most 4096 bytes");
    spec.help = "caf\xE9";
    assert_refused(check_one(spec), "the help of option a is not UTF-8");
}

static void a_table_has_at_most_256_options(void **state)
{
    struct option_spec *specs = arena_alloc(&arena, 257 * sizeof *specs);

    (void)state;
    for (size_t i = 0; i < 257; i++)
        specs[i] = (struct option_spec){ .name = arena_format(&arena, "o%zu", i), .type = OPTION_TEXT };
    assert_true(check(specs, 256));
    assert_refused(check(specs, 257), "257 options, where 256 are possible");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_type_has_a_word_and_a_meaning),
        TEST(a_table_of_every_type_is_good),
        TEST(a_name_is_a_word),
        TEST(a_name_is_there_once),
        TEST(a_type_is_one_of_those_that_there_are),
        TEST(a_choice_has_words),
        TEST(a_fallback_must_fit),
        TEST(bounds_are_the_right_way_round),
        TEST(help_is_short_and_utf8),
        TEST(a_table_has_at_most_256_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
