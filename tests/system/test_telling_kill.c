/* kill -9 at any moment while a change of the fleet is on its way to a hook. Whatever the moment, in the end the hook
 * has heard of everything, under ids that each stand for one payload, and what it heard last is how it is. MUSTER_KILLS
 * says how many times. */
#include "rig.h"

#include "clock.h"
#include "points.h"
#include "unit.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define KILLS 12
#define LEAST_MS 50

#define SCRIPT "#!/bin/sh\ncd %s\nset -- $(cksum)\necho \"$MUSTER_ID $1\" >>told\nsleep 0.02\n"
#define BREAK                                                                                                          \
    "sed '/\"RTM-HV03\"/{s/6[.]3[.]9600/6.0.6002/;s/Server 2012 R2/Server 2008/;s/\"os.service_pack\":0/"              \
    "\"os.service_pack\":2/}' " DEMO "/fleet.jsonl >new && mv new fleet.jsonl"
#define MEND "cp " DEMO "/fleet.jsonl new && mv new fleet.jsonl"
#define CONFIG                                                                                                         \
    "plugins = \"plugins\"; plugin_host = \"" HOST_PROGRAM "\"; database = \"muster.db\"; control = \"control\";\n"    \
    "targets = ( { name = \"fleet\"; plugin = \"file\"; options = { path = \"fleet.jsonl\"; }; } );\n"                 \
    "backup_servers = ( { name = \"rtm-mabs01.corp.brackwater.example\"; product = \"mabs-v2\"; } );\n"                \
    "hooks = ( { name = \"h\"; run = \"note\"; grace = \"0s\"; window = \"0s\"; rate = 0; } );\n"

static struct rig rig;

static void shell(const char *line)
{
    char whole[1024];

    snprintf(whole, sizeof whole, "cd %s && %s", rig.folder, line);
    assert_int_equal(system(whole), 0); /* NOLINT(cert-env33-c): constant commands on our own files */
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

static void begin(void)
{
    char path[128];

    rig_begin(&rig);
    rig_write(&rig, "note", SCRIPT, rig.folder);
    snprintf(path, sizeof path, "%s/note", rig.folder);
    assert_int_equal(chmod(path, 0755), 0);
    rig_write(&rig, "musterd.conf", "%s", CONFIG);
    shell(MEND);
    rig_start(&rig);
    rig_stop(&rig); /* the hook is known: it hears of all that follows */
}

static void await_quiet(void)
{
    await(0, "SELECT (SELECT max(id) FROM event) - (SELECT min(cursor) FROM hook)");
    await(0, "SELECT (SELECT count(*) FROM pending) + (SELECT count(*) FROM alert WHERE state = 'waiting')");
}

/* How long a change is on its way to the hook, on this machine. */
static unsigned measure(void)
{
    int64_t begun;

    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "fleet", NULL), 0);
    await_quiet();
    shell(BREAK);
    begun = clock_mono_ms(&clock_system);
    assert_int_equal(rig_muster(&rig, "scan", "fleet", NULL), 0);
    await_quiet();
    rig_stop(&rig);
    return (unsigned)(clock_mono_ms(&clock_system) - begun) + LEAST_MS;
}

static void change_and_kill(int round, unsigned span_ms)
{
    pid_t asking;

    rig_start(&rig);
    shell(round % 2 == 0 ? MEND : BREAK);
    asking = rig_scan_in_background(&rig);
    poll(NULL, 0, (int)points_random(span_ms));
    rig_kill(&rig);
    rig_end_of(asking);
}

static void settle(void)
{
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "fleet", NULL), 0);
    await_quiet();
    rig_stop(&rig);
}

/* ---------------------------------------------------------------------------------------------- what must hold ---- */

/* Each line is an id and what the payload came to. */
static void check_lines(void)
{
    char *text = rig_read(&rig, "told");

    for (const char *line = text; line[0] != '\0'; line = strchr(line, '\n') + 1) {
        char id[33];

        snprintf(id, sizeof id, "%s", line);
        for (const char *other = strstr(text, id); other != NULL; other = strstr(other + 1, id))
            assert_memory_equal(other, line, strcspn(line, "\n") + 1);
        assert_int_equal(rig_number(&rig, "SELECT count(*) FROM alert WHERE key = '%s'", id), 1);
    }
    free(text);
}

static void check(void)
{
    rig_assert_whole(&rig);
    check_lines();
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM alert WHERE state <> 'delivered'"), 0);
    assert_true(rig_number(&rig, "SELECT count(*) FROM alert") > 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM finding f LEFT JOIN told t ON t.hook = 'h' AND t.subject ="
                                      " 'finding ' || f.id WHERE (f.state = 'open') <> (coalesce(t.state, '') <> '')"),
                     0);
}

static void whatever_the_moment_of_a_kill_all_is_told(void **state)
{
    const char *kills = getenv("MUSTER_KILLS");
    int64_t rounds = KILLS;
    unsigned span_ms;

    (void)state;
    if (kills != NULL)
        assert_true(int_parse(kills, &rounds, NULL));
    begin();
    span_ms = measure();
    for (int64_t round = 0; round < rounds; round++)
        change_and_kill((int)round, span_ms);
    settle();
    check();
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(whatever_the_moment_of_a_kill_all_is_told) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
