/* Rulings that nobody needs. */
#include "lint_testing.h"

static const struct condition one = { .name = "one", .id = "R1", .text = "One holds.", .test = &always };

static void assert_ruling(const struct edition *edition, struct ruling ruling, const char *lines)
{
    struct matrix matrix = sample_matrix(&arena, edition, 1);

    ruling.file = "local.conf";
    ruling.line = 7;
    matrix.rulings = &ruling;
    matrix.ruling_count = 1;
    assert_lint(&matrix, lines);
}

#define RULING(version_, installation_)                                                                                \
    (struct ruling)                                                                                                    \
    {                                                                                                                  \
        .product = "mabs-v1", .workload = "server", .version = version_, .installation = installation_,                \
        .answer = ANSWER_YES                                                                                           \
    }

static void a_ruling_on_what_the_page_decides_is_told(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(2, "server", "Windows Server 2016", "hyperv-vm", "mabs-v1", YES, PROTECTS("volume"), UNDER(&one)),
        ROW(3, "server", "Windows Server 2019", "physical", "mabs-v1", NO),
    };
    struct edition edition = { .name = "e", PRODUCTS("mabs-v1"), .rows = rows, .row_count = 3, .file = "sample.conf" };
    const char *gap = "e gap 3 sample.conf:30 server Windows Server 2019 is listed for mabs-v1 at physical, not at "
                      "hyperv-vm.\n";

    (void)state;
    assert_ruling(
        &edition, RULING("Windows Server 2016", "physical"),
        arena_format(&arena, "%s%s", gap,
                     "e ruling 1 local.conf:7 The ruling \"yes\" on server Windows Server 2016 for mabs-v1 at "
                     "physical decides what the page decides already: row 1 says no.\n"));
    assert_ruling(&edition, RULING("Windows Server 2016", NULL),
                  arena_format(&arena, "%s%s", gap,
                               "e ruling 1 local.conf:7 The ruling \"yes\" on server Windows Server 2016 for mabs-v1 "
                               "anywhere decides what the page decides already: row 1 says no.\n"));
    assert_ruling(&edition, RULING("Windows Server 2019", "hyperv-vm"), gap);
    assert_ruling(&edition, RULING("Windows Server 2019", NULL), gap);
    edition.absence_is_no = true;
    assert_ruling(&edition, RULING("Windows Server 2019", "hyperv-vm"),
                  arena_format(&arena, "%s%s", gap,
                               "e ruling local.conf:7 The ruling \"yes\" on server Windows Server 2019 for mabs-v1 at "
                               "hyperv-vm decides what the page decides already: what e does not list is not "
                               "supported.\n"));
}

static void a_ruling_on_what_rows_contradict_or_leave_to_some_is_none(void **state)
{
    static const struct condition sku = {
        .name = "sku", .id = "R6", .text = "t", .test = &always, .effect = EFFECT_ROW
    };
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume")),
        ROW(3, "server", "Windows Server 2019", "physical", "mabs-v1", YES, PROTECTS("volume"), UNDER(&sku)),
    };
    struct edition edition = { .name = "e", PRODUCTS("mabs-v1"), .rows = rows, .row_count = 3, .file = "sample.conf" };
    const char *contradiction = "e contradiction 1,2 sample.conf:10 server Windows Server 2016 for mabs-v1 at "
                                "physical: row 1 says no, row 2 says yes.\n";

    (void)state;
    assert_ruling(&edition, RULING("Windows Server 2016", "physical"), contradiction);
    assert_ruling(&edition, RULING("Windows Server 2016", NULL), contradiction);
    assert_ruling(&edition, RULING("Windows Server 2019", "physical"), contradiction);
}

static void a_higher_level_than_is_listed_is_decided_where_levels_are_at_least(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "sql", "SQL Server 2014", "physical", "mabs-v1", NO),
        ROW(2, "sql", "SQL Server 2014 SP2", "physical", "mabs-v1", YES, PROTECTS("database")),
    };
    struct edition edition = { .name = "e", PRODUCTS("mabs-v1"), .rows = rows, .row_count = 2, .file = "sample.conf" };
    struct ruling ruling = RULING("SQL Server 2014 SP3", "physical");

    (void)state;
    ruling.workload = "sql";
    assert_ruling(&edition, ruling, "");
    edition.at_least = true;
    assert_ruling(
        &edition, ruling,
        "e ruling 2 local.conf:7 The ruling \"yes\" on sql SQL Server 2014 SP3 for mabs-v1 at physical decides "
        "what the page decides already: row 2 says yes.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_ruling_on_what_the_page_decides_is_told, start, finish),
        cmocka_unit_test_setup_teardown(a_ruling_on_what_rows_contradict_or_leave_to_some_is_none, start, finish),
        cmocka_unit_test_setup_teardown(a_higher_level_than_is_listed_is_decided_where_levels_are_at_least, start,
                                        finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
