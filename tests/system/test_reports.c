/* Reports that the configuration asks for: the real daemon has the real command write them, and hooks hear of it. */
#include "rig.h"

#include "clock.h"
#include "sql.h"

#include <dirent.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PATHS "plugins = \"plugins\"; plugin_host = \"" HOST_PROGRAM "\";\n"
#define NOTES "#!/bin/sh\ncat >>%s/payloads\necho $MUSTER_EVENT $MUSTER_COUNT >>%s/told\n"
#define HOOK                                                                                                           \
    "hooks = ( { name = \"h\"; run = \"note\"; events = [ \"report.ready\" ]; grace = \"0s\"; window = \"0s\"; } );\n"
#define REPORT                                                                                                         \
    "{ name = \"daily\"; every = \"1d\"; at = \"00:00\"; formats = [ \"json\", \"csv\" ]; folder = \"written\"; keep " \
    "= 2;"                                                                                                             \
    " title = \"The whole fleet\"; }"

static struct rig rig;

/* -------------------------------------------------------------------------------------------------------- the desk --
 */

static void shell(const char *line)
{
    char whole[1024];

    snprintf(whole, sizeof whole, "cd %s && %s", rig.folder, line);
    assert_int_equal(system(whole), 0); /* NOLINT(cert-env33-c): constant commands on our own files */
}

static void configure(const char *reports)
{
    char *demo;

    shell("cp " DEMO "/musterd.conf demo.conf");
    demo = rig_read(&rig, "demo.conf");
    rig_write(&rig, "musterd.conf", PATHS "%s\n" HOOK "reports = ( %s );\n", demo, reports);
    free(demo);
}

static int begin(void **state)
{
    (void)state;
    rig_begin(&rig);
    shell("cp -R " DEMO "/fleet.jsonl " DEMO "/rvtools . && mkdir written");
    rig_write(&rig, "note", NOTES, rig.folder, rig.folder);
    shell("chmod 755 note");
    configure(REPORT);
    return 0;
}

static int end(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* The daemon is down: all that it knew is so many days older. */
static void age_reports(int days)
{
    char path[128], text[160];
    struct sql sql;
    struct err err;

    snprintf(path, sizeof path, "%s/muster.db", rig.folder);
    snprintf(text, sizeof text,
             "UPDATE report SET known_at = known_at - %d * 86400000, made_at = made_at - %d * 86400000", days, days);
    assert_true(sql_open(&sql, path, SQLITE_OPEN_READWRITE, &err));
    assert_true(sql_run(&sql, text, &err));
    sql_close(&sql);
}

static void await(long long number, const char *statement)
{
    int64_t end = clock_mono_ms(&clock_system) + RIG_PATIENCE_MS;

    while (rig_number(&rig, "%s", statement) != number) {
        if (clock_mono_ms(&clock_system) > end)
            fail_msg("%s is not %lld after a minute", statement, number);
        poll(NULL, 0, 5);
    }
}

static void says(const char *name, const char *words)
{
    char *text = rig_read(&rig, name);

    if (strstr(text, words) == NULL)
        fail_msg("no \"%s\" in: %s", words, text);
    free(text);
}

/* "written/daily-2026-11-26.json", of today by UTC; good until the second call after. */
static const char *today(const char *format)
{
    static char name[2][64];
    static int turn;
    char day[CLOCK_TEXT_SIZE];

    turn = 1 - turn;
    snprintf(name[turn], sizeof name[turn], "written/daily-%.10s.%s", clock_text(clock_wall_ms(&clock_system), day),
             format);
    return name[turn];
}

static size_t count_files(void)
{
    struct dirent **entries;
    char path[128];
    int count;

    snprintf(path, sizeof path, "%s/written", rig.folder);
    count = scandir(path, &entries, NULL, NULL);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return (size_t)count - 2;
}

/* ------------------------------------------------------------------------------------------------------- the tests --
 */

static void one_that_is_due_is_written_kept_and_told(void **state)
{
    (void)state;
    shell("for day in 01 02 03; do echo old >written/daily-2020-01-$day.json; done; echo mine >written/daily.json");
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    await(1, "SELECT count(*) FROM report WHERE known_at > 0 AND made_at IS NULL");
    rig_stop(&rig);
    age_reports(3);
    rig_start(&rig);
    await(1, "SELECT count(*) FROM report WHERE made_at > 0");
    says(today("json"), "\"title\": \"The whole fleet\"");
    says(today("json"), "RTM-HV03");
    says(today("csv"), "asset,kind,name,");
    assert_int_equal(count_files(), 2 + 1 + 1); /* two of JSON, one of CSV, and the one that is none of ours */
    says("written/daily.json", "mine");
    says("written/daily-2020-01-03.json", "old");
    rig_await_text(&rig, "payloads", today("csv") + 4);
    says("payloads", "\"file\":\"");
    says("told", "report.ready");
    rig_stop(&rig);
    age_reports(2);
    rig_start(&rig);
    await(
        1,
        "SELECT count(*) FROM report WHERE made_at > (SELECT max(at) FROM event WHERE what = 'report.ready') - 60000");
    await(4, "SELECT count(*) FROM event WHERE what = 'report.ready'");
    rig_stop(&rig);
}

static void it_is_written_when_somebody_asks(void **state)
{
    (void)state;
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "report", "daily", NULL), 0);
    assert_non_null(strstr(rig.err, today("json")));
    assert_non_null(strstr(rig.err, today("csv")));
    assert_int_equal(count_files(), 2);
    assert_int_equal(rig_muster(&rig, "log", NULL), 0); /* at once: who asked is told when it stands there */
    assert_non_null(strstr(rig.out, "report"));
    assert_non_null(strstr(rig.out, "daily"));
    assert_int_equal(rig_muster(&rig, "report", "dayly", NULL), 64);
    assert_non_null(strstr(rig.err, "did you mean \"daily\""));
    rig_await_text(&rig, "told", "report.ready");
    rig_stop(&rig);
}

static void where_it_cannot_be_written_what_was_there_stays(void **state)
{
    (void)state;
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "report", "daily", NULL), 0);
    shell("cp written/*.json before && mv written aside && echo in the way >written");
    assert_int_equal(rig_muster(&rig, "report", "daily", NULL), 1);
    assert_non_null(strstr(rig.err, "Not a directory"));
    says("log", "report daily: it could not be written, and is tried again: ");
    says("log", "Not a directory");
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM report WHERE made_at > 0 AND failed_at > 0"), 1);
    assert_int_equal(rig_muster(&rig, "status", NULL), 0);
    assert_non_null(strstr(rig.out, "failing"));
    shell("rm written && mv aside written && cmp before written/*.json");
    assert_int_equal(rig_muster(&rig, "report", "daily", NULL), 0);
    says("log", "it can be written again");
    assert_int_equal(rig_muster(&rig, "status", "--format", "json", NULL), 0);
    assert_non_null(strstr(rig.out, "\"reports\":"));
    assert_non_null(strstr(rig.out, "\"state\":\"waiting\""));
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM report WHERE failed_at IS NULL"), 1);
    rig_stop(&rig);
}

static void another_configuration_has_other_reports(void **state)
{
    (void)state;
    rig_start(&rig);
    await(1, "SELECT count(*) FROM report");
    configure(
        "{ name = \"month\"; every = \"1month\"; at = \"1 06:00\"; formats = [ \"csv\" ]; folder = \"written\"; }");
    rig_reload(&rig);
    await(1, "SELECT count(*) FROM report WHERE name = 'month'");
    assert_int_equal(rig_muster(&rig, "report", "daily", NULL), 64);
    assert_int_equal(rig_muster(&rig, "report", "month", NULL), 0);
    assert_int_equal(count_files(), 1);
    configure("");
    rig_reload(&rig);
    await(0, "SELECT count(*) FROM report");
    rig_stop(&rig);
}

static void a_check_of_a_daemon_that_is_gone_is_not_ok(void **state)
{
    (void)state;
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    assert_int_equal(rig_muster(&rig, "report", "--check", NULL), 2);
    assert_non_null(strstr(rig.out, "MUSTER CRITICAL: "));
    rig_kill(&rig);
    assert_int_equal(rig_muster(&rig, "report", "--check", "--workload", "vmm", NULL), 3);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(one_that_is_due_is_written_kept_and_told),        ON_RIG(it_is_written_when_somebody_asks),
        ON_RIG(where_it_cannot_be_written_what_was_there_stays), ON_RIG(another_configuration_has_other_reports),
        ON_RIG(a_check_of_a_daemon_that_is_gone_is_not_ok),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
