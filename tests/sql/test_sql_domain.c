/* Scans by an account of a domain: by NTLM, and by Kerberos from a KDC of the test's own. What is refused is refused
 * once, and what is seen from outside stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "realm.h"
#include "sql_site.h"
#include "sqlpeer.h"
#include "winpeer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOST "corp1.corp.example"
#define FIRST HOST "\\A"
#define SECOND HOST "\\B"

static const char fleet[] = "{\"hosts\": [{\"name\": \"corp1\", \"names\": [\"" HOST "\"], \"address\": \"@.21\","
                            " \"instances\": [{\"name\": \"A\", \"version\": \"2016\"},"
                            " {\"name\": \"B\", \"version\": \"2012 SP2\"}]}]}";

static char folder[] = "/tmp/muster-sql-XXXXXX", services[sizeof folder + 16];

/* The service that runs as the instance, and its key. */
static void add_service(const char *instance)
{
    char principal[128], command[256];

    snprintf(principal, sizeof principal, "MSSQLSvc/" HOST ":%d", sqlpeer_port(sql_site.peer, "corp1", instance));
    snprintf(command, sizeof command, "addprinc -randkey %s", principal);
    realm_admin(command);
    snprintf(command, sizeof command, "ktadd -k %s %s", services, principal);
    realm_admin(command);
}

/* The keys are made when the ports are known, and read at the first login. */
static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(services, sizeof services, "%s/services", folder);
    sql_site_part();
    realm_start();
    sql_site_begin_with(fleet, "--keytab", services);
    add_service("A");
    add_service("B");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sql_site_end();
    realm_stop();
    unlink(services);
    rmdir(folder);
    return 0;
}

static void aim(const char *auth, const char *username, const char *password, const char *keytab)
{
    peer_tell(sql_site.peer, "reset");
    sql_site_aim("corp1", "auth", auth, "username", username, "password", password, "keytab", keytab, NULL);
}

/* Both instances, each with its databases. */
static void assert_read(void)
{
    if (!mock_scan(sql_site.mock))
        fail_msg("%s", mock_failure(sql_site.mock)->text);
    assert_null(mock_refused(sql_site.mock));
    assert_int_equal(mock_completeness(sql_site.mock), COMPLETE);
    assert_int_equal(mock_item_count(sql_site.mock, "database"), 8);
    assert_string_equal(item_text(sql_site_item("sql_instance", FIRST), "sql.level"), "RTM");
    assert_string_equal(item_text(sql_site_item("sql_instance", SECOND), "sql.level"), "SP2");
    assert_int_equal(sql_site_count("corp1", "logins"), 2);
    assert_int_equal(sql_site_count("corp1", "refused"), 0);
}

/* Refused, with these words; both instances are there as PRELOGIN shows them, and one was not tried. */
static void assert_refused(const char *words)
{
    static const char *const keys[][2] = { { FIRST, "13.0.1601" }, { SECOND, "11.0.5058" } };
    int spared = 0;

    if (!mock_scan(sql_site.mock))
        fail_msg("%s", mock_failure(sql_site.mock)->text);
    sql_site_says(mock_refused(sql_site.mock), words);
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
    assert_int_equal(mock_item_count(sql_site.mock, NULL), 2);
    for (size_t i = 0; i < 2; i++) {
        const struct item *item = sql_site_item("sql_instance", keys[i][0]);

        assert_string_equal(item_text(item, "sql.build"), keys[i][1]);
        assert_string_equal(item_text(item, "sql.build_source"), "prelogin");
        assert_non_null(sql_site_unread(item, "sql.edition"));
        spared += strstr(sql_site_unread(item, "sql.edition"), "is not tried again") != NULL;
    }
    assert_int_equal(spared, 1);
}

/* ------------------------------------------------------------------------------------------------------- NTLM ---- */

static void ntlm_reads_all_instances(void **state)
{
    (void)state;
    aim("ntlm", "CORP\\scan", "right", "");
    assert_read();
}

static void ntlm_with_a_wrong_password_is_tried_once(void **state)
{
    (void)state;
    aim("ntlm", "CORP\\scan", "wrong", "");
    assert_refused("NTLM");
    assert_int_equal(sql_site_count("corp1", "logins"), 1);
    assert_int_equal(sql_site_count("corp1", "refused"), 1);
}

/* --------------------------------------------------------------------------------------------------- Kerberos ---- */

static void kerberos_reads_all_instances_by_password(void **state)
{
    (void)state;
    aim("kerberos", "scan@EXAMPLE.TEST", "right", "");
    assert_read();
}

static void kerberos_reads_all_instances_by_keytab(void **state)
{
    char keytab[256];

    (void)state;
    snprintf(keytab, sizeof keytab, "%s", realm_path("client.keytab"));
    aim("kerberos", "", "", keytab);
    assert_read();
}

/* The KDC says so: no instance hears of it. */
static void kerberos_with_a_wrong_password_is_tried_once(void **state)
{
    (void)state;
    realm_add("other", "right");
    aim("kerberos", "other@EXAMPLE.TEST", "wrong", "");
    assert_refused("Kerberos");
    assert_int_equal(realm_failures("other"), 1);
    assert_int_equal(sql_site_count("corp1", "logins"), 0);
}

/* Somebody changed the password since. */
static void kerberos_by_a_keytab_that_is_old_is_tried_once(void **state)
{
    char keytab[256];

    (void)state;
    realm_add("moved", "before");
    snprintf(keytab, sizeof keytab, "%s", realm_keytab_of("moved"));
    realm_admin("cpw -pw after moved");
    aim("kerberos", "moved@EXAMPLE.TEST", "", keytab);
    assert_refused("Kerberos");
    assert_int_equal(realm_failures("moved"), 1);
    assert_int_equal(sql_site_count("corp1", "logins"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ntlm_reads_all_instances),
        cmocka_unit_test(ntlm_with_a_wrong_password_is_tried_once),
        cmocka_unit_test(kerberos_reads_all_instances_by_password),
        cmocka_unit_test(kerberos_reads_all_instances_by_keytab),
        cmocka_unit_test(kerberos_with_a_wrong_password_is_tried_once),
        cmocka_unit_test(kerberos_by_a_keytab_that_is_old_is_tried_once),
    };

    if (sqlpeer_absent() != 0)
        return sqlpeer_absent();
    if (sqlpeer_domain_absent() != 0)
        return sqlpeer_domain_absent();
    if (kdc_absent() != 0)
        return kdc_absent();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
