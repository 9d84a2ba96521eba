/* What is told where no step leads to supported, or only half of one; and without names. */
#include "step_fleet.h"

static void what_is_open_or_contradictory_is_a_matter_for_a_ruling(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2008 SP2", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(3, "server", "Windows Server 2016", "azure-vm", "mabs-v2", YES, PROTECTS("volume")),
        ROW(4, "server", "Windows Server 2019", "physical", "mabs-v2", NO),
    };
    struct thing *machine = add_machine(fleet, "1");
    const struct verdict *verdict;

    ADD_ROWS(fleet, rows);
    verdict = judge_again(fleet, 1, METHOD_AGENT);
    assert_int_equal(verdict->word, VERDICT_CONTRADICTORY);
    assert_step(verdict, STEP_NONE,
                "Ask for a ruling: the rows of edition disagree, and no single step leads away from them.");
    set_text(fleet, machine, "os.build", "5");
    verdict = judge_again(fleet, 1, METHOD_AGENT);
    assert_int_equal(verdict->word, VERDICT_UNLISTED);
    assert_int_equal(verdict->class, CLASS_GAP);
    assert_step(verdict, STEP_NONE,
                "Ask for a ruling: edition says neither yes nor no, and no single step leads to a yes.");
    rows[3].answer = ANSWER_YES;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_UPGRADE,
                "Upgrade RTM-APP02 from Windows Server 2016 to Windows Server 2019. Or ask for a ruling.");
}

static void where_a_ruling_is_in_force_nobody_is_told_to_ask_for_one(void **state)
{
    const struct ruling ruling = { .product = "mabs-v2",
                                   .workload = "server",
                                   .version = "Windows Server 2016",
                                   .answer = ANSWER_YES,
                                   .review_at = SAMPLE_NOW + 1 };
    struct ruling lapsed = ruling;
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(3, "server", "Windows Server 2016", "azure-vm", "mabs-v2", YES, PROTECTS("volume")),
        ROW(4, "server", "Windows Server 2019", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };

    add_machine(fleet, "5");
    ADD_ROWS(fleet, rows);
    fleet->ruling = &ruling;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_UPGRADE,
                "Upgrade RTM-APP02 from Windows Server 2016 to Windows Server 2019.");
    rows[1].answer = ANSWER_NO;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_NONE, "No single step makes it supported.");
    lapsed.review_at = SAMPLE_NOW;
    fleet->ruling = &lapsed;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_NONE,
                "Ask for a ruling: edition says neither yes nor no, and no single step leads to a yes.");
}

static void a_condition_without_a_remedy_is_no_step(void **state)
{
    struct condition edition = {
        .name = "R6", .id = "R6", .text = "Its edition is Standard.", .test = &place_test, .effect = EFFECT_VERDICT
    };
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&edition)),
        ROW(2, "server", "Windows Server 2019", "physical", "mabs-v2", NO),
    };

    set_text(fleet, add_machine(fleet, "5"), "x.place", "mbr");
    ADD_ROWS(fleet, rows);
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_NONE,
                "Nothing is known that would meet R6 on RTM-APP02 (Its edition is Standard).");
    edition.effect = EFFECT_ROW;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_NONE,
                "Nothing is known that would meet R6 on RTM-APP02 (Its edition is Standard). Ask for a ruling: edition "
                "says neither yes nor no, and no single step leads to a yes.");
    edition.effect = EFFECT_VERDICT;
    rows[1].answer = ANSWER_YES;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_UPGRADE,
                "Upgrade RTM-APP02 from Windows Server 2016 to Windows Server 2019.");
}

static void what_is_not_known_of_the_backup_server_is_told_with_its_name(void **state)
{
    static const struct value one[] = { { .type = VALUE_TEXT, .text = "UR1" } };
    const struct test that = {
        .type = TEST_FACT, .fact = "update", .compare = COMPARE_AT_LEAST, .values = one, .value_count = 1
    };
    const struct test server = { .type = TEST_EVERY, .collection = COLLECTION_SERVER, .parts = &that, .part_count = 1 };
    const struct condition update = {
        .name = "R7", .id = "R7", .text = "t", .test = &server, .effect = EFFECT_VERDICT, .step = STEP_UPDATE
    };
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&update)),
    };
    const struct verdict *verdict;

    add_machine(*state, "5");
    ADD_ROWS(*state, rows);
    verdict = judge_again(*state, 1, METHOD_AGENT);
    assert_int_equal(verdict->word, VERDICT_CONDITIONAL);
    assert_step(verdict, STEP_NONE, "Let a scan read update of the backup server MABS01; the verdict depends on it.");
    assert_non_null(strstr(verdict->legs[0].reason, "update of the backup server MABS01 is missing"));
}

static void where_the_backup_server_is_installed_is_asked_of_it(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "hyperv-host", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("vhd")),
        ROW(2, "hyperv-host", "Windows Server 2016", "hyperv-vm", "mabs-v2", NO),
    };

    set_text(fleet, add_thing(fleet, 1, (const char *const[]){ "hyperv_host" }, "HV01"), "os.build", "5");
    fleet->server.installation = NULL;
    ADD_ROWS(fleet, rows);
    assert_step(judge_again(fleet, 1, METHOD_HOST), STEP_NONE,
                "Nothing says where the backup server MABS01 is installed: say it in backup_servers "
                "(installation = ...), or let it be scanned; the verdict depends on it.");
}

static void a_yes_that_no_row_gives_elsewhere_asks_where_the_backup_server_is(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "hyperv-host", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("vhd")),
    };
    const struct verdict *verdict;

    set_text(fleet, add_thing(fleet, 1, (const char *const[]){ "hyperv_host" }, "HV01"), "os.build", "5");
    fleet->server.installation = NULL;
    ADD_ROWS(fleet, rows);
    verdict = judge_again(fleet, 1, METHOD_HOST);
    assert_int_equal(verdict->word, VERDICT_CONDITIONAL);
    assert_string_equal(verdict->legs[0].missing, MISSING_SERVER_PLACE);
    assert_step(verdict, STEP_NONE,
                "Nothing says where the backup server MABS01 is installed: say it in backup_servers "
                "(installation = ...), or let it be scanned; the verdict depends on it.");
}

static void what_is_not_known_is_to_be_found_out(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&wmf)),
        ROW(2, "server", "Windows Server 2019", "physical", "mabs-v2", NO),
    };
    struct thing *machine = add_machine(fleet, "5");
    const struct verdict *verdict;

    ADD_ROWS(fleet, rows);
    verdict = judge_again(fleet, 1, METHOD_AGENT);
    assert_int_equal(verdict->word, VERDICT_CONDITIONAL);
    assert_step(verdict, STEP_NONE, "Let a scan read wmf.version of RTM-APP02; the verdict depends on it.");
    machine->unread = &(const struct unread){ "wmf.", "access is denied" };
    machine->unread_count = 1;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_NONE,
                "Let a scan read wmf.version of RTM-APP02; the verdict depends on it. It could not be read: access is "
                "denied");
    machine->unread_count = 0;
    machine->fact_count = 1;
    verdict = judge_again(fleet, 1, METHOD_AGENT);
    assert_int_equal(verdict->word, VERDICT_UNKNOWN);
    assert_step(verdict, STEP_NONE, "Let a scan read os.build of RTM-APP02; the verdict depends on it.");
}

static void a_step_into_an_edition_of_which_only_a_part_is_known_says_so(void **state)
{
    static const char *const old[] = { "mabs-v2" }, *const new[] = { "mabs-v3" };
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2019", "physical", "mabs-v2", NO),
    };
    struct entry_row newer[] = { ROW(1, "server", "Windows Server 2016", "physical", "mabs-v3", YES,
                                     PROTECTS("volume")) };

    add_machine(fleet, "5");
    add_rows(fleet, old, 1, rows, SAMPLE_COUNT(rows));
    add_rows(fleet, new, 1, newer, SAMPLE_COUNT(newer))->partly = true;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_PRODUCT,
                "Move the backup server MABS01 to MABS v3 (mabs-v3). It would be conditional then: some facts are "
                "still missing.");
    rows[1].answer = ANSWER_YES;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_UPGRADE,
                "Upgrade RTM-APP02 from Windows Server 2016 to Windows Server 2019.");
}

/* What is supported today, though not for ever, is not made conditional. */
static void nothing_that_is_no_better_is_a_step(void **state)
{
    static const char *const old[] = { "mabs-v2" }, *const new[] = { "mabs-v3" };
    struct fleet *fleet = *state;
    struct entry_row rows[] = { ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", DEPRECATED,
                                    PROTECTS("volume")) };
    struct entry_row newer[] = { ROW(1, "server", "Windows Server 2016", "physical", "mabs-v3", YES,
                                     PROTECTS("volume")) };

    add_machine(fleet, "5");
    add_rows(fleet, old, 1, rows, SAMPLE_COUNT(rows));
    add_rows(fleet, new, 1, newer, SAMPLE_COUNT(newer))->partly = true;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_NONE, "No single step makes it supported.");
    fleet->editions[1].partly = false;
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_PRODUCT,
                "Move the backup server MABS01 to MABS v3 (mabs-v3).");
}

static void a_lookup_has_steps_without_names(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2012", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(3, "server", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(3, "server", "Windows Server 2008 SP2", "physical", "mabs-v3", YES, PROTECTS("volume")),
        ROW(4, "server", "Windows Server 2019", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&wmf)),
    };

    add_machine(fleet, "5");
    ADD_ROWS(fleet, rows);
    judge_again(fleet, 1, METHOD_AGENT);
    assert_step(
        judge_key(fleet->judge, &(const struct judge_key){ "mabs-v2", "server", "Windows Server 2019", "physical" }),
        STEP_NONE, "It depends on wmf.version, which only a scan tells.");
    assert_step(
        judge_key(fleet->judge, &(const struct judge_key){ "mabs-v2", "server", "Windows Server 2012", "physical" }),
        STEP_UPGRADE, "Upgrade it from Windows Server 2012 to Windows Server 2016.");
    assert_step(judge_key(fleet->judge,
                          &(const struct judge_key){ "mabs-v2", "server", "Windows Server 2008 SP2", "physical" }),
                STEP_PRODUCT, "Move the backup server to MABS v3 (mabs-v3).");
}

static void a_hostile_name_does_no_harm_in_a_sentence(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2012", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };
    static char name[5000];
    const char *text;

    memset(name, 'x', sizeof name - 1);
    memcpy(name, "a\nb\x1b[31m%s%n", 12);
    add_machine(*state, "4")->name = name;
    ADD_ROWS(*state, rows);
    text = judge_again(*state, 1, METHOD_AGENT)->step.text;
    assert_true(strlen(text) < 200);
    assert_null(strpbrk(text, "\n\x1b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_open_or_contradictory_is_a_matter_for_a_ruling, start, finish),
        cmocka_unit_test_setup_teardown(where_a_ruling_is_in_force_nobody_is_told_to_ask_for_one, start, finish),
        cmocka_unit_test_setup_teardown(a_condition_without_a_remedy_is_no_step, start, finish),
        cmocka_unit_test_setup_teardown(what_is_not_known_of_the_backup_server_is_told_with_its_name, start, finish),
        cmocka_unit_test_setup_teardown(where_the_backup_server_is_installed_is_asked_of_it, start, finish),
        cmocka_unit_test_setup_teardown(a_yes_that_no_row_gives_elsewhere_asks_where_the_backup_server_is, start,
                                        finish),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_to_be_found_out, start, finish),
        cmocka_unit_test_setup_teardown(a_step_into_an_edition_of_which_only_a_part_is_known_says_so, start, finish),
        cmocka_unit_test_setup_teardown(nothing_that_is_no_better_is_a_step, start, finish),
        cmocka_unit_test_setup_teardown(a_lookup_has_steps_without_names, start, finish),
        cmocka_unit_test_setup_teardown(a_hostile_name_does_no_harm_in_a_sentence, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
