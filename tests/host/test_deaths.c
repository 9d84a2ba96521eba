/* Plugins that die, hang or flood: each costs its scan only, and the reason is told. */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

static const struct trial trials[] = {
    { "a_crash_is_told_with_its_signal", "segfault", .class = ERR_BUG,
      .words = { "died of signal 11", "before its end", "0 items" } },
    { "what_was_said_before_an_abort_is_told", "abort", .class = ERR_BUG,
      .words = { "died of signal 6", "its last words: the balance of this plugin is off by 3" } },
    { "what_was_printed_before_an_abort_is_told", "words", .class = ERR_BUG,
      .words = { "died of signal 6", "its last words: host 9", "about to divide by the number of hosts" } },
    { "a_stack_without_end_ends", "recursion", .class = ERR_BUG, .words = { "died of signal 11" } },
    { "exec_is_refused", "exec", .class = ERR_UNSUPPORTED, .words = { "exec: Operation not permitted" },
      .needs = "seccomp" },
    { "a_plugin_that_became_another_program_has_no_end", "exec", no_seccomp, .class = ERR_BUG,
      .words = { "stopped without an end, after 0 items" } },
    { "a_scan_that_hangs_is_killed_at_its_deadline", "hang", .order = { .deadline_ms = 300 }, .class = ERR_TIMEOUT,
      .words = { "killed at its deadline", "0 items" } },
    { "a_scan_that_computes_is_killed_at_its_deadline", "spin", .order = { .deadline_ms = 300 }, .class = ERR_TIMEOUT,
      .words = { "killed at its deadline" } },
    { "a_scan_that_uses_up_its_processor_time_dies", "spin", .order = { .cpu_s = 1 }, .class = ERR_BUG,
      .words = { "died of signal 24", "used up its processor time" } },
    { "a_scan_that_stopped_itself_is_killed_at_its_deadline", "stop", .order = { .deadline_ms = 300 },
      .class = ERR_TIMEOUT, .words = { "killed at its deadline" } },
    { "of_a_flood_of_log_lines_the_first_thousand_are_kept", "log_flood", .good = true,
      .log = "this scan logs too much: further lines are left out" },
    { "of_a_flood_of_warnings_the_first_thousand_are_kept", "warning_flood", .good = true,
      .warning = "and 199001 more warnings" },
    { "a_flood_on_standard_error_ends_the_scan", "stderr_flood", .class = ERR_BUG,
      .words = { "killed because it flooded standard error", "its last words:", "nobody will ever read this" } },
};

/* A sanitizer looks for leaks at exit, by system calls that are refused to a scan. */
static void an_exit_is_told_with_its_status(void **state)
{
    struct client client;

    (void)state;
    setenv("LSAN_OPTIONS", "detect_leaks=0", 1);
    trial_start(&client, "exit", NULL);
    unsetenv("LSAN_OPTIONS");
    trial_is_bad(&client, client_scan(&client, RUN_SCAN, &usual_order, NULL, 0), ERR_BUG,
                 "exited with status 3 before its end");
    trial_neighbour(&client);
    trial_stop(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_exit_is_told_with_its_status, trial_end),
    };

    return trials_run("deaths", trials, sizeof trials / sizeof trials[0]) +
           cmocka_run_group_tests_name("deaths, in steps", tests, NULL, NULL);
}
