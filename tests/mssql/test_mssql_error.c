/* What is made of a driver's records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mssql_error.h"

#include <stdio.h>
#include <string.h>

static struct odbc_words words;
static struct mssql_meaning meaning;
static struct err err;

static void says(const char *state, int number, const char *text)
{
    struct odbc_record *record = &words.records[words.count++];

    *record = (struct odbc_record){ .number = number };
    snprintf(record->state, sizeof record->state, "%s", state);
    snprintf(record->text, sizeof record->text, "%s", text);
}

static void assert_means(bool login, enum err_class class, const char *text)
{
    assert_false(mssql_error(&words, login, &meaning, &err));
    assert_int_equal(err.class, class);
    assert_string_equal(err.text, text);
    words.count = 0;
}

static void the_number_decides_wherever_it_stands(void **state)
{
    (void)state;
    says("08001", 20002, "Adaptive Server connection failed");
    says("08001", 0, "Unable to connect to data source");
    says("42000", 18470, "Login failed.");
    assert_false(mssql_error(&words, true, &meaning, &err));
    words.count = 0;
    assert_int_equal(meaning.number, 18470);
    assert_false(meaning.right);
}

static void a_server_that_refuses_is_denied_at_a_login_only(void **state)
{
    (void)state;
    says("42000", 18470, "No.");
    assert_means(true, ERR_DENIED, "No. (18470); the login is disabled: ALTER LOGIN ... ENABLE");
    says("42000", 18470, "No.");
    assert_means(false, ERR_PROTOCOL, "No. (18470)");
    says("28000", 0, "No.");
    assert_means(true, ERR_DENIED, "No.; check username and password");
    says("28000", 0, "No.");
    assert_means(false, ERR_PROTOCOL, "No.; check username and password");
}

static void a_right_that_lacks_is_told_after_a_login_only(void **state)
{
    (void)state;
    says("42000", 916, "May not.");
    assert_means(false, ERR_UNSUPPORTED, "May not. (916)");
    assert_true(meaning.right);
    assert_false(meaning.over);
    says("42000", 916, "May not.");
    assert_means(true, ERR_UNSUPPORTED, "May not. (916); make the login a user of the database");
    assert_false(meaning.right);
}

/* A server refuses the database and the login together. */
static void a_database_that_cannot_be_opened_is_no_wrong_password(void **state)
{
    (void)state;
    says("42000", 18456, "Login failed.");
    says("42000", 4060, "Cannot open database.");
    assert_false(mssql_error(&words, true, &meaning, &err));
    words.count = 0;
    assert_int_equal(err.class, ERR_UNSUPPORTED);
    assert_non_null(strstr(err.text, "a user of it"));
}

static void news_and_repetitions_are_left_out(void **state)
{
    (void)state;
    says("01000", 5701, "Changed database context to 'master'.");
    says("01000", 5703, "Changed language setting.");
    says("42000", 208, "Not there.");
    says("42000", 208, "Not there.");
    says("HY000", 0, "");
    says("42000", 0, "And more.");
    assert_means(false, ERR_UNSUPPORTED, "Not there. (208); And more.");
    assert_int_equal(meaning.number, 208);
}

static void the_drivers_own_numbers_are_not_the_servers(void **state)
{
    (void)state;
    says("08S01", 20017, "Unexpected EOF from the server");
    assert_means(false, ERR_UNREACHABLE, "Unexpected EOF from the server (20017)");
    assert_int_equal(meaning.number, 0);
    assert_true(meaning.over);
    says("HY000", 20020, "Bad token");
    assert_means(false, ERR_PROTOCOL, "Bad token (20020)");
    assert_true(meaning.over);
    says("HYT00", 20003, "Timeout");
    assert_means(false, ERR_TIMEOUT, "Timeout (20003)");
}

static void what_nobody_knows_is_the_protocols(void **state)
{
    (void)state;
    says("42000", 1222, "Locked.");
    assert_means(false, ERR_PROTOCOL, "Locked. (1222)");
    assert_int_equal(meaning.number, 1222);
    assert_false(meaning.over);
    assert_means(false, ERR_PROTOCOL, "the driver does not say why");
    assert_int_equal(meaning.number, 0);
}

static void many_long_words_fit(void **state)
{
    char text[ODBC_MAX_TEXT];

    (void)state;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < ODBC_MAX_RECORDS; i++) {
        text[0] = (char)('a' + i);
        says("42000", 18456, text);
    }
    assert_false(mssql_error(&words, true, &meaning, &err));
    words.count = 0;
    assert_int_equal(err.class, ERR_DENIED);
    assert_non_null(strstr(err.text, "tells which")); /* the end of the remedy */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_decides_wherever_it_stands),
        cmocka_unit_test(a_server_that_refuses_is_denied_at_a_login_only),
        cmocka_unit_test(a_right_that_lacks_is_told_after_a_login_only),
        cmocka_unit_test(a_database_that_cannot_be_opened_is_no_wrong_password),
        cmocka_unit_test(news_and_repetitions_are_left_out),
        cmocka_unit_test(the_drivers_own_numbers_are_not_the_servers),
        cmocka_unit_test(what_nobody_knows_is_the_protocols),
        cmocka_unit_test(many_long_words_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
