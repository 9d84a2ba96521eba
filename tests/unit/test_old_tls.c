#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "old_tls.h"

static void what_came_before_1_2_is_old(void **state)
{
    (void)state;
    assert_true(old_tls_is("TLSv1"));
    assert_true(old_tls_is("TLSv1.0"));
    assert_true(old_tls_is("TLSv1.1"));
}

static void what_is_newer_or_no_version_is_not(void **state)
{
    static const char *const words[] = { "TLSv1.2", "TLSv1.3", "TLSv1.10", "TLSv", "", "tlsv1", " TLSv1", "TLSv1 " };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_false(old_tls_is(words[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_before_1_2_is_old),
        cmocka_unit_test(what_is_newer_or_no_version_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
