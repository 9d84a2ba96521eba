/* The action log of a real daemon: who accepted and who reloaded, what was refused, and what a signal did. */
#include "rig.h"

#include <errno.h>
#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MACHINE(name) "{\"kind\":\"machine\",\"key\":\"" name "\",\"attributes\":{\"id.name\":\"" name "\"}}\n"
#define END "{\"end\":{\"completeness\":\"complete\"}}\n"
#define TARGET(name) "{ name = \"" name "\"; plugin = \"file\"; options = { path = \"a.jsonl\"; }; }"

static void start_with(struct rig *rig, const char *targets)
{
    rig_begin(rig);
    rig_write(rig, "a.jsonl", "%s", MACHINE("web01") MACHINE("web02") END);
    rig_configure(rig, "targets = ( %s );\n", targets);
    rig_start(rig);
}

#define SERVER "backup_servers = ( { name = \"b1\"; product = \"mabs-v4\"; } );\n"

/* How many rows there are like this. */
static long long rows(struct rig *rig, const char *where)
{
    return rig_number(rig, "SELECT count(*) FROM action WHERE %s", where);
}

/* This process, by number and by name, as the command shows it. */
static void assert_by_us(struct rig *rig, const char *format)
{
    const struct passwd *user = getpwuid(geteuid());
    char who[512];

    if (user == NULL)
        snprintf(who, sizeof who, "uid %u", (unsigned)geteuid());
    else
        snprintf(who, sizeof who, "%s", user->pw_name);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM action WHERE uid = %u AND name = '%s' AND %s",
                                (unsigned)geteuid(), who, format),
                     1);
    assert_int_equal(rig_muster(rig, "log", "--limit", "1", NULL), 0);
    assert_non_null(strstr(rig->out, who));
}

static void an_acceptance_shows_who_let_what_through(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, TARGET("a"));
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    rig_write(&rig, "a.jsonl", "%s", END);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    assert_int_equal(rows(&rig, "1"), 0);
    assert_int_equal(rig_muster(&rig, "accept", "a", NULL), 0);
    assert_by_us(&rig, "what = 'accept' AND subject = 'a' AND before LIKE '2 removals waited: %%'"
                       " AND after = 'let through: 2 items gone' AND result = 'done'");
    assert_int_equal(rig_muster(&rig, "accept", "a", NULL), 0);
    assert_int_equal(rig_muster(&rig, "accept", "b", NULL), 64);
    assert_int_equal(rows(&rig, "1"), 1);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

static void a_reload_shows_who_asked_and_what_was_before_and_after(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, TARGET("a"));
    rig_configure(&rig, "targets = ( %s, %s );\n%s", TARGET("a"), TARGET("b"), SERVER);
    assert_int_equal(rig_muster(&rig, "reload", NULL), 0);
    assert_by_us(&rig, "what = 'reload' AND subject LIKE '%%.conf' AND before LIKE '1 target, basis %%'"
                       " AND after LIKE '2 targets, basis %%' AND result = 'done' AND message = ''");
    assert_int_equal(rows(&rig, "substr(before, -32) = substr(after, -32)"), 0);
    assert_int_equal(rig_muster(&rig, "reload", NULL), 0);
    assert_int_equal(rows(&rig, "before = after AND before LIKE '2 targets, basis %'"), 1);
    rig_end(&rig);
}

static void a_refused_reload_shows_who_asked_and_why_it_was(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, TARGET("a"));
    rig_configure(&rig, "targets = ( %s, { nme = 3; } );\n", TARGET("b"));
    assert_int_equal(rig_muster(&rig, "reload", NULL), 78);
    assert_by_us(&rig, "what = 'reload' AND result = 'refused' AND before = after AND before LIKE '1 target, %%'"
                       " AND message LIKE '%%nme%%'");
    rig_end(&rig);
}

static void what_only_a_restart_takes_up_is_remarked(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, TARGET("a"));
    rig_configure(&rig, "readers = \"root\";\ntargets = ( %s );\n", TARGET("a"));
    assert_int_equal(rig_muster(&rig, "reload", NULL), 0);
    assert_int_equal(rows(&rig, "result = 'done' AND message LIKE '%another readers is taken up only by a restart%'"),
                     1);
    rig_end(&rig);
}

static void a_signal_is_the_system_and_none_is_lost(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, TARGET("a"));
    rig_reload(&rig);
    assert_int_equal(rows(&rig, "uid IS NULL AND name = 'system' AND what = 'reload' AND result = 'done'"), 1);
    rig_configure(&rig, "targets = 3;\n");
    rig_reload(&rig);
    assert_int_equal(rows(&rig, "uid IS NULL AND result = 'refused' AND message <> ''"), 1);
    /* One more while one is under way comes after it. */
    assert_int_equal(kill(rig.daemon, SIGHUP), 0);
    rig_await(&rig, "RELOADING=1");
    assert_int_equal(kill(rig.daemon, SIGHUP), 0);
    rig_await(&rig, "READY=1");
    rig_await(&rig, "RELOADING=1");
    rig_await(&rig, "READY=1");
    assert_int_equal(rows(&rig, "uid IS NULL"), 4);
    assert_int_equal(rig_muster(&rig, "log", "--format", "csv", NULL), 0);
    assert_non_null(strstr(rig.out, ",system,,reload,"));
    rig_end(&rig);
}

static void a_reload_that_the_daemons_end_cut_off_is_there_too(void **state)
{
    struct rig rig;

    (void)state;
    start_with(&rig, TARGET("a"));
    rig_configure(&rig, "targets = ( { name = \"b\"; plugin = \"prepare_hang\"; } );\n");
    assert_int_equal(kill(rig.daemon, SIGHUP), 0);
    rig_await(&rig, "RELOADING=1");
    rig_stop(&rig);
    assert_int_equal(rows(&rig, "uid IS NULL AND result = 'refused' AND message LIKE '%stopped before%'"), 1);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_acceptance_shows_who_let_what_through),
        cmocka_unit_test(a_reload_shows_who_asked_and_what_was_before_and_after),
        cmocka_unit_test(a_refused_reload_shows_who_asked_and_why_it_was),
        cmocka_unit_test(what_only_a_restart_takes_up_is_remarked),
        cmocka_unit_test(a_signal_is_the_system_and_none_is_lost),
        cmocka_unit_test(a_reload_that_the_daemons_end_cut_off_is_there_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
