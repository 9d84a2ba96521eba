/* Databases of backup servers that the peer has, scanned as a whole: every product and build, every part that may be
 * missing or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dpm_site.h"
#include "rows.h"
#include "sqlpeer.h"

#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST(number, databases, more)                                                                                  \
    "{\"name\": \"mabs" number "\", \"address\": \"127.0.0.1\", \"instances\": [{\"name\": \"MSDPMINSTANCE\", "        \
    "\"version\": \"2016\", \"databases\": [" databases "]" more "}]}"
#define DPMDB "{\"name\": \"DPMDB_MABS1\", \"dpm\": " SERVER "}"
#define SERVER                                                                                                         \
    "{\"server\": \"mabs1.corp.example\", \"version\": \"13.0.415.0\", \"patches\": [\"13.0.580.0\", "                 \
    "\"13.0.657.0\"], \"groups\": [\"Files\", {\"name\": \"Tapes\", \"disk\": false}], \"computers\": ["               \
    "{\"name\": \"fs1.corp.example\", \"agent\": \"13.0.580.0\"}, {\"name\": \"vc1.corp.example\", \"proxy\": true}, " \
    "{\"name\": \"SCVMM web Resources.clu1.corp.example\", \"resource_group\": true}], \"sources\": ["                 \
    "{\"type\": \"volume\", \"computer\": \"fs1.corp.example\", \"name\": \"D:\\\\\", \"group\": \"Files\", "          \
    "\"points\": 7, \"last\": \"-3h\", \"failed\": \"-1h\", \"online\": true, \"paths\": [\"D:\\\\Users\"]},"          \
    "{\"type\": \"volume\", \"computer\": \"fs1.corp.example\", \"name\": \"E:\\\\\"},"                                \
    "{\"type\": \"volume\", \"computer\": \"fs1.corp.example\", \"name\": \"F:\\\\\", \"group\": \"Files\", "          \
    "\"state\": \"inactive\"},"                                                                                        \
    "{\"type\": \"system\", \"computer\": \"fs1.corp.example\", \"group\": \"Tapes\", \"last\": null, "                \
    "\"components\": [\"System State\", \"Bare Metal Recovery\"]},"                                                    \
    "{\"type\": \"sql\", \"computer\": \"sql1.corp.example\", \"name\": \"SQL1\\\\ERP\\\\]; DROP\", \"group\": "       \
    "\"Files\"},"                                                                                                      \
    "{\"type\": \"exchange\", \"computer\": \"ex1.corp.example\", \"name\": \"Crew\", \"group\": \"Files\"},"          \
    "{\"type\": \"sharepoint\", \"computer\": \"sp1.corp.example\", \"name\": \"SharePoint Farm\\\\SQL1\\\\Config\", " \
    "\"group\": \"Files\"},"                                                                                           \
    "{\"type\": \"vmware\", \"computer\": \"vc1.corp.example\", \"name\": \"web01\", \"group\": \"Files\"},"           \
    "{\"type\": \"hyperv\", \"computer\": \"SCVMM web Resources.clu1.corp.example\", \"name\": \"\\\\Online\\\\web\"," \
    " \"group\": \"Files\", \"guid\": \"6d1f6f0e-5a53-4f0c-9c7e-2f8a31b7c001\"}]}"

static void begin(const char *hosts)
{
    struct str fleet = STR_EMPTY;

    str_format(&fleet, "{\"hosts\": [%s]}", hosts);
    dpm_site_begin(str_text(&fleet));
    str_finish(&fleet);
}

static int set_up(void **state)
{
    (void)state;
    begin(HOST("1", "\"Sales\", " DPMDB, ""));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    dpm_site_end();
    return 0;
}

static void assert_text(const struct item *item, const char *attribute, const char *wanted)
{
    const char *text = item_text(item, attribute);

    if (text == NULL || strcmp(text, wanted) != 0)
        fail_msg("%s of %s is %s", attribute, item->key, text == NULL ? "missing" : text);
}

/* ------------------------------------------------------------------------------------------------------- whole ---- */

static const struct {
    const char *name, *type, *state, *target;
} sources[] = {
    { "D:\\", "Volume", "protected", "machine fs1.corp.example" },
    { "E:\\", "Volume", "unprotected", "machine fs1.corp.example" },
    { "F:\\", "Volume", "inactive", "machine fs1.corp.example" },
    { "System Protection", "System Protection", "protected", "machine fs1.corp.example" },
    { "SQL1\\ERP\\]; DROP", "SQL Server", "protected", "database sql1.corp.example\\ERP/]; DROP" },
    { "Crew", "Exchange", "protected", "mailbox_database ex1.corp.example/Crew" },
    { "SharePoint Farm\\SQL1\\Config", "SharePoint Farm", "protected", "sharepoint_farm sp1.corp.example/Config" },
    { "web01", "VMware", "protected", "vm vc1.corp.example/web01" },
    { "\\Online\\web", "Microsoft Hyper-V", "protected", "vm 6d1f6f0e-5a53-4f0c-9c7e-2f8a31b7c001" },
};

static void what_a_backup_server_holds_is_scanned(void **state)
{
    const struct item *item;

    (void)state;
    dpm_site_scan("mabs1", NULL);
    assert_int_equal(mock_completeness(dpm_site.mock), COMPLETE);
    assert_int_equal(mock_warning_count(dpm_site.mock), 0);
    assert_int_equal(mock_item_count(dpm_site.mock, "backup_server"), 1);
    assert_int_equal(mock_item_count(dpm_site.mock, "protected"), sizeof sources / sizeof *sources);
    item = dpm_site_item("backup_server", "mabs1.corp.example");
    assert_text(item, "backup.database_version", "13.0.415.0");
    assert_text(item, "backup.version", "13.0.657");
    assert_text(item, "backup.database_name", "DPMDB_MABS1");
    assert_text(item, "backup.database_instance", "MABS1\\MSDPMINSTANCE");
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        item = dpm_site_source(sources[i].name);
        assert_text(item, "protected.type", sources[i].type);
        assert_text(item, "protected.state", sources[i].state);
        assert_text(item, "protected.target", sources[i].target);
    }
    item = dpm_site_source("D:\\");
    assert_text(item, "backup.agent_version", "13.0.580.0");
    assert_text(item, "protected.group", "Files");
    assert_int_equal(mock_int(dpm_site.mock, "protected", item->key, "protected.recovery_points"), 7);
    assert_non_null(item_text(item, "protected.last_recovery_point"));
    assert_true(strcmp(item_text(item, "protected.last_failure"), item_text(item, "protected.last_recovery_point")) >
                0);
    assert_true(item_get(item, "protected.online")->truth);
    item = dpm_site_source("System Protection");
    assert_false(item_get(item, "protected.disk")->truth);
    assert_null(item_text(item, "protected.last_recovery_point"));
    assert_int_equal(item_get(item, "protected.components")->list.count, 2);
    assert_true(item_get(dpm_site_source("\\Online\\web"), "protected.resource_group")->truth);
}

/* Views cost the server: each is asked once; and a login that finds the database is followed by one to it. */
static void nothing_is_asked_twice(void **state)
{
    (void)state;
    dpm_site_scan("mabs1", NULL);
    assert_int_equal(dpm_site_count("mabs1", "logins"), 2);
    assert_true(dpm_site_count("mabs1", "batches") + dpm_site_count("mabs1", "calls") <= 24);
    peer_tell(dpm_site.peer, "reset");
    dpm_site_scan("mabs1", "database", "DPMDB_MABS1", NULL);
    assert_int_equal(dpm_site_count("mabs1", "logins"), 1);
}

/* ------------------------------------------------------------------------------------------------------ builds ---- */

static const struct {
    const char *version, *patch, *told; /* DatabaseVersion, the last update or NULL, backup.version */
} builds[] = {
    { "11.0.50.0", NULL, "11.0.50.0" },            /* MABS v1 */
    { "12.0.332.0", NULL, "12.0.332.0" },          /* v2 */
    { "13.0.415.0", NULL, "13.0.415.0" },          /* v3 */
    { "13.0.415.0", "13.0.580.0", "13.0.580" },    /* v3 UR1 */
    { "14.0.30.0", NULL, "14.0.30.0" },            /* v4 */
    { "14.0.30.0", "14.0.46.0", "14.0.46" },       /* v4 UR1 Refresh */
    { "4.2.1205.0", "4.2.1594.0", "4.2.1594" },    /* DPM 2012 R2 UR13 */
    { "5.0.158.0", "5.0.622.0", "5.0.622" },       /* DPM 2016 UR10 */
    { "5.1.363.0", NULL, "5.1.363.0" },            /* DPM 1801 */
    { "10.19.58.0", "10.19.861.0", "10.19.861" },  /* DPM 2019 UR6 */
    { "10.22.123.0", "10.22.197.0", "10.22.197" }, /* DPM 2022 UR2 Refresh */
    { "10.25.25.0", NULL, "10.25.25.0" },          /* DPM 2025 */
};

static void every_build_is_told(void **state)
{
    (void)state;
    begin(HOST("1", DPMDB, ""));
    for (size_t i = 0; i < sizeof builds / sizeof *builds; i++) {
        const struct item *item;

        peer_tell(dpm_site.peer, "change-dpm\tmabs1\tDPMDB_MABS1\tversion\t\"%s\"", builds[i].version);
        peer_tell(dpm_site.peer, "change-dpm\tmabs1\tDPMDB_MABS1\tpatches\t[%s%s%s]",
                  builds[i].patch == NULL ? "" : "\"", builds[i].patch == NULL ? "" : builds[i].patch,
                  builds[i].patch == NULL ? "" : "\"");
        dpm_site_scan("mabs1", NULL);
        item = dpm_site_item("backup_server", "mabs1.corp.example");
        assert_text(item, "backup.database_version", builds[i].version);
        assert_text(item, "backup.version", builds[i].told);
    }
    dpm_site_end();
}

/* ------------------------------------------------------------------------------------------------ what is missing ----
 */

static const struct {
    const char *lacks, *source, *attribute; /* which attribute of which source is then unread */
} missing[] = {
    { "vw_dpm_agents", "D:\\", "backup.agent_version" },
    { "vw_dpm_agents.version", "D:\\", "backup.agent_version" },
    { "tbl_prm_logicalreplica", "E:\\", "protected.state" },
    { "vw_dpm_diskrecoverypoints.frequency", "D:\\", "protected.recovery_points" },
    { "tbl_im_protectedgroup", "D:\\", "protected.disk" },
    { "tbl_im_protectedobject", "E:\\", "protected.paths" },
};

static void what_is_not_there_is_unread_and_the_rest_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        peer_tell(dpm_site.peer, "change-dpm\tmabs1\tDPMDB_MABS1\tlacks\t[\"%s\"]", missing[i].lacks);
        dpm_site_scan("mabs1", NULL);
        if (dpm_site_unread(dpm_site_source(missing[i].source), missing[i].attribute) == NULL &&
            strcmp(missing[i].attribute, "protected.paths") != 0)
            fail_msg("without %s, %s is not told as unread", missing[i].lacks, missing[i].attribute);
        assert_int_equal(mock_warning_count(dpm_site.mock), 1);
        assert_int_equal(mock_item_count(dpm_site.mock, "protected"), sizeof sources / sizeof *sources);
        assert_int_equal(mock_completeness(dpm_site.mock), COMPLETE);
    }
}

static void jobs_of_the_disk_stand_in_for_those_of_all(void **state)
{
    (void)state;
    peer_tell(dpm_site.peer, "change-dpm\tmabs1\tDPMDB_MABS1\tlacks\t[\"vw_dpm_total_recoverypoint\"]");
    dpm_site_scan("mabs1", NULL);
    assert_non_null(item_text(dpm_site_source("D:\\"), "protected.last_recovery_point"));
    peer_tell(dpm_site.peer,
              "change-dpm\tmabs1\tDPMDB_MABS1\tlacks\t[\"vw_dpm_total_recoverypoint\",\"vw_dpm_recoverypointdisk\"]");
    dpm_site_scan("mabs1", NULL);
    assert_non_null(dpm_site_unread(dpm_site_source("D:\\"), "protected.last_recovery_point"));
    assert_non_null(dpm_site_unread(dpm_site_source("D:\\"), "protected.last_failure"));
}

/* Not seen is not gone. */
static void a_table_that_may_not_be_read_makes_the_scan_partial(void **state)
{
    (void)state;
    peer_tell(dpm_site.peer, "revoke\tmabs1\tscan\tdpmdb_mabs1.dbo.tbl_im_datasource");
    dpm_site_scan("mabs1", NULL);
    assert_int_equal(mock_completeness(dpm_site.mock), PARTIAL);
    assert_int_equal(mock_item_count(dpm_site.mock, "protected"), 8); /* replicas */
    assert_int_equal(dpm_site_warned("GRANT SELECT ON dbo.tbl_IM_DataSource"), 1);
    peer_tell(dpm_site.peer, "revoke\tmabs1\tscan\tdpmdb_mabs1.dbo.vw_dpm_replica");
    dpm_site_aim("mabs1", "password", "right", "server", "mabs1.corp.example", NULL);
    assert_false(mock_scan(dpm_site.mock));
    assert_int_equal(mock_failure(dpm_site.mock)->class, ERR_UNSUPPORTED);
    assert_non_null(strstr(mock_failure(dpm_site.mock)->text, "GRANT SELECT ON dbo.Vw_DPM_Replica"));
    assert_int_equal(mock_item_count(dpm_site.mock, NULL), 0);
}

static void old_encryption_is_told_where_it_is_allowed(void **state)
{
    (void)state;
    tear_down(state);
    begin(HOST("1", DPMDB, ", \"tls\": \"1.0\""));
    dpm_site_aim("mabs1", "password", "right", NULL);
    assert_false(mock_scan(dpm_site.mock));
    dpm_site_scan("mabs1", "allow_tls_1_0", "true", NULL);
    assert_int_equal(dpm_site_warned("TLS 1.2"), 1);
    assert_string_equal(item_text(dpm_site_item("backup_server", "mabs1.corp.example"), "sql.tls"), "TLSv1");
    assert_int_equal(mock_completeness(dpm_site.mock), COMPLETE);
}

/* --------------------------------------------------------------------------------------------------- no database ----
 */

static void which_database_is_meant_must_be_told_where_several_may_be(void **state)
{
    (void)state;
    peer_tell(dpm_site.peer, "add-database\tmabs1\tDPMDB_OTHER");
    dpm_site_aim("mabs1", "password", "right", NULL);
    assert_false(mock_scan(dpm_site.mock));
    assert_int_equal(mock_failure(dpm_site.mock)->class, ERR_CONFIG);
    assert_non_null(strstr(mock_failure(dpm_site.mock)->text, "DPMDB_MABS1, DPMDB_OTHER"));
    dpm_site_scan("mabs1", "database", "DPMDB_MABS1", NULL);
    assert_int_equal(mock_item_count(dpm_site.mock, "backup_server"), 1);
}

/* What the server calls its own would be settings of the driver: no encryption, another port. */
static void a_database_whose_name_says_more_gets_no_login(void **state)
{
    (void)state;
    dpm_site_end();
    begin(HOST("1", "\"DPMDB_a\\nPort = 1\\nEncryption = off\"", ""));
    dpm_site_aim("mabs1", "password", "right", "server", "mabs1.corp.example", NULL);
    assert_false(mock_scan(dpm_site.mock));
    assert_int_equal(mock_failure(dpm_site.mock)->class, ERR_CONFIG);
    assert_non_null(strstr(mock_failure(dpm_site.mock)->text, "database:"));
    assert_int_equal(dpm_site_count("mabs1", "logins"), 1);
}

static void an_instance_without_the_database_is_told(void **state)
{
    (void)state;
    peer_tell(dpm_site.peer, "drop-database\tmabs1\tDPMDB_MABS1");
    dpm_site_aim("mabs1", "password", "right", NULL);
    assert_false(mock_scan(dpm_site.mock));
    assert_int_equal(mock_failure(dpm_site.mock)->class, ERR_UNSUPPORTED);
    assert_non_null(
        strstr(mock_failure(dpm_site.mock)->text, " of 127.0.0.1 shows the login no database called DPMDB"));
}

/* The credential is right: other targets that have it need not wait. */
static void a_database_that_is_not_there_refuses_no_credential(void **state)
{
    (void)state;
    dpm_site_aim("mabs1", "password", "right", "database", "DPMDB_ELSEWHERE", NULL);
    assert_false(mock_scan(dpm_site.mock));
    assert_int_equal(mock_failure(dpm_site.mock)->class, ERR_UNSUPPORTED);
    assert_non_null(strstr(mock_failure(dpm_site.mock)->text, "DPMDB_ELSEWHERE"));
}

static void a_credential_that_is_refused_is_tried_once(void **state)
{
    (void)state;
    dpm_site_aim("mabs1", "password", "wrong", NULL);
    assert_false(mock_scan(dpm_site.mock));
    assert_int_equal(mock_failure(dpm_site.mock)->class, ERR_DENIED);
    assert_int_equal(dpm_site_count("mabs1", "refused"), 1);
}

static void without_an_account_there_is_nothing_to_scan(void **state)
{
    (void)state;
    mock_destroy(dpm_site.mock);
    dpm_site.mock = mock_create(muster_plugin_entry());
    mock_option(dpm_site.mock, "host", "127.0.0.1");
    assert_false(mock_check(dpm_site.mock));
    assert_int_equal(mock_failure(dpm_site.mock)->class, ERR_CONFIG);
    dpm_site_aim("mabs1", "password", "right", "server", "mabs1", NULL);
    assert_false(mock_check(dpm_site.mock));
    assert_non_null(strstr(mock_failure(dpm_site.mock)->text, "server"));
}

/* ----------------------------------------------------------------------------------------------------------- bad ----
 */

static const struct {
    const char *trick;
    enum err_class class; /* of the failure; ERR_NONE: it ends well */
    const char *unread;   /* then: an attribute of D:\ that is unread */
} bad[] = {
    { "nulls", ERR_UNSUPPORTED, NULL },
    { "hostile-text", ERR_UNSUPPORTED, NULL },
    { "fails:229/dbo.vw_DPM_Agents", ERR_NONE, "backup.agent_version" },
    { "fails:208/dbo.vw_DPM_DiskRecoveryPoints", ERR_NONE, "protected.recovery_points" },
    { "fails:1205/dbo.vw_DPM_DiskRecoveryPoints", ERR_NONE, "protected.recovery_points" },
    { "fails:1205/dbo.tbl_IM_DataSource", ERR_PROTOCOL, NULL }, /* a deadlock: there is nothing that stands in */
    { "hangs:dbo.vw_DPM_Agents", ERR_TIMEOUT, NULL },
    { "dies:dbo.vw_DPM_Agents", ERR_UNREACHABLE, NULL },
};

static void what_goes_wrong_costs_its_part_or_the_scan(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        bool good;

        peer_tell(dpm_site.peer, "trick\tmabs1\t%s", bad[i].trick);
        dpm_site_aim("mabs1", "password", "right", "database", "DPMDB_MABS1", "server", "mabs1.corp.example",
                     "query_timeout", "1s", NULL);
        good = mock_scan(dpm_site.mock);
        if (good != (bad[i].class == ERR_NONE) || (!good && mock_failure(dpm_site.mock)->class != bad[i].class))
            fail_msg("%s: %s", bad[i].trick, good ? "it ends well" : mock_failure(dpm_site.mock)->text);
        if (good)
            assert_non_null(dpm_site_unread(dpm_site_source("D:\\"), bad[i].unread));
    }
}

static void values_that_nobody_wants_are_within_their_limits(void **state)
{
    static const char *const tricks[] = { "big-value", "numbers", "big-value:70000", "cut", "error-in-rows:229" };

    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        peer_tell(dpm_site.peer, "trick\tmabs1\t%s", tricks[i]);
        dpm_site_aim("mabs1", "password", "right", "database", "DPMDB_MABS1", "server", "mabs1.corp.example",
                     "query_timeout", "5s", NULL);
        if (!mock_scan(dpm_site.mock)) {
            assert_int_not_equal(mock_failure(dpm_site.mock)->class, ERR_BUG);
            assert_int_not_equal(mock_failure(dpm_site.mock)->class, ERR_DENIED);
        }
    }
}

/* --------------------------------------------------------------------------------------------------------- doctor ----
 */

static const struct message_step *step(const char *name)
{
    for (size_t i = 0; i < mock_step_count(dpm_site.mock); i++) {
        if (strcmp(mock_step_at(dpm_site.mock, i)->name, name) == 0)
            return mock_step_at(dpm_site.mock, i);
    }
    fail_msg("there is no step %s", name);
    return NULL;
}

static void the_doctor_names_the_grant_for_each_object(void **state)
{
    (void)state;
    dpm_site_aim("mabs1", "password", "right", NULL);
    assert_true(mock_doctor(dpm_site.mock));
    assert_int_equal(step("database")->state, MUSTER_STEP_OK);
    assert_int_equal(step("objects")->state, MUSTER_STEP_OK);
    assert_int_equal(step("Vw_DPM_Agents")->state, MUSTER_STEP_OK);
    peer_tell(dpm_site.peer, "revoke\tmabs1\tscan\tdpmdb_mabs1.dbo.vw_dpm_agents");
    dpm_site_aim("mabs1", "password", "right", NULL);
    assert_true(mock_doctor(dpm_site.mock));
    assert_int_equal(step("Vw_DPM_Agents")->state, MUSTER_STEP_WARNING);
    assert_non_null(strstr(step("Vw_DPM_Agents")->remedy, "GRANT SELECT ON dbo.Vw_DPM_Agents TO [scan]"));
    assert_int_equal(step("objects")->state, MUSTER_STEP_OK);
    peer_tell(dpm_site.peer, "drop-database\tmabs1\tDPMDB_MABS1");
    dpm_site_aim("mabs1", "password", "right", NULL);
    assert_true(mock_doctor(dpm_site.mock));
    assert_int_equal(step("database")->state, MUSTER_STEP_FAILED);
    assert_int_equal(step("objects")->state, MUSTER_STEP_SKIPPED);
}

static void the_doctor_of_a_wrong_password_skips_the_rest(void **state)
{
    (void)state;
    dpm_site_aim("mabs1", "password", "wrong", NULL);
    assert_false(mock_doctor(dpm_site.mock));
    assert_int_equal(mock_failure(dpm_site.mock)->class, ERR_DENIED);
    assert_int_equal(dpm_site_count("mabs1", "refused"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_backup_server_holds_is_scanned),
        TEST(nothing_is_asked_twice),
        cmocka_unit_test(every_build_is_told),
        TEST(what_is_not_there_is_unread_and_the_rest_is_read),
        TEST(jobs_of_the_disk_stand_in_for_those_of_all),
        TEST(a_table_that_may_not_be_read_makes_the_scan_partial),
        TEST(old_encryption_is_told_where_it_is_allowed),
        TEST(which_database_is_meant_must_be_told_where_several_may_be),
        TEST(a_database_whose_name_says_more_gets_no_login),
        TEST(an_instance_without_the_database_is_told),
        TEST(a_database_that_is_not_there_refuses_no_credential),
        TEST(a_credential_that_is_refused_is_tried_once),
        TEST(without_an_account_there_is_nothing_to_scan),
        TEST(what_goes_wrong_costs_its_part_or_the_scan),
        TEST(values_that_nobody_wants_are_within_their_limits),
        TEST(the_doctor_names_the_grant_for_each_object),
        TEST(the_doctor_of_a_wrong_password_skips_the_rest),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
