/* Databases, their files and backups, and availability groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backups.h"
#include "databases.h"
#include "files.h"
#include "groups.h"
#include "pretend_sql.h"
#include "privileges.h"
#include "shared_volumes.h"

#include <stdio.h>

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

/* --------------------------------------------------------------------------------------------------- databases ---- */

static void databases_are_recorded_with_their_instance(void **state)
{
    const struct item *item;

    (void)state;
    pretend_databases();
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
    pretend_says(pretend.no_databases, "2 columns");
    pretend_look(&files_section);
    assert_int_equal(pretend_asked("master_files"), 0);
}

/* As many as an instance can have are kept, each of its own name; none beyond. */
static void more_databases_than_an_instance_can_have_are_left_out(void **state)
{
    const struct statement *statement = &databases_section.statements[0];
    char id[16], name[32];
    struct mssql_row row = { .values = { id, name, "2020-01-01T00:00:00", "ONLINE", "FULL", "0", NULL }, .count = 7 };

    (void)state;
    for (int i = 1; i <= INSTANCE_MAX_DATABASES + 5; i++) {
        snprintf(id, sizeof id, "%d", i);
        snprintf(name, sizeof name, "database %d", i);
        statement->take(&pretend, &row);
    }
    assert_int_equal(pretend.databases.count, INSTANCE_MAX_DATABASES);
    assert_int_equal(pretend.left_out, 5);
    assert_string_equal(pretend_text(pretend_database("database 32767"), "id.name"), "database 32767");
    assert_true(pretend.arena.reserved < 16U << 20);
}

static void without_the_right_to_see_databases_some_may_be_missing(void **state)
{
    (void)state;
    pretend.rights = MAY(VIEW_ANY_DEFINITION);
    pretend_databases();
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
    pretend_databases();
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
    pretend_says(pretend_unread(pretend_database("master"), "database.files"), "no file");
    assert_int_equal(pretend_truth(pretend_database("master"), "database.on_csv"), -1);
    assert_false(pretend.partial);
}

static void files_are_unread_without_the_right_and_never_none(void **state)
{
    (void)state;
    pretend.rights = MAY(VIEW_ANY_DATABASE);
    pretend_databases();
    pretend_look(&files_section);
    assert_int_equal(pretend_asked("master_files"), 0);
    pretend_says(pretend_unread(pretend_database("Sales"), "database.on_csv"),
                 "needs VIEW ANY DEFINITION: GRANT VIEW ANY DEFINITION TO [CORP\\muster]");
    assert_null(pretend_list(pretend_database("Sales"), "database.files"));
    assert_true(pretend.partial);
}

static void files_of_a_database_that_is_not_shown_tell_of_it(void **state)
{
    (void)state;
    pretend.rights = MAY(VIEW_ANY_DATABASE) | MAY(VIEW_ANY_DEFINITION);
    pretend_databases();
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
    pretend_databases();
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
    pretend_databases();
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
    pretend_product("13.0.4574.0", "2", "1", "0", "SQL1", "ERP");
    pretend_row("valid_path_names", "E:\\Mount\\csv1", "1", NULL);
    pretend_row("valid_path_names", "F:\\", "1", NULL);
    pretend_row("valid_path_names", "G:\\", "0", NULL);
    pretend_row("valid_path_names", "", "1", NULL);
    pretend_look(&shared_volumes_section);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (shared_volumes_hold(&pretend, cases[i].path) != cases[i].csv ||
            shared_volumes_is_share(cases[i].path) != cases[i].share)
            fail_msg("%s is taken for something else", cases[i].path);
    }
}

static void what_is_not_known_of_volumes_leaves_other_files_open(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "2", "1", "0", "SQL1", "ERP");
    pretend.rights &= ~(unsigned)MAY_SEE_STATE;
    pretend_databases();
    pretend_look(&shared_volumes_section);
    pretend_row("master_files", "5", "E:\\Sales.mdf", "8192", NULL);
    pretend_row("master_files", "6", "C:\\ClusterStorage\\Volume2\\drop.mdf", "8192", NULL);
    pretend_look(&files_section);
    pretend_says(pretend_unread(pretend_database("Sales"), "database.on_csv"), "needs VIEW SERVER STATE");
    assert_int_equal(pretend_truth(pretend_database("]; DROP"), "database.on_csv"), 1);
    assert_false(pretend.partial);
}

static void before_2014_there_is_no_list_of_volumes(void **state)
{
    (void)state;
    pretend_product("11.0.7507.2", "2", "1", "0", "SQL1", "ERP");
    pretend_look(&shared_volumes_section);
    assert_int_equal(pretend_asked("valid_path_names"), 0);
    assert_null(pretend.no_volumes);
}

/* ----------------------------------------------------------------------------------------------------- backups ---- */

static void the_last_backup_of_each_type_is_told_in_utc(void **state)
{
    const struct item *item;

    (void)state;
    pretend_databases();
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
    pretend_databases();
    pretend_row("DATEDIFF", "0", NULL);
    pretend_row("backupset", "Sales", "D", "0", "0", "2019-11-20T22:30:00", NULL);
    pretend_look(&backups_section);
    assert_null(pretend_text(pretend_database("Sales"), "database.last_full_backup"));
}

static void without_msdb_backups_are_unread(void **state)
{
    (void)state;
    pretend_databases();
    pretend.rights &= ~MAY(SELECT_BACKUPSET);
    pretend_look(&backups_section);
    pretend_says(pretend_unread(pretend_database("Sales"), "database.last_log_backup"),
                 "USE msdb; CREATE USER [CORP\\muster] FOR LOGIN [CORP\\muster]; GRANT SELECT ON dbo.backupset TO "
                 "[CORP\\muster]");
    assert_false(pretend.partial);
}

static void without_an_offset_backups_are_unread(void **state)
{
    (void)state;
    pretend_databases();
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
    pretend_product("11.0.5678.0", "3", "0", "1", "SQL1", "ERP");
    pretend_databases();
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
    pretend_product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    pretend_row("is_distributed", GROUP, "AG-Wide", "1", NULL);
    pretend_look(&groups_section);
    assert_int_equal(pretend_truth(pretend_group("AG-Wide"), "availability_group.distributed"), 1);
}

static void a_group_that_may_not_be_seen_is_unread_and_never_none(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    pretend_databases();
    pretend.rights = MAY(VIEW_ANY_DATABASE);
    pretend_row("availability_databases_cluster", "5", GROUP, NULL);
    pretend_look(&groups_section);
    pretend_look(&groups_membership);
    assert_true(pretend.partial);
    pretend_says(pretend_unread(pretend_database("Sales"), "database.availability_group"), "needs VIEW ANY DEFINITION");
    assert_null(pretend_text(pretend_database("Sales"), "database.availability_group"));
    assert_string_equal(pretend_text(pretend_database("]; DROP"), "database.availability_group"), "");
}

static void groups_that_can_not_be_are_left_out(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    pretend_databases();
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
    pretend_says(pretend_unread(pretend_database("Sales"), "database.availability_group"), "not shown");
}

static void a_member_that_can_not_be_read_may_be_any(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    pretend_databases();
    pretend_row("availability_databases_cluster", "x", GROUP, NULL);
    pretend_look(&groups_membership);
    assert_non_null(pretend_unread(pretend_database("Sales"), "database.availability_group"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(databases_are_recorded_with_their_instance),
        T(rows_that_can_not_be_make_the_scan_partial),
        T(a_value_that_was_cut_is_left_out),
        T(other_columns_than_asked_for_fail_the_section),
        T(more_databases_than_an_instance_can_have_are_left_out),
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
