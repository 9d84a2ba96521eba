/* Scans of computers that a peer plays: what is recorded of each version, of failover cluster instances, of
 * availability groups, and of what a login may not see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sql_site.h"
#include "sqlpeer.h"

#include <stdio.h>
#include <string.h>

#define HOST(name, net) "{\"name\": \"" name "\", \"names\": [\"" name ".corp.example\"], \"address\": \"@." net "\", "

/* clang-format off */
static const char fleet[] =
    "{\"now\": \"2026-11-21T12:00:00\", \"utc_offset\": 60, \"hosts\": ["
    HOST("old", "11") "\"instances\": {\"A\": \"2008 SP3\", \"B\": \"2008 R2\", \"C\": \"2012 SP2\", \"D\": \"2014\","
    "  \"E\": \"2016 SP1\", \"F\": \"2017\", \"G\": \"2019\", \"H\": \"2022\"}},"
    HOST("one", "12") "\"instances\": [{\"name\": \"MSSQLSERVER\", \"port\": 1433, \"version\": \"2016 SP1\","
    " \"databases\": ["
    "  {\"name\": \"Sales\", \"size\": 64, \"folder\": \"D:\\\\Data\", \"backups\": {\"full\": \"2026-11-20T22:00:00\","
    "   \"copy_only\": \"2026-11-21T11:00:00\", \"log\": \"2026-11-21T11:30:00\"}},"
    "  {\"name\": \"Web\", \"recovery\": \"SIMPLE\", \"folder\": \"C:\\\\ClusterStorage\\\\Volume1\"},"
    "  {\"name\": \"Far\", \"folder\": \"\\\\\\\\fs1\\\\data\", \"read_only\": true},"
    "  {\"name\": \"Snap\", \"source\": \"Sales\"},"
    "  \"]; DROP DATABASE x --\", \"a/b\\\\c\", \"\\u0001\\n\\u202e\", \"caf\\u00e9\"]}]},"
    HOST("fci", "13") "\"instances\": [{\"version\": \"2016 SP1\", \"cluster\": {\"nodes\": [\"N1\", \"N2\"],"
    "  \"owner\": \"N2\", \"volumes\": [\"C:\\\\ClusterStorage\\\\Volume2\\\\\","
    "   {\"path\": \"M:\\\\csv\\\\\", \"csv\": true}, \"S:\\\\\"]},"
    " \"databases\": [{\"name\": \"Yard\", \"folder\": \"M:\\\\csv\\\\data\"},"
    "  {\"name\": \"Dock\", \"folder\": \"S:\\\\data\"}]}]},"
    HOST("r1", "14") "\"instances\": [{\"version\": \"2012 SP2\", \"edition\": \"enterprise\","
    "  \"databases\": [\"WSS_1\", \"Own\"]}]},"
    HOST("r2", "15") "\"instances\": [{\"version\": \"2012 SP2\", \"edition\": \"enterprise\","
    "  \"databases\": [\"WSS_1\"]}]},"
    HOST("off", "16") "\"instances\": [{\"version\": \"2016 SP1\","
    "  \"databases\": [\"On\", {\"name\": \"Off\", \"state\": \"OFFLINE\"}]}]},"
    HOST("azure", "17") "\"instances\": [{\"version\": \"2014\", \"edition\": \"azure\", \"databases\": [\"X\"]}]}],"
    "\"groups\": [{\"name\": \"AG-Harbour\", \"id\": \"98947CF1-CDAA-5DC7-A1DE-91ABF8DE5583\","
    " \"replicas\": [\"R1\", \"R2\"], \"databases\": [\"WSS_1\"]}]}";
/* clang-format on */

static int set_up(void **state)
{
    (void)state;
    sql_site_begin(fleet);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sql_site_end();
    return 0;
}

static const struct item *instance(const char *key)
{
    return sql_site_item("sql_instance", key);
}

static const struct item *database(const char *key)
{
    return sql_site_item("database", key);
}

static bool is_tied(const struct item *item, const char *relation, const char *kind, const char *end)
{
    for (size_t i = 0; i < item->link_count; i++) {
        const struct link *link = &item->links[i];

        if (strcmp(link->relation, relation) == 0 && strcmp(link->kind, kind) == 0 &&
            strcmp(link->key != NULL ? link->key : link->value, end) == 0)
            return true;
    }
    return false;
}

static void each_version_is_read_whole(void **state)
{
    static const struct {
        const char *key, *build, *level;
    } cases[] = {
        { "old.corp.example\\A", "10.0.5500", "SP3" }, { "old.corp.example\\B", "10.50.1600", "RTM" },
        { "old.corp.example\\C", "11.0.5058", "SP2" }, { "old.corp.example\\D", "12.0.2000", "RTM" },
        { "old.corp.example\\E", "13.0.4001", "SP1" }, { "old.corp.example\\F", "14.0.1000", "RTM" },
        { "old.corp.example\\G", "15.0.2000", "RTM" }, { "old.corp.example\\H", "16.0.1000", "RTM" },
    };

    (void)state;
    sql_site_scan("old");
    assert_int_equal(mock_completeness(sql_site.mock), COMPLETE);
    assert_int_equal(mock_warning_count(sql_site.mock), 0);
    assert_int_equal(mock_item_count(sql_site.mock, "sql_instance"), 8);
    assert_int_equal(mock_item_count(sql_site.mock, "database"), 32);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct item *item = instance(cases[i].key);

        sql_site_says(item_text(item, "sql.build"), cases[i].build);
        assert_string_equal(item_text(item, "sql.build_source"), "login");
        assert_string_equal(item_text(item, "sql.level"), cases[i].level);
        assert_string_equal(item_text(item, "sql.tls"), "TLSv1.2");
        assert_int_equal(item->unread_count, 0);
        assert_true(is_tied(item, "hosted_on", "machine", "old.corp.example"));
    }
    for (size_t i = 0; i < mock_item_count(sql_site.mock, NULL); i++)
        assert_int_equal(mock_item_at(sql_site.mock, i)->unread_count, 0);
}

static void each_instance_is_logged_into_once(void **state)
{
    (void)state;
    peer_tell(sql_site.peer, "reset");
    sql_site_scan("old");
    assert_int_equal(sql_site_count("old", "logins"), 8);
    assert_int_equal(sql_site_count("old", "refused"), 0);
    assert_int_equal(sql_site_count("old", "open"), 0);
    assert_in_range(sql_site_count("old/H", "batches") + sql_site_count("old/H", "calls"), 1, 16);
}

static void databases_are_recorded_as_they_are(void **state)
{
    const struct item *item;

    (void)state;
    sql_site_scan("one");
    assert_int_equal(mock_completeness(sql_site.mock), COMPLETE);
    item = database("one.corp.example\\MSSQLSERVER/Sales");
    assert_string_equal(item_text(item, "database.state"), "ONLINE");
    assert_string_equal(item_text(item, "database.recovery_model"), "FULL");
    assert_string_equal(sql_site_list(item, "database.files"), "D:\\Data\\Sales.mdf|D:\\Data\\Sales_log.ldf");
    assert_int_equal(mock_int(sql_site.mock, "database", item->key, "database.size"), INT64_C(134217728));
    assert_string_equal(item_text(item, "database.last_full_backup"), "2026-11-20T21:00:00Z");
    assert_string_equal(item_text(item, "database.last_log_backup"), "2026-11-21T10:30:00Z");
    assert_null(item_text(item, "database.last_diff_backup"));
    assert_string_equal(item_text(item, "database.availability_group"), "");
    assert_int_equal(sql_site_truth(item, "database.on_csv"), 0);
    assert_int_equal(sql_site_truth(item, "database.system"), 0);
    assert_true(is_tied(item, "part_of", "sql_instance", "one.corp.example\\MSSQLSERVER"));
    assert_int_equal(sql_site_truth(database("one.corp.example\\MSSQLSERVER/Web"), "database.on_csv"), 1);
    assert_int_equal(sql_site_truth(database("one.corp.example\\MSSQLSERVER/Far"), "database.on_share"), 1);
    assert_int_equal(sql_site_truth(database("one.corp.example\\MSSQLSERVER/Far"), "database.read_only"), 1);
    assert_int_equal(sql_site_truth(database("one.corp.example\\MSSQLSERVER/Snap"), "database.snapshot"), 1);
    assert_int_equal(sql_site_truth(database("one.corp.example\\MSSQLSERVER/msdb"), "database.system"), 1);
}

static void hostile_names_are_kept_as_they_are(void **state)
{
    (void)state;
    sql_site_scan("one");
    database("one.corp.example\\MSSQLSERVER/]; DROP DATABASE x --");
    database("one.corp.example\\MSSQLSERVER/a/b\\c");
    database("one.corp.example\\MSSQLSERVER/\x01\n\xE2\x80\xAE");
    database("one.corp.example\\MSSQLSERVER/caf\xC3\xA9");
}

/* The login may see files, and so that there is a database that it is not shown. */
static void an_offline_database_that_is_not_shown_makes_the_scan_partial(void **state)
{
    (void)state;
    sql_site_scan("off");
    assert_null(mock_item(sql_site.mock, "database", "off.corp.example\\MSSQLSERVER/Off"));
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
    assert_true(sql_site_warned("GRANT CREATE ANY DATABASE TO [scan]"));
}

static void an_offline_database_is_recorded_where_it_may_be_seen(void **state)
{
    (void)state;
    peer_tell(sql_site.peer, "grant\toff\tscan\tALTER ANY DATABASE");
    sql_site_scan("off");
    peer_tell(sql_site.peer, "revoke\toff\tscan\tALTER ANY DATABASE");
    assert_int_equal(mock_completeness(sql_site.mock), COMPLETE);
    assert_string_equal(item_text(database("off.corp.example\\MSSQLSERVER/Off"), "database.state"), "OFFLINE");
}

static void a_failover_cluster_instance_is_hosted_on_its_nodes(void **state)
{
    const struct item *item;

    (void)state;
    sql_site_scan("fci");
    assert_int_equal(mock_completeness(sql_site.mock), COMPLETE);
    item = instance("fci.corp.example\\MSSQLSERVER");
    assert_int_equal(sql_site_truth(item, "sql.clustered"), 1);
    assert_int_equal(sql_site_truth(item, "cluster.member"), 1);
    assert_string_equal(sql_site_list(item, "sql.nodes"), "N1|N2");
    assert_string_equal(item_text(item, "sql.node"), "N2");
    assert_string_equal(item_text(item, "sql.machine"), "FCI");
    assert_true(is_tied(item, "hosted_on", "machine", "n1.corp.example"));
    assert_true(is_tied(item, "hosted_on", "machine", "n2.corp.example"));
    assert_int_equal(item->link_count, 6);
    assert_int_equal(sql_site_truth(database("fci.corp.example\\MSSQLSERVER/Yard"), "database.on_csv"), 1);
    assert_int_equal(sql_site_truth(database("fci.corp.example\\MSSQLSERVER/Dock"), "database.on_csv"), 0);
}

static void both_replicas_tell_of_one_group(void **state)
{
    static const char id[] = "98947cf1-cdaa-5dc7-a1de-91abf8de5583";
    static const char *const hosts[][2] = { { "r1", "r2" }, { "r2", "r1" } };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct item *item;
        char key[64];

        sql_site_scan(hosts[i][0]);
        snprintf(key, sizeof key, "%s.corp.example\\MSSQLSERVER", hosts[i][0]);
        item = sql_site_item("availability_group", id);
        assert_string_equal(item_text(item, "id.name"), "AG-Harbour");
        assert_string_equal(sql_site_list(item, "availability_group.replicas"), "R1|R2");
        assert_int_equal(sql_site_truth(item, "availability_group.distributed"), 0);
        assert_true(is_tied(item, "replicated_to", "sql_instance", key));
        assert_int_equal(sql_site_truth(instance(key), "sql.hadr"), 1);
        assert_int_equal(sql_site_truth(instance(key), "cluster.member"), 1);
        strcat(key, "/WSS_1");
        assert_string_equal(item_text(database(key), "database.availability_group"), "AG-Harbour");
        assert_true(is_tied(database(key), "member_of", "availability_group", id));
        assert_int_equal(mock_offer_count(sql_site.mock), 1);
        assert_string_equal(mock_offer_at(sql_site.mock, 0)->plugin, "sql");
        assert_int_equal(mock_offer_at(sql_site.mock, 0)->host[1], hosts[i][1][1]);
    }
    sql_site_scan("r1");
    assert_string_equal(item_text(database("r1.corp.example\\MSSQLSERVER/Own"), "database.availability_group"), "");
}

static void a_service_of_azure_is_recorded_and_not_looked_into(void **state)
{
    (void)state;
    sql_site_scan("azure");
    assert_int_equal(mock_int(sql_site.mock, "sql_instance", "azure.corp.example\\MSSQLSERVER", "sql.engine_edition"),
                     5);
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
    assert_int_equal(mock_item_count(sql_site.mock, "database"), 0);
}

/* -------------------------------------------------------------------------------------------------------- rights ----
 */

static void grant(const char *host, const char *right, bool granted)
{
    peer_tell(sql_site.peer, "%s\t%s\tscan\t%s", granted ? "grant" : "revoke", host, right);
}

static void without_view_any_definition_files_and_groups_are_unread(void **state)
{
    const struct item *item;

    (void)state;
    grant("r1", "VIEW ANY DEFINITION", false);
    sql_site_scan("r1");
    grant("r1", "VIEW ANY DEFINITION", true);
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
    assert_int_equal(mock_item_count(sql_site.mock, "availability_group"), 0);
    item = database("r1.corp.example\\MSSQLSERVER/WSS_1");
    sql_site_says(sql_site_unread(item, "database.files"),
                  "needs VIEW ANY DEFINITION: GRANT VIEW ANY DEFINITION TO [scan]");
    sql_site_says(sql_site_unread(item, "database.availability_group"), "needs VIEW ANY DEFINITION");
    assert_null(item_text(item, "database.availability_group"));
    item = database("r1.corp.example\\MSSQLSERVER/Own");
    assert_string_equal(item_text(item, "database.availability_group"), "");
}

static void without_view_server_state_nodes_and_volumes_are_unread(void **state)
{
    const struct item *item;

    (void)state;
    grant("fci", "VIEW SERVER STATE", false);
    sql_site_scan("fci");
    grant("fci", "VIEW SERVER STATE", true);
    assert_int_equal(mock_completeness(sql_site.mock), COMPLETE);
    item = instance("fci.corp.example\\MSSQLSERVER");
    sql_site_says(sql_site_unread(item, "sql.nodes"), "GRANT VIEW SERVER STATE TO [scan]");
    assert_int_equal(item->link_count, 0);
    sql_site_says(sql_site_unread(database("fci.corp.example\\MSSQLSERVER/Dock"), "database.on_csv"),
                  "GRANT VIEW SERVER STATE TO [scan]");
}

static void without_msdb_backups_are_unread(void **state)
{
    (void)state;
    grant("one", "msdb.dbo.backupset", false);
    sql_site_scan("one");
    grant("one", "msdb.dbo.backupset", true);
    sql_site_says(sql_site_unread(database("one.corp.example\\MSSQLSERVER/Sales"), "database.last_full_backup"),
                  "GRANT SELECT ON dbo.backupset TO [scan]");
}

static void without_view_any_database_the_scan_is_partial(void **state)
{
    (void)state;
    peer_tell(sql_site.peer, "add-login\tr1\tblind\t{\"password\": \"right\", \"rights\": [],"
                             " \"denied\": [\"VIEW ANY DATABASE\"]}");
    sql_site_aim("r1", "username", "blind", NULL);
    assert_true(mock_scan(sql_site.mock));
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
    assert_null(mock_item(sql_site.mock, "database", "r1.corp.example\\MSSQLSERVER/WSS_1"));
    assert_true(sql_site_warned("GRANT VIEW ANY DATABASE TO [blind]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_version_is_read_whole),
        cmocka_unit_test(each_instance_is_logged_into_once),
        cmocka_unit_test(databases_are_recorded_as_they_are),
        cmocka_unit_test(hostile_names_are_kept_as_they_are),
        cmocka_unit_test(an_offline_database_that_is_not_shown_makes_the_scan_partial),
        cmocka_unit_test(an_offline_database_is_recorded_where_it_may_be_seen),
        cmocka_unit_test(a_failover_cluster_instance_is_hosted_on_its_nodes),
        cmocka_unit_test(both_replicas_tell_of_one_group),
        cmocka_unit_test(a_service_of_azure_is_recorded_and_not_looked_into),
        cmocka_unit_test(without_view_any_definition_files_and_groups_are_unread),
        cmocka_unit_test(without_view_server_state_nodes_and_volumes_are_unread),
        cmocka_unit_test(without_msdb_backups_are_unread),
        cmocka_unit_test(without_view_any_database_the_scan_is_partial),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
