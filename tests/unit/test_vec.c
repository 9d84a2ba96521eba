#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vec.h"

struct point {
    int x, y;
};

typedef vec(int) int_vec;

static void pushed_items_are_there_in_order(void **state)
{
    int_vec numbers = VEC_EMPTY;

    (void)state;
    for (int i = 0; i < 1000; i++)
        vec_push(&numbers, i * 3);
    assert_int_equal(numbers.count, 1000);
    assert_true(numbers.capacity >= 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers.items[i], i * 3);
    vec_finish(&numbers);
}

static void structs_are_pushed_as_literals(void **state)
{
    vec(struct point) points = VEC_EMPTY;

    (void)state;
    vec_push(&points, (struct point){ 1, 2 });
    vec_push(&points, (struct point){ .y = 4 });
    assert_int_equal(points.items[0].y, 2);
    assert_int_equal(vec_last(&points).x, 0);
    assert_int_equal(vec_last(&points).y, 4);
    vec_finish(&points);
}

static void the_last_item_is_popped(void **state)
{
    int_vec numbers = VEC_EMPTY;

    (void)state;
    vec_push(&numbers, 1);
    vec_push(&numbers, 2);
    assert_int_equal(vec_pop(&numbers), 2);
    assert_int_equal(vec_pop(&numbers), 1);
    assert_int_equal(numbers.count, 0);
    vec_finish(&numbers);
}

static void removing_moves_those_behind_up(void **state)
{
    int_vec numbers = VEC_EMPTY;

    (void)state;
    for (int i = 0; i < 5; i++)
        vec_push(&numbers, i);
    vec_remove(&numbers, 1);
    vec_remove(&numbers, 3);
    vec_remove(&numbers, 0);
    assert_int_equal(numbers.count, 2);
    assert_int_equal(numbers.items[0], 2);
    assert_int_equal(numbers.items[1], 3);
    vec_finish(&numbers);
}

static void each_runs_over_all_items(void **state)
{
    int_vec numbers = VEC_EMPTY;
    int sum = 0;

    (void)state;
    vec_each (number, &numbers)
        fail_msg("an empty vector has an item %d", *number);
    for (int i = 1; i <= 10; i++)
        vec_push(&numbers, i);
    vec_each (number, &numbers)
        sum += *number;
    assert_int_equal(sum, 55);
    vec_each (number, &numbers)
        *number = 0;
    assert_int_equal(numbers.items[9], 0);
    vec_finish(&numbers);
}

static void clearing_keeps_the_memory(void **state)
{
    int_vec numbers = VEC_EMPTY;
    int *items;

    (void)state;
    vec_push(&numbers, 1);
    items = numbers.items;
    vec_clear(&numbers);
    assert_int_equal(numbers.count, 0);
    vec_push(&numbers, 2);
    assert_ptr_equal(numbers.items, items);
    assert_int_equal(numbers.items[0], 2);
    vec_finish(&numbers);
}

static void reserved_room_is_not_moved(void **state)
{
    int_vec numbers = VEC_EMPTY;
    int *items;

    (void)state;
    vec_reserve(&numbers, 100);
    assert_true(numbers.capacity >= 100);
    assert_int_equal(numbers.count, 0);
    items = numbers.items;
    for (int i = 0; i < 100; i++)
        vec_push(&numbers, i);
    assert_ptr_equal(numbers.items, items);
    vec_reserve(&numbers, 1);
    assert_ptr_equal(numbers.items, items);
    vec_finish(&numbers);
}

static void a_finished_vector_may_be_used_again(void **state)
{
    int_vec numbers = VEC_EMPTY;

    (void)state;
    vec_finish(&numbers);
    vec_push(&numbers, 1);
    vec_finish(&numbers);
    assert_null(numbers.items);
    assert_int_equal(numbers.capacity, 0);
    vec_push(&numbers, 2);
    assert_int_equal(numbers.items[0], 2);
    vec_finish(&numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pushed_items_are_there_in_order), cmocka_unit_test(structs_are_pushed_as_literals),
        cmocka_unit_test(the_last_item_is_popped),         cmocka_unit_test(removing_moves_those_behind_up),
        cmocka_unit_test(each_runs_over_all_items),        cmocka_unit_test(clearing_keeps_the_memory),
        cmocka_unit_test(reserved_room_is_not_moved),      cmocka_unit_test(a_finished_vector_may_be_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
