#include "judge_testing.h"

/* --------------------------------------------------------------------------------------------- worked examples ---- */

static void a_2008_guest_is_fine_by_image_on_2012_r2_and_not_by_agent(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV03", "6.3.9600");
    struct fixture_thing *guest = guest_add(&fixture, "LEG01", "6.0.6002");

    (void)state;
    tie_add(guest, "runs_on", host);
    assert_row(verdict_by(&fixture, guest, METHOD_IMAGE), VERDICT_SUPPORTED, 53);
    assert_row(verdict_by(&fixture, guest, METHOD_AGENT), VERDICT_UNSUPPORTED, 20);
}

static void a_2008_guest_on_a_2008_host_is_lost_both_ways(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV08", "6.0.6002");
    struct fixture_thing *guest = guest_add(&fixture, "SHIP01", "6.0.6002");
    const struct verdict *image;

    (void)state;
    tie_add(guest, "runs_on", host);
    image = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_row(image, VERDICT_UNSUPPORTED, 56);
    assert_ptr_equal(image->cause, &host->thing);
    assert_row(verdict_by(&fixture, guest, METHOD_AGENT), VERDICT_UNSUPPORTED, 20);
}

static void a_2008_guest_on_esxi_is_fine_both_ways(void **state)
{
    struct fixture_thing *host = esxi_add("esx01", "6.0.0", "esxEnterprisePlus");
    struct fixture_thing *guest = guest_add(&fixture, "LEG02", "6.0.6002");

    (void)state;
    tie_add(guest, "runs_on", host);
    fact_text(guest, "id.instance_uuid", "4217");
    assert_row(verdict_by(&fixture, guest, METHOD_IMAGE), VERDICT_SUPPORTED, 57);
    assert_row(verdict_by(&fixture, guest, METHOD_AGENT), VERDICT_SUPPORTED, 21);
}

/* ----------------------------------------------------------------------------------------------------- one key ---- */

static void rows_that_disagree_are_cited_both(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "STK01", "6.0.6002");
    const struct verdict *verdict;

    (void)state;
    fixture.rules[0] = (struct estate_rule){ .where.name = "STK*", .installation = "azure-stack" };
    fixture.estate.rule_count = 1;
    fixture_judge(&fixture);
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_row(verdict, VERDICT_CONTRADICTORY, 20);
    assert_int_equal(verdict->legs[0].row_count, 2);
    assert_says(verdict, "row 21 says yes and row 20 says no");
}

static void what_only_some_of_the_rows_protect_is_omitted(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "STK02", "6.3.9600");
    const struct verdict *verdict;

    (void)state;
    fixture.rules[0] = (struct estate_rule){ .where.name = "STK*", .installation = "azure-stack" };
    fixture.estate.rule_count = 1;
    fixture_judge(&fixture);
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_row(verdict, VERDICT_SUPPORTED, 9);
    assert_int_equal(verdict->legs[0].cover_count, 2);
    assert_int_equal(verdict->legs[0].omit_count, 1);
    assert_string_equal(verdict->legs[0].omits[0], "system-state");
}

static void an_unmet_condition_makes_unsupported_and_names_the_value(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "APP02", "6.1.7601");
    const struct verdict *verdict;

    (void)state;
    fact_text(made, "wmf.version", "2.0");
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_row(verdict, VERDICT_UNSUPPORTED, 14);
    assert_says(verdict, "R5 is not met");
    assert_says(verdict, "wmf.version is 2.0");
}

static void a_missing_fact_makes_conditional_and_says_why(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "APP03", "6.1.7601");
    const struct verdict *verdict;

    (void)state;
    for (size_t i = 0; i < made->thing.fact_count; i++) {
        if (strcmp(made->facts[i].name, "wmf.version") == 0)
            fact_remove(made, i);
    }
    made->unread[0] = (struct unread){ "wmf.", "access denied" };
    made->thing.unread_count = 1;
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_row(verdict, VERDICT_CONDITIONAL, 14);
    assert_says(verdict, "wmf.version is missing (access denied)");
}

static void an_edition_that_no_row_names_is_unlisted_as_sku(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "HIST01", "6.1.7601");
    const struct verdict *verdict;

    (void)state;
    fact_int(made, "os.sku", 18);
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_class(verdict, CLASS_SKU);
    assert_says(verdict, "os.sku is 18");
}

static void where_a_row_may_not_name_it_at_all_an_unmet_one_is_unknown(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "HIST02", "6.1.7601");

    (void)state;
    for (size_t i = 0; i < made->thing.fact_count; i++) {
        if (strcmp(made->facts[i].name, "os.sku") == 0)
            fact_remove(made, i);
    }
    assert_row(verdict_by(&fixture, made, METHOD_AGENT), VERDICT_CONDITIONAL, 14);
    fact_text(made, "wmf.version", "2.0");
    judge_reset(fixture.judge, NOW);
    assert_row(verdict_by(&fixture, made, METHOD_AGENT), VERDICT_UNKNOWN, 14);
    assert_string_equal(verdict_by(&fixture, made, METHOD_AGENT)->legs[0].missing, "os.sku");
}

static void a_condition_of_scope_omits_and_leaves_the_word(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "FS01", "6.3.9600");
    struct fixture_thing *volume = thing_add(&fixture, "volume", "D:");
    static const char *const paths[] = { "D:\\" };
    struct value list = { .type = VALUE_LIST };
    const struct verdict *verdict;

    (void)state;
    list.list.texts = paths;
    list.list.count = 1;
    fact_text(made, "hardware.manufacturer", "VMware, Inc.");
    fact_bool(volume, "volume.dedup", true);
    fact_int(volume, "volume.drive_type", 3);
    fact_set(volume, "volume.paths", list);
    tie_add(volume, "part_of", made);
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_row(verdict, VERDICT_SUPPORTED, 10);
    assert_int_equal(verdict->legs[0].omit_count, 1);
    assert_string_equal(verdict->legs[0].omits[0], "deduplicated volumes");
}

static void a_footnote_can_be_attested_for_a_time(void **state)
{
    static struct attestation attestation = {
        .condition = "R16", .kind = "hyperv_host", .name = "HV*", .who = "me", .until_at = NOW + DAY
    };
    struct fixture_thing *host = host_add(&fixture, "HV01", "10.0.14393");
    const struct verdict *verdict = verdict_by(&fixture, host, METHOD_HOST);

    (void)state;
    assert_row(verdict, VERDICT_SUPPORTED, 52);
    assert_int_equal(verdict->legs[0].conditions[0].state, STATE_FOOTNOTE);
    fixture.matrix.attestations = &attestation;
    fixture.matrix.attestation_count = 1;
    fixture_judge(&fixture);
    verdict = verdict_by(&fixture, host, METHOD_HOST);
    assert_int_equal(verdict->legs[0].conditions[0].state, STATE_ATTESTED);
    assert_ptr_equal(verdict->legs[0].conditions[0].attestation, &attestation);
    judge_reset(fixture.judge, NOW + 2 * DAY);
    verdict = verdict_by(&fixture, host, METHOD_HOST);
    assert_int_equal(verdict->legs[0].conditions[0].state, STATE_FOOTNOTE);
}

/* ---------------------------------------------------------------------------------------------------- unlisted ---- */

static void what_is_listed_elsewhere_is_a_gap(void **state)
{
    const struct verdict *verdict = agent("6.3.9600", PHYSICAL);

    (void)state;
    assert_class(verdict, CLASS_GAP);
    assert_says(verdict, "in an Azure virtual machine");
    assert_says(verdict, "running on physical hardware");
}

static void newer_names_the_first_product_that_lists_it(void **state)
{
    const struct verdict *verdict = agent("10.0.17763", PHYSICAL);

    (void)state;
    assert_class(verdict, CLASS_NEWER);
    assert_non_null(verdict->legs[0].first);
    assert_string_equal(verdict->legs[0].first->name, "mabs-v3");
}

static void what_is_older_or_foreign_is_called_so(void **state)
{
    struct fixture_thing *bsd = machine_add(&fixture, "FW01", "x");

    (void)state;
    assert_class(agent("5.2.3790", PHYSICAL), CLASS_OLDER);
    fact_text(bsd, "os.family", "other");
    fact_text(bsd, "os.name", "FreeBSD");
    judge_reset(fixture.judge, NOW);
    assert_class(verdict_by(&fixture, bsd, METHOD_AGENT), CLASS_FOREIGN);
}

static void a_variant_of_what_is_listed_is_no_listed_one(void **state)
{
    struct fixture_thing *nas = machine_add(&fixture, "NAS01", "x");

    (void)state;
    fact_text(nas, "os.name", "Windows Storage Server 2008");
    assert_class(verdict_by(&fixture, nas, METHOD_AGENT), CLASS_SKU);
}

static void a_level_that_is_not_listed_is_called_so(void **state)
{
    struct fixture_thing *instance = sql_add("11.0.7001.0");
    const struct verdict *verdict = verdict_by(&fixture, instance, METHOD_APPLICATION);

    (void)state;
    assert_class(verdict, CLASS_LEVEL);
    assert_says(verdict, "SQL Server 2012");
}

static void where_levels_are_at_least_the_highest_listed_one_judges(void **state)
{
    struct fixture_thing *instance = sql_add("11.0.7001.0");
    struct fixture_thing *database = thing_add(&fixture, "database", "Payroll");
    const struct verdict *verdict;

    (void)state;
    fixture.servers[0].product = "mabs-v3";
    fact_bool(database, "database.on_csv", false);
    tie_add(database, "part_of", instance);
    verdict = verdict_by(&fixture, database, METHOD_APPLICATION);
    assert_row(verdict, VERDICT_SUPPORTED, 4);
    assert_says(verdict, "judged as SQL Server 2012 SP2");
    assert_ptr_equal(verdict->legs[0].thing, &instance->thing);
    assert_class(verdict_by(&fixture, sql_add("11.0.2100.0"), METHOD_APPLICATION), CLASS_LEVEL);
}

static void what_only_earlier_products_list_is_older(void **state)
{
    (void)state;
    fixture.servers[0].product = "mabs-v3";
    assert_class(agent("10.0.19045", PHYSICAL), CLASS_OLDER);
}

static void the_first_of_several_newer_products_is_named(void **state)
{
    const struct verdict *verdict;

    (void)state;
    fixture.servers[0].product = "mabs-v1";
    verdict = verdict_by(&fixture, sql_add("15.0.1"), METHOD_APPLICATION);
    assert_class(verdict, CLASS_NEWER);
    assert_string_equal(verdict->legs[0].first->name, "mabs-v2");
}

static void where_absence_is_a_no_what_is_not_listed_is_unsupported(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "SRV", "10.0.14393");

    (void)state;
    fixture.servers[0].product = "dpm-strict";
    assert_word(agent("6.0.6002", PHYSICAL)->word, VERDICT_UNSUPPORTED);
    assert_says(agent("6.0.6002", PHYSICAL), "what strict does not list is not supported");
    fact_int(made, "os.sku", 1);
    assert_word(verdict_by(&fixture, made, METHOD_AGENT)->word, VERDICT_UNSUPPORTED);
}

static void an_edition_in_part_gives_nothing_better_than_conditional(void **state)
{
    (void)state;
    fixture.servers[0].product = "dpm-partly";
    assert_row(agent("10.0.14393", PHYSICAL), VERDICT_CONDITIONAL, 1);
    assert_row(agent("6.3.9600", PHYSICAL), VERDICT_CONDITIONAL, 2);
}

static void what_is_ending_is_deprecated(void **state)
{
    (void)state;
    fixture.servers[0].product = "mabs-v3";
    assert_row(agent("6.3.9600", PHYSICAL), VERDICT_DEPRECATED, 3);
}

/* -------------------------------------------------------------------------------------------------- candidates ---- */

static struct fixture_thing *hinted(const char *name)
{
    struct fixture_thing *guest = thing_add(&fixture, "vm", name);

    fact_text(guest, "id.instance_uuid", name);
    fact_text(guest, "guest.id", "windows7Server64Guest");
    fact_text(guest, "guest.family", "windows");
    return guest;
}

static void candidates_that_differ_are_unknown_and_name_the_fact(void **state)
{
    const struct verdict *verdict = verdict_by(&fixture, hinted("AMB02"), METHOD_AGENT);

    (void)state;
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_int_equal(verdict->legs[0].version_count, 2);
    assert_string_equal(verdict->legs[0].missing, "os.build");
}

static void candidates_that_agree_have_their_verdict(void **state)
{
    (void)state;
    fixture.servers[0].product = "dpm-strict";
    assert_word(verdict_by(&fixture, hinted("AMB03"), METHOD_AGENT)->word, VERDICT_UNSUPPORTED);
}

static void a_machine_of_which_nothing_is_known_is_unknown(void **state)
{
    struct fixture_thing *made = thing_add(&fixture, "machine", "APP09");
    const struct verdict *verdict = verdict_by(&fixture, made, METHOD_AGENT);

    (void)state;
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_non_null(verdict->legs[0].missing);
}

static void a_microsoft_virtual_machine_may_be_in_three_places(void **state)
{
    const struct verdict *verdict = agent("6.0.6002", "Microsoft Corporation", "Virtual Machine");

    (void)state;
    assert_int_equal(verdict->legs[0].installation_count, 3);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_string_equal(verdict->legs[0].missing, "hardware.asset_tag");
    assert_row(agent("10.0.14393", "Microsoft Corporation", "Virtual Machine"), VERDICT_SUPPORTED, 8);
}

static void a_virtual_machine_of_another_hypervisor_is_not_physical(void **state)
{
    (void)state;
    assert_true(agent("6.1.7600", "QEMU", "Standard PC")->legs[0].installation_count > 1);
}

static void names_and_values_from_the_fleet_are_shown_harmless_and_short(void **state)
{
    static char huge[5000];
    struct fixture_thing *made = machine_add(&fixture, "\x1b[2J", "6.1.7601");

    (void)state;
    memset(huge, 'x', sizeof huge - 1);
    fact_text(made, "wmf.version", "2.0\x1b[31m\nALL BACKUPS OK");
    assert_says(verdict_by(&fixture, made, METHOD_AGENT), "wmf.version is 2.0\\x1B[31m\\nALL BACKUPS OK");
    fact_text(made, "wmf.version", huge);
    judge_reset(fixture.judge, NOW);
    assert_true(strlen(verdict_by(&fixture, made, METHOD_AGENT)->legs[0].reason) < 400);
}

static void nothing_but_a_matrix_is_needed_for_a_key(void **state)
{
    struct judge_setting setting = { .matrix = &fixture.matrix, .now = NOW };
    struct judge *judge = judge_create(&setting);
    struct judge_key key = { "mabs-v2", "server", "Windows Server 2016", "physical" };
    struct judge_key strange = { "mabs-v9", "server", "Windows Server 2016", "physical" };
    struct judge_key unheard = { "mabs-v2", "server", "Windows Server 2099", "physical" };

    (void)state;
    assert_row(judge_key(judge, &key), VERDICT_CONDITIONAL, 8);
    assert_word(judge_key(judge, &strange)->word, VERDICT_UNKNOWN);
    assert_class(judge_key(judge, &unheard), CLASS_FOREIGN);
    judge_destroy(judge);
    judge_destroy(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_2008_guest_is_fine_by_image_on_2012_r2_and_not_by_agent),
        TEST(a_2008_guest_on_a_2008_host_is_lost_both_ways),
        TEST(a_2008_guest_on_esxi_is_fine_both_ways),
        TEST(rows_that_disagree_are_cited_both),
        TEST(what_only_some_of_the_rows_protect_is_omitted),
        TEST(an_unmet_condition_makes_unsupported_and_names_the_value),
        TEST(a_missing_fact_makes_conditional_and_says_why),
        TEST(an_edition_that_no_row_names_is_unlisted_as_sku),
        TEST(where_a_row_may_not_name_it_at_all_an_unmet_one_is_unknown),
        TEST(a_condition_of_scope_omits_and_leaves_the_word),
        TEST(a_footnote_can_be_attested_for_a_time),
        TEST(what_is_listed_elsewhere_is_a_gap),
        TEST(newer_names_the_first_product_that_lists_it),
        TEST(what_is_older_or_foreign_is_called_so),
        TEST(a_variant_of_what_is_listed_is_no_listed_one),
        TEST(a_level_that_is_not_listed_is_called_so),
        TEST(where_levels_are_at_least_the_highest_listed_one_judges),
        TEST(what_only_earlier_products_list_is_older),
        TEST(the_first_of_several_newer_products_is_named),
        TEST(where_absence_is_a_no_what_is_not_listed_is_unsupported),
        TEST(an_edition_in_part_gives_nothing_better_than_conditional),
        TEST(what_is_ending_is_deprecated),
        TEST(candidates_that_differ_are_unknown_and_name_the_fact),
        TEST(candidates_that_agree_have_their_verdict),
        TEST(a_machine_of_which_nothing_is_known_is_unknown),
        TEST(a_microsoft_virtual_machine_may_be_in_three_places),
        TEST(a_virtual_machine_of_another_hypervisor_is_not_physical),
        TEST(names_and_values_from_the_fleet_are_shown_harmless_and_short),
        TEST(nothing_but_a_matrix_is_needed_for_a_key),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
