/* The commands that ask the daemon, and the program's own options, run as a user runs them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake.h"
#include "invoke.h"
#include "stock.h"

#include <stdio.h>
#include <string.h>

static struct stock stock;
static struct str answer;
static struct invoked ran;
static char asked[1024];

static int start(void **state)
{
    (void)state;
    stock_init(&stock);
    stock_fleet(&stock);
    answer = STR_EMPTY;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    invoke_finish(&ran);
    str_finish(&answer);
    stock_finish(&stock);
    return 0;
}

static int muster(const char *config, const char *const *words)
{
    invoke_finish(&ran);
    invoke(&ran, config, words);
    return ran.status;
}

/* Against a fake daemon with the answer made so far. */
#define ASK(...) ask((const char *const[]){ __VA_ARGS__, "--database", stock.path, "--control", control(), NULL })

static const char *control(void)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/control", stock.folder);
    return path;
}

static int ask(const char *const *words)
{
    struct fake fake;

    fake_start(&fake, stock.folder, &answer, FAKE_WHOLE);
    muster(NULL, words);
    fake_finish(&fake, asked, sizeof asked);
    return ran.status;
}

/* Without one. */
#define ALONE(...)                                                                                                     \
    muster(NULL, (const char *const[]){ __VA_ARGS__, "--database", stock.path, "--control", control(), NULL })

static void assert_said(const char *text, const char *said)
{
    if (strstr(text, said) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", said, text);
}

static void answer_status(void)
{
    fake_record(&answer, "daemon", "pid", "42", "version", "0.1.0", "uptime_s", "3700", "state", "running", "database",
                "fine", "config", "/etc/muster/musterd.conf", "targets", "2", "running", "1", "queued_commits", "0",
                "editions", "3", "judging", "under way", NULL);
    fake_record(&answer, "plugin", "name", "vmware", "version", "1.0", "state", "ready", "pid", "43", "confinement", "",
                "message", NULL, NULL);
    fake_record(&answer, "target", "name", STOCK_HOSTILE, "plugin", "vmware", "state", "quarantined", "result", "bug",
                "message", "it died", "next", "2025-11-24T16:00:00Z", "ended", NULL, "items", "7", NULL);
    fake_record(&answer, "target", "name", "resting", "state", "maintenance", "window", "the move", "until",
                "2025-11-24T18:00:00Z", NULL);
    fake_record(&answer, "novelty", "of", "a later release", NULL);
    fake_record(&answer, "credential", "name", "corp", "state", "held", "why", "refused", NULL);
    fake_record(&answer, "hook", "name", "mail", "state", "failing", "since", "2025-11-24T18:00:00Z", "message",
                "no \033route", NULL);
    fake_done(&answer, 0, "");
}

static void status_shows_what_the_daemon_says(void **state)
{
    (void)state;
    answer_status();
    assert_int_equal(ASK("status"), 0);
    assert_string_equal(asked, "status");
    assert_said(ran.out, "musterd          running");
    assert_said(ran.out, "up               1h 1m");
    assert_said(ran.out, "editions         3");
    assert_said(ran.out, "judging          under way");
    assert_said(ran.out, "A1\\x1B[31m");
    assert_said(ran.out, "quarantined");
    assert_said(ran.out, "maintenance");
    assert_said(ran.out, "no \\x1Broute");
    assert_null(strchr(ran.out, '\033'));
    assert_string_equal(ran.err, "");
}

static void status_in_json_has_its_five_parts(void **state)
{
    (void)state;
    answer_status();
    assert_int_equal(ASK("status", "--format", "json"), 0);
    assert_said(ran.out, "\"daemon\": {\"state\":\"running\",\"pid\":42,");
    assert_said(ran.out, "\"uptime_s\":3700");
    assert_said(ran.out, "\"editions\":3,\"judging\":\"under way\"");
    assert_said(ran.out, "\"next\":\"2025-11-24T16:00:00Z\"");
    assert_said(ran.out, "\"window\":\"the move\",\"until\":\"2025-11-24T18:00:00Z\"");
    assert_said(ran.out, "\"plugins\": [");
    assert_said(ran.out, "\"credentials\": [");
    assert_said(ran.out, "\"hooks\": [");
    assert_said(ran.out, "{\"name\":\"mail\",\"state\":\"failing\",\"since\":\"2025-11-24T18:00:00Z\",");
    answer.length = 0;
    answer_status();
    assert_int_equal(ASK("status", "--format", "csv"), 0);
    assert_said(ran.out, "name,plugin,state,result,");
}

static void status_of_a_daemon_that_is_down_shows_what_is_stored(void **state)
{
    (void)state;
    assert_int_equal(ALONE("status"), 1);
    assert_said(ran.err, "musterd is not running");
    assert_said(ran.out, "musterd  down");
    assert_said(ran.out, "the password was refused");
    assert_int_equal(ALONE("status", "--format", "json"), 1);
    assert_said(ran.out, "\"daemon\": {\"state\":\"down\"");
    assert_said(ran.out, "\"name\":\"vc01\"");
}

static void scan_tells_of_each_target_as_it_ends(void **state)
{
    (void)state;
    fake_record(&answer, "begun", "target", "vc01", NULL);
    fake_record(&answer, "progress", "target", "vc01", "items", "100", NULL);
    fake_record(&answer, "ended", "target", "vc01", "result", "complete", "message", "", "appeared", "0", "changed",
                "3", "gone", "1", "moved", "0", "held", "0", "wall_ms", "2150", NULL);
    fake_record(&answer, "ended", "target", "hv\x1b[1m", "result", "denied", "message", "no\nway", "wall_ms", "5",
                NULL);
    fake_done(&answer, 1, "1 of 2 targets failed");
    assert_int_equal(ASK("scan", "vc01", "hv01"), 1);
    assert_string_equal(asked, "scan vc01 hv01");
    assert_string_equal(ran.out, "vc01: complete, 3 changed, 1 gone (2.1 s)\n"
                                 "hv\\x1B[1m: FAILED, denied: no\\nway (0.0 s)\n");
    assert_said(ran.err, "1 of 2 targets failed");
}

static void scan_succeeds_only_where_every_target_did(void **state)
{
    (void)state;
    fake_record(&answer, "ended", "target", "vc01", "result", "complete", NULL);
    fake_done(&answer, 0, "");
    assert_int_equal(ASK("scan"), 0);
    assert_string_equal(asked, "scan");
    assert_string_equal(ran.out, "vc01: complete, nothing new (0.0 s)\n");
    answer.length = 0;
    /* Whatever its end says. */
    fake_record(&answer, "ended", "target", "vc01", "result", "timeout", NULL);
    fake_done(&answer, 0, "");
    assert_int_equal(ASK("scan"), 1);
    answer.length = 0;
    fake_record(&answer, "ended", "target", "vc01", NULL);
    fake_done(&answer, 0, "");
    assert_int_equal(ASK("scan", "--format", "json"), 1);
    assert_said(ran.out, "[\n  {\"target\":\"vc01\",\"result\":null,");
}

static void an_unknown_target_is_a_matter_of_usage(void **state)
{
    (void)state;
    fake_done(&answer, 64, "there is no target vc1; did you mean vc01?");
    assert_int_equal(ASK("scan", "vc1"), 64);
    assert_said(ran.err, "did you mean vc01?");
}

static void doctor_tells_each_step_and_its_remedy(void **state)
{
    (void)state;
    fake_record(&answer, "step", "target", "vc01", "name", "DNS", "state", "ok", "detail", "10.0.0.1", NULL);
    fake_record(&answer, "step", "target", "vc01", "name", "TLS", "state", "failed", "detail", "expired", "remedy",
                "renew it", NULL);
    fake_done(&answer, 0, "");
    assert_int_equal(ASK("doctor", "vc01"), 1);
    assert_string_equal(asked, "doctor vc01");
    assert_string_equal(ran.out, "ok       DNS: 10.0.0.1\nfailed   TLS: expired\n         to do: renew it\n");
    assert_int_equal(ASK("doctor", "vc01", "--format", "csv"), 1);
    assert_said(ran.out, "target,name,state,detail,remedy\r\nvc01,DNS,ok,10.0.0.1,\r\n");
    assert_int_equal(ALONE("doctor"), 64);
}

static void reload_tells_every_problem(void **state)
{
    (void)state;
    fake_record(&answer, "problem", "text", "musterd.conf:7: there is no plugin vmwar", NULL);
    fake_record(&answer, "problem", "text", "musterd.conf:9: \x1b[2J", NULL);
    fake_done(&answer, 78, "the old configuration stays in force");
    assert_int_equal(ASK("reload"), 78);
    assert_said(ran.err, "musterd.conf:7: there is no plugin vmwar\nmusterd.conf:9: \\x1B[2J\n");
    assert_said(ran.err, "the old configuration stays in force");
    assert_int_equal(ASK("reload", "--format", "json"), 78);
    assert_said(ran.out, "[\n  {\"text\":\"musterd.conf:7");
}

static void accept_names_its_target(void **state)
{
    (void)state;
    fake_done(&answer, 0, "12 removals of inside were accepted");
    assert_int_equal(ASK("accept", "inside"), 0);
    assert_string_equal(asked, "accept inside");
    assert_said(ran.err, "12 removals");
    assert_int_equal(ALONE("accept"), 64);
    assert_int_equal(ALONE("accept", "a", "b"), 64);
}

static void a_hook_shows_what_it_writes_and_whether_it_works(void **state)
{
    (void)state;
    fake_record(&answer, "result", "hook", "mail", "delivered", "true", "message", "", "output", "sent\n\033[1mto b\n",
                "wall_ms", "12", NULL);
    fake_done(&answer, 0, "");
    assert_int_equal(ASK("hook", "test", "mail"), 0);
    assert_string_equal(asked, "hook_test mail");
    assert_string_equal(ran.out, "sent\n\\x1B[1mto b\nmail works\n");
    assert_int_equal(ASK("hook", "test", "mail", "--format", "json"), 0);
    assert_said(ran.out, "{\"hook\":\"mail\",\"delivered\":true,\"message\":\"\",\"output\":\"sent\\n");
    assert_said(ran.out, "\"wall_ms\":12}");
    answer.length = 0;
    fake_record(&answer, "result", "hook", "mail", "delivered", "false", "message", "no", "output", "", NULL);
    fake_done(&answer, 1, "/m ended with exit status 3; it wrote nothing");
    assert_int_equal(ASK("hook", "test", "mail"), 1);
    assert_string_equal(ran.out, "");
    assert_said(ran.err, "exit status 3");
    assert_int_equal(ALONE("hook"), 64);
    assert_int_equal(ALONE("hook", "test"), 64);
    assert_int_equal(ALONE("hook", "tset", "mail"), 64);
    assert_said(ran.err, "did you mean test?");
    assert_int_equal(ALONE("hook", "test", "mail"), 1);
}

static void all_that_ask_say_when_nobody_is_there(void **state)
{
    (void)state;
    assert_int_equal(ALONE("scan"), 1);
    assert_said(ran.err, "musterd is not running");
    assert_int_equal(ALONE("doctor", "vc01"), 1);
    assert_int_equal(ALONE("reload"), 1);
    assert_int_equal(ALONE("accept", "vc01"), 1);
    assert_said(ran.err, control());
}

#define PLAIN(config, ...) muster(config, (const char *const[]){ __VA_ARGS__, NULL })

static void help_and_version_need_nothing(void **state)
{
    static const char *const commands[] = { "summary", "list", "show",   "explain", "history", "matrix",
                                            "status",  "scan", "doctor", "accept",  "reload" };

    (void)state;
    assert_int_equal(PLAIN("/none/musterd.conf", "--help"), 0);
    assert_said(ran.out, "muster COMMAND --help");
    assert_said(ran.out, "matrix reads the published matrix and needs neither");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        assert_int_equal(PLAIN("/none/musterd.conf", commands[i], "--help"), 0);
        assert_said(ran.out, "usage: muster ");
        assert_said(ran.out, commands[i]);
    }
    assert_int_equal(PLAIN("/none/musterd.conf", "--version"), 0);
    assert_said(ran.out, "muster 0.");
}

static void a_wrong_command_line_is_a_matter_of_usage(void **state)
{
    (void)state;
    assert_int_equal(muster(NULL, (const char *const[]){ NULL }), 64);
    assert_said(ran.err, "which command?");
    assert_int_equal(PLAIN(NULL, "lst"), 64);
    assert_said(ran.err, "did you mean list?");
    assert_int_equal(PLAIN(NULL, "list", "--kidn", "vm"), 64);
    assert_said(ran.err, "did you mean --kind?");
    assert_int_equal(PLAIN(NULL, "list", "--format", "xml"), 64);
    assert_said(ran.err, "table, json or csv");
    assert_int_equal(PLAIN(NULL, "--format"), 64);
    assert_int_equal(PLAIN(NULL, "list", "web01"), 64);
    assert_string_equal(ran.out, "");
}

static void a_configuration_that_was_named_must_be_readable(void **state)
{
    (void)state;
    assert_int_equal(PLAIN("/none/musterd.conf", "list"), 78);
    assert_said(ran.err, "/none/musterd.conf");
    assert_int_equal(PLAIN(NULL, "-c", "/none/other.conf", "list"), 78);
    assert_said(ran.err, "/none/other.conf");
    assert_said(ran.err, "--database FILE and --control SOCKET lead past");
    /* Not where nothing of it is needed. */
    assert_int_equal(PLAIN("/none/musterd.conf", "list", "--database", stock.path), 0);
    assert_int_equal(PLAIN("/none/musterd.conf", "status", "--database", stock.path), 78);
    assert_int_equal(PLAIN("/none/musterd.conf", "status", "--database", stock.path, "--control", "/none"), 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(status_shows_what_the_daemon_says, start, finish),
        cmocka_unit_test_setup_teardown(status_in_json_has_its_five_parts, start, finish),
        cmocka_unit_test_setup_teardown(status_of_a_daemon_that_is_down_shows_what_is_stored, start, finish),
        cmocka_unit_test_setup_teardown(scan_tells_of_each_target_as_it_ends, start, finish),
        cmocka_unit_test_setup_teardown(scan_succeeds_only_where_every_target_did, start, finish),
        cmocka_unit_test_setup_teardown(an_unknown_target_is_a_matter_of_usage, start, finish),
        cmocka_unit_test_setup_teardown(doctor_tells_each_step_and_its_remedy, start, finish),
        cmocka_unit_test_setup_teardown(reload_tells_every_problem, start, finish),
        cmocka_unit_test_setup_teardown(accept_names_its_target, start, finish),
        cmocka_unit_test_setup_teardown(a_hook_shows_what_it_writes_and_whether_it_works, start, finish),
        cmocka_unit_test_setup_teardown(all_that_ask_say_when_nobody_is_there, start, finish),
        cmocka_unit_test_setup_teardown(help_and_version_need_nothing, start, finish),
        cmocka_unit_test_setup_teardown(a_wrong_command_line_is_a_matter_of_usage, start, finish),
        cmocka_unit_test_setup_teardown(a_configuration_that_was_named_must_be_readable, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
