/* The lexer cuts a text as libconfig does; where they differed, libconfig would see what was never looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lexer.h"
#include "str.h"

#include <libconfig.h>
#include <string.h>

/* The tokens as letters and their texts: "N:a S:= I:1". */
static const char *cut(const char *text, struct str *out)
{
    static const char letters[] = "?.NIFS@s!";
    struct lexer lexer = lexer_start(text, strlen(text));
    struct token token = lexer_next(&lexer);

    str_clear(out);
    for (; token.type != TOKEN_END; token = lexer_next(&lexer))
        str_format(out, "%s%c:%.*s", out->length == 0 ? "" : " ", letters[token.type], (int)token.size,
                   text + token.start);
    return str_text(out);
}

static const struct {
    const char *text, *tokens;
} cases[] = {
    { "", "" },
    { "a=1;", "N:a s:= I:1 s:;" },
    { "a-b_*9 : true", "N:a-b_*9 s:: N:true" },
    { "-5 +7 010 0x1F 0XaL 9LL", "I:-5 I:+7 I:010 I:0x1F I:0XaL I:9LL" },
    { "1.5 .5 6. 1e5 1.e5 -2.5E-3 .", "F:1.5 F:.5 F:6. F:1e5 F:1.e5 F:-2.5E-3 F:." },
    { "1e 0x 12ab 5-3", "I:1 N:e I:0 N:x I:12 N:ab I:5 I:-3" },
    { "# \" /*\na", "N:a" },
    { "// \"\na // b", "N:a" },
    { "/* # \" // */a/**/b/***/c", "N:a N:b N:c" },
    { "\"# // /* \" a", "S:\"# // /* \" N:a" },
    { "\"a\\\"b\" \"c\\\\\" d", "S:\"a\\\"b\" S:\"c\\\\\" N:d" },
    { "\"a\\q\\\\\\\"\"x", "S:\"a\\q\\\\\\\"\" N:x" },
    { "@include \"a\"\n", "@:@include \"a\"" },
    { "a;\n \t@include\t \"a\\\"b\" c", "N:a s:; @: \t@include\t \"a\\\"b\" N:c" },
    { "a @include \"b\"", "N:a s:@ N:include S:\"b\"" },
    { "@include\"b\"", "s:@ N:include S:\"b\"" },
    { "/*\n*/@include \"b\"", "s:@ N:include S:\"b\"" },
    { "#\n@include \"b\"", "@:@include \"b\"" },
    { "a\r\n@include \"b\"\r\n", "N:a @:@include \"b\"" },
    { "a\r@include \"b\"", "N:a s:@ N:include S:\"b\"" },
    { "\"a\n@include \"b\"", "S:\"a\n@include \" N:b !:\"" },
    { "a /* b", "N:a !:/* b" },
    { "a /*/", "N:a !:/*/" },
    { "\"a\\\"", "!:\"a\\\"" },
    { "@include \"a", "!:@include \"a" },
    { "\va/b", "s:\v N:a s:/ N:b" },
};

static void a_text_is_cut_into_its_words(void **state)
{
    struct str out = STR_EMPTY;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(cut(cases[i].text, &out), cases[i].tokens);
    str_finish(&out);
}

static void every_token_has_its_line(void **state)
{
    static const int lines[] = { 1, 1, 1, 3, 4, 6 };
    const char *text = "a = \"x\ny\" \n; /* \n */ b\n# c\nd\n\n";
    struct lexer lexer = lexer_start(text, strlen(text));
    size_t count = 0;

    (void)state;
    for (struct token token = lexer_next(&lexer); token.type != TOKEN_END; token = lexer_next(&lexer), count++)
        assert_int_equal(token.line, lines[count]);
    assert_int_equal(count, 6);
}

/* What libconfig takes for an include directive, the lexer must too: libconfig would open the file. */
static void no_include_escapes_that_libconfig_would_follow(void **state)
{
    static const char *const texts[] = {
        "@include \"x\"",       " \t@include\t\"x\"",     "a=1;\n@include \"x\"",         "#\n@include \"x\"",
        "//\n @include \"x\"",  "/*\n*/\n@include \"x\"", "a=\"\n\";\n@include \"\\\"\"", "a=1;\r\n@include \"x\"",
        "\n\n@include \"x\ny\""
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct str out = STR_EMPTY;
        config_t tree;

        config_init(&tree);
        config_set_include_dir(&tree, "/dev/null");
        assert_false(config_read_string(&tree, texts[i]));
        assert_string_equal(config_error_text(&tree), "cannot open include file");
        assert_non_null(strstr(cut(texts[i], &out), "@:"));
        config_destroy(&tree);
        str_finish(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_cut_into_its_words),
        cmocka_unit_test(every_token_has_its_line),
        cmocka_unit_test(no_include_escapes_that_libconfig_would_follow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
