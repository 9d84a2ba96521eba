#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

static const char *const valid[] = {
    "",
    "plain",
    "\x7F",
    "\xC2\x80",
    "\xDF\xBF",
    "\xE0\xA0\x80",
    "\xED\x9F\xBF",
    "\xEE\x80\x80",
    "\xEF\xBF\xBF",
    "\xF0\x90\x80\x80",
    "\xF4\x8F\xBF\xBF",
    "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80",
};

/* A good start, and how long it is. */
static const struct {
    const char *text;
    size_t size, good;
} invalid[] = {
    { "\x80", 1, 0 },
    { "\xC0\x80", 2, 0 },
    { "\xC1\xBF", 2, 0 },
    { "\xE0\x9F\xBF", 3, 0 },
    { "\xED\xA0\x80", 3, 0 },
    { "\xED\xBF\xBF", 3, 0 },
    { "\xF0\x8F\xBF\xBF", 4, 0 },
    { "\xF4\x90\x80\x80", 4, 0 },
    { "\xF5\x80\x80\x80", 4, 0 },
    { "\xFF", 1, 0 },
    { "ab\xC3", 3, 2 },
    { "ab\xE2\x82", 4, 2 },
    { "ab\xF0\x9F\x98", 5, 2 },
    { "ab\xC3(", 4, 2 },
    { "ab\xE2\x28\xA1", 5, 2 },
    { "ab\xE2\x82\x28", 5, 2 },
    { "\xC3\xA9\xA9", 3, 2 },
    { "a\0b", 3, 1 },
};

static void good_text_is_valid(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++) {
        assert_true(utf8_valid(valid[i], strlen(valid[i])));
        assert_int_equal(utf8_valid_prefix(valid[i], strlen(valid[i])), strlen(valid[i]));
    }
}

static void bad_text_is_valid_up_to_its_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
        assert_false(utf8_valid(invalid[i].text, invalid[i].size));
        assert_int_equal(utf8_valid_prefix(invalid[i].text, invalid[i].size), invalid[i].good);
    }
}

/* A heap block of the exact size lets a sanitizer see a read behind it. */
/* Whole words of ASCII are looked at together: no byte among them may slip through. */
static void a_byte_that_does_not_fit_is_found_at_every_place(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        for (size_t place = 0; place < 24; place++) {
            char text[25];

            memset(text, place % 2 == 0 ? 'x' : 1, sizeof text);
            text[place] = (char)(unsigned char)byte;
            assert_int_equal(utf8_valid_prefix(text, 24), byte > 0 && byte < 0x80 ? 24 : place);
        }
    }
}

static void nothing_is_read_behind_the_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
        for (size_t size = 1; size <= invalid[i].size; size++) {
            char *exact = malloc(size);
            struct str out = STR_EMPTY;

            assert_non_null(exact);
            memcpy(exact, invalid[i].text, size);
            assert_true(utf8_valid_prefix(exact, size) <= size);
            utf8_clean(&out, exact, size);
            assert_true(utf8_valid(out.bytes, out.length));
            str_finish(&out);
            free(exact);
        }
    }
}

static void cleans(const char *text, size_t size, const char *wanted)
{
    struct str out = STR_EMPTY;

    utf8_clean(&out, text, size);
    assert_string_equal(str_text(&out), wanted);
    str_finish(&out);
}

static void each_bad_byte_is_replaced(void **state)
{
    (void)state;
    cleans("", 0, "");
    cleans("caf\xC3\xA9", 5, "caf\xC3\xA9");
    cleans("a\xFF"
           "b",
           3,
           "a\xEF\xBF\xBD"
           "b");
    cleans("a\0b", 3,
           "a\xEF\xBF\xBD"
           "b");
    cleans("\xE2\x82", 2, "\xEF\xBF\xBD\xEF\xBF\xBD");
    cleans("\xED\xA0\x80", 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void trims(const char *text, const char *wanted)
{
    char buffer[32];

    strcpy(buffer, text);
    utf8_trim(buffer);
    assert_string_equal(buffer, wanted);
}

static void a_cut_character_is_trimmed(void **state)
{
    (void)state;
    trims("", "");
    trims("abc", "abc");
    trims("ab\xC3", "ab");
    trims("ab\xE2", "ab");
    trims("ab\xE2\x82", "ab");
    trims("ab\xF0", "ab");
    trims("ab\xF0\x9F", "ab");
    trims("ab\xF0\x9F\x98", "ab");
    trims("\xF0\x9F\x98", "");
}

static void a_whole_character_is_kept(void **state)
{
    (void)state;
    trims("ab\xC3\xA9", "ab\xC3\xA9");
    trims("ab\xE2\x82\xAC", "ab\xE2\x82\xAC");
    trims("ab\xF0\x9F\x98\x80", "ab\xF0\x9F\x98\x80");
}

static void decodes(const char *text, uint32_t wanted, size_t wanted_length)
{
    size_t length = 77;

    assert_int_equal(utf8_decode(text, &length), wanted);
    assert_int_equal(length, wanted_length);
}

static void characters_are_decoded(void **state)
{
    (void)state;
    decodes("a", 'a', 1);
    decodes("\x01", 1, 1);
    decodes("\xC2\x80", 0x80, 2);
    decodes("\xC3\xA9x", 0xE9, 2);
    decodes("\xE2\x82\xAC", 0x20AC, 3);
    decodes("\xEF\xBF\xBD", 0xFFFD, 3);
    decodes("\xF0\x9F\x98\x80zzz", 0x1F600, 4);
    decodes("\xF4\x8F\xBF\xBF", 0x10FFFF, 4);
}

static void bad_bytes_decode_to_the_replacement_one_by_one(void **state)
{
    (void)state;
    decodes("\x80", 0xFFFD, 1);
    decodes("\xFF", 0xFFFD, 1);
    decodes("\xC3", 0xFFFD, 1);
    decodes("\xE2\x82", 0xFFFD, 1);
    decodes("\xF0\x9F\x98", 0xFFFD, 1);
    decodes("\xED\xA0\x80", 0xFFFD, 1);
}

static size_t encode(uint32_t code, char *bytes)
{
    static const unsigned char leads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    for (size_t i = length - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    bytes[0] = (char)(leads[length] | code);
    bytes[length] = '\0';
    return length;
}

static void every_code_point_is_known(void **state)
{
    char bytes[5];

    (void)state;
    for (uint32_t code = 1; code < 0x120000; code++) {
        bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        size_t size = encode(code, bytes);
        size_t length;

        assert_int_equal(utf8_valid(bytes, size), !surrogate && code <= 0x10FFFF);
        if (utf8_valid(bytes, size)) {
            assert_int_equal(utf8_decode(bytes, &length), code);
            assert_int_equal(length, size);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_text_is_valid),
        cmocka_unit_test(bad_text_is_valid_up_to_its_fault),
        cmocka_unit_test(a_byte_that_does_not_fit_is_found_at_every_place),
        cmocka_unit_test(nothing_is_read_behind_the_size),
        cmocka_unit_test(each_bad_byte_is_replaced),
        cmocka_unit_test(a_cut_character_is_trimmed),
        cmocka_unit_test(a_whole_character_is_kept),
        cmocka_unit_test(characters_are_decoded),
        cmocka_unit_test(bad_bytes_decode_to_the_replacement_one_by_one),
        cmocka_unit_test(every_code_point_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
