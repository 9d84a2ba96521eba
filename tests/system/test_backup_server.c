/* A fleet that one source shows, and what a backup server's database says of it (tests/peers/sqlpeer), joined by what
 * things are called: judged by the method that it shows, told who is not protected, and that the server is not what the
 * configuration says. */
#include "rig.h"
#include "sqlpeer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
#define ITEM(kind, key, attributes, links) \
    "{\"kind\":\"" kind "\",\"key\":\"" key "\",\"attributes\":{" attributes "}" links "}\n"
#define LINKED(relation, kind, key) \
    ",\"links\":[{\"relation\":\"" relation "\",\"kind\":\"" kind "\",\"key\":\"" key "\"}]"
#define NAMED(name, fqdn) "\"id.name\":\"" name "\",\"id.fqdn\":\"" fqdn "\""
#define PLACED(name, path) "\"id.name\":\"" name "\",\"id.path\":\"" path "\""
#define PHYSICAL ",\"hardware.manufacturer\":\"Dell Inc.\",\"hardware.model\":\"PowerEdge R640\""
#define WINDOWS(build) ",\"os.family\":\"windows\",\"os.build\":\"" build "\",\"os.product_type\":3,\"os.sku\":7,\"os.arch\":\"x64\""
#define GUEST(guid) ",\"id.hyperv_guid\":\"" guid "\",\"guest.build\":\"10.0.14393\",\"guest.family\":\"windows\""
#define WEB "6d1f6f0e-5a53-4f0c-9c7e-2f8a31b7c001"
#define LONELY "6d1f6f0e-5a53-4f0c-9c7e-2f8a31b7c002"
#define TWIN(number) "502e71fa-0000-0000-0000-00000000000" number
#define ERP "sql1.corp.example\\\\ERP"

/* As plugins for Windows, Hyper-V, VMware and SQL Server tell it. */
static const char inventory[] =
    ITEM("machine", "m1", NAMED("FS1", "fs1.corp.example") WINDOWS("10.0.14393") PHYSICAL, "")
    ITEM("machine", "m2", NAMED("OLD", "old.corp.example") WINDOWS("6.0.6002") PHYSICAL ",\"os.service_pack\":2", "")
    ITEM("machine", "m3", NAMED("SQL1", "sql1.corp.example") WINDOWS("10.0.14393") PHYSICAL, "")
    ITEM("machine", "m4", NAMED("MABS1", "mabs1.corp.example") WINDOWS("10.0.14393") PHYSICAL, "")
    ITEM("backup_server", "mabs1.corp.example", NAMED("MABS1", "mabs1.corp.example") ",\"backup.version\":\"12.0.340.0\"",
         LINKED("hosted_on", "machine", "m4"))
    ITEM("hyperv_host", "h1", NAMED("HV1", "hv1.corp.example") ",\"hyperv.role\":true" WINDOWS("10.0.14393") PHYSICAL, "")
    ITEM("vm", WEB, PLACED("web", "hv1.corp.example/web") GUEST(WEB), LINKED("runs_on", "hyperv_host", "h1"))
    ITEM("vm", LONELY, PLACED("lonely", "hv1.corp.example/lonely") GUEST(LONELY), LINKED("runs_on", "hyperv_host", "h1"))
    ITEM("vm", TWIN("1"), PLACED("twin1", "vc1.corp.example/twin") ",\"id.instance_uuid\":\"" TWIN("1") "\"", "")
    ITEM("vm", TWIN("2"), PLACED("twin2", "vc1.corp.example/twin") ",\"id.instance_uuid\":\"" TWIN("2") "\"", "")
    ITEM("sql_instance", ERP, "\"id.name\":\"ERP\",\"sql.build\":\"13.0.1601\"", LINKED("hosted_on", "machine", "m3"))
    ITEM("database", ERP "/Sales", "\"id.name\":\"Sales\"", LINKED("part_of", "sql_instance", ERP))
    ITEM("database", ERP "/Stock", "\"id.name\":\"Stock\"", LINKED("part_of", "sql_instance", ERP))
    "{\"end\":{\"completeness\":\"complete\"}}\n";
/* clang-format on */

static const char fleet[] =
    "{\"hosts\": [{\"name\": \"mabs1\", \"address\": \"127.0.0.1\", \"instances\": [{\"name\": \"MSDPMINSTANCE\", "
    "\"version\": \"2016\", \"databases\": [{\"name\": \"DPMDB\", \"dpm\": {\"server\": \"mabs1.corp.example\", "
    "\"version\": \"12.0.332.0\", \"sources\": ["
    "{\"type\": \"volume\", \"computer\": \"fs1.corp.example\", \"name\": \"D:\\\\\", \"group\": \"Files\"},"
    "{\"type\": \"volume\", \"computer\": \"old.corp.example\", \"name\": \"C:\\\\\", \"group\": \"Files\"},"
    "{\"type\": \"hyperv\", \"computer\": \"hv1.corp.example\", \"name\": \"\\\\Online\\\\web\", \"group\": \"VMs\"},"
    "{\"type\": \"vmware\", \"computer\": \"vc1.corp.example\", \"name\": \"twin\", \"group\": \"VMs\"},"
    "{\"type\": \"sql\", \"computer\": \"sql1.corp.example\", \"name\": \"SQL1\\\\ERP\\\\Sales\", \"group\": \"SQL\"}"
    "]}}]}]}]}";

struct site {
    struct rig rig;
    struct peer *peer;
};

static void begin(struct site *site)
{
    site->peer = sqlpeer_begin("--fleet", fleet, "--browser-port", "0", NULL);
    rig_set_neighbour(peer_pid(site->peer));
    rig_begin(&site->rig);
    rig_set_password(&site->rig, peer_fact(site->peer, "password"));
    rig_write(&site->rig, "fleet.jsonl", "%s", inventory);
    rig_configure(&site->rig,
                  "credentials = ( { name = \"sql\"; username = \"scan\"; password_file = \"word\"; } );\n"
                  "backup_servers = ( { name = \"mabs1.corp.example\"; product = \"mabs-v1\"; installation = "
                  "\"hyperv-vm\"; os = \"Windows Server 2012 R2\"; } );\n"
                  "matrix = \"%s/matrix\"; products = \"%s/products.conf\";\n"
                  "targets = ( { name = \"fleet\"; plugin = \"file\"; every = \"1h\"; options = { path = "
                  "\"fleet.jsonl\"; }; },\n"
                  "{ name = \"dpm\"; plugin = \"dpm\"; credential = \"sql\"; every = \"6h\"; options = { host = "
                  "\"127.0.0.1\"; port = %d; fingerprint = \"%s\"; }; } );\n",
                  CONF, CONF, sqlpeer_port(site->peer, "mabs1", "MSDPMINSTANCE"), peer_fact(site->peer, "fingerprint"));
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

/* The protections of that asset, by what they count and which do. */
static void assert_counts(struct site *site, const char *name, const char *method, const char *by, const char *verdict)
{
    if (rig_number(&site->rig,
                   "SELECT count(*) FROM protection p JOIN asset a ON a.id = p.asset WHERE a.name = '%s' AND p.method "
                   "= '%s' AND p.by_what = '%s' AND p.verdict = '%s' AND p.counts",
                   name, method, by, verdict) == 1)
        return;
    rig_muster(&site->rig, "list", "--all", "--name", name, NULL);
    fail_msg("%s is not %s by %s, because of %s: %s", name, verdict, method, by, site->rig.out);
}

static void assert_dpmdb_shows(struct site *site, long long count)
{
    assert_int_equal(rig_number(&site->rig, "SELECT count(DISTINCT asset) FROM protection WHERE by_what = 'dpmdb'"),
                     count);
}

static void assert_covered(struct site *site, const char *name, const char *coverage)
{
    assert_int_equal(rig_muster(&site->rig, "list", "--coverage", "--name", name, "--format", "csv", NULL), 0);
    if (strstr(site->rig.out, coverage) == NULL)
        fail_msg("%s is not %s: %s", name, coverage, site->rig.out);
}

static void what_a_backup_server_protects_is_judged_by_how_it_does(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    scan(&site, "fleet", "complete");
    assert_dpmdb_shows(&site, 0);
    scan(&site, "dpm", "complete");
    assert_counts(&site, "FS1", "agent", "dpmdb", "unsupported"); /* 2016 by v1 of the server: row 8 */
    assert_counts(&site, "OLD", "agent", "dpmdb", "supported");   /* row 20 */
    assert_counts(&site, "web", "image", "dpmdb", "unsupported"); /* on a host of 2016: row 52 */
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM protection p JOIN asset a ON a.id = p.asset WHERE"
                                           " a.kind = 'database' AND a.name LIKE '%%Sales' AND p.by_what = 'dpmdb'"),
                     1);
    /* Neither of two that are called alike, nor what it does not hold. */
    assert_dpmdb_shows(&site, 4);
    assert_covered(&site, "FS1", "protected-unsupported");
    assert_covered(&site, "OLD", "protected-supported");
    assert_covered(&site, "lonely", "unprotected-");
    assert_covered(&site, "twin1", "unprotected-");
    /* What was seen of it from inside is the same server. */
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM asset WHERE kind = 'backup_server'"), 1);
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM item WHERE kind = 'backup_server'"), 2);
    end(&site);
}

static void a_server_that_is_not_what_the_configuration_says_is_told_everywhere(void **state)
{
    static const char product[] = "is mabs-v1; its scan shows Azure Backup Server v2",
                      place[] = "is installed as hyperv-vm; its scan shows physical",
                      system[] = "runs Windows Server 2012 R2; its scan shows Windows Server 2016";
    struct site site;

    (void)state;
    begin(&site);
    scan(&site, "fleet", "complete");
    scan(&site, "dpm", "complete");
    assert_int_equal(rig_muster(&site.rig, "report", "--format", "html", NULL), 0);
    assert_non_null(strstr(site.rig.out, product));
    assert_non_null(strstr(site.rig.out, place));
    assert_non_null(strstr(site.rig.out, system));
    assert_non_null(strstr(site.rig.out, "and its scan does not show"));
    assert_int_equal(rig_muster(&site.rig, "report", "--format", "json", NULL), 0);
    assert_non_null(strstr(site.rig.out, product));
    assert_non_null(strstr(site.rig.out, "\"scanned\":\"mabs-v2\""));
    rig_muster(&site.rig, "explain", "FS1", NULL);
    assert_non_null(strstr(site.rig.out, "its scan shows"));
    assert_int_equal(rig_muster(&site.rig, "status", "--format", "json", NULL), 0);
    assert_non_null(strstr(site.rig.out, product));
    end(&site);
}

/* What cannot be seen any more is as protected as it was. */
static void rights_that_are_taken_away_unprotect_nobody(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    scan(&site, "fleet", "complete");
    scan(&site, "dpm", "complete");
    peer_tell(site.peer, "revoke\tmabs1\tscan\tdpmdb.dbo.tbl_im_datasource");
    scan(&site, "dpm", "partial");
    assert_dpmdb_shows(&site, 4);
    peer_tell(site.peer, "revoke\tmabs1\tscan\tdpmdb.dbo.vw_dpm_replica");
    scan(&site, "dpm", "unsupported");
    assert_dpmdb_shows(&site, 4);
    end(&site);
}

static void protection_that_ends_is_protection_no_more(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    scan(&site, "fleet", "complete");
    scan(&site, "dpm", "complete");
    peer_tell(site.peer, "change-source\tmabs1\tDPMDB\t\\Online\\web\tstate\tinactive");
    scan(&site, "dpm", "complete");
    assert_dpmdb_shows(&site, 3);
    end(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_backup_server_protects_is_judged_by_how_it_does),
        cmocka_unit_test(a_server_that_is_not_what_the_configuration_says_is_told_everywhere),
        cmocka_unit_test(rights_that_are_taken_away_unprotect_nobody),
        cmocka_unit_test(protection_that_ends_is_protection_no_more),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
