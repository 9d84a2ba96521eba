/* From a change in a fleet to a script that is told of it: the real daemon, its demo fleet, and hooks that write down
 * what they get. */
#include "rig.h"

#include "clock.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

/* Writes one line of what it is told in the environment, and the payload, each into a file of its hook. */
#define NOTES                                                                                                          \
    "#!/bin/sh\ncd %s\nread -r line\nprintf '%%s\\n' \"$line\" >>$MUSTER_HOOK.payloads\n"                              \
    "echo $MUSTER_EVENT $MUSTER_CLASS $MUSTER_COUNT try $MUSTER_TRY $MUSTER_ID >>$MUSTER_HOOK.told\n"
#define HOOK(name, more) "{ name = \"" name "\"; run = \"note\"; grace = \"0s\"; window = \"0s\"; " more " }"
#define PATHS "plugins = \"plugins\"; plugin_host = \"" HOST_PROGRAM "\";\n"

/* A host as it is, and as one that no backup server protects. */
#define BREAK                                                                                                          \
    "sed '/\"RTM-HV03\"/{s/6[.]3[.]9600/6.0.6002/;s/Server 2012 R2/Server 2008/;s/\"os.service_pack\":0/"              \
    "\"os.service_pack\":2/}' " DEMO "/fleet.jsonl >new && mv new fleet.jsonl"
#define MEND "cp " DEMO "/fleet.jsonl new && mv new fleet.jsonl"

#define TOLD_OF_HOST "SELECT count(*) FROM alert WHERE payload LIKE '%RTM-HV03: agent protection is unsupported%'"

static struct rig rig;

/* ---------------------------------------------------------------------------------------------------- the desk ---- */

static void shell(const char *line)
{
    char whole[1024];

    snprintf(whole, sizeof whole, "cd %s && %s", rig.folder, line);
    assert_int_equal(system(whole), 0); /* NOLINT(cert-env33-c): constant commands on our own files */
}

static void write_script(const char *name, const char *more)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", rig.folder, name);
    rig_write(&rig, name, NOTES "%s\n", rig.folder, more);
    assert_int_equal(chmod(path, 0755), 0);
}

static void configure(const char *hooks)
{
    char *demo;

    shell("cp " DEMO "/musterd.conf demo.conf");
    demo = rig_read(&rig, "demo.conf");
    rig_write(&rig, "musterd.conf", PATHS "log = { level = \"debug\"; };\n%s\nhooks = ( %s );\n", demo, hooks);
    free(demo);
}

static int begin(void **state)
{
    (void)state;
    rig_begin(&rig);
    shell("cp -R " DEMO "/fleet.jsonl " DEMO "/rvtools .");
    write_script("note", "");
    return 0;
}

static int end(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

static void scan(void)
{
    assert_int_equal(rig_muster(&rig, "scan", "fleet", NULL), 0);
}

static size_t lines_of(const char *name)
{
    char *text = rig_read(&rig, name);
    size_t count = 0;

    for (const char *at = strchr(text, '\n'); at != NULL; at = strchr(at + 1, '\n'))
        count++;
    free(text);
    return count;
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

/* Every hook has read all events, and nothing waits for it any more. */
static void await_quiet(void)
{
    await(0, "SELECT (SELECT max(id) FROM event) - (SELECT min(cursor) FROM hook)");
    await(0, "SELECT (SELECT count(*) FROM pending) + (SELECT count(*) FROM alert WHERE state = 'waiting')");
}

static void says(const char *name, const char *words)
{
    char *text = rig_read(&rig, name);

    if (strstr(text, words) == NULL)
        fail_msg("no \"%s\" in: %s", words, text);
    free(text);
}

/* The word that stands at that place, of the first line or the last. */
static void id_of(size_t line, char id[40])
{
    char *text = rig_read(&rig, "h.told"), *at = text;

    for (size_t i = 1; i < line; i++)
        at = strchr(at, '\n') + 1;
    at = strstr(at, "try ") + 6;
    snprintf(id, 40, "%.32s", at);
    free(text);
}

/* --------------------------------------------------------------------------------------------------- the tests ---- */

static void a_change_of_one_host_is_one_alert_and_its_mending_another(void **state)
{
    (void)state;
    configure(HOOK("h", "classes = [ \"act\" ];"));
    rig_start(&rig);
    scan();
    await_quiet();
    assert_int_equal(lines_of("h.told"), 1);
    says("h.payloads", "\"title\":\"first scan of fleet: ");
    shell(BREAK);
    scan();
    await_quiet();
    assert_int_equal(lines_of("h.told"), 2);
    says("h.told", "finding.opened act 4 try 1 ");
    says("h.payloads", "\"title\":\"RTM-HV03: agent protection is unsupported, and 3 more\"");
    scan();
    await_quiet();
    assert_int_equal(lines_of("h.told"), 2);
    shell(MEND);
    scan();
    await_quiet();
    assert_int_equal(lines_of("h.told"), 3);
    says("h.told", "finding.resolved act 4 try 1 ");
    says("h.payloads", "\"title\":\"over: RTM-HV03: agent protection, and 3 more\"");
    rig_stop(&rig);
    rig_assert_whole(&rig);
}

/* Other machines of the host count by their agents now, and its version has one more that its vendor left. */
static void all_that_follows_from_one_change_is_one_alert(void **state)
{
    size_t told;

    (void)state;
    configure(HOOK("h", ""));
    rig_start(&rig);
    scan();
    await_quiet();
    told = lines_of("h.told");
    shell(BREAK);
    scan();
    await_quiet();
    assert_int_equal(lines_of("h.told"), told + 1);
    says("h.payloads", "\"title\":\"RTM-HV03: agent protection is unsupported, and ");
    says("h.payloads", "\"RTM-OFF01\"");
    rig_stop(&rig);
}

static void an_exemption_silences_and_its_end_brings_it_back(void **state)
{
    (void)state;
    configure(HOOK("h", "classes = [ \"act\" ]; events = [ \"finding.opened\", \"finding.resolved\", "
                        "\"exemption.expired\" ];"));
    rig_start(&rig);
    scan();
    await_quiet();
    assert_int_equal(
        rig_muster(&rig, "exempt", "--name", "RTM-*", "--reason", "replaced in March", "--until", "30d", NULL), 0);
    shell(BREAK);
    scan();
    await_quiet();
    assert_int_equal(lines_of("h.told"), 1);
    assert_int_equal(rig_muster(&rig, "exempt", "--end", "1", "--reason", "no", NULL), 0);
    await(1, TOLD_OF_HOST);
    assert_int_equal(rig_muster(&rig, "exempt", "--name", "RTM-HV03", "--reason", "in a moment", "--until", "2s", NULL),
                     0);
    rig_await_text(&rig, "h.payloads", "\"event\":\"exemption.expired\"");
    await(2, TOLD_OF_HOST);
    assert_int_equal(rig_muster(&rig, "log", NULL), 0);
    assert_non_null(strstr(rig.out, "exempt"));
    assert_non_null(strstr(rig.out, "replaced in March"));
    rig_stop(&rig);
}

static void another_hook_is_told_of_what_comes_after_it(void **state)
{
    (void)state;
    configure(HOOK("h", "classes = [ \"act\" ];"));
    rig_start(&rig);
    scan();
    await_quiet();
    configure(HOOK("other", "classes = [ \"act\" ];"));
    rig_reload(&rig);
    await(1, "SELECT count(*) FROM hook WHERE name = 'other'");
    shell(BREAK);
    scan();
    await_quiet();
    assert_int_equal(lines_of("h.told"), 1);
    assert_int_equal(lines_of("other.told"), 1);
    says("other.told", "finding.opened act 4 try 1 ");
    rig_stop(&rig);
}

static void what_was_in_flight_at_a_kill_has_the_same_id_again(void **state)
{
    char first[40], second[40];

    (void)state;
    write_script("note", "while [ -e hang ]; do sleep 0.01; done");
    rig_write(&rig, "hang", "x");
    configure(HOOK("h", "classes = [ \"act\" ];"));
    rig_start(&rig);
    scan();
    rig_await_text(&rig, "h.told", "finding.opened act");
    rig_kill(&rig);
    shell("rm hang"); /* the script goes on without the daemon, and ends */
    rig_start(&rig);
    await_quiet();
    assert_int_equal(lines_of("h.told"), 2);
    id_of(1, first);
    id_of(2, second);
    assert_string_equal(first, second);
    assert_int_equal(strlen(first), 32);
    rig_stop(&rig);
    rig_assert_whole(&rig);
}

static void a_stop_ends_a_script_and_its_alert_is_tried_again(void **state)
{
    char first[40], second[40];

    (void)state;
    write_script("note", "trap '' TERM; while [ -e hang ]; do sleep 0.01; done");
    rig_write(&rig, "hang", "x");
    configure(HOOK("h", "classes = [ \"act\" ]; timeout = \"1h\";"));
    rig_start(&rig);
    scan();
    rig_await_text(&rig, "h.told", "finding.opened act");
    rig_stop(&rig);
    shell("rm hang");
    rig_start(&rig);
    await_quiet();
    id_of(1, first);
    id_of(2, second);
    assert_string_equal(first, second);
    says("h.told", "try 1");
    rig_stop(&rig);
}

static void a_hook_that_hangs_holds_up_no_other(void **state)
{
    (void)state;
    write_script("slow", "exec sleep 1000");
    configure(
        "{ name = \"slow\"; run = \"slow\"; grace = \"0s\"; window = \"0s\"; timeout = \"1h\"; }, " HOOK("h", ""));
    rig_start(&rig);
    scan();
    rig_await_text(&rig, "slow.told", "try 1");
    rig_await_text(&rig, "h.payloads", "first scan of fleet");
    shell(BREAK);
    scan();
    rig_await_text(&rig, "h.payloads", "RTM-HV03: agent protection is unsupported, and ");
    assert_int_equal(lines_of("slow.told"), 1);
    assert_int_equal(rig_muster(&rig, "status", NULL), 0);
    assert_non_null(strstr(rig.out, "running"));
    rig_stop(&rig);
}

static void a_hook_that_fails_is_said_once_shown_and_tried_again(void **state)
{
    (void)state;
    write_script("bad", "echo 'no \033[1mroute'; exit 7");
    configure("{ name = \"bad\"; run = \"bad\"; grace = \"0s\"; window = \"0s\"; classes = [ \"act\" ]; }");
    rig_start(&rig);
    scan();
    rig_await_text(&rig, "log", "warning: hook bad: alert 1 is not delivered, and tried again: ");
    rig_await_text(&rig, "log", "bad ended with exit status 7; it wrote: no \\x1B[1mroute");
    assert_int_equal(rig_muster(&rig, "status", NULL), 0);
    assert_non_null(strstr(rig.out, "failing"));
    assert_non_null(strstr(rig.out, "ended with exit status 7"));
    rig_stop(&rig);
}

static void a_hook_can_be_tried_with_a_sample(void **state)
{
    (void)state;
    write_script("bad", "echo \"no $(printf '\\033')[1mroute\"; exit 7");
    configure(HOOK("chat", "") ", { name = \"bad\"; run = \"bad\"; }");
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "hook", "test", "chat", NULL), 0);
    assert_non_null(strstr(rig.out, "chat works"));
    says("chat.told", "hook.test 1 try 1 ");
    says("chat.payloads", "\"event\":\"hook.test\"");
    assert_int_equal(rig_muster(&rig, "hook", "test", "bad", NULL), 1);
    assert_non_null(strstr(rig.out, "no \\x1B[1mroute"));
    assert_non_null(strstr(rig.err, "ended with exit status 7"));
    assert_int_equal(rig_muster(&rig, "hook", "test", "chart", NULL), 64);
    assert_non_null(strstr(rig.err, "did you mean \"chat\"?"));
    assert_int_equal(rig_muster(&rig, "--format", "json", "hook", "test", "chat", NULL), 0);
    assert_non_null(strstr(rig.out, "{\"hook\":\"chat\",\"delivered\":true,"));
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM alert"), 0);
    rig_stop(&rig);
}

static void a_single_pass_tells_what_is_due_and_then_ends(void **state)
{
    (void)state;
    configure(HOOK("h", "classes = [ \"act\" ];") ", { name = \"later\"; run = \"note\"; }");
    rig_start(&rig); /* a hook that is new begins with what comes after it */
    rig_stop(&rig);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    assert_int_equal(lines_of("h.told"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM alert WHERE hook = 'later'"), 0);
    assert_true(rig_number(&rig, "SELECT count(*) FROM pending WHERE hook = 'later'") > 0);
}

#define AT_RIG(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_RIG(a_change_of_one_host_is_one_alert_and_its_mending_another),
        AT_RIG(all_that_follows_from_one_change_is_one_alert),
        AT_RIG(an_exemption_silences_and_its_end_brings_it_back),
        AT_RIG(another_hook_is_told_of_what_comes_after_it),
        AT_RIG(what_was_in_flight_at_a_kill_has_the_same_id_again),
        AT_RIG(a_stop_ends_a_script_and_its_alert_is_tried_again),
        AT_RIG(a_hook_that_hangs_holds_up_no_other),
        AT_RIG(a_hook_that_fails_is_said_once_shown_and_tried_again),
        AT_RIG(a_hook_can_be_tried_with_a_sample),
        AT_RIG(a_single_pass_tells_what_is_due_and_then_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
