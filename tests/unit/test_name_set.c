#include "name_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_name_is_found_in_any_case_of_its_letters(void **state)
{
    struct name_set set;

    (void)state;
    name_set_init(&set);
    assert_false(name_set_has(&set, "Payroll"));
    name_set_add(&set, "Payroll");
    assert_true(name_set_has(&set, "Payroll"));
    assert_true(name_set_has(&set, "PAYROLL"));
    assert_true(name_set_has(&set, "payroll"));
    assert_false(name_set_has(&set, "Payrol"));
    assert_false(name_set_has(&set, "Payroll2"));
    name_set_finish(&set);
}

static void what_is_no_ascii_letter_is_compared_as_it_is(void **state)
{
    struct name_set set;

    (void)state;
    name_set_init(&set);
    name_set_add(&set, "\xc3\x84rger_[1]");
    assert_true(name_set_has(&set, "\xc3\x84RGER_[1]"));
    assert_false(name_set_has(&set, "\xc3\xa4rger_[1]"));
    assert_false(name_set_has(&set, "\xc3\x84rger_{1}"));
    name_set_finish(&set);
}

static void the_empty_name_and_one_that_comes_twice_are_names(void **state)
{
    struct name_set set;

    (void)state;
    name_set_init(&set);
    assert_false(name_set_has(&set, ""));
    name_set_add(&set, "");
    name_set_add(&set, "a");
    name_set_add(&set, "A");
    assert_true(name_set_has(&set, ""));
    assert_int_equal(set.names.count, 2);
    name_set_finish(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_found_in_any_case_of_its_letters),
        cmocka_unit_test(what_is_no_ascii_letter_is_compared_as_it_is),
        cmocka_unit_test(the_empty_name_and_one_that_comes_twice_are_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
