/* docs/matrix.md says what the tables of keys say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "knowledge_parts.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *document;

static int open_document(void **state)
{
    FILE *file = fopen(TREE "/docs/matrix.md", "r");

    (void)state;
    document = mem_new(1, 65536);
    if (file == NULL || fread(document, 1, 65535, file) == 0)
        return -1;
    return fclose(file);
}

static int close_document(void **state)
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
        fail_msg("docs/matrix.md has no `%s`", word);
}

static void words_are_documented(const char *const *words)
{
    for (; words != NULL && *words != NULL; words++)
        is_documented(*words);
}

/* NOLINTNEXTLINE(misc-no-recursion): groups in groups, of constant tables */
static void group_is_documented(const struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        is_documented(group->keys[i].name);
        words_are_documented(group->keys[i].words);
        if (group->keys[i].group != NULL)
            group_is_documented(group->keys[i].group);
    }
}

static void every_key_and_word_is_in_the_document(void **state)
{
    (void)state;
    group_is_documented(&knowledge_matrix_root);
    group_is_documented(&knowledge_products_root);
}

static void every_word_of_the_language_is_in_the_document(void **state)
{
    (void)state;
    words_are_documented(knowledge_comparisons);
    for (int i = 0; i < COLLECTION_COUNT; i++)
        is_documented(collection_word((enum collection)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_and_word_is_in_the_document),
        cmocka_unit_test(every_word_of_the_language_is_in_the_document),
    };

    return cmocka_run_group_tests(tests, open_document, close_document);
}
