/* From what a backup server's database shows to what people are told of it: the real daemon, its demo fleet, the real
 * command, and a hook that writes down what it gets. */
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

#define NOTES "#!/bin/sh\ncd %s\nread -r line\nprintf '%%s\\n' \"$line\" >>payloads\n"
#define HOOK                                                                                                           \
    "hooks = ( { name = \"h\"; run = \"note\"; grace = \"0s\"; window = \"0s\";"                                       \
    " events = [ \"coverage.lost\", \"coverage.gained\" ]; } );\n"

/* The laptop LT-0412 leaves its protection group; the file of the fleet breaks off before all that is protected. */
#define LEAVE "sed '/\"lt-0412[.]corp/s/\"protected.state\":\"protected\"/\"protected.state\":\"stopped\"/'"
#define WHOLE "cat"
#define BROKEN "grep -v '^{\"kind\":\"protected\"\\|^{\"end\"'"

static struct rig rig;

static void put_fleet(const char *filter, const char *behind)
{
    char line[1024];

    snprintf(line, sizeof line, "cd %s && %s " DEMO "/fleet.jsonl >new && printf '%s' >>new && mv new fleet.jsonl",
             rig.folder, filter, behind);
    assert_int_equal(system(line), 0); /* NOLINT(cert-env33-c): constant commands on our own files */
}

static void configure(const char *before, const char *after)
{
    char line[512], *demo;

    snprintf(line, sizeof line, "cp -R " DEMO "/rvtools " DEMO "/musterd.conf %s", rig.folder);
    assert_int_equal(system(line), 0); /* NOLINT(cert-env33-c): constant commands on our own files */
    demo = rig_read(&rig, "musterd.conf");
    if (before != NULL) {
        char *at = strstr(demo, before);

        assert_non_null(at);
        memmove(at + strlen(after), at + strlen(before), strlen(at + strlen(before)) + 1);
        memcpy(at, after, strlen(after));
    }
    rig_write(&rig, "musterd.conf", "plugins = \"plugins\"; plugin_host = \"" HOST_PROGRAM "\";\n%s\n" HOOK, demo);
    free(demo);
}

static int begin(void **state)
{
    char path[128];

    (void)state;
    rig_begin(&rig);
    rig_write(&rig, "note", NOTES, rig.folder);
    snprintf(path, sizeof path, "%s/note", rig.folder);
    assert_int_equal(chmod(path, 0755), 0);
    put_fleet(WHOLE, "");
    configure(NULL, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
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

/* All is judged, the hook has read all events, and nothing waits for it any more. */
static void await_quiet(void)
{
    await(0, "SELECT count(*) FROM meta WHERE name = 'judging_next'");
    await(0, "SELECT (SELECT max(id) FROM event) - (SELECT min(cursor) FROM hook)");
    await(0, "SELECT (SELECT count(*) FROM pending) + (SELECT count(*) FROM alert WHERE state = 'waiting')");
}

static void scan(int status)
{
    assert_int_equal(rig_muster(&rig, "scan", "fleet", NULL), status);
    await_quiet();
}

static long long events(const char *what)
{
    return rig_number(&rig, "SELECT count(*) FROM event WHERE what = '%s'", what);
}

static void must_say(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("no \"%s\" in: %s", words, text);
}

/* What the list has of the laptop. */
static void is_listed_as(const char *coverage)
{
    assert_int_equal(rig_muster(&rig, "list", "--coverage", "--name", "LT-0412", "--format", "csv", NULL), 0);
    must_say(rig.out, coverage);
}

static void must_have_told(const char *words)
{
    char *text = rig_read(&rig, "payloads");

    must_say(text, words);
    free(text);
}

static void who_leaves_a_protection_group_is_told_and_who_comes_back(void **state)
{
    long long gained, listed;

    (void)state;
    rig_start(&rig);
    scan(0);
    gained = events("coverage.gained");
    listed = rig_number(&rig, "SELECT count(DISTINCT asset) FROM protection WHERE by_what = 'dpmdb' AND counts = 1"
                              " AND excluded IS NULL");
    assert_true(gained > 20);
    assert_int_equal(gained, listed);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM alert"), 1);
    is_listed_as("LT-0412,machine,protected-");
    must_say(rig.out, ",Laptops,");
    put_fleet(LEAVE, "");
    scan(0);
    is_listed_as("LT-0412,machine,unprotected-");
    assert_int_equal(events("coverage.lost"), 1);
    must_have_told("\"title\":\"LT-0412 is protected no more: it is in no protection group\"");
    must_have_told("\"detail\":{\"server\":\"rtm-mabs01.corp.brackwater.example\"}");
    put_fleet(WHOLE, "");
    scan(0);
    assert_int_equal(events("coverage.gained"), gained + 1);
    must_have_told("\"title\":\"LT-0412 is protected by a backup server now\"");
    rig_stop(&rig);
    rig_assert_whole(&rig);
}

static void what_could_not_be_read_is_not_lost(void **state)
{
    (void)state;
    rig_start(&rig);
    scan(0);
    put_fleet(BROKEN, "{\"end\":{\"completeness\":\"partial\"}}\\n");
    scan(0);
    put_fleet(BROKEN, "{\"fail\":{\"class\":\"timeout\",\"text\":\"the DPMDB is silent\"}}\\n");
    scan(1);
    put_fleet(BROKEN, "{\"refused\":{\"text\":\"login failed\"}}\\n{\"end\":{\"completeness\":\"complete\"}}\\n");
    scan(1);
    assert_int_equal(events("coverage.lost"), 0);
    is_listed_as("LT-0412,machine,protected-");
    /* One that is configured no more tells nothing either. */
    configure("name = \"fleet\";", "name = \"other\";");
    put_fleet(BROKEN, "");
    rig_reload(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "other", NULL), 0);
    await_quiet();
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM protection WHERE by_what = 'dpmdb'"), 0);
    assert_int_equal(events("coverage.lost"), 0);
    assert_int_equal(rig_muster(&rig, "list", "--coverage", NULL), 0);
    must_say(rig.out, "No backup server's own database (DPMDB) is read");
    rig_stop(&rig);
    rig_assert_whole(&rig);
}

#define IN_RIG(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_RIG(who_leaves_a_protection_group_is_told_and_who_comes_back),
        IN_RIG(what_could_not_be_read_is_not_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
