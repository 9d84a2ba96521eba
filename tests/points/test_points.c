#include "points.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static int not_thorough(void **state)
{
    (void)state;
    return unsetenv("MUSTER_THOROUGH");
}

static void every_point_of_a_few_comes_once_in_order(void **state)
{
    struct points points = points_of(5, 60, 0);
    unsigned point, expected = 0;

    (void)state;
    while (points_next(&points, &point))
        assert_int_equal(point, ++expected);
    assert_int_equal(expected, 5);
}

static void one_comes_of_each_part_of_many(void **state)
{
    struct points points = points_of(1003, 10, 0);
    unsigned point, count = 0;

    (void)state;
    while (points_next(&points, &point)) {
        assert_true(point > 1003 * count / 10);
        count++;
        assert_true(point <= 1003 * count / 10);
    }
    assert_int_equal(count, 10);
}

static void every_point_of_many_comes_where_that_is_asked_for(void **state)
{
    struct points points;
    unsigned point, expected = 0;

    (void)state;
    setenv("MUSTER_THOROUGH", "1", 1);
    points = points_of(1003, 10, 0);
    while (points_next(&points, &point))
        assert_int_equal(point, ++expected);
    assert_int_equal(expected, 1003);
    points = points_of(1003, 10, 100);
    for (expected = 0; points_next(&points, &point); expected++)
        assert_true(point > expected * 10);
    assert_int_equal(expected, 100);
}

static void of_nothing_there_is_no_sample(void **state)
{
    struct points points = points_of(0, 10, 0);
    unsigned point;

    (void)state;
    assert_false(points_next(&points, &point));
}

#define TEST(function) cmocka_unit_test_setup(function, not_thorough)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_point_of_a_few_comes_once_in_order),
        TEST(one_comes_of_each_part_of_many),
        TEST(every_point_of_many_comes_where_that_is_asked_for),
        TEST(of_nothing_there_is_no_sample),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
