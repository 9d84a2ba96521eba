/* What the other tests here stand on. */
#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void all_that_was_started_ends_with_the_test_that_started_it(void **state)
{
    struct rig rig;
    pid_t test;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig, "targets = ( { name = \"a\"; plugin = \"hang\"; } );\n");
    test = fork();
    assert_true(test >= 0);
    if (test == 0) {
        rig_start(&rig);
        rig_scan_in_background(&rig);
        rig_await_text(&rig, "log", "a: begun");
        _exit(0);
    }
    assert_int_equal(rig_end_of(test), 0);
    rig_assert_alone();
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_was_started_ends_with_the_test_that_started_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
