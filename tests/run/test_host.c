/* Hosts: greeted, refused, dead and started again, closed. */
#include "stage.h"

#include "clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static bool is_unready_twice(const void *post)
{
    return ((const struct post *)post)->unreadies > 1;
}

static bool is_ready_twice(const void *post)
{
    return ((const struct post *)post)->readies > 1;
}

static bool is_closed(const void *post)
{
    return ((const struct post *)post)->closed;
}

static void a_host_that_is_ready_tells_its_plugin(void **state)
{
    struct post *post = stage_host(&stage, "ok");
    const struct option_table *table;

    (void)state;
    assert_false(host_is_ready(post->host));
    assert_null(host_table(post->host));
    assert_string_equal(host_name(post->host), "ok");
    stage_ready(&stage, post);
    assert_int_equal(post->readies, 1);
    assert_string_equal(host_name(post->host), "ok 1.0");
    assert_true(host_pid(post->host) > 0);
    assert_int_equal(host_modes(post->host), 1 << RUN_SCAN);
    table = host_table(post->host);
    assert_int_equal(table->count, 3);
    assert_string_equal(table->specs[0].name, "note");
    assert_string_equal(table->specs[0].fallback, "all is well");
    assert_int_equal(table->specs[1].type, OPTION_BOOL);
    assert_null(table->specs[1].fallback);
    assert_int_equal(table->specs[2].max, 2000000);
    stage_end(&stage);
}

static void an_option_of_every_type_arrives(void **state)
{
    struct post *post = stage_host(&stage, "options");
    const struct option_table *table;

    (void)state;
    stage_ready(&stage, post);
    table = host_table(post->host);
    assert_int_equal(table->count, 8);
    assert_true(table->specs[option_find(table, "password")].required);
    assert_string_equal(table->specs[option_find(table, "choice")].choices[1], "green");
    assert_null(table->specs[option_find(table, "choice")].choices[2]);
    assert_int_equal(host_modes(post->host), 1 << RUN_SCAN | 1 << RUN_CHECK | 1 << RUN_DOCTOR);
    stage_end(&stage);
}

/* ----------------------------------------------------------------------------------------------------- refused ---- */

static void refused(const char *specimen, enum err_class class, const char *words)
{
    struct post *post;
    int64_t begun = clock_mono_ms(&clock_system);

    post = stage_host(&stage, specimen);
    stage_until(&stage, is_unready, post);
    stage_must_say(post->why.text, words);
    if (post->why.class != class)
        fail_msg("its class is %s: %s", err_class_word(post->why.class), post->why.text);
    assert_in_range(post->retry, begun + HOST_RETRY_FIRST_MS / 2, begun + HOST_RETRY_FIRST_MS + 30000);
    assert_false(host_is_ready(post->host));
    assert_null(host_table(post->host));
    stage_end(&stage);
}

static void a_plugin_without_a_table_is_not_ready(void **state)
{
    (void)state;
    refused("no_table", ERR_BUG, "muster_plugin_entry() returned no table");
}

static void a_plugin_that_cannot_be_prepared_is_not_ready(void **state)
{
    (void)state;
    refused("prepare_fail", ERR_BUG, "the CA store /etc/ssl/certs is empty");
}

static void a_plugin_of_another_abi_is_not_ready(void **state)
{
    (void)state;
    refused("abi_99", ERR_BUG, "speaks ABI 99");
}

static void a_plugin_that_is_not_there_is_not_ready(void **state)
{
    (void)state;
    refused("nowhere", ERR_SYSTEM, "No such file or directory");
}

static void a_plugin_that_crashes_when_it_is_loaded_is_not_ready(void **state)
{
    (void)state;
    refused("load_crash", ERR_BUG, "before the plugin was loaded and prepared");
}

static void a_plugin_that_hangs_when_it_is_prepared_is_not_ready(void **state)
{
    (void)state;
    refused("prepare_hang", ERR_BUG, "loading and preparing the plugin took too long");
}

static void a_program_that_is_not_there_is_named(void **state)
{
    struct post *post = stage_program(&stage, "/nowhere/host", "ok");

    (void)state;
    assert_int_equal(post->unreadies, 0);
    stage_until(&stage, is_unready, post);
    stage_must_say(post->why.text, "/nowhere/host cannot be started: no such file or directory");
    assert_int_equal(post->why.class, ERR_SYSTEM);
    assert_int_equal(host_pid(post->host), 0);
    stage_close(&stage, post, 60000);
    stage_until(&stage, is_closed, post);
    stage_end(&stage);
}

static void a_program_that_is_no_host_is_not_ready(void **state)
{
    struct post *post = stage_program(&stage, "/bin/true", "ok");

    (void)state;
    stage_until(&stage, is_unready, post);
    stage_must_say(post->why.text, "exited with status 0 before the plugin was loaded and prepared");
    stage_end(&stage);
}

static void a_host_that_talks_nonsense_is_killed(void **state)
{
    struct post *post;
    char path[512];

    (void)state;
    stage_script(path, "printf 'garbage' >&0; exec sleep 1000");
    post = stage_program(&stage, path, "ok");
    stage_until(&stage, is_unready, post);
    stage_must_say(post->why.text, "out of step with the daemon and was killed");
    assert_int_equal(post->why.class, ERR_BUG);
    unlink(path);
    stage_end(&stage);
}

/* Whatever is put into the daemon's environment, a secret perhaps, stays there. */
static void a_host_gets_few_variables_and_its_arguments(void **state)
{
    struct post *post;
    char path[512];

    (void)state;
    setenv("A_SECRET_OF_THE_DAEMON", "x", 1);
    setenv("MUSTER_OF_OURS", "x", 1);
    stage_script(path, "test \"$MUSTER_OF_OURS\" = x && test -z \"$A_SECRET_OF_THE_DAEMON\" || exit 2\n"
                       "test \"$*\" = \"--serve $2\" || exit 3\n"
                       "exit 7");
    post = stage_program(&stage, path, "ok");
    stage_until(&stage, is_unready, post);
    stage_must_say(post->why.text, "exited with status 7");
    unlink(path);
    unsetenv("A_SECRET_OF_THE_DAEMON");
    unsetenv("MUSTER_OF_OURS");
    stage_end(&stage);
}

/* ----------------------------------------------------------------------------------------- dead and back again ---- */

static void a_host_that_dies_is_started_again(void **state)
{
    struct post *post = stage_host(&stage, "ok");
    int64_t pid;

    (void)state;
    stage_ready(&stage, post);
    pid = host_pid(post->host);
    assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
    stage_until(&stage, is_unready, post);
    stage_must_say(post->why.text, "died of signal 9");
    stage_must_say(post->why.text, "while it was serving");
    assert_false(host_is_ready(post->host));
    assert_int_equal(host_pid(post->host), 0);
    /* What the plugin is stays known. */
    assert_string_equal(host_name(post->host), "ok 1.0");
    assert_int_equal(host_table(post->host)->count, 3);
    stage_until(&stage, is_ready_twice, post);
    assert_true(host_pid(post->host) > 0 && host_pid(post->host) != pid);
    stage_neighbour(&stage, post);
    stage_end(&stage);
}

static void each_wait_is_longer_than_the_one_before(void **state)
{
    struct post *post = stage_host(&stage, "no_table");
    int64_t first, now;

    (void)state;
    stage_until(&stage, is_unready, post);
    first = post->retry - clock_mono_ms(&clock_system);
    stage_until(&stage, is_unready_twice, post);
    now = clock_mono_ms(&clock_system);
    assert_true(first <= HOST_RETRY_FIRST_MS);
    assert_true(post->retry - now > HOST_RETRY_FIRST_MS);
    stage_end(&stage);
}

/* ------------------------------------------------------------------------------------------------------ closed ---- */

static void an_idle_host_ends_by_itself(void **state)
{
    struct post *post = stage_host(&stage, "ok");
    int64_t begun;

    (void)state;
    stage_ready(&stage, post);
    begun = clock_mono_ms(&clock_system);
    stage_close(&stage, post, 60000);
    assert_false(host_is_ready(post->host));
    stage_until(&stage, is_closed, post);
    assert_true(clock_mono_ms(&clock_system) - begun < 30000);
    assert_int_equal(post->unreadies, 0);
    stage_end(&stage);
}

static void a_host_that_is_not_ready_yet_is_closed_at_once(void **state)
{
    struct post *post = stage_host(&stage, "prepare_hang");

    (void)state;
    stage_close(&stage, post, 60000);
    stage_until(&stage, is_closed, post);
    assert_int_equal(post->readies + post->unreadies, 0);
    stage_end(&stage);
}

static void a_host_that_waits_to_be_started_again_is_closed_at_once(void **state)
{
    struct post *post = stage_host(&stage, "no_table");

    (void)state;
    stage_until(&stage, is_unready, post);
    stage_close(&stage, post, 60000);
    stage_until(&stage, is_closed, post);
    assert_int_equal(post->unreadies, 1);
    stage_end(&stage);
}

static void within_the_grace_a_scan_ends_well(void **state)
{
    struct post *post = stage_host(&stage, "ok");
    struct flight *flight;

    (void)state;
    stage_ready(&stage, post);
    flight = stage_scan(&stage, post, &(struct plan){ .options = { { "count", "30000" } } });
    stage_close(&stage, post, 60000);
    stage_until(&stage, is_closed, post);
    assert_true(flight->over);
    stage_is_good(&stage, flight);
    assert_int_equal(flight->items, 30000);
    stage_end(&stage);
}

static void after_the_grace_a_scan_is_stopped(void **state)
{
    struct post *post = stage_host(&stage, "hang");
    struct flight *flight;

    (void)state;
    stage_ready(&stage, post);
    flight = stage_scan(&stage, post, &(struct plan){ 0 });
    stage_child_of(&stage, host_pid(post->host));
    stage_close(&stage, post, 100);
    stage_is_bad(&stage, flight, ERR_SYSTEM, "it was stopped together with its plugin host");
    assert_false(flight->end.host_died);
    stage_until(&stage, is_closed, post);
    stage_end(&stage);
}

static void a_host_that_does_not_listen_is_killed(void **state)
{
    struct post *post = stage_host(&stage, "hang");
    struct flight *flight;

    (void)state;
    stage_ready(&stage, post);
    flight = stage_scan(&stage, post, &(struct plan){ 0 });
    stage_child_of(&stage, host_pid(post->host));
    assert_int_equal(kill((pid_t)host_pid(post->host), SIGSTOP), 0);
    stage_close(&stage, post, 0);
    stage_is_bad(&stage, flight, ERR_BUG, "its plugin host is gone, and the scan with it");
    assert_true(flight->end.host_died);
    stage_until(&stage, is_closed, post);
    stage_end(&stage);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, stage_sweep)
    const struct CMUnitTest tests[] = {
        TEST(a_host_that_is_ready_tells_its_plugin),
        TEST(an_option_of_every_type_arrives),
        TEST(a_plugin_without_a_table_is_not_ready),
        TEST(a_plugin_that_cannot_be_prepared_is_not_ready),
        TEST(a_plugin_of_another_abi_is_not_ready),
        TEST(a_plugin_that_is_not_there_is_not_ready),
        TEST(a_plugin_that_crashes_when_it_is_loaded_is_not_ready),
        TEST(a_plugin_that_hangs_when_it_is_prepared_is_not_ready),
        TEST(a_program_that_is_not_there_is_named),
        TEST(a_program_that_is_no_host_is_not_ready),
        TEST(a_host_that_talks_nonsense_is_killed),
        TEST(a_host_gets_few_variables_and_its_arguments),
        TEST(a_host_that_dies_is_started_again),
        TEST(each_wait_is_longer_than_the_one_before),
        TEST(an_idle_host_ends_by_itself),
        TEST(a_host_that_is_not_ready_yet_is_closed_at_once),
        TEST(a_host_that_waits_to_be_started_again_is_closed_at_once),
        TEST(within_the_grace_a_scan_ends_well),
        TEST(after_the_grace_a_scan_is_stopped),
        TEST(a_host_that_does_not_listen_is_killed),
    };

    return cmocka_run_group_tests_name("host", tests, stage_warm, NULL);
}
