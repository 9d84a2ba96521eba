/* What the driver is told, word for word, and which settings make no sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mssql_source.h"

#include <stdio.h>
#include <string.h>

#define FINGERPRINT "0000000000000000000000000000000000000000000000000000000000000000"

static struct mssql_settings settings;
static struct mssql_source source;

static int setup(void **state)
{
    (void)state;
    settings = (struct mssql_settings){
        .host = "sql1.corp.example", .port = 1433, .auth = MSSQL_SQL, .user = "scan", .password = "secret"
    };
    source = (struct mssql_source){
        .settings = &settings, .address = "192.0.2.7", .port = 50001, .certificate = "/proc/self/fd/9"
    };
    return 0;
}

static void assert_freetds(const char *version, const char *encryption, const char *tls)
{
    struct str out = STR_EMPTY;
    char expected[512];

    snprintf(expected, sizeof expected,
             "[muster]\nhost = 192.0.2.7\nport = 50001\ntds version = %s\nencryption = %s\nca file = /proc/self/fd/9\n"
             "check certificate hostname = no\nenable tls v1 = %s\nclient charset = UTF-8\ntext size = 262144\n"
             "read-only intent = yes\nuse ntlmv2 = yes\n",
             version, encryption, tls);
    mssql_source_freetds(&source, &out);
    assert_string_equal(str_text(&out), expected);
    str_finish(&out);
}

static void freetds_is_told_to_encrypt_and_to_verify(void **state)
{
    (void)state;
    assert_freetds("7.4", "require", "no");
    settings.major = 10;
    settings.tls_1_0 = true;
    assert_freetds("7.3", "require", "yes");
    settings.major = 16;
    settings.strict = true;
    settings.tls_1_0 = false;
    assert_freetds("7.4", "strict", "no");
}

static void assert_odbc(const char *entries)
{
    struct str out = STR_EMPTY;
    char name[MSSQL_SOURCE_NAME], expected[512];

    mssql_source_odbc(&source, &out, name);
    snprintf(expected, sizeof expected, "[%s]\n%s", name, entries);
    assert_string_equal(str_text(&out), expected);
    str_finish(&out);
}

static void a_source_names_driver_and_section(void **state)
{
    (void)state;
    assert_odbc("Driver = FreeTDS\nServername = muster\n");
    settings.driver = "tdsodbc of 1.5";
    settings.auth = MSSQL_KERBEROS;
    source.service = "MSSQLSvc/sql1.corp.example:50001@CORP.EXAMPLE";
    assert_odbc("Driver = tdsodbc of 1.5\nServername = muster\nTrusted_Connection = Yes\n"
                "ServerSPN = MSSQLSvc/sql1.corp.example:50001@CORP.EXAMPLE\n");
    settings.auth = MSSQL_SQL;
    source.service = NULL;
    settings.database = "DPMDB";
    assert_odbc("Driver = tdsodbc of 1.5\nServername = muster\nDatabase = DPMDB\n");
}

static void microsofts_driver_has_words_of_its_own(void **state)
{
    (void)state;
    settings.driver = "ODBC Driver 18 for SQL Server";
    assert_odbc("Driver = ODBC Driver 18 for SQL Server\nServer = tcp:192.0.2.7,50001\nEncrypt = yes\n"
                "TrustServerCertificate = no\nHostnameInCertificate = sql1.corp.example\nApplicationIntent = ReadOnly\n"
                "ConnectRetryCount = 0\n");
    settings.strict = true;
    settings.fingerprint = FINGERPRINT;
    assert_odbc("Driver = ODBC Driver 18 for SQL Server\nServer = tcp:192.0.2.7,50001\nEncrypt = strict\n"
                "TrustServerCertificate = no\nHostnameInCertificate = sql1.corp.example\n"
                "ServerCertificate = /proc/self/fd/9\nApplicationIntent = ReadOnly\nConnectRetryCount = 0\n");
}

/* The driver manager remembers what it has read of a name. */
static void another_content_has_another_name(void **state)
{
    char one[MSSQL_SOURCE_NAME], again[MSSQL_SOURCE_NAME], other[MSSQL_SOURCE_NAME];
    struct str out = STR_EMPTY;

    (void)state;
    mssql_source_odbc(&source, &out, one);
    mssql_source_odbc(&source, &out, again);
    source.service = "MSSQLSvc/other";
    mssql_source_odbc(&source, &out, other);
    assert_string_equal(one, again);
    assert_string_not_equal(one, other);
    str_finish(&out);
}

/* ----------------------------------------------------------------------------------------------------- settings ----
 */

static void assert_wrong(const char *words)
{
    struct err err = ERR_EMPTY;

    assert_false(mssql_check(&settings, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    if (strstr(err.text, words) != err.text)
        fail_msg("%s", err.text);
    setup(NULL);
}

static void sensible_settings_are_right(void **state)
{
    struct err err;

    (void)state;
    assert_true(mssql_check(&settings, &err));
    settings.user = settings.password = NULL;
    assert_true(mssql_check(&settings, &err));
    settings.fingerprint = FINGERPRINT;
    settings.keytab = "/k";
    settings.auth = MSSQL_KERBEROS;
    assert_true(mssql_check(&settings, &err));
    settings.auth = MSSQL_NTLM;
    settings.keytab = NULL;
    settings.user = "CORP\\scan";
    settings.password = "x;}{";
    settings.driver = "tdsodbc of 1.5";
    assert_true(mssql_check(&settings, &err));
}

static void what_makes_no_sense_is_named(void **state)
{
    char long_text[600];

    (void)state;
    memset(long_text, 'x', sizeof long_text);
    long_text[sizeof long_text - 1] = '\0';
    settings.host = "";
    assert_wrong("host: it is needed");
    settings.host = "sql1\nServer=evil";
    assert_wrong("host:");
    settings.host = "sql1;x";
    assert_wrong("host:");
    settings.driver = "/tmp/libtdsodbc.so";
    assert_wrong("driver: /tmp/libtdsodbc.so is a path");
    settings.driver = "FreeTDS]\n[x";
    assert_wrong("driver:");
    settings.driver = long_text;
    assert_wrong("driver:");
    settings.database = "a]\n";
    assert_wrong("database:");
    settings.database = "a;b";
    assert_wrong("database:");
    settings.user = long_text;
    assert_wrong("username:");
    settings.password = long_text;
    assert_wrong("password: it is longer");
    settings.password = NULL;
    assert_wrong("password:");
    settings.user = NULL;
    assert_wrong("username:");
    settings.user = "CORP\\scan";
    assert_wrong("username: CORP\\scan is an account of a domain");
    settings.auth = MSSQL_NTLM;
    assert_wrong("username: scan is not DOMAIN\\user");
    settings.keytab = "/k";
    assert_wrong("keytab:");
    settings.auth = MSSQL_KERBEROS;
    settings.password = NULL;
    assert_wrong("auth = \"kerberos\" needs");
    settings.fingerprint = "12";
    assert_wrong("fingerprint:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(freetds_is_told_to_encrypt_and_to_verify, setup),
        cmocka_unit_test_setup(a_source_names_driver_and_section, setup),
        cmocka_unit_test_setup(microsofts_driver_has_words_of_its_own, setup),
        cmocka_unit_test_setup(another_content_has_another_name, setup),
        cmocka_unit_test_setup(sensible_settings_are_right, setup),
        cmocka_unit_test_setup(what_makes_no_sense_is_named, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
