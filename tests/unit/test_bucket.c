#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bucket.h"

/* How many single tokens can be had at that time. */
static int available(struct bucket bucket, int64_t now_ms)
{
    int count = 0;

    while (count < 100000 && bucket_take(&bucket, now_ms, 1))
        count++;
    return count;
}

static void a_new_bucket_holds_the_burst(void **state)
{
    struct bucket bucket;

    (void)state;
    bucket_init(&bucket, 10, 25, 5000);
    assert_int_equal(available(bucket, 5000), 25);
}

static void tokens_come_back_at_the_rate(void **state)
{
    struct bucket bucket;

    (void)state;
    bucket_init(&bucket, 10, 25, 0);
    while (bucket_take(&bucket, 0, 1))
        continue;
    assert_int_equal(available(bucket, 99), 0);
    assert_int_equal(available(bucket, 100), 1);
    assert_int_equal(available(bucket, 1000), 10);
    assert_int_equal(available(bucket, 2499), 24);
}

static void parts_of_a_token_are_not_lost(void **state)
{
    struct bucket bucket;
    int taken = 0;

    (void)state;
    bucket_init(&bucket, 3, 1, 0);
    for (int64_t now = 0; now < 100000; now++)
        taken += bucket_take(&bucket, now, 1);
    assert_in_range(taken, 299, 301);
}

static void a_pause_brings_no_more_than_the_burst(void **state)
{
    struct bucket bucket;

    (void)state;
    bucket_init(&bucket, 10, 25, 0);
    assert_int_equal(available(bucket, INT64_C(1) << 50), 25);
    bucket_take(&bucket, 0, 25);
    assert_int_equal(available(bucket, 2500), 25);
    assert_int_equal(available(bucket, 2600), 25);
}

static void a_debt_is_paid_before_the_next(void **state)
{
    struct bucket bucket;

    (void)state;
    bucket_init(&bucket, 10, 1, 0);
    assert_true(bucket_take(&bucket, 0, 5));
    assert_false(bucket_take(&bucket, 499, 1));
    assert_true(bucket_take(&bucket, 500, 1));
}

static void a_clock_that_goes_back_brings_nothing(void **state)
{
    struct bucket bucket;

    (void)state;
    bucket_init(&bucket, 10, 2, 100000);
    assert_true(bucket_take(&bucket, 100000, 2));
    assert_false(bucket_take(&bucket, 0, 1));
    assert_true(bucket_take(&bucket, 100, 1));
}

static void nothing_counts_as_one(void **state)
{
    struct bucket bucket;

    (void)state;
    bucket_init(&bucket, 0, 0, 0);
    assert_int_equal(available(bucket, 0), 1);
    bucket_take(&bucket, 0, 1);
    assert_int_equal(available(bucket, 999), 0);
    assert_int_equal(available(bucket, 1000), 1);
}

static void the_largest_numbers_do_no_harm(void **state)
{
    struct bucket bucket;

    (void)state;
    bucket_init(&bucket, UINT32_MAX, UINT32_MAX, INT64_MIN);
    assert_true(bucket_take(&bucket, INT64_MIN, UINT32_MAX));
    assert_false(bucket_take(&bucket, INT64_MIN, 1));
    assert_true(bucket_take(&bucket, INT64_MAX, UINT32_MAX));
    assert_false(bucket_take(&bucket, INT64_MIN, 1));
    bucket_init(&bucket, 1, 1, 0);
    assert_true(bucket_take(&bucket, 0, UINT32_MAX));
    assert_false(bucket_take(&bucket, 1000, 1));
    assert_true(bucket_take(&bucket, INT64_MAX, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_bucket_holds_the_burst),   cmocka_unit_test(tokens_come_back_at_the_rate),
        cmocka_unit_test(parts_of_a_token_are_not_lost),  cmocka_unit_test(a_pause_brings_no_more_than_the_burst),
        cmocka_unit_test(a_debt_is_paid_before_the_next), cmocka_unit_test(a_clock_that_goes_back_brings_nothing),
        cmocka_unit_test(nothing_counts_as_one),          cmocka_unit_test(the_largest_numbers_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
