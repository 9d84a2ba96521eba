/* Scans that together need more memory than there is for them. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <signal.h>

#define SCANS 8

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

static bool has_items(const void *flight)
{
    return scan_items(((const struct flight *)flight)->scan) > 0;
}

static bool is_over_the_limit(const void *what)
{
    const struct stage *whole = what;

    return budget_used(whole->budget) > budget_limit(whole->budget);
}

/* What one such scan holds at its end. */
static size_t size_of_one(struct post *post, const struct plan *plan)
{
    struct plan kept = *plan;
    struct flight *flight;
    size_t size;

    kept.keep = true;
    flight = stage_scan(&stage, post, &kept);
    stage_is_good(&stage, flight);
    size = batch_bytes(&flight->batch);
    budget_close(flight->end.share);
    flight->end.share = NULL;
    return size;
}

static void large_scans_wait_for_each_other_and_all_end_well(void **state)
{
    const struct plan plan = { .options = { { "count", "20000" } } };
    struct post *post = ready("ok");
    size_t one = size_of_one(post, &plan), most = 0, over = 0;

    (void)state;
    /* With what the stream itself remembers, a scan takes up to twice as much as its batch. */
    budget_set_limit(stage.budget, 2 * one);
    for (size_t i = 0; i < SCANS; i++)
        stage_scan(&stage, post, &plan);
    while (budget_scans(stage.budget) > 0) {
        size_t used = budget_used(stage.budget);

        most = used > most ? used : most;
        over += used > 2 * one;
        uv_run(&stage.loop, UV_RUN_ONCE);
    }
    assert_true(over > 0);
    assert_true(most < 5 * one);
    stage_all_over(&stage);
    for (size_t i = 1; i <= SCANS; i++) {
        stage_is_good(&stage, stage.flights.items[i]);
        assert_int_equal(stage.flights.items[i]->items, 20000);
    }
    stage_end(&stage);
}

static void one_that_is_too_large_is_told_and_others_go_on(void **state)
{
    struct post *post = ready("ok");
    struct flight *large, *small;

    (void)state;
    budget_set_limit(stage.budget, 1 << 20);
    large = stage_scan(&stage, post, &(struct plan){ .options = { { "count", "100000" } } });
    small = stage_scan(&stage, post, &(struct plan){ .options = { { "count", "100" } } });
    stage_is_bad(&stage, large, ERR_SYSTEM,
                 "it was cancelled: what it sends takes more than 1MiB, which is all that scans in flight may hold");
    assert_false(large->end.cancelled);
    stage_is_good(&stage, small);
    stage_neighbour(&stage, post);
    stage_end(&stage);
}

static void waiting_for_a_commit_a_scan_ends_at_its_deadline(void **state)
{
    struct post *post = ready("ok");
    struct flight *kept = stage_scan(&stage, post, &(struct plan){ .options = { { "count", "20000" } }, .keep = true });
    struct flight *late;

    (void)state;
    stage_is_good(&stage, kept);
    budget_set_limit(stage.budget, budget_used(stage.budget));
    late = stage_scan(&stage, post, &(struct plan){ .options = { { "count", "20000" } }, .deadline_ms = 500 });
    stage_is_bad(&stage, late, ERR_TIMEOUT, "killed at its deadline");
    stage_must_say(late->end.outcome.err.text, "it had to wait");
    stage_end(&stage);
}

static void a_scan_that_waits_can_be_cancelled(void **state)
{
    struct post *post = ready("ok");
    struct budget_share *holder = budget_open(stage.budget, NULL, NULL);
    struct flight *flight;

    (void)state;
    budget_report(holder, (size_t)65 << 20);
    flight = stage_scan(&stage, post, &(struct plan){ .options = { { "count", "20000" } } });
    stage_until(&stage, has_items, flight);
    scan_cancel(flight->scan, "no longer wanted");
    stage_is_bad(&stage, flight, ERR_SYSTEM, "it was cancelled: no longer wanted");
    budget_close(holder);
    stage_end(&stage);
}

static void what_the_stream_remembers_counts_too(void **state)
{
    const struct plan plan = { .options = { { "count", "20000" } } };
    struct post *post = ready("ok");

    (void)state;
    budget_set_limit(stage.budget, size_of_one(post, &plan));
    stage_is_bad(&stage, stage_scan(&stage, post, &plan), ERR_SYSTEM, "what it sends takes more than");
    stage_end(&stage);
}

static void one_that_was_too_large_is_not_excused_by_the_death_of_its_host(void **state)
{
    struct post *post = ready("ok");
    struct budget_share *holder = budget_open(stage.budget, NULL, NULL);
    pid_t host = (pid_t)host_pid(post->host);
    struct flight *flight;

    (void)state;
    budget_report(holder, (size_t)65 << 20);
    flight = stage_scan(&stage, post, &(struct plan){ .options = { { "count", "100000" } } });
    stage_until(&stage, has_items, flight);
    assert_int_equal(kill(host, SIGSTOP), 0);
    budget_close(holder);
    budget_set_limit(stage.budget, 1 << 20);
    stage_until(&stage, is_over_the_limit, &stage);
    assert_int_equal(kill(host, SIGKILL), 0);
    stage_is_bad(&stage, flight, ERR_SYSTEM, "what it sends takes more than 1MiB");
    assert_false(flight->end.host_died);
    stage_end(&stage);
}

/* Read on without a limit, the loop would have other things to do only when all is over. */
static void the_loop_gets_round_while_scans_pour_in(void **state)
{
    struct post *post = ready("ok");
    uint64_t bytes = 0;
    size_t turns = 0;

    (void)state;
    for (size_t i = 0; i < SCANS; i++)
        stage_scan(&stage, post, &(struct plan){ .options = { { "count", "20000" } } });
    for (; budget_scans(stage.budget) > 0; turns++)
        uv_run(&stage.loop, UV_RUN_ONCE);
    vec_each (flight, &stage.flights)
        bytes += (*flight)->end.bytes;
    assert_true(turns >= bytes / (128 << 10));
    stage_end(&stage);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, stage_sweep)
    const struct CMUnitTest tests[] = {
        TEST(large_scans_wait_for_each_other_and_all_end_well),
        TEST(one_that_is_too_large_is_told_and_others_go_on),
        TEST(waiting_for_a_commit_a_scan_ends_at_its_deadline),
        TEST(a_scan_that_waits_can_be_cancelled),
        TEST(what_the_stream_remembers_counts_too),
        TEST(one_that_was_too_large_is_not_excused_by_the_death_of_its_host),
        TEST(the_loop_gets_round_while_scans_pour_in),
    };

    return cmocka_run_group_tests_name("room", tests, stage_warm, NULL);
}
