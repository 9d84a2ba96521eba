#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "numbers.h"

static number_vec numbers_of(const int64_t *given, size_t count)
{
    number_vec numbers = VEC_EMPTY;

    for (size_t i = 0; i < count; i++)
        vec_push(&numbers, given[i]);
    return numbers;
}

static void each_is_there_once_and_the_lowest_first(void **state)
{
    static const int64_t given[] = { 7, -3, 7, INT64_MAX, 0, INT64_MIN, -3, 7 };
    static const int64_t wanted[] = { INT64_MIN, -3, 0, 7, INT64_MAX };
    number_vec numbers = numbers_of(given, sizeof given / sizeof *given);

    (void)state;
    numbers_order(&numbers);
    assert_int_equal(numbers.count, sizeof wanted / sizeof *wanted);
    assert_memory_equal(numbers.items, wanted, sizeof wanted);
    vec_finish(&numbers);
}

static void what_is_among_them_is_found_and_nothing_else(void **state)
{
    static const int64_t given[] = { 40, 20, 30 };
    number_vec numbers = numbers_of(given, 3);

    (void)state;
    numbers_order(&numbers);
    for (int64_t number = 19; number <= 41; number++)
        assert_int_equal(numbers_have(&numbers, number), number == 20 || number == 30 || number == 40);
    vec_finish(&numbers);
}

static void of_none_there_is_none(void **state)
{
    number_vec numbers = VEC_EMPTY;

    (void)state;
    numbers_order(&numbers);
    assert_int_equal(numbers.count, 0);
    assert_false(numbers_have(&numbers, 0));
    vec_finish(&numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_there_once_and_the_lowest_first),
        cmocka_unit_test(what_is_among_them_is_found_and_nothing_else),
        cmocka_unit_test(of_none_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
