#include "judge_matrix_made.h"

static struct arena arena;
static struct matrix matrix;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    fixture_matrix(&arena, &matrix);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static size_t rows_of(const char *product, const char *version, const char *place, const struct entry_row *const **rows)
{
    return matrix_rows(&matrix, product, "server", version, place, rows);
}

static void a_key_has_its_rows_and_no_other(void **state)
{
    const struct entry_row *const *rows;

    (void)state;
    assert_int_equal(rows_of("mabs-v2", "Windows Server 2008 SP2", "physical", &rows), 1);
    assert_int_equal(rows[0]->row, 20);
    assert_int_equal(rows[0]->answer, ANSWER_NO);
    assert_int_equal(rows_of("mabs-v1", "Windows Server 2008 SP2", "physical", &rows), 1);
    assert_int_equal(rows[0]->answer, ANSWER_YES);
    assert_string_equal(rows[0]->product, "mabs-v1");
}

static void rows_of_one_key_come_in_the_order_of_their_numbers(void **state)
{
    const struct entry_row *const *rows;

    (void)state;
    assert_int_equal(rows_of("mabs-v2", "Windows Server 2012 R2", "azure-stack", &rows), 2);
    assert_int_equal(rows[0]->row, 9);
    assert_int_equal(rows[1]->row, 10);
}

static void what_no_row_names_has_none(void **state)
{
    const struct entry_row *const *rows;

    (void)state;
    assert_int_equal(rows_of("mabs-v2", "Windows Server 2012 R2", "physical", &rows), 0);
    assert_null(rows);
    assert_int_equal(rows_of("mabs-v9", "Windows Server 2012 R2", "azure-vm", &rows), 0);
    assert_int_equal(rows_of("mabs-v2", "", "", &rows), 0);
    assert_int_equal(matrix_rows(&matrix, "mabs-v2", "sql", "Windows Server 2012 R2", "azure-vm", &rows), 0);
}

static void words_are_found_in_any_case(void **state)
{
    const struct entry_row *const *rows;

    (void)state;
    assert_int_equal(rows_of("MABS-v2", "windows server 2012 r2", "Azure-VM", &rows), 1);
    assert_int_equal(rows[0]->row, 9);
}

static void every_row_is_found_by_its_own_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < matrix.edition_count; i++) {
        for (size_t j = 0; j < matrix.editions[i].row_count; j++) {
            const struct entry_row *row = &matrix.editions[i].rows[j], *const * rows;
            size_t count = matrix_rows(&matrix, row->product, row->workload, row->version, row->installation, &rows);
            bool found = false;
            for (size_t k = 0; k < count; k++)
                found |= rows[k] == row;
            assert_true(found);
        }
    }
}

static void a_matrix_without_rows_or_without_index_answers_nothing(void **state)
{
    struct matrix empty = { 0 };
    const struct entry_row *const *rows;

    (void)state;
    assert_int_equal(matrix_rows(&empty, "a", "b", "c", "d", &rows), 0);
    matrix_index_make(&empty, &arena);
    assert_int_equal(matrix_rows(&empty, "a", "b", "c", "d", &rows), 0);
    assert_null(matrix_edition(&empty, "a"));
}

static void a_product_has_its_edition(void **state)
{
    (void)state;
    assert_string_equal(matrix_edition(&matrix, "mabs-v1")->name, "page");
    assert_string_equal(matrix_edition(&matrix, "mabs-v3")->name, "later");
    assert_null(matrix_edition(&matrix, "mabs"));
}

static void the_words_are_those_of_the_files(void **state)
{
    (void)state;
    assert_string_equal(answer_word(ANSWER_NO), "no");
    assert_string_equal(answer_word(ANSWER_YES), "yes");
    assert_string_equal(answer_word(ANSWER_DEPRECATED), "deprecated");
    assert_string_equal(reading_word(READING_WORKLOAD), "workload");
    assert_string_equal(reading_word(READING_SERVER), "backup-server");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_has_its_rows_and_no_other),
        cmocka_unit_test(rows_of_one_key_come_in_the_order_of_their_numbers),
        cmocka_unit_test(what_no_row_names_has_none),
        cmocka_unit_test(words_are_found_in_any_case),
        cmocka_unit_test(every_row_is_found_by_its_own_key),
        cmocka_unit_test(a_matrix_without_rows_or_without_index_answers_nothing),
        cmocka_unit_test(a_product_has_its_edition),
        cmocka_unit_test(the_words_are_those_of_the_files),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
