#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "matrix_diff.h"
#include "matrix_sample.h"
#include "str.h"

static struct arena arena;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static void assert_changes(const struct matrix *matrix, const char *from, const char *to, const char *lines)
{
    const struct diff_change *changes;
    size_t count = matrix_diff(matrix, from, to, &arena, &changes);
    struct str out = STR_EMPTY;

    for (size_t i = 0; i < count; i++)
        str_format(&out, "%s %s %s %s: %s\n", diff_kind_word(changes[i].kind), changes[i].workload, changes[i].version,
                   changes[i].installation, changes[i].text);
    assert_string_equal(str_text(&out), lines);
    str_finish(&out);
}

/* Of one edition, from mabs-v1 to mabs-v2. */
static void assert_rows(struct entry_row *rows, size_t count, const char *lines)
{
    const struct edition edition = { .name = "e", PRODUCTS("mabs-v1", "mabs-v2"), .rows = rows, .row_count = count };
    struct matrix matrix = sample_matrix(&arena, &edition, 1);

    assert_changes(&matrix, "mabs-v1", "mabs-v2", lines);
}

#define ASSERT_ROWS(rows, lines) assert_rows(rows, SAMPLE_COUNT(rows), lines)

static const struct test always = { .type = TEST_UNDECIDED };
static const struct condition r1 = { .name = "one", .id = "R1", .text = "One holds.", .test = &always };
static const struct condition same_r1 = { .name = "uno", .id = "X1", .text = "One holds.", .test = &always };
static const struct condition r2 = { .name = "two", .id = "R2", .text = "Two holds.", .test = &always };

static void the_same_answers_are_no_change(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume"), UNDER(&r1)),
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&same_r1)),
        ROW(2, "server", "Windows Server 2012", "physical", "mabs-v1", NO),
        ROW(2, "server", "Windows Server 2012", "physical", "mabs-v2", NO),
    };

    (void)state;
    ASSERT_ROWS(rows, "");
}

static void what_is_no_yes_any_more_is_lost(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008", "physical", "mabs-v1", YES, PROTECTS("volume")),
        ROW(1, "server", "Windows Server 2008", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2012", "physical", "mabs-v1", DEPRECATED, PROTECTS("volume")),
        ROW(3, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume")),
        ROW(3, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(4, "server", "Windows Server 2016", "physical", "mabs-v2", NO),
    };

    (void)state;
    ASSERT_ROWS(rows,
                "lost server Windows Server 2008 physical: mabs-v1 says yes (row 1); mabs-v2 says no (row 1).\n"
                "lost server Windows Server 2012 physical: mabs-v1 says yes, but deprecated (row 2); mabs-v2 has "
                "no row.\n"
                "lost server Windows Server 2016 physical: mabs-v1 says yes (row 3); mabs-v2 says both yes and no "
                "(rows 3, 4).\n");
}

static void what_is_a_new_yes_is_gained(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(2, "server", "Windows Server 2019", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };

    (void)state;
    ASSERT_ROWS(rows, "gained server Windows Server 2016 physical: mabs-v1 says no (row 1); mabs-v2 says yes (row 1).\n"
                      "gained server Windows Server 2019 physical: mabs-v1 has no row; mabs-v2 says yes (row 2).\n");
}

static void each_way_in_which_a_yes_changes_is_told(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume", "share"), UNDER(&r1)),
        ROW(2, "server", "Windows Server 2016", "physical", "mabs-v2", DEPRECATED, PROTECTS("volume", "file"),
            UNDER(&r2)),
        ROW(3, "server", "Windows Server 2016", "physical", "mabs-v2", DEPRECATED, PROTECTS("file"), UNDER(&r2)),
    };

    (void)state;
    ASSERT_ROWS(
        rows, "deprecated server Windows Server 2016 physical: mabs-v1 says yes (row 1); mabs-v2 says yes, but "
              "deprecated (rows 2, 3).\n"
              "scope-lost server Windows Server 2016 physical: mabs-v1 protects share, which mabs-v2 does not list.\n"
              "scope-gained server Windows Server 2016 physical: mabs-v2 protects file, which mabs-v1 does not list.\n"
              "conditions server Windows Server 2016 physical: mabs-v2 asks for more. R2: Two holds.\n");
}

static void a_condition_that_is_gone_is_no_new_one(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume"), UNDER(&r1, &r2)),
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&r2)),
    };

    (void)state;
    ASSERT_ROWS(rows, "");
}

static void what_only_the_rule_of_absence_changes_is_told_apart(void **state)
{
    struct entry_row old[] = {
        ROW(1, "server", "Windows Server 2008", "physical", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2012", "physical", "mabs-v2", NO),
        ROW(3, "server", "Windows Server 2012", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };
    struct entry_row new[] = { ROW(1, "server", "Windows Server 2016", "physical", "mabs-v3", NO) };
    const struct edition editions[] = {
        { .name = "a", PRODUCTS("mabs-v2"), .rows = old, .row_count = 3 },
        { .name = "b", PRODUCTS("mabs-v3"), .rows = new, .row_count = 1, .absence_is_no = true },
    };
    struct matrix matrix = sample_matrix(&arena, editions, 2);

    (void)state;
    assert_changes(&matrix, "mabs-v2", "mabs-v3",
                   "answer server Windows Server 2012 physical: mabs-v2 says both yes and no (rows 2, 3); mabs-v3 has "
                   "no row, which there means no.\n"
                   "absence server Windows Server 2008 physical: mabs-v2 says no (row 1); mabs-v3 has no row, which "
                   "there means no.\n"
                   "absence server Windows Server 2016 physical: mabs-v2 has no row; mabs-v3 says no (row 1).\n");
}

static void a_higher_level_is_answered_by_the_highest_that_is_listed(void **state)
{
    struct entry_row old[] = {
        ROW(1, "sql", "SQL Server 2014 SP3", "physical", "mabs-v2", YES, PROTECTS("database")),
        ROW(2, "server", "Windows Server 2008", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };
    struct entry_row new[] = {
        ROW(4, "sql", "SQL Server 2014", "physical", "mabs-v3", YES, PROTECTS("database")),
        ROW(5, "server", "Windows Server 2008 SP2", "physical", "mabs-v3", YES, PROTECTS("volume")),
    };
    struct edition editions[] = {
        { .name = "a", PRODUCTS("mabs-v2"), .rows = old, .row_count = 2 },
        { .name = "b", PRODUCTS("mabs-v3"), .rows = new, .row_count = 2, .at_least = true },
    };
    struct matrix matrix = sample_matrix(&arena, editions, 2);

    (void)state;
    assert_changes(&matrix, "mabs-v2", "mabs-v3",
                   "lost server Windows Server 2008 physical: mabs-v2 says yes (row 2); mabs-v3 has no row.\n"
                   "gained sql SQL Server 2014 physical: mabs-v2 has no row; mabs-v3 says yes (row 4).\n"
                   "gained server Windows Server 2008 SP2 physical: mabs-v2 has no row; mabs-v3 says yes (row 5).\n");
}

static void a_product_without_an_edition_loses_all(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", YES, PROTECTS("volume")),
        ROW(2, "server", "Windows Server 2012", "physical", "mabs-v1", NO),
    };
    const struct edition edition = { .name = "e", PRODUCTS("mabs-v1"), .rows = rows, .row_count = 2 };
    struct matrix matrix = sample_matrix(&arena, &edition, 1);

    (void)state;
    assert_changes(&matrix, "mabs-v1", "mabs-v3",
                   "lost server Windows Server 2016 physical: mabs-v1 says yes (row 1); mabs-v3 has no row.\n"
                   "absence server Windows Server 2012 physical: mabs-v1 says no (row 2); mabs-v3 has no row.\n");
    assert_changes(&matrix, "mabs-v8", "mabs-v9", "");
}

static void a_change_names_the_rows_of_both(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v1", NO),
        ROW(7, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume")),
        ROW(8, "server", "Windows Server 2019", "physical", "mabs-v2", YES, PROTECTS("volume")),
    };
    const struct edition edition = { .name = "e", PRODUCTS("mabs-v1", "mabs-v2"), .rows = rows, .row_count = 3 };
    struct matrix matrix = sample_matrix(&arena, &edition, 1);
    const struct diff_change *changes;

    (void)state;
    assert_int_equal(matrix_diff(&matrix, "mabs-v1", "mabs-v2", &arena, &changes), 2);
    assert_int_equal(changes[0].from_count, 1);
    assert_int_equal(changes[0].from[0]->row, 1);
    assert_int_equal(changes[0].to[0]->row, 7);
    assert_int_equal(changes[1].from_count, 0);
    assert_null(changes[1].from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_answers_are_no_change, start, finish),
        cmocka_unit_test_setup_teardown(what_is_no_yes_any_more_is_lost, start, finish),
        cmocka_unit_test_setup_teardown(what_is_a_new_yes_is_gained, start, finish),
        cmocka_unit_test_setup_teardown(each_way_in_which_a_yes_changes_is_told, start, finish),
        cmocka_unit_test_setup_teardown(a_condition_that_is_gone_is_no_new_one, start, finish),
        cmocka_unit_test_setup_teardown(what_only_the_rule_of_absence_changes_is_told_apart, start, finish),
        cmocka_unit_test_setup_teardown(a_higher_level_is_answered_by_the_highest_that_is_listed, start, finish),
        cmocka_unit_test_setup_teardown(a_product_without_an_edition_loses_all, start, finish),
        cmocka_unit_test_setup_teardown(a_change_names_the_rows_of_both, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
