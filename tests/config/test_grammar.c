/* The grammar takes what libconfig takes, and refuses what libconfig refuses: both are asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "grammar.h"
#include "str.h"

#include <libconfig.h>
#include <string.h>

/* libconfig loses the texts before a syntax error. This program alone lets it come that far. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libconfig\nleak:strbuf_append\n";
}

static bool grammar_accepts(const char *text, struct err *err)
{
    struct source source = { .name = "", .text = { .bytes = (char *)text, .length = strlen(text) } };
    struct lexer lexer = lexer_start(text, strlen(text));
    struct token token = { 0 };
    struct grammar grammar;

    grammar_start(&grammar, &source);
    while (token.type != TOKEN_END) {
        token = lexer_next(&lexer);
        if (!grammar_take(&grammar, &token, err))
            return false;
    }
    return true;
}

static bool libconfig_accepts(const char *text)
{
    config_t tree;
    bool accepts;

    config_init(&tree);
    accepts = config_read_string(&tree, text) == CONFIG_TRUE;
    config_destroy(&tree);
    return accepts;
}

static void both_agree(const char *text)
{
    struct err err = ERR_EMPTY;
    bool ours = grammar_accepts(text, &err);

    if (ours != libconfig_accepts(text))
        fail_msg("%s: %s, but libconfig %s it", text, ours ? "accepted" : err.text, ours ? "refuses" : "accepts");
}

static const char *const words[] = { "=", ":", "1", "2L", "1.5", "true", "\"s\"", "{", "}",
                                     "(", ")", "[", "]",  ",",   ";",    "?",     "n" };

#define WORDS (sizeof words / sizeof words[0])

/* So many words, chosen by the digits of the number. No name comes twice. */
static void write_words(struct str *out, uint64_t number, int count)
{
    for (int i = 0; i < count; i++, number /= WORDS) {
        const char *word = words[number % WORDS];

        if (word[0] == 'n')
            str_format(out, " n%d", i);
        else
            str_format(out, " %s", word);
    }
}

/* Every text of up to four words, behind each of a few beginnings. */
static void they_agree_on_all_short_texts(void **state)
{
    static const char *const starts[] = { "",        "a =",     "a = (", "a = [",      "a = {",
                                          "a = ( 1", "a = [ 1", "a = 1", "a = [ \"x\"" };
    struct str text = STR_EMPTY;

    (void)state;
    for (size_t start = 0; start < sizeof starts / sizeof starts[0]; start++) {
        uint64_t many = 1;

        for (int count = 0; count <= 3; count++, many *= WORDS) {
            for (uint64_t number = 0; number < many; number++) {
                str_clear(&text);
                str_add(&text, starts[start]);
                write_words(&text, number, count);
                both_agree(str_text(&text));
            }
        }
    }
    str_finish(&text);
}

/* Longer ones, which keep to the grammar as far as their beginning does: a word that does not fit is seldom kept. */
static void they_agree_on_long_texts(void **state)
{
    uint64_t seed = 88172645463325252u;
    struct str text = STR_EMPTY, longer = STR_EMPTY;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        str_clear(&text);
        for (int step = 0; step < 60; step++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            str_clear(&longer);
            str_add(&longer, str_text(&text));
            if (seed % WORDS == WORDS - 1)
                str_format(&longer, " n%d", step);
            else
                write_words(&longer, seed % WORDS, 1);
            if (libconfig_accepts(str_text(&longer)) || seed % 7 == 0) {
                str_clear(&text);
                str_add(&text, str_text(&longer));
            }
            both_agree(str_text(&longer));
        }
    }
    str_finish(&text);
    str_finish(&longer);
}

static const struct {
    const char *text, *sentence;
} cases[] = {
    { "1", "expected a setting such as name = \"vc01\";, not a number" },
    { "true = 1;", "expected a setting such as name" },
    { "a 1", "expected = behind the name, not a number" },
    { "a = ;", "expected a value, not ;" },
    { "a = word;", "expected a value, not a word without quotes; a text stands in quotes" },
    { "a = [ { } ];", "expected a value, not {" },
    { "a = [ 1, 2L ];", "what stands between [ and ] is of one kind" },
    { "a = ( 1 2 );", "a comma is missing before a number" },
    { "a = ( 1; 2 );", "expected a comma or ), not ;" },
    { "a = ( , );", "expected a value, not ," },
    { "a = ( 1, );", "there is a comma before this ) and nothing behind it" },
    { "a = 1 2;", "expected ; behind the value, not a number" },
    { "a = 1;;", "expected a setting such as name = \"vc01\";, not ;" },
    { "a =", "expected a value, not the end of the file" },
    { "a", "expected = behind the name, not the end of the file" },
    { "a = { b = 1;", "the bracket that opens here is never closed: } is missing" },
    { "a = { b = 1; ) ", "expected }, not )" },
    { "a = \x01;", "expected a value, not a character that has no meaning here" },
    { "a = @include \"b\"", "expected a value, not @" },
};

static void each_error_has_its_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = ERR_EMPTY;

        assert_false(grammar_accepts(cases[i].text, &err));
        if (strstr(err.text, cases[i].sentence) == NULL)
            fail_msg("%s: %s", cases[i].text, err.text);
        assert_memory_equal(err.text, "syntax error: ", 14);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_agree_on_all_short_texts),
        cmocka_unit_test(they_agree_on_long_texts),
        cmocka_unit_test(each_error_has_its_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
