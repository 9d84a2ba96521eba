/* Options as a plugin has them, and the settings that come of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mock.h"
#include "mssql_options.h"

#include <stdio.h>
#include <string.h>

static struct mssql_settings read;
static struct sql_scout_settings aim;
static char host[64], user[64], driver[64], instance[64]; /* texts live as long as the callback */
static bool has_login;
static int64_t left_ms;

static int scan(struct muster *m)
{
    struct err err;

    mssql_options_read(&read, &aim, m);
    left_ms = read.left_ms(read.context);
    has_login = mssql_options_login(&read);
    snprintf(host, sizeof host, "%s %s", read.host, aim.host);
    snprintf(user, sizeof user, "%s:%s", read.user != NULL ? read.user : "",
             read.password != NULL ? read.password : "");
    snprintf(driver, sizeof driver, "%s", read.driver);
    snprintf(instance, sizeof instance, "%s", aim.instance != NULL ? aim.instance : "");
    return mssql_check(&read, &err) ? 0 : mssql_options_fail(m, &err);
}

static const struct muster_option options[] = { MSSQL_OPTIONS, { 0 } };
static const char *const kinds[] = { "sql_instance", NULL };

MUSTER_PLUGIN(.name = "test", .version = "1", .summary = "options", .options = options, .kinds = kinds, .scan = scan);

static struct mock *mock;

static int set_out(void **state)
{
    (void)state;
    mock = mock_create(muster_plugin_entry());
    mock_option(mock, "host", "sql1.corp.example");
    return 0;
}

static int come_back(void **state)
{
    (void)state;
    mock_destroy(mock);
    return 0;
}

static void assert_scans(void)
{
    if (!mock_scan(mock))
        fail_msg("%s", mock_failure(mock)->text);
}

static void a_host_is_enough_and_has_no_login(void **state)
{
    (void)state;
    mock_deadline(mock, 60000);
    assert_scans();
    assert_string_equal(host, "sql1.corp.example sql1.corp.example");
    assert_false(has_login);
    assert_string_equal(driver, "FreeTDS");
    assert_int_equal(read.auth, MSSQL_SQL);
    assert_false(read.tls_1_0);
    assert_int_equal(read.login_ms, 15000);
    assert_int_equal(read.query_ms, 60000);
    assert_int_equal(aim.browser_ms, 2000);
    assert_int_equal(aim.port_ms, 15000);
    assert_int_equal(aim.port, 0);
    assert_string_equal(instance, "");
    assert_true(left_ms > 0 && left_ms <= 60000);
}

static void everything_can_be_said(void **state)
{
    (void)state;
    mock_option(mock, "instance", "PAY");
    mock_option(mock, "port", "50001");
    mock_option(mock, "auth", "ntlm");
    mock_option(mock, "username", "CORP\\scan");
    mock_option(mock, "password", "secret");
    mock_option(mock, "allow_tls_1_0", "true");
    mock_option(mock, "driver", "ODBC Driver 18 for SQL Server");
    mock_option(mock, "query_timeout", "5s");
    assert_scans();
    assert_true(has_login);
    assert_string_equal(user, "CORP\\scan:secret");
    assert_int_equal(read.auth, MSSQL_NTLM);
    assert_true(read.tls_1_0);
    assert_string_equal(driver, "ODBC Driver 18 for SQL Server");
    assert_int_equal(read.query_ms, 5000);
    assert_int_equal(aim.port, 50001);
    assert_string_equal(instance, "PAY");
}

static void a_keytab_is_a_login(void **state)
{
    (void)state;
    mock_option(mock, "auth", "kerberos");
    mock_option(mock, "keytab", "/etc/hostname");
    assert_scans();
    assert_true(has_login);
    assert_int_equal(read.auth, MSSQL_KERBEROS);
}

static void what_makes_no_sense_fails_the_scan(void **state)
{
    (void)state;
    mock_option(mock, "username", "scan");
    assert_false(mock_scan(mock));
    assert_int_equal(mock_failure(mock)->class, ERR_CONFIG);
    assert_non_null(strstr(mock_failure(mock)->text, "password: "));
}

/* Else the KDC would refuse a principal of that name, and the credential be held for it. */
static void an_account_is_written_as_its_login_wants_it(void **state)
{
    static const struct {
        const char *auth, *user, *words;
    } cases[] = {
        { "kerberos", "CORP\\scan", "is not user@REALM, as auth = \"kerberos\" wants it" },
        { "ntlm", "scan@CORP.EXAMPLE", "is not DOMAIN\\user, as auth = \"ntlm\" wants it" },
        { "sql", "CORP\\scan", "is an account of a domain: give auth = \"ntlm\", or \"kerberos\"" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_out(state);
        mock_option(mock, "auth", cases[i].auth);
        mock_option(mock, "username", cases[i].user);
        mock_option(mock, "password", "secret");
        assert_false(mock_scan(mock));
        assert_int_equal(mock_failure(mock)->class, ERR_CONFIG);
        if (strstr(mock_failure(mock)->text, cases[i].words) == NULL)
            fail_msg("%s: %s", cases[i].auth, mock_failure(mock)->text);
        come_back(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_host_is_enough_and_has_no_login, set_out, come_back),
        cmocka_unit_test_setup_teardown(everything_can_be_said, set_out, come_back),
        cmocka_unit_test_setup_teardown(a_keytab_is_a_login, set_out, come_back),
        cmocka_unit_test_setup_teardown(what_makes_no_sense_fails_the_scan, set_out, come_back),
        cmocka_unit_test(an_account_is_written_as_its_login_wants_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
