#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pattern.h"

#include <string.h>

static void a_pattern_without_wildcards_is_the_text_itself(void **state)
{
    (void)state;
    assert_true(pattern_fits("vm01", "vm01"));
    assert_true(pattern_fits("VM01", "vm01"));
    assert_false(pattern_fits("vm01", "vm011"));
    assert_false(pattern_fits("vm011", "vm01"));
    assert_true(pattern_fits("", ""));
    assert_false(pattern_fits("", "x"));
    assert_false(pattern_fits("[a-z]", "b"));
}

static void a_star_is_any_text_and_none(void **state)
{
    (void)state;
    assert_true(pattern_fits("*", ""));
    assert_true(pattern_fits("*", "anything"));
    assert_true(pattern_fits("vm*", "VM"));
    assert_true(pattern_fits("*01", "vm01"));
    assert_true(pattern_fits("a*b*c", "a-bb-b-c"));
    assert_false(pattern_fits("a*b*c", "a-bb-b-c-"));
    assert_true(pattern_fits("**", "x"));
    assert_true(pattern_fits("*aab", "aaab"));
    assert_false(pattern_fits("*aab", "aaba"));
}

static void a_question_mark_is_one_character_of_any_width(void **state)
{
    (void)state;
    assert_true(pattern_fits("vm?", "vm1"));
    assert_false(pattern_fits("vm?", "vm"));
    assert_false(pattern_fits("vm?", "vm12"));
    assert_true(pattern_fits("vm?", "vm\xC3\xA9"));
    assert_true(pattern_fits("?x", "\xF0\x9F\x98\x80x"));
    assert_true(pattern_fits("*?", "\xE2\x82\xAC"));
    assert_false(pattern_fits("??", "\xE2\x82\xAC"));
    assert_false(pattern_fits("*??ab", "\xE2\x82\xAC"
                                       "ab"));
    assert_true(pattern_fits("??", "\xFF\xFE"));
    assert_true(pattern_fits("?", "\xE2\x82"));
}

static void a_piece_of_a_text_fits_by_itself(void **state)
{
    (void)state;
    assert_true(pattern_fits_bytes("prod", "prod/db", 4));
    assert_false(pattern_fits_bytes("prod", "prod/db", 5));
    assert_false(pattern_fits_bytes("?", "\xE2\x82\xAC", 0));
    assert_true(pattern_fits_bytes("?", "\xE2\x82\xAC", 2));
}

/* What backtracks over every star would not end within the life of this machine. */
static void many_stars_end_in_time(void **state)
{
    char text[20001], pattern[201];

    (void)state;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < 198; i += 2)
        memcpy(pattern + i, "*a", 2);
    memcpy(pattern + 198, "*b", 3);
    assert_false(pattern_fits(pattern, text));
    text[sizeof text - 2] = 'b';
    assert_true(pattern_fits(pattern, text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_without_wildcards_is_the_text_itself),
        cmocka_unit_test(a_star_is_any_text_and_none),
        cmocka_unit_test(a_question_mark_is_one_character_of_any_width),
        cmocka_unit_test(a_piece_of_a_text_fits_by_itself),
        cmocka_unit_test(many_stars_end_in_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
