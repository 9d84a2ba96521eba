/* SQL Servers (tests/peers/sqlpeer), and all of muster around the plugin: scanned by the confined host, tied to
 * machines that another source tells of, judged; and what is refused or may not be seen later takes nothing away. */
#include "rig.h"
#include "sqlpeer.h"

#include "str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const hosts[] = { "s1", "s2", NULL };

static const char fleet[] = "{\"hosts\": ["
                            "{\"name\": \"s1\", \"names\": [\"s1.corp.example\"], \"address\": \"127.0.0.1\", "
                            "\"browser\": false, \"instances\":"
                            " [{\"version\": \"2016 SP1\", \"databases\": [\"Sales\","
                            "  {\"name\": \"Shared\", \"folder\": \"C:\\\\ClusterStorage\\\\Volume1\"}]}]},"
                            "{\"name\": \"s2\", \"names\": [\"s2.corp.example\"], \"address\": \"127.0.0.1\", "
                            "\"browser\": false, \"instances\":"
                            " [{\"version\": \"2012 SP2\", \"databases\": [\"Payroll\"]}]}]}";

static const char machines[] =
    "{\"kind\": \"machine\", \"key\": \"m1\", \"attributes\": {\"id.name\": \"s1\", \"id.fqdn\": \"s1.corp.example\","
    " \"hardware.manufacturer\": \"Dell Inc.\", \"hardware.model\": \"PowerEdge R640\"}}\n"
    "{\"kind\": \"vm\", \"key\": \"vm-2\", \"attributes\": {\"id.name\": \"s2\", \"guest.fqdn\": \"s2.corp.example\","
    " \"id.instance_uuid\": \"50123456-7890-abcd-ef01-234567890abc\"}}\n"
    "{\"end\": {\"completeness\": \"complete\", \"items\": 2}}\n";

struct site {
    struct rig rig;
    struct peer *peer;
};

static void add_target(struct str *targets, struct peer *peer, const char *host)
{
    str_format(
        targets,
        "{ name = \"%s\"; plugin = \"sql\"; credential = \"sql\"; every = \"1h\";\n"
        "  options = { host = \"%s.corp.example\"; address = \"127.0.0.1\"; port = %d; instance = \"MSSQLSERVER\";"
        " ca_file = \"%s\"; }; },\n",
        host, host, sqlpeer_port(peer, host, "MSSQLSERVER"), peer_fact(peer, "ca_file"));
}

static void begin(struct site *site, const char *password)
{
    struct str targets = STR_EMPTY;

    site->peer = sqlpeer_begin("--fleet", fleet, NULL);
    rig_set_neighbour(peer_pid(site->peer));
    rig_begin(&site->rig);
    rig_set_password(&site->rig, password);
    rig_write(&site->rig, "machines.jsonl", "%s", machines);
    for (size_t i = 0; hosts[i] != NULL; i++)
        add_target(&targets, site->peer, hosts[i]);
    rig_configure(&site->rig,
                  "credentials = ( { name = \"sql\"; username = \"scan\"; password_file = \"word\"; } );\n"
                  "backup_servers = ( { name = \"mabs1\"; product = \"mabs-v2\"; installation = \"physical\";\n"
                  "  os = \"Windows Server 2016\"; domain = \"corp.example\"; } );\n"
                  "matrix = \"%s/matrix\"; products = \"%s/products.conf\";\n"
                  "targets = ( %s { name = \"machines\"; plugin = \"file\"; every = \"1h\";\n"
                  "  options = { path = \"%s/machines.jsonl\"; }; } );\n",
                  CONF, CONF, str_text(&targets), site->rig.folder);
    str_finish(&targets);
    rig_start(&site->rig);
}

static void end(struct site *site)
{
    rig_assert_whole(&site->rig);
    rig_stop(&site->rig);
    rig_end(&site->rig);
    rig_set_neighbour(0);
    peer_stop(site->peer);
}

static void scan(struct site *site, const char *target, const char *result)
{
    rig_muster(&site->rig, "scan", target, NULL);
    if (rig_number(&site->rig, "SELECT count(*) FROM target WHERE name = '%s' AND result = '%s'", target, result) != 1)
        fail_msg("%s: not %s: %s%s", target, result, site->rig.out, site->rig.err);
}

/* The database of that name: the verdict, and a word of why. */
static void assert_judged(struct site *site, const char *name, const char *verdict, const char *why)
{
    long long id = rig_number(&site->rig, "SELECT id FROM asset WHERE kind = 'database' AND name = '%s'", name);
    char text[24];

    snprintf(text, sizeof text, "%lld", id);
    rig_muster(&site->rig, "explain", text, "--format", "json", NULL);
    if (strstr(site->rig.out, why) == NULL)
        fail_msg("%s: nothing of %s in: %s%s", name, why, site->rig.out, site->rig.err);
    if (rig_number(&site->rig,
                   "SELECT count(*) FROM protection WHERE asset = %lld AND method = 'application' AND verdict = '%s'",
                   id, verdict) != 1)
        fail_msg("%s is not %s: %s", name, verdict, site->rig.out);
}

static void databases_are_judged_where_another_source_says_they_are(void **state)
{
    struct site site;

    (void)state;
    begin(&site, "right");
    scan(&site, "s1", "complete");
    scan(&site, "s2", "complete");
    scan(&site, "machines", "complete");
    assert_judged(&site, "Sales", "supported", "row 23");
    assert_judged(&site, "Shared", "unsupported", "R20");
    assert_judged(&site, "Payroll", "supported", "row 29");
    end(&site);
}

static void a_right_that_is_taken_away_takes_nothing_else_away(void **state)
{
    static const char there[] = "SELECT count(*) FROM item WHERE kind = 'database' AND gone_at IS NULL";
    static const char files[] = "SELECT count(*) FROM item WHERE kind = 'database' AND facts LIKE '%%ClusterStorage%%'";
    struct site site;

    (void)state;
    begin(&site, "right");
    scan(&site, "s1", "complete");
    assert_int_equal(rig_number(&site.rig, there), 6);
    peer_tell(site.peer, "revoke\ts1\tscan\tVIEW ANY DEFINITION");
    scan(&site, "s1", "partial");
    assert_int_equal(rig_number(&site.rig, files), 1);
    peer_tell(site.peer, "trick\ts1\tcut@4");
    rig_muster(&site.rig, "scan", "s1", NULL);
    assert_int_equal(rig_number(&site.rig, there), 6);
    end(&site);
}

/* Two instances, one credential: what one refuses is not tried at the other, and both are there with their builds. */
static void a_refused_credential_is_tried_once_and_the_record_stands(void **state)
{
    struct site site;

    (void)state;
    begin(&site, "wrong");
    rig_muster(&site.rig, "scan", NULL);
    assert_int_equal(sqlpeer_count(site.peer, "refused"), 1);
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM item WHERE kind = 'sql_instance'"
                                           " AND facts LIKE '%%prelogin%%'"),
                     1);
    rig_muster(&site.rig, "scan", NULL);
    assert_int_equal(sqlpeer_count(site.peer, "refused"), 1);
    end(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(databases_are_judged_where_another_source_says_they_are),
        cmocka_unit_test(a_right_that_is_taken_away_takes_nothing_else_away),
        cmocka_unit_test(a_refused_credential_is_tried_once_and_the_record_stands),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
