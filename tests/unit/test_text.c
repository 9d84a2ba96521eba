#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"
#include "text.h"
#include "utf8.h"

#include <stdbool.h>
#include <string.h>

typedef void writer(struct str *out, const char *text);

struct pair {
    const char *text, *wanted;
};

static void gives(writer *write, const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str out = STR_EMPTY;

        write(&out, pairs[i].text);
        assert_string_equal(str_text(&out), pairs[i].wanted);
        assert_true(utf8_valid(str_text(&out), out.length));
        str_finish(&out);
    }
}

#define GIVES(write, pairs) gives(write, pairs, sizeof(pairs) / sizeof(pairs)[0])

static void html_is_escaped(void **state)
{
    static const struct pair pairs[] = {
        { "", "" },
        { "plain", "plain" },
        { "<script>alert('&')</script>", "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;" },
        { "\" onload=\"x", "&quot; onload=&quot;x" },
        { "caf\xC3\xA9\n\t\xE2\x82\xAC", "caf\xC3\xA9\\n\\t\xE2\x82\xAC" },
        { "a\x01"
          "b\x1B[0m\x7F",
          "a\\x01"
          "b\\x1B[0m\\x7F" },
        { "\xFF\xC0\xAF<", "\\xFF\\xC0\\xAF&lt;" },
        { "\xE2\x80\xAEgnp.exe", "\\u202Egnp.exe" },
        { "\xE2\x82", "\\xE2\\x82" },
        { "\xEF\xBF\xBD", "\xEF\xBF\xBD" },
        { "\xEF\xBF\xBE\xEF\xB7\x90<\xF0\x9F\xBF\xBF", "\\uFFFE\\uFDD0&lt;\\U0001FFFF" },
    };

    (void)state;
    GIVES(text_html, pairs);
}

static void csv_is_quoted_where_it_must_be(void **state)
{
    static const struct pair pairs[] = {
        { "", "" },
        { "plain text", "plain text" },
        { "a,b", "\"a,b\"" },
        { "say \"hi\"", "\"say \"\"hi\"\"\"" },
        { "two\nlines", "\"two\nlines\"" },
        { "two\r\nlines", "\"two\r\nlines\"" },
        { "\"", "\"\"\"\"" },
        { "bad \xFF \x1B[0m", "bad \xEF\xBF\xBD \xEF\xBF\xBD[0m" },
    };

    (void)state;
    GIVES(text_csv, pairs);
}

static void formulas_are_made_text(void **state)
{
    static const struct pair pairs[] = {
        { "=1+1", "'=1+1" },
        { "=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"" },
        { "+cmd", "'+cmd" },
        { "-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0" },
        { "@SUM(A1)", "'@SUM(A1)" },
        { "\t=1", "'\t=1" },
        { "\r=1", "\"'\r=1\"" },
        { "\n=1", "\"'\n=1\"" },
        { "  =1", "'  =1" },
        { "\xEF\xBC\x9D"
          "1",
          "'\xEF\xBC\x9D"
          "1" },
        { "-", "'-" },
        { "+", "'+" },
        { "-5-5", "'-5-5" },
        { "-5.", "'-5." },
        { "-.5", "'-.5" },
        { "+1e5", "'+1e5" },
        { "-5 ", "'-5 " },
        { "a=1", "a=1" },
    };

    (void)state;
    GIVES(text_csv, pairs);
}

static void signed_numbers_stay_numbers(void **state)
{
    static const struct pair pairs[] = { { "-5", "-5" }, { "+5", "+5" }, { "-1.25", "-1.25" }, { "0", "0" } };

    (void)state;
    GIVES(text_csv, pairs);
}

static void a_line_is_one_line_and_harmless(void **state)
{
    static const struct pair pairs[] = {
        { "", "" },
        { "plain \\ text", "plain \\ text" },
        { "a\nb\rc\td", "a\\nb\\rc\\td" },
        { "\x1B]0;title\x07", "\\x1B]0;title\\x07" },
        { "\x7F", "\\x7F" },
        { "\xC2\x9B"
          "31m",
          "\\u009B31m" },
        { "\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\xA8", "\\u202E\\u2066\\u2028" },
        { "\xEF\xBB\xBF\xE2\x80\x8B", "\\uFEFF\\u200B" },
        { "\xF3\xA0\x80\x81", "\\U000E0001" },
        { "\xFF\xC3", "\\xFF\\xC3" },
        { "caf\xC3\xA9 \xE6\xBC\xA2 \xEF\xBF\xBD", "caf\xC3\xA9 \xE6\xBC\xA2 \xEF\xBF\xBD" },
    };

    (void)state;
    GIVES(text_line, pairs);
}

/* No byte, alone or behind another one, may come out as a control or as invalid text. */
static void no_pair_of_bytes_gets_through(void **state)
{
    (void)state;
    for (int first = 1; first < 256; first++) {
        for (int second = 1; second < 256; second++) {
            const char text[] = { (char)first, (char)second, '\0' };
            struct str out = STR_EMPTY;

            text_line(&out, text);
            assert_true(utf8_valid(out.bytes, out.length));
            for (size_t i = 0; i < out.length; i++)
                assert_true((unsigned char)out.bytes[i] >= 0x20 && out.bytes[i] != 0x7F);
            str_finish(&out);
        }
    }
}

static void width_counts_columns(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("plain"), 5);
    assert_int_equal(text_width("caf\xC3\xA9"), 4);
    assert_int_equal(text_width("cafe\xCC\x81"), 4);
    assert_int_equal(text_width("\xE6\xBC\xA2\xE5\xAD\x97"), 4);
    assert_int_equal(text_width("\xF0\x9F\x98\x80"), 2);
    assert_int_equal(text_width("\xEF\xBC\xA1"), 2);
    assert_int_equal(text_width("\xEF\xBD\xB1"), 1);
}

static void fits(const char *text, size_t columns, const char *wanted)
{
    struct str out = STR_EMPTY;

    text_fit(&out, text, columns);
    assert_string_equal(str_text(&out), wanted);
    assert_int_equal(text_width(str_text(&out)), columns);
    str_finish(&out);
}

static void text_is_padded_or_cut_to_its_columns(void **state)
{
    (void)state;
    fits("abc", 5, "abc  ");
    fits("abc", 3, "abc");
    fits("abcd", 3, "ab\xE2\x80\xA6");
    fits("abcd", 1, "\xE2\x80\xA6");
    fits("abcd", 0, "");
    fits("", 0, "");
    fits("", 2, "  ");
    fits("a\nb", 4, "a\\nb");
    fits("cafe\xCC\x81", 4, "cafe\xCC\x81");
}

static void a_wide_character_is_not_halved(void **state)
{
    (void)state;
    fits("\xE6\xBC\xA2\xE5\xAD\x97", 4, "\xE6\xBC\xA2\xE5\xAD\x97");
    fits("\xE6\xBC\xA2\xE5\xAD\x97", 3, "\xE6\xBC\xA2\xE2\x80\xA6");
    fits("\xE6\xBC\xA2\xE5\xAD\x97", 2, "\xE2\x80\xA6 ");
}

static void a_line_is_broken_at_a_blank_and_else_where_it_is_full(void **state)
{
    (void)state;
    assert_int_equal(text_break("", 5), 0);
    assert_int_equal(text_break("abc", 3), 3);
    assert_int_equal(text_break("ab cd", 5), 5);
    assert_int_equal(text_break("ab cd ef", 6), 5);
    assert_int_equal(text_break("ab cd ef", 5), 5);
    assert_int_equal(text_break("ab  cd", 4), 2);
    assert_int_equal(text_break("abcdef", 4), 4);
    assert_int_equal(text_break(" abcdef", 4), 4);
    assert_int_equal(text_break("\xE6\xBC\xA2\xE5\xAD\x97", 3), 3);
    assert_int_equal(text_break("\xE6\xBC\xA2\xE5\xAD\x97", 1), 3);
    assert_int_equal(text_break("abc", 0), 1);
}

static void a_quote_is_short_and_whole(void **state)
{
    char text[1000];
    char buffer[TEXT_QUOTE_SIZE];

    (void)state;
    assert_ptr_equal(text_quote(buffer, "short"), buffer);
    assert_string_equal(buffer, "short");
    assert_string_equal(text_quote(buffer, ""), "");
    assert_string_equal(text_quote(buffer, "a\nb\xFF"), "a\\nb\\xFF");
    for (size_t length = 60; length < 200; length++) {
        memset(text, 'x', length);
        text[length] = '\0';
        text_quote(buffer, text);
        assert_int_equal(strlen(buffer), length < TEXT_QUOTE_SIZE ? length : TEXT_QUOTE_SIZE - 1);
    }
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'x', shift);
        for (size_t at = shift; at + 5 < sizeof text; at += 4)
            memcpy(text + at, "\xF0\x9F\x98\x80", 5);
        text_quote(buffer, text);
        assert_true(utf8_valid(buffer, strlen(buffer)));
        assert_null(strstr(buffer, "\\x"));
        assert_non_null(strstr(buffer, "\xE2\x80\xA6"));
    }
}

static const char *const options[] = { "host", "port", "username", "password_file", "ca_file", "fingerprint", "by" };

static const char *nearest(const char *name)
{
    return text_nearest(name, options, sizeof options / sizeof options[0]);
}

static void a_slip_finds_what_was_meant(void **state)
{
    (void)state;
    assert_string_equal(nearest("hots"), "host");
    assert_string_equal(nearest("hos"), "host");
    assert_string_equal(nearest("hostt"), "host");
    assert_string_equal(nearest("HOST"), "host");
    assert_string_equal(nearest("usernmae"), "username");
    assert_string_equal(nearest("user_name"), "username");
    assert_string_equal(nearest("pasword_fiel"), "password_file");
    assert_string_equal(nearest("finger_print"), "fingerprint");
    assert_string_equal(nearest("bx"), "by");
}

static void something_else_finds_nothing(void **state)
{
    (void)state;
    assert_null(nearest(""));
    assert_null(nearest("x"));
    assert_null(nearest("timeout"));
    assert_null(nearest("xy"
                        "z"));
    assert_null(nearest("passphrase"));
    assert_null(text_nearest("host", NULL, 0));
    assert_null(text_nearest("x", (const char *const[]){ "y" }, 1));
}

static void the_nearest_wins(void **state)
{
    static const char *const names[] = { "vmware-vn", "vmware-vm", "vmware-xx" };

    (void)state;
    assert_string_equal(text_nearest("vmware-vm", names, 3), "vmware-vm");
    assert_string_equal(text_nearest("vmware_vm", names, 3), "vmware-vm");
    assert_string_equal(text_nearest("vmware-v", names, 3), "vmware-vn");
}

static void long_names_are_near_to_nothing(void **state)
{
    static char name[100001];
    const char *const names[] = { name, "host" };

    (void)state;
    memset(name, 'x', sizeof name - 1);
    assert_null(nearest(name));
    assert_null(text_nearest("xxxx", names, 2));
    name[65] = '\0';
    assert_null(text_nearest(name, names, 1));
    name[64] = '\0';
    assert_ptr_equal(text_nearest(name, names, 1), name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_is_escaped),
        cmocka_unit_test(csv_is_quoted_where_it_must_be),
        cmocka_unit_test(formulas_are_made_text),
        cmocka_unit_test(signed_numbers_stay_numbers),
        cmocka_unit_test(a_line_is_one_line_and_harmless),
        cmocka_unit_test(no_pair_of_bytes_gets_through),
        cmocka_unit_test(width_counts_columns),
        cmocka_unit_test(text_is_padded_or_cut_to_its_columns),
        cmocka_unit_test(a_wide_character_is_not_halved),
        cmocka_unit_test(a_line_is_broken_at_a_blank_and_else_where_it_is_full),
        cmocka_unit_test(a_quote_is_short_and_whole),
        cmocka_unit_test(a_slip_finds_what_was_meant),
        cmocka_unit_test(something_else_finds_nothing),
        cmocka_unit_test(the_nearest_wins),
        cmocka_unit_test(long_names_are_near_to_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
