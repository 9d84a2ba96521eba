/* How scans and hosts end: cancelled, drained, stopped, left alone. */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct client client;

static int start(void **state)
{
    (void)state;
    trial_start(&client, "hang", NULL);
    return 0;
}

static struct scan *hanging(void)
{
    return client_scan(&client, RUN_SCAN, &usual_order, NULL, 0);
}

/* The last of the scans that were ordered runs, so that the host has taken all orders. */
static void wait_for_child(void)
{
    pid_t pid;

    assert_true(client_wait_child(&client, &pid));
}

static void closing_the_stream_cancels_a_scan(void **state)
{
    struct scan *scan = hanging();

    (void)state;
    wait_for_child();
    client_cancel(scan);
    trial_is_bad(&client, scan, ERR_SYSTEM, "it was cancelled: the client closed the stream");
    assert_int_equal(scan->exit.reason, EXIT_CANCELLED);
    trial_neighbour(&client);
    trial_stop(&client);
}

static void a_scan_that_was_cancelled_before_it_began_is_gone_too(void **state)
{
    struct scan *scan = client_order(&client, &usual_order);

    (void)state;
    client_cancel(scan);
    trial_is_bad(&client, scan, ERR_SYSTEM, "it was cancelled: the client closed the stream");
    trial_neighbour(&client);
    trial_stop(&client);
}

static void sigterm_stops_all_scans_and_the_host(void **state)
{
    struct scan *scans[3] = { hanging(), hanging(), hanging() };

    (void)state;
    wait_for_child();
    trial_neighbour(&client);
    assert_int_equal(kill(client.pid, SIGTERM), 0);
    for (size_t i = 0; i < 3; i++) {
        trial_is_bad(&client, scans[i], ERR_SYSTEM, "it was stopped together with its plugin host");
        assert_int_equal(scans[i]->exit.reason, EXIT_STOPPING);
    }
    assert_true(client_wait_gone(&client));
    trial_stop(&client);
}

static void a_host_that_is_drained_ends_its_scans_first(void **state)
{
    struct scan *waiting = client_order(&client, &usual_order);

    (void)state;
    client_drain(&client);
    trial_go_on(&client, waiting);
    assert_true(client_wait_gone(&client));
    trial_stop(&client);
}

static void a_host_that_is_drained_and_idle_ends_at_once(void **state)
{
    (void)state;
    client_drain(&client);
    assert_true(client_wait_gone(&client));
    trial_stop(&client);
}

/* A daemon that dies closes the control socket, though others may still have the streams. */
static void a_host_that_is_left_alone_takes_its_scans_along(void **state)
{
    struct scan *scan = hanging();

    (void)state;
    wait_for_child();
    client_leave(&client);
    assert_int_equal(waitpid(client.pid, &client.status, 0), client.pid);
    assert_true(WIFEXITED(client.status) && WEXITSTATUS(client.status) == 0);
    client.gone = true;
    assert_true(scan->stream >= 0);
    trial_stop(&client);
}

/* Its processes come to this one, since it is a reaper of orphans; none may be left. */
static void a_daemon_that_is_killed_leaves_nothing_behind(void **state)
{
    struct err err = ERR_EMPTY;
    pid_t daemon, pid;
    int status;

    (void)state;
    trial_stop(&client);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    daemon = fork();
    if (daemon == 0) {
        if (client_start(&client, trial_path("hang"), NULL, &err) && hanging() != NULL &&
            client_wait_child(&client, &pid))
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(daemon, &status, 0), daemon);
    assert_true(WIFSIGNALED(status));
    while (waitpid(-1, &status, 0) > 0)
        assert_true((WIFEXITED(status) && WEXITSTATUS(status) == 0) || WIFSIGNALED(status));
}

static void a_stream_that_nobody_reads_holds_up_its_own_scan_only(void **state)
{
    const struct client_option many[] = { { "count", "20000" } };
    struct scan *stalled;

    (void)state;
    trial_stop(&client);
    trial_start(&client, "ok", NULL);
    stalled = client_order(&client, &usual_order);
    stalled->stalled = true;
    client_request(stalled, RUN_SCAN, many, 1);
    for (size_t i = 0; i < 10; i++)
        trial_neighbour(&client);
    assert_false(stalled->exited);
    stalled->stalled = false;
    trial_is_good(&client, stalled);
    assert_int_equal(stalled->received.items, 20000);
    trial_stop(&client);
}

static void a_stream_that_nobody_reads_ends_at_its_deadline(void **state)
{
    const struct client_option many[] = { { "count", "20000" } };
    const struct message_order order = { .deadline_ms = 500, .memory_mb = 256, .cpu_s = 60 };
    struct scan *stalled;

    (void)state;
    trial_stop(&client);
    trial_start(&client, "ok", NULL);
    stalled = client_order(&client, &order);
    stalled->stalled = true;
    client_request(stalled, RUN_SCAN, many, 1);
    trial_is_bad(&client, stalled, ERR_TIMEOUT, "it was killed at its deadline");
    trial_neighbour(&client);
    trial_stop(&client);
}

/* The control socket is closed before the host has its first word. */
static void a_host_that_was_alone_from_the_start_ends(void **state)
{
    int ends[2], status;
    pid_t pid;

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    close(ends[0]);
    pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDIN_FILENO);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execl(HOST_PROGRAM, HOST_PROGRAM, "--serve", trial_path("ok"), (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, trial_end)
    const struct CMUnitTest tests[] = {
        TEST(closing_the_stream_cancels_a_scan),
        TEST(a_scan_that_was_cancelled_before_it_began_is_gone_too),
        TEST(sigterm_stops_all_scans_and_the_host),
        TEST(a_host_that_is_drained_ends_its_scans_first),
        TEST(a_host_that_is_drained_and_idle_ends_at_once),
        TEST(a_host_that_is_left_alone_takes_its_scans_along),
        TEST(a_daemon_that_is_killed_leaves_nothing_behind),
        TEST(a_stream_that_nobody_reads_holds_up_its_own_scan_only),
        TEST(a_stream_that_nobody_reads_ends_at_its_deadline),
        cmocka_unit_test_teardown(a_host_that_was_alone_from_the_start_ends, trial_end),
    };

    return cmocka_run_group_tests_name("stopping", tests, NULL, NULL);
}
