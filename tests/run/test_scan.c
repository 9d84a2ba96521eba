/* Scans on real hosts: what they bring, how they fail, what they leave. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 200

static struct stage stage;

static int begin(void **state)
{
    (void)state;
    stage_begin(&stage);
    return 0;
}

static struct post *ready(const char *specimen)
{
    struct post *post = stage_host(&stage, specimen);

    stage_ready(&stage, post);
    return post;
}

/* ------------------------------------------------------------------------------------------ what a scan brings ---- */

static void a_good_scan_brings_its_items_and_its_cost(void **state)
{
    struct flight *flight = stage_scan(&stage, ready("ok"), &(struct plan){ .options = { { "count", "500" } } });

    (void)state;
    stage_is_good(&stage, flight);
    assert_int_equal(flight->end.outcome.completeness, COMPLETE);
    assert_int_equal(flight->items, 500);
    assert_int_equal(flight->end.items, 500);
    assert_int_equal(flight->end.warnings, 0);
    assert_true(flight->end.bytes > 500 * 30);
    assert_in_range(flight->end.peak_kb, 100, 10000000);
    assert_true(flight->end.cpu_us > 0);
    assert_false(flight->end.host_died || flight->end.cancelled);
    stage_end(&stage);
}

static void options_and_token_reach_the_plugin(void **state)
{
    const char token[] = "session-1";
    struct flight *flight =
        stage_scan(&stage, ready("token"), &(struct plan){ .token = { token, sizeof token }, .keep = true });
    struct item item;
    struct arena arena;

    (void)state;
    stage_is_good(&stage, flight);
    assert_int_equal(flight->token_size, strlen("session-2") + 1);
    assert_string_equal(flight->batch.token.bytes, "session-2");
    arena_init(&arena, ARENA_PLAIN);
    assert_int_equal(flight->batch.items.count, 1);
    if (batch_read(&flight->batch.items.items[0], &arena, &item, NULL))
        assert_string_equal(item_text(&item, "note"), "session-1");
    else
        fail_msg("the item cannot be read again");
    arena_finish(&arena);
    stage_end(&stage);
}

/* Far more than the socket takes at once. */
static void a_request_of_half_a_megabyte_arrives(void **state)
{
    static char text[121];
    static const char *texts[4000];
    struct plan plan = { .options = { { "password", "x" } }, .list = "hosts", .texts = texts, .text_count = 4000 };
    struct flight *flight;

    (void)state;
    memset(text, 'h', sizeof text - 1);
    for (size_t i = 0; i < 4000; i++)
        texts[i] = text;
    flight = stage_scan(&stage, ready("options"), &plan);
    stage_is_good(&stage, flight);
    assert_true(flight->end.bytes > 4000 * 120);
    stage_end(&stage);
}

static void a_batch_may_be_kept_and_counts_until_it_is_given_back(void **state)
{
    struct flight *flight =
        stage_scan(&stage, ready("ok"), &(struct plan){ .options = { { "count", "100" } }, .keep = true });

    (void)state;
    stage_is_good(&stage, flight);
    assert_int_equal(flight->batch.items.count, 100);
    assert_int_equal(budget_scans(stage.budget), 0);
    assert_int_equal(budget_used(stage.budget), batch_bytes(&flight->batch));
    stage_end(&stage);
}

static void warnings_and_offers_and_log_lines_are_handed_on(void **state)
{
    struct post *warning = ready("warning_flood"), *offer = ready("offer_flood"), *log = ready("log_flood");
    struct flight *warned = stage_scan(&stage, warning, &(struct plan){ 0 });
    struct flight *offered = stage_scan(&stage, offer, &(struct plan){ 0 });
    struct flight *logged = stage_scan(&stage, log, &(struct plan){ 0 });

    (void)state;
    stage_is_good(&stage, warned);
    assert_int_equal(warned->warnings, 1000);
    assert_true(warned->end.warnings >= 1000);
    stage_is_bad(&stage, offered, ERR_PROTOCOL, "offers");
    assert_int_equal(offered->offers, 10000);
    stage_is_good(&stage, logged);
    assert_int_equal(logged->logs, 1000);
    stage_end(&stage);
}

static void a_doctor_tells_its_steps(void **state)
{
    struct plan plan = { .mode = RUN_DOCTOR, .options = { { "password", "x" }, { "bool", "yes" } } };
    struct flight *flight = stage_scan(&stage, ready("options"), &plan);

    (void)state;
    stage_is_good(&stage, flight);
    assert_int_equal(flight->end.steps, 2);
    assert_int_equal(flight->steps_told, 2);
    assert_string_equal(flight->text, "login: refused");
    stage_end(&stage);
}

static void two_hundred_scans_are_in_flight_at_once(void **state)
{
    struct post *post = ready("ok");

    (void)state;
    for (size_t i = 0; i < MANY; i++)
        stage_scan(&stage, post, &(struct plan){ .options = { { "count", "100" } } });
    assert_int_equal(budget_scans(stage.budget), MANY);
    stage_all_over(&stage);
    vec_each (flight, &stage.flights) {
        stage_is_good(&stage, *flight);
        assert_int_equal((*flight)->items, 100);
    }
    stage_end(&stage);
}

static void good_ones_come_through_among_bad_ones(void **state)
{
    struct post *post = ready("segfault");

    (void)state;
    for (size_t i = 0; i < MANY; i++)
        stage_scan(&stage, post, &(struct plan){ .options = { { "well", i % 2 == 0 ? "yes" : "no" } } });
    stage_all_over(&stage);
    for (size_t i = 0; i < MANY; i++) {
        if (i % 2 == 0)
            stage_is_good(&stage, stage.flights.items[i]);
        else
            stage_is_bad(&stage, stage.flights.items[i], ERR_BUG, "died of signal 11");
    }
    stage_end(&stage);
}

/* ---------------------------------------------------------------------------------------------- how scans fail ---- */

static const struct {
    const char *specimen;
    enum err_class class;
    const char *words;
} failures[] = {
    { "segfault", ERR_BUG, "died of signal 11" },
    { "abort", ERR_BUG, "its last words: the balance of this plugin is off by 3" },
    { "garbage", ERR_PROTOCOL, "no frame of ours" },
    { "half_frame", ERR_BUG, "cut off in the middle of a message" },
    { "no_end", ERR_BUG, "stopped without an end, after 2 items" },
    { "close_all", ERR_BUG, "exited with status 1 before its end" },
    { "end_crash", ERR_BUG, "after its end" },
    { "lying_counts", ERR_BUG, "it ended with 5 items by its own count" },
#ifndef SLOW_READER
    { "two_gigabytes", ERR_PROTOCOL, "more than 1GiB in one scan" },
#endif
    { "stderr_flood", ERR_BUG, "flooded standard error" },
    { "fail", ERR_UNREACHABLE, "" },
};

/* One before it, and one after. */
static void each_failure_is_told_and_costs_its_scan_only(void **state)
{
    (void)state;
    setenv("LSAN_OPTIONS", "detect_leaks=0", 1);
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        struct post *post = ready(failures[i].specimen);
        struct flight *before = stage_scan(&stage, post, &(struct plan){ .options = { { "well", "yes" } } });
        struct flight *bad = stage_scan(&stage, post, &(struct plan){ 0 });

        stage_is_bad(&stage, bad, failures[i].class, failures[i].words);
        assert_false(bad->end.host_died || bad->end.cancelled);
        stage_is_good(&stage, before);
        stage_neighbour(&stage, post);
    }
    stage_end(&stage);
}

static void a_scan_that_hangs_ends_at_its_deadline(void **state)
{
    struct post *post = ready("hang");
    struct flight *flight = stage_scan(&stage, post, &(struct plan){ .deadline_ms = 300 });

    (void)state;
    stage_is_bad(&stage, flight, ERR_TIMEOUT, "killed at its deadline");
    assert_true(flight->end.wall_ms >= 300);
    stage_neighbour(&stage, post);
    stage_end(&stage);
}

static void wrong_options_are_told(void **state)
{
    struct flight *flight = stage_scan(&stage, ready("ok"), &(struct plan){ .options = { { "hots", "a" } } });

    (void)state;
    stage_is_bad(&stage, flight, ERR_CONFIG, "hots");
    stage_end(&stage);
}

static void a_process_that_was_left_with_the_stream_holds_nothing_up(void **state)
{
    struct host_options options = { .plugin = "grandchild", .program = HOST_PROGRAM, .seccomp = "off" };
    struct post *post = ready("grandchild");

    (void)state;
    options.path = post->path;
    host_replace(post->host, &options);
    post->readies = 0;
    stage_ready(&stage, post);
    stage_is_good(&stage, stage_scan(&stage, post, &(struct plan){ 0 }));
    stage_end(&stage);
}

/* --------------------------------------------------------------------------------------------------- cancelled ---- */

static void a_scan_can_be_cancelled(void **state)
{
    struct post *post = ready("hang");
    struct flight *flight = stage_scan(&stage, post, &(struct plan){ 0 });

    (void)state;
    stage_child_of(&stage, host_pid(post->host));
    scan_cancel(flight->scan, "its target was removed");
    assert_false(flight->over);
    stage_is_bad(&stage, flight, ERR_SYSTEM, "it was cancelled: its target was removed");
    assert_true(flight->end.cancelled);
    assert_false(flight->end.host_died);
    stage_neighbour(&stage, post);
    stage_end(&stage);
}

/* The next scan gets the number of the descriptor that was closed, long before the first is over. */
static void the_end_of_one_that_was_cancelled_does_not_disturb_the_next(void **state)
{
    struct post *post = ready("ok");

    (void)state;
    for (size_t i = 0; i < 20; i++) {
        struct flight *flight = stage_scan(&stage, post, &(struct plan){ .options = { { "count", "2000000" } } });

        stage_child_of(&stage, host_pid(post->host));
        scan_cancel(flight->scan, "enough");
        stage_is_good(&stage, stage_scan(&stage, post, &(struct plan){ .options = { { "count", "3000" } } }));
    }
    stage_end(&stage);
}

static void a_scan_can_be_cancelled_before_it_began_and_twice(void **state)
{
    struct post *post = ready("hang");
    struct flight *flight = stage_scan(&stage, post, &(struct plan){ 0 });

    (void)state;
    scan_cancel(flight->scan, "first");
    scan_cancel(flight->scan, "second");
    stage_is_bad(&stage, flight, ERR_SYSTEM, "it was cancelled: first");
    stage_neighbour(&stage, post);
    stage_end(&stage);
}

static void a_scan_can_be_cancelled_while_its_items_come(void **state)
{
    struct post *post = ready("ok");
    struct flight *flight = stage_scan(&stage, post, &(struct plan){ .options = { { "count", "2000000" } } });

    (void)state;
    while (scan_items(flight->scan) < 1000)
        uv_run(&stage.loop, UV_RUN_ONCE);
    scan_cancel(flight->scan, "enough");
    stage_is_bad(&stage, flight, ERR_SYSTEM, "it was cancelled: enough");
    assert_true(flight->end.items >= 1000);
    stage_neighbour(&stage, post);
    stage_end(&stage);
}

/* Before its order is sent, while it starts, while it has to wait, and when its process is gone and only its last bytes
 * are left to read. */
static void a_scan_can_be_cancelled_in_whatever_state_it_is(void **state)
{
    struct budget_share *holder = budget_open(stage.budget, NULL, NULL);
    struct post *post = ready("ok");
    size_t turns = 0;
    bool cancelled;

    (void)state;
    budget_report(holder, (size_t)65 << 20);
    do {
        struct flight *flight = stage_scan(&stage, post, &(struct plan){ .options = { { "count", "1500" } } });

        for (size_t i = 0; i < turns && !flight->over; i++)
            uv_run(&stage.loop, UV_RUN_ONCE);
        if (!flight->over)
            scan_cancel(flight->scan, "enough");
        stage_over(&stage, flight);
        cancelled = flight->end.cancelled;
        assert_int_not_equal(cancelled, flight->end.outcome.good);
        turns++;
    } while (cancelled);
    assert_true(turns > 3);
    budget_close(holder);
    stage_end(&stage);
}

/* ---------------------------------------------------------------------------------------------- hosts that die ---- */

static bool is_ready_twice(const void *post)
{
    return ((const struct post *)post)->readies > 1;
}

static void a_host_that_dies_takes_its_scans_along_and_no_others(void **state)
{
    struct post *post = ready("hang"), *other = ready("ok");
    struct flight *flights[3], *elsewhere;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        flights[i] = stage_scan(&stage, post, &(struct plan){ 0 });
    stage_child_of(&stage, host_pid(post->host));
    elsewhere = stage_scan(&stage, other, &(struct plan){ .options = { { "count", "20000" } } });
    assert_int_equal(kill((pid_t)host_pid(post->host), SIGKILL), 0);
    for (size_t i = 0; i < 3; i++) {
        stage_is_bad(&stage, flights[i], ERR_BUG,
                     "its plugin host is gone, and the scan with it: the plugin host died");
        assert_true(flights[i]->end.host_died);
    }
    assert_int_equal(post->unreadies, 1);
    stage_is_good(&stage, elsewhere);
    stage_until(&stage, is_ready_twice, post);
    stage_neighbour(&stage, post);
    stage_end(&stage);
}

static void without_seccomp_a_plugin_can_kill_its_host(void **state)
{
    struct host_options options = { .plugin = "kill_host", .program = HOST_PROGRAM, .seccomp = "off" };
    struct post *post = ready("kill_host");
    struct flight *flight;

    (void)state;
    options.path = post->path;
    host_replace(post->host, &options);
    stage_until(&stage, is_ready_twice, post);
    flight = stage_scan(&stage, post, &(struct plan){ 0 });
    stage_over(&stage, flight);
    /* A scan that lives in a user namespace of its own, or is kept from it by Landlock, cannot. */
    if (flight->end.outcome.err.class != ERR_UNSUPPORTED)
        assert_true(flight->end.host_died);
    stage_end(&stage);
}

static bool has_logged(const void *flight)
{
    return ((const struct flight *)flight)->logs > 0;
}

/* It has cost an attempt: whoever repeats such a run, or drops it, makes it cost another. */
static void a_refusal_counts_where_the_host_dies_or_the_scan_is_cancelled(void **state)
{
    static const struct plan plan = { .options = { { "end", "hang" } } };
    struct post *post = ready("refused");
    struct flight *cancelled = stage_scan(&stage, post, &plan), *orphan = stage_scan(&stage, post, &plan);

    (void)state;
    stage_until(&stage, has_logged, cancelled);
    stage_until(&stage, has_logged, orphan);
    scan_cancel(cancelled->scan, "the daemon stops");
    stage_is_bad(&stage, cancelled, ERR_DENIED, "after that: it was cancelled: the daemon stops");
    assert_int_equal(kill((pid_t)host_pid(post->host), SIGKILL), 0);
    stage_is_bad(&stage, orphan, ERR_DENIED, "login failed for");
    assert_false(orphan->end.host_died);
    assert_true(orphan->end.refused);
    stage_until(&stage, is_ready_twice, post);
    stage_end(&stage);
}

/* --------------------------------------------------------------------------------------------------- not begun ---- */

static void nothing(void *context, struct scan *scan, struct scan_end *end)
{
    (void)context;
    (void)scan;
    (void)end;
    fail();
}

static void not_begun(struct post *post, const struct scan_request *request, const char *words)
{
    const struct scan_events events = { .ended = nothing };
    struct err err = ERR_EMPTY;

    assert_null(scan_start(post->host, stage.budget, request, &events, NULL, &err));
    stage_must_say(err.text, words);
}

static void a_host_that_is_not_ready_takes_no_scan(void **state)
{
    struct post *post = stage_host(&stage, "ok");

    (void)state;
    not_begun(post, &(struct scan_request){ .mode = RUN_SCAN, .deadline_ms = 1000 },
              "the plugin host of ok is not ready");
    stage_ready(&stage, post);
    stage_close(&stage, post, 0);
    not_begun(post, &(struct scan_request){ .mode = RUN_SCAN, .deadline_ms = 1000 },
              "the plugin host of ok 1.0 is not ready");
    stage_end(&stage);
}

static void a_request_that_does_not_fit_is_refused(void **state)
{
    static char token[MESSAGE_MAX_TOKEN];
    static char text[OPTION_MAX_TEXT];
    const char *texts[20];
    struct option_given given = { "hosts", texts, 20 };
    struct post *post = ready("ok");

    (void)state;
    not_begun(post, &(struct scan_request){ .mode = RUN_SCAN }, "the deadline in milliseconds of a scan is 0");
    not_begun(post, &(struct scan_request){ .mode = RUN_SCAN, .deadline_ms = -1 }, "is -1");
    not_begun(post, &(struct scan_request){ .mode = RUN_SCAN, .deadline_ms = 1, .memory_mb = -1 }, "the memory limit");
    not_begun(post, &(struct scan_request){ .mode = RUN_SCAN, .deadline_ms = 1, .cpu_s = INT64_MAX }, "processor");
    memset(text, 'x', sizeof text - 1);
    for (size_t i = 0; i < 20; i++)
        texts[i] = text;
    not_begun(post,
              &(struct scan_request){
                  .mode = RUN_SCAN, .deadline_ms = 1, .options = { &given, 1 }, .token = { token, sizeof token } },
              "larger than the 1048576 bytes");
    stage_neighbour(&stage, post);
    stage_end(&stage);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, stage_sweep)
    const struct CMUnitTest tests[] = {
        TEST(a_good_scan_brings_its_items_and_its_cost),
        TEST(options_and_token_reach_the_plugin),
        TEST(a_request_of_half_a_megabyte_arrives),
        TEST(a_batch_may_be_kept_and_counts_until_it_is_given_back),
        TEST(warnings_and_offers_and_log_lines_are_handed_on),
        TEST(a_doctor_tells_its_steps),
        TEST(two_hundred_scans_are_in_flight_at_once),
        TEST(good_ones_come_through_among_bad_ones),
        TEST(each_failure_is_told_and_costs_its_scan_only),
        TEST(a_scan_that_hangs_ends_at_its_deadline),
        TEST(wrong_options_are_told),
        TEST(a_process_that_was_left_with_the_stream_holds_nothing_up),
        TEST(a_scan_can_be_cancelled),
        TEST(the_end_of_one_that_was_cancelled_does_not_disturb_the_next),
        TEST(a_scan_can_be_cancelled_before_it_began_and_twice),
        TEST(a_scan_can_be_cancelled_while_its_items_come),
        TEST(a_scan_can_be_cancelled_in_whatever_state_it_is),
        TEST(a_host_that_dies_takes_its_scans_along_and_no_others),
        TEST(a_refusal_counts_where_the_host_dies_or_the_scan_is_cancelled),
        TEST(without_seccomp_a_plugin_can_kill_its_host),
        TEST(a_host_that_is_not_ready_takes_no_scan),
        TEST(a_request_that_does_not_fit_is_refused),
    };

    return cmocka_run_group_tests_name("scan", tests, stage_warm, NULL);
}
