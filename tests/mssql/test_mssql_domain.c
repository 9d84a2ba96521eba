/* Logins of accounts of a domain: by NTLM, and by Kerberos from a KDC of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "realm.h"
#include "sqlpeer.h"
#include "talk.h"
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
    talks_begin("--keytab", keytab);
    snprintf(command, sizeof command, "addprinc -randkey MSSQLSvc/localhost:%d", talk_port(INSTANCE));
    realm_admin(command);
    snprintf(command, sizeof command, "ktadd -k %s MSSQLSvc/localhost:%d", keytab, talk_port(INSTANCE));
    realm_admin(command);
    snprintf(cache, sizeof cache, "%s", realm_cache_of("scan", "right"));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    talks_end();
    realm_stop();
    unlink(keytab);
    return 0;
}

static void talk_by(enum mssql_auth auth, const char *user, const char *password)
{
    talk_with(INSTANCE);
    talk.settings.auth = auth;
    talk.settings.user = user;
    talk.settings.password = password;
}

static void assert_works(const char *word)
{
    assert_string_equal(mssql_login_word(talk.mssql), word);
    talk_brings("SELECT 1 AS one", "[1]\n");
    assert_int_equal(talk_count(INSTANCE, "logins"), 1);
}

/* ------------------------------------------------------------------------------------------------------- NTLM ---- */

static void ntlm_logs_in_by_domain_and_user(void **state)
{
    (void)state;
    talk_by(MSSQL_NTLM, "CORP\\scan", "right");
    talk_opens();
    assert_works("NTLM");
}

static void ntlm_with_a_wrong_password_is_denied_once(void **state)
{
    (void)state;
    talk_by(MSSQL_NTLM, "CORP\\scan", "wrong");
    talk_refused(ERR_DENIED, "by NTLM: Login failed");
    assert_int_equal(talk_count(INSTANCE, "logins"), 1);
}

/* --------------------------------------------------------------------------------------------------- Kerberos ---- */

static void kerberos_logs_in_by_password(void **state)
{
    (void)state;
    talk_by(MSSQL_KERBEROS, "scan@example.test", "right");
    talk_opens();
    assert_works("Kerberos");
    assert_null(getenv("KRB5CCNAME"));
}

static void kerberos_logs_in_by_keytab_and_by_cache(void **state)
{
    (void)state;
    talk_by(MSSQL_KERBEROS, NULL, NULL);
    talk.settings.keytab = realm_path("client.keytab");
    talk_opens();
    assert_works("Kerberos");
    talk_by(MSSQL_KERBEROS, NULL, NULL);
    talk.settings.cache = cache;
    talk_opens();
    assert_works("Kerberos");
}

static void the_kdc_refuses_a_wrong_password(void **state)
{
    (void)state;
    realm_add("other", "right");
    talk_by(MSSQL_KERBEROS, "other@EXAMPLE.TEST", "wrong");
    talk_refused(ERR_DENIED, "Kerberos");
    assert_int_equal(realm_failures("other"), 1);
    assert_int_equal(talk_count(INSTANCE, "logins"), 0);
}

static void a_kdc_that_is_silent_is_unreachable(void **state)
{
    (void)state;
    talk_by(MSSQL_KERBEROS, "scan@SILENT.TEST", "right");
    talk_refused(ERR_UNREACHABLE, "Kerberos");
    assert_int_equal(talk_count(INSTANCE, "logins"), 0);
}

static void an_instance_that_the_kdc_does_not_know_is_told_with_its_remedy(void **state)
{
    char words[64];

    (void)state;
    talk_by(MSSQL_KERBEROS, "scan@EXAMPLE.TEST", "right");
    talk.settings.host = "127.0.0.1";
    snprintf(words, sizeof words, "setspn -S MSSQLSvc/127.0.0.1:%d ACCOUNT", talk_port(INSTANCE));
    talk_refused(ERR_UNSUPPORTED, words);
    assert_int_equal(talk_count(INSTANCE, "logins"), 0);
}

/* As a default instance has it that somebody registered by hand. */
static void a_principal_without_a_port_will_do(void **state)
{
    char command[256];

    (void)state;
    realm_admin("addprinc -randkey MSSQLSvc/127.0.0.1");
    snprintf(command, sizeof command, "ktadd -k %s MSSQLSvc/127.0.0.1", keytab);
    realm_admin(command);
    talk_by(MSSQL_KERBEROS, "scan@EXAMPLE.TEST", "right");
    talk.settings.host = "127.0.0.1";
    talk_opens();
    assert_works("Kerberos");
}

/* krb5.conf and the account's files were read before, or are in the run's own paths. */
static void a_confined_run_logs_in_by_kerberos_and_by_ntlm(void **state)
{
    static char fingerprint[128];

    (void)state;
    talk_by(MSSQL_KERBEROS, "scan@EXAMPLE.TEST", "right");
    snprintf(fingerprint, sizeof fingerprint, "%s", peer_fact(talks_peer(), "fingerprint"));
    talk.settings.ca_file = NULL;
    talk.settings.fingerprint = fingerprint;
    assert_int_equal(talk_confined(false), 0);
    talk.settings.auth = MSSQL_NTLM;
    talk.settings.user = "CORP\\scan";
    assert_int_equal(talk_confined(false), 0);
    assert_int_equal(talk_count(INSTANCE, "logins"), 2);
    assert_int_equal(talk_count(INSTANCE, "refused"), 0);
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
        cmocka_unit_test(a_confined_run_logs_in_by_kerberos_and_by_ntlm),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    if (sqlpeer_domain_absent() != 0)
        return sqlpeer_domain_absent();
    if (kdc_absent() != 0)
        return kdc_absent();
    return cmocka_run_group_tests(tests, setup, teardown);
}
