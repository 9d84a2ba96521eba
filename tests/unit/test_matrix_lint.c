#include "lint_testing.h"

static void assert_rows(struct entry_row *rows, size_t count, const char *lines)
{
    const struct edition edition = {
        .name = "e", PRODUCTS("mabs-v1", "mabs-v2"), .rows = rows, .row_count = count, .file = "sample.conf"
    };
    struct matrix matrix = sample_matrix(&arena, &edition, 1);

    assert_lint(&matrix, lines);
}

#define ASSERT_ROWS(rows, lines) assert_rows(rows, SAMPLE_COUNT(rows), lines)

static const struct condition r1 = { .name = "one", .id = "R1", .text = "One holds.", .test = &always };
static const struct condition scope = {
    .name = "scope", .id = "R9", .text = "t", .test = &always, .effect = EFFECT_SCOPE
};
static const struct condition r2 = { .name = "two", .id = "R2", .text = "Two holds.", .test = &always };

static void a_matrix_without_faults_has_no_findings(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };

    (void)state;
    ASSERT_ROWS(rows, "");
}

static void rows_of_one_key_with_different_answers_contradict(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume")),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(3, "server", "Windows Server 2016", "physical", "mabs-v2", DEPRECATED, PROTECTS("volume")),
        ROW(4, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };

    (void)state;
    ASSERT_ROWS(rows,
                "e contradiction 1,2 sample.conf:10 server Windows Server 2016 for mabs-v1 at physical: row 1 says "
                "yes, row 2 says no.\n"
                "e contradiction 3,4 sample.conf:30 server Windows Server 2016 for mabs-v2 at physical: row 3 says "
                "deprecated, row 4 says yes.\n");
}

static void conditions_that_differ_are_told_with_the_contradiction(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume"),
            UNDER(&r1, &r2, &scope)),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v1", NO, UNDER(&r2)),
    };

    (void)state;
    ASSERT_ROWS(rows,
                "e contradiction 1,2 sample.conf:10 server Windows Server 2016 for mabs-v1 at physical: row 1 says "
                "yes under R1, row 2 says no.\n");
}

static void what_is_the_same_for_several_products_is_told_once(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume")),
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v3", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v3", YES, PROTECTS("volume")),
    };

    (void)state;
    ASSERT_ROWS(rows,
                "e contradiction 1,2 sample.conf:10 server Windows Server 2016 for mabs-v1, mabs-v2 at physical: "
                "row 1 says yes, row 2 says no.\n"
                "e contradiction 1,2 sample.conf:10 server Windows Server 2016 for mabs-v3 at physical: row 1 says "
                "no, row 2 says yes.\n");
}

static void rows_of_one_key_with_different_scope_are_told(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "sql", "SQL Server 2017", "physical", "mabs-v1", YES, PROTECTS("mailbox-database", "database")),
        ROW(2, "sql", "SQL Server 2017", "physical", "mabs-v1", YES, PROTECTS("mailbox", "mailbox-database")),
        ROW(3, "sql", "SQL Server 2017", "physical", "mabs-v1", YES, PROTECTS("mailbox", "mailbox-database")),
    };

    (void)state;
    ASSERT_ROWS(rows, "e scope 1,2,3 sample.conf:10 sql SQL Server 2017 for mabs-v1 at physical is listed twice: "
                      "row 1 does not list mailbox; row 2 does not list database; row 3 does not list database.\n");
}

static void a_version_that_some_installations_miss_is_a_gap(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(1, "server", "Windows Server 2016", "azure-vm", "mabs-v1", NO),
        ROW(2, "server", "Windows Server 2012", "azure-vm", "mabs-v1", NO),
        ROW(3, "sql", "SQL Server 2017", "azure-stack", "mabs-v1", NO),
        ROW(4, "server", "Windows Server 2016", "physical", "mabs-v2", NO),
    };

    (void)state;
    ASSERT_ROWS(
        rows, "e gap 2 sample.conf:20 server Windows Server 2012 is listed for mabs-v1 at azure-vm, not at physical.\n"
              "e gap 4 sample.conf:40 server Windows Server 2016 is listed for mabs-v2 at physical, not at "
              "azure-vm.\n");
}

static void a_workload_that_is_nowhere_where_others_are_is_one_gap(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(1, "server", "Windows Server 2016", "azure-vm", "mabs-v1", NO),
        ROW(2, "sql", "SQL Server 2017", "physical", "mabs-v1", NO),
        ROW(3, "sql", "SQL Server 2017", "physical", "mabs-v2", NO),
        ROW(4, "hyperv-host", "Windows Server 2016", "vmware-vm", "mabs-v1", NO),
    };
    struct edition edition = {
        .name = "e",
        PRODUCTS("mabs-v1", "mabs-v2"),
        .readings = { [1] = READING_WORKLOAD, [2] = READING_WORKLOAD, [5] = READING_SERVER },
        .rows = rows,
        .row_count = SAMPLE_COUNT(rows),
    };
    struct matrix matrix = sample_matrix(&arena, &edition, 1);

    (void)state;
    assert_lint(&matrix, "e gap 2,3 sample.conf:20 sql is listed at physical, not at azure-vm, where other workloads "
                         "are.\n");
    edition.absence_is_no = true;
    assert_lint(&matrix, "");
}

/* --------------------------------------------------------------------------------------------- impossible ones ---- */

static const struct value two[] = { { .type = VALUE_INT, .number = 2 } };
static const struct test sp2 = {
    .type = TEST_FACT, .fact = "os.service_pack", .compare = COMPARE_AT_LEAST, .values = two, .value_count = 1
};
static const struct test sp_above_2 = {
    .type = TEST_FACT, .fact = "os.service_pack", .compare = COMPARE_ABOVE, .values = two, .value_count = 1
};

static void assert_condition(const struct condition *condition, const char *version, const char *lines)
{
    struct entry_row rows[] = {
        ROW(1, "server", version, "physical", "mabs-v1", YES, PROTECTS("volume"), UNDER(condition)),
        ROW(2, "server", version, "physical", "mabs-v2", NO, UNDER(condition)),
    };

    ASSERT_ROWS(rows, lines);
}

static void what_the_files_say_cannot_be_met_is_told_with_its_rows(void **state)
{
    const struct condition condition = { .id = "R18", .text = "t", .test = &sp2, .cannot = "there is no such hotfix" };

    (void)state;
    assert_condition(&condition, "Windows Server 2012",
                     "e impossible 1 sample.conf:10 R18 cannot be met as it is written: there is no such hotfix.\n");
}

static void a_service_pack_that_does_not_exist_cannot_be_met(void **state)
{
    const struct condition condition = { .id = "R5", .text = "t", .test = &sp2 };
    const struct condition above = { .id = "R5", .text = "t", .test = &sp_above_2 };

    (void)state;
    assert_condition(&condition, "Windows Server 2008", "");
    assert_condition(&above, "Windows Server 2008",
                     "e impossible 1 sample.conf:10 R5 cannot be met for Windows Server 2008: it asks for service pack "
                     "3, and 2 is the highest.\n");
    assert_condition(&condition, "Windows Server 2008 R2",
                     "e impossible 1 sample.conf:10 R5 cannot be met for Windows Server 2008 R2: it asks for service "
                     "pack 2, and 1 is the highest.\n");
    assert_condition(&condition, "Windows Server 2012",
                     "e impossible 1 sample.conf:10 R5 cannot be met for Windows Server 2012: it asks for service pack "
                     "2, and there is none.\n");
}

static void an_alternative_or_a_negation_can_be_met(void **state)
{
    const struct test either[] = { sp2, { .type = TEST_UNDECIDED } }, both[] = { { .type = TEST_UNDECIDED }, sp2 };
    const struct test any = { .type = TEST_ANY, .parts = either, .part_count = 2 };
    const struct test hopeless = { .type = TEST_ANY, .parts = &sp2, .part_count = 1 };
    const struct test none = { .type = TEST_NOT, .parts = &sp2, .part_count = 1 };
    const struct test all = { .type = TEST_ALL, .parts = both, .part_count = 2 };
    struct condition condition = { .id = "R5", .text = "t" };
    const char *told =
        "e impossible 1 sample.conf:10 R5 cannot be met for Windows Server 2012: it asks for service pack "
        "2, and there is none.\n";

    (void)state;
    condition.test = &any;
    assert_condition(&condition, "Windows Server 2012", "");
    condition.test = &none;
    assert_condition(&condition, "Windows Server 2012", "");
    condition.test = &all;
    assert_condition(&condition, "Windows Server 2012", told);
    condition.test = &hopeless;
    assert_condition(&condition, "Windows Server 2012", told);
}

/* ------------------------------------------------------------------------------------------------ prose, data ---- */

static void prose_that_nothing_checks_is_told(void **state)
{
    struct entry_row rows[] = { ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume"),
                                    UNDER(&r1)) };
    const struct condition own[] = { { .name = "R9", .id = "R9", .text = "Nine holds.", .test = &always } };
    const struct edition edition = { .name = "e",
                                     PRODUCTS("mabs-v1"),
                                     .rows = rows,
                                     .row_count = 1,
                                     .partly = true,
                                     .conditions = own,
                                     .condition_count = 1,
                                     .file = "e.conf" };
    struct matrix matrix = sample_matrix(&arena, &edition, 1);

    (void)state;
    matrix.conditions = &r2;
    matrix.condition_count = 1;
    assert_lint(&matrix, "e prose e.conf:0 The prose of e is encoded in part only: no verdict of it is better than "
                         "conditional.\n"
                         "e prose e.conf:0 No row has the condition R9: Nine holds.\n"
                         "- prose -:0 No row has the condition two: Two holds.\n");
    matrix.conditions = &r1;
    assert_lint(&matrix, "e prose e.conf:0 The prose of e is encoded in part only: no verdict of it is better than "
                         "conditional.\n"
                         "e prose e.conf:0 No row has the condition R9: Nine holds.\n");
}

static void a_version_that_the_tables_lack_is_an_error(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2003", "physical", "mabs-v1", NO),
        ROW(2, "server", "SQL Server 2017", "physical", "mabs-v1", NO),
    };

    (void)state;
    ASSERT_ROWS(rows,
                "e data 2 sample.conf:20 The tables of products have no version SQL Server 2017 of server: nothing "
                "is ever recognised as it.\n"
                "e data 1 sample.conf:10 The tables of products have no version Windows Server 2003 of server: "
                "nothing is ever recognised as it.\n");
}

static void a_yes_that_protects_nothing_is_an_error(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v2", YES, .note = NULL),
    };

    (void)state;
    ASSERT_ROWS(rows, "e data 2 sample.conf:20 server Windows Server 2016 is answered with yes and nothing that is "
                      "protected.\n");
}

static void a_row_that_is_there_twice_is_an_error(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
    };

    (void)state;
    ASSERT_ROWS(rows,
                "e data 1 sample.conf:10 server Windows Server 2016 for mabs-v1 at physical is there twice in row "
                "1.\n");
}

static void numbers_that_no_row_has_are_named_up_to_a_limit(void **state)
{
    struct entry_row few[] = {
        ROW(5, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v2", NO),
    };
    struct entry_row many[] = { ROW(22, "server", "Windows Server 2016", "physical", "mabs-v1", NO) };
    struct entry_row huge[] = { ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO) };

    (void)state;
    ASSERT_ROWS(few, "e data sample.conf:0 There are no rows of these numbers: 1, 3, 4.\n");
    ASSERT_ROWS(many, "e data sample.conf:0 There are no rows of these numbers: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, "
                      "13, 14, 15, 16, 17, 18, 19, 20 and 1 more.\n");
    huge[0].row = INT32_MAX;
    ASSERT_ROWS(huge, "e data sample.conf:0 There are no rows of these numbers: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, "
                      "13, 14, 15, 16, 17, 18, 19, 20 and 2147483626 more.\n");
}

static void numbers_that_are_elsewhere_are_not_missing(void **state)
{
    static const int elsewhere[] = { 4, 2 };
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(5, "server", "Windows Server 2016", "physical", "mabs-v2", NO),
    };
    const struct edition edition = { .name = "e",
                                     PRODUCTS("mabs-v1", "mabs-v2"),
                                     .rows = rows,
                                     .row_count = SAMPLE_COUNT(rows),
                                     .elsewhere = elsewhere,
                                     .elsewhere_count = SAMPLE_COUNT(elsewhere),
                                     .file = "e.conf" };
    struct matrix matrix = sample_matrix(&arena, &edition, 1);

    (void)state;
    assert_lint(&matrix, "e data e.conf:0 There are no rows of these numbers: 3.\n");
}

static void products_and_editions_must_know_each_other(void **state)
{
    const struct edition edition = { .name = "e", PRODUCTS("mabs-v1", "mabs-v2", "mabs-v9"), .file = "e.conf" };
    struct matrix matrix = sample_matrix(&arena, &edition, 1);
    const struct lint_finding *findings;
    struct str out = STR_EMPTY;
    size_t count = matrix_lint(&matrix, &arena, &findings);

    (void)state;
    for (size_t i = 0; i < count; i++)
        add_finding(&out, &findings[i]);
    assert_string_equal(str_text(&out), "e data e.conf:0 The tables of products have no mabs-v9.\n"
                                        "- data -:0 mabs-v3 is in the tables of products and in no edition.\n"
                                        "- data -:0 mabs-v3-ur1 is in the tables of products and in no edition.\n"
                                        "- data -:0 dpm-2016 is in the tables of products and in no edition.\n"
                                        "- data -:0 dpm-2022 is in the tables of products and in no edition.\n");
    str_finish(&out);
}

static void a_fact_that_nothing_brings_is_an_error(void **state)
{
    const struct test leaf = { .type = TEST_FACT, .fact = "os.bulid", .compare = COMPARE_AT_LEAST };
    const struct test deep = { .type = TEST_NOT, .parts = &leaf, .part_count = 1 };
    const struct condition condition = { .name = "R1", .id = "R1", .text = "t", .test = &deep };
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume"), UNDER(&condition)),
    };
    const struct edition edition = { .name = "e", PRODUCTS("mabs-v1"), .rows = rows, .row_count = 1 };
    struct matrix matrix = sample_matrix(&arena, &edition, 1);

    (void)state;
    matrix.conditions = &condition;
    matrix.condition_count = 1;
    assert_lint(&matrix, "- data -:0 R1 asks for the fact os.bulid, which nothing brings.\n");
}

static void findings_stand_by_edition_then_kind(void **state)
{
    struct entry_row first[] = {
        ROW(1, "server", "Windows Server 2003", "physical", "mabs-v1", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(3, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume")),
    };
    struct entry_row second[] = { ROW(2, "server", "Windows Server 2016", "physical", "mabs-v2", NO) };
    const struct edition editions[] = {
        { .name = "a", PRODUCTS("mabs-v1"), .rows = first, .row_count = 3, .file = "a.conf" },
        { .name = "b", PRODUCTS("mabs-v2"), .rows = second, .row_count = 1, .file = "b.conf" },
    };
    struct matrix matrix = sample_matrix(&arena, editions, 2);
    const struct lint_finding *findings;

    (void)state;
    assert_int_equal(matrix_lint(&matrix, &arena, &findings), 3 + (SAMPLE_COUNT(sample_products) - 2));
    assert_int_equal(findings[0].kind, LINT_CONTRADICTION);
    assert_int_equal(findings[1].kind, LINT_DATA);
    assert_string_equal(findings[2].edition, "b");
    assert_null(findings[3].edition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_matrix_without_faults_has_no_findings, start, finish),
        cmocka_unit_test_setup_teardown(rows_of_one_key_with_different_answers_contradict, start, finish),
        cmocka_unit_test_setup_teardown(conditions_that_differ_are_told_with_the_contradiction, start, finish),
        cmocka_unit_test_setup_teardown(what_is_the_same_for_several_products_is_told_once, start, finish),
        cmocka_unit_test_setup_teardown(rows_of_one_key_with_different_scope_are_told, start, finish),
        cmocka_unit_test_setup_teardown(a_version_that_some_installations_miss_is_a_gap, start, finish),
        cmocka_unit_test_setup_teardown(a_workload_that_is_nowhere_where_others_are_is_one_gap, start, finish),
        cmocka_unit_test_setup_teardown(what_the_files_say_cannot_be_met_is_told_with_its_rows, start, finish),
        cmocka_unit_test_setup_teardown(a_service_pack_that_does_not_exist_cannot_be_met, start, finish),
        cmocka_unit_test_setup_teardown(an_alternative_or_a_negation_can_be_met, start, finish),
        cmocka_unit_test_setup_teardown(prose_that_nothing_checks_is_told, start, finish),
        cmocka_unit_test_setup_teardown(a_version_that_the_tables_lack_is_an_error, start, finish),
        cmocka_unit_test_setup_teardown(a_yes_that_protects_nothing_is_an_error, start, finish),
        cmocka_unit_test_setup_teardown(a_row_that_is_there_twice_is_an_error, start, finish),
        cmocka_unit_test_setup_teardown(numbers_that_no_row_has_are_named_up_to_a_limit, start, finish),
        cmocka_unit_test_setup_teardown(numbers_that_are_elsewhere_are_not_missing, start, finish),
        cmocka_unit_test_setup_teardown(products_and_editions_must_know_each_other, start, finish),
        cmocka_unit_test_setup_teardown(a_fact_that_nothing_brings_is_an_error, start, finish),
        cmocka_unit_test_setup_teardown(findings_stand_by_edition_then_kind, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
