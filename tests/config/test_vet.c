/* What libconfig 1.5 would get wrong, and what it would only call a syntax error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "grammar.h"
#include "str.h"
#include "vet.h"
#include "yard.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *text;
    int line;
    const char *sentence;
} cases[] = {
    { "slots = { total = 4294967297; };", 1, "4294967297 does not fit 32 bits; write 4294967297L" },
    { "\nx = -2147483649;", 2, "does not fit 32 bits" },
    { "x = 0xFFFFFFFF;", 1, "0xFFFFFFFF does not fit 32 bits; write 0xFFFFFFFFL" },
    { "x = 9223372036854775808L;", 1, "too large: 64 bits are possible" },
    { "x = 0x8000000000000000LL;", 1, "too large" },
    { "x = 00000000000000000000000000000000000000000000000000000000000000000000000000000000001;", 1, "too large" },
    { "x = \"a\\x00b\";", 1, "\\x00 in a string" },
    { "x = \"a\\\\\\X00b\";", 1, "\\x00 in a string" },
    { "targets = ( { name = \"a\" },\n);", 2, "there is a comma before this ) and nothing behind it" },
    { "x = [ 1, ];", 1, "there is a comma before this ]" },
    { "x = ( { }\n{ } );", 2, "a comma is missing before {" },
    { "x = ( { }\n, { };", 2, "expected a comma or ), not ;" },
    { "x = ( {\n\n) };", 3, "expected }, not ): the bracket of " },
    { "x = 1; }", 1, "this } closes nothing" },
    { "\n\nx = {", 3, "the bracket that opens here is never closed: } is missing" },
    { "x = ((((((((((((((((( 1 )))))))))))))))));", 1, "more than 16 deep" },
};

static void each_trap_has_its_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        yard_write("x.conf", cases[i].text);
        yard_load_file("x.conf");
        yard_count(1);
        yard_has_in("x.conf", cases[i].line, cases[i].sentence);
    }
}

static void numbers_at_their_bounds_pass(void **state)
{
    (void)state;
    yard_load("targets = ( { name = \"a\"; plugin = \"file\"; options = { a = 2147483647; b = -2147483648; c = "
              "9223372036854775807L; d = -9223372036854775808L; e = 0x7FFFFFFF; f = 010; g = 5000000000L; }; } );");
    yard_loads();
    assert_string_equal(yard.config->targets.items[0].options.given[0].texts[0], "2147483647");
    assert_string_equal(yard.config->targets.items[0].options.given[1].texts[0], "-2147483648");
    assert_string_equal(yard.config->targets.items[0].options.given[2].texts[0], "9223372036854775807");
    assert_string_equal(yard.config->targets.items[0].options.given[3].texts[0], "-9223372036854775808");
    assert_string_equal(yard.config->targets.items[0].options.given[4].texts[0], "2147483647");
    assert_string_equal(yard.config->targets.items[0].options.given[5].texts[0], "10");
    assert_string_equal(yard.config->targets.items[0].options.given[6].texts[0], "5000000000");
}

static void what_looks_like_a_trap_in_a_string_is_none(void **state)
{
    (void)state;
    yard_load("assign = ( { owner = \"99999999999 }) ,] /* # // \\\\x00\"; } );");
    yard_loads();
    assert_string_equal(yard.config->assigns.items[0].owner, "99999999999 }) ,] /* # // \\x00");
}

/* libconfig takes time with the square of a string's length. */
static void a_string_has_its_limit_all_its_parts_together(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "assign = ( { owner = \"x\"; reason = ");
    for (int i = 0; i < 64; i++) {
        str_add(&text, "\"");
        for (int j = 0; j < 1024; j++)
            str_add_char(&text, 'x');
        str_add(&text, "\" /* and */\n");
    }
    str_add(&text, "; } );");
    yard_load(str_text(&text));
    yard_loads();
    assert_int_equal(strlen(yard.config->assigns.items[0].reason), VET_MAX_STRING);
    text.length -= strlen("; } );");
    text.bytes[text.length] = '\0';
    str_add(&text, "\"y\"; } );");
    yard_load(str_text(&text));
    yard_has(65, "a string of more than 65536 bytes");
    str_finish(&text);
}

static void names_and_groups_have_their_limits(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    for (int i = 0; i <= GRAMMAR_MAX_MEMBERS; i++)
        str_format(&text, "x%d = 1;\n", i);
    yard_write("x.conf", str_text(&text));
    yard_load_file("x.conf");
    yard_count(1);
    yard_has_in("x.conf", GRAMMAR_MAX_MEMBERS + 1, "more than 300 settings in one group");
    str_clear(&text);
    for (int i = 0; i <= VET_MAX_NAME; i++)
        str_add_char(&text, 'n');
    str_add(&text, " = 1;");
    yard_write("x.conf", str_text(&text));
    yard_load_file("x.conf");
    yard_has_in("x.conf", 1, "a name of 129 bytes, where 128 are possible");
    str_finish(&text);
}

static void a_text_of_nothing_but_signs_is_refused_in_time(void **state)
{
    static char much[(5 << 20) + 1];

    (void)state;
    memset(much, ' ', sizeof much - 1);
    memcpy(much, "x=(", 3);
    for (size_t i = 3; i + 1 < sizeof much - 1; i += 2)
        memcpy(much + i, "0,", 2);
    yard_write_bytes("x.conf", much, sizeof much - 1);
    yard_load_file("x.conf");
    yard_has_in("x.conf", 1, "more than 2000000 words and signs");
    memset(much, '{', sizeof much - 1);
    yard_write_bytes("x.conf", much, sizeof much - 1);
    yard_load_file("x.conf");
    yard_count(1);
}

static void a_syntax_error_quotes_its_line(void **state)
{
    (void)state;
    yard_load("retention = \"2d\";\n  landlock \"off\";\nx = 1;");
    yard_count(1);
    yard_has(2, "syntax error: expected = behind the name, not a text in quotes, in: landlock \"off\";");
    yard_load("retention = \"2d\";\n\nretention = \"3d\";");
    yard_count(1);
    yard_has(3, "duplicate setting name, in: retention = \"3d\";");
    yard_load("x = [ 1, \"a\" ];");
    yard_has(1, "what stands between [ and ] is of one kind");
    yard_load("x = \"a\x1b[31m\xe2\x80\xae\" y \"\";");
    yard_has(1, "x = \"a\\x1B[31m\\u202E\" y \"\";");
}

static void a_quoted_line_shows_no_secret(void **state)
{
    static const char *const texts[] = {
        "credentials = ( { name = \"a\"; password = \"geheim\" x } );",
        "x y; PASSWD = \"geheim\";",
        "x y; api_token: \"geheim\";",
        "x = { community = \"geheim\"; y z };",
        "x = {\npassword = \"a\"\n\"geheim\" 1 };",
        "x = {\n password\n= \"geheim\" 1 };",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        yard_load(texts[i]);
        yard_count(1);
        assert_true(yard_says("syntax error"));
        assert_true(yard_says("..."));
        assert_false(yard_says("geheim"));
    }
}

static void a_long_line_is_cut(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "x y; # ");
    for (int i = 0; i < 5000; i++)
        str_add(&text, "\xE2\x82\xAC");
    yard_load(str_text(&text));
    yard_has(1, "\xE2\x82\xAC...");
    assert_true(strlen(yard.problems.list.items[0].text) < 400);
    str_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_trap_has_its_sentence, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(numbers_at_their_bounds_pass, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(what_looks_like_a_trap_in_a_string_is_none, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_string_has_its_limit_all_its_parts_together, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(names_and_groups_have_their_limits, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_text_of_nothing_but_signs_is_refused_in_time, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_syntax_error_quotes_its_line, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_quoted_line_shows_no_secret, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_long_line_is_cut, yard_open, yard_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
