/* Hosts that are replaced while scans are in flight, and when that is due. */
#include "stage.h"

#include "log.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static struct stage stage;
static char folder[] = BINARIES "/replace-XXXXXX";
static char copy[sizeof folder + 16];

static void copy_specimen(const char *specimen)
{
    char path[512];
    struct stat status;
    int from, to;

    snprintf(path, sizeof path, "%s/%s.so", SPECIMENS, specimen);
    from = open(path, O_RDONLY | O_CLOEXEC);
    unlink(copy);
    to = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    assert_true(from >= 0 && to >= 0 && fstat(from, &status) == 0);
    while (sendfile(to, from, NULL, (size_t)status.st_size) > 0)
        ;
    close(from);
    close(to);
}

static int begin(void **state)
{
    (void)state;
    copy_specimen("ok");
    stage_begin(&stage);
    return 0;
}

static int make_folder(void **state)
{
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(copy, sizeof copy, "%s/plugin.so", folder);
    return stage_warm(state);
}

static int drop_folder(void **state)
{
    (void)state;
    unlink(copy);
    return rmdir(folder);
}

static struct post *ready(const char *specimen)
{
    struct post *post = stage_host(&stage, specimen);

    stage_ready(&stage, post);
    return post;
}

static bool is_ready_twice(const void *post)
{
    return ((const struct post *)post)->readies > 1;
}

static bool is_unready(const void *post)
{
    return ((const struct post *)post)->unreadies > 0;
}

/* A zombie counts as gone: libuv has it to reap. */
static bool is_gone(const void *pid)
{
    return kill(*(const pid_t *)pid, 0) != 0;
}

static void count_warning(void *context, enum log_level level, const char *line)
{
    assert_int_equal(level, LOG_LEVEL_WARNING);
    stage_must_say(line, "the old one serves on: plugin prepare_fail: prepare() failed");
    ++*(size_t *)context;
}

static bool has_warned(const void *warnings)
{
    return *(const size_t *)warnings > 0;
}

static void the_old_one_ends_its_scans_while_the_new_one_serves(void **state)
{
    struct post *post = ready("ok");
    struct budget_share *holder = budget_open(stage.budget, NULL, NULL);
    struct flight *flight;
    pid_t old = (pid_t)host_pid(post->host);

    (void)state;
    /* Held back, so that it is in flight for as long as it is to be. */
    budget_report(holder, (size_t)65 << 20);
    flight = stage_scan(&stage, post, &(struct plan){ .options = { { "count", "30000" } } });
    host_replace(post->host, NULL);
    assert_true(host_is_ready(post->host));
    assert_int_equal(host_pid(post->host), old);
    stage_until(&stage, is_ready_twice, post);
    assert_int_not_equal(host_pid(post->host), old);
    stage_neighbour(&stage, post);
    assert_false(flight->over);
    assert_int_equal(kill(old, 0), 0);
    budget_close(holder);
    stage_is_good(&stage, flight);
    assert_int_equal(flight->items, 30000);
    stage_until(&stage, is_gone, &old);
    assert_int_equal(post->unreadies, 0);
    stage_end(&stage);
}

static void the_old_one_takes_orders_until_the_new_one_is_ready(void **state)
{
    struct post *post = ready("ok");

    (void)state;
    host_replace(post->host, NULL);
    stage_neighbour(&stage, post);
    stage_until(&stage, is_ready_twice, post);
    stage_neighbour(&stage, post);
    stage_end(&stage);
}

static void where_the_new_one_cannot_be_made_ready_the_old_one_serves_on(void **state)
{
    struct post *post = ready("ok");
    struct host_options options = { .plugin = "ok", .program = HOST_PROGRAM };
    size_t warnings = 0;
    char path[512];

    (void)state;
    log_set_sink(count_warning, &warnings);
    snprintf(path, sizeof path, "%s/prepare_fail.so", SPECIMENS);
    options.path = path;
    host_replace(post->host, &options);
    stage_neighbour(&stage, post);
    stage_until(&stage, has_warned, &warnings);
    stage_neighbour(&stage, post);
    assert_int_equal(post->unreadies, 0);
    assert_int_equal(kill((pid_t)host_pid(post->host), SIGKILL), 0);
    stage_until(&stage, is_unready, post);
    assert_false(host_is_ready(post->host));
    options.path = post->path;
    host_replace(post->host, &options);
    stage_until(&stage, is_ready_twice, post);
    stage_neighbour(&stage, post);
    log_set_sink(NULL, NULL);
    stage_end(&stage);
}

/* The first would never become ready. */
static void one_that_is_not_ready_yet_is_replaced_at_once(void **state)
{
    struct host_options options = { .plugin = "ok", .program = HOST_PROGRAM };
    struct post *post;
    char path[512];
    pid_t first;

    (void)state;
    stage_script(path, "exec sleep 1000");
    post = stage_program(&stage, path, "ok");
    first = (pid_t)host_pid(post->host);
    assert_int_equal(kill(first, 0), 0);
    options.path = post->path;
    host_replace(post->host, &options);
    stage_until(&stage, is_gone, &first);
    stage_ready(&stage, post);
    assert_int_equal(post->unreadies, 0);
    unlink(path);
    stage_end(&stage);
}

static void other_options_may_bring_another_plugin(void **state)
{
    struct post *post = ready("ok");
    struct host_options options = { .plugin = "options", .program = HOST_PROGRAM, .landlock = "off", .seccomp = "off" };
    char path[512];

    (void)state;
    snprintf(path, sizeof path, "%s/options.so", SPECIMENS);
    options.path = path;
    host_replace(post->host, &options);
    stage_until(&stage, is_ready_twice, post);
    assert_string_equal(host_name(post->host), "options 1.0");
    assert_int_equal(host_table(post->host)->count, 8);
    stage_end(&stage);
}

static void while_many_scans_come_a_host_is_replaced_again_and_again(void **state)
{
    struct post *post = ready("ok");

    (void)state;
    for (size_t i = 0; i < 40; i++) {
        stage_scan(&stage, post, &(struct plan){ .options = { { "count", "200" } } });
        if (i % 8 == 0)
            host_replace(post->host, NULL);
        uv_run(&stage.loop, UV_RUN_NOWAIT);
    }
    stage_all_over(&stage);
    vec_each (flight, &stage.flights)
        stage_is_good(&stage, *flight);
    stage_end(&stage);
}

/* ---------------------------------------------------------------------------------------------------- outdated ---- */

static void a_changed_plugin_makes_its_host_outdated_until_it_is_replaced(void **state)
{
    struct post *post = ready(copy);
    const struct timespec times[2] = { { 1000000000, 0 }, { 1000000000, 0 } };

    (void)state;
    assert_false(host_is_outdated(post->host));
    assert_int_equal(utimensat(AT_FDCWD, copy, times, 0), 0);
    assert_true(host_is_outdated(post->host));
    host_replace(post->host, NULL);
    assert_false(host_is_outdated(post->host));
    stage_until(&stage, is_ready_twice, post);
    copy_specimen("options");
    assert_true(host_is_outdated(post->host));
    unlink(copy);
    assert_true(host_is_outdated(post->host));
    stage_end(&stage);
}

static void a_plugin_that_was_not_there_and_comes_makes_its_host_outdated(void **state)
{
    struct post *post;

    (void)state;
    unlink(copy);
    post = stage_host(&stage, copy);
    stage_until(&stage, is_unready, post);
    assert_false(host_is_outdated(post->host));
    copy_specimen("ok");
    assert_true(host_is_outdated(post->host));
    host_replace(post->host, NULL);
    stage_until(&stage, (bool (*)(const void *))host_is_ready, post->host);
    stage_end(&stage);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, stage_sweep)
    const struct CMUnitTest tests[] = {
        TEST(the_old_one_ends_its_scans_while_the_new_one_serves),
        TEST(the_old_one_takes_orders_until_the_new_one_is_ready),
        TEST(where_the_new_one_cannot_be_made_ready_the_old_one_serves_on),
        TEST(one_that_is_not_ready_yet_is_replaced_at_once),
        TEST(other_options_may_bring_another_plugin),
        TEST(while_many_scans_come_a_host_is_replaced_again_and_again),
        TEST(a_changed_plugin_makes_its_host_outdated_until_it_is_replaced),
        TEST(a_plugin_that_was_not_there_and_comes_makes_its_host_outdated),
    };

    return cmocka_run_group_tests_name("replace", tests, make_folder, drop_folder);
}
