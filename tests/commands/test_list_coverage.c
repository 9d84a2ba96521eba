/* muster list --coverage, run as a user runs it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

#include <stdio.h>
#include <string.h>

/* mabs01's DPMDB holds web01 (1): its volume C: in one group, its system state in another; and db01 (2) by image. */
#define HELD                                                                                                           \
    "INSERT INTO asset VALUES (20, 'protected', 'C:', 1, NULL, NULL), (21, 'protected', 'state', 1, NULL, NULL),"      \
    " (22, 'protected', 'db01', 1, NULL, NULL), (23, 'protected', 'D:', 1, NULL, NULL);"                               \
    "INSERT INTO item (id, scope, kind, key, asset, name, facts, appeared_at, changed_at) VALUES"                      \
    " (20, 3, 'protected', 'p-c', 20, 'C:', '{\"protected.group\":\"Files\",\"protected.state\":\"protected\","        \
    "\"protected.last_recovery_point\":\"2025-11-24T10:00:00Z\"}', 1, 1),"                                             \
    " (21, 3, 'protected', 'p-s', 21, 'state', '{\"protected.group\":\"All\","                                         \
    "\"protected.last_recovery_point\":\"2025-11-23T10:00:00Z\"}', 1, 1),"                                             \
    " (22, 1, 'protected', 'p-d', 22, 'db01', '{\"protected.group\":\"Machines\"}', 1, 1),"                            \
    " (23, 3, 'protected', 'p-x', 23, 'D:', '{\"protected.group\":\"Old\",\"protected.state\":\"Stopped\"}', 1, 1);"   \
    "INSERT INTO link VALUES (20, 0, 'protects', 'volume', 'web01 C', NULL, NULL),"                                    \
    " (21, 0, 'protects', 'machine', 'web01.example', NULL, NULL), (22, 0, 'protects', 'vm', 'guid-2', NULL, NULL),"   \
    " (23, 0, 'protects', 'machine', 'web01.example', NULL, NULL);"                                                    \
    "UPDATE judgement SET by_what = 'dpmdb' WHERE id IN (SELECT judgement FROM guard WHERE asset IN (1, 2))"           \
    " AND counts = 1;"

static void each_asset_is_there_once_with_its_answer(void **state)
{
    (void)state;
    stock_run(&stock, HELD);
    assert_int_equal(MUSTER("list", "--coverage", "--format", "json"), 0);
    assert_string_equal(json("$[0].name"), "db01");
    assert_string_equal(json("$[0].coverage"), "protected-unsupported");
    assert_string_equal(json("$[0].groups[0]"), "Machines");
    assert_string_equal(json("$[0].recovery_point"), "null");
    assert_string_equal(json("$[0].verdict"), "unsupported");
    assert_string_equal(json("$[0].server"), "mabs01");
    assert_string_equal(json("$[1].coverage"), "unprotected-unsupported");
    assert_string_equal(json("$[1].groups[0]"), "null");
    assert_string_equal(json("$[4].name"), "web01");
    assert_string_equal(json("$[4].coverage"), "protected-supported");
    assert_string_equal(json("$[4].groups"), "[\"All\",\"Files\"]");
    assert_string_equal(json("$[4].data_sources"), "[\"state\",\"C:\"]");
    assert_string_equal(json("$[4].recovery_point"), "2025-11-23T10:00:00Z");
    assert_string_equal(json("$[5]"), "null");
    assert_string_equal(ran.err, "");
}

static void people_are_told_how_many_of_each(void **state)
{
    (void)state;
    stock_run(&stock, HELD);
    assert_int_equal(MUSTER("list", "--coverage"), 0);
    assert_said(ran.out, "1 protected and supported, 1 protected but unsupported (a restore may fail), 2 supported but "
                         "unprotected, 1 neither");
    assert_said(ran.out, "COVERAGE");
    assert_said(ran.out, "RECOVERY POINT");
    assert_null(strchr(ran.out, '\033'));
    assert_int_equal(MUSTER("list", "--coverage", "--limit", "2"), 0);
    assert_said(ran.out, "1 protected and supported, 1 protected but unsupported (a restore may fail), 2 supported but "
                         "unprotected, 1 neither");
    assert_said(ran.err, "... and 3 more");
}

/* What mabs01 holds is seen by a target of its own, which is scanned once a day, and last was so long ago. */
static void read_ago(const char *ago)
{
    char sql[800];

    snprintf(sql, sizeof sql,
             "INSERT OR REPLACE INTO target (id, name, plugin, scope, every_ms, succeeded_at) SELECT 90, 'dpm', 'dpm',"
             " scope, 86400000, unixepoch('now', '%s') * 1000 FROM item WHERE id = 20;"
             "INSERT OR REPLACE INTO sighting (target, identity, hash, item) SELECT 90, key, x'', id FROM item"
             " WHERE kind = 'protected';"
             "INSERT OR REPLACE INTO link SELECT id, 7, 'protected_by', 'backup_server', NULL, 'id.fqdn', 'mabs01'"
             " FROM item WHERE kind = 'protected'",
             ago);
    stock_run(&stock, sql);
}

static void how_old_it_is_what_a_dpmdb_said_is_told(void **state)
{
    (void)state;
    stock_run(&stock, HELD);
    read_ago("-1 day");
    assert_int_equal(MUSTER("list", "--coverage", "--name", "web01", "--format", "json"), 0);
    assert_string_equal(json("$[0].late"), "0");
    read_ago("-10 days");
    assert_int_equal(MUSTER("list", "--coverage", "--name", "web01"), 0);
    assert_said(ran.out, "the database of mabs01 was last read on ");
    assert_said(ran.out, ", and may say something else by now");
    /* Of what is not protected, too: by now it may be. */
    assert_int_equal(MUSTER("list", "--coverage", "--server", "mabs01", "--format", "json"), 0);
    assert_string_equal(json("$[1].coverage"), "unprotected-supported");
    assert_string_equal(json("$[1].late"), "1");
}

static void a_backup_server_that_is_never_read_is_named(void **state)
{
    (void)state;
    stock_run(&stock, HELD "INSERT INTO meta VALUES ('judging_basis', '00112233445566778899aabbccddeeff');"
                           "UPDATE basis SET estate = '{\"servers\":[{\"name\":\"mabs01\"}]}'");
    read_ago("-1 day");
    assert_int_equal(MUSTER("list", "--coverage"), 0);
    assert_string_equal(ran.err, "");
    stock_run(&stock, "UPDATE basis SET estate = '{\"servers\":[{\"name\":\"mabs01\"},{\"name\":\"mabs07\"}]}'");
    assert_int_equal(MUSTER("list", "--coverage", "--limit", "2"), 0);
    assert_said(ran.err, "... and 3 more; the database (DPMDB) of mabs07 was never read");
    assert_int_equal(MUSTER("list", "--coverage", "--format", "json"), 0);
    assert_said(ran.err, "the database (DPMDB) of mabs07 was never read: what it protects counts as unprotected");
    stock_run(&stock, "UPDATE basis SET estate = '{\"servers\":[{\"name\":\"mabs08\"},{\"name\":\"mabs07\"}]}'");
    assert_int_equal(MUSTER("list", "--coverage"), 0);
    assert_said(ran.err, "of mabs07, as of 1 more backup server, was never read");
    stock_run(&stock, "UPDATE basis SET estate = '{\"servers\":[{\"name\":\"mabs01\"}]}'");
    read_ago("-10 days");
    assert_int_equal(MUSTER("list", "--coverage"), 0);
    assert_said(ran.err, "the database (DPMDB) of mabs01 was not read lately");
}

static void what_is_held_of_nobody_knows_what_is_counted(void **state)
{
    (void)state;
    stock_run(&stock, HELD);
    assert_int_equal(MUSTER("list", "--coverage"), 0);
    assert_null(strstr(ran.err, "data source"));
    stock_run(&stock, "UPDATE link SET key = 'nobody' WHERE item = 22");
    assert_int_equal(MUSTER("list", "--coverage"), 0);
    assert_said(ran.err, "1 data source in protection groups is of nothing that muster knows");
    stock_run(&stock, "DELETE FROM link WHERE item IN (20, 23)"); /* the latter is held no more */
    assert_int_equal(MUSTER("list", "--coverage", "--format", "csv"), 0);
    assert_said(ran.err, "2 data sources in protection groups are of nothing that muster knows");
}

static void last_points(const char *ago)
{
    char sql[400];

    snprintf(sql, sizeof sql,
             "UPDATE item SET facts = json_set(facts, '$.\"protected.last_recovery_point\"',"
             " strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now', '%s')) WHERE id IN (20, 21)",
             ago);
    stock_run(&stock, sql);
}

static void a_recovery_point_that_is_old_or_not_known_is_told(void **state)
{
    (void)state;
    stock_run(&stock, HELD);
    last_points("-7 days");
    assert_int_equal(MUSTER("list", "--coverage", "--name", "web01"), 0);
    assert_null(strstr(ran.out, "recovery point is"));
    last_points("-40 days");
    assert_int_equal(MUSTER("list", "--coverage", "--name", "web01"), 0);
    assert_said(ran.out, "the last recovery point is old");
    assert_int_equal(MUSTER("list", "--coverage", "--name", "db01"), 0);
    assert_said(ran.out, "of at least one of its data sources no recovery point is known");
    assert_int_equal(MUSTER("list", "--coverage", "--name", "twin"), 0);
    assert_null(strstr(ran.out, "recovery point"));
    assert_null(strstr(ran.out, "not valid"));
    stock_run(&stock, "UPDATE item SET facts = json_set(facts, '$.\"protected.validity\"', 1) WHERE id = 20");
    assert_int_equal(MUSTER("list", "--coverage", "--name", "web01"), 0);
    assert_said(ran.out, "the replica of at least one of its data sources is not valid");
}

/* Nothing at all is known of mabs02. */
static void what_cannot_be_told_is_marked(void **state)
{
    (void)state;
    stock_run(&stock, HELD);
    assert_int_equal(MUSTER("list", "--coverage", "--server", "mabs02", "--format", "json"), 0);
    assert_string_equal(json("$[0].unread"), "1");
    assert_int_equal(MUSTER("list", "--coverage", "--server", "mabs02"), 0);
    assert_said(ran.out, "the databases of its backup servers show nothing: whether it is protected cannot be told");
    assert_int_equal(MUSTER("list", "--coverage", "--name", "db01", "--format", "json"), 0);
    assert_string_equal(json("$[0].unread"), "0");
}

static void filters_choose_by_what_is_told(void **state)
{
    static const struct {
        const char *option, *value, *name;
    } rows[] = {
        { "--verdict", "unsupported", "db01" }, { "--class", "newer", "twin" }, { "--method", "image", "db01" },
        { "--name", "WEB*", "web01" },          { "--site", "ant", "db01" },    { "--target", "inside", "web01" },
        { "--workload", "vmware-vm", "db01" },
    };

    (void)state;
    stock_run(&stock, HELD);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(MUSTER("list", "--coverage", "--format", "json", rows[i].option, rows[i].value), 0);
        assert_string_equal(json("$[0].name"), rows[i].name);
        assert_string_equal(json("$[1]"), "null");
    }
    assert_int_equal(MUSTER("list", "--coverage", "--class", "act", "--format", "csv"), 0);
    assert_said(
        ran.out,
        "id,name,kind,coverage,groups,server,verdict,recovery_point,data_sources,unread,read,late,invalid,stale,");
    assert_said(ran.out, "2,db01,vm,protected-unsupported,Machines,mabs01,unsupported,");
    assert_int_equal(MUSTER("list", "--coverage", "--server", "nobody"), 64);
}

static void without_a_dpmdb_nothing_is_claimed_and_that_is_said(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE judgement SET by_what = 'any'");
    assert_int_equal(MUSTER("list", "--coverage"), 0);
    assert_said(ran.out, "No backup server's own database (DPMDB) is read");
    assert_null(strstr(ran.out, "unprotected"));
    assert_int_equal(MUSTER("list", "--coverage", "--format", "json"), 0);
    assert_string_equal(ran.out, "[]\n");
    assert_said(ran.err, "No backup server's own database (DPMDB) is read");
}

static void what_does_not_go_together_is_said(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list", "--coverage", "--inventory"), 64);
    assert_said(ran.err, "--coverage");
    assert_int_equal(MUSTER("list", "--coverage", "--all"), 64);
    assert_said(ran.err, "leave one out");
    assert_int_equal(MUSTER("list", "--coverage", "--exempt"), 64);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, desk_open_judged, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_DESK(each_asset_is_there_once_with_its_answer),
        AT_DESK(people_are_told_how_many_of_each),
        AT_DESK(what_cannot_be_told_is_marked),
        AT_DESK(how_old_it_is_what_a_dpmdb_said_is_told),
        AT_DESK(a_backup_server_that_is_never_read_is_named),
        AT_DESK(what_is_held_of_nobody_knows_what_is_counted),
        AT_DESK(a_recovery_point_that_is_old_or_not_known_is_told),
        AT_DESK(filters_choose_by_what_is_told),
        AT_DESK(without_a_dpmdb_nothing_is_claimed_and_that_is_said),
        AT_DESK(what_does_not_go_together_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
