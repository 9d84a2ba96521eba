/* The whole way to a verdict: facts, a matrix, backup servers; and what becomes of verdicts when one of these changes
 * under the running daemon. The matrix is a small one of the test's own. */
#include "rig.h"

#include "str.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define MACHINES 5000 /* several slices of judging everything */

static const char products[] =
    "products = ( { name = \"mabs-v1\"; title = \"Server v1\"; line = \"mabs\"; },\n"
    "             { name = \"mabs-v2\"; title = \"Server v2\"; line = \"mabs\"; } );\n"
    "families = ( { name = \"Windows Server\"; group = \"os\"; workloads = [ \"server\", \"hyperv-host\" ]; versions = "
    "(\n"
    "    { name = \"Windows Server 2012\"; test = { fact = \"os.build\"; starts = \"6.2\"; }; },\n"
    "    { name = \"Windows Server 2016\"; test = { fact = \"os.build\"; starts = \"10.0\"; }; } ); } );\n";

static const char edition[] =
    "edition = \"page\"; title = \"A page\"; page = \"https://page.example\"; date = \"2018-08-17\";\n"
    "products = [ \"mabs-v1\", \"mabs-v2\" ]; levels = \"exact\"; absence = \"unlisted\"; prose = \"encoded\";\n"
    "installation_of = ( { workloads = [ \"server\", \"hyperv-host\" ]; where = \"workload\"; } );\n"
    "conditions = ( { name = \"R1\"; text = \"It is not too old.\"; test = { fact = \"wmf.version\"; at_least = "
    "\"4.0\"; };\n"
    "    step = \"update\"; remedy = \"Update it.\"; } );\n"
    "rows = ( { row = 1; workload = \"server\"; versions = [ \"Windows Server 2016\" ]; installations = [ \"physical\" "
    "];\n"
    "    answers = ( { product = \"mabs-v1\"; answer = \"no\"; }, { product = \"mabs-v2\"; answer = \"%s\"; } );\n"
    "    protects = [ \"volume\" ]; %s } );\n";

static void write_page(struct rig *rig, const char *answer, const char *more)
{
    char text[2048];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, edition, answer, more);
#pragma GCC diagnostic pop
    rig_write(rig, "matrix/page.conf", "%s", text);
}

static void configure(struct rig *rig, const char *servers)
{
    rig_configure(rig,
                  "matrix = \"matrix\"; products = \"products.conf\";\n"
                  "targets = ( { name = \"t\"; plugin = \"file\"; options = { path = \"fleet.jsonl\"; }; } );\n"
                  "backup_servers = ( %s );\n",
                  servers);
}

static void write_fleet(struct rig *rig, int machines, const char *wmf)
{
    struct str text = STR_EMPTY;

    for (int i = 0; i < machines; i++)
        str_format(&text,
                   "{\"kind\":\"machine\",\"key\":\"m%d\",\"attributes\":{\"id.name\":\"M%d\",\"os.build\":"
                   "\"10.0.14393\",\"hardware.manufacturer\":\"Maker\",\"hardware.model\":\"Box\",\"wmf.version\":"
                   "\"%s\"}}\n",
                   i, i, wmf);
    str_add(&text, "{\"end\":{\"completeness\":\"complete\"}}\n");
    rig_write(rig, "fleet.jsonl", "%s", str_text(&text));
    str_finish(&text);
}

static int set_up(void **state)
{
    static struct rig rig;
    char path[128];

    rig_begin(&rig);
    snprintf(path, sizeof path, "%s/matrix", rig.folder);
    if (mkdir(path, 0755) != 0)
        return -1;
    rig_write(&rig, "products.conf", "%s", products);
    write_page(&rig, "yes", "conditions = [ \"R1\" ];");
    write_fleet(&rig, 3, "5.1");
    configure(&rig, "{ name = \"mabs01\"; product = \"mabs-v2\"; }");
    *state = &rig;
    return 0;
}

static int tear_down(void **state)
{
    rig_end(*state);
    return 0;
}

static void scan(struct rig *rig)
{
    assert_int_equal(rig_muster(rig, "scan", NULL), 0);
}

static void assert_verdicts(struct rig *rig, const char *verdict, long long count)
{
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM protection WHERE verdict = '%s'", verdict), count);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM protection"), count);
}

/* A daemon that is ready has begun to judge, and a scan of a target waits for that. */
static void reload(struct rig *rig)
{
    rig_reload(rig);
    scan(rig);
}

static void a_scan_is_followed_by_its_verdicts(void **state)
{
    struct rig *rig = *state;

    rig_start(rig);
    scan(rig);
    assert_verdicts(rig, "supported", 3);
    write_fleet(rig, 3, "2.0");
    scan(rig);
    assert_verdicts(rig, "unsupported", 3);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM protection_past WHERE verdict = 'supported'"), 3);
    assert_int_equal(rig_muster(rig, "explain", "M1", NULL), 0);
    assert_non_null(strstr(rig->out, "R1"));
    assert_non_null(strstr(rig->out, "Update it"));
    assert_non_null(strstr(rig->out, "https://page.example"));
    rig_stop(rig);
}

static void another_matrix_judges_everything_anew(void **state)
{
    struct rig *rig = *state;

    rig_start(rig);
    scan(rig);
    write_page(rig, "no", "");
    reload(rig);
    assert_verdicts(rig, "unsupported", 3);
    write_page(rig, "deprecated", "");
    reload(rig);
    assert_verdicts(rig, "deprecated", 3);
    assert_int_equal(rig_number(rig, "SELECT count(DISTINCT basis) FROM protection"), 1);
    rig_stop(rig);
}

static void a_matrix_that_says_the_same_writes_no_verdict(void **state)
{
    struct rig *rig = *state;

    rig_start(rig);
    scan(rig);
    write_page(rig, "yes", "conditions = [ \"R1\" ]; note = \"the page was read again\";");
    reload(rig);
    assert_verdicts(rig, "supported", 3);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM protection_past"), 0);
    rig_stop(rig);
}

static void another_backup_server_judges_everything_anew(void **state)
{
    struct rig *rig = *state;

    rig_start(rig);
    scan(rig);
    configure(rig, "{ name = \"mabs01\"; product = \"mabs-v1\"; }");
    reload(rig);
    assert_verdicts(rig, "unsupported", 3);
    configure(rig, "");
    reload(rig);
    assert_verdicts(rig, "", 0);
    rig_stop(rig);
}

static void a_malformed_matrix_leaves_the_former_one_in_force(void **state)
{
    struct rig *rig = *state;

    rig_start(rig);
    scan(rig);
    rig_write(rig, "matrix/page.conf", "edition = \"page\";\nrows = ( { row = 1 workload");
    assert_int_equal(rig_muster(rig, "reload", NULL), 78);
    assert_non_null(strstr(rig->err, "page.conf:2"));
    assert_non_null(strstr(rig->err, "the former one stays in force"));
    scan(rig);
    assert_verdicts(rig, "supported", 3);
    rig_stop(rig);
    rig_spawn(rig, NULL);
    assert_int_equal(rig_wait(rig), 78);
}

static void what_was_not_judged_when_it_was_killed_is_judged_when_it_comes_back(void **state)
{
    struct rig *rig = *state;

    write_fleet(rig, MACHINES, "5.1");
    rig_start(rig);
    scan(rig);
    assert_verdicts(rig, "supported", MACHINES);
    write_page(rig, "no", "");
    rig_reload(rig);
    rig_kill(rig);
    rig_assert_whole(rig);
    rig_start(rig);
    scan(rig);
    assert_verdicts(rig, "unsupported", MACHINES);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM protection_past WHERE verdict = 'supported'"), MACHINES);
    rig_stop(rig);
}

/* A database whose verdicts are damaged: what is scanned is stored, but nobody may believe that it is judged. */
static void a_fleet_that_cannot_be_judged_is_no_success(void **state)
{
    struct rig *rig = *state;
    sqlite3 *database;
    char path[128];

    rig_spawn(rig, "--once");
    assert_int_equal(rig_wait(rig), 0);
    snprintf(path, sizeof path, "%s/muster.db", rig->folder);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "ALTER TABLE guard RENAME TO away", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    write_page(rig, "no", "");
    rig_spawn(rig, "--once");
    assert_int_equal(rig_wait(rig), 1);
    rig_await_text(rig, "log", "the fleet could not be judged anew");
    rig_start(rig);
    assert_int_equal(rig_muster(rig, "scan", NULL), 1);
    assert_non_null(strstr(rig->err, "the fleet could not be judged anew"));
    rig_stop(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_scan_is_followed_by_its_verdicts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_matrix_judges_everything_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_matrix_that_says_the_same_writes_no_verdict, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_backup_server_judges_everything_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_malformed_matrix_leaves_the_former_one_in_force, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_judged_when_it_was_killed_is_judged_when_it_comes_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_fleet_that_cannot_be_judged_is_no_success, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
