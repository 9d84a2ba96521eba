/* What is asked of DPMDB, by what it shows to have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "section.h"

#include <string.h>

static struct schema schema;
static struct str statement;
static struct err err;

static int set_up(void **state)
{
    (void)state;
    schema_init(&schema);
    statement = STR_EMPTY;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    schema_finish(&schema);
    str_finish(&statement);
    return 0;
}

static void show_all(const char *object)
{
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        for (size_t at = 0; at < SECTION_MAX_COLUMNS && sections[i].columns[at].name != NULL; at++) {
            if (object == NULL || strcmp(object, sections[i].object) == 0)
                schema_take(&schema, sections[i].object, sections[i].columns[at].name);
        }
    }
}

static void every_section_can_be_asked_where_all_is_there(void **state)
{
    (void)state;
    show_all(NULL);
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        str_clear(&statement);
        assert_true(section_ask(&schema, &sections[i], &statement, &err));
        assert_ptr_equal(strstr(str_text(&statement), "SELECT "), str_text(&statement));
        assert_non_null(strstr(str_text(&statement), sections[i].object));
        assert_null(strstr(str_text(&statement), "NULL AS"));
        assert_null(strchr(str_text(&statement), '*'));
    }
}

static void a_column_that_is_optional_is_NULL_where_it_is_not_there(void **state)
{
    (void)state;
    schema_take(&schema, "Vw_DPM_Server", "ServerId");
    schema_take(&schema, "Vw_DPM_Server", "ServerName");
    assert_true(section_ask(&schema, &sections[SECTION_SERVERS], &statement, &err));
    assert_string_equal(str_text(&statement),
                        "SELECT ServerId AS c1, ServerName AS c2, NULL AS c3, NULL AS c4, NULL AS "
                        "c5 FROM dbo.Vw_DPM_Server");
}

static void what_is_needed_and_not_there_is_named(void **state)
{
    (void)state;
    assert_false(section_ask(&schema, &sections[SECTION_AGENTS], &statement, &err));
    assert_int_equal(err.class, ERR_UNSUPPORTED);
    assert_non_null(strstr(err.text, "GRANT SELECT ON dbo.Vw_DPM_Agents"));
    schema_take(&schema, "Vw_DPM_Agents", "ServerName");
    assert_false(section_ask(&schema, &sections[SECTION_AGENTS], &statement, &err));
    assert_non_null(strstr(err.text, "no column Version"));
    assert_int_equal(statement.length, 0);
}

static void names_are_spelled_as_the_server_spells_them(void **state)
{
    (void)state;
    schema_take(&schema, "VW_dpm_AGENTS", "SERVERNAME");
    schema_take(&schema, "VW_dpm_AGENTS", "version");
    assert_true(section_ask(&schema, &sections[SECTION_AGENTS], &statement, &err));
    assert_string_equal(str_text(&statement), "SELECT SERVERNAME AS c1, version AS c2 FROM dbo.VW_dpm_AGENTS");
}

/* Nothing that the server made up becomes part of a statement. */
static void names_that_are_none_of_ours_are_passed_over(void **state)
{
    (void)state;
    schema_take(&schema, "Vw_DPM_Agents; DROP TABLE x", "ServerName");
    schema_take(&schema, "Vw_DPM_Agents", "ServerName FROM x --");
    schema_take(&schema, "Vw_DPM_Agents", NULL);
    schema_take(&schema, NULL, "ServerName");
    assert_false(schema_has(&schema, "Vw_DPM_Agents", "ServerName"));
    assert_false(section_ask(&schema, &sections[SECTION_AGENTS], &statement, &err));
}

static void the_columns_of_all_objects_are_asked_for_at_once(void **state)
{
    const char *text = schema_statement(&schema.arena);

    (void)state;
    assert_non_null(strstr(text, "INFORMATION_SCHEMA.COLUMNS"));
    assert_non_null(strstr(text, "N'VW_DPM_SERVER', N'VW_DPM_AGENTS'"));
    assert_null(strchr(text, ';'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_section_can_be_asked_where_all_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_column_that_is_optional_is_NULL_where_it_is_not_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_needed_and_not_there_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_are_spelled_as_the_server_spells_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_that_are_none_of_ours_are_passed_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_columns_of_all_objects_are_asked_for_at_once, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
