#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backoff.h"

static const struct backoff_rule rule = { .first_ms = 1000, .cap_ms = 60000, .seed = 42 };

static void nothing_failed_means_no_wait(void **state)
{
    struct backoff backoff = { 0 };

    (void)state;
    assert_true(backoff_ready(&backoff, 0));
    assert_true(backoff_ready(&backoff, -5));
    assert_int_equal(backoff_delay(&rule, 0), 0);
}

static void the_wait_doubles_up_to_the_cap(void **state)
{
    static const int64_t whole[] = { 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000 };

    (void)state;
    for (uint32_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        int64_t delay = backoff_delay(&rule, i + 1);

        assert_true(delay <= whole[i]);
        assert_true(delay >= whole[i] / 4 * 3);
    }
    assert_in_range(backoff_delay(&rule, UINT32_MAX), 45000, 60000);
}

static void the_same_seed_gives_the_same_wait(void **state)
{
    struct backoff_rule same = rule;

    (void)state;
    for (uint32_t i = 1; i < 20; i++)
        assert_int_equal(backoff_delay(&rule, i), backoff_delay(&same, i));
}

static void different_seeds_spread_the_waits(void **state)
{
    struct backoff_rule other = { .first_ms = 1000000, .cap_ms = 1000000 };
    int64_t least = INT64_MAX, most = 0;

    (void)state;
    for (other.seed = 0; other.seed < 100; other.seed++) {
        int64_t delay = backoff_delay(&other, 1);

        assert_in_range(delay, 750000, 1000000);
        least = delay < least ? delay : least;
        most = delay > most ? delay : most;
    }
    assert_true(most - least > 200000);
}

static void a_failure_sets_when_to_try_again(void **state)
{
    struct backoff backoff = { 0 };

    (void)state;
    backoff_fail(&backoff, &rule, 5000);
    assert_int_equal(backoff.attempts, 1);
    assert_int_equal(backoff.due, 5000 + backoff_delay(&rule, 1));
    assert_false(backoff_ready(&backoff, backoff.due - 1));
    assert_true(backoff_ready(&backoff, backoff.due));
    backoff_fail(&backoff, &rule, 9000);
    assert_int_equal(backoff.attempts, 2);
    assert_int_equal(backoff.due, 9000 + backoff_delay(&rule, 2));
}

static void success_starts_again_from_the_first_wait(void **state)
{
    struct backoff backoff = { 0 };

    (void)state;
    for (int i = 0; i < 10; i++)
        backoff_fail(&backoff, &rule, 0);
    backoff_reset(&backoff);
    assert_true(backoff_ready(&backoff, 0));
    backoff_fail(&backoff, &rule, 0);
    assert_int_equal(backoff.due, backoff_delay(&rule, 1));
}

static void the_largest_numbers_do_not_overflow(void **state)
{
    struct backoff_rule widest = { .first_ms = INT64_MAX / 2 + 2, .cap_ms = INT64_MAX };
    struct backoff backoff = { .attempts = UINT32_MAX };

    (void)state;
    assert_true(backoff_delay(&widest, 2) > 0);
    assert_true(backoff_delay(&widest, UINT32_MAX) > 0);
    backoff_fail(&backoff, &widest, INT64_MAX - 1);
    assert_int_equal(backoff.attempts, UINT32_MAX);
    assert_int_equal(backoff.due, INT64_MAX);
}

static void a_rule_of_zeros_ends(void **state)
{
    struct backoff_rule none = { 0 };

    (void)state;
    assert_int_equal(backoff_delay(&none, UINT32_MAX), 0);
}

static void what_was_stored_is_taken_up(void **state)
{
    struct backoff backoff = { 0 }, restored;

    (void)state;
    backoff_fail(&backoff, &rule, 0);
    backoff_fail(&backoff, &rule, 1000);
    backoff_restore(&restored, &rule, backoff.attempts, backoff.due, 1500);
    assert_int_equal(restored.attempts, backoff.attempts);
    assert_int_equal(restored.due, backoff.due);
}

static void a_stored_time_far_ahead_is_brought_near(void **state)
{
    struct backoff restored;

    (void)state;
    backoff_restore(&restored, &rule, 3, INT64_MAX, 1000);
    assert_int_equal(restored.due, 1000 + backoff_delay(&rule, 3));
    backoff_restore(&restored, &rule, 0, INT64_MAX, 1000);
    assert_true(backoff_ready(&restored, 1000));
    backoff_restore(&restored, &rule, 3, INT64_MIN, 1000);
    assert_true(backoff_ready(&restored, 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_failed_means_no_wait),
        cmocka_unit_test(the_wait_doubles_up_to_the_cap),
        cmocka_unit_test(the_same_seed_gives_the_same_wait),
        cmocka_unit_test(different_seeds_spread_the_waits),
        cmocka_unit_test(a_failure_sets_when_to_try_again),
        cmocka_unit_test(success_starts_again_from_the_first_wait),
        cmocka_unit_test(the_largest_numbers_do_not_overflow),
        cmocka_unit_test(a_rule_of_zeros_ends),
        cmocka_unit_test(what_was_stored_is_taken_up),
        cmocka_unit_test(a_stored_time_far_ahead_is_brought_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
