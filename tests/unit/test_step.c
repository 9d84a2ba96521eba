#include "step_fleet.h"

static const char *const sql_kinds[] = { "sql_instance" };

static void what_is_supported_needs_no_step(void **state)
{
    struct entry_row rows[] = { ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES,
                                    PROTECTS("volume")) };
    const struct verdict *verdict;

    add_machine(*state, "5");
    ADD_ROWS(*state, rows);
    verdict = judge_again(*state, 1, METHOD_AGENT);
    assert_int_equal(verdict->word, VERDICT_SUPPORTED);
    assert_null(verdict->step.text);
    assert_int_equal(verdict->step.type, STEP_NONE);
}

static void an_update_that_a_condition_asks_for_is_named_with_its_machine(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 R2 SP1", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&wmf)),
        ROW(1, "server", "Windows Server 2008 R2 SP1", "physical", "mabs-v3", YES, PROTECTS("volume")),
    };
    struct thing *machine = add_machine(*state, "3");
    const struct verdict *verdict;

    set_text(*state, machine, "wmf.version", "2.0");
    ADD_ROWS(*state, rows);
    verdict = judge_again(*state, 1, METHOD_AGENT);
    assert_int_equal(verdict->word, VERDICT_UNSUPPORTED);
    assert_step(verdict, STEP_UPDATE, "Install Windows Management Framework 4.0 on RTM-APP02.");
    set_text(*state, machine, "wmf.version", "4.0");
    assert_int_equal(judge_again(*state, 1, METHOD_AGENT)->word, VERDICT_SUPPORTED);
}

static void a_remedy_of_two_sentences_stays_whole(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 R2 SP1", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&place)),
    };

    set_text(*state, add_machine(*state, "3"), "x.place", "mbr");
    ADD_ROWS(*state, rows);
    assert_step(judge_again(*state, 1, METHOD_AGENT), STEP_FILE_SYSTEM, "RTM-APP02: Format it. Then copy it.");
}

static void what_the_backup_server_lacks_is_named_with_the_server(void **state)
{
    static const struct value one[] = { { .type = VALUE_TEXT, .text = "UR1" } };
    const struct test that = {
        .type = TEST_FACT, .fact = "update", .compare = COMPARE_AT_LEAST, .values = one, .value_count = 1
    };
    const struct test server = { .type = TEST_EVERY, .collection = COLLECTION_SERVER, .parts = &that, .part_count = 1 };
    struct condition update = {
        .name = "row57",
        .id = "row57",
        .text = "UR1 is installed.",
        .test = &server,
        .effect = EFFECT_VERDICT,
        .step = STEP_UPDATE,
        .remedy = "Install Update Rollup 1 on the backup server.",
    };
    const struct condition again = update;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&update)),
    };
    struct fleet *fleet = *state;

    add_machine(fleet, "5");
    fleet->server.update = "RTM";
    ADD_ROWS(fleet, rows);
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_UPDATE,
                "MABS01: Install Update Rollup 1 on the backup server.");
    rows[0].conditions = (const struct condition *const[]){ &update, &again };
    rows[0].condition_count = 2;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_UPDATE,
                "MABS01: Install Update Rollup 1 on the backup server.");
    rows[0].condition_count = 1;
    update.remedy = "Install Update Rollup 1.";
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_UPDATE, "Install Update Rollup 1 on MABS01.");
    update.remedy = NULL;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_UPDATE, "Meet row57 on MABS01: UR1 is installed.");
    fleet->server.update = "UR1";
    assert_int_equal(judge_again(fleet, 1, METHOD_AGENT)->word, VERDICT_SUPPORTED);
}

static void conditions_of_two_kinds_are_told_together_when_nothing_else_helps(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 R2 SP1", "physical", "mabs-v2", YES, PROTECTS("volume"),
            UNDER(&wmf, &place)),
    };
    struct thing *machine = add_machine(*state, "3");

    set_text(*state, machine, "wmf.version", "2.0");
    set_text(*state, machine, "x.place", "mbr");
    ADD_ROWS(*state, rows);
    assert_step(judge_again(*state, 1, METHOD_AGENT), STEP_OTHER,
                "Install Windows Management Framework 4.0 on RTM-APP02. RTM-APP02: Format it. Then copy it.");
}

/* Another product is more than to protect less, or to let it lie elsewhere. */
static void any_other_remedy_is_nearer_than_another_product(void **state)
{
    struct condition other = place;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&other)),
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v3", YES, PROTECTS("volume")),
    };

    other.step = STEP_OTHER;
    other.remedy = "Take system state out.";
    set_text(*state, add_machine(*state, "5"), "x.place", "mbr");
    ADD_ROWS(*state, rows);
    assert_step(judge_again(*state, 1, METHOD_AGENT), STEP_OTHER, "RTM-APP02: Take system state out.");
    other.step = STEP_NONE;
    assert_int_equal(judge_again(*state, 1, METHOD_AGENT)->step.type, STEP_OTHER);
    other.remedy = NULL;
    assert_int_equal(judge_again(*state, 1, METHOD_AGENT)->step.type, STEP_PRODUCT);
}

static void what_cannot_be_met_is_no_step(void **state)
{
    const struct condition impossible = {
        .name = "R18",
        .id = "R18",
        .text = "t",
        .test = &wmf_test,
        .effect = EFFECT_VERDICT,
        .step = STEP_UPDATE,
        .cannot = "there is no such hotfix",
    };
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 R2 SP1", "physical", "mabs-v2", YES, PROTECTS("volume"),
            UNDER(&impossible)),
    };

    set_text(*state, add_machine(*state, "3"), "wmf.version", "2.0");
    ADD_ROWS(*state, rows);
    assert_step(judge_again(*state, 1, METHOD_AGENT), STEP_NONE,
                "No single step makes it supported: R18 cannot be met as it is written (there is no such hotfix).");
}

/* ------------------------------------------------------------------------------------------ versions, products ---- */

static const struct estate_rule on_metal = { .installation = "physical" };

static struct thing *add_instance(struct fleet *fleet, const char *build)
{
    struct thing *thing = add_thing(fleet, 1, sql_kinds, "SQL01");

    set_text(fleet, thing, "sql.build", build);
    fleet->estate.rules = &on_metal;
    fleet->estate.rule_count = 1;
    return thing;
}

static void a_service_pack_is_nearer_than_an_upgrade(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "sql", "SQL Server 2014", "physical", "mabs-v2", NO),
        ROW(2, "sql", "SQL Server 2017", "physical", "mabs-v2", YES, PROTECTS("database")),
        ROW(3, "sql", "SQL Server 2014 SP3", "physical", "mabs-v2", YES, PROTECTS("database")),
    };
    struct thing *instance = add_instance(fleet, "0");
    const struct verdict *verdict;

    ADD_ROWS(fleet, rows);
    verdict = judge_again(fleet, 1, METHOD_APPLICATION);
    assert_int_equal(verdict->word, VERDICT_UNSUPPORTED);
    assert_step(verdict, STEP_SERVICE_PACK, "Bring SQL01 from SQL Server 2014 to SQL Server 2014 SP3.");
    assert_string_equal(verdict->step.version, "SQL Server 2014 SP3");
    set_text(fleet, instance, "sql.build", "2");
    assert_int_equal(judge_again(fleet, 1, METHOD_APPLICATION)->word, VERDICT_SUPPORTED);
}

/* SP2 is paid for, which does not count. */
static void what_its_vendor_does_not_support_is_never_a_step(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "sql", "SQL Server 2014", "physical", "mabs-v1", NO),
        ROW(2, "sql", "SQL Server 2014 SP2", "physical", "mabs-v1", YES, PROTECTS("database")),
        ROW(3, "sql", "SQL Server 2014", "physical", "mabs-v2", YES, PROTECTS("database")),
        ROW(3, "sql", "SQL Server 2014", "physical", "dpm-2022", YES, PROTECTS("database")),
    };

    add_instance(fleet, "0");
    fleet->server.product = "mabs-v1";
    ADD_ROWS(fleet, rows);
    assert_step(judge_again(fleet, 1, METHOD_APPLICATION), STEP_NONE,
                "No single step makes it supported: what it could be moved to is out of its vendor's support itself.");
}

static void a_step_never_leads_back(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume")),
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(2, "server", "Windows Server 2008 R2", "physical", "mabs-v3", YES, PROTECTS("volume")),
        ROW(3, "server", "Windows Server 2019", "physical", "mabs-v3", NO),
    };

    add_machine(fleet, "6");
    fleet->server.product = "mabs-v3";
    ADD_ROWS(fleet, rows);
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_NONE, "No single step makes it supported.");
}

static void a_newer_product_of_the_same_line_is_nearer_than_an_upgrade(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2012", "physical", "mabs-v1", NO),
        ROW(1, "server", "Windows Server 2012", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(1, "server", "Windows Server 2012", "physical", "mabs-v3", YES, PROTECTS("volume")),
        ROW(1, "server", "Windows Server 2012", "physical", "dpm-2016", YES, PROTECTS("volume")),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume")),
    };
    const struct verdict *verdict;

    add_machine(fleet, "4");
    fleet->server.product = "mabs-v1";
    ADD_ROWS(fleet, rows);
    verdict = judge_again(fleet, 1, METHOD_AGENT);
    assert_step(verdict, STEP_PRODUCT, "Move the backup server MABS01 to MABS v3 (mabs-v3).");
    assert_string_equal(verdict->step.product->name, "mabs-v3");
    fleet->server.product = "mabs-v3";
    assert_int_equal(judge_again(fleet, 1, METHOD_AGENT)->word, VERDICT_SUPPORTED);
}

static void an_update_of_the_same_product_is_an_update(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2012", "physical", "mabs-v3", NO),
        ROW(1, "server", "Windows Server 2012", "physical", "mabs-v3-ur1", YES, PROTECTS("volume")),
    };

    add_machine(fleet, "4");
    fleet->server.product = "mabs-v3";
    ADD_ROWS(fleet, rows);
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_UPDATE,
                "Update the backup server MABS01 to MABS v3 UR1 (mabs-v3-ur1).");
}

static void the_nearest_upgrade_that_is_listed_and_alive_is_told(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2008 R2", "physical", "mabs-v2", NO),
        ROW(3, "server", "Windows Server 2012", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(4, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(5, "server", "Windows Server 2019", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };
    const struct verdict *verdict;

    add_machine(*state, "1");
    ADD_ROWS(*state, rows);
    verdict = judge_again(*state, 1, METHOD_AGENT);
    assert_step(verdict, STEP_UPGRADE, "Upgrade RTM-APP02 from Windows Server 2008 SP2 to Windows Server 2016.");
    assert_string_equal(verdict->step.version, "Windows Server 2016");
}

/* The row of the nearer one asks for what this machine has not got. */
static void a_step_tells_when_support_of_what_it_leads_to_ends(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(4, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };
    struct version *target = sample_windows;
    int64_t usual;

    while (strcmp(target->name, "Windows Server 2016") != 0)
        target++;
    usual = target->support_end;
    add_machine(*state, "1");
    ADD_ROWS(*state, rows);
    target->support_end = SAMPLE_NOW + 5;
    assert_int_equal(judge_again(*state, 1, METHOD_AGENT)->step.support_end, SAMPLE_NOW + 5);
    target->support_end = usual;
    assert_int_equal(judge_again(*state, 1, METHOD_AGENT)->step.support_end, usual);
}

static void a_step_is_tried_on_the_facts_of_the_thing(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&place)),
        ROW(3, "server", "Windows Server 2019", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };
    struct thing *machine = add_machine(*state, "1");

    set_text(*state, machine, "x.place", "mbr");
    ADD_ROWS(*state, rows);
    assert_step(judge_again(*state, 1, METHOD_AGENT), STEP_UPGRADE,
                "Upgrade RTM-APP02 from Windows Server 2008 SP2 to Windows Server 2019.");
    set_text(*state, machine, "x.place", "gpt");
    assert_step(judge_again(*state, 1, METHOD_AGENT), STEP_UPGRADE,
                "Upgrade RTM-APP02 from Windows Server 2008 SP2 to Windows Server 2016.");
}

/* The first tells the memo; what it knows must not be taken for the second's facts. */
static void two_things_of_one_key_may_need_different_steps(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&place)),
        ROW(3, "server", "Windows Server 2019", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };
    struct thing *other = add_thing(fleet, 2, machine_kinds, "APP03");
    size_t count;

    set_text(fleet, add_machine(fleet, "1"), "x.place", "mbr");
    set_text(fleet, other, "hardware.manufacturer", "Contoso");
    set_text(fleet, other, "os.build", "1");
    set_text(fleet, other, "x.place", "gpt");
    ADD_ROWS(fleet, rows);
    assert_string_equal(judge_again(fleet, 1, METHOD_AGENT)->step.version, "Windows Server 2019");
    assert_string_equal(judge_thing(fleet->judge, other, &count)->step.version, "Windows Server 2016");
}

static void each_version_has_offers_of_its_own(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2008 R2", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(3, "server", "Windows Server 2016", "physical", "mabs-v2", NO),
        ROW(4, "server", "Windows Server 2019", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };
    struct thing *machine = add_machine(fleet, "5");
    size_t count;

    ADD_ROWS(fleet, rows);
    assert_string_equal(judge_again(fleet, 1, METHOD_AGENT)->step.version, "Windows Server 2019");
    set_text(fleet, machine, "os.build", "1");
    judge_reset(fleet->judge, SAMPLE_NOW);
    assert_string_equal(judge_thing(fleet->judge, machine, &count)->step.version, "Windows Server 2008 R2");
}

static void a_variant_is_nothing_to_upgrade_to(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(3, "server", "Windows Server 2019", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };
    const struct verdict *verdict;

    add_machine(*state, "1");
    ADD_ROWS(*state, rows);
    sample_windows[5].variant_of = "Windows Server 2012";
    verdict = judge_again(*state, 1, METHOD_AGENT);
    sample_windows[5].variant_of = NULL;
    assert_string_equal(verdict->step.version, "Windows Server 2019");
}

/* The level itself has no row; a lower one answers for it. */
static void an_edition_of_levels_at_least_has_steps_to_levels_without_a_row(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "sql", "SQL Server 2014", "physical", "mabs-v2", NO),
        ROW(1, "sql", "SQL Server 2014 SP2", "physical", "mabs-v2", YES, PROTECTS("database")),
    };

    add_instance(fleet, "0");
    ADD_ROWS(fleet, rows)->at_least = true;
    assert_step(judge_again(fleet, 1, METHOD_APPLICATION), STEP_SERVICE_PACK,
                "Bring SQL01 from SQL Server 2014 to SQL Server 2014 SP3.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_supported_needs_no_step, start, finish),
        cmocka_unit_test_setup_teardown(an_update_that_a_condition_asks_for_is_named_with_its_machine, start, finish),
        cmocka_unit_test_setup_teardown(a_remedy_of_two_sentences_stays_whole, start, finish),
        cmocka_unit_test_setup_teardown(what_the_backup_server_lacks_is_named_with_the_server, start, finish),
        cmocka_unit_test_setup_teardown(conditions_of_two_kinds_are_told_together_when_nothing_else_helps, start,
                                        finish),
        cmocka_unit_test_setup_teardown(any_other_remedy_is_nearer_than_another_product, start, finish),
        cmocka_unit_test_setup_teardown(what_cannot_be_met_is_no_step, start, finish),
        cmocka_unit_test_setup_teardown(a_step_tells_when_support_of_what_it_leads_to_ends, start, finish),
        cmocka_unit_test_setup_teardown(a_service_pack_is_nearer_than_an_upgrade, start, finish),
        cmocka_unit_test_setup_teardown(what_its_vendor_does_not_support_is_never_a_step, start, finish),
        cmocka_unit_test_setup_teardown(a_step_never_leads_back, start, finish),
        cmocka_unit_test_setup_teardown(a_newer_product_of_the_same_line_is_nearer_than_an_upgrade, start, finish),
        cmocka_unit_test_setup_teardown(an_update_of_the_same_product_is_an_update, start, finish),
        cmocka_unit_test_setup_teardown(the_nearest_upgrade_that_is_listed_and_alive_is_told, start, finish),
        cmocka_unit_test_setup_teardown(a_step_is_tried_on_the_facts_of_the_thing, start, finish),
        cmocka_unit_test_setup_teardown(two_things_of_one_key_may_need_different_steps, start, finish),
        cmocka_unit_test_setup_teardown(each_version_has_offers_of_its_own, start, finish),
        cmocka_unit_test_setup_teardown(a_variant_is_nothing_to_upgrade_to, start, finish),
        cmocka_unit_test_setup_teardown(an_edition_of_levels_at_least_has_steps_to_levels_without_a_row, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
