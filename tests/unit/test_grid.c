#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "grid.h"

#include <stdio.h>

#define HOUR INT64_C(3600000)

static const int64_t wall = INT64_C(1700000000000);

static void times_lie_one_interval_apart(void **state)
{
    int64_t first = grid_after(grid_hash("vc01"), HOUR, wall);

    (void)state;
    assert_true(first > wall && first <= wall + HOUR);
    assert_int_equal(grid_after(grid_hash("vc01"), HOUR, first - 1), first);
    assert_int_equal(grid_after(grid_hash("vc01"), HOUR, first), first + HOUR);
    assert_int_equal(grid_after(grid_hash("vc01"), HOUR, first + 24 * HOUR), first + 25 * HOUR);
}

/* Stored times depend on it. */
static void the_phase_of_a_name_never_changes(void **state)
{
    (void)state;
    assert_int_equal(grid_after(grid_hash("vc01"), HOUR, wall) - wall, 1486536);
}

static void a_fleet_is_spread_over_the_interval(void **state)
{
    size_t tenths[10] = { 0 };
    char name[16];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "host%d", i);
        tenths[(grid_after(grid_hash(name), HOUR, wall) - wall - 1) / (HOUR / 10)]++;
    }
    for (int i = 0; i < 10; i++)
        assert_in_range(tenths[i], 60, 140);
}

static void what_is_late_waits_a_minute_at_most(void **state)
{
    char name[16];
    int64_t most = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        int64_t soon;

        snprintf(name, sizeof name, "host%d", i);
        soon = grid_soon(grid_hash(name), 24 * HOUR, wall);
        assert_in_range(soon, 0, 60000);
        most = soon > most ? soon : most;
        assert_in_range(grid_soon(grid_hash(name), 1000, wall), 0, 1000);
    }
    assert_true(most > 55000);
}

static void what_is_late_just_before_its_time_waits_for_it(void **state)
{
    uint64_t hash = grid_hash("vc01");
    int64_t at = grid_after(hash, HOUR, wall);

    (void)state;
    for (int64_t before = 1; before <= 60000; before += 59)
        assert_int_equal(grid_soon(hash, HOUR, at - before), before);
}

static void times_before_1970_and_odd_intervals_are_no_trouble(void **state)
{
    (void)state;
    assert_in_range(grid_after(7, HOUR, -5) + 5, 1, HOUR);
    assert_in_range(grid_after(UINT64_MAX, HOUR, -wall) + wall, 1, HOUR);
    assert_int_equal(grid_after(7, grid_every(0), wall), wall + 1);
    assert_int_equal(grid_every(-3), 1);
    assert_int_equal(grid_every(INT64_MAX), GRID_EVERY_MAX);
    assert_true(grid_after(7, GRID_EVERY_MAX, wall) > wall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_lie_one_interval_apart),
        cmocka_unit_test(the_phase_of_a_name_never_changes),
        cmocka_unit_test(a_fleet_is_spread_over_the_interval),
        cmocka_unit_test(what_is_late_waits_a_minute_at_most),
        cmocka_unit_test(what_is_late_just_before_its_time_waits_for_it),
        cmocka_unit_test(times_before_1970_and_odd_intervals_are_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
