/* muster report: what it takes, where it writes, and the one line for monitoring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

#include "report_check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static int open_desk(void **state)
{
    (void)state;
    stock_init(&stock);
    stock_report(&stock);
    return 0;
}

/* ----------------------------------------------------------------------------------------------------- the command */

static void it_is_printed_or_written_to_a_file(void **state)
{
    char path[160], first[4096] = "";
    FILE *file;

    (void)state;
    snprintf(path, sizeof path, "%s/r.json", stock.folder);
    assert_int_equal(MUSTER("report", "--format", "json", "--title", "All of it"), 0);
    assert_string_equal(json("$.title"), "All of it");
    assert_string_equal(ran.err, "");
    assert_int_equal(MUSTER("report", "--format", "json", "--output", path), 0);
    assert_string_equal(ran.out, "");
    file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(first, 1, sizeof first - 1, file) > 0);
    fclose(file);
    assert_said(first, "Protection report");
    unlink(path);
}

static void a_file_that_cannot_be_written_is_told_of(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("report", "--format", "csv", "--output", "/nowhere/r.csv"), 1);
    assert_said(ran.err, "/nowhere/r.csv");
    assert_said(ran.err, "No such file");
    assert_int_equal(MUSTER("report", "--format", "csv", "--output", ""), 64);
}

/* As on a disk that is full: a file cannot grow beyond a few bytes. */
static void a_full_disk_leaves_the_file_of_before(void **state)
{
    struct rlimit usual, little;
    char path[160], text[16] = "";
    FILE *file;

    (void)state;
    snprintf(path, sizeof path, "%s/r.json", stock.folder);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("of before", file);
    fclose(file);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    little = (struct rlimit){ .rlim_cur = 512, .rlim_max = usual.rlim_max };
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    MUSTER("report", "--format", "json", "--output", path);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(ran.status, 1);
    assert_said(ran.err, "r.json");
    assert_said(ran.err, "File too large");
    file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    assert_string_equal(text, "of before");
    unlink(path);
}

static void a_day_of_the_past_gives_the_same_twice(void **state)
{
    char *before;

    (void)state;
    assert_int_equal(MUSTER("report", "--format", "csv", "--at", "2025-11-23"), 0);
    before = strdup(ran.out);
    assert_int_equal(MUSTER("report", "--format", "csv", "--at", "2025-11-23"), 0);
    assert_string_equal(ran.out, before);
    assert_int_equal(MUSTER("report", "--format", "csv", "--at", "2025-11-23T23:59:59.999Z"), 0);
    assert_string_equal(ran.out, before);
    free(before);
}

static void what_is_wrong_is_told_with_examples(void **state)
{
    static const struct {
        const char *option, *value, *why;
    } wrong[] = {
        { "--at", "yesterday", "give a date such as 2026-10-31" },
        { "--at", "2025-02-30", "give a date such as 2026-10-31" },
        { "--at", "", "give a date such as 2026-10-31" },
        { "--at", "2999-01-01", "it is not over" },
        { "--at", "2999-01-01T00:00:00Z", "it is not over" },
        { "--since", "soon", "give a duration such as 12h" },
        { "--since", "2999-01-01", "nothing can have changed since then" },
        { "--format", "pdf", "pdf" },
        { "--workload", "sqlserver", "there is no workload" },
        { "--owner", "nobody", "there is no owner" },
        { "--site", "nowhere", "there is no site" },
        { "--server", "mabs9", "there is no server" },
        { "--where", "owner", "--where takes WORD=VALUE" },
        { "--where", "ower=web", "there is no word" },
        { "--where", "owner=nobody", "there is no owner" },
        { "--where", "workload=sqlserver", "there is no workload" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (MUSTER("report", "--format", "csv", wrong[i].option, wrong[i].value) != 64)
            fail_msg("%s %s is taken: %d", wrong[i].option, wrong[i].value, ran.status);
        assert_said(ran.err, wrong[i].why);
        assert_string_equal(ran.out, "");
    }
    assert_int_equal(MUSTER("report", "--format", "csv", "--at", "2025-11-20", "--since", "2025-11-22"), 64);
    assert_said(ran.err, "before that of --at");
    assert_int_equal(MUSTER("report", "--check", "--format", "csv"), 64);
    assert_said(ran.err, "leave out --format");
    assert_int_equal(MUSTER("report", "weekly", "--format", "csv"), 64);
    assert_said(ran.err, "leave out --format");
    assert_int_equal(MUSTER("report", "weekly"), 1); /* there is no daemon */
}

static void before_the_oldest_day_it_says_which_that_is(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("report", "--format", "csv", "--at", "2001-01-01"), 1);
    assert_said(ran.err, "2025-10-");
    assert_string_equal(ran.out, "");
}

static void a_scope_may_be_a_pattern(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("report", "--format", "csv", "--site", "a*"), 0);
    assert_said(ran.out, "db01");
    assert_null(strstr(ran.out, "web01"));
    assert_int_equal(MUSTER("report", "--format", "csv", "--site", "ant"), 0);
    assert_said(ran.out, "db01");
    assert_int_equal(MUSTER("report", "--format", "csv", "--where", "site=a*"), 0);
    assert_said(ran.out, "db01");
    assert_null(strstr(ran.out, "web01"));
}

/* ------------------------------------------------------------------------------------------------------- the check */

static void a_check_of_a_fleet_with_trouble_is_critical(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("report", "--check"), 2);
    assert_said(ran.out, "MUSTER CRITICAL: ");
    assert_said(ran.out, " | act=");
    assert_int_equal(strchr(ran.out, '\n') - ran.out, strlen(ran.out) - 1);
    assert_string_equal(ran.err, "");
}

static void a_check_that_cannot_tell_is_unknown(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("report", "--check", "--site", "nowhere"), 3);
    assert_said(ran.out, "MUSTER UNKNOWN: there is no such protection");
    invoke_finish(&ran);
    invoke(&ran, NULL,
           (const char *const[]){ "report", "--check", "--database", "/no|where/x.db", "--control", "/none", NULL });
    assert_int_equal(ran.status, 3);
    assert_said(ran.out, "MUSTER UNKNOWN: ");
    assert_said(ran.out, "/no/where/x.db");
}

/* A fleet without trouble: one protection, one target, judged an hour ago. */
static struct query_report_count one = { .name = "", .verdict = "supported", .class = "", .protections = 1 };
static struct query_target vc01 = { .name = "vc01" };

static struct query_report_head fine(int64_t now)
{
    one.protections = 1;
    vc01.late = false;
    return (struct query_report_head){
        .judged_at = now - 3600000, .targets = &vc01, .target_count = 1, .whole = &one, .whole_count = 1
    };
}

static void expect_with(const struct query_report_head *head, int64_t ended, enum report_check state, const char *line)
{
    struct str text = STR_EMPTY;
    enum report_check found = report_check(head, ended, STOCK_NOW, &text);

    assert_said(str_text(&text), line);
    assert_int_equal(found, state);
    str_finish(&text);
}

static void expect(const struct query_report_head *head, enum report_check state, const char *line)
{
    expect_with(head, 0, state, line);
}

static void an_end_of_support_is_to_be_decided(void **state)
{
    struct query_report_head head = fine(STOCK_NOW);

    (void)state;
    expect_with(&head, 4, REPORT_CHECK_WARNING,
                "MUSTER WARNING: 0 act, 0 decide, 0 look, 0 exempt, 4 versions out of support | act=0;;0;0");
    expect_with(&head, 1, REPORT_CHECK_WARNING, " protections=1;;;0 lifecycle=1;0;;0");
    head.need[NEED_ACT] = 1;
    expect_with(&head, 1, REPORT_CHECK_CRITICAL,
                "MUSTER CRITICAL: 1 act, 0 decide, 0 look, 0 exempt, 1 version out of ");
}

/* Of the whole fleet VMware vSphere 4.0 is out of support; what is only of others is not counted. */
static void a_check_counts_versions_out_of_support(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("report", "--check"), 2);
    assert_said(ran.out, ", 1 version out of support");
    assert_said(ran.out, " lifecycle=1;0;;0\n");
    assert_int_equal(MUSTER("report", "--check", "--server", "mabs02"), 2);
    assert_said(ran.out, " lifecycle=0;0;;0\n");
}

static void what_asks_most_decides(void **state)
{
    struct query_report_head head = fine(STOCK_NOW);

    (void)state;
    expect(&head, REPORT_CHECK_OK,
           "MUSTER OK: 0 act, 0 decide, 0 look, 0 exempt | act=0;;0;0 decide=0;0;;0 look=0;;;0 exempt=0;;;0"
           " stale_targets=0;;;0 targets=1;;;0 protections=1;;;0 lifecycle=0;0;;0");
    head.need[NEED_LOOK] = 40;
    expect(&head, REPORT_CHECK_UNKNOWN, "MUSTER UNKNOWN: 0 act, 0 decide, 40 look, 0 exempt | ");
    head.need[NEED_DECIDE] = 3;
    expect(&head, REPORT_CHECK_WARNING, "MUSTER WARNING: 0 act, 3 decide, 40 look, 0 exempt | ");
    head.need[NEED_ACT] = 12;
    vc01.late = true;
    expect(&head, REPORT_CHECK_CRITICAL,
           "MUSTER CRITICAL: 12 act, 3 decide, 40 look, 0 exempt, 1 target stale | act=12;;0;0 decide=3;0;;0");
}

static void what_is_exempt_does_not_count(void **state)
{
    struct query_report_head head = fine(STOCK_NOW);

    (void)state;
    head.need[NEED_ACT] = head.exempt[NEED_ACT] = 4;
    head.need[NEED_LOOK] = head.exempt[NEED_LOOK] = 1;
    expect(&head, REPORT_CHECK_OK, "MUSTER OK: 0 act, 0 decide, 0 look, 5 exempt | act=0;;0;0");
    head.need[NEED_ACT]++;
    expect(&head, REPORT_CHECK_CRITICAL, "MUSTER CRITICAL: 1 act, ");
}

static void a_daemon_that_is_dead_is_never_ok(void **state)
{
    struct query_report_head head = fine(STOCK_NOW);

    (void)state;
    vc01.late = true;
    expect(&head, REPORT_CHECK_UNKNOWN, "MUSTER UNKNOWN: 0 act, 0 decide, 0 look, 0 exempt, 1 target stale | ");
    head = fine(STOCK_NOW);
    head.judged_at = STOCK_NOW - REPORT_CHECK_JUDGED_MS;
    expect(&head, REPORT_CHECK_OK, "MUSTER OK");
    head.judged_at--;
    expect(&head, REPORT_CHECK_UNKNOWN, "MUSTER UNKNOWN: nothing was judged lately, so musterd does not seem to run; ");
    head = fine(STOCK_NOW);
    head.judged_at = 0; /* under way */
    expect(&head, REPORT_CHECK_OK, "MUSTER OK");
    one.protections = 0;
    expect(&head, REPORT_CHECK_UNKNOWN, "MUSTER UNKNOWN: nothing is judged yet; ");
    head = fine(STOCK_NOW);
    head.target_count = 0;
    expect(&head, REPORT_CHECK_UNKNOWN, "MUSTER UNKNOWN: there are no targets; ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_printed_or_written_to_a_file, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(a_file_that_cannot_be_written_is_told_of, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(a_full_disk_leaves_the_file_of_before, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(a_day_of_the_past_gives_the_same_twice, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_told_with_examples, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(before_the_oldest_day_it_says_which_that_is, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(a_scope_may_be_a_pattern, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(a_check_of_a_fleet_with_trouble_is_critical, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(a_check_that_cannot_tell_is_unknown, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(a_check_counts_versions_out_of_support, open_desk, desk_close),
        cmocka_unit_test(an_end_of_support_is_to_be_decided),
        cmocka_unit_test(what_asks_most_decides),
        cmocka_unit_test(what_is_exempt_does_not_count),
        cmocka_unit_test(a_daemon_that_is_dead_is_never_ok),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
