/* What becomes of rows: each section with good ones and bad ones, rights that lack, versions, and sessions that end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backups.h"
#include "databases.h"
#include "files.h"
#include "groups.h"
#include "inside.h"
#include "nodes.h"
#include "outside.h"
#include "pretend.h"
#include "product.h"
#include "sight.h"
#include "volumes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUP "98947CF1-CDAA-5DC7-A1DE-91ABF8DE5583"
#define OTHER "00000000-1111-2222-3333-444444444444"

static int set_up(void **state)
{
    (void)state;
    pretend_begin("sql1.corp.example", "ERP");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pretend_end();
    return 0;
}

static void assert_says(const char *text, const char *part)
{
    if (text == NULL || strstr(text, part) == NULL)
        fail_msg("'%s' does not say '%s'", text == NULL ? "(nothing)" : text, part);
}

static void product(const char *version, const char *engine, const char *clustered, const char *hadr,
                    const char *machine, const char *name)
{
    pretend_row("ProductVersion", version, "SP1", "CU15", "Standard Edition (64-bit)", engine, clustered, hadr, machine,
                "SQL1", name, NULL);
    pretend_look(&product_section);
}

static void databases(void)
{
    pretend_row("source_database_id", "1", "master", "2020-01-01T00:00:00", "ONLINE", "SIMPLE", "0", "(null)", NULL);
    pretend_row("source_database_id", "5", "Sales", "2020-01-01T00:00:00", "ONLINE", "FULL", "0", "(null)", NULL);
    pretend_row("source_database_id", "6", "]; DROP", "2020-01-01T00:00:00", "OFFLINE", "FULL", "1", "(null)", NULL);
    pretend_row("source_database_id", "7", "Sales_snap", "2020-01-01T00:00:00", "ONLINE", "FULL", "1", "5", NULL);
    pretend_look(&databases_section);
}

/* ---------------------------------------------------------------------------------------------------- product ---- */

static void an_instance_tells_what_it_is(void **state)
{
    const struct item *item = &pretend.item;

    (void)state;
    product("13.0.4574.0", "2", "0", "0", "SQL1", "ERP");
    assert_string_equal(item->key, "sql1.corp.example\\ERP");
    assert_string_equal(pretend_text(item, "id.name"), "SQL1\\ERP");
    assert_string_equal(pretend_text(item, "sql.instance"), "ERP");
    assert_string_equal(pretend_text(item, "sql.build"), "13.0.4574.0");
    assert_string_equal(pretend_text(item, "sql.build_source"), "login");
    assert_string_equal(pretend_text(item, "sql.level"), "SP1");
    assert_string_equal(pretend_text(item, "sql.update_level"), "CU15");
    assert_string_equal(pretend_text(item, "sql.edition"), "Standard Edition (64-bit)");
    assert_string_equal(pretend_text(item, "sql.machine"), "SQL1");
    assert_string_equal(pretend_text(item, "id.netbios"), "SQL1");
    assert_int_equal(pretend_int(item, "sql.engine_edition"), 2);
    assert_int_equal(pretend_truth(item, "sql.clustered"), 0);
    assert_int_equal(pretend_truth(item, "sql.hadr"), 0);
    assert_int_equal(pretend_truth(item, "cluster.member"), 0);
    assert_string_equal(pretend.fqdn, "sql1.corp.example");
    assert_int_equal(item->unread_count, 0);
    assert_null(pretend.stranger);
}

static void a_name_that_only_the_login_tells_is_taken(void **state)
{
    (void)state;
    pretend_end();
    pretend_begin("sql1.corp.example", "");
    product("13.0.4574.0", "2", "0", "0", "SQL1", "(null)");
    assert_string_equal(pretend.item.key, "sql1.corp.example\\MSSQLSERVER");
    assert_string_equal(pretend_text(&pretend.item, "id.name"), "SQL1");
}

static void who_calls_itself_otherwise_is_a_stranger(void **state)
{
    (void)state;
    product("13.0.4574.0", "2", "0", "0", "SQL1", "SHOP");
    assert_string_equal(pretend.stranger, "SHOP");
    databases();
    assert_int_equal(pretend.databases.count, 0);
    assert_int_equal(pretend_asked("sys.databases"), 0);
}

static void an_alias_is_no_full_name_of_the_computer(void **state)
{
    (void)state;
    product("13.0.4574.0", "2", "0", "0", "SQL77", "ERP");
    assert_null(pretend.fqdn);
    assert_says(pretend.no_fqdn, "alias");
    nodes_link_computer(&pretend);
    assert_int_equal(pretend.item.link_count, 0);
}

static void before_2012_nobody_has_availability_groups(void **state)
{
    (void)state;
    product("10.50.6000.34", "2", "0", "(null)", "SQL1", "ERP");
    assert_int_equal(pretend_truth(&pretend.item, "sql.hadr"), 0);
    assert_int_equal(pretend.major, 10);
    databases();
    pretend_look(&groups_section);
    pretend_look(&groups_membership);
    assert_int_equal(pretend_asked("availability"), 0);
    assert_string_equal(pretend_text(pretend_database("Sales"), "database.availability_group"), "");
}

static void what_is_not_told_is_unread(void **state)
{
    const struct item *item = &pretend.item;

    (void)state;
    product("none", "(null)", "(null)", "(null)", "(null)", "ERP");
    assert_non_null(pretend_unread(item, "sql.build"));
    assert_non_null(pretend_unread(item, "sql.engine_edition"));
    assert_non_null(pretend_unread(item, "sql.clustered"));
    assert_non_null(pretend_unread(item, "sql.hadr"));
    assert_non_null(pretend_unread(item, "sql.machine"));
    assert_int_equal(pretend_truth(item, "cluster.member"), -1);
    assert_non_null(pretend_unread(item, "cluster.member"));
}

static void two_answers_are_none(void **state)
{
    (void)state;
    product("13.0.4574.0", "2", "0", "0", "SQL1", "ERP");
    pretend_end();
    pretend_begin("sql1.corp.example", "ERP");
    pretend_look(&product_section);
    assert_says(pretend_unread(&pretend.item, "sql.edition"), "0 rows");
}

static void a_build_that_was_seen_before_the_login_stands_where_it_fails(void **state)
{
    struct sql_scout_instance found = { .name = "ERP", .port = 49812, .seen = true, .by_browser = true };

    (void)state;
    strcpy(found.prelogin.build, "13.0.4574");
    outside_record(&pretend, &found);
    pretend_failure("ProductVersion", "the server is busy", false, false);
    pretend_look(&product_section);
    assert_string_equal(pretend_text(&pretend.item, "sql.build"), "13.0.4574");
    assert_string_equal(pretend_text(&pretend.item, "sql.build_source"), "prelogin");
    assert_int_equal(pretend_truth(&pretend.item, "sql.clustered"), 0);
    assert_null(pretend_unread(&pretend.item, "sql.clustered"));
    assert_says(pretend_unread(&pretend.item, "sql.edition"), "busy");
}

static void a_service_of_azure_is_not_looked_into(void **state)
{
    static const char *const engines[] = { "5", "6", "8", "9", "11", "12" };

    (void)state;
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
        pretend_end();
        pretend_begin("sql1.corp.example", "ERP");
        pretend_row("ProductVersion", "12.0.2000.8", "RTM", "(null)", "SQL Azure", engines[i], "0", "1", "SQL1", "SQL1",
                    "ERP", NULL);
        inside_look(&pretend);
        assert_int_equal(pretend_int(&pretend.item, "sql.engine_edition"), atoi(engines[i]));
        assert_int_equal(pretend_asked(""), 1);
        assert_true(pretend.partial);
        assert_non_null(pretend_unread(&pretend.item, "cluster."));
        nodes_link_computer(&pretend);
        assert_int_equal(pretend.item.link_count, 0);
    }
}

/* ----------------------------------------------------------------------------------------------------- domain ---- */

static void the_domain_is_that_of_the_full_name(void **state)
{
    (void)state;
    product("13.0.4574.0", "2", "0", "0", "SQL1", "ERP");
    pretend_row("DEFAULT_DOMAIN", "CORP", NULL);
    pretend_look(&product_domain);
    assert_string_equal(pretend_text(&pretend.item, "domain.name"), "corp.example");
}

static void a_computer_in_no_domain_has_none(void **state)
{
    (void)state;
    product("13.0.4574.0", "2", "0", "0", "SQL1", "ERP");
    pretend_row("DEFAULT_DOMAIN", "sql1", NULL);
    pretend_look(&product_domain);
    assert_null(pretend_text(&pretend.item, "domain.name"));
    assert_null(pretend_unread(&pretend.item, "domain.name"));
}

static void a_domain_that_is_not_told_is_unread(void **state)
{
    (void)state;
    pretend_row("DEFAULT_DOMAIN", "(null)", NULL);
    pretend_look(&product_domain);
    assert_non_null(pretend_unread(&pretend.item, "domain.name"));
}

/* ---------------------------------------------------------------------------------------------------- cluster ---- */

static void groups_stand_on_a_cluster_which_has_a_name(void **state)
{
    (void)state;
    product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    assert_int_equal(pretend_truth(&pretend.item, "cluster.member"), -1);
    pretend_row("dm_hadr_cluster", "CLU1", NULL);
    pretend_look(&product_cluster);
    assert_int_equal(pretend_truth(&pretend.item, "cluster.member"), 1);
    assert_string_equal(pretend_text(&pretend.item, "cluster.name"), "CLU1");
}

static void groups_for_reading_only_stand_on_none(void **state)
{
    (void)state;
    product("14.0.1000.169", "3", "0", "1", "SQL1", "ERP");
    pretend_look(&product_cluster);
    assert_int_equal(pretend_truth(&pretend.item, "cluster.member"), 0);
}

static void whether_there_is_a_cluster_is_unread_without_the_right(void **state)
{
    (void)state;
    product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    pretend.rights = 0;
    pretend_look(&product_cluster);
    assert_says(pretend_unread(&pretend.item, "cluster.member"),
                "needs VIEW SERVER STATE: GRANT VIEW SERVER STATE TO [CORP\\muster]");
    assert_int_equal(pretend_asked("dm_hadr_cluster"), 0);
}

static void nodes_are_computers_that_it_is_hosted_on(void **state)
{
    (void)state;
    product("13.0.4574.0", "2", "1", "0", "SQL1", "ERP");
    pretend_row("dm_os_cluster_nodes", "NODE2", NULL);
    pretend_row("dm_os_cluster_nodes", "NODE1", NULL);
    pretend_look(&nodes_section);
    assert_int_equal(pretend_truth(&pretend.item, "cluster.member"), 1);
    assert_string_equal(pretend_list(&pretend.item, "sql.nodes"), "NODE1|NODE2");
    assert_true(pretend_linked(&pretend.item, "hosted_on", "machine", "node1.corp.example"));
    assert_true(pretend_linked(&pretend.item, "hosted_on", "machine", "node2.corp.example"));
    nodes_link_computer(&pretend);
    assert_int_equal(pretend.item.link_count, 2);
}

static void nodes_that_are_not_all_shown_are_none(void **state)
{
    (void)state;
    product("13.0.4574.0", "2", "1", "0", "SQL1", "ERP");
    pretend_row("dm_os_cluster_nodes", "NODE2", NULL);
    pretend_row("dm_os_cluster_nodes", "(null)", NULL);
    pretend_look(&nodes_section);
    assert_non_null(pretend_unread(&pretend.item, "sql.nodes"));
    assert_int_equal(pretend.item.link_count, 0);
}

static void an_instance_on_one_computer_is_hosted_there(void **state)
{
    (void)state;
    product("13.0.4574.0", "2", "0", "0", "SQL1", "ERP");
    pretend_look(&nodes_section);
    assert_int_equal(pretend_asked("dm_os_cluster_nodes"), 0);
    nodes_link_computer(&pretend);
    assert_true(pretend_linked(&pretend.item, "hosted_on", "machine", "sql1.corp.example"));
}

/* --------------------------------------------------------------------------------------------------- databases ---- */

static void databases_are_recorded_with_their_instance(void **state)
{
    const struct item *item;

    (void)state;
    databases();
    item = pretend_database("Sales");
    assert_string_equal(item->key, "sql1.corp.example\\ERP/Sales");
    assert_string_equal(pretend_text(item, "id.name"), "Sales");
    assert_string_equal(pretend_text(item, "database.state"), "ONLINE");
    assert_string_equal(pretend_text(item, "database.recovery_model"), "FULL");
    assert_int_equal(pretend_truth(item, "database.read_only"), 0);
    assert_int_equal(pretend_truth(item, "database.system"), 0);
    assert_int_equal(pretend_truth(item, "database.snapshot"), 0);
    assert_true(pretend_linked(item, "part_of", "sql_instance", "sql1.corp.example\\ERP"));
    assert_int_equal(pretend_truth(pretend_database("master"), "database.system"), 1);
    assert_int_equal(pretend_truth(pretend_database("Sales_snap"), "database.snapshot"), 1);
    assert_string_equal(pretend_database("]; DROP")->key, "sql1.corp.example\\ERP/]; DROP");
    assert_string_equal(pretend_text(pretend_database("]; DROP"), "database.state"), "OFFLINE");
    assert_int_equal(pretend_truth(pretend_database("]; DROP"), "database.read_only"), 1);
    assert_false(pretend.partial);
}

static void rows_that_can_not_be_make_the_scan_partial(void **state)
{
    static const char *const wrong[][2] = { { "(null)", "A" }, { "8", "(null)" }, { "8", "" },
                                            { "x", "A" },      { "5", "Twice" },  { "9", "Sales" } };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        pretend_end();
        pretend_begin("sql1.corp.example", "ERP");
        pretend_row("source_database_id", "5", "Sales", "(null)", "(null)", "(null)", "(null)", "(null)", NULL);
        pretend_row("source_database_id", wrong[i][0], wrong[i][1], "(null)", "(null)", "(null)", "(null)", "(null)",
                    NULL);
        pretend_look(&databases_section);
        assert_int_equal(pretend.databases.count, 1);
        assert_true(pretend.partial);
    }
    assert_non_null(pretend_unread(pretend_database("Sales"), "database.state"));
    assert_non_null(pretend_unread(pretend_database("Sales"), "database.read_only"));
}

static void a_value_that_was_cut_is_left_out(void **state)
{
    (void)state;
    pretend_row("source_database_id", "5", "Sales", "(null)", "ONLINE", "FULL", "0", "(null)", NULL);
    pretend_cut("source_database_id", 1, 7);
    pretend_look(&databases_section);
    assert_int_equal(pretend.databases.count, 1);
    assert_true(pretend.partial);
}

static void other_columns_than_asked_for_fail_the_section(void **state)
{
    (void)state;
    pretend_row("source_database_id", "5", "Sales", NULL);
    pretend_look(&databases_section);
    assert_true(pretend.partial);
    assert_says(pretend.no_databases, "2 columns");
    pretend_look(&files_section);
    assert_int_equal(pretend_asked("master_files"), 0);
}

static void without_the_right_to_see_databases_some_may_be_missing(void **state)
{
    (void)state;
    pretend.rights = MAY(VIEW_ANY_DEFINITION);
    databases();
    assert_int_equal(pretend.databases.count, 4);
    assert_true(pretend.partial);
}

static void an_instance_without_any_database_was_not_seen(void **state)
{
    (void)state;
    pretend_look(&databases_section);
    assert_true(pretend.partial);
}

/* ------------------------------------------------------------------------------------------------------- files ---- */

static void files_tell_where_a_database_lies(void **state)
{
    const struct item *item;

    (void)state;
    databases();
    pretend_row("master_files", "5", "D:\\Data\\Sales.mdf", "8192000", NULL);
    pretend_row("master_files", "5", "D:\\Log\\Sales.ldf", "1000", NULL);
    pretend_row("master_files", "6", "c:\\clusterstorage\\Volume2\\drop.mdf", "8192", NULL);
    pretend_row("master_files", "7", "\\\\FS1\\data\\snap.ss", "8192", NULL);
    pretend_look(&files_section);
    item = pretend_database("Sales");
    assert_string_equal(pretend_list(item, "database.files"), "D:\\Data\\Sales.mdf|D:\\Log\\Sales.ldf");
    assert_int_equal(pretend_int(item, "database.size"), 8193000);
    assert_int_equal(pretend_truth(item, "database.on_csv"), 0);
    assert_int_equal(pretend_truth(item, "database.on_share"), 0);
    assert_int_equal(pretend_truth(pretend_database("]; DROP"), "database.on_csv"), 1);
    assert_int_equal(pretend_truth(pretend_database("Sales_snap"), "database.on_share"), 1);
    assert_says(pretend_unread(pretend_database("master"), "database.files"), "no file");
    assert_int_equal(pretend_truth(pretend_database("master"), "database.on_csv"), -1);
    assert_false(pretend.partial);
}

static void files_are_unread_without_the_right_and_never_none(void **state)
{
    (void)state;
    pretend.rights = MAY(VIEW_ANY_DATABASE);
    databases();
    pretend_look(&files_section);
    assert_int_equal(pretend_asked("master_files"), 0);
    assert_says(pretend_unread(pretend_database("Sales"), "database.on_csv"),
                "needs VIEW ANY DEFINITION: GRANT VIEW ANY DEFINITION TO [CORP\\muster]");
    assert_null(pretend_list(pretend_database("Sales"), "database.files"));
    assert_true(pretend.partial);
}

static void files_of_a_database_that_is_not_shown_tell_of_it(void **state)
{
    (void)state;
    pretend.rights = MAY(VIEW_ANY_DATABASE) | MAY(VIEW_ANY_DEFINITION);
    databases();
    pretend_row("master_files", "32767", "C:\\mssqlsystemresource.mdf", "8192", NULL);
    pretend_look(&files_section);
    assert_false(pretend.partial);
    pretend_row("master_files", "99", "D:\\offline.mdf", "8192", NULL);
    pretend_look(&files_section);
    assert_true(pretend.partial);
}

static void sizes_and_paths_that_can_not_be_are_unread(void **state)
{
    (void)state;
    databases();
    pretend_row("master_files", "5", "D:\\a", "9223372036854775807", NULL);
    pretend_row("master_files", "5", "D:\\b", "1", NULL);
    pretend_row("master_files", "6", "D:\\c", "-1", NULL);
    pretend_row("master_files", "7", "(null)", "1", NULL);
    pretend_look(&files_section);
    assert_non_null(pretend_unread(pretend_database("Sales"), "database.size"));
    assert_string_equal(pretend_list(pretend_database("Sales"), "database.files"), "D:\\a|D:\\b");
    assert_non_null(pretend_unread(pretend_database("]; DROP"), "database.size"));
    assert_non_null(pretend_unread(pretend_database("Sales_snap"), "database.on_csv"));
}

static void a_file_that_could_not_be_read_may_be_anybodys(void **state)
{
    (void)state;
    databases();
    pretend_row("master_files", "5", "D:\\a", "1", NULL);
    pretend_cut("master_files", 1, 3);
    pretend_look(&files_section);
    assert_non_null(pretend_unread(pretend_database("Sales"), "database.on_csv"));
}

static void a_path_is_a_share_or_on_a_shared_volume(void **state)
{
    static const struct {
        const char *path;
        bool csv, share;
    } cases[] = {
        { "C:\\ClusterStorage\\Volume1\\a.mdf", true, false },
        { "c:/CLUSTERSTORAGE/x/a.mdf", true, false },
        { "\\\\?\\C:\\ClusterStorage\\Volume1\\a.mdf", true, false },
        { "C:\\ClusterStorage2\\a.mdf", false, false },
        { "C:\\ClusterStorage", false, false },
        { "D:\\ClusterStorageX\\a.mdf", false, false },
        { "E:\\Mount\\csv1\\a.mdf", true, false },
        { "E:\\Mount\\csv1", true, false },
        { "e:\\mount\\csv10\\a.mdf", false, false },
        { "F:\\a.mdf", true, false },
        { "G:\\a.mdf", false, false },
        { "\\\\server\\share\\a.mdf", false, true },
        { "//server/share/a.mdf", false, true },
        { "\\\\?\\UNC\\server\\share\\a.mdf", false, true },
        { "\\\\?\\D:\\a.mdf", false, false },
        { "\\\\.\\D:\\a.mdf", false, false },
        { "https://blob.example/a.mdf", false, false },
        { "", false, false },
    };

    (void)state;
    product("13.0.4574.0", "2", "1", "0", "SQL1", "ERP");
    pretend_row("valid_path_names", "E:\\Mount\\csv1", "1", NULL);
    pretend_row("valid_path_names", "F:\\", "1", NULL);
    pretend_row("valid_path_names", "G:\\", "0", NULL);
    pretend_row("valid_path_names", "", "1", NULL);
    pretend_look(&volumes_section);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (volumes_shared(&pretend, cases[i].path) != cases[i].csv ||
            volumes_is_share(cases[i].path) != cases[i].share)
            fail_msg("%s is taken for something else", cases[i].path);
    }
}

static void what_is_not_known_of_volumes_leaves_other_files_open(void **state)
{
    (void)state;
    product("13.0.4574.0", "2", "1", "0", "SQL1", "ERP");
    pretend.rights &= ~(unsigned)MAY_SEE_STATE;
    databases();
    pretend_look(&volumes_section);
    pretend_row("master_files", "5", "E:\\Sales.mdf", "8192", NULL);
    pretend_row("master_files", "6", "C:\\ClusterStorage\\Volume2\\drop.mdf", "8192", NULL);
    pretend_look(&files_section);
    assert_says(pretend_unread(pretend_database("Sales"), "database.on_csv"), "needs VIEW SERVER STATE");
    assert_int_equal(pretend_truth(pretend_database("]; DROP"), "database.on_csv"), 1);
    assert_false(pretend.partial);
}

static void before_2014_there_is_no_list_of_volumes(void **state)
{
    (void)state;
    product("11.0.7507.2", "2", "1", "0", "SQL1", "ERP");
    pretend_look(&volumes_section);
    assert_int_equal(pretend_asked("valid_path_names"), 0);
    assert_null(pretend.no_volumes);
}

/* ----------------------------------------------------------------------------------------------------- backups ---- */

static void the_last_backup_of_each_type_is_told_in_utc(void **state)
{
    const struct item *item;

    (void)state;
    databases();
    pretend_row("DATEDIFF", "59", NULL);
    pretend_row("backupset", "Sales", "D", "0", "4", "2026-11-20T22:30:00", NULL);
    pretend_row("backupset", "Sales", "D", "0", "8", "2026-07-20T22:30:00", NULL);
    pretend_row("backupset", "Sales", "D", "1", "4", "2026-11-25T22:30:00", NULL);
    pretend_row("backupset", "Sales", "I", "0", "127", "2026-11-21T22:30:00", NULL);
    pretend_row("backupset", "Sales", "L", "0", "(null)", "2026-11-21T23:30:00", NULL);
    pretend_row("backupset", "Sales", "F", "0", "4", "2026-11-22T22:30:00", NULL);
    pretend_row("backupset", "dropped", "D", "0", "4", "2026-11-22T22:30:00", NULL);
    pretend_look(&backups_section);
    item = pretend_database("Sales");
    assert_string_equal(pretend_text(item, "database.last_full_backup"), "2026-11-20T21:30:00Z");
    assert_string_equal(pretend_text(item, "database.last_diff_backup"), "2026-11-21T21:30:00Z");
    assert_string_equal(pretend_text(item, "database.last_log_backup"), "2026-11-21T22:30:00Z");
    assert_null(pretend_text(pretend_database("master"), "database.last_full_backup"));
    assert_null(pretend_unread(pretend_database("master"), "database.last_full_backup"));
}

static void the_offset_is_a_quarter_of_an_hour(void **state)
{
    static const int64_t cases[][2] = { { 59, 60 },     { 61, 60 },   { 0, 0 },     { -1, 0 }, { -299, -300 },
                                        { -301, -300 }, { 345, 345 }, { 330, 330 }, { 7, 0 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char minutes[16];

        snprintf(minutes, sizeof minutes, "%d", (int)cases[i][0]);
        pretend_forget();
        pretend_row("DATEDIFF", minutes, NULL);
        pretend_look(&backups_section);
        assert_int_equal(pretend.offset, cases[i][1]);
    }
}

static void a_backup_before_the_database_was_made_is_of_another(void **state)
{
    (void)state;
    databases();
    pretend_row("DATEDIFF", "0", NULL);
    pretend_row("backupset", "Sales", "D", "0", "0", "2019-11-20T22:30:00", NULL);
    pretend_look(&backups_section);
    assert_null(pretend_text(pretend_database("Sales"), "database.last_full_backup"));
}

static void without_msdb_backups_are_unread(void **state)
{
    (void)state;
    databases();
    pretend.rights &= ~MAY(SELECT_BACKUPSET);
    pretend_look(&backups_section);
    assert_says(pretend_unread(pretend_database("Sales"), "database.last_log_backup"),
                "USE msdb; CREATE USER [CORP\\muster] FOR LOGIN [CORP\\muster]; GRANT SELECT ON dbo.backupset TO "
                "[CORP\\muster]");
    assert_false(pretend.partial);
}

static void without_an_offset_backups_are_unread(void **state)
{
    (void)state;
    databases();
    pretend_row("backupset", "Sales", "D", "0", "0", "2026-11-20T22:30:00", NULL);
    pretend_look(&backups_section);
    assert_non_null(pretend_unread(pretend_database("Sales"), "database.last_full_backup"));
    pretend.no_backups = NULL;
    pretend_row("DATEDIFF", "99999", NULL);
    pretend_look(&backups_section);
    assert_non_null(pretend_unread(pretend_database("Sales"), "database.last_full_backup"));
}

/* ------------------------------------------------------------------------------------------------------ groups ---- */

static void a_group_is_the_same_from_every_replica(void **state)
{
    const struct item *item;

    (void)state;
    product("11.0.5678.0", "3", "0", "1", "SQL1", "ERP");
    databases();
    pretend_row("sys.availability_groups", GROUP, "AG-Harbour", NULL);
    pretend_row("availability_replicas", GROUP, "SQL2\\ERP", NULL);
    pretend_row("availability_replicas", GROUP, "SQL1\\ERP", NULL);
    pretend_row("availability_databases_cluster", "5", GROUP, NULL);
    pretend_look(&groups_section);
    pretend_look(&groups_membership);
    item = pretend_group("AG-Harbour");
    assert_string_equal(item->key, "98947cf1-cdaa-5dc7-a1de-91abf8de5583");
    assert_string_equal(pretend_list(item, "availability_group.replicas"), "SQL1\\ERP|SQL2\\ERP");
    assert_int_equal(pretend_truth(item, "availability_group.distributed"), 0);
    assert_non_null(pretend_unread(item, "availability_group.role"));
    assert_true(pretend_linked(item, "replicated_to", "sql_instance", "sql1.corp.example\\ERP"));
    item = pretend_database("Sales");
    assert_string_equal(pretend_text(item, "database.availability_group"), "AG-Harbour");
    assert_true(pretend_linked(item, "member_of", "availability_group", "98947cf1-cdaa-5dc7-a1de-91abf8de5583"));
    assert_string_equal(pretend_text(pretend_database("]; DROP"), "database.availability_group"), "");
    assert_int_equal(pretend_asked("is_distributed"), 0);
}

static void a_distributed_group_is_told_since_2016(void **state)
{
    (void)state;
    product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    pretend_row("is_distributed", GROUP, "AG-Wide", "1", NULL);
    pretend_look(&groups_section);
    assert_int_equal(pretend_truth(pretend_group("AG-Wide"), "availability_group.distributed"), 1);
}

static void a_group_that_may_not_be_seen_is_unread_and_never_none(void **state)
{
    (void)state;
    product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    databases();
    pretend.rights = MAY(VIEW_ANY_DATABASE);
    pretend_row("availability_databases_cluster", "5", GROUP, NULL);
    pretend_look(&groups_section);
    pretend_look(&groups_membership);
    assert_true(pretend.partial);
    assert_says(pretend_unread(pretend_database("Sales"), "database.availability_group"), "needs VIEW ANY DEFINITION");
    assert_null(pretend_text(pretend_database("Sales"), "database.availability_group"));
    assert_string_equal(pretend_text(pretend_database("]; DROP"), "database.availability_group"), "");
}

static void groups_that_can_not_be_are_left_out(void **state)
{
    (void)state;
    product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    databases();
    pretend_row("is_distributed", GROUP, "A", "0", NULL);
    pretend_row("is_distributed", GROUP, "B", "0", NULL);
    pretend_row("is_distributed", "{" GROUP "}", "C", "0", NULL);
    pretend_row("is_distributed", OTHER, "(null)", "0", NULL);
    pretend_row("availability_replicas", OTHER, "SQL9", NULL);
    pretend_row("availability_databases_cluster", "5", OTHER, NULL);
    pretend_row("availability_databases_cluster", "999", GROUP, NULL);
    pretend_look(&groups_section);
    pretend_look(&groups_membership);
    assert_int_equal(pretend.groups.count, 1);
    assert_true(pretend.partial);
    assert_says(pretend_unread(pretend_database("Sales"), "database.availability_group"), "not shown");
}

static void a_member_that_can_not_be_read_may_be_any(void **state)
{
    (void)state;
    product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    databases();
    pretend_row("availability_databases_cluster", "x", GROUP, NULL);
    pretend_look(&groups_membership);
    assert_non_null(pretend_unread(pretend_database("Sales"), "database.availability_group"));
}

/* ------------------------------------------------------------------------------------------------------- sight ---- */

static void rights_are_asked_for_first(void **state)
{
    (void)state;
    pretend.rights = 0;
    pretend_row("HAS_PERMS_BY_NAME", "CORP\\scan", "1", "0", "1", "0", "(null)", "1", NULL);
    pretend_look(&sight_section);
    assert_int_equal(pretend.rights, MAY(VIEW_ANY_DATABASE) | MAY(VIEW_SERVER_STATE) | MAY(SELECT_BACKUPSET));
    assert_string_equal(pretend.login, "CORP\\scan");
    assert_int_equal(pretend_asked("PERFORMANCE"), 0);
}

static void since_2022_a_lesser_right_will_do(void **state)
{
    (void)state;
    pretend.major = 16;
    pretend.rights = 0;
    pretend_row("HAS_PERMS_BY_NAME", "sa", "1", "0", "0", "0", "0", "0", "1", NULL);
    pretend_look(&sight_section);
    assert_true(sight_allows(&pretend, MAY_SEE_STATE));
    pretend.rights = 0;
    assert_says(sight_needs(&pretend, MAY_SEE_STATE), "GRANT VIEW SERVER PERFORMANCE STATE TO [sa]");
    pretend.major = 15;
    assert_says(sight_needs(&pretend, MAY_SEE_STATE), "GRANT VIEW SERVER STATE TO [sa]");
}

static void a_login_is_quoted_as_a_name(void **state)
{
    (void)state;
    pretend.login = "a]; DROP LOGIN [b";
    assert_says(sight_needs(&pretend, MAY(VIEW_ANY_DEFINITION)), "TO [a]]; DROP LOGIN [b]");
    pretend.login = "a\nb";
    assert_says(sight_needs(&pretend, MAY(VIEW_ANY_DEFINITION)), "TO [LOGIN]");
    pretend.login = "\xE2\x80\xAE"
                    "evil";
    assert_says(sight_needs(&pretend, MAY(VIEW_ANY_DEFINITION)), "TO [LOGIN]");
    pretend.login = NULL;
    assert_says(sight_needs(&pretend, MAY(VIEW_ANY_DEFINITION)), "TO [LOGIN]");
}

static void without_knowing_its_rights_nothing_is_taken_for_empty(void **state)
{
    (void)state;
    pretend.rights = 0;
    pretend_failure("HAS_PERMS_BY_NAME", "no such function", false, false);
    pretend_look(&sight_section);
    databases();
    pretend_look(&files_section);
    assert_true(pretend.partial);
    assert_says(pretend_unread(pretend_database("Sales"), "database.files"), "no such function");
}

/* ----------------------------------------------------------------------------------------------------- session ---- */

static void a_right_that_lacks_against_expectation_is_told_with_its_grant(void **state)
{
    (void)state;
    databases();
    pretend_failure("master_files", "VIEW permission was denied on object 'master_files'", true, false);
    pretend_look(&files_section);
    assert_says(pretend_unread(pretend_database("Sales"), "database.size"), "it needs VIEW ANY DEFINITION: GRANT");
    assert_says(pretend_unread(pretend_database("Sales"), "database.size"), "was denied");
}

static void each_section_fails_alone(void **state)
{
    (void)state;
    product("13.0.4574.0", "3", "1", "1", "SQL1", "ERP");
    pretend_failure("dm_os_cluster_nodes", "broken", false, false);
    pretend_failure("backupset", "broken", false, false);
    pretend_row("DEFAULT_DOMAIN", "CORP", NULL);
    pretend_row("HAS_PERMS_BY_NAME", "sa", "1", "1", "1", "1", "1", "1", NULL);
    pretend_row("DATEDIFF", "0", NULL);
    pretend_row("source_database_id", "5", "Sales", "(null)", "ONLINE", "FULL", "0", "(null)", NULL);
    pretend_row("master_files", "5", "D:\\a", "1", NULL);
    inside_look(&pretend);
    assert_says(pretend_unread(&pretend.item, "sql.nodes"), "broken");
    assert_says(pretend_unread(pretend_database("Sales"), "database.last_full_backup"), "broken");
    assert_int_equal(pretend_int(pretend_database("Sales"), "database.size"), 1);
    assert_string_equal(pretend_text(pretend_database("Sales"), "database.availability_group"), "");
    assert_false(pretend.partial);
}

static void nothing_is_asked_of_a_session_that_is_over(void **state)
{
    (void)state;
    product("13.0.4574.0", "3", "1", "1", "SQL1", "ERP");
    pretend_row("DEFAULT_DOMAIN", "CORP", NULL);
    pretend_row("HAS_PERMS_BY_NAME", "sa", "1", "1", "1", "1", "1", "1", NULL);
    pretend_failure("dm_os_cluster_nodes", "it did not answer within 60 s", false, true);
    inside_look(&pretend);
    assert_says(pretend_unread(&pretend.item, "sql.nodes"), "60 s");
    assert_says(pretend.no_databases, "60 s");
    assert_int_equal(pretend_asked("sys.databases"), 0);
    assert_true(pretend.partial);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(an_instance_tells_what_it_is),
        T(a_name_that_only_the_login_tells_is_taken),
        T(who_calls_itself_otherwise_is_a_stranger),
        T(an_alias_is_no_full_name_of_the_computer),
        T(before_2012_nobody_has_availability_groups),
        T(what_is_not_told_is_unread),
        T(two_answers_are_none),
        T(a_build_that_was_seen_before_the_login_stands_where_it_fails),
        T(a_service_of_azure_is_not_looked_into),
        T(the_domain_is_that_of_the_full_name),
        T(a_computer_in_no_domain_has_none),
        T(a_domain_that_is_not_told_is_unread),
        T(groups_stand_on_a_cluster_which_has_a_name),
        T(groups_for_reading_only_stand_on_none),
        T(whether_there_is_a_cluster_is_unread_without_the_right),
        T(nodes_are_computers_that_it_is_hosted_on),
        T(nodes_that_are_not_all_shown_are_none),
        T(an_instance_on_one_computer_is_hosted_there),
        T(databases_are_recorded_with_their_instance),
        T(rows_that_can_not_be_make_the_scan_partial),
        T(a_value_that_was_cut_is_left_out),
        T(other_columns_than_asked_for_fail_the_section),
        T(without_the_right_to_see_databases_some_may_be_missing),
        T(an_instance_without_any_database_was_not_seen),
        T(files_tell_where_a_database_lies),
        T(files_are_unread_without_the_right_and_never_none),
        T(files_of_a_database_that_is_not_shown_tell_of_it),
        T(sizes_and_paths_that_can_not_be_are_unread),
        T(a_file_that_could_not_be_read_may_be_anybodys),
        T(a_path_is_a_share_or_on_a_shared_volume),
        T(what_is_not_known_of_volumes_leaves_other_files_open),
        T(before_2014_there_is_no_list_of_volumes),
        T(the_last_backup_of_each_type_is_told_in_utc),
        T(the_offset_is_a_quarter_of_an_hour),
        T(a_backup_before_the_database_was_made_is_of_another),
        T(without_msdb_backups_are_unread),
        T(without_an_offset_backups_are_unread),
        T(a_group_is_the_same_from_every_replica),
        T(a_distributed_group_is_told_since_2016),
        T(a_group_that_may_not_be_seen_is_unread_and_never_none),
        T(groups_that_can_not_be_are_left_out),
        T(a_member_that_can_not_be_read_may_be_any),
        T(rights_are_asked_for_first),
        T(since_2022_a_lesser_right_will_do),
        T(a_login_is_quoted_as_a_name),
        T(without_knowing_its_rights_nothing_is_taken_for_empty),
        T(a_right_that_lacks_against_expectation_is_told_with_its_grant),
        T(each_section_fails_alone),
        T(nothing_is_asked_of_a_session_that_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
