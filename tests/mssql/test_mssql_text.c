/* UTF-16 to UTF-8 and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mssql_text.h"

#include <stdlib.h>
#include <string.h>

#define BAD "\xEF\xBF\xBD"

static void assert_reads(const uint16_t *units, size_t count, size_t max, bool whole, const char *expected)
{
    struct str out = STR_EMPTY;

    str_add(&out, ">");
    assert_true(mssql_text_read(&out, units, count, max) == whole);
    assert_string_equal(str_text(&out) + 1, expected);
    str_finish(&out);
}

#define READS(max, whole, expected, ...)                                                                               \
    assert_reads((const uint16_t[]){ __VA_ARGS__ }, sizeof((const uint16_t[]){ __VA_ARGS__ }) / 2, max, whole, expected)

static void characters_of_each_length_are_read(void **state)
{
    (void)state;
    READS(99, true, "a\x7F", 'a', 0x7F);
    READS(99, true, "\xC2\x80\xDF\xBF", 0x80, 0x7FF);
    READS(99, true, "\xE0\xA0\x80\xEF\xBF\xBF", 0x800, 0xFFFF);
    READS(99, true, "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 0xD800, 0xDC00, 0xDBFF, 0xDFFF);
    assert_reads(NULL, 0, 99, true, "");
}

static void half_characters_and_nuls_are_replaced(void **state)
{
    (void)state;
    READS(99, true, "a" BAD "b", 'a', 0, 'b');
    READS(99, true, BAD "b", 0xD800, 'b');
    READS(99, true, BAD, 0xDBFF);
    READS(99, true, BAD BAD, 0xDC00, 0xD800);
    READS(99, true, BAD "\xF0\x90\x80\x80", 0xD800, 0xD800, 0xDC00);
}

static void what_is_too_long_is_cut_at_a_character(void **state)
{
    (void)state;
    READS(2, true, "ab", 'a', 'b');
    READS(2, false, "ab", 'a', 'b', 'c');
    READS(3, false, "\xC3\xA4", 0xE4, 0xE4);
    READS(3, false, "", 0xD83D, 0xDE00);
    READS(0, false, "", 'a');
}

static void what_is_written_is_read_again(void **state)
{
    static const char *const texts[] = { "", "plain", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80",
                                         "\xF4\x8F\xBF\xBF\xEE\x80\x80" };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t count;
        uint16_t *units = mssql_text_write(texts[i], &count);

        assert_int_equal(units[count], 0);
        assert_reads(units, count, 99, true, texts[i]);
        free(units);
    }
}

static void invalid_bytes_are_replaced_when_written(void **state)
{
    size_t count;
    uint16_t *units = mssql_text_write("a\xFF\xC3", &count);

    (void)state;
    assert_int_equal(count, 3);
    assert_int_equal(units[1], 0xFFFD);
    assert_int_equal(units[2], 0xFFFD);
    free(units);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_of_each_length_are_read),
        cmocka_unit_test(half_characters_and_nuls_are_replaced),
        cmocka_unit_test(what_is_too_long_is_cut_at_a_character),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(invalid_bytes_are_replaced_when_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
