/* What ./run demo promises of SQL Server: its own files, with which it adds computers, and the database of a backup
 * server, to the fleet; what is said of their databases, and which of them are protected. */
#include "demo_site.h"
#include "sqlpeer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void fill(struct demo_site *site)
{
    demo_site_shell(site, "sed 's|@CA_FILE@|%s|' " DEMO "/sql.conf >targets", peer_fact(site->peer, "ca_file"));
    demo_site_shell(site, "sed -e '/^# .*(sql.conf)/r targets' " DEMO "/musterd.conf >configured");
    demo_site_shell(site, "{ echo 'credentials = ('; cat " DEMO "/sql-credential.conf; echo ');'; } >>configured");
    demo_site_shell(site, "(umask 077 && printf %%s '%s' >sql.pw)", peer_fact(site->peer, "password"));
}

/* Of what, by which server, and what of the reason. */
static const struct {
    const char *name, *server, *verdict, *reason, *coverage;
} promised[] = {
    { "Manifests", "ham-mabs01.corp.brackwater.example", "supported", "row 23 ", "protected-supported" },
    { "Berths", "rtm-mabs01.corp.brackwater.example", "supported", "row 23 ", "unprotected-supported" },
    { "Ledger", "ham-mabs01.corp.brackwater.example", "supported", "rows 27, 28 and 29 ", "protected-supported" },
    { "Wages", "rtm-mabs01.corp.brackwater.example", "supported", "rows 27, 28 and 29 ", "unprotected-supported" },
    { "Stacking", "ham-mabs01.corp.brackwater.example", "unlisted", "newer than all", "protected-unsupported" },
    { "Declarations", "ham-mabs01.corp.brackwater.example", "unsupported", "R20 is not met", "protected-unsupported" },
    { "Duties", "rtm-mabs01.corp.brackwater.example", "supported", "row 23 ", "unprotected-supported" },
};

static void assert_promised(struct demo_site *site, size_t i)
{
    char line[256];

    if (rig_number(&site->rig,
                   "SELECT count(*) FROM protection p JOIN item i ON i.asset = p.asset WHERE i.kind = 'database' AND "
                   "i.name = '%s' AND p.method = 'application' AND p.server = '%s' AND p.verdict = '%s' AND "
                   "p.reason LIKE '%%%s%%'",
                   promised[i].name, promised[i].server, promised[i].verdict, promised[i].reason) != 1) {
        rig_muster(&site->rig, "explain", promised[i].name, NULL);
        fail_msg("%s is not %s: %s%s", promised[i].name, promised[i].verdict, site->rig.out, site->rig.err);
    }
    assert_int_equal(rig_muster(&site->rig, "list", "--coverage", "--format", "csv", "--name", promised[i].name, NULL),
                     0);
    snprintf(line, sizeof line, ",%s,database,%s,", promised[i].name, promised[i].coverage);
    if (strstr(site->rig.out, line) == NULL)
        fail_msg("no %s in: %s", line, site->rig.out);
}

static void instances_are_found_judged_and_held_against_what_is_protected(void **state)
{
    struct demo_site site;

    (void)state;
    demo_site_begin(&site, sqlpeer_begin("--fleet", DEMO "/sql-fleet.json", NULL), fill);
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM target WHERE result = 'complete'"), 5);
    assert_int_equal(
        rig_number(&site.rig, "SELECT count(*) FROM item WHERE kind = 'sql_instance' AND key LIKE 'ham-sql01.%%'"), 3);
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++)
        assert_promised(&site, i);
    /* Their databases speak for them. */
    assert_int_equal(rig_muster(&site.rig, "list", "--coverage", "--format", "csv", NULL), 0);
    assert_null(strstr(site.rig.out, ",sql_instance,"));
    assert_null(strstr(site.rig.out, ",exchange_server,"));
    demo_site_end(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_are_found_judged_and_held_against_what_is_protected),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
