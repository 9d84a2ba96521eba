/* A configuration that changes under runs in flight. */
#include "rig.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static size_t times_in_log(struct rig *rig, const char *text)
{
    char *log = rig_read(rig, "log");
    size_t count = 0;

    for (const char *at = log; (at = strstr(at, text)) != NULL; at += strlen(text))
        count++;
    free(log);
    return count;
}

/* A target that a test only waits for is due each second: the first scan of any other may take a minute to begin. */
static void start_with(struct rig *rig, const char *targets)
{
    rig_begin(rig);
    rig_configure(rig, "targets = ( %s );\n", targets);
    rig_start(rig);
}

static void reload_with(struct rig *rig, const char *targets)
{
    rig_configure(rig, "targets = ( %s );\n", targets);
    assert_int_equal(rig_muster(rig, "reload", NULL), 0);
}

/* As far as the moment at which the daemon has begun to look at the new configuration. */
static void begin_reload_with(struct rig *rig, const char *targets)
{
    rig_configure(rig, "targets = ( %s );\n", targets);
    assert_int_equal(kill(rig->daemon, SIGHUP), 0);
    rig_await(rig, "RELOADING=1");
}

static void a_run_with_options_that_are_changed_begins_anew_and_who_waits_waits_on(void **state)
{
    struct rig rig;
    pid_t waiting;

    (void)state;
    start_with(&rig, "{ name = \"a\"; plugin = \"hang\"; }");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "a: begun");
    reload_with(&rig, "{ name = \"a\"; plugin = \"hang\"; options = { well = true; }; }");
    assert_int_equal(rig_end_of(waiting), 0);
    assert_int_equal(times_in_log(&rig, "a: begun"), 2);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM target WHERE result = 'complete'"), 1);
    rig_end(&rig);
}

/* The database wakes the one that had the name before, so the run of the other is not its run. */
static void a_name_that_was_there_before_does_not_take_over_the_run_of_another(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, "{ name = \"b\"; plugin = \"ok\"; }");
    reload_with(&rig, "{ name = \"a\"; plugin = \"hang\"; every = \"1s\"; }");
    rig_await_text(&rig, "log", "a: begun");
    reload_with(&rig, "{ name = \"b\"; was = \"a\"; plugin = \"hang\"; every = \"1s\"; }");
    rig_await_text(&rig, "log", "b: begun");
    rig_end(&rig);
}

static void a_target_that_goes_and_comes_back_under_its_run_is_scanned(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, "{ name = \"a\"; plugin = \"hang\"; every = \"1s\"; }, { name = \"z\"; plugin = \"ok\"; }");
    rig_await_text(&rig, "log", "a: begun");
    reload_with(&rig, "{ name = \"z\"; plugin = \"ok\"; }");
    assert_int_equal(rig_muster(&rig, "status", NULL), 0);
    assert_null(strstr(rig.out, "hang"));
    reload_with(&rig, "{ name = \"a\"; plugin = \"hang\"; options = { well = true; }; }");
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    assert_int_equal(rig_muster(&rig, "scan", "z", NULL), 64);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

static void who_waits_for_a_target_that_goes_is_told(void **state)
{
    struct rig rig;
    pid_t waiting;

    (void)state;
    start_with(&rig, "{ name = \"a\"; plugin = \"hang\"; }");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "a: begun");
    reload_with(&rig, "{ name = \"b\"; plugin = \"ok\"; }");
    assert_int_equal(rig_end_of(waiting), 1);
    rig_end(&rig);
}

static void a_stop_in_the_middle_of_a_reload_ends_both(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, "{ name = \"a\"; plugin = \"hang\"; every = \"1s\"; }");
    rig_await_text(&rig, "log", "a: begun");
    begin_reload_with(&rig, "{ name = \"b\"; plugin = \"prepare_hang\"; }");
    rig_stop(&rig);
    rig_end(&rig);
}

static void while_a_new_configuration_is_looked_at_scans_go_on(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, "{ name = \"a\"; plugin = \"ok\"; }");
    begin_reload_with(&rig, "{ name = \"b\"; plugin = \"prepare_hang\"; }");
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    rig_end(&rig);
}

static void a_signal_during_a_reload_is_another_reload_after_it(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, "{ name = \"a\"; plugin = \"ok\"; }");
    assert_int_equal(kill(rig.daemon, SIGHUP), 0);
    rig_await(&rig, "RELOADING=1");
    rig_configure(&rig, "targets = ( { name = \"b\"; plugin = \"ok\"; } );\n");
    assert_int_equal(kill(rig.daemon, SIGHUP), 0);
    rig_await(&rig, "READY=1");
    rig_await(&rig, "RELOADING=1");
    rig_await(&rig, "READY=1");
    assert_int_equal(rig_muster(&rig, "scan", "b", NULL), 0);
    rig_end(&rig);
}

/* A process that a plugin has left behind holds the other end of what the check's output is read from. */
static void a_check_that_leaves_a_process_behind_ends_all_the_same(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, "{ name = \"a\"; plugin = \"ok\"; }");
    rig_configure(&rig, "targets = ( { name = \"b\"; plugin = \"prepare_process\"; } );\n");
    (void)rig_muster(&rig, "reload", NULL);
    reload_with(&rig, "{ name = \"c\"; plugin = \"ok\"; }");
    assert_int_equal(rig_muster(&rig, "scan", "c", NULL), 0);
    rig_stop(&rig);
    rig_end(&rig);
}

static void the_check_says_nothing_to_the_service_manager(void **state)
{
    struct rig rig;
    char text[4096];
    ssize_t size;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig, "targets = ( { name = \"a\"; plugin = \"ok\"; } );\n");
    rig_spawn(&rig, "--check-config");
    assert_int_equal(rig_wait(&rig), 0);
    size = recv(rig.notify, text, sizeof text, MSG_DONTWAIT);
    assert_int_equal(size, -1);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_with_options_that_are_changed_begins_anew_and_who_waits_waits_on),
        cmocka_unit_test(a_name_that_was_there_before_does_not_take_over_the_run_of_another),
        cmocka_unit_test(a_target_that_goes_and_comes_back_under_its_run_is_scanned),
        cmocka_unit_test(who_waits_for_a_target_that_goes_is_told),
        cmocka_unit_test(a_stop_in_the_middle_of_a_reload_ends_both),
        cmocka_unit_test(while_a_new_configuration_is_looked_at_scans_go_on),
        cmocka_unit_test(a_signal_during_a_reload_is_another_reload_after_it),
        cmocka_unit_test(a_check_that_leaves_a_process_behind_ends_all_the_same),
        cmocka_unit_test(the_check_says_nothing_to_the_service_manager),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
