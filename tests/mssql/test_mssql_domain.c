/* Logins of accounts of a domain: by NTLM, and by Kerberos from a KDC of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "realm.h"
#include "session.h"
#include "winpeer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INSTANCE "MSSQLSERVER"

static char keytab[128], cache[512];

/* The service's key is made when the port is known, and read at the first login. */
static int setup(void **state)
{
    char command[256];
    int file;

    (void)state;
    realm_start();
    snprintf(keytab, sizeof keytab, "/tmp/muster-mssql-XXXXXX");
    file = mkstemp(keytab);
    assert_true(file >= 0);
    close(file);
    unlink(keytab);
    sessions_begin("--keytab", keytab);
    snprintf(command, sizeof command, "addprinc -randkey MSSQLSvc/localhost:%d", session_port(INSTANCE));
    realm_admin(command);
    snprintf(command, sizeof command, "ktadd -k %s MSSQLSvc/localhost:%d", keytab, session_port(INSTANCE));
    realm_admin(command);
    snprintf(cache, sizeof cache, "%s", realm_cache_of("scan", "right"));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sessions_end();
    realm_stop();
    unlink(keytab);
    return 0;
}

static void session_by(enum mssql_auth auth, const char *user, const char *password)
{
    session_with(INSTANCE);
    session.settings.auth = auth;
    session.settings.user = user;
    session.settings.password = password;
}

static void assert_works(const char *word)
{
    assert_string_equal(mssql_login_word(session.mssql), word);
    session_brings("SELECT 1 AS one", "[1]\n");
    assert_int_equal(session_count(INSTANCE, "logins"), 1);
}

/* ------------------------------------------------------------------------------------------------------- NTLM ---- */

static void ntlm_logs_in_by_domain_and_user(void **state)
{
    (void)state;
    session_by(MSSQL_NTLM, "CORP\\scan", "right");
    session_opens();
    assert_works("NTLM");
}

static void ntlm_with_a_wrong_password_is_denied_once(void **state)
{
    (void)state;
    session_by(MSSQL_NTLM, "CORP\\scan", "wrong");
    session_refused(ERR_DENIED, "by NTLM: Login failed");
    assert_int_equal(session_count(INSTANCE, "logins"), 1);
}

/* --------------------------------------------------------------------------------------------------- Kerberos ---- */

static void kerberos_logs_in_by_password(void **state)
{
    (void)state;
    session_by(MSSQL_KERBEROS, "scan@example.test", "right");
    session_opens();
    assert_works("Kerberos");
    assert_null(getenv("KRB5CCNAME"));
}

static void kerberos_logs_in_by_keytab_and_by_cache(void **state)
{
    (void)state;
    session_by(MSSQL_KERBEROS, NULL, NULL);
    session.settings.keytab = realm_path("client.keytab");
    session_opens();
    assert_works("Kerberos");
    session_by(MSSQL_KERBEROS, NULL, NULL);
    session.settings.cache = cache;
    session_opens();
    assert_works("Kerberos");
}

static void the_kdc_refuses_a_wrong_password(void **state)
{
    (void)state;
    realm_add("other", "right");
    session_by(MSSQL_KERBEROS, "other@EXAMPLE.TEST", "wrong");
    session_refused(ERR_DENIED, "Kerberos");
    assert_int_equal(realm_failures("other"), 1);
    assert_int_equal(session_count(INSTANCE, "logins"), 0);
}

static void a_kdc_that_is_silent_is_unreachable(void **state)
{
    (void)state;
    session_by(MSSQL_KERBEROS, "scan@SILENT.TEST", "right");
    session_refused(ERR_UNREACHABLE, "Kerberos");
    assert_int_equal(session_count(INSTANCE, "logins"), 0);
}

static void an_instance_that_the_kdc_does_not_know_is_told_with_its_remedy(void **state)
{
    char words[64];

    (void)state;
    session_by(MSSQL_KERBEROS, "scan@EXAMPLE.TEST", "right");
    session.settings.host = "127.0.0.1";
    snprintf(words, sizeof words, "setspn -S MSSQLSvc/127.0.0.1:%d ACCOUNT", session_port(INSTANCE));
    session_refused(ERR_UNSUPPORTED, words);
    assert_int_equal(session_count(INSTANCE, "logins"), 0);
}

/* As a default instance has it that somebody registered by hand. */
static void a_principal_without_a_port_will_do(void **state)
{
    char command[256];

    (void)state;
    realm_admin("addprinc -randkey MSSQLSvc/127.0.0.1");
    snprintf(command, sizeof command, "ktadd -k %s MSSQLSvc/127.0.0.1", keytab);
    realm_admin(command);
    session_by(MSSQL_KERBEROS, "scan@EXAMPLE.TEST", "right");
    session.settings.host = "127.0.0.1";
    session_opens();
    assert_works("Kerberos");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ntlm_logs_in_by_domain_and_user),
        cmocka_unit_test(ntlm_with_a_wrong_password_is_denied_once),
        cmocka_unit_test(kerberos_logs_in_by_password),
        cmocka_unit_test(kerberos_logs_in_by_keytab_and_by_cache),
        cmocka_unit_test(the_kdc_refuses_a_wrong_password),
        cmocka_unit_test(a_kdc_that_is_silent_is_unreachable),
        cmocka_unit_test(an_instance_that_the_kdc_does_not_know_is_told_with_its_remedy),
        cmocka_unit_test(a_principal_without_a_port_will_do),
    };

    if (sessions_absent() != 0)
        return sessions_absent();
    if (kdc_absent() != 0)
        return kdc_absent();
    return cmocka_run_group_tests(tests, setup, teardown);
}
