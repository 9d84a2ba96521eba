/* Which variables a plugin host gets. */
#include "environment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

static void what_libraries_need_passes_and_all_else_stays(void **state)
{
    char *variables[] = { "HOME=/root",
                          "PATH=/usr/bin",
                          "PASSWORD=x",
                          "MUSTER_LOG_FORMAT=json",
                          "LC_ALL=C",
                          "LD_PRELOAD=x",
                          "KRB5_CONFIG=/etc",
                          "KRB5_KTNAME=k",
                          "KRB5CCNAMES=no",
                          "TZ=UTC",
                          "CREDENTIALS_DIRECTORY=/run/x",
                          "http_proxy=evil",
                          NULL };
    char **picked = environment_pick(variables);

    (void)state;
    assert_string_equal(picked[0], "PATH=/usr/bin");
    assert_string_equal(picked[1], "MUSTER_LOG_FORMAT=json");
    assert_string_equal(picked[2], "LC_ALL=C");
    assert_string_equal(picked[3], "KRB5_CONFIG=/etc");
    assert_string_equal(picked[4], "KRB5_KTNAME=k");
    assert_string_equal(picked[5], "TZ=UTC");
    assert_null(picked[6]);
    free(picked);
}

static void a_name_must_be_whole(void **state)
{
    char *variables[] = { "PATHS=x", "PAT=x", "PATH", "=PATH", "", "TZ=", NULL };
    char **picked = environment_pick(variables);

    (void)state;
    assert_string_equal(picked[0], "TZ=");
    assert_null(picked[1]);
    free(picked);
}

static void an_empty_environment_stays_empty(void **state)
{
    char *variables[] = { NULL };
    char **picked = environment_pick(variables);

    (void)state;
    assert_null(picked[0]);
    free(picked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_libraries_need_passes_and_all_else_stays),
        cmocka_unit_test(a_name_must_be_whole),
        cmocka_unit_test(an_empty_environment_stays_empty),
    };

    return cmocka_run_group_tests_name("environment", tests, NULL, NULL);
}
