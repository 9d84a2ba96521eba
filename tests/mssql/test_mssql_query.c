/* Statements, and what comes back of them: values of each type, errors, what is hostile, what takes too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sqlpeer.h"
#include "talk.h"

#include <stdio.h>
#include <string.h>

#define INSTANCE "MSSQLSERVER"
#define GUID "6F9619FF-8B86-D011-B42D-00C04FC964FF"

static int setup(void **state)
{
    (void)state;
    talks_begin(NULL, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    talks_end();
    return 0;
}

static void open_session(void)
{
    talk_with(INSTANCE);
    talk_opens();
}

/* The driver makes one statement of its own first. */
static void open_to_be_tricked(const char *trick)
{
    open_session();
    talk_trick(INSTANCE, trick);
}

/* ----------------------------------------------------------------------------------------------------- values ---- */

static void each_type_comes_as_text(void **state)
{
    static const struct {
        const char *statement, *rows;
    } types[] = {
        { "EXEC canned tinyint", "[255][255]\n[0][255]\n[\\N][255]\n" },
        { "EXEC canned int",
          "[-2147483648][-2147483648]\n[2147483647][-2147483648]\n[0][-2147483648]\n[\\N][-2147483648]\n" },
        { "EXEC canned bigint",
          "[-9223372036854775808][-9223372036854775808]\n[9223372036854775807][-9223372036854775808]\n"
          "[\\N][-9223372036854775808]\n" },
        { "EXEC canned bit", "[1][1]\n[0][1]\n[\\N][1]\n" },
        { "EXEC canned smalldatetime",
          "[2026-11-22 20:36:00][2026-11-22 20:36:00]\n[1900-01-01 00:00:00][2026-11-22 20:36:00]\n"
          "[2079-06-06 23:59:00][2026-11-22 20:36:00]\n[\\N][2026-11-22 20:36:00]\n" },
        { "EXEC canned numeric_short", "[99999.99][99999.99]\n[-0.01][99999.99]\n[\\N][99999.99]\n" },
        { "EXEC canned uniqueidentifier", "[" GUID "][" GUID "]\n[00000000-0000-0000-0000-000000000000][" GUID "]\n"
                                          "[\\N][" GUID "]\n" },
        { "EXEC canned sql_variant",
          "[text of a variant]\n[42]\n[-5000000000]\n[12.50]\n[2026-11-22 08:00:00.000]\n[" GUID "]\n"
          "[\\N]\n" },
        { "EXEC canned none", "" },
        { "EXEC canned message", "[7]\n" },
        { "EXEC canned two", "[1]\n" },
    };

    (void)state;
    open_session();
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        talk_brings(types[i].statement, types[i].rows);
}

static void unicode_comes_as_utf_8(void **state)
{
    (void)state;
    open_session();
    assert_true(talk_asks("EXEC canned nvarchar"));
    assert_non_null(strstr(str_text(&talk.rows), "[\xC3\xA4\xC3\x9F\xE2\x82\xAC and \xF0\x9F\x98\x80]["));
    assert_non_null(strstr(str_text(&talk.rows), "\n[]["));
    assert_true(talk_asks("EXEC canned varchar"));
    assert_non_null(strstr(str_text(&talk.rows), "[caf\xC3\xA9]["));
    talk_brings("SELECT N'\xC3\xA4\xE2\x82\xAC' AS text", "[\xC3\xA4\xE2\x82\xAC]\n");
}

static void rows_that_are_mostly_null_are_read(void **state)
{
    (void)state;
    open_session();
    assert_true(talk_asks("EXEC canned wide"));
    assert_int_equal(talk.row_count, 7);
    assert_memory_equal(str_text(&talk.rows), "[text 0][\\N][\\N][\\N][\\N][\\N][\\N][7]", 35);
}

static void a_long_value_is_cut_and_told_as_such(void **state)
{
    const char *rows;

    (void)state;
    open_session();
    assert_true(talk_asks("EXEC canned varchar_max"));
    rows = str_text(&talk.rows);
    assert_int_equal(strspn(rows + 1, "v"), MSSQL_MAX_VALUE);
    assert_memory_equal(rows + 1 + MSSQL_MAX_VALUE, "]...[vv", 7);
    assert_true(talk_asks("EXEC canned nvarchar_max"));
    open_to_be_tricked("big-value");
    assert_true(talk_asks("EXEC canned nvarchar"));
    assert_int_equal(strspn(str_text(&talk.rows) + 1, "x"), MSSQL_MAX_VALUE);
    talk_brings("SELECT 1 AS one", "[1]\n");
}

static void many_rows_are_read(void **state)
{
    (void)state;
    open_session();
    assert_true(talk_asks("EXEC canned many"));
    assert_int_equal(talk.row_count, 3000);
    assert_non_null(strstr(str_text(&talk.rows), "[2999][row 2999]\n"));
}

/* ----------------------------------------------------------------------------------------------------- errors ---- */

static void a_right_that_lacks_ends_only_its_statement(void **state)
{
    static const int numbers[] = { 229, 230, 262, 297, 300, 371, 916 };

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char trick[32], words[64];

        snprintf(trick, sizeof trick, "fails:%d/canned", numbers[i]);
        snprintf(words, sizeof words, "the trick says %d (%d)", numbers[i], numbers[i]);
        open_to_be_tricked(trick);
        talk_fails("EXEC canned int", ERR_UNSUPPORTED, words);
        assert_true(mssql_lacks_right(talk.mssql));
        assert_int_equal(mssql_number(talk.mssql), numbers[i]);
        assert_true(mssql_alive(talk.mssql));
        talk_brings("SELECT 1 AS one", "[1]\n");
        assert_false(mssql_lacks_right(talk.mssql));
        assert_int_equal(mssql_number(talk.mssql), 0);
    }
}

static void what_is_not_there_is_no_lack_of_a_right(void **state)
{
    static const int numbers[] = { 207, 208, 2812 };

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char trick[32];

        snprintf(trick, sizeof trick, "fails:%d/canned", numbers[i]);
        open_to_be_tricked(trick);
        talk_fails("EXEC canned int", ERR_UNSUPPORTED, "the trick says");
        assert_false(mssql_lacks_right(talk.mssql));
        assert_int_equal(mssql_number(talk.mssql), numbers[i]);
        talk_brings("SELECT 1 AS one", "[1]\n");
    }
    open_session();
    talk_fails("SELECT nothing AS x FROM sys.nowhere", ERR_UNSUPPORTED, "(208)");
    talk_brings("SELECT 1 AS one", "[1]\n");
}

static void no_statement_denies_a_credential(void **state)
{
    (void)state;
    open_to_be_tricked("fails:18456");
    talk_fails("EXEC canned int", ERR_PROTOCOL, "(18456)");
}

static void an_error_among_the_rows_keeps_those_before_it(void **state)
{
    (void)state;
    open_to_be_tricked("error-in-rows");
    talk_fails("EXEC canned many", ERR_PROTOCOL, "(1222)");
    assert_string_equal(str_text(&talk.rows), "[0][row 0]\n");
    assert_true(mssql_alive(talk.mssql));
}

static void a_taker_that_wants_no_more_ends_the_statement(void **state)
{
    (void)state;
    open_session();
    talk.refuse_at = 3;
    talk_fails("EXEC canned many", ERR_BUG, "the taker does not want it");
    assert_int_equal(talk.row_count, 3);
    talk.refuse_at = 0;
    talk_brings("SELECT 1 AS one", "[1]\n");
}

/* ---------------------------------------------------------------------------------------------------- bad servers ----
 */

static void too_many_rows_are_refused(void **state)
{
    (void)state;
    open_to_be_tricked("many-rows");
    talk_fails("SELECT 1 AS one", ERR_PROTOCOL, "more than 200000 rows");
    assert_int_equal(talk.row_count, MSSQL_MAX_ROWS);
}

static void too_many_columns_are_refused(void **state)
{
    char statement[1024] = "SELECT 0 AS c0";

    (void)state;
    for (int i = 1; i <= MSSQL_MAX_COLUMNS; i++)
        snprintf(statement + strlen(statement), sizeof statement - strlen(statement), ", %d AS c%d", i, i);
    open_session();
    talk_fails(statement, ERR_PROTOCOL, "33 columns, where 32 are the most");
    talk_brings("SELECT 1 AS one", "[1]\n");
}

static void hostile_text_is_valid_utf_8_without_a_nul(void **state)
{
    const char *rows;

    (void)state;
    open_to_be_tricked("hostile-text");
    assert_true(talk_asks("EXEC canned nvarchar") || talk.err.class == ERR_PROTOCOL);
    rows = str_text(&talk.rows);
    assert_int_equal(strlen(rows), talk.rows.length);
    assert_non_null(strstr(rows, "]; DROP DATABASE [master]; --"));
}

static void nulls_everywhere_and_no_rows_are_results(void **state)
{
    (void)state;
    open_to_be_tricked("nulls");
    talk_brings("EXEC canned bit", "[\\N][\\N]\n[\\N][\\N]\n[\\N][\\N]\n");
    open_to_be_tricked("no-rows");
    talk_brings("EXEC canned bit", "");
}

/* Else what is not answered would be taken for what is not there. */
static void no_columns_are_no_answer(void **state)
{
    (void)state;
    open_to_be_tricked("no-columns");
    assert_false(talk_asks("EXEC canned bit"));
    assert_int_equal(talk.err.class, ERR_PROTOCOL);
}

static void what_breaks_the_protocol_ends_the_statement(void **state)
{
    static const char *const tricks[] = {
        "closes:batch",         "resets:batch",      "cut",           "dies",
        "truncated-head:batch", "length-zero:batch", "strange-token", "strange-type"
    };

    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof tricks[0]; i++) {
        open_to_be_tricked(tricks[i]);
        assert_false(talk_asks("EXEC canned int"));
        assert_true(talk.err.class == ERR_UNREACHABLE || talk.err.class == ERR_PROTOCOL);
        assert_false(talk_asks("SELECT 1 AS one"));
        assert_int_equal(talk_count(INSTANCE, "logins"), 1);
    }
}

/* ------------------------------------------------------------------------------------------------------ deadlines ----
 */

static void a_statement_that_takes_too_long_ends_the_session(void **state)
{
    static const char *const tricks[] = { "hangs",         "silent:batch",      "drips:batch",
                                          "garbage:batch", "length-most:batch", "token-past-end" };

    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof tricks[0]; i++) {
        talk_with(INSTANCE);
        talk.settings.query_ms = 200;
        talk_opens();
        talk_trick(INSTANCE, tricks[i]);
        talk_fails("EXEC canned int", ERR_TIMEOUT, "longer than 200 ms");
        assert_false(mssql_alive(talk.mssql));
    }
    talk_fails("SELECT 1 AS one", ERR_UNREACHABLE, "the session is over");
}

static void a_statement_has_no_more_time_than_the_run(void **state)
{
    (void)state;
    open_to_be_tricked("hangs");
    talk.left_ms = 100;
    talk_fails("EXEC canned int", ERR_TIMEOUT, "longer than 100 ms");
    assert_false(mssql_alive(talk.mssql));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_comes_as_text),
        cmocka_unit_test(unicode_comes_as_utf_8),
        cmocka_unit_test(rows_that_are_mostly_null_are_read),
        cmocka_unit_test(a_long_value_is_cut_and_told_as_such),
        cmocka_unit_test(many_rows_are_read),
        cmocka_unit_test(a_right_that_lacks_ends_only_its_statement),
        cmocka_unit_test(what_is_not_there_is_no_lack_of_a_right),
        cmocka_unit_test(no_statement_denies_a_credential),
        cmocka_unit_test(an_error_among_the_rows_keeps_those_before_it),
        cmocka_unit_test(a_taker_that_wants_no_more_ends_the_statement),
        cmocka_unit_test(too_many_rows_are_refused),
        cmocka_unit_test(too_many_columns_are_refused),
        cmocka_unit_test(hostile_text_is_valid_utf_8_without_a_nul),
        cmocka_unit_test(nulls_everywhere_and_no_rows_are_results),
        cmocka_unit_test(no_columns_are_no_answer),
        cmocka_unit_test(what_breaks_the_protocol_ends_the_statement),
        cmocka_unit_test(a_statement_that_takes_too_long_ends_the_session),
        cmocka_unit_test(a_statement_has_no_more_time_than_the_run),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    return cmocka_run_group_tests(tests, setup, teardown);
}
