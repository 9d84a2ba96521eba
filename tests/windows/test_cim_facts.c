#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cim_facts.h"
#include "cim_gather.h"
#include "pretend.h"

#include <string.h>

static const struct cim_rule rules[] = {
    { "Text", "os.name", CIM_FACT_TEXT },        { "Upper", "id.netbios", CIM_FACT_UPPER },
    { "Uuid", "id.uuid", CIM_FACT_UUID },        { "Number", "hardware.memory", CIM_FACT_NUMBER },
    { "Truth", "volume.dedup", CIM_FACT_TRUTH },
};

static void take(struct windows *windows, const struct cim_instance *instance)
{
    cim_facts(&windows->computer, instance, rules, sizeof rules / sizeof *rules);
}

static const struct windows_query query = { "", "", take };
static const struct windows_section section = { .queries = &query, .query_count = 1 };

static int set_up(void **state)
{
    (void)state;
    pretend_begin();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pretend_end();
    return 0;
}

static void values_become_facts_in_their_form(void **state)
{
    (void)state;
    pretend_take(&section, 0, "Text=  a b \r\n", "Upper=hv-01", "Uuid={4C4C4544-0043-3510-8052-B4C04F4A3332}",
                 "Number=137438949376", "Truth=TRUE", NULL);
    assert_string_equal(pretend_text("os.name"), "a b");
    assert_string_equal(pretend_text("id.netbios"), "HV-01");
    assert_string_equal(pretend_text("id.uuid"), "4c4c4544-0043-3510-8052-b4c04f4a3332");
    assert_int_equal(pretend_int("hardware.memory"), 137438949376);
    assert_int_equal(pretend_truth(&pretend.computer, "volume.dedup"), 1);
    assert_int_equal(pretend.computer.unread_count, 0);
}

static void what_did_not_come_is_neither_a_fact_nor_unread(void **state)
{
    (void)state;
    pretend_take(&section, 0, "Text", "Uuid=", "Number=", "Truth", NULL);
    pretend_take(&section, 0, "Text=  ", NULL);
    assert_int_equal(pretend.computer.attribute_count, 0);
    assert_int_equal(pretend.computer.unread_count, 0);
}

static void nonsense_is_unread_and_says_what_it_was(void **state)
{
    (void)state;
    pretend_take(&section, 0, "Uuid=4C4C4544", "Number=-1", "Truth=perhaps", NULL);
    assert_int_equal(pretend.computer.attribute_count, 0);
    assert_non_null(strstr(pretend_unread(&pretend.computer, "id.uuid"), "Uuid is '4C4C4544'"));
    assert_non_null(strstr(pretend_unread(&pretend.computer, "hardware.memory"), "-1"));
    assert_non_null(strstr(pretend_unread(&pretend.computer, "volume.dedup"), "perhaps"));
}

static void a_number_above_64_bits_is_no_number(void **state)
{
    (void)state;
    pretend_take(&section, 0, "Number=18446744073709551615", NULL);
    assert_int_equal(pretend.computer.attribute_count, 0);
    assert_non_null(pretend_unread(&pretend.computer, "hardware.memory"));
}

static void addresses_of_adapters_have_one_spelling(void **state)
{
    static const char *const good[] = { "00:15:5D:0A:0B:0C", "00-15-5d-0a-0b-0c", "00155D0A0B0C" };
    static const char *const bad[] = { "", "00:15:5D:0A:0B", "00:15:5D:0A:0B:0C:0D", "00:15:5D:0A:0B:0G",
                                       "00155D0A0B0C0" };
    char mac[CIM_MAC_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(cim_mac(good[i], mac));
        assert_string_equal(mac, "00:15:5d:0a:0b:0c");
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(cim_mac(bad[i], mac));
}

static void a_uuid_is_whole_or_none(void **state)
{
    static const char *const bad[] = { "",
                                       "{}",
                                       "4c4c4544-0043-3510-8052-b4c04f4a333",
                                       "4c4c4544-0043-3510-8052-b4c04f4a33322",
                                       "{4c4c4544-0043-3510-8052-b4c04f4a3332",
                                       "4c4c4544x0043-3510-8052-b4c04f4a3332",
                                       "4c4c4544-0043-3510-8052-b4c04f4a333g" };
    char uuid[CIM_UUID_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(cim_uuid(bad[i], uuid));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_become_facts_in_their_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_did_not_come_is_neither_a_fact_nor_unread, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nonsense_is_unread_and_says_what_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_number_above_64_bits_is_no_number, set_up, tear_down),
        cmocka_unit_test(addresses_of_adapters_have_one_spelling),
        cmocka_unit_test(a_uuid_is_whole_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
