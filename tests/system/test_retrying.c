/* A dead alert of a real daemon waits again when an operator says so, and is delivered. */
#include "rig.h"

#include "sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

/* Windows Server 2008 SP2, which mabs-v2 does not protect. */
#define OLD                                                                                                            \
    "{\"kind\":\"machine\",\"key\":\"old01\",\"attributes\":{\"id.name\":\"old01\",\"os.build\":\"6.0.6002\","         \
    "\"os.name\":\"Microsoft Windows Server 2008 Standard\",\"os.arch\":\"x64\",\"os.product_type\":3,"                \
    "\"computer.virtual\":false}}\n{\"end\":{\"completeness\":\"complete\"}}\n"

static void configure(struct rig *rig, const char *hooks)
{
    rig_configure(
        rig,
        "targets = ( { name = \"a\"; plugin = \"file\"; every = \"1h\"; options = { path = \"a.jsonl\"; }; } );\n"
        "backup_servers = ( { name = \"b1\"; product = \"mabs-v2\"; installation = \"physical\"; } );\n%s",
        hooks);
}

/* As if it had been tried for days while the script failed. */
static void give_up(struct rig *rig)
{
    char path[128];
    struct sql sql;
    struct err err;

    snprintf(path, sizeof path, "%s/muster.db", rig->folder);
    assert_true(sql_open(&sql, path, SQLITE_OPEN_READWRITE, &err));
    assert_true(sql_run(&sql, "UPDATE alert SET state = 'dead', ended_at = made_at, tries = 9", &err));
    assert_true(sql_run(&sql, "UPDATE hook SET attempts = 9, failed_at = 1, retry_at = 9000000000000", &err));
    sql_close(&sql);
}

static void what_was_given_up_is_delivered_when_somebody_asks(void **state)
{
    char hooks[256], script[128];
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_write(&rig, "a.jsonl", "%s", OLD);
    rig_write(&rig, "hook.sh", "#!/bin/sh\ncat >>%s/told && test -e %s/mended\n", rig.folder, rig.folder);
    snprintf(script, sizeof script, "%s/hook.sh", rig.folder);
    assert_int_equal(chmod(script, 0755), 0);
    snprintf(hooks, sizeof hooks, "hooks = ( { name = \"h\"; run = \"%s\"; grace = \"0s\"; window = \"0s\"; } );\n",
             script);
    configure(&rig, hooks);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    rig_await_text(&rig, "told", "\"event\":\"finding.opened\"");
    rig_stop(&rig);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM alert WHERE state = 'waiting' AND tries = 1"), 1);
    give_up(&rig);
    rig_write(&rig, "mended", "%s", "");
    rig_write(&rig, "told", "%s", "");
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "alerts", "--state", "dead", NULL), 0);
    assert_non_null(strstr(rig.out, "first scan of a: "));
    assert_int_equal(rig_muster(&rig, "alerts", "--retry", "99", NULL), 1);
    assert_non_null(strstr(rig.err, "there is no alert 99"));
    assert_int_equal(rig_muster(&rig, "alerts", "--retry", "one", NULL), 1);
    assert_non_null(strstr(rig.err, "one is no alert: give its number, or all"));
    assert_int_equal(rig_muster(&rig, "alerts", "--retry", "all", NULL), 0);
    assert_non_null(strstr(rig.err, "1 alert waits again"));
    rig_await_text(&rig, "told", "\"event\":\"finding.opened\"");
    rig_stop(&rig);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM alert WHERE state = 'delivered' AND tries = 1"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM action WHERE what = 'retry' AND subject = 'all alerts'"),
                     1);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_given_up_is_delivered_when_somebody_asks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
