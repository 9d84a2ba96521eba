/* What is shipped in conf/ is read without a word, and is small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "knowledge.h"

#include <string.h>

#define MOST_BYTES (1024 * 1024) /* of the 8 MiB that the idle daemon may have */

static struct config_problems problems;
static struct knowledge *knowledge;

static int load(void **state)
{
    (void)state;
    config_problems_init(&problems);
    knowledge = knowledge_load(TREE "/conf/products.conf", TREE "/conf/matrix", SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    knowledge_unload(knowledge);
    config_problems_finish(&problems);
    return 0;
}

static void nothing_is_wrong_with_it(void **state)
{
    (void)state;
    assert_non_null(knowledge);
    assert_int_equal(problems.warnings.count, 0);
}

static void the_seeds_page_is_there_with_all_its_rows(void **state)
{
    const struct edition *edition;
    const struct knowledge_file *files;
    size_t count, pages = 0;
    bool seen[59] = { false };

    (void)state;
    assert_non_null(knowledge);
    edition = matrix_edition(knowledge_matrix(knowledge), "mabs-v1");
    assert_non_null(edition);
    assert_string_equal(edition->name, "azure-backup-server");
    assert_ptr_equal(matrix_edition(knowledge_matrix(knowledge), "mabs-v2"), edition);
    for (size_t i = 0; i < edition->row_count; i++) {
        assert_in_range(edition->rows[i].row, 1, 58);
        seen[edition->rows[i].row] = true;
    }
    for (size_t i = 1; i <= 58; i++)
        assert_true(seen[i]);
    files = knowledge_files(knowledge, &count);
    for (size_t i = 0; i < count; i++)
        pages +=
            files[i].edition != NULL && strcmp(files[i].edition, "azure-backup-server") == 0 && files[i].rows == 58;
    assert_int_equal(pages, 1);
}

static void it_takes_little_memory(void **state)
{
    (void)state;
    assert_non_null(knowledge);
    assert_true(knowledge_bytes(knowledge) < MOST_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_wrong_with_it),
        cmocka_unit_test(the_seeds_page_is_there_with_all_its_rows),
        cmocka_unit_test(it_takes_little_memory),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
