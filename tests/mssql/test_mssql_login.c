/* Logins of the instance itself: which are made, and which never are. Each login that is refused here would be counted
 * against an account that somebody needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sqlpeer.h"
#include "talk.h"

#include <stdio.h>
#include <string.h>

#define VERSION "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS version"

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

/* What a look at the certificate, and a login, need. */
static void assert_one_login(const char *instance)
{
    assert_int_equal(talk_count(instance, "connections"), 2);
    assert_int_equal(talk_count(instance, "logins"), 1);
}

static void assert_no_login(const char *instance)
{
    assert_int_equal(talk_count(instance, "logins"), 0);
}

/* ------------------------------------------------------------------------------------------------------ logins ---- */

static void the_right_password_logs_in_once(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk_opens();
    assert_string_equal(mssql_tls(talk.mssql), "TLSv1.2");
    assert_string_equal(mssql_login_word(talk.mssql), "SQL");
    talk_asks(VERSION);
    assert_non_null(strstr(str_text(&talk.rows), "[15.0."));
    assert_one_login("MSSQLSERVER");
    assert_int_equal(talk_count("MSSQLSERVER", "handshakes"), 2);
}

static void the_wrong_password_is_tried_once(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk.settings.password = "wrong";
    talk_refused(ERR_DENIED, "login of scan by SQL: Login failed for user 'scan'. (18456)");
    assert_null(strstr(talk.err.text, "wrong"));
    assert_null(strstr(talk.err.text, "[FreeTDS]"));
    assert_one_login("MSSQLSERVER");
    assert_int_equal(talk_count("MSSQLSERVER", "refused"), 1);
}

static void what_else_refuses_a_login_is_denied_too(void **state)
{
    static const struct {
        const char *trick;
        enum err_class class;
        const char *words;
    } refusals[] = {
        { "denied:18486", ERR_DENIED, "UNLOCK" },
        { "denied:18487", ERR_DENIED, "has expired" },
        { "denied:18488", ERR_DENIED, "must be changed" },
        { "denied:18470", ERR_DENIED, "ENABLE" },
        { "denied:18452", ERR_DENIED, "untrusted domain" },
        { "denied:4060", ERR_UNSUPPORTED, "the login is a user of it" },
        { "denied:4064", ERR_UNSUPPORTED, "DEFAULT_DATABASE" },
        { "denied:916", ERR_UNSUPPORTED, "a user of the database" },
        { "denied:17142", ERR_UNREACHABLE, "paused" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        talk_with("MSSQLSERVER");
        talk_trick("MSSQLSERVER", refusals[i].trick);
        talk_refused(refusals[i].class, refusals[i].words);
        assert_one_login("MSSQLSERVER");
    }
}

static void two_sessions_one_after_the_other(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk_opens();
    talk_with("SELF");
    talk.settings.ca_file = NULL;
    talk.settings.fingerprint = NULL;
    talk_refused(ERR_PROTOCOL, "its certificate is refused");
    talk_with("MSSQLSERVER");
    talk.settings.host = "127.0.0.1";
    talk_opens();
    talk_brings("SELECT 1 AS one", "[1]\n");
}

static void a_login_has_the_database_that_it_asks_for(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk.settings.database = "tempdb";
    talk_opens();
    talk_brings("SELECT DB_NAME() AS name", "[tempdb]\n");
    talk_with("MSSQLSERVER");
    talk.settings.database = "B\xC3\xBC\xE2\x82\xAC";
    talk_refused(ERR_UNSUPPORTED, "\"B\xC3\xBC\xE2\x82\xAC\" requested by the login. The login failed. (4060)");
    assert_one_login("MSSQLSERVER");
}

static void a_name_is_resolved_where_no_address_is_given(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk.settings.address = NULL;
    talk_opens();
}

static void an_old_instance_is_asked_by_its_own_version_of_tds(void **state)
{
    (void)state;
    talk_with("OLD");
    talk.settings.tls_1_0 = true;
    talk.settings.major = 10;
    talk_opens();
    talk_asks(VERSION);
    assert_non_null(strstr(str_text(&talk.rows), "[10.0."));
}

static void a_password_of_all_characters_is_the_right_one(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk.settings.user = "odd";
    talk.settings.password = TALK_ODD;
    talk_opens();
}

/* A password is handed over, never written into what somebody reads: what would end a value there changes nothing. */
static void no_password_says_more_than_itself(void **state)
{
    static const char *const passwords[] = {
        "};UID=sa;PWD={x",
        "a}}b{c;d=e \"f\" 'g'",
        " leading and trailing ",
        "[section]\n#",
        "p\xC3\xA4\xC3\x9F\xE2\x82\xAC\xF0\x9F\x98\x80",
        "{",
        "}",
        "%s%n",
        "\\",
    };

    (void)state;
    for (size_t i = 0; i < sizeof passwords / sizeof passwords[0]; i++) {
        talk_with("MSSQLSERVER");
        talk.settings.password = passwords[i];
        talk_refused(ERR_DENIED, "'scan'. (18456)");
        assert_one_login("MSSQLSERVER");
    }
}

static void a_login_with_strange_characters_is_named_as_it_is(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk.settings.user = "sc}an;UID=sa [x] \xC3\xA4";
    talk_refused(ERR_DENIED, "'sc}an;UID=sa [x] \xC3\xA4'. (18456)");
    assert_one_login("MSSQLSERVER");
}

static void without_an_account_nobody_logs_in(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk.settings.user = talk.settings.password = NULL;
    talk_refused(ERR_CONFIG, "no account is given");
    assert_int_equal(talk_count("MSSQLSERVER", "connections"), 0);
}

/* It may be what a server calls its own, and would be settings of the driver. */
static void a_database_that_says_more_than_its_name_gets_no_login(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk.settings.database = "DPMDB_a\nEncryption = off\nPort = 1";
    talk_refused(ERR_CONFIG, "database:");
    assert_int_equal(talk_count("MSSQLSERVER", "connections"), 0);
}

static void a_driver_that_is_not_there_is_named(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk.settings.driver = "No such driver tds";
    talk_refused(ERR_CONFIG, "odbcinst -q -d");
    assert_non_null(strstr(talk.err.text, "ODBC driver No such driver tds: "));
    assert_no_login("MSSQLSERVER");
}

/* ----------------------------------------------------------------------------------------------------- whom to trust
 * ---- */

static void an_unknown_ca_is_not_trusted(void **state)
{
    (void)state;
    talk_with("STRANGE");
    talk_refused(ERR_PROTOCOL, "its certificate is refused");
    assert_no_login("STRANGE");
    talk_with("MSSQLSERVER");
    talk.settings.ca_file = NULL; /* the system's */
    talk_refused(ERR_PROTOCOL, "its certificate is refused");
    assert_no_login("MSSQLSERVER");
}

static void an_expired_certificate_is_not_trusted(void **state)
{
    (void)state;
    talk_with("EXPIRED");
    talk_refused(ERR_PROTOCOL, "expired");
    assert_no_login("EXPIRED");
}

static void another_name_is_not_trusted(void **state)
{
    (void)state;
    talk_with("MISNAMED");
    talk_refused(ERR_PROTOCOL, "");
    assert_non_null(strstr(talk.err.text, "mismatch"));
    assert_no_login("MISNAMED");
}

static const char *shown_by(const char *instance)
{
    static char fingerprint[128];
    const char *at;

    talk_with(instance);
    talk_refused(ERR_PROTOCOL, "SHA-256 ");
    at = strstr(talk.err.text, "SHA-256 ") + strlen("SHA-256 ");
    snprintf(fingerprint, sizeof fingerprint, "%.*s", 95, at);
    return fingerprint;
}

static void a_fingerprint_alone_decides(void **state)
{
    const char *const instances[] = { "STRANGE", "SELF", "MISNAMED" };

    (void)state;
    for (size_t i = 0; i < sizeof instances / sizeof instances[0]; i++) {
        const char *fingerprint = shown_by(instances[i]);

        talk_with(instances[i]);
        talk.settings.fingerprint = fingerprint;
        talk.settings.ca_file = NULL;
        talk_opens();
        assert_one_login(instances[i]);
        talk_with("MSSQLSERVER");
        talk.settings.fingerprint = fingerprint;
        talk_refused(ERR_PROTOCOL, "it is not the one of the option fingerprint");
        assert_no_login("MSSQLSERVER");
    }
}

/* The driver looks at the dates, whatever decides: no login, and words that tell why. */
static void an_expired_certificate_with_a_fingerprint_gets_no_login(void **state)
{
    const char *fingerprint = shown_by("EXPIRED");

    (void)state;
    talk_with("EXPIRED");
    talk.settings.fingerprint = fingerprint;
    talk_refused(ERR_PROTOCOL, "not in date");
    assert_no_login("EXPIRED");
}

static void change_certificate(void)
{
    talk_set("MSSQLSERVER", "certificate", "expired");
}

static void change_to_a_good_one(void)
{
    talk_set("SELF", "certificate", "good");
}

/* Between look and login: the second handshake brings another certificate, even one that the settings would trust. */
static void only_the_certificate_that_was_looked_at_gets_the_login(void **state)
{
    const char *fingerprint = shown_by("SELF");

    (void)state;
    talk_with("MSSQLSERVER");
    talk.looked = change_certificate;
    talk_refused(ERR_PROTOCOL, "not the certificate that was looked at");
    talk_set("MSSQLSERVER", "certificate", "-");
    assert_no_login("MSSQLSERVER");
    talk_with("SELF");
    talk.settings.fingerprint = fingerprint;
    talk.looked = change_to_a_good_one;
    talk_refused(ERR_PROTOCOL, "not the certificate that was looked at");
    talk_set("SELF", "certificate", "selfsigned");
    assert_no_login("SELF");
}

/* ------------------------------------------------------------------------------------------------ encryption ---- */

static void what_cannot_encrypt_gets_no_login(void **state)
{
    (void)state;
    talk_with("PLAIN");
    talk_refused(ERR_PROTOCOL, "encrypt");
    assert_no_login("PLAIN");
}

/* By a server, or by whoever stands between and changes what nothing proves: then all but the login's first packet
 * would be in the clear, and with it what NTLM proves itself by. */
static void what_encrypts_the_login_alone_gets_none(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk_trick("MSSQLSERVER", "changes-its-mind");
    talk_refused(ERR_PROTOCOL, "look who stands between");
    assert_no_login("MSSQLSERVER");
}

static void tls_1_0_is_taken_only_where_it_is_asked_for(void **state)
{
    (void)state;
    talk_with("OLD");
    talk_refused(ERR_PROTOCOL, "allow_tls_1_0");
    assert_no_login("OLD");
    talk_with("OLD");
    talk.settings.tls_1_0 = true;
    talk.settings.major = 10;
    talk_opens();
    assert_string_equal(mssql_tls(talk.mssql), "TLSv1");
    assert_int_equal(talk_count("OLD", "TLSv1"), 2);
}

/* FreeTDS 1.3 has no TDS 8.0, and does not fall back. */
static void what_wants_tds_8_gets_no_login_by_an_old_driver(void **state)
{
    (void)state;
    talk_with("STRICT");
    talk.settings.strict = true;
    talk_refused(ERR_UNSUPPORTED, "TDS 8.0");
    assert_no_login("STRICT");
}

/* ------------------------------------------------------------------------------------------------------ bad servers
 * ---- */

static void a_redirect_gives_the_password_to_nobody_else(void **state)
{
    char trick[64];

    (void)state;
    talk_with("MSSQLSERVER");
    talk.settings.login_ms = 2000;
    snprintf(trick, sizeof trick, "routes:127.0.0.1/%d", talk_port("STRANGE"));
    talk_trick("MSSQLSERVER", trick);
    assert_false(talk_tries());
    assert_no_login("STRANGE");
    assert_int_equal(talk_count("MSSQLSERVER", "logins"), 1);
}

static void nothing_is_waited_for_longer_than_it_may_be(void **state)
{
    static const char *const tricks[] = {
        "silent:connect", "silent:prelogin", "silent:tls",  "silent:login",
        "silent:batch",   "drips:login",     "drips:batch", "hangs",
    };

    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof tricks[0]; i++) {
        talk_with("MSSQLSERVER");
        talk.settings.login_ms = 300;
        talk_trick("MSSQLSERVER", tricks[i]);
        talk_refused(ERR_TIMEOUT, "ms");
        assert_true(talk_count("MSSQLSERVER", "logins") <= 1);
    }
}

static void a_login_has_no_more_time_than_the_run(void **state)
{
    (void)state;
    talk_with("MSSQLSERVER");
    talk_trick("MSSQLSERVER", "silent:login");
    talk.left_ms = 150;
    talk_refused(ERR_TIMEOUT, "ms");
    talk_with("MSSQLSERVER");
    talk.left_ms = 0;
    talk_refused(ERR_TIMEOUT, "");
    assert_no_login("MSSQLSERVER");
}

static void what_breaks_the_login_is_told(void **state)
{
    static const char *const tricks[] = {
        "garbage:login",     "http:login",         "length-most:login",   "routes",
        "closes:connect",    "closes:prelogin",    "closes:tls",          "closes:login",
        "closes:batch",      "resets:login",       "resets:batch",        "tls-alert",
        "tls-garbage",       "cut:login",          "cut:batch",           "truncated-head:login",
        "length-zero:login", "length-seven:login", "strange-token:batch", "strange-type:batch",
        "other-type:login",  "garbage:batch",
    };

    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof tricks[0]; i++) {
        talk_with("MSSQLSERVER");
        talk_trick("MSSQLSERVER", tricks[i]);
        talk.settings.login_ms = 1000;
        assert_false(talk_tries());
        assert_true(talk.err.class == ERR_UNREACHABLE || talk.err.class == ERR_PROTOCOL ||
                    talk.err.class == ERR_TIMEOUT);
        assert_true(talk_count("MSSQLSERVER", "logins") <= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_password_logs_in_once),
        cmocka_unit_test(the_wrong_password_is_tried_once),
        cmocka_unit_test(what_else_refuses_a_login_is_denied_too),
        cmocka_unit_test(two_sessions_one_after_the_other),
        cmocka_unit_test(a_login_has_the_database_that_it_asks_for),
        cmocka_unit_test(a_name_is_resolved_where_no_address_is_given),
        cmocka_unit_test(an_old_instance_is_asked_by_its_own_version_of_tds),
        cmocka_unit_test(a_password_of_all_characters_is_the_right_one),
        cmocka_unit_test(no_password_says_more_than_itself),
        cmocka_unit_test(a_login_with_strange_characters_is_named_as_it_is),
        cmocka_unit_test(without_an_account_nobody_logs_in),
        cmocka_unit_test(a_database_that_says_more_than_its_name_gets_no_login),
        cmocka_unit_test(a_driver_that_is_not_there_is_named),
        cmocka_unit_test(an_unknown_ca_is_not_trusted),
        cmocka_unit_test(an_expired_certificate_is_not_trusted),
        cmocka_unit_test(another_name_is_not_trusted),
        cmocka_unit_test(a_fingerprint_alone_decides),
        cmocka_unit_test(an_expired_certificate_with_a_fingerprint_gets_no_login),
        cmocka_unit_test(only_the_certificate_that_was_looked_at_gets_the_login),
        cmocka_unit_test(what_cannot_encrypt_gets_no_login),
        cmocka_unit_test(what_encrypts_the_login_alone_gets_none),
        cmocka_unit_test(tls_1_0_is_taken_only_where_it_is_asked_for),
        cmocka_unit_test(what_wants_tds_8_gets_no_login_by_an_old_driver),
        cmocka_unit_test(a_redirect_gives_the_password_to_nobody_else),
        cmocka_unit_test(nothing_is_waited_for_longer_than_it_may_be),
        cmocka_unit_test(a_login_has_no_more_time_than_the_run),
        cmocka_unit_test(what_breaks_the_login_is_told),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    return cmocka_run_group_tests(tests, setup, teardown);
}
