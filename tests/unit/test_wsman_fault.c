#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wsman_fault.h"

#include <string.h>

static struct wsman_fault fault_of(uint32_t number, const char *subcode, const char *text)
{
    return (struct wsman_fault){ true, "Receiver", subcode, "", number, text };
}

static void assert_meaning(uint32_t number, const char *subcode, enum wsman_meaning meaning, enum err_class class)
{
    const struct wsman_fault fault = fault_of(number, subcode, "");
    struct err err;

    assert_int_equal(wsman_fault_meaning(&fault), meaning);
    assert_false(wsman_fault_tell(&fault, "h:5985", "a query in root/x", &err));
    assert_string_equal(err_class_word(err.class), err_class_word(class));
}

static void what_is_not_there_is_absent(void **state)
{
    (void)state;
    assert_meaning(0x8004100E, "DestinationUnreachable", WSMAN_ABSENT, ERR_UNSUPPORTED);
    assert_meaning(0x80041010, "", WSMAN_ABSENT, ERR_UNSUPPORTED);
    assert_meaning(0x80338000, "", WSMAN_ABSENT, ERR_UNSUPPORTED);
    assert_meaning(0, "DestinationUnreachable", WSMAN_ABSENT, ERR_UNSUPPORTED);
}

static void what_is_denied_is_refused(void **state)
{
    (void)state;
    assert_meaning(0x80041003, "AccessDenied", WSMAN_REFUSED, ERR_DENIED);
    assert_meaning(5, "AccessDenied", WSMAN_REFUSED, ERR_DENIED);
    assert_meaning(0x80070005, "", WSMAN_REFUSED, ERR_DENIED);
    assert_meaning(0, "AccessDenied", WSMAN_REFUSED, ERR_DENIED);
}

static void everything_else_concerns_the_call_alone(void **state)
{
    (void)state;
    assert_meaning(0x80338029, "TimedOut", WSMAN_BROKEN, ERR_TIMEOUT);
    assert_meaning(0, "InvalidEnumerationContext", WSMAN_BROKEN, ERR_PROTOCOL);
    assert_meaning(0x80041017, "", WSMAN_BROKEN, ERR_PROTOCOL);
    assert_meaning(0x80041001, "InternalError", WSMAN_BROKEN, ERR_PROTOCOL);
    assert_meaning(0, "", WSMAN_BROKEN, ERR_PROTOCOL);
}

/* The number is of Windows itself; the subcode may be no more than the transport's. */
static void the_number_goes_before_the_subcode(void **state)
{
    (void)state;
    assert_meaning(0x8004100E, "AccessDenied", WSMAN_ABSENT, ERR_UNSUPPORTED);
    assert_meaning(0x80041001, "AccessDenied", WSMAN_REFUSED, ERR_DENIED);
}

/* That empties inventories: a host that is going down says of its namespaces that it does not reach them. */
static void what_failed_for_another_reason_is_not_absent(void **state)
{
    (void)state;
    assert_meaning(0x80041001, "DestinationUnreachable", WSMAN_BROKEN, ERR_PROTOCOL);
    assert_meaning(0x8007045B, "DestinationUnreachable", WSMAN_BROKEN, ERR_PROTOCOL);
}

static void a_quota_passes_and_nothing_else(void **state)
{
    static const uint32_t quotas[] = { 0x8033803F, 0x803381A6, 0x803381A7, 0x803381A8, 0x8004106C };
    struct wsman_fault fault = fault_of(0, "QuotaLimit", "");

    (void)state;
    assert_true(wsman_fault_passes(&fault));
    for (size_t i = 0; i < sizeof quotas / sizeof quotas[0]; i++) {
        fault = fault_of(quotas[i], "", "");
        assert_true(wsman_fault_passes(&fault));
    }
    fault = fault_of(0x80041003, "AccessDenied", "");
    assert_false(wsman_fault_passes(&fault));
    fault = fault_of(0x80338029, "TimedOut", "");
    assert_false(wsman_fault_passes(&fault));
}

static void the_sentence_has_who_what_why_and_what_to_do(void **state)
{
    const struct wsman_fault fault = fault_of(0x80041003, "AccessDenied", "Zugriff\nverweigert. ");
    struct err err;

    (void)state;
    wsman_fault_tell(&fault, "h:5985", "a query in root/cimv2", &err);
    assert_string_equal(err.text, "h:5985 refused a query in root/cimv2 with AccessDenied (0x80041003), in its words: "
                                  "Zugriff\\nverweigert; give the account Enable Account and Remote Enable on the "
                                  "namespace (wmimgmt.msc, WMI Control, Security)");
}

static void words_that_never_end_leave_room_for_what_to_do(void **state)
{
    static char words[60000], subcode[3000];
    struct wsman_fault fault;
    struct err err;

    (void)state;
    memset(words, 'w', sizeof words - 1);
    memset(subcode, 's', sizeof subcode - 1);
    fault = fault_of(0x80041003, subcode, words);
    wsman_fault_tell(&fault, "h:5985", "a query in root/cimv2", &err);
    assert_non_null(strstr(err.text, "wwww...; give the account"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_there_is_absent),
        cmocka_unit_test(what_is_denied_is_refused),
        cmocka_unit_test(everything_else_concerns_the_call_alone),
        cmocka_unit_test(the_number_goes_before_the_subcode),
        cmocka_unit_test(what_failed_for_another_reason_is_not_absent),
        cmocka_unit_test(a_quota_passes_and_nothing_else),
        cmocka_unit_test(the_sentence_has_who_what_why_and_what_to_do),
        cmocka_unit_test(words_that_never_end_leave_room_for_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
