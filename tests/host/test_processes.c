/* Plugins that start processes or reach for others: refused where the kernel has seccomp, cleaned up where not. */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/landlock.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define REFUSED(what) .class = ERR_UNSUPPORTED, .words = { what ": Operation not permitted" }, .needs = "seccomp"

static const struct trial trials[] = {
    { "fork_is_refused", "fork", REFUSED("fork") },
    { "a_fork_bomb_is_held", "bomb", .class = ERR_UNSUPPORTED, .words = { "0 processes came of it" },
      .needs = "seccomp" },
    { "a_fork_bomb_without_seccomp_is_swept_up", "bomb", no_seccomp, .class = ERR_UNSUPPORTED,
      .words = { "processes came of it" } },
    { "a_child_that_holds_the_stream_does_not_hold_up_the_scan", "grandchild", no_seccomp, .good = true },
    { "a_daemon_is_swept_up", "daemon", no_seccomp, .good = true },
    { "four_generations_are_swept_up", "family", no_seccomp, .good = true },
    { "threads_work", "threads", .good = true, .note = "the sum is 40" },
    { "a_crowd_of_threads_is_killed", "crowd", .class = ERR_BUG, .words = { "it started too many threads" } },
    { "what_others_share_is_out_of_reach", "reach", .good = true, .needs = "seccomp" },
    { "the_host_cannot_be_killed", "kill_host", REFUSED("kill") },
    { "a_socket_cannot_send_signals", "signal_host", REFUSED("fcntl") },
    { "the_limits_of_the_host_cannot_be_set", "limit_host", REFUSED("prlimit") },
    { "limits_cannot_be_raised", "raise_limit", REFUSED("setrlimit") },
    { "the_hosts_death_cannot_be_outlived", "outlive", REFUSED("prctl") },
    { "the_host_cannot_be_traced", "trace", REFUSED("ptrace") },
};

static void a_neighbour_cannot_be_killed(void **state)
{
    struct client client;
    struct client_option option = { "pid", NULL };
    struct scan *neighbour;
    char text[16];
    pid_t pid = 0;

    (void)state;
    trial_start(&client, "kill_neighbour", NULL);
    trial_needs(&client, "seccomp");
    neighbour = client_order(&client, &usual_order);
    assert_true(client_wait_child(&client, &pid));
    snprintf(text, sizeof text, "%d", (int)pid);
    option.value = text;
    trial_is_bad(&client, client_scan(&client, RUN_SCAN, &usual_order, &option, 1), ERR_UNSUPPORTED,
                 "kill: Operation not permitted");
    trial_go_on(&client, neighbour);
    trial_stop(&client);
}

/* The orphans of the last scan die one generation after the other. */
static void a_host_that_is_drained_leaves_no_orphan(void **state)
{
    struct client client;
    struct scan *scan;

    (void)state;
    trial_start(&client, "family", no_seccomp);
    scan = client_scan(&client, RUN_SCAN, &usual_order, NULL, 0);
    client_drain(&client);
    trial_is_good(&client, scan);
    assert_true(client_wait_gone(&client));
    trial_stop(&client);
}

/* From its sixth ABI on, Landlock keeps signals in by itself. */
static void landlock_alone_saves_the_host_from_being_killed(void **state)
{
    struct client client;

    (void)state;
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < 6) {
        print_message("skipped: the Landlock of this kernel does not know signals\n");
        skip();
    }
    trial_start(&client, "kill_host", no_seccomp);
    trial_is_bad(&client, client_scan(&client, RUN_SCAN, &usual_order, NULL, 0), ERR_UNSUPPORTED,
                 "kill: Operation not permitted");
    trial_neighbour(&client);
    trial_stop(&client);
}

/* Without any confinement the host dies, and all of its scans with it: no process is left. */
static void a_host_that_was_killed_takes_its_scans_along(void **state)
{
    struct client client;
    struct scan *neighbours[3];

    (void)state;
    trial_start(&client, "kill_host", no_confinement);
    for (size_t i = 0; i < 3; i++)
        neighbours[i] = client_order(&client, &usual_order);
    trial_is_bad(&client, client_scan(&client, RUN_SCAN, &usual_order, NULL, 0), ERR_BUG, "the plugin host died");
    for (size_t i = 0; i < 3; i++)
        trial_is_bad(&client, neighbours[i], ERR_BUG, "the plugin host died, and the scan with it");
    assert_true(client_wait_gone(&client));
    assert_true(WIFSIGNALED(client.status) && WTERMSIG(client.status) == SIGKILL);
    assert_string_equal(client_stop(&client), "the host did not exit with status 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_neighbour_cannot_be_killed, trial_end),
        cmocka_unit_test_teardown(a_host_that_is_drained_leaves_no_orphan, trial_end),
        cmocka_unit_test_teardown(landlock_alone_saves_the_host_from_being_killed, trial_end),
        cmocka_unit_test_teardown(a_host_that_was_killed_takes_its_scans_along, trial_end),
    };

    return trials_run("processes", trials, sizeof trials / sizeof trials[0]) +
           cmocka_run_group_tests_name("processes, in steps", tests, NULL, NULL);
}
