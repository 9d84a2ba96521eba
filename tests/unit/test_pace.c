#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pace.h"

#define BEGIN INT64_C(1000000)

/* Looks once a second while so many bytes a second come; after how many seconds it does not hold, 0: it always does. */
static int seconds_until_given_up(uint64_t bytes_a_second, int seconds)
{
    struct pace pace = { 0 };
    uint64_t bytes = 100;

    for (int i = 0; i <= seconds; i++, bytes += bytes_a_second) {
        if (!pace_holds(&pace, BEGIN + INT64_C(1000) * i, bytes))
            return i;
    }
    return 0;
}

static void a_server_that_keeps_the_pace_is_read_to_its_end(void **state)
{
    (void)state;
    assert_int_equal(seconds_until_given_up(1024, 3600), 0);
    assert_int_equal(seconds_until_given_up(1000000, 3600), 0);
}

static void one_that_drips_is_given_up(void **state)
{
    (void)state;
    assert_int_equal(seconds_until_given_up(1023, 3600), 30);
    assert_int_equal(seconds_until_given_up(1, 3600), 30);
    assert_int_equal(seconds_until_given_up(0, 3600), 30);
}

static void one_that_stops_in_the_middle_is_given_up_in_the_next_span(void **state)
{
    struct pace pace = { 0 };

    (void)state;
    assert_true(pace_holds(&pace, BEGIN, 0));
    assert_true(pace_holds(&pace, BEGIN + PACE_MS, 1000000));
    assert_true(pace_holds(&pace, BEGIN + INT64_C(2) * PACE_MS - 1, 1000000));
    assert_false(pace_holds(&pace, BEGIN + INT64_C(2) * PACE_MS, 1000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_keeps_the_pace_is_read_to_its_end),
        cmocka_unit_test(one_that_drips_is_given_up),
        cmocka_unit_test(one_that_stops_in_the_middle_is_given_up_in_the_next_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
