/* Exemptions and retirements of a real daemon: made, exported, imported, ended, and who did it. */
#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

/* Windows Server 2008 SP2, which mabs-v2 does not protect. */
#define OLD(name)                                                                                                      \
    "{\"kind\":\"machine\",\"key\":\"" name "\",\"attributes\":{\"id.name\":\"" name                                   \
    "\",\"os.build\":\"6.0.6002\",\"os.name\":\"Microsoft Windows Server 2008 Standard\",\"os.arch\":\"x64\","         \
    "\"os.product_type\":3,\"hardware.manufacturer\":\"Dell Inc.\"}}\n"
#define END "{\"end\":{\"completeness\":\"complete\"}}\n"
#define PARTIAL "{\"end\":{\"completeness\":\"partial\"}}\n"
#define TARGET "targets = ( { name = \"a\"; plugin = \"file\"; options = { path = \"a.jsonl\"; }; } );\n"
#define SERVER "backup_servers = ( { name = \"b1\"; product = \"mabs-v2\"; installation = \"physical\"; } );\n"

static void start(struct rig *rig)
{
    rig_begin(rig);
    rig_write(rig, "a.jsonl", "%s", OLD("old01") OLD("old02") OLD("old03") END);
    rig_configure(rig, "%s", TARGET SERVER);
    rig_start(rig);
    assert_int_equal(rig_muster(rig, "scan", "a", NULL), 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM finding WHERE kind = 'verdict' AND state = 'open'"), 3);
}

static long long exempt(struct rig *rig)
{
    return rig_number(rig, "SELECT count(*) FROM finding WHERE kind = 'verdict' AND exempt = 1");
}

static void one_is_made_and_ended_by_whoever_asks(void **state)
{
    struct rig rig;

    (void)state;
    start(&rig);
    assert_int_equal(rig_muster(&rig, "exempt", "old01", "--reason", "replaced", "--until", "30d", NULL), 0);
    assert_non_null(strstr(rig.err, "exemption 1 until "));
    assert_int_equal(exempt(&rig), 1);
    assert_int_equal(
        rig_muster(&rig, "exempt", "--version", "Windows Server 2008*", "--reason", "all", "--until", "1d", NULL), 0);
    assert_int_equal(exempt(&rig), 3);
    assert_int_equal(rig_muster(&rig, "exempt", "--end", "2", "--reason", "no", NULL), 0);
    assert_int_equal(exempt(&rig), 1);
    assert_int_equal(rig_muster(&rig, "exempt", "--end", "2", "--reason", "no", NULL), 1);
    assert_non_null(strstr(rig.err, "already"));
    assert_int_equal(rig_muster(&rig, "exempt", "--end", "99", "--reason", "no", NULL), 1);
    assert_non_null(strstr(rig.err, "there is no exemption 99"));
    assert_int_equal(rig_muster(&rig, "log", NULL), 0);
    assert_non_null(strstr(rig.out, "exempt-end"));
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM action WHERE what = 'exempt' AND after LIKE"
                                      " '%%replaced; covers %%'"),
                     1);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

static void an_export_is_imported_once(void **state)
{
    struct rig rig;
    char *exported;

    (void)state;
    start(&rig);
    assert_int_equal(rig_muster(&rig, "exempt", "old01", "--reason", "a \"b\" $(c)", "--until", "30d", NULL), 0);
    assert_int_equal(rig_muster(&rig, "exempt", "old02", "--reason", "r", "--until", "30d", NULL), 0);
    assert_int_equal(rig_muster(&rig, "exemptions", "--export", NULL), 0);
    exported = strdup(rig.out);
    rig_write(&rig, "export", "%s", exported);
    assert_int_equal(rig_muster(&rig, "exempt", "--end", "2", "--reason", "no", NULL), 0);
    assert_int_equal(exempt(&rig), 1);
    for (int round = 0; round < 2; round++) {
        char path[128];

        snprintf(path, sizeof path, "%s/export", rig.folder);
        assert_int_equal(rig_muster(&rig, "exempt", "--import", path, NULL), 0);
        assert_non_null(strstr(rig.err, round == 0 ? "1 exemption made; 1 in force already"
                                                   : "0 exemptions made; 2 in force already"));
        assert_int_equal(exempt(&rig), 2);
    }
    free(exported);
    rig_end(&rig);
}

static void of_a_file_all_or_nothing_is_made(void **state)
{
    struct rig rig;
    char path[128];

    (void)state;
    start(&rig);
    snprintf(path, sizeof path, "%s/import", rig.folder);
    rig_write(&rig, "import", "%s",
              "{\"name\":\"old01\",\"reason\":\"r\",\"until\":\"2029-01-01\"}\n"
              "{\"asset\":4711,\"reason\":\"r\",\"until\":\"2029-01-01\"}\n");
    assert_int_equal(rig_muster(&rig, "exempt", "--import", path, NULL), 1);
    assert_non_null(strstr(rig.err, "exemption 2 of 2: there is no asset 4711"));
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM exemption"), 0);
    rig_write(&rig, "import", "%s",
              "{\"asset\":1,\"asset_name\":\"another\",\"reason\":\"r\",\"until\":\"2029-01-01\"}\n");
    assert_int_equal(rig_muster(&rig, "exempt", "--import", path, NULL), 1);
    assert_non_null(strstr(rig.err, "not another: this may be of another database"));
    rig_end(&rig);
}

static void an_asset_is_retired_that_nobody_sees(void **state)
{
    struct rig rig;

    (void)state;
    start(&rig);
    assert_int_equal(rig_muster(&rig, "retire", "old03", "--reason", "scrapped", NULL), 1);
    assert_non_null(strstr(rig.err, "target a saw old03 in its last good run"));
    rig_write(&rig, "a.jsonl", "%s", OLD("old01") OLD("old02") PARTIAL);
    rig_muster(&rig, "scan", "a", NULL);
    assert_int_equal(rig_muster(&rig, "retire", "old03", "--reason", "scrapped", NULL), 0);
    assert_non_null(strstr(rig.err, "1 item marked gone"));
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM finding WHERE kind = 'verdict' AND state = 'retired'"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM finding WHERE kind = 'verdict' AND state = 'open'"), 2);
    assert_int_equal(rig_muster(&rig, "retire", "old03", "--reason", "scrapped", NULL), 1);
    assert_non_null(strstr(rig.err, "is gone since"));
    assert_int_equal(rig_muster(&rig, "history", "old03", NULL), 0);
    assert_non_null(strstr(rig.out, "retired"));
    rig_write(&rig, "a.jsonl", "%s", OLD("old01") OLD("old02") OLD("old03") END);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM finding WHERE kind = 'verdict' AND state = 'open'"), 3);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

/* The whole way: what was exempt, and never told since, reaches the script when the exemption has ended by itself. */
static void what_was_exempt_is_told_again_when_that_ends(void **state)
{
    struct rig rig;
    char path[128];

    (void)state;
    rig_begin(&rig);
    rig_write(&rig, "a.jsonl", "%s", OLD("old01") END);
    rig_write(&rig, "tell", "#!/bin/sh\ncat >>%s/told\n", rig.folder);
    snprintf(path, sizeof path, "%s/tell", rig.folder);
    assert_int_equal(chmod(path, 0700), 0);
    rig_configure(&rig,
                  "%shooks = ( { name = \"h\"; run = \"%s\"; events = [ \"finding.opened\", \"exemption.expiring\","
                  " \"exemption.expired\" ]; verdicts = [ \"unsupported\" ]; grace = \"0s\"; window = \"0s\"; } );\n",
                  TARGET SERVER, path);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    rig_await_text(&rig, "told", "\"times\":1");
    rig_write(&rig, "told", "%s", "");
    assert_int_equal(rig_muster(&rig, "exempt", "old01", "--reason", "replaced", "--until", "3s", NULL), 0);
    assert_int_equal(exempt(&rig), 1);
    rig_await_text(&rig, "told", "finding.opened");
    assert_int_equal(exempt(&rig), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM exemption WHERE ended_why = 'expired'"), 1);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_made_and_ended_by_whoever_asks),
        cmocka_unit_test(an_export_is_imported_once),
        cmocka_unit_test(of_a_file_all_or_nothing_is_made),
        cmocka_unit_test(an_asset_is_retired_that_nobody_sees),
        cmocka_unit_test(what_was_exempt_is_told_again_when_that_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
