#include "vcfleet_test.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void it_is_ready_and_tells_how_to_reach_it(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "3", NULL);

    (void)state;
    assert_int_equal(strncmp(vcfleet_fact(fleet, VCFLEET_URL), "https://127.0.0.1:", 18), 0);
    assert_int_equal(strlen(vcfleet_fact(fleet, VCFLEET_FINGERPRINT)), 95);
    assert_int_equal(access(vcfleet_fact(fleet, VCFLEET_CA_FILE), R_OK), 0);
    assert_int_equal(vcfleet_machines(fleet), 9);
    vcfleet_stop(fleet);
}

static void it_ends_and_takes_its_files_along(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "1", NULL);
    char *file = strdup(vcfleet_fact(fleet, VCFLEET_CA_FILE));
    pid_t pid = vcfleet_pid(fleet);

    (void)state;
    vcfleet_stop(fleet);
    assert_int_equal(access(file, F_OK), -1);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(errno, ESRCH);
    free(file);
}

/* The child stands for a test that is killed in the middle. */
static void it_does_not_outlive_who_started_it(void **state)
{
    struct pollfd ended = { .events = POLLIN };
    int report[2];
    pid_t child, pid = 0;

    (void)state;
    assert_int_equal(pipe(report), 0);
    child = fork();
    if (child == 0) {
        struct vcfleet *fleet = vcfleet_start(NULL, NULL);

        pid = fleet == NULL ? 0 : vcfleet_pid(fleet);
        if (write(report[1], &pid, sizeof pid) != sizeof pid)
            _exit(1);
        pause();
    }
    close(report[1]);
    assert_int_equal(read(report[0], &pid, sizeof pid), sizeof pid);
    close(report[0]);
    assert_true(pid > 0);
    ended.fd = pidfd_open(pid, 0);
    assert_true(ended.fd >= 0);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(poll(&ended, 1, PEER_REPLY_MS), 1);
    close(ended.fd);
}

static void a_wrong_option_is_an_error_and_no_peer(void **state)
{
    static const char *const options[] = { "-vm", "many", NULL };
    struct err err = ERR_EMPTY;

    (void)state;
    assert_null(vcfleet_start(options, &err));
    assert_int_equal(err.class, ERR_SYSTEM);
    assert_non_null(strstr(err.text, "did not start"));
}

static void commands_are_answered_and_mistakes_are_told(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "2", NULL);
    struct err err = ERR_EMPTY;

    (void)state;
    assert_non_null(strstr(vcfleet_tell(fleet, "names VirtualMachine"), "DC0_H0_VM1"));
    vcfleet_tell(fleet, "add-vm\tweb 01\tcentos7_64Guest");
    assert_non_null(strstr(vcfleet_tell(fleet, "names VirtualMachine"), "web 01"));
    assert_null(vcfleet_command(fleet, "power-off nobody", &err));
    assert_int_equal(err.class, ERR_CONFIG);
    assert_non_null(strstr(err.text, "0 objects are called nobody"));
    assert_null(vcfleet_command(fleet, "rename one", &err));
    assert_non_null(strstr(err.text, "usage: rename NAME NEW"));
    assert_null(vcfleet_command(fleet, "make-coffee", &err));
    assert_non_null(strstr(err.text, "no command make-coffee"));
    assert_int_equal(vcfleet_requests(fleet, NULL), 0);
    assert_int_equal(vcfleet_requests(fleet, "Login"), 0);
    assert_int_equal(vcfleet_sessions(fleet), 0);
    vcfleet_stop(fleet);
}

static void one_that_died_is_told_and_harms_nobody(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "1", NULL);
    struct err err = ERR_EMPTY;

    (void)state;
    kill(vcfleet_pid(fleet), SIGTERM);
    assert_int_equal(waitid(P_PID, (id_t)vcfleet_pid(fleet), &(siginfo_t){ 0 }, WEXITED | WNOWAIT), 0);
    assert_null(vcfleet_command(fleet, "count", &err));
    assert_int_equal(err.class, ERR_SYSTEM);
    vcfleet_stop(fleet);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_ready_and_tells_how_to_reach_it),
        cmocka_unit_test(it_ends_and_takes_its_files_along),
        cmocka_unit_test(it_does_not_outlive_who_started_it),
        cmocka_unit_test(a_wrong_option_is_an_error_and_no_peer),
        cmocka_unit_test(one_that_died_is_told_and_harms_nobody),
        cmocka_unit_test(commands_are_answered_and_mistakes_are_told),
    };

    if (vcfleet_absent() != 0)
        return vcfleet_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
