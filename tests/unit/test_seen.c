#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "seen.h"

static const struct hash128 here = { 1, 2 }, there = { 3, 4 };

static void an_identity_is_new_once(void **state)
{
    struct seen seen = SEEN_EMPTY;

    (void)state;
    assert_int_equal(seen_add(&seen, here, there), SEEN_NEW);
    assert_int_equal(seen_add(&seen, here, there), SEEN_SAME);
    assert_int_equal(seen_add(&seen, there, there), SEEN_NEW);
    assert_int_equal(seen.count, 2);
    seen_finish(&seen);
}

static void every_bit_of_the_content_counts(void **state)
{
    struct seen seen = SEEN_EMPTY;

    (void)state;
    seen_add(&seen, here, (struct hash128){ 0, 0 });
    for (int bit = 0; bit < 64; bit++) {
        assert_int_equal(seen_add(&seen, here, (struct hash128){ UINT64_C(1) << bit, 0 }), SEEN_DIFFERENT);
        assert_int_equal(seen_add(&seen, here, (struct hash128){ 0, UINT64_C(1) << bit }), SEEN_DIFFERENT);
    }
    assert_int_equal(seen.count, 1);
    seen_finish(&seen);
}

static void the_first_content_is_the_one_that_counts(void **state)
{
    struct seen seen = SEEN_EMPTY;

    (void)state;
    seen_add(&seen, here, here);
    assert_int_equal(seen_add(&seen, here, there), SEEN_DIFFERENT);
    assert_int_equal(seen_add(&seen, here, there), SEEN_DIFFERENT);
    assert_int_equal(seen_add(&seen, here, here), SEEN_SAME);
    seen_finish(&seen);
}

static void every_bit_of_the_identity_counts(void **state)
{
    struct seen seen = SEEN_EMPTY;

    (void)state;
    for (int bit = 0; bit < 64; bit++) {
        assert_int_equal(seen_add(&seen, (struct hash128){ UINT64_C(1) << bit, 0 }, here), SEEN_NEW);
        assert_int_equal(seen_add(&seen, (struct hash128){ 0, UINT64_C(1) << bit }, here), SEEN_NEW);
    }
    assert_int_equal(seen.count, 128);
    seen_finish(&seen);
}

/* All of them belong in the same place of the table. */
static void identities_that_meet_are_told_apart(void **state)
{
    struct seen seen = SEEN_EMPTY;

    (void)state;
    for (uint64_t i = 0; i < 300; i++)
        assert_int_equal(seen_add(&seen, (struct hash128){ UINT64_MAX, i }, (struct hash128){ i, i }), SEEN_NEW);
    for (uint64_t i = 0; i < 300; i++)
        assert_int_equal(seen_add(&seen, (struct hash128){ UINT64_MAX, i }, (struct hash128){ i, i }), SEEN_SAME);
    seen_finish(&seen);
}

static void an_identity_of_zeros_is_remembered_too(void **state)
{
    struct seen seen = SEEN_EMPTY;
    const struct hash128 zero = { 0, 0 };

    (void)state;
    assert_int_equal(seen_add(&seen, zero, zero), SEEN_NEW);
    assert_int_equal(seen_add(&seen, zero, zero), SEEN_SAME);
    assert_int_equal(seen_add(&seen, zero, here), SEEN_DIFFERENT);
    seen_finish(&seen);
}

static void a_hundred_thousand_are_remembered_in_bounded_memory(void **state)
{
    struct seen seen = SEEN_EMPTY;
    const struct hash_key key = { 5, 6 };

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < 100000; i++) {
            struct hash128 identity = hash128(&key, &i, sizeof i);

            if (seen_add(&seen, identity, (struct hash128){ i, 0 }) != (round == 0 ? SEEN_NEW : SEEN_SAME))
                fail_msg("%d in round %d", (int)i, round);
        }
    }
    assert_int_equal(seen.count, 100000);
    assert_true(seen.capacity <= 4 * seen.count);
    assert_in_range(seen_memory(&seen), 40 * seen.count, 80 * seen.count);
    seen_finish(&seen);
}

static void a_finished_table_is_empty(void **state)
{
    struct seen seen = SEEN_EMPTY;

    (void)state;
    seen_finish(&seen);
    seen_add(&seen, here, here);
    seen_finish(&seen);
    assert_int_equal(seen.count, 0);
    assert_int_equal(seen_memory(&seen), 0);
    assert_int_equal(seen_add(&seen, here, there), SEEN_NEW);
    seen_finish(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_identity_is_new_once),
        cmocka_unit_test(every_bit_of_the_content_counts),
        cmocka_unit_test(the_first_content_is_the_one_that_counts),
        cmocka_unit_test(every_bit_of_the_identity_counts),
        cmocka_unit_test(identities_that_meet_are_told_apart),
        cmocka_unit_test(an_identity_of_zeros_is_remembered_too),
        cmocka_unit_test(a_hundred_thousand_are_remembered_in_bounded_memory),
        cmocka_unit_test(a_finished_table_is_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
