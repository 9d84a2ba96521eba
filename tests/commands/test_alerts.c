/* muster alerts: what hooks are told, and how they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

#include <string.h>

static void stock_alerts(void)
{
    stock_run_timed(
        &stock,
        "INSERT INTO hook (name, cursor, history_cursor, attempts, retry_at, failed_at, message) VALUES"
        " ('mail', 1, -1, 3, N + 600000, N - 7200000, 'mail.sh ended with status 7: no route'),"
        " ('chat', 1, -1, 0, NULL, NULL, '');"
        "INSERT INTO pending (hook, bundle, event, due_at) VALUES ('chat', 'cause 1', 1, N - 0), ('chat', 'cause 1',"
        " 2, N - 0), ('chat', 'maintenance night', 3, NULL);"
        "INSERT INTO alert (key, hook, what, need, title, count, payload, state, tries, made_at, first_try_at,"
        " tried_at, ended_at, message) VALUES"
        " ('k1', 'mail', 'finding.opened', 'act', 'web01: agent protection is unsupported', 41, '{}', 'dead',"
        " 9, N - 86400000, N - 86400000, N - 3600000, N - 3600000, 'mail.sh hung'),"
        " ('k2', 'mail', 'scan.failing', '', 'target vc01 cannot be scanned', 1, '{}', 'waiting', 0,"
        " N - 60000, NULL, NULL, NULL, ''),"
        " ('k3', 'chat', 'finding.resolved', 'look', 'over: ' || char(27) || '[31m' || char(10) || '=1+1', 1,"
        " '{}', 'delivered', 1, N - 30000, N - 30000, N - 30000, N - 29000, '')");
}

static int open_desk(void **state)
{
    int result = desk_open(state);

    stock_alerts();
    return result;
}

static void alerts_and_hooks_are_shown_the_newest_first(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("alerts"), 0);
    assert_said(ran.out, "target vc01 cannot be scanned");
    assert_said(ran.out, "mail.sh hung");
    assert_said(ran.out, "failing");
    assert_true(strstr(ran.out, "over: ") < strstr(ran.out, "target vc01"));
    assert_true(strstr(ran.out, "target vc01") < strstr(ran.out, "web01: agent"));
    assert_null(strchr(ran.out, '\033'));
}

static void programs_get_all_of_it(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("alerts", "--format", "json"), 0);
    assert_string_equal(json("$.alerts[2].id"), "1");
    assert_string_equal(json("$.alerts[2].state"), "dead");
    assert_string_equal(json("$.alerts[2].count"), "41");
    assert_string_equal(json("$.alerts[2].class"), "act");
    assert_string_equal(json("$.alerts[2].key"), "k1");
    assert_string_equal(json("$.alerts[1].class"), "null");
    assert_string_equal(json("$.alerts[1].tried"), "null");
    assert_string_equal(json("$.alerts[0].title"), "over: \033[31m\n=1+1");
    assert_string_equal(json("$.hooks[0].name"), "chat");
    assert_string_equal(json("$.hooks[0].pending"), "3");
    assert_string_equal(json("$.hooks[0].state"), "fine");
    assert_string_equal(json("$.hooks[1].state"), "failing");
    assert_string_equal(json("$.hooks[1].waiting"), "1");
    assert_string_equal(json("$.hooks[1].dead"), "1");
    assert_string_equal(json("$.hooks[1].message"), "mail.sh ended with status 7: no route");
    assert_int_equal(MUSTER("alerts", "--format", "csv"), 0);
    assert_said(ran.out, "id,made,hook,state,class,title,count,tries,tried,message,event,first_try,ended,key\r\n");
}

static void they_can_be_picked_by_state_and_number(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("alerts", "--state", "dead", "--format", "json"), 0);
    assert_string_equal(json("$.alerts[0].id"), "1");
    assert_string_equal(json("$.alerts[1]"), "null");
    assert_int_equal(MUSTER("alerts", "--limit", "2"), 0);
    assert_said(ran.err, "... and more: --limit 0 shows all");
    assert_null(strstr(ran.out, "web01: agent"));
    assert_int_equal(MUSTER("alerts", "--state", "ded"), 64);
    assert_int_equal(MUSTER("alerts", "mail"), 64);
}

static void where_there_is_nothing_it_says_so(void **state)
{
    (void)state;
    stock_run(&stock, "DELETE FROM alert; DELETE FROM hook; DELETE FROM pending");
    assert_int_equal(MUSTER("alerts"), 0);
    assert_said(ran.out, "No alert is like that.");
    assert_said(ran.out, "No hook is configured");
}

static void a_retry_needs_the_daemon(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("alerts", "--retry", "all"), 1);
    assert_said(ran.err, "/none");
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, open_desk, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_DESK(alerts_and_hooks_are_shown_the_newest_first),
        AT_DESK(programs_get_all_of_it),
        AT_DESK(they_can_be_picked_by_state_and_number),
        AT_DESK(where_there_is_nothing_it_says_so),
        AT_DESK(a_retry_needs_the_daemon),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
