/* Last month's report can be had again: a fleet changes from day to day, verdicts and exemptions come and go, and what
 * was reported of a day then is reported of it for ever, until it is forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"
#include "exemption_act.h"
#include "report.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(86400000)
#define HOUR INT64_C(3600000)
#define FIRST (INT64_C(20000) * DAY) /* 2024-10-04 */

enum { DAYS = 12, FORGOTTEN = 5, MACHINES = 9, ROUNDS = 4 };

static uint32_t seed;

static size_t dice(size_t sides)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % sides;
}

/* ------------------------------------------------------------------------------------------------------- fleet ---- */

static const char *any_build(void)
{
    static const char *const builds[] = { "10.0.14393", "6.3.9600", "6.0.6002", "10.0.20348" };

    return builds[dice(sizeof builds / sizeof *builds)];
}

/* It comes and goes, and agrees to another TLS each time. */
static void scan_instance(struct docket *docket)
{
    static const char *const versions[] = { "TLSv1", "TLSv1.1", "TLSv1.2", NULL };
    const char *version = versions[dice(4)];
    struct item *item;

    if (dice(4) == 0)
        return;
    item = docket_item(docket, "sql_instance", "sql");
    if (version != NULL)
        assert_true(item_set_text(item, "sql.tls", version, &docket->world->err));
    world_add(docket->world, item);
}

static void scan_some(struct docket *docket)
{
    char name[16];

    docket_host(docket, "host-a", any_build(), NULL);
    docket_host(docket, "host-b", "10.0.14393", NULL);
    for (size_t i = 0; i < MACHINES; i++) {
        if (dice(6) == 0)
            continue;
        snprintf(name, sizeof name, "vm-%zu", i);
        docket_vm(docket, name, any_build(), dice(2) == 0 ? "host-a" : "host-b", NULL);
    }
    scan_instance(docket);
    docket_scan(docket);
}

static const struct actor ann = { 1000, "ann" };

static void exempt_some(struct docket *docket)
{
    struct test_world *world = docket->world;
    int64_t id = world_number(world, "SELECT coalesce(max(id), 0) FROM exemption WHERE ended_at IS NULL");
    struct exemption_result result;
    struct exemption_wish wish = { .reason = "agreed", .until_at = world->now + (int64_t)(1 + dice(5)) * DAY };

    wish.selector.verdict = dice(2) == 0 ? "unsupported" : NULL;
    wish.selector.name = dice(2) == 0 ? "vm-1*" : "*-2";
    if (dice(3) == 0 && id != 0)
        assert_true(exemption_end(world->store, id, "over", &ann, world->now, &world->err));
    else if (!exemption_make(world->store, &(struct exemption_wishes){ &wish, NULL, 1 }, &ann, world->now, &result,
                             &world->err))
        fail_msg("%s", world->err.text);
}

/* The backup server is of another product from now on, or a rule takes one machine out. */
static void change_basis(struct docket *docket)
{
    static const struct estate_rule rule = { .where = { .name = "vm-3" }, .by = "none", .reason = "a laboratory" };
    struct rejudge_result total;

    if (dice(2) == 0)
        charter_use(&docket->charter, dice(2) == 0 ? "mabs-v1" : "mabs-v2");
    else
        charter_rule(&docket->charter, &rule);
    docket_rejudge(docket, 3, false, &total);
}

static void live_a_day(struct docket *docket, int day)
{
    for (int i = 0; i < ROUNDS; i++) {
        docket->world->now = FIRST + day * DAY + (i + 1) * 4 * HOUR;
        scan_some(docket);
        if (dice(3) == 0)
            exempt_some(docket);
        if (dice(6) == 0)
            change_basis(docket);
    }
}

/* ------------------------------------------------------------------------------------------------------ memory ---- */

static int64_t end_of(int day)
{
    return FIRST + (day + 1) * DAY - 1;
}

/* What the database says now of what counts. */
static const char *present(struct docket *docket)
{
    return world_text(docket->world,
                      "SELECT coalesce(group_concat(row, ''), '') FROM (SELECT printf('%d %s %s %s %s %d' || char(10),"
                      " asset, method, server, verdict, class, since_at) AS row FROM protection WHERE counts = 1"
                      " AND excluded IS NULL ORDER BY asset, method, server)");
}

struct told {
    struct str text;
    size_t rows[NEED_ACT + 1], exempt[NEED_ACT + 1];
};

static int compare_lines(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static bool tell(void *context, const struct query_report_protection *row, struct err *unused)
{
    struct told *told = context;
    const struct query_protection *protection = &row->protection;

    (void)unused;
    str_format(&told->text, "%lld %s %s %s %s %lld\n", (long long)protection->asset.id, protection->method,
               protection->server, protection->verdict, protection->class, (long long)protection->since_at);
    told->rows[row->need]++;
    told->exempt[row->need] += row->exemption != 0;
    return true;
}

/* The same lines in any order. */
static void assert_same_lines(char *one, char *other)
{
    char *lines[2][512], *texts[2] = { one, other };
    size_t count[2] = { 0 };

    for (int side = 0; side < 2; side++) {
        for (char *line = strtok(texts[side], "\n"); line != NULL; line = strtok(NULL, "\n"))
            lines[side][count[side]++] = line;
        qsort(lines[side], count[side], sizeof *lines[side], compare_lines);
    }
    assert_int_equal(count[0], count[1]);
    for (size_t i = 0; i < count[0]; i++)
        assert_string_equal(lines[0][i], lines[1][i]);
}

static bool count_it(void *context, const struct query_report_excluded *row, struct err *unused)
{
    int64_t *count = context;

    (void)row;
    (void)unused;
    ++*count;
    return true;
}

/* The head counts what the rows are. */
static void assert_counts(struct query_report *report, const struct query_report_head *head, const struct told *told)
{
    int64_t excluded = 0, whole = 0, all = 0;
    struct err err;

    for (int need = NEED_NOTHING; need <= NEED_ACT; need++) {
        assert_int_equal(head->need[need], told->rows[need]);
        assert_int_equal(head->exempt[need], told->exempt[need]);
        all += head->need[need];
    }
    for (size_t i = 0; i < head->whole_count; i++)
        whole += head->whole[i].protections;
    assert_int_equal(whole, all);
    assert_true(query_report_excluded(report, count_it, &excluded, &err));
    assert_int_equal(head->excluded, excluded);
    if (head->day_count > 0) {
        assert_int_equal(head->days[head->day_count - 1].act, head->need[NEED_ACT]);
        assert_int_equal(head->days[head->day_count - 1].decide, head->need[NEED_DECIDE]);
        /* what is only stale is not in the trend */
        if (head->past)
            assert_int_equal(head->days[head->day_count - 1].look, head->need[NEED_LOOK]);
    }
}

static void assert_state(struct query *query, int day, const char *state)
{
    struct query_report_wish wish = { .now = end_of(DAYS), .at = end_of(day) };
    struct query_report *report;
    struct query_report_head head;
    struct told told = { 0 };
    struct arena arena;
    char *expected = strdup(state);
    struct err err;

    arena_init(&arena, ARENA_PLAIN);
    report = query_report_open(query, &wish, &err);
    if (report == NULL || !query_report_head(report, &arena, &head, &err) ||
        !query_report_protections(report, NEED_NOTHING, tell, &told, &err))
        fail_msg("day %d: %s", day, err.text);
    assert_counts(report, &head, &told);
    if (told.text.length > 0)
        assert_same_lines(told.text.bytes, expected);
    query_report_close(report);
    str_finish(&told.text);
    arena_finish(&arena);
    free(expected);
}

static char *report_text(struct query *query, const char *format, int day, int64_t now)
{
    struct query_report_wish wish = { .now = now, .at = end_of(day) };
    struct err err = ERR_EMPTY;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    if (!report_write(query, &wish, report_format(format), "Daily", "1.0", out, &err))
        fail_msg("day %d: %s", day, err.text);
    assert_int_equal(fclose(out), 0);
    return text;
}

struct record {
    const char *state;
    char *json, *csv;
};

static void forget_record(struct record *record)
{
    free(record->json);
    free(record->csv);
}

static void assert_record(struct query *query, int day, const struct record *record, int64_t now)
{
    char *json = report_text(query, "json", day, now), *csv = report_text(query, "csv", day, now);

    assert_string_equal(json, record->json);
    assert_string_equal(csv, record->csv);
    free(json);
    free(csv);
}

static struct query *open_query(struct docket *docket)
{
    struct query *query = query_open(docket->world->path, &docket->world->err);

    if (query == NULL)
        fail_msg("%s", docket->world->err.text);
    return query;
}

/* ------------------------------------------------------------------------------------------------------- tests ---- */

static void live(struct docket *docket, struct record records[DAYS])
{
    struct query *query;

    for (int day = 0; day < DAYS; day++) {
        live_a_day(docket, day);
        query = open_query(docket);
        records[day] = (struct record){ present(docket), report_text(query, "json", day, end_of(day)),
                                        report_text(query, "csv", day, end_of(day)) };
        query_close(query);
    }
}

static void what_was_reported_of_a_day_is_reported_of_it_later(void **state)
{
    struct docket *docket = *state;
    struct record records[DAYS];
    struct query *query;
    int old_tls = 0;

    seed = 11;
    live(docket, records);
    query = open_query(docket);
    for (int day = 0; day < DAYS; day++) {
        assert_state(query, day, records[day].state);
        old_tls += strstr(records[day].json, "\"tls\":\"TLSv1") != NULL;
        assert_record(query, day, &records[day], end_of(DAYS) + 300 * DAY);
        forget_record(&records[day]);
    }
    /* The days do differ, and some of all that can be is there. */
    assert_true(old_tls > 0 && old_tls < DAYS);
    assert_true(world_number(docket->world, "SELECT count(*) FROM guard_past") > 50);
    assert_true(world_number(docket->world, "SELECT count(DISTINCT basis) FROM guard_past") > 1);
    assert_true(world_number(docket->world, "SELECT count(*) FROM exemption WHERE ended_at IS NOT NULL") > 0);
    assert_true(world_number(docket->world, "SELECT count(*) FROM judgement WHERE excluded IS NOT NULL") > 0);
    query_close(query);
}

static void assert_refused(struct query *query, int day, const char *oldest)
{
    struct query_report_wish wish = { .now = end_of(DAYS), .at = end_of(day) };
    struct err err = ERR_EMPTY;

    assert_null(query_report_open(query, &wish, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    if (strstr(err.text, oldest) == NULL)
        fail_msg("%s", err.text);
}

static void what_is_forgotten_is_refused_and_what_is_left_is_as_it_was(void **state)
{
    struct docket *docket = *state;
    struct record records[DAYS], again;
    struct query *query;
    bool more = true;

    seed = 12;
    live(docket, records);
    while (more)
        assert_true(state_forget(docket->world->store, end_of(FORGOTTEN) - HOUR, 10, &more, &docket->world->err));
    query = open_query(docket);
    for (int day = 0; day < DAYS; day++) {
        if (day < FORGOTTEN) {
            assert_refused(query, day, "2024-10-09");
        } else {
            assert_state(query, day, records[day].state);
            again.csv = report_text(query, "csv", day, end_of(DAYS));
            assert_string_equal(again.csv, records[day].csv);
            free(again.csv);
        }
        forget_record(&records[day]);
    }
    query_close(query);
}

static void before_the_first_verdict_and_after_today_there_is_no_report(void **state)
{
    struct docket *docket = *state;
    struct query_report_wish wish = { .now = end_of(1), .at = end_of(2) };
    struct err err = ERR_EMPTY;
    struct query *query;

    seed = 13;
    live_a_day(docket, 0);
    query = open_query(docket);
    assert_refused(query, -1, "2024-10-04");
    assert_null(query_report_open(query, &wish, &err));
    assert_non_null(strstr(err.text, "future"));
    wish = (struct query_report_wish){ .now = end_of(1), .since = end_of(2) };
    assert_null(query_report_open(query, &wish, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    query_close(query);
}

/* All of a report is of one state, whatever is committed meanwhile. */
static void scans_that_commit_meanwhile_are_in_no_part_of_it(void **state)
{
    struct docket *docket = *state;
    struct query_report_wish wish = { .now = end_of(0) };
    struct query_report_head head;
    struct query_report *report;
    struct told told = { 0 };
    char *before, *expected;
    struct query *query;
    struct arena arena;
    struct err err;

    seed = 14;
    live_a_day(docket, 0);
    before = strdup(present(docket));
    expected = strdup(before);
    query = open_query(docket);
    arena_init(&arena, ARENA_PLAIN);
    report = query_report_open(query, &wish, &err);
    assert_non_null(report);
    live_a_day(docket, 1);
    live_a_day(docket, 2);
    assert_string_not_equal(present(docket), before);
    assert_true(query_report_head(report, &arena, &head, &err));
    assert_true(query_report_protections(report, NEED_NOTHING, tell, &told, &err));
    assert_counts(report, &head, &told);
    assert_same_lines(told.text.bytes, expected);
    query_report_close(report);
    /* Who read did not keep the log from being taken over for ever. */
    assert_int_equal(world_number(docket->world, "PRAGMA wal_checkpoint(TRUNCATE)"), 0);
    query_close(query);
    str_finish(&told.text);
    arena_finish(&arena);
    free(before);
    free(expected);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, docket_open, docket_close)
    const struct CMUnitTest tests[] = {
        TEST(what_was_reported_of_a_day_is_reported_of_it_later),
        TEST(what_is_forgotten_is_refused_and_what_is_left_is_as_it_was),
        TEST(before_the_first_verdict_and_after_today_there_is_no_report),
        TEST(scans_that_commit_meanwhile_are_in_no_part_of_it),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
