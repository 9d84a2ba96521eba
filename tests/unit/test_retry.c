#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "retry.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const int64_t wall = INT64_C(1700000000000);

/* backoff.h takes up to a quarter off. */
static void assert_about(int64_t wait, int64_t whole)
{
    assert_in_range(wait, whole / 4 * 3, whole);
}

static void each_class_waits_from_its_first_to_its_cap(void **state)
{
    static const struct {
        enum err_class class;
        int64_t first, cap;
    } rows[] = {
        { ERR_UNREACHABLE, MINUTE, HOUR },      { ERR_TIMEOUT, 5 * MINUTE, 4 * HOUR },
        { ERR_DENIED, 30 * MINUTE, 12 * HOUR }, { ERR_PROTOCOL, 5 * MINUTE, 6 * HOUR },
        { ERR_UNSUPPORTED, DAY, 7 * DAY },      { ERR_CONFIG, DAY, DAY },
        { ERR_SYSTEM, MINUTE, 15 * MINUTE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_about(retry_wait(rows[i].class, 1, 5, DAY), rows[i].first);
        assert_about(retry_wait(rows[i].class, 1000, 5, DAY), rows[i].cap);
    }
    assert_about(retry_wait(ERR_UNREACHABLE, 3, 5, DAY), 4 * MINUTE);
}

static void a_number_that_is_no_class_waits_as_a_bug(void **state)
{
    (void)state;
    assert_int_equal(retry_wait((enum err_class)99, 2, 5, DAY), retry_wait(ERR_BUG, 2, 5, DAY));
    assert_int_equal(retry_wait(ERR_NONE, 2, 5, DAY), retry_wait(ERR_BUG, 2, 5, DAY));
}

static void a_target_of_many_turns_is_not_left_alone_for_long(void **state)
{
    (void)state;
    assert_about(retry_wait(ERR_UNREACHABLE, 1000, 5, MINUTE), 12 * MINUTE);
    assert_about(retry_wait(ERR_TIMEOUT, 1000, 5, 1000), 5 * MINUTE);
    assert_about(retry_wait(ERR_PROTOCOL, 1000, 5, INT64_MAX), 6 * HOUR);
}

static void many_turns_shorten_no_wait_that_protects(void **state)
{
    struct schedule_state target = { .deaths = 2 };

    (void)state;
    assert_about(retry_wait(ERR_DENIED, 1000, 5, 1), 12 * HOUR);
    assert_about(retry_wait(ERR_UNSUPPORTED, 1, 5, 1), DAY);
    assert_about(retry_wait(ERR_CONFIG, 1, 5, 1), DAY);
    assert_about(retry_count(&target, ERR_BUG, 5, 1), HOUR);
}

static void three_deaths_in_a_row_are_a_quarantine(void **state)
{
    struct schedule_state target = { 0 };

    (void)state;
    assert_about(retry_count(&target, ERR_BUG, 5, DAY), 5 * MINUTE);
    assert_about(retry_count(&target, ERR_BUG, 5, DAY), 10 * MINUTE);
    assert_false(target.quarantined);
    for (int64_t whole = HOUR; whole <= 16 * HOUR; whole *= 2) {
        assert_about(retry_count(&target, ERR_BUG, 5, DAY), whole);
        assert_true(target.quarantined);
    }
    assert_about(retry_count(&target, ERR_BUG, 5, DAY), DAY);
    assert_int_equal(target.attempts, 8);
    assert_int_equal(target.deaths, 8);
}

static void another_failure_between_deaths_starts_their_count_anew(void **state)
{
    struct schedule_state target = { .attempts = 7, .deaths = 4, .quarantined = true };

    (void)state;
    assert_about(retry_count(&target, ERR_UNREACHABLE, 5, DAY), HOUR);
    assert_int_equal(target.attempts, 8);
    assert_int_equal(target.deaths, 0);
    assert_false(target.quarantined);
}

static void counts_stop_at_their_largest(void **state)
{
    struct schedule_state target = { .attempts = UINT32_MAX, .deaths = UINT32_MAX };

    (void)state;
    assert_about(retry_count(&target, ERR_BUG, 5, DAY), DAY);
    assert_int_equal(target.attempts, UINT32_MAX);
    assert_int_equal(target.deaths, UINT32_MAX);
}

static void forgetting_keeps_only_when_the_last_run_was(void **state)
{
    struct schedule_state target = { 3, 3, true, true, wall, wall + 5 };

    (void)state;
    retry_reset(&target);
    assert_int_equal(target.started_at, wall);
    assert_int_equal(target.attempts, 0);
    assert_int_equal(target.retry_at, 0);
    assert_false(target.quarantined || target.denied_alone);
}

static void a_stored_wait_goes_on_where_it_was(void **state)
{
    struct schedule_state target = { .attempts = 1, .started_at = wall, .retry_at = wall + 10 * MINUTE };

    (void)state;
    assert_int_equal(retry_left(&target, 5, wall + 4 * MINUTE), 6 * MINUTE);
    assert_int_equal(retry_left(&target, 5, wall + 10 * MINUTE), 0);
    assert_int_equal(retry_left(&target, 5, wall + DAY), 0);
    target.attempts = 0;
    assert_int_equal(retry_left(&target, 5, wall), 0);
}

static void a_clock_that_was_set_back_makes_no_wait_longer(void **state)
{
    struct schedule_state target = { .attempts = 1, .started_at = wall, .retry_at = wall + 10 * MINUTE };

    (void)state;
    assert_int_equal(retry_left(&target, 5, wall - 365 * DAY), 10 * MINUTE);
    target.started_at = 0;
    assert_about(retry_left(&target, 5, wall - 365 * DAY), DAY);
    target = (struct schedule_state){ .attempts = 3, .deaths = 3, .quarantined = true, .retry_at = INT64_MAX };
    assert_about(retry_left(&target, 5, wall), HOUR);
    target.deaths = 0;
    assert_about(retry_left(&target, 5, INT64_MIN / 2), HOUR);
    target.retry_at = INT64_MIN;
    assert_int_equal(retry_left(&target, 5, wall), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_waits_from_its_first_to_its_cap),
        cmocka_unit_test(a_number_that_is_no_class_waits_as_a_bug),
        cmocka_unit_test(a_target_of_many_turns_is_not_left_alone_for_long),
        cmocka_unit_test(many_turns_shorten_no_wait_that_protects),
        cmocka_unit_test(three_deaths_in_a_row_are_a_quarantine),
        cmocka_unit_test(another_failure_between_deaths_starts_their_count_anew),
        cmocka_unit_test(counts_stop_at_their_largest),
        cmocka_unit_test(forgetting_keeps_only_when_the_last_run_was),
        cmocka_unit_test(a_stored_wait_goes_on_where_it_was),
        cmocka_unit_test(a_clock_that_was_set_back_makes_no_wait_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
