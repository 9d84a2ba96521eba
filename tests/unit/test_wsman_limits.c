#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wsman_limits.h"

static struct wsman_limits limits;

static void assert_limits(uint32_t envelope, uint32_t elements)
{
    assert_int_equal(limits.envelope, envelope);
    assert_int_equal(limits.elements, elements);
}

static void each_generation_is_asked_for_what_it_takes(void **state)
{
    static const struct {
        const char *version;
        uint32_t envelope, elements;
    } cases[] = {
        { "OS: 6.0.6002 SP: 2.0 Stack: 1.1", 153600, 20 },   /* 2008 without KB968930 */
        { "OS: 6.0.6002 SP: 2.0 Stack: 2.0", 153600, 1000 }, /* 2008 with it */
        { "OS: 6.1.7601 SP: 1.0 Stack: 2.0", 153600, 1000 }, { "OS: 6.2.9200 SP: 0.0 Stack: 3.0", 512000, 1000 },
        { "OS: 0.0.0 SP: 0.0 Stack: 3.0", 512000, 1000 },    { "OS: 10.0.14393 SP: 0.0 Stack: 10.0", 512000, 1000 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wsman_limits_init(&limits);
        wsman_limits_identify(&limits, cases[i].version);
        assert_limits(cases[i].envelope, cases[i].elements);
    }
}

static void one_that_tells_nothing_is_asked_as_the_oldest(void **state)
{
    (void)state;
    wsman_limits_init(&limits);
    assert_limits(153600, 20);
    wsman_limits_identify(&limits, NULL);
    assert_limits(153600, 20);
    wsman_limits_identify(&limits, "1.6.8-0");
    assert_limits(153600, 20);
    wsman_limits_identify(&limits, "Stack: ");
    assert_limits(153600, 20);
}

static struct wsman_fault fault_of(uint32_t number, const char *detail)
{
    return (struct wsman_fault){ true, "Sender", "EncodingLimit", detail, number, "" };
}

static void a_fault_that_names_a_limit_halves_it(void **state)
{
    const struct wsman_fault envelope = fault_of(0x80338048, ""), other = fault_of(0, "MaxEnvelopeSize");
    const struct wsman_fault elements = fault_of(0x8033811D, "");

    (void)state;
    limits = (struct wsman_limits){ 512000, 1000 };
    assert_true(wsman_limits_shrink(&limits, &envelope));
    assert_limits(256000, 1000);
    assert_true(wsman_limits_shrink(&limits, &other));
    assert_limits(128000, 1000);
    assert_true(wsman_limits_shrink(&limits, &elements));
    assert_limits(128000, 500);
}

static void there_is_an_end_to_that(void **state)
{
    const struct wsman_fault envelope = fault_of(0x80338047, ""), elements = fault_of(0, "MaxElements");
    int halvings = 0;

    (void)state;
    limits = (struct wsman_limits){ 512000, 1000 };
    while (wsman_limits_shrink(&limits, &envelope))
        halvings++;
    assert_int_equal(halvings, 4);
    while (wsman_limits_shrink(&limits, &elements))
        halvings++;
    assert_int_equal(halvings, 13);
    assert_limits(32768, 1);
}

static void any_other_fault_changes_nothing(void **state)
{
    const struct wsman_fault other = fault_of(0x80041010, "InvalidResourceURI"), none = fault_of(0, "");

    (void)state;
    limits = (struct wsman_limits){ 512000, 1000 };
    assert_false(wsman_limits_shrink(&limits, &other));
    assert_false(wsman_limits_shrink(&limits, &none));
    assert_limits(512000, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_generation_is_asked_for_what_it_takes),
        cmocka_unit_test(one_that_tells_nothing_is_asked_as_the_oldest),
        cmocka_unit_test(a_fault_that_names_a_limit_halves_it),
        cmocka_unit_test(there_is_an_end_to_that),
        cmocka_unit_test(any_other_fault_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
