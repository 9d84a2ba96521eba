/* Hosts that do not do what they must in time. Built with less patience than the daemon has. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <signal.h>
#include <unistd.h>

static struct stage stage;

static int begin(void **state)
{
    (void)state;
    stage_begin(&stage);
    return 0;
}

static bool is_unready(const void *post)
{
    return ((const struct post *)post)->unreadies > 0;
}

static void a_host_that_says_nothing_is_killed(void **state)
{
    struct post *post = stage_host(&stage, "prepare_hang");

    (void)state;
    stage_until(&stage, is_unready, post);
    stage_must_say(post->why.text, "neither became ready nor ended");
    assert_int_equal(post->why.class, ERR_BUG);
    stage_end(&stage);
}

static void a_host_that_closes_its_socket_and_stays_is_killed(void **state)
{
    char path[512];
    struct post *post;

    (void)state;
    stage_script(path, "exec sleep 1000 <&-");
    post = stage_program(&stage, path, "ok");
    stage_until(&stage, is_unready, post);
    stage_must_say(post->why.text, "closed its control socket, did not end, and was killed");
    unlink(path);
    stage_end(&stage);
}

static bool is_ready_twice(const void *post)
{
    return ((const struct post *)post)->readies > 1;
}

static bool is_gone(const void *pid)
{
    return kill(*(const pid_t *)pid, 0) != 0;
}

static void a_host_that_was_replaced_and_does_not_end_is_killed(void **state)
{
    struct post *post = stage_host(&stage, "ok");
    pid_t old;

    (void)state;
    stage_ready(&stage, post);
    old = (pid_t)host_pid(post->host);
    assert_int_equal(kill(old, SIGSTOP), 0);
    host_replace(post->host, NULL);
    stage_until(&stage, is_ready_twice, post);
    stage_until(&stage, is_gone, &old);
    stage_neighbour(&stage, post);
    stage_end(&stage);
}

static void a_host_that_does_not_end_a_scan_at_its_deadline_is_killed(void **state)
{
    struct post *post = stage_host(&stage, "hang");
    struct flight *late, *neighbour;

    (void)state;
    stage_ready(&stage, post);
    late = stage_scan(&stage, post, &(struct plan){ .deadline_ms = 100 });
    neighbour = stage_scan(&stage, post, &(struct plan){ 0 });
    assert_int_equal(kill((pid_t)host_pid(post->host), SIGSTOP), 0);
    stage_is_bad(&stage, late, ERR_BUG, "did not end a scan within 0 s of its deadline, and was killed");
    assert_true(late->end.host_died);
    stage_is_bad(&stage, neighbour, ERR_BUG, "its plugin host is gone, and the scan with it");
    assert_true(neighbour->end.host_died);
    assert_int_equal(post->unreadies, 1);
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_host_that_says_nothing_is_killed, begin, stage_sweep),
        cmocka_unit_test_setup_teardown(a_host_that_closes_its_socket_and_stays_is_killed, begin, stage_sweep),
        cmocka_unit_test_setup_teardown(a_host_that_was_replaced_and_does_not_end_is_killed, begin, stage_sweep),
        cmocka_unit_test_setup_teardown(a_host_that_does_not_end_a_scan_at_its_deadline_is_killed, begin, stage_sweep),
    };

    return cmocka_run_group_tests_name("patience", tests, stage_warm, NULL);
}
