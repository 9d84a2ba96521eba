/* Reports that write themselves: when, how they are called for, what stays of them, and who is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void what_is_due_is_written_in_each_format_and_told(void **state)
{
    char expected[512];

    (void)state;
    office_known(2);
    office.orders[0].title = "--check";
    office.orders[0].site = "a b";
    office.orders[0].workload = "sql";
    reporter_start(office.reporter);
    office_wait(OFFICE_MADE, "1");
    snprintf(expected, sizeof expected, "%s %s ", office_today("csv"), office_today("html"));
    assert_string_equal(office_files(), expected);
    snprintf(expected, sizeof expected,
             "/|/usr/sbin:/usr/bin:/sbin:/bin|none|--database=%s --control=/control report --format=html"
             " --output=%s/%s --title=--check --site=a b --workload=sql\n",
             office.database, office.out, office_today("html"));
    assert_memory_equal(office_calls(), expected, strlen(expected));
    while (office.woken == 0)
        uv_run(&office.loop, UV_RUN_ONCE);
    assert_string_equal(office_ask("SELECT subject FROM event ORDER BY id"), "report daily.html report daily.csv");
    snprintf(expected, sizeof expected, "%s/%s", office.out, office_today("html"));
    assert_string_equal(office_ask("SELECT detail ->> '$.file' FROM event ORDER BY id LIMIT 1"), expected);
}

static void one_that_was_missed_often_is_made_once(void **state)
{
    (void)state;
    office_known(400);
    reporter_start(office.reporter);
    office_wait(OFFICE_MADE, "1");
    reporter_wake(office.reporter);
    for (int i = 0; i < 20; i++)
        uv_run(&office.loop, UV_RUN_NOWAIT);
    assert_int_equal(office_count_calls(), 2);
}

static void the_next_one_tells_changes_since_the_last(void **state)
{
    struct report_outcome before = { .name = "daily", .at = clock_wall_ms(&clock_system) - 3 * OFFICE_DAY_MS };
    char since[CLOCK_TEXT_SIZE], expected[64];
    struct err err;

    (void)state;
    office_known(9);
    assert_true(report_row_settle(office.store, &before, before.at, &err));
    reporter_start(office.reporter);
    office_wait("SELECT count(*) FROM event", "2");
    snprintf(expected, sizeof expected, "--since=%s\n", clock_text_ms(before.at, since));
    assert_non_null(strstr(office_calls(), expected));
}

static void one_that_is_due_waits_until_all_is_judged(void **state)
{
    (void)state;
    office_known(2);
    office.judging = true;
    reporter_start(office.reporter);
    while (list_empty(&office.waits))
        uv_run(&office.loop, UV_RUN_ONCE);
    reporter_wake(office.reporter);
    for (int i = 0; i < 20; i++)
        uv_run(&office.loop, UV_RUN_NOWAIT);
    assert_int_equal(office_count_calls(), 0);
    office_judged();
    office_wait(OFFICE_MADE, "1");
    assert_int_equal(office_count_calls(), 2);
}

static void one_that_waits_for_verdicts_is_left_when_the_daemon_stops(void **state)
{
    (void)state;
    office_known(2);
    office.judging = true;
    reporter_start(office.reporter);
    while (list_empty(&office.waits))
        uv_run(&office.loop, UV_RUN_ONCE);
    office_stop();
    assert_true(list_empty(&office.waits));
    assert_int_equal(office_count_calls(), 0);
}

static void one_that_is_not_due_waits(void **state)
{
    (void)state;
    reporter_start(office.reporter);
    office_wait("SELECT count(*) FROM report", "1");
    reporter_wake(office.reporter);
    for (int i = 0; i < 20; i++)
        uv_run(&office.loop, UV_RUN_NOWAIT);
    assert_int_equal(office_count_calls(), 0);
}

static void the_newest_files_stay_and_those_of_others_too(void **state)
{
    static const char *const there[] = { "daily-2020-01-01.html",
                                         "daily-2020-01-02.html",
                                         "daily-2020-01-03.html",
                                         "daily-2020-01-01.csv",
                                         "dailyx-2020-01-01.html",
                                         "daily-2020-01-01.html.bak",
                                         "notes.txt",
                                         ".daily-2020-01-01.html.aB3dE6",
                                         ".daily-2020-01-01.html.swp" };
    char expected[512];

    (void)state;
    office_known(2);
    for (size_t i = 0; i < sizeof there / sizeof *there; i++) {
        snprintf(expected, sizeof expected, "%s/%s", office.out, there[i]);
        office_write(expected, "x", 0644);
    }
    reporter_start(office.reporter);
    office_wait(OFFICE_MADE, "1");
    snprintf(expected, sizeof expected,
             ".daily-2020-01-01.html.swp daily-2020-01-01.csv daily-2020-01-01.html.bak daily-2020-01-02.html"
             " daily-2020-01-03.html %s %s dailyx-2020-01-01.html notes.txt ",
             office_today("csv"), office_today("html"));
    assert_string_equal(office_files(), expected);
}

static void what_cannot_be_removed_is_no_failure(void **state)
{
    char path[200];

    (void)state;
    office_known(2);
    for (int day = 1; day <= 3; day++) {
        snprintf(path, sizeof path, "%s/daily-2020-01-0%d.html", office.out, day);
        assert_int_equal(mkdir(path, 0755), 0);
    }
    reporter_start(office.reporter);
    office_wait(OFFICE_MADE, "1");
    assert_string_equal(office_ask(OFFICE_FAILED), "0");
    assert_non_null(strstr(office_files(), "daily-2020-01-01.html"));
    assert_non_null(strstr(office_files(), office_today("html")));
}

static void one_that_fails_is_tried_again_and_leaves_what_was(void **state)
{
    char path[200];

    (void)state;
    office_known(2);
    snprintf(path, sizeof path, "%s/%s", office.out, office_today("html"));
    office_write(path, "of before", 0644);
    office_put("fail");
    reporter_start(office.reporter);
    office_wait(OFFICE_FAILED, "1");
    assert_non_null(strstr(office_ask("SELECT message FROM report"), "no space left"));
    while (office_count_calls() < 3)
        uv_run(&office.loop, UV_RUN_ONCE);
    assert_string_equal(office_ask("SELECT count(*) FROM event"), "0");
    assert_string_equal(office_ask(OFFICE_MADE), "0");
    snprintf(path, sizeof path, "%s ", office_today("html"));
    assert_string_equal(office_files(), path);
    office_take("fail");
    office_wait(OFFICE_MADE, "1");
    assert_string_equal(office_ask(OFFICE_FAILED), "0");
    assert_string_equal(office_ask("SELECT count(*) FROM event"), "2");
}

static void a_program_that_is_missing_is_told_of(void **state)
{
    (void)state;
    office_known(2);
    unlink(office.program);
    reporter_start(office.reporter);
    office_wait(OFFICE_FAILED, "1");
    assert_non_null(strstr(office_ask("SELECT message FROM report"), office.program));
}

static void one_that_hangs_when_the_daemon_stops_is_ended_and_is_due_again(void **state)
{
    (void)state;
    office_known(2);
    office_put("hang");
    reporter_start(office.reporter);
    office_wait_files(".");
    office_stop();
    assert_string_equal(office_ask("SELECT coalesce(made_at, failed_at, 'due') FROM report"), "due");
    assert_int_equal(office_files()[0], '.'); /* no half file under the final name */
}

static void one_that_is_not_configured_any_more_is_forgotten(void **state)
{
    (void)state;
    office.rules.orders.count = 2;
    office_known(2);
    reporter_start(office.reporter);
    office_wait(OFFICE_MADE, "2");
    assert_int_equal(office_count_calls(), 4);
    office.others.orders = (struct report_orders){ office.orders + 1, 1 };
    office.fleet.rules = &office.others;
    reporter_wake(office.reporter);
    office_wait("SELECT name FROM report", "other");
    assert_int_equal(office_count_calls(), 4);
}

static void whoever_asks_is_told_when_it_is_written(void **state)
{
    struct peer first = { 0 }, second = { 0 };

    (void)state;
    reporter_start(office.reporter);
    reporter_ask(office.reporter, &office.orders[0], &first);
    assert_false(first.done);
    reporter_ask(office.reporter, &office.orders[0], &second);
    assert_true(second.done && second.status == 1);
    while (!first.done)
        uv_run(&office.loop, UV_RUN_ONCE);
    assert_int_equal(first.status, 0);
    assert_non_null(strstr(first.text, office_today("html")));
    assert_non_null(strstr(first.text, office_today("csv")));
    office_wait(OFFICE_MADE, "1");
    office_wait("SELECT count(*) FROM action WHERE what = 'report' AND subject = 'daily' AND result = 'done'"
                " AND uid = 77 AND message = '' AND after LIKE '%.csv%'",
                "1");
}

static void whoever_asks_when_the_daemon_stops_is_told(void **state)
{
    struct peer peer = { 0 };

    (void)state;
    reporter_start(office.reporter);
    reporter_ask(office.reporter, &office.orders[0], &peer);
    office_stop();
    assert_true(peer.done && peer.status == 1);
}

static void whoever_asks_for_one_that_fails_is_told_why(void **state)
{
    struct peer peer = { 0 };

    (void)state;
    office_known(2);
    office_put("fail");
    reporter_start(office.reporter);
    office_wait(OFFICE_FAILED, "1");
    reporter_ask(office.reporter, &office.orders[0], &peer);
    while (!peer.done)
        uv_run(&office.loop, UV_RUN_ONCE);
    assert_int_equal(peer.status, 1);
    assert_non_null(strstr(peer.text, "no space left"));
    /* What was tried by itself is nobody's act. */
    office_wait("SELECT count(*) FROM action", "1");
    office_wait("SELECT count(*) FROM action WHERE result = 'refused' AND message LIKE '%no space left%'", "1");
}

#define IN_OFFICE(test) cmocka_unit_test_setup_teardown(test, office_open, office_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_OFFICE(what_is_due_is_written_in_each_format_and_told),
        IN_OFFICE(one_that_was_missed_often_is_made_once),
        IN_OFFICE(the_next_one_tells_changes_since_the_last),
        IN_OFFICE(one_that_is_due_waits_until_all_is_judged),
        IN_OFFICE(one_that_waits_for_verdicts_is_left_when_the_daemon_stops),
        IN_OFFICE(one_that_is_not_due_waits),
        IN_OFFICE(the_newest_files_stay_and_those_of_others_too),
        IN_OFFICE(what_cannot_be_removed_is_no_failure),
        IN_OFFICE(one_that_fails_is_tried_again_and_leaves_what_was),
        IN_OFFICE(a_program_that_is_missing_is_told_of),
        IN_OFFICE(one_that_hangs_when_the_daemon_stops_is_ended_and_is_due_again),
        IN_OFFICE(one_that_is_not_configured_any_more_is_forgotten),
        IN_OFFICE(whoever_asks_is_told_when_it_is_written),
        IN_OFFICE(whoever_asks_when_the_daemon_stops_is_told),
        IN_OFFICE(whoever_asks_for_one_that_fails_is_told_why),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
