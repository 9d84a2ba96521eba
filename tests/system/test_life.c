/* The daemon's life: start, one pass, status, a second one, stop, and what happens to the runs in flight. */
#include "rig.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void configure_demo(struct rig *rig)
{
    rig_configure(rig, "targets = ( { name = \"fleet\"; plugin = \"file\"; options = { path = \"" DEMO
                       "/fleet.jsonl\"; }; },\n"
                       " { name = \"rvtools\"; plugin = \"file\"; options = { path = \"" DEMO "/rvtools\"; }; } );\n");
}

static void one_pass_over_the_demo_fleet_ends_well_and_can_be_asked_for(void **state)
{
    struct rig rig;
    char *out;

    (void)state;
    rig_begin(&rig);
    configure_demo(&rig);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    out = rig_read(&rig, "out");
    assert_string_equal(out, "2 targets: 2 scanned, 0 failed\n");
    free(out);
    rig_assert_whole(&rig);
    /* The daemon is down: what reads the database works all the same. */
    assert_int_equal(rig_muster(&rig, "list", "--inventory", NULL), 0);
    assert_non_null(strstr(rig.out, "RTM-MABS01"));
    assert_int_equal(rig_muster(&rig, "summary", NULL), 0);
    assert_int_equal(rig_muster(&rig, "show", "VDI-0022", NULL), 0);
    assert_int_equal(rig_muster(&rig, "history", NULL), 0);
    assert_int_equal(rig_muster(&rig, "status", NULL), 1);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    assert_non_null(strstr(rig.err, "musterd"));
    rig_end(&rig);
}

static void a_second_pass_without_changes_writes_no_item_and_no_history(void **state)
{
    long long history, items;
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    configure_demo(&rig);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    history = rig_number(&rig, "SELECT count(*) FROM history");
    items = rig_number(&rig, "SELECT sum(changed_at) FROM item");
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM history"), history);
    assert_true(rig_number(&rig, "SELECT sum(changed_at) FROM item") == items);
    rig_end(&rig);
}

static void a_pass_with_a_failing_target_says_so_by_its_status(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig, "targets = ( { name = \"good\"; plugin = \"ok\"; }, { name = \"bad\"; plugin = \"fail\"; },\n"
                        " { name = \"dies\"; plugin = \"segfault\"; } );\n");
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM target WHERE result = 'complete'"), 1);
    assert_int_equal(
        rig_number(&rig, "SELECT count(*) FROM target WHERE result = 'bug' AND message LIKE '%%signal 11%%'"), 1);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

static void a_second_daemon_on_the_database_is_refused_with_the_first_ones_number(void **state)
{
    struct rig rig;
    pid_t first;
    char pid[32], *log;

    (void)state;
    rig_begin(&rig);
    configure_demo(&rig);
    rig_start(&rig);
    first = rig.daemon;
    rig_spawn(&rig, NULL);
    assert_int_equal(rig_wait(&rig), 1);
    rig.daemon = first;
    snprintf(pid, sizeof pid, "%d", (int)first);
    log = rig_read(&rig, "log");
    assert_non_null(strstr(log, pid));
    free(log);
    rig_end(&rig);
}

static void status_tells_of_daemon_plugins_and_targets(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    configure_demo(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    assert_int_equal(rig_muster(&rig, "status", NULL), 0);
    assert_non_null(strstr(rig.out, "fleet"));
    assert_non_null(strstr(rig.out, "rvtools"));
    assert_int_equal(rig_muster(&rig, "--format", "json", "status", NULL), 0);
    assert_int_equal(rig.out[0], '{');
    rig_end(&rig);
}

static void an_unknown_target_is_a_usage_error_that_names_the_nearest(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    configure_demo(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "fleat", NULL), 64);
    assert_non_null(strstr(rig.err, "fleet"));
    rig_end(&rig);
}

static void a_stop_cancels_the_runs_in_flight_and_tells_who_waits(void **state)
{
    struct rig rig;
    pid_t waiting;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig, "targets = ( { name = \"slow\"; plugin = \"hang\"; every = \"1h\"; } );\n");
    rig_start(&rig);
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "slow: begun");
    assert_int_equal(kill(rig.daemon, SIGTERM), 0);
    assert_int_equal(rig_end_of(waiting), 1);
    assert_int_equal(rig_wait(&rig), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM journal WHERE kind = 'scan'"), 0);
    rig_end(&rig);
}

static void a_run_at_its_deadline_is_a_failure_with_a_reason(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig, "targets = ( { name = \"slow\"; plugin = \"hang\"; deadline = \"1s\"; } );\n");
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "slow", NULL), 1);
    assert_non_null(strstr(rig.out, "deadline"));
    rig_end(&rig);
}

static void a_target_that_keeps_killing_its_runs_is_quarantined_over_a_restart(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_configure(
        &rig, "targets = ( { name = \"poison\"; plugin = \"segfault\"; }, { name = \"good\"; plugin = \"ok\"; } );\n");
    rig_start(&rig);
    for (int i = 0; i < 3; i++)
        assert_int_equal(rig_muster(&rig, "scan", "poison", NULL), 1);
    assert_int_equal(rig_muster(&rig, "scan", "good", NULL), 0);
    assert_int_equal(rig_number(&rig, "SELECT quarantined FROM target WHERE name = 'poison'"), 1);
    rig_stop(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "status", NULL), 0);
    assert_non_null(strstr(rig.out, "quarantined"));
    assert_int_equal(rig_number(&rig, "SELECT quarantined FROM target WHERE name = 'poison'"), 1);
    rig_end(&rig);
}

static void the_doctor_tells_its_steps(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    configure_demo(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "doctor", "fleet", NULL), 0);
    assert_int_equal(rig_muster(&rig, "doctor", "nobody", NULL), 64);
    rig_end(&rig);
}

static void the_watchdog_is_fed(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    configure_demo(&rig);
    setenv("WATCHDOG_USEC", "200000", 1);
    rig_start(&rig);
    unsetenv("WATCHDOG_USEC");
    rig_await(&rig, "WATCHDOG=1");
    rig_await(&rig, "WATCHDOG=1");
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_pass_over_the_demo_fleet_ends_well_and_can_be_asked_for),
        cmocka_unit_test(a_second_pass_without_changes_writes_no_item_and_no_history),
        cmocka_unit_test(a_pass_with_a_failing_target_says_so_by_its_status),
        cmocka_unit_test(a_second_daemon_on_the_database_is_refused_with_the_first_ones_number),
        cmocka_unit_test(status_tells_of_daemon_plugins_and_targets),
        cmocka_unit_test(an_unknown_target_is_a_usage_error_that_names_the_nearest),
        cmocka_unit_test(a_stop_cancels_the_runs_in_flight_and_tells_who_waits),
        cmocka_unit_test(a_run_at_its_deadline_is_a_failure_with_a_reason),
        cmocka_unit_test(a_target_that_keeps_killing_its_runs_is_quarantined_over_a_restart),
        cmocka_unit_test(the_doctor_tells_its_steps),
        cmocka_unit_test(the_watchdog_is_fed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
