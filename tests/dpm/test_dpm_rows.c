/* What becomes of rows of DPMDB: data sources, their groups, replicas, jobs; the backup server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "protected_item.h"
#include "rows.h"
#include "server_item.h"

#include <stdlib.h>
#include <string.h>

static struct holdings held;
static struct item item;

static int set_up(void **state)
{
    (void)state;
    holdings_init(&held);
    ROW(&held, SECTION_SERVERS, SERVER_1, "FS01", "FS01", "corp.example", "0");
    ROW(&held, SECTION_GROUPS, GROUP_1, "File servers");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    holdings_finish(&held);
    return 0;
}

static void make(void)
{
    holdings_join(&held);
    assert_int_equal(held.sources.count, 1);
    protected_item(&item, &held, held.sources.items[0], "mabs.example", &held.arena);
}

/* ------------------------------------------------------------------------------------------------------- state ---- */

static const struct {
    const char *group, *validity; /* NULL: no replica */
    const char *state;
    bool inferred;
} states[] = {
    { GROUP_1, "2", "protected", false }, { GROUP_1, "1", "protected", false }, { GROUP_1, NULL, "protected", false },
    { GROUP_1, "5", "stopped", true },    { NIL, "6", "inactive", true },       { NIL, "5", "stopped", true },
    { NIL, "2", "inactive", true },       { NIL, NULL, "unprotected", true },   { NIL, "what", "inactive", true },
};

static void the_state_is_that_of_group_and_replica(void **state)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        tear_down(state);
        set_up(state);
        ROW(&held, SECTION_SOURCES, SOURCE_1, "D:\\", SERVER_1, states[i].group, NIL, "0");
        if (states[i].validity != NULL)
            ROW(&held, SECTION_LOGICAL, SOURCE_1, states[i].validity, NIL);
        rows_read_all(&held);
        make();
        assert_string_equal(rows_text(&item, "protected.state"), states[i].state);
        assert_int_equal(strstr(rows_list(&item, "protected.inferred"), "protected.state") != NULL, states[i].inferred);
    }
}

static void of_several_replicas_one_in_use_counts(void **state)
{
    (void)state;
    ROW(&held, SECTION_SOURCES, SOURCE_1, "D:\\", SERVER_1, NIL, NIL, "0");
    ROW(&held, SECTION_LOGICAL, SOURCE_1, "6", NIL);
    ROW(&held, SECTION_LOGICAL, SOURCE_1, "5", NIL);
    ROW(&held, SECTION_LOGICAL, SOURCE_1, "2", NIL);
    ROW(&held, SECTION_LOGICAL, SOURCE_1, "6", NIL);
    rows_read_all(&held);
    make();
    assert_string_equal(rows_text(&item, "protected.state"), "inactive");
    assert_int_equal(item_get(&item, "protected.validity")->number, 2);
}

/* ------------------------------------------------------------------------------------------------------ facts ---- */

static void all_that_is_known_of_a_data_source_is_in_its_item(void **state)
{
    (void)state;
    ROW(&held, SECTION_AGENTS, "fs01", "12.0.332.0");
    ROW(&held, SECTION_INTENTS, GROUP_1, "Other name", "55555555-0000-0000-0000-000000000001");
    ROW(&held, SECTION_SOURCES, "{" SOURCE_1 "}", "D:\\", SERVER_1, GROUP_1, NIL, "1");
    ROW(&held, SECTION_LOGICAL, SOURCE_1, "2", NIL);
    ROW(&held, SECTION_DISK_POINTS, "d:\\", GROUP_1, SERVER_1, "14");
    ROW(&held, SECTION_JOBS, "D:\\", "FS01", "2018-03-01T12:00:00.123", "2018-02-27T01:00:00");
    ROW(&held, SECTION_OBJECTS, SOURCE_1, "Data",
        "<?xml version=\"1.0\" encoding=\"utf-16\"?><ArrayOfInquiryPathEntryType "
        "xmlns:x=\"urn:x\"><InquiryPathEntryType "
        "Value=\"D:\\Users\" /><InquiryPathEntryType><Path>D:\\Home</Path><Name>no path</Name></InquiryPathEntryType>"
        "</ArrayOfInquiryPathEntryType>",
        NIL);
    ROW(&held, SECTION_VOLUMES, "44444444-0000-0000-0000-000000000001", "D:\\");
    ROW(&held, SECTION_SOURCE_VOLUMES, SOURCE_1, "44444444-0000-0000-0000-000000000001");
    rows_read_all(&held);
    held.read[SECTION_DISK_JOBS] = false;
    make();
    assert_string_equal(item.key, SOURCE_1);
    assert_string_equal(rows_text(&item, "id.name"), "D:\\");
    assert_string_equal(rows_text(&item, "protected.computer"), "fs01.corp.example");
    assert_string_equal(rows_text(&item, "protected.group"), "File servers");
    assert_string_equal(rows_text(&item, "protected.last_recovery_point"), "2018-03-01T12:00:00Z");
    assert_string_equal(rows_text(&item, "protected.last_failure"), "2018-02-27T01:00:00Z");
    assert_string_equal(rows_text(&item, "backup.agent_version"), "12.0.332.0");
    assert_string_equal(rows_list(&item, "protected.paths"), "D:\\Home; D:\\Users");
    assert_int_equal(item_get(&item, "protected.recovery_points")->number, 14);
    assert_true(item_get(&item, "protected.disk")->truth);
    assert_true(item_get(&item, "protected.online")->truth);
    assert_false(item_get(&item, "protected.resource_group")->truth);
    assert_string_equal(rows_list(&item, "protected.inferred"),
                        "protected.last_failure; protected.last_recovery_point; protected.paths; protected.type");
    assert_int_equal(item.unread_count, 0);
}

/* What names alone tell, is nobody's where two have the name. */
static void jobs_of_two_that_are_called_alike_are_told_of_neither(void **state)
{
    (void)state;
    ROW(&held, SECTION_SOURCES, SOURCE_1, "VM7", SERVER_1, GROUP_1, "18bee66c-826f-4499-a663-9805c8688ad3", "0");
    ROW(&held, SECTION_SOURCES, "33333333-0000-0000-0000-000000000002", "vm7", SERVER_1, GROUP_1,
        "18bee66c-826f-4499-a663-9805c8688ad3", "0");
    ROW(&held, SECTION_JOBS, "VM7", "FS01", "2018-03-01T12:00:00", NIL);
    ROW(&held, SECTION_DISK_POINTS, "VM7", GROUP_1, SERVER_1, "14");
    rows_read_all(&held);
    held.read[SECTION_DISK_JOBS] = false;
    holdings_join(&held);
    vec_each (source, &held.sources) {
        protected_item(&item, &held, *source, "mabs.example", &held.arena);
        assert_null(item_get(&item, "protected.last_recovery_point"));
        assert_non_null(rows_unread(&item, "protected.last_recovery_point"));
        assert_non_null(rows_unread(&item, "protected.last_failure"));
        assert_non_null(rows_unread(&item, "protected.recovery_points"));
    }
}

static void what_was_not_read_is_unread_with_its_reason(void **state)
{
    static const struct {
        enum section_id id;
        const char *attribute;
    } cases[] = {
        { SECTION_AGENTS, "backup.agent_version" },           { SECTION_INTENTS, "protected.disk" },
        { SECTION_JOBS, "protected.last_recovery_point" },    { SECTION_JOBS, "protected.last_failure" },
        { SECTION_DISK_POINTS, "protected.recovery_points" }, { SECTION_OBJECTS, "protected.paths" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tear_down(state);
        set_up(state);
        ROW(&held, SECTION_SOURCES, SOURCE_1, "D:\\", SERVER_1, GROUP_1, NIL, "0");
        rows_read_all(&held);
        held.read[SECTION_DISK_JOBS] = false;
        held.read[cases[i].id] = false;
        holdings_failed(&held, cases[i].id, "no right");
        make();
        assert_string_equal(rows_unread(&item, cases[i].attribute), "no right");
    }
}

/* What came before would be taken for all. */
static void what_broke_off_is_forgotten(void **state)
{
    (void)state;
    ROW(&held, SECTION_SOURCES, SOURCE_1, "D:\\", SERVER_1, GROUP_1, NIL, "0");
    ROW(&held, SECTION_LOGICAL, SOURCE_1, "5", NIL);
    ROW(&held, SECTION_OBJECTS, SOURCE_1, NIL, "<a>D:\\Users</a>", NIL);
    rows_read_all(&held);
    held.read[SECTION_DISK_JOBS] = false;
    held.read[SECTION_LOGICAL] = held.read[SECTION_OBJECTS] = false;
    holdings_failed(&held, SECTION_LOGICAL, "a deadlock");
    holdings_failed(&held, SECTION_OBJECTS, "a deadlock");
    make();
    assert_string_equal(item_text(&item, "protected.state"), "protected");
    assert_null(item_get(&item, "protected.validity"));
    assert_null(item_get(&item, "protected.paths"));
    assert_string_equal(rows_unread(&item, "protected.paths"), "a deadlock");
}

static void without_data_sources_replicas_are_told_of(void **state)
{
    (void)state;
    holdings_failed(&held, SECTION_SOURCES, "no right");
    ROW(&held, SECTION_REPLICAS, SOURCE_1, "D:\\", "FS01", GROUP_1, NIL, "MABS01");
    ROW(&held, SECTION_REPLICAS, "33333333-0000-0000-0000-000000000002", "E:\\", "FS01", GROUP_1, "2018-03-01T12:00:00",
        "MABS01");
    holdings_done(&held, SECTION_REPLICAS);
    holdings_join(&held);
    assert_int_equal(held.sources.count, 2);
    protected_item(&item, &held, held.sources.items[0], "mabs.example", &held.arena);
    assert_string_equal(rows_text(&item, "protected.state"), "protected");
    assert_string_equal(rows_text(&item, "protected.computer"), "fs01.corp.example");
    protected_item(&item, &held, held.sources.items[1], "mabs.example", &held.arena);
    assert_string_equal(rows_text(&item, "protected.state"), "inactive");
}

/* ----------------------------------------------------------------------------------------------------- hostile ---- */

static void a_row_that_makes_no_sense_is_passed_over_and_counted(void **state)
{
    static char name[HOLDINGS_MAX_NAME + 2];

    (void)state;
    memset(name, 'x', sizeof name - 1);
    ROW(&held, SECTION_SOURCES, "no guid", "D:\\", SERVER_1, GROUP_1, NIL, "0");
    ROW(&held, SECTION_SOURCES, NIL, "D:\\", SERVER_1, GROUP_1, NIL, "0");
    ROW(&held, SECTION_SOURCES, SOURCE_1, NIL, SERVER_1, GROUP_1, NIL, "0");
    ROW(&held, SECTION_SOURCES, SOURCE_1, "", SERVER_1, GROUP_1, NIL, "0");
    ROW(&held, SECTION_SOURCES, SOURCE_1, name, SERVER_1, GROUP_1, NIL, "0");
    assert_int_equal(held.passed_over[SECTION_SOURCES], 5);
    assert_int_equal(held.sources.count, 0);
    ROW(&held, SECTION_SOURCES, SOURCE_1, "D:\\", SERVER_1, "no guid", "no guid", "-7");
    ROW(&held, SECTION_SOURCES, SOURCE_1, "D:\\", SERVER_1, GROUP_1, NIL, "0"); /* again */
    assert_int_equal(held.passed_over[SECTION_SOURCES], 6);
    rows_read_all(&held);
    make();
    assert_null(item_get(&item, "protected.online"));
}

/* Each section by itself: NULL in all columns. */
static void rows_of_nothing_are_nothing(void **state)
{
    (void)state;
    for (size_t id = 0; id < SECTION_COUNT; id++) {
        for (int i = 0; i < 3; i++)
            ROW(&held, (enum section_id)id, NIL, NIL, NIL, NIL, NIL, NIL, NIL, NIL);
    }
    assert_int_equal(held.sources.count, 0);
}

static void paths_of_xml_that_is_none_are_unread(void **state)
{
    static const char *const bad[] = { "<a><b>D:\\x</b>", "no xml", "<!DOCTYPE a><a>D:\\x</a>", "" };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tear_down(state);
        set_up(state);
        ROW(&held, SECTION_SOURCES, SOURCE_1, "D:\\", SERVER_1, GROUP_1, NIL, "0");
        ROW(&held, SECTION_OBJECTS, SOURCE_1, NIL, bad[i], bad[i]);
        rows_read_all(&held);
        make();
        assert_non_null(rows_unread(&item, "protected.paths"));
        assert_null(item_get(&item, "protected.paths"));
    }
}

static void a_data_source_of_more_paths_than_are_kept_has_none(void **state)
{
    (void)state;
    ROW(&held, SECTION_SOURCES, SOURCE_1, "D:\\", SERVER_1, GROUP_1, NIL, "0");
    for (int i = 0; i <= HOLDINGS_MAX_PATHS; i++)
        ROW(&held, SECTION_OBJECTS, SOURCE_1, NIL, arena_format(&held.arena, "<a>D:\\%d</a>", i), NIL);
    rows_read_all(&held);
    make();
    assert_non_null(strstr(rows_unread(&item, "protected.paths"), "256"));
}

/* ------------------------------------------------------------------------------------------------ backup server ----
 */

static const struct {
    const char *option, *host, *nodes[2];
    const char *name; /* NULL: it cannot be told */
    const char *other;
} names[] = {
    { "MABS01.corp.example", "x", { "mabs01" }, "mabs01.corp.example", NULL },
    { "MABS01.corp.example", "x", { NULL }, "mabs01.corp.example", NULL },
    { "mabs01.corp.example", "x", { "MABS02" }, "mabs01.corp.example", "mabs02" },
    { NULL, "sql.corp.example", { "MABS01.Corp.Example" }, "mabs01.corp.example", NULL },
    { NULL, "mabs01.corp.example", { "MABS01" }, "mabs01.corp.example", NULL },
    { NULL, "sql.corp.example", { "FS01" }, "fs01.corp.example", NULL },
    { NULL, "sql.corp.example", { "MABS01" }, NULL, NULL },
    { NULL, "10.0.0.1", { "MABS01" }, NULL, NULL },
    { NULL, "mabs01.corp.example", { NULL }, NULL, NULL },
    { NULL, "mabs01.corp.example", { "MABS01", "MABS02" }, NULL, NULL },
};

static void the_backup_server_has_the_name_that_replicas_tell_or_the_option(void **state)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name, *other;
        struct err err;

        tear_down(state);
        set_up(state);
        for (size_t n = 0; n < 2 && names[i].nodes[n] != NULL; n++)
            ROW(&held, SECTION_REPLICAS, SOURCE_1, "D:\\", "FS01", GROUP_1, NIL, names[i].nodes[n]);
        name = server_name(&held, names[i].option, names[i].host, &other, &err);
        assert_int_equal(name != NULL, names[i].name != NULL);
        if (name == NULL) {
            assert_int_equal(err.class, ERR_CONFIG);
            assert_non_null(strstr(err.text, "server"));
            continue;
        }
        assert_string_equal(name, names[i].name);
        assert_int_equal(other != NULL, names[i].other != NULL);
        if (other != NULL)
            assert_string_equal(other, names[i].other);
    }
}

static const struct {
    const char *database, *patches[3];
    const char *version;
} versions[] = {
    { "11.0.50.0", { NULL }, "11.0.50.0" },
    { "12.0.332.0", { NULL }, "12.0.332.0" },
    { "13.0.415.0", { "13.0.580", "13.0.657" }, "13.0.657" },
    { "13.0.415.0", { "12.0.332", "13.0.415" }, "13.0.415.0" },
    { "14.0.30.0", { "14.0.46", "13.0.657" }, "14.0.46" },
    { "4.2.1205.0", { "4.2.1473", "4.1.3465" }, "4.2.1473" },
    { "5.0.158.0", { "5.0.622", "4.2.1594" }, "5.0.622" },
    { "10.19.58.0", { "10.19.861" }, "10.19.861" },
    { "10.22.123.0", { "10.19.861", "10.22.197" }, "10.22.197" },
    { "10.25.25.0", { "10.22.197" }, "10.25.25.0" },
    { "13.0.415.0 and more", { NULL }, "13.0.415.0" },
};

static void the_version_is_that_of_the_newest_update_of_the_product(void **state)
{
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        tear_down(state);
        set_up(state);
        ROW(&held, SECTION_SETTINGS, "DatabaseVersion", versions[i].database);
        for (size_t p = 0; p < 3 && versions[i].patches[p] != NULL; p++) {
            char text[32], *build, *minor;

            strcpy(text, versions[i].patches[p]);
            minor = strchr(text, '.');
            *minor++ = '\0';
            build = strchr(minor, '.');
            *build++ = '\0';
            ROW(&held, SECTION_PATCHES, text, minor, build);
        }
        rows_read_all(&held);
        server_item(&item, &held, "mabs01.corp.example", "MABS01\\MSDPMINSTANCE", "DPMDB");
        assert_string_equal(rows_text(&item, "backup.version"), versions[i].version);
        assert_string_equal(rows_text(&item, "id.netbios"), "MABS01");
    }
}

static void a_version_without_its_updates_is_none(void **state)
{
    (void)state;
    ROW(&held, SECTION_SETTINGS, "DatabaseVersion", "13.0.415.0");
    holdings_done(&held, SECTION_SETTINGS);
    holdings_failed(&held, SECTION_PATCHES, "no right");
    server_item(&item, &held, "mabs01.corp.example", NULL, "DPMDB");
    assert_string_equal(rows_text(&item, "backup.database_version"), "13.0.415.0");
    assert_string_equal(rows_unread(&item, "backup.version"), "no right");
    assert_string_equal(rows_unread(&item, "backup.patches"), "no right");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_state_is_that_of_group_and_replica, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_several_replicas_one_in_use_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_that_is_known_of_a_data_source_is_in_its_item, set_up, tear_down),
        cmocka_unit_test_setup_teardown(jobs_of_two_that_are_called_alike_are_told_of_neither, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_read_is_unread_with_its_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_broke_off_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_data_sources_replicas_are_told_of, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_that_makes_no_sense_is_passed_over_and_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_of_nothing_are_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paths_of_xml_that_is_none_are_unread, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_data_source_of_more_paths_than_are_kept_has_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_backup_server_has_the_name_that_replicas_tell_or_the_option, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_version_is_that_of_the_newest_update_of_the_product, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_version_without_its_updates_is_none, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
