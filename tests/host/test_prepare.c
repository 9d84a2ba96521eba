/* Plugins that go wrong in prepare(): refused with a reason, before any scan. */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>

static const struct trial refusals[] = {
    { "a_thread_left_behind_is_refused", "prepare_thread", .class = ERR_BUG,
      .words = { "plugin prepare_thread: prepare() left a thread behind", "start threads in scan()" } },
    { "a_thread_left_behind_by_loading_is_refused", "load_thread", .class = ERR_BUG,
      .words = { "plugin load_thread: loading it left a thread behind" } },
    { "a_socket_left_behind_is_refused", "prepare_socket", .class = ERR_BUG,
      .words = { "prepare() left a socket behind", "open it in scan()" } },
    { "a_process_left_behind_is_refused_and_killed", "prepare_process", .class = ERR_BUG,
      .words = { "prepare() left a process behind" } },
    { "a_crash_is_told_with_its_signal", "prepare_crash", .class = ERR_BUG,
      .words = { "the plugin host died of signal 6", "before the plugin was loaded and prepared" } },
    { "a_crash_while_loading_is_told_with_its_signal", "load_crash", .class = ERR_BUG,
      .words = { "the plugin host died of signal 6", "before the plugin was loaded and prepared" } },
    { "a_preparation_without_end_is_ended", "prepare_hang", .class = ERR_BUG,
      .words = { "loading and preparing the plugin took too long" } },
    { "a_failure_comes_through_in_its_own_words", "prepare_fail", .class = ERR_BUG,
      .words = { "plugin prepare_fail: prepare() failed: the CA store /etc/ssl/certs is empty" } },
    { "a_failure_without_a_word_is_told", "prepare_silent", .class = ERR_BUG,
      .words = { "prepare() failed: it did not say why" } },
    { "a_plugin_that_closes_the_control_socket_ends_the_host", "prepare_close", .class = ERR_BUG,
      .words = { "the plugin host exited with status 1 before the plugin was loaded and prepared" } },
    { "the_last_descriptor_left_open_is_refused", "prepare_high", .class = ERR_BUG,
      .words = { "plugin prepare_high: prepare() left descriptor 63 open", "may have none above it" } },
};

static const struct trial trials[] = {
    { "signals_that_a_plugin_took_are_taken_back", "prepare_signals", .good = true },
    { "timers_that_a_plugin_left_running_do_no_harm", "prepare_timers", .good = true },
    { "descriptors_of_the_host_and_of_other_scans_are_out_of_reach", "descriptors", .good = true },
};

/* SIGTERM too: it was ignored and blocked by the plugin. */
static void a_host_whose_signals_were_taken_can_still_be_stopped(void **state)
{
    struct client client;

    (void)state;
    trial_start(&client, "prepare_signals", NULL);
    assert_int_equal(kill(client.pid, SIGTERM), 0);
    assert_true(client_wait_gone(&client));
    trial_stop(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_host_whose_signals_were_taken_can_still_be_stopped, trial_end),
    };

    return refusals_run("prepare, refused", refusals, sizeof refusals / sizeof refusals[0]) +
           trials_run("prepare, taken", trials, sizeof trials / sizeof trials[0]) +
           cmocka_run_group_tests_name("prepare, in steps", tests, NULL, NULL);
}
