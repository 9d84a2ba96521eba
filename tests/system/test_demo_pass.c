/* What ./run demo promises: its own configuration, its two passes, and a drift that is exactly the one told. */
#include "rig.h"

#include "clock.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Each as it stands in the CSV of muster history: name, what, words, target. */
static const char *const drift[] = {
    ",VDI-0022,changed,hardware.memory: 4GiB -> 8GiB,rtm-vc01,",
    ",ANT-CRANE01,gone,complete scans do not find it any more,fleet,",
    ",RTM-TMP01,appeared,,fleet,",
    ",RTM-APP02,changed,wmf.version: 2.0 -> 5.1.14409.1005,fleet,",
    ",RTM-SQL12,moved,from RTM-HVC01 to RTM-HVC02,fleet,",
    ",RTM-SQL12,changed,hardware.physical_host: RTM-HVC01 -> RTM-HVC02,fleet,",
    ",RTM-LEG01,changed,vm.state: running -> off,fleet,",
    ",RTM-SQL16,changed,sql.build: 13.0.4574.0 -> 13.0.5026.0; sql.level: SP1 -> SP2; sql.update_level: CU15 -> "
    "none,fleet,",
    ",changed,\"id.name: ant-lnx02 -> ant-lnx02\nmusterd: info: all is well\",fleet,",
};

#define DRIFT (sizeof drift / sizeof *drift)

/* Runs a line of shell in the rig's folder. */
static void shell(struct rig *rig, const char *line)
{
    char whole[1024];

    snprintf(whole, sizeof whole, "cd %s && %s", rig->folder, line);
    assert_int_equal(system(whole), 0);
}

/* The demo's own configuration names database and control socket as the rig does; only the programs are elsewhere. */
static void begin(struct rig *rig)
{
    char *configuration;

    rig_begin(rig);
    shell(rig, "cp -R " DEMO "/musterd.conf " DEMO "/fleet.jsonl " DEMO "/rvtools .");
    configuration = rig_read(rig, "musterd.conf");
    rig_write(rig, "musterd.conf", "plugins = \"plugins\"; plugin_host = \"" HOST_PROGRAM "\";\n%s", configuration);
    free(configuration);
}

/* With the hook that ./run demo adds. */
static void begin_telling(struct rig *rig)
{
    begin(rig);
    shell(rig, "cat " DEMO "/telling.conf >>musterd.conf && cp " DEMO "/tell . && : >alerts.jsonl");
}

static void change(struct rig *rig)
{
    shell(rig, "sed -f " DEMO "/drift-fleet.sed " DEMO "/fleet.jsonl >new && mv new fleet.jsonl");
    shell(rig, "sed -f " DEMO "/drift-rvtools.sed " DEMO "/rvtools/RVTools_tabvInfo.csv >new"
               " && mv new rvtools/RVTools_tabvInfo.csv");
}

static long long changes(struct rig *rig)
{
    return rig_number(rig, "SELECT count(*) FROM history");
}

static void await_alerts(struct rig *rig, long long count)
{
    int64_t end = clock_mono_ms(&clock_system) + RIG_PATIENCE_MS;

    while (rig_number(rig, "SELECT count(*) FROM alert WHERE state = 'delivered'") < count) {
        if (clock_mono_ms(&clock_system) > end)
            fail_msg("fewer than %lld alerts are delivered after a minute", count);
        poll(NULL, 0, 5);
    }
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM alert"), count);
}

static void the_drift_between_the_passes_is_what_the_demo_tells(void **state)
{
    struct rig rig;
    long long before;

    (void)state;
    begin(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    before = changes(&rig);
    change(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    assert_int_equal(changes(&rig) - before, DRIFT);
    assert_int_equal(rig_muster(&rig, "history", "--limit", "60", "--format", "csv", NULL), 0);
    for (size_t i = 0; i < DRIFT; i++) {
        if (strstr(rig.out, drift[i]) == NULL)
            fail_msg("not told: %s\n%s", drift[i], rig.out);
    }
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM target WHERE result = 'complete' AND held_at IS NULL"), 2);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

static void what_is_switched_off_keeps_what_was_read_of_it(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    change(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    assert_int_equal(rig_muster(&rig, "show", "RTM-LEG01", "--format", "csv", NULL), 0);
    assert_non_null(strstr(rig.out, "guest.build,6.0.6003,"));
    assert_non_null(strstr(rig.out, ",the virtual machine is off\r\n"));
    rig_end(&rig);
}

static void the_asset_that_is_shown_has_both_sources_and_a_changed_name_stays_on_its_line(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    rig_start(&rig);
    change(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    assert_int_equal(rig_muster(&rig, "show", "VDI-0022", NULL), 0);
    assert_non_null(strstr(rig.out, "fleet, rtm-vc01"));
    assert_non_null(strstr(rig.out, "by the same UUID"));
    assert_int_equal(rig_muster(&rig, "list", "--inventory", "--kind", "vm", NULL), 0);
    assert_non_null(strstr(rig.out, "ant-lnx02\\nmusterd: info"));
    assert_null(strstr(rig.out, "\nmusterd: info"));
    rig_end(&rig);
}

static void a_daemon_that_is_killed_between_the_passes_has_forgotten_nothing(void **state)
{
    struct rig rig;
    long long before;

    (void)state;
    begin(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    before = changes(&rig);
    rig_kill(&rig);
    change(&rig);
    rig_start(&rig);
    assert_int_equal(changes(&rig), before);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    assert_int_equal(changes(&rig) - before, DRIFT);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

static void who_is_told_is_what_the_demo_tells(void **state)
{
    struct rig rig;

    (void)state;
    begin_telling(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    change(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    await_alerts(&rig, 4);
    assert_int_equal(rig_muster(&rig, "exempt", "STK-REG01", "--reason", "moves to Azure with the stack", "--until",
                                "90d", "--ticket", "BW-1742", NULL),
                     0);
    assert_non_null(strstr(rig.err, "covers 2 open findings"));
    shell(&rig, "sed -f " DEMO "/upgrade-fleet.sed fleet.jsonl >new && mv new fleet.jsonl");
    assert_int_equal(rig_muster(&rig, "scan", "fleet", NULL), 0);
    await_alerts(&rig, 5);
    assert_int_equal(rig_muster(&rig, "alerts", "--limit", "1", "--format", "csv", NULL), 0);
    assert_non_null(strstr(rig.out, "over: ANT-HV08: agent protection, and 3 more"));
    assert_int_equal(rig_muster(&rig, "log", "--format", "csv", NULL), 0);
    assert_non_null(strstr(rig.out, "STK-REG01"));
    rig_stop(&rig);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_drift_between_the_passes_is_what_the_demo_tells),
        cmocka_unit_test(what_is_switched_off_keeps_what_was_read_of_it),
        cmocka_unit_test(the_asset_that_is_shown_has_both_sources_and_a_changed_name_stays_on_its_line),
        cmocka_unit_test(a_daemon_that_is_killed_between_the_passes_has_forgotten_nothing),
        cmocka_unit_test(who_is_told_is_what_the_demo_tells),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
