/* What tokens hold on targets is given back when the daemon ends, as far as there is time. */
#include "sessions.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define AT_ONCE 16 /* releases, as daemon/run/handback.h has it */

static void a_stop_gives_all_back(void **state)
{
    enum { MANY = 3 * AT_ONCE };
    char name[16];
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    sessions_order(&rig, "well 1 well");
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "t%d", i);
        sessions_add_one(&rig, name, "");
    }
    sessions_configure(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "gave back session-1"), MANY);
    assert_int_equal(sessions_count(&rig, "its token was given back"), MANY);
    sessions_end(&rig);
}

static void a_stop_waits_for_no_release_that_hangs(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    sessions_order(&rig, "well 1 hang");
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "t: gave back session-1"), 1);
    assert_int_equal(sessions_count(&rig, "could not be given back: "), 1);
    sessions_end(&rig);
}

static void those_that_find_no_room_before_the_end_are_told(void **state)
{
    char name[16];
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    sessions_order(&rig, "well 1 well");
    for (int i = 0; i <= AT_ONCE; i++) {
        snprintf(name, sizeof name, "t%d", i);
        sessions_add_one(&rig, name, "");
    }
    sessions_configure(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    sessions_order(&rig, "well 1 hang");
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "could not be given back: the daemon has no more time for it"), 1);
    assert_int_equal(sessions_count(&rig, "could not be given back: "), AT_ONCE + 1);
    sessions_end(&rig);
}

static void a_scan_in_flight_is_ended_in_time_to_give_back_what_it_has(void **state)
{
    struct rig rig;
    pid_t waiting;

    (void)state;
    sessions_begin(&rig);
    sessions_order(&rig, "hang 2 well");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "t: kept session-2");
    sessions_stop(&rig);
    assert_int_equal(rig_end_of(waiting), 1);
    assert_int_equal(sessions_count(&rig, "t: gave back session-2"), 1);
    assert_int_equal(sessions_count(&rig, "t: its token was given back"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM journal WHERE kind = 'scan'"), 1);
    sessions_end(&rig);
}

/* The disk is full: the log of the daemon, which is in a file too, stays below. */
static void what_cannot_be_stored_keeps_no_stop(void **state)
{
    struct rlimit tight = { 16384, 16384 };
    struct rig rig;
    pid_t waiting;

    (void)state;
    sessions_begin(&rig);
    assert_int_equal(prlimit(rig.daemon, RLIMIT_FSIZE, &tight, NULL), 0);
    sessions_order(&rig, "well 2 well");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "muster.db: ");
    sessions_stop(&rig);
    assert_int_equal(rig_end_of(waiting), 1);
    assert_int_equal(sessions_count(&rig, "could not be given back: the daemon has no more time for it"), 1);
    assert_int_equal(sessions_count(&rig, "gave back"), 0);
    sessions_end(&rig);
}

static void kill_host(struct rig *rig)
{
    const char *pid;

    assert_int_equal(rig_muster(rig, "--format", "json", "status", NULL), 0);
    pid = strstr(rig->out, "\"pid\":");
    assert_non_null(pid);
    /* The first is the daemon's own. */
    pid = strstr(pid + 1, "\"pid\":");
    assert_non_null(pid);
    assert_int_equal(kill((pid_t)strtol(pid + 6, NULL, 10), SIGKILL), 0);
}

static void without_a_host_a_stop_gives_nothing_back(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    kill_host(&rig);
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "t: what its token holds on the target could not be given back: "), 1);
    sessions_end(&rig);
}

static void what_a_scan_had_whose_host_died_is_given_back_by_the_next_host(void **state)
{
    struct rig rig;
    pid_t waiting;

    (void)state;
    sessions_begin(&rig);
    sessions_order(&rig, "hang 2 well");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "t: kept session-2");
    sessions_order(&rig, "well 3 well");
    kill_host(&rig);
    assert_int_equal(rig_end_of(waiting), 0);
    rig_await_text(&rig, "log", "t: gave back session-2");
    assert_int_equal(sessions_count(&rig, "t: given nothing"), 2);
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "t: gave back session-3"), 1);
    sessions_end(&rig);
}

static void a_single_pass_gives_back_at_its_end(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    sessions_order(&rig, "well 1 well");
    sessions_add_one(&rig, "t", "");
    sessions_add_one(&rig, "u", "");
    sessions_configure(&rig);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    assert_int_equal(sessions_count(&rig, "t: gave back session-1"), 1);
    assert_int_equal(sessions_count(&rig, "u: gave back session-1"), 1);
    assert_int_equal(sessions_count(&rig, "its token was given back"), 2);
    sessions_end(&rig);
}

static void a_pass_is_good_whatever_becomes_of_its_releases(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    sessions_order(&rig, "well 1 die");
    sessions_add_one(&rig, "t", "");
    sessions_configure(&rig);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    assert_int_equal(sessions_count(&rig, "could not be given back: "), 1);
    sessions_end(&rig);
}

static void a_daemon_that_is_killed_leaves_no_process(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    sessions_scan(&rig, "fail 0 hang", 1);
    rig_await_text(&rig, "log", "t: gave back session-1");
    rig_kill(&rig);
    rig_assert_alone();
    rig_start(&rig);
    sessions_scan(&rig, "well 1 well", 0);
    sessions_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stop_gives_all_back),
        cmocka_unit_test(a_stop_waits_for_no_release_that_hangs),
        cmocka_unit_test(those_that_find_no_room_before_the_end_are_told),
        cmocka_unit_test(a_scan_in_flight_is_ended_in_time_to_give_back_what_it_has),
        cmocka_unit_test(what_cannot_be_stored_keeps_no_stop),
        cmocka_unit_test(without_a_host_a_stop_gives_nothing_back),
        cmocka_unit_test(what_a_scan_had_whose_host_died_is_given_back_by_the_next_host),
        cmocka_unit_test(a_single_pass_gives_back_at_its_end),
        cmocka_unit_test(a_pass_is_good_whatever_becomes_of_its_releases),
        cmocka_unit_test(a_daemon_that_is_killed_leaves_no_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
