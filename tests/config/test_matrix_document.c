/* docs/matrix.md says what the tables of keys and the language of tests say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "knowledge_parts.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 65536 };

static char *document;

static int set_up(void **state)
{
    FILE *file = fopen(TREE "/docs/matrix.md", "r");
    size_t length;

    (void)state;
    if (file == NULL)
        return -1;
    document = mem_new(1, MOST);
    length = fread(document, 1, MOST - 1, file);
    fclose(file);
    return length > 0 && length < MOST - 1 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    free(document);
    return 0;
}

static void is_documented(const char *word)
{
    char quoted[160];

    snprintf(quoted, sizeof quoted, "`%s`", word);
    if (strstr(document, quoted) == NULL)
        fail_msg("docs/matrix.md has no %s", quoted);
}

static void words_are_documented(const char *const *words)
{
    for (; words != NULL && *words != NULL; words++)
        is_documented(*words);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables of keys */
static void group_is_documented(const struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        is_documented(group->keys[i].name);
        words_are_documented(group->keys[i].words);
        if (group->keys[i].group != NULL)
            group_is_documented(group->keys[i].group);
    }
}

static void every_key_and_word_of_an_edition_is_there(void **state)
{
    (void)state;
    group_is_documented(&knowledge_matrix_root);
}

static void every_key_and_word_of_the_products_is_there(void **state)
{
    (void)state;
    group_is_documented(&knowledge_products_root);
}

static void every_operator_is_there(void **state)
{
    bool seen[COMPARE_TRUSTED_BY + 1] = { false };

    (void)state;
    words_are_documented(knowledge_comparisons);
    for (const char *const *word = knowledge_comparisons; *word != NULL; word++)
        seen[compare_find(*word)] = true;
    for (int i = COMPARE_IS; i <= COMPARE_TRUSTED_BY; i++)
        assert_true(seen[i]);
}

static void every_collection_is_there(void **state)
{
    (void)state;
    for (int i = 0; i < COLLECTION_COUNT; i++)
        is_documented(collection_word((enum collection)i));
}

static void every_fact_that_is_worked_out_is_there(void **state)
{
    (void)state;
#define X(name, word) is_documented(word);
    CONDITION_DERIVED(X)
#undef X
    is_documented("update");
    is_documented("product");
    is_documented("site");
}

static void every_form_of_a_test_is_there(void **state)
{
    static const char *const forms[] = { "{ fact = ", "{ all = ",       "{ any = ",     "{ not = ",    "{ every = ",
                                         "{ some = ", "{ undecided = ", "where = TEST", "that = TEST", "empty = " };

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strstr(document, forms[i]) == NULL)
            fail_msg("docs/matrix.md has no %s", forms[i]);
    }
}

/* The table of shipped editions, by what these say. */
static void every_shipped_edition_is_there(void **state)
{
    struct config_problems problems;
    struct knowledge *knowledge;
    const struct matrix *matrix;

    (void)state;
    config_problems_init(&problems);
    knowledge = knowledge_load(TREE "/conf/products.conf", TREE "/conf/matrix", SOURCE_READABLE, &problems);
    config_problems_finish(&problems);
    assert_non_null(knowledge);
    matrix = knowledge_matrix(knowledge);
    for (size_t i = 0; i < matrix->edition_count; i++) {
        char file[160];

        snprintf(file, sizeof file, "conf/matrix/%s.conf", matrix->editions[i].name);
        is_documented(file);
        if (strstr(document, matrix->editions[i].date) == NULL)
            fail_msg("docs/matrix.md has no %s", matrix->editions[i].date);
        for (size_t j = 0; j < matrix->editions[i].product_count; j++)
            is_documented(matrix->editions[i].products[j]);
    }
    knowledge_unload(knowledge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_and_word_of_an_edition_is_there),
        cmocka_unit_test(every_key_and_word_of_the_products_is_there),
        cmocka_unit_test(every_operator_is_there),
        cmocka_unit_test(every_collection_is_there),
        cmocka_unit_test(every_fact_that_is_worked_out_is_there),
        cmocka_unit_test(every_form_of_a_test_is_there),
        cmocka_unit_test(every_shipped_edition_is_there),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
