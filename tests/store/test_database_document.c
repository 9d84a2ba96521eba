#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct str document;

static int read_document(void **state)
{
    shelf_read_file(DATABASE_DOCUMENT, &document);
    return shelf_open(state);
}

static int forget_document(void **state)
{
    str_finish(&document);
    return shelf_close(state);
}

/* The part of the document about a table or view, up to the next heading. */
static char *section_of(const char *table)
{
    char heading[128];
    const char *start, *end;

    snprintf(heading, sizeof heading, "\n### `%s`\n", table);
    start = strstr(str_text(&document), heading);
    if (start == NULL)
        fail_msg("the document has no section ### `%s`", table);
    end = strstr(start + strlen(heading), "\n##");
    return strndup(start, end == NULL ? strlen(start) : (size_t)(end - start));
}

static void check_column(const char *table, const char *column)
{
    char *section = section_of(table);
    char row[128];

    snprintf(row, sizeof row, "\n| `%s` | ", column);
    if (strstr(section, row) == NULL)
        fail_msg("the section of %s does not explain %s", table, column);
    free(section);
}

static void every_table_view_and_column_is_explained(void **state)
{
    struct shelf *shelf = *state;
    struct sql_query query;
    unsigned columns = 0;

    sql_query(&query, shelf_store(shelf),
              "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c"
              " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%'");
    for (; sql_row(&query); columns++)
        check_column(sql_text(&query, 0), sql_text(&query, 1));
    assert_true(sql_done(&query, NULL));
    assert_true(columns > 100);
}

/* Columns that are gone would mislead. */
static void whatever_is_explained_is_there(void **state)
{
    struct shelf *shelf = *state;
    struct sql *sql = shelf_store(shelf);
    char table[64] = "", column[64];
    char *copy = strdup(str_text(&document)), *rest = copy, *line;

    while ((line = strsep(&rest, "\n")) != NULL) {
        struct sql_query query;

        if (strncmp(line, "## ", 3) == 0)
            table[0] = '\0';
        if (sscanf(line, "### `%63[a-z_]`", table) == 1 || table[0] == '\0' ||
            sscanf(line, "| `%63[a-z_]` |", column) != 1)
            continue;
        sql_query(&query, sql, "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2");
        sql_bind_text(&query, 1, table);
        sql_bind_text(&query, 2, column);
        if (!sql_row(&query))
            fail_msg("there is no column %s in %s", column, table);
        assert_true(sql_done(&query, NULL));
    }
    free(copy);
}

static void every_example_runs(void **state)
{
    struct shelf *shelf = *state;
    const char *at = str_text(&document), *end;
    unsigned examples = 0;

    shelf_store(shelf);
    for (; (at = strstr(at, "```sql\n")) != NULL; at = end, examples++) {
        char *text;

        at += strlen("```sql\n");
        end = strstr(at, "```");
        assert_non_null(end);
        text = strndup(at, (size_t)(end - at));
        shelf_run(shelf, text);
        free(text);
    }
    assert_true(examples >= 5);
}

#define WITH_DOCUMENT(test) cmocka_unit_test_setup_teardown(test, read_document, forget_document)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DOCUMENT(every_table_view_and_column_is_explained),
        WITH_DOCUMENT(whatever_is_explained_is_there),
        WITH_DOCUMENT(every_example_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
