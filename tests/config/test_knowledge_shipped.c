/* What is shipped in conf/ is read without a word, and is small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "knowledge.h"
#include "str.h"

#include <stdio.h>
#include <stdlib.h>
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
    assert_int_equal(knowledge_matrix(knowledge)->file_count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(knowledge_matrix(knowledge)->files[i].file, files[i].path);
    assert_non_null(knowledge_matrix(knowledge)->files[0].date); /* that of the dates of products.conf */
    for (size_t i = 1; i < count; i++)
        assert_null(knowledge_matrix(knowledge)->files[i].date);
}

/* What an auditor does: sha256sum names each file with the digits that we have for it. */
static void its_files_have_the_sums_that_sha256sum_prints(void **state)
{
    const struct matrix *matrix = knowledge_matrix(knowledge);
    FILE *pipe = popen("sha256sum -- " TREE "/conf/products.conf " TREE "/conf/matrix/*.conf", "r");
    char line[1024], ours[1024];
    size_t lines = 0;

    (void)state;
    assert_non_null(pipe);
    while (fgets(line, sizeof line, pipe) != NULL) {
        assert_true(lines < matrix->file_count);
        snprintf(ours, sizeof ours, "%s  %s\n", matrix->files[lines].sha256, matrix->files[lines].file);
        assert_string_equal(line, ours);
        lines++;
    }
    assert_int_equal(pclose(pipe), 0);
    assert_int_equal(lines, matrix->file_count);
}

static void its_editions_have_the_sums_of_their_files(void **state)
{
    const struct matrix *matrix = knowledge_matrix(knowledge);

    (void)state;
    assert_true(matrix->edition_count > 0);
    for (size_t i = 0; i < matrix->edition_count; i++) {
        size_t at = 0;

        while (strcmp(matrix->files[at].file, matrix->editions[i].file) != 0)
            at++;
        assert_string_equal(matrix->editions[i].sha256, matrix->files[at].sha256);
    }
}

static bool has_condition(const struct entry_row *row, const char *name)
{
    for (size_t i = 0; i < row->condition_count; i++) {
        if (strcmp(row->conditions[i]->name, name) == 0)
            return true;
    }
    return false;
}

/* One sentence of a page, for each part of which there is a remedy. */
static void parts_of_one_sentence_stand_in_the_same_rows(void **state)
{
    static const char *const parts[][2] = {
        { "R5", "R5-service-pack" },
        { "R12", "R12-storage" },
        { "R12", "R12-vapp" },
        { "vmware-storage", "vmware-vapp" },
    };
    size_t together[sizeof parts / sizeof parts[0]] = { 0 };
    const struct matrix *matrix;

    (void)state;
    assert_non_null(knowledge);
    matrix = knowledge_matrix(knowledge);
    for (size_t i = 0; i < matrix->edition_count; i++) {
        for (size_t k = 0; k < matrix->editions[i].row_count; k++) {
            const struct entry_row *row = &matrix->editions[i].rows[k];

            for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++) {
                if (has_condition(row, parts[part][0]) != has_condition(row, parts[part][1]))
                    fail_msg("%s:%d: %s without %s", row->file, row->line, parts[part][0], parts[part][1]);
                together[part] += has_condition(row, parts[part][0]);
            }
        }
    }
    for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++)
        assert_true(together[part] > 0);
}

static char *read_shipped(const char *name)
{
    FILE *file = fopen(name, "r");
    char *text = mem_new(1, MOST_BYTES);

    assert_non_null(file);
    assert_true(fread(text, 1, MOST_BYTES - 1, file) > 0);
    fclose(file);
    return text;
}

/* Without the # that stands directly before something. */
static void uncomment(struct str *out, char *text)
{
    for (char *line = strsep(&text, "\n"); line != NULL; line = strsep(&text, "\n"))
        str_format(out, "%s\n", line[0] == '#' && (line[1] != ' ' || line[2] == ' ') ? line + 1 : line);
}

static struct knowledge *take(const char *products, const char *conditions, const char *local)
{
    const struct source_text texts[] = {
        { "products.conf", products, strlen(products) },
        { "conditions.conf", conditions, strlen(conditions) },
        { "local.conf", local, strlen(local) },
    };
    struct config_problems own;
    struct knowledge *taken;

    config_problems_init(&own);
    taken = knowledge_take(texts, sizeof texts / sizeof texts[0], 0, &own);
    config_problems_print(&own);
    config_problems_finish(&own);
    return taken;
}

static void the_examples_of_what_the_organisation_says_load(void **state)
{
    char *products = read_shipped(TREE "/conf/products.conf"), *local = read_shipped(TREE "/conf/matrix/local.conf");
    char *conditions = read_shipped(TREE "/conf/matrix/conditions.conf");
    struct str out = STR_EMPTY;
    struct knowledge *taken;

    (void)state;
    uncomment(&out, local);
    taken = take(products, conditions, str_text(&out));
    assert_non_null(taken);
    assert_int_equal(knowledge_matrix(taken)->ruling_count, 2);
    assert_true(knowledge_matrix(taken)->attestation_count > 0);
    knowledge_unload(taken);
    str_finish(&out);
    free(products);
    free(conditions);
    free(local);
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
        cmocka_unit_test(parts_of_one_sentence_stand_in_the_same_rows),
        cmocka_unit_test(the_seeds_page_is_there_with_all_its_rows),
        cmocka_unit_test(its_files_have_the_sums_that_sha256sum_prints),
        cmocka_unit_test(its_editions_have_the_sums_of_their_files),
        cmocka_unit_test(the_examples_of_what_the_organisation_says_load),
        cmocka_unit_test(it_takes_little_memory),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
