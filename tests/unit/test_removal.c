#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "removal.h"
#include "str.h"

static bool waits(size_t had, size_t missing)
{
    const struct removal_kind kinds[] = { { "vm", had, missing }, { "host", 1, 0 } };
    struct str why = STR_EMPTY;
    bool answer = removal_waits(kinds, 2, &why);

    assert_int_equal(answer, why.length > 0);
    str_finish(&why);
    return answer;
}

static void assert_why(const struct removal_kind *kinds, size_t count, const char *sentence)
{
    struct str why = STR_EMPTY;

    assert_true(removal_waits(kinds, count, &why));
    assert_string_equal(str_text(&why), sentence);
    str_finish(&why);
}

static void nothing_missing_never_waits(void **state)
{
    struct str why = STR_EMPTY;

    (void)state;
    assert_false(removal_waits(NULL, 0, &why));
    assert_false(waits(0, 0));
    assert_false(waits(1, 0));
    assert_false(waits(1000000, 0));
    assert_int_equal(why.length, 0);
}

static void ten_may_go_of_a_few(void **state)
{
    (void)state;
    assert_false(waits(11, 10));
    assert_true(waits(12, 11));
    assert_false(waits(32, 10));
    assert_true(waits(32, 11));
}

/* Of all items, those of the other kinds among them, and rounded down. */
static void thirty_percent_may_go_of_many(void **state)
{
    (void)state;
    assert_false(waits(99, 30));
    assert_true(waits(99, 31));
    assert_false(waits(102, 30));
    assert_true(waits(102, 31));
    assert_false(waits(999999, 300000));
    assert_true(waits(999999, 300001));
}

static void all_of_a_kind_wait_however_few(void **state)
{
    const struct removal_kind one[] = { { "vm", 100, 0 }, { "csv", 1, 1 } };
    const struct removal_kind two[] = { { "csv", 1, 1 }, { "vm", 100, 1 }, { "volume", 3, 3 } };

    (void)state;
    assert_why(one, 2,
               "the only item of kind csv is missing; look whether its account may still read them; if they are really "
               "gone, accept it");
    assert_why(
        two, 3,
        "all 3 items of kind volume are missing; look whether its account may still read them; if they are really "
        "gone, accept it");
}

static void too_many_are_counted_over_all_kinds(void **state)
{
    const struct removal_kind kinds[] = { { "vm", 20, 8 }, { "volume", 20, 8 } };

    (void)state;
    assert_why(
        kinds, 2,
        "16 of its 40 items are missing, more than the 12 that may go at once; look whether its account may still "
        "read them; if they are really gone, accept it");
}

static void counts_at_the_end_of_their_range_do_no_harm(void **state)
{
    (void)state;
    assert_false(waits(SIZE_MAX / 2, 11));
    assert_true(waits(SIZE_MAX / 2, SIZE_MAX / 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_missing_never_waits),
        cmocka_unit_test(ten_may_go_of_a_few),
        cmocka_unit_test(thirty_percent_may_go_of_many),
        cmocka_unit_test(all_of_a_kind_wait_however_few),
        cmocka_unit_test(too_many_are_counted_over_all_kinds),
        cmocka_unit_test(counts_at_the_end_of_their_range_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
