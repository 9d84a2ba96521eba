/* What one scan keeps for the next: in the daemon's memory only. */
#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* How many items say that their scan was given this token. */
static long long given(struct rig *rig, const char *token)
{
    return rig_number(rig, "SELECT count(*) FROM item WHERE json_extract(facts, '$.note') = '%s'", token);
}

static void begin(struct rig *rig)
{
    rig_begin(rig);
    rig_configure(rig, "targets = ( { name = \"t\"; plugin = \"token\"; } );\n");
    rig_start(rig);
    assert_int_equal(rig_muster(rig, "scan", NULL), 0);
    assert_int_equal(given(rig, "no token"), 1);
}

static void a_scan_is_given_what_the_one_before_has_kept(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    assert_int_equal(given(&rig, "session-2"), 1);
    rig_end(&rig);
}

static void a_restart_begins_without_one(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    rig_stop(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    assert_int_equal(given(&rig, "no token"), 1);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scan_is_given_what_the_one_before_has_kept),
        cmocka_unit_test(a_restart_begins_without_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
