/* Maintenance windows, open since long ago: what is left alone, what is not, and what becomes of it when they go. */
#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OPEN                                                                                                           \
    "maintenance = ( { name = \"the move\"; targets = [ \"a\" ]; from = \"2020-01-01 00:00\"; until = \"2099-12-31 "   \
    "23:59\"; zone = \"Europe/Amsterdam\"; } );\n"

static void configure(struct rig *rig, const char *maintenance)
{
    rig_configure(rig,
                  "targets = (\n"
                  " { name = \"a\"; plugin = \"file\"; every = \"1s\"; options = { path = \"a.jsonl\"; }; },\n"
                  " { name = \"b\"; plugin = \"file\"; every = \"1s\"; options = { path = \"b.jsonl\"; }; } );\n%s",
                  maintenance);
}

static void write_items(struct rig *rig, const char *file, const char *state)
{
    rig_write(rig, file,
              "{\"kind\":\"vm\",\"key\":\"%s\",\"attributes\":{\"id.name\":\"%s\"}}\n"
              "{\"end\":{\"completeness\":\"complete\"}}\n",
              file, state);
}

static void assert_said(const struct rig *rig, const char *text)
{
    if (strstr(rig->out, text) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", text, rig->out);
}

static void begin(struct rig *rig)
{
    rig_begin(rig);
    write_items(rig, "a.jsonl", "first");
    write_items(rig, "b.jsonl", "first");
    configure(rig, OPEN);
    rig_start(rig);
}

static void a_target_in_maintenance_is_left_alone_until_the_window_goes(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    rig_await_text(&rig, "log", "b: complete, 1 item: 1 appeared");
    write_items(&rig, "b.jsonl", "second");
    rig_await_text(&rig, "log", "b: complete, 1 item: 0 appeared, 1 changed");
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM target WHERE name = 'a' AND started_at IS NOT NULL"), 0);
    assert_int_equal(rig_muster(&rig, "status", NULL), 0);
    assert_said(&rig, "maintenance the move until 2099-12-31T22:59:00Z");
    assert_int_equal(rig_muster(&rig, "status", "--format", "json", NULL), 0);
    assert_said(&rig, "\"state\":\"maintenance\",\"result\":\"never\"");
    assert_said(&rig, "\"window\":\"the move\",\"until\":\"2099-12-31T22:59:00Z\"");
    assert_said(&rig, "\"window\":null,\"until\":null");
    configure(&rig, "");
    rig_reload(&rig);
    rig_await_text(&rig, "log", "a: complete, 1 item: 1 appeared");
    assert_int_equal(rig_muster(&rig, "status", NULL), 0);
    assert_null(strstr(rig.out, "maintenance"));
    rig_stop(&rig);
    rig_end(&rig);
}

static void who_asks_gets_a_scan_whose_failure_is_not_told(void **state)
{
    static const char told[] = "SELECT count(*) FROM event WHERE what = 'scan.failing'";
    static const char failing[] = "SELECT count(*) FROM target WHERE name = 'a' AND failing_at IS NOT NULL";
    struct rig rig;

    (void)state;
    begin(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    assert_said(&rig, "complete");
    rig_write(&rig, "a.jsonl", "no JSON\n");
    assert_int_not_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    assert_int_equal(rig_number(&rig, told), 0);
    assert_int_equal(rig_number(&rig, failing), 0);
    configure(&rig, "");
    rig_reload(&rig);
    assert_int_not_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    assert_int_equal(rig_number(&rig, failing), 1);
    assert_int_equal(rig_number(&rig, told), 1);
    rig_stop(&rig);
    rig_end(&rig);
}

static void a_window_that_comes_with_a_reload_is_kept_to(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    write_items(&rig, "a.jsonl", "first");
    write_items(&rig, "b.jsonl", "first");
    configure(&rig, "");
    rig_start(&rig);
    rig_await_text(&rig, "log", "a: complete, 1 item: 1 appeared");
    rig_await_text(&rig, "log", "b: complete, 1 item: 1 appeared");
    configure(&rig, OPEN);
    rig_reload(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0); /* nothing is under way any more */
    write_items(&rig, "a.jsonl", "second");
    write_items(&rig, "b.jsonl", "second");
    rig_await_text(&rig, "log", "b: complete, 1 item: 0 appeared, 1 changed");
    rig_write(&rig, "b.jsonl",
              "{\"kind\":\"vm\",\"key\":\"b.jsonl\"}\n{\"kind\":\"vm\",\"key\":\"more\"}\n"
              "{\"end\":{\"completeness\":\"complete\"}}\n");
    rig_await_text(&rig, "log", "b: complete, 2 items: 1 appeared");
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item WHERE key = 'a.jsonl' AND name = 'first'"), 1);
    rig_stop(&rig);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_in_maintenance_is_left_alone_until_the_window_goes),
        cmocka_unit_test(who_asks_gets_a_scan_whose_failure_is_not_told),
        cmocka_unit_test(a_window_that_comes_with_a_reload_is_kept_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
