#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wql.h"

#include <string.h>

static void what_would_end_a_constant_is_escaped(void **state)
{
    static const char *const cases[][2] = {
        { "", "''" },
        { "C:\\Program Files\\x\\bin\\msdpm.exe", "'C:\\\\Program Files\\\\x\\\\bin\\\\msdpm.exe'" },
        { "it's", "'it\\'s'" },
        { "x' OR Name = 'y", "'x\\' OR Name = \\'y'" },
        { "say \"so\"", "'say \\\"so\\\"'" },
        { "Gr\xC3\xB6\xC3\x9F"
          "e",
          "'Gr\xC3\xB6\xC3\x9F"
          "e'" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str query = STR_EMPTY;

        assert_true(wql_add_text(&query, cases[i][0]));
        assert_string_equal(str_text(&query), cases[i][1]);
        str_finish(&query);
    }
}

static void what_no_constant_can_hold_is_refused(void **state)
{
    static const char *const cases[] = { "a\nb", "a\x01", "a\x7f" };
    char longest[WQL_MAX_TEXT + 2];
    struct str query = STR_EMPTY;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_false(wql_add_text(&query, cases[i]));
    memset(longest, 'a', sizeof longest);
    longest[WQL_MAX_TEXT + 1] = '\0';
    assert_false(wql_add_text(&query, longest));
    assert_int_equal(query.length, 0);
    longest[WQL_MAX_TEXT] = '\0';
    assert_true(wql_add_text(&query, longest));
    str_finish(&query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_would_end_a_constant_is_escaped),
        cmocka_unit_test(what_no_constant_can_hold_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
