/* How reasons are worded. */
#include "step_fleet.h"

static void assert_ends(const struct verdict *verdict, const char *end)
{
    const char *reason = verdict->legs[0].reason;
    size_t length = strlen(reason), wanted = strlen(end);

    if (length < wanted || strcmp(reason + length - wanted, end) != 0)
        fail_msg("\"%s\" does not end with \"%s\"", reason, end);
}

static void what_is_called_by_its_value_is_named_once(void **state)
{
    const struct value name = { .type = VALUE_TEXT, .text = "RTM-APP02" };
    struct test test = {
        .type = TEST_FACT, .fact = "id.name", .compare = COMPARE_IS_NOT, .values = &name, .value_count = 1
    };
    const struct condition condition = {
        .name = "R8", .id = "R8", .text = "t", .test = &test, .effect = EFFECT_VERDICT
    };
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&condition)),
    };
    struct thing *machine = add_thing(*state, 1, machine_kinds, "RTM-APP02");

    set_text(*state, machine, "hardware.manufacturer", "Contoso");
    set_text(*state, machine, "id.name", "RTM-APP02");
    set_text(*state, machine, "os.build", "5");
    set_text(*state, machine, "protected.type", "RTM-APP02");
    ADD_ROWS(*state, rows);
    assert_ends(judge_again(*state, 1, METHOD_AGENT), "R8 is not met (t): it is RTM-APP02");
    test.fact = "protected.type";
    assert_ends(judge_again(*state, 1, METHOD_AGENT), "R8 is not met (t): RTM-APP02 is protected");
    machine->name = "APP02";
    assert_ends(judge_again(*state, 1, METHOD_AGENT), "R8 is not met (t): protected.type is RTM-APP02");
    test.fact = "id.name";
    assert_ends(judge_again(*state, 1, METHOD_AGENT), "R8 is not met (t): id.name is RTM-APP02");
}

/* The step asks for both, so one of them alone would leave the other unexplained. */
static void a_reason_names_all_that_is_not_met(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&wmf, &place)),
    };
    struct thing *machine = add_machine(*state, "5");
    const struct verdict *verdict;

    set_text(*state, machine, "wmf.version", "2.0");
    set_text(*state, machine, "x.place", "mbr");
    ADD_ROWS(*state, rows);
    verdict = judge_again(*state, 1, METHOD_AGENT);
    assert_non_null(strstr(verdict->legs[0].reason, "but R5 is not met ("));
    assert_ends(verdict, "): wmf.version is 2.0; neither is R1 (It lies elsewhere.): x.place is mbr");
    set_text(*state, machine, "x.place", "gpt");
    assert_ends(judge_again(*state, 1, METHOD_AGENT), "): wmf.version is 2.0");
}

static void an_edition_of_windows_is_told_by_its_name(void **state)
{
    const struct value nano[] = { { .type = VALUE_INT, .number = 144 }, { .type = VALUE_INT, .number = 777 } };
    const struct test test = {
        .type = TEST_FACT, .fact = "os.sku", .compare = COMPARE_IS_NOT, .values = nano, .value_count = 2
    };
    const struct condition condition = {
        .name = "R4", .id = "R4", .text = "t", .test = &test, .effect = EFFECT_VERDICT
    };
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&condition)),
    };
    struct thing *machine = add_machine(*state, "5");

    set(*state, machine, "os.sku", nano[0]);
    ADD_ROWS(*state, rows);
    assert_ends(judge_again(*state, 1, METHOD_AGENT), "os.sku is 144 (Nano Server, Standard)");
    set(*state, machine, "os.sku", nano[1]);
    assert_ends(judge_again(*state, 1, METHOD_AGENT), "os.sku is 777");
}

#define SAY_IT                                                                                                         \
    "; elsewhere no row names it, and nothing says where the backup server MABS01 is installed: say it in "            \
    "backup_servers (installation = ...), or let it be scanned"

static void the_places_that_rows_name_are_told_where_the_server_may_be_elsewhere(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "hyperv-host", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("vhd")),
        ROW(1, "hyperv-host", "Windows Server 2016", "hyperv-vm", "mabs-v2", YES, PROTECTS("vhd")),
        ROW(2, "server", "Windows Server 2019", "azure-vm", "mabs-v2", NO),
    };

    set_text(fleet, add_thing(fleet, 1, (const char *const[]){ "hyperv_host" }, "HV01"), "os.build", "5");
    fleet->server.installation = NULL;
    ADD_ROWS(fleet, rows);
    assert_ends(judge_again(fleet, 1, METHOD_HOST),
                "with the backup server installed on physical hardware or in a Hyper-V virtual machine" SAY_IT);
    fleet->server.installation = "physical";
    assert_ends(judge_again(fleet, 1, METHOD_HOST), "with the backup server installed on physical hardware");
}

static void where_rows_name_all_places_the_server_may_be_anywhere(void **state)
{
    struct fleet *fleet = *state;
#define AT(place) ROW(1, "hyperv-host", "Windows Server 2016", place, "mabs-v2", YES, PROTECTS("vhd"))
    struct entry_row rows[] = { AT("physical"), AT("hyperv-vm"),   AT("vmware-vm"),
                                AT("azure-vm"), AT("azure-stack"), AT("azure-local-vm") };
#undef AT

    set_text(fleet, add_thing(fleet, 1, (const char *const[]){ "hyperv_host" }, "HV01"), "os.build", "5");
    fleet->server.installation = NULL;
    ADD_ROWS(fleet, rows);
    assert_ends(judge_again(fleet, 1, METHOD_HOST),
                "for Windows Server 2016, with the backup server installed anywhere (nothing says where)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_reason_names_all_that_is_not_met, start, finish),
        cmocka_unit_test_setup_teardown(an_edition_of_windows_is_told_by_its_name, start, finish),
        cmocka_unit_test_setup_teardown(what_is_called_by_its_value_is_named_once, start, finish),
        cmocka_unit_test_setup_teardown(the_places_that_rows_name_are_told_where_the_server_may_be_elsewhere, start,
                                        finish),
        cmocka_unit_test_setup_teardown(where_rows_name_all_places_the_server_may_be_anywhere, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
