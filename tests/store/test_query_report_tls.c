/* Which instances a report says were read over an old TLS: of now, and of a day in the past. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"
#include "query_report.h"

#include <string.h>

#define DAY INT64_C(86400000)
#define HOSTILE "x'); DROP TABLE item; --\\<b>\"\n%s"

static struct str told;

static int begin(void **state)
{
    return docket_open(state);
}

static int end(void **state)
{
    str_finish(&told);
    return docket_close(state);
}

/* ------------------------------------------------------------------------------------------------------- fleet ---- */

/* An item of the next scan; tls and unread may be NULL. */
static void add(struct docket *docket, const char *kind, const char *name, const char *tls, const char *unread)
{
    struct item *item = docket_item(docket, kind, name);

    if (tls != NULL)
        assert_true(item_set_text(item, "sql.tls", tls, &docket->world->err));
    if (unread != NULL)
        assert_true(item_unread(item, "sql.tls", unread, &docket->world->err));
    world_add(docket->world, item);
}

static void scan_of(struct docket *docket, const char *target, enum completeness completeness)
{
    docket->world->now += DAY;
    if (!world_scan(docket->world, world_target(docket->world, target, "servers"), completeness))
        fail_msg("%s", docket->world->err.text);
}

static void scan(struct docket *docket)
{
    scan_of(docket, "sql1", COMPLETE);
}

/* -------------------------------------------------------------------------------------------------------- says ---- */

static bool tell(void *context, const struct query_report_old_tls *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%s %s %s", row->kind, row->name, row->tls == NULL ? "-" : row->tls);
    for (size_t i = 0; i < row->sources.count; i++)
        str_format(&told, " %s", row->sources.texts[i]);
    if (row->more_sources != 0)
        str_format(&told, " %+lld", (long long)row->more_sources);
    if (row->unread != NULL)
        str_format(&told, " (%s)", row->unread);
    str_add(&told, row->asset > 0 ? "\n" : " of no asset\n");
    return true;
}

/* Of that time; 0: now. */
static const char *says(struct docket *docket, int64_t at)
{
    struct query_report_wish wish = { .now = docket->world->now, .at = at };
    struct err err = ERR_EMPTY;
    struct query *query = query_open(docket->world->path, &err);
    struct query_report *report = query == NULL ? NULL : query_report_open(query, &wish, &err);

    str_clear(&told);
    if (report == NULL || !query_report_old_tls(report, tell, NULL, &err))
        fail_msg("%s", err.text);
    query_report_close(report);
    query_close(query);
    return str_text(&told);
}

/* --------------------------------------------------------------------------------------------------------- now ---- */

static void what_is_old_is_told_by_name_and_nothing_else(void **state)
{
    struct docket *docket = *state;

    add(docket, "sql_instance", "sql1\\NEW", "TLSv1.2", NULL);
    add(docket, "sql_instance", "sql1\\NEWEST", "TLSv1.3", NULL);
    add(docket, "sql_instance", "sql1\\CLOSED", NULL, "refused");
    add(docket, "sql_instance", "sql1\\EMPTY", "", NULL);
    add(docket, "sql_instance", "sql1\\ODD", "TLSv1') OR ('1' = '1", NULL);
    scan(docket);
    assert_string_equal(says(docket, 0), "");
    add(docket, "sql_instance", "sql1\\NEW", "TLSv1.2", NULL);
    add(docket, "sql_instance", "sql1\\B", "TLSv1.1", NULL);
    add(docket, "sql_instance", "sql1\\A", "TLSv1", NULL);
    add(docket, "sql_instance", HOSTILE, "TLSv1", NULL);
    add(docket, "backup_server", "mabs1", "TLSv1", NULL);
    add(docket, "machine", "m1", "TLSv1", NULL);
    scan(docket);
    assert_string_equal(says(docket, 0), "backup_server mabs1 TLSv1 sql1\n"
                                         "sql_instance sql1\\A TLSv1 sql1\n"
                                         "sql_instance sql1\\B TLSv1.1 sql1\n"
                                         "sql_instance " HOSTILE " TLSv1 sql1\n");
}

static void all_targets_are_counted_and_three_are_named(void **state)
{
    static const char *const targets[] = { "sql1", "a", "c", "b", "z" };
    struct docket *docket = *state;

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        add(docket, "sql_instance", "sql1\\A", "TLSv1", NULL);
        scan_of(docket, targets[i], COMPLETE);
    }
    assert_string_equal(says(docket, 0), "sql_instance sql1\\A TLSv1 a b c +2\n");
}

/* Then what is known of it was read in the old way all the same. */
static void what_the_last_scan_could_not_tell_is_told_with_why(void **state)
{
    struct docket *docket = *state;

    add(docket, "sql_instance", "sql1\\A", "TLSv1", NULL);
    scan(docket);
    add(docket, "sql_instance", "sql1\\A", NULL, "set allow_tls_1_0");
    scan(docket);
    assert_string_equal(says(docket, 0), "sql_instance sql1\\A TLSv1 sql1 (set allow_tls_1_0)\n");
}

/* -------------------------------------------------------------------------------------------------------- past ---- */

static void a_day_of_the_past_is_told_as_it_was_recorded(void **state)
{
    static const char *const versions[] = { "TLSv1", "TLSv1.2", "TLSv1.1", NULL };
    static const char *const then[] = { "sql_instance sql1\\A TLSv1 -1\n", "", "sql_instance sql1\\A TLSv1.1 -1\n",
                                        "" };
    struct docket *docket = *state;
    int64_t times[4];

    for (size_t i = 0; i < 4; i++) {
        add(docket, "sql_instance", "sql1\\A", versions[i], NULL);
        add(docket, "sql_instance", "sql1\\LATE", i < 3 ? NULL : "TLSv1", NULL);
        scan(docket);
        times[i] = docket->world->now;
    }
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(says(docket, times[i]), then[i]);
    assert_string_equal(says(docket, times[3]), "sql_instance sql1\\LATE TLSv1 -1\n");
    assert_string_equal(says(docket, 0), "sql_instance sql1\\LATE TLSv1 sql1\n");
}

static void what_was_away_then_is_not_told(void **state)
{
    struct docket *docket = *state;
    int64_t there, away;

    /* Beside others, so that its end does not wait for anybody. */
    world_add_many(docket->world, "sql_instance", 0, 50);
    add(docket, "sql_instance", "sql1\\A", "TLSv1", NULL);
    scan(docket);
    there = docket->world->now;
    world_add_gone(docket->world, "sql_instance", "sql1\\A");
    scan_of(docket, "sql1", DELTA);
    away = docket->world->now;
    assert_string_equal(says(docket, 0), "");
    assert_string_equal(says(docket, there), "sql_instance sql1\\A TLSv1 -1\n");
    add(docket, "sql_instance", "sql1\\A", "TLSv1.2", NULL);
    scan_of(docket, "sql1", DELTA);
    assert_string_equal(says(docket, there), "sql_instance sql1\\A TLSv1 -1\n");
    assert_string_equal(says(docket, away), "");
    assert_string_equal(says(docket, 0), "");
}

/* The journal keeps so much of a change; what it was before is then not made up. */
static void what_the_record_of_a_change_left_out_is_not_known(void **state)
{
    struct docket *docket = *state;
    int64_t then;

    add(docket, "sql_instance", "sql1\\A", "TLSv1", NULL);
    scan(docket);
    then = docket->world->now;
    add(docket, "sql_instance", "sql1\\A", "TLSv1.1", NULL);
    scan(docket);
    assert_string_equal(says(docket, then), "sql_instance sql1\\A TLSv1 -1\n");
    world_run(docket->world, "UPDATE history SET detail = '{\"attributes\":[],\"more\":1}' WHERE what = 'changed'");
    assert_string_equal(says(docket, then), "sql_instance sql1\\A - -1\n");
    world_run(docket->world, "UPDATE history SET detail = '{' WHERE what = 'changed'");
    assert_string_equal(says(docket, then), "sql_instance sql1\\A TLSv1.1 -1\n");
}

static bool refuse(void *context, const struct query_report_old_tls *row, struct err *err)
{
    (void)context;
    return err_set(err, ERR_SYSTEM, "no room for %s", row->name);
}

static void who_takes_no_row_ends_the_reading(void **state)
{
    struct docket *docket = *state;
    struct query_report_wish wish = { 0 };
    struct query_report *report;
    struct err err = ERR_EMPTY;
    struct query *query;

    add(docket, "sql_instance", "sql1\\A", "TLSv1", NULL);
    add(docket, "sql_instance", "sql1\\B", "TLSv1", NULL);
    scan(docket);
    wish.now = docket->world->now;
    query = query_open(docket->world->path, &err);
    report = query_report_open(query, &wish, &err);
    assert_non_null(report);
    assert_false(query_report_old_tls(report, refuse, NULL, &err));
    assert_string_equal(err.text, "no room for sql1\\A");
    query_report_close(report);
    query_close(query);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_old_is_told_by_name_and_nothing_else),
        TEST(all_targets_are_counted_and_three_are_named),
        TEST(what_the_last_scan_could_not_tell_is_told_with_why),
        TEST(a_day_of_the_past_is_told_as_it_was_recorded),
        TEST(what_was_away_then_is_not_told),
        TEST(what_the_record_of_a_change_left_out_is_not_known),
        TEST(who_takes_no_row_ends_the_reading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
