/* What a report tells of coverage, and of what the verdicts rest on beside the rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query_report.h"
#include "stock.h"
#include "str.h"

#include <string.h>

#define DAY INT64_C(86400000)

static struct stock stock;
static struct arena arena;
static struct query *query;
static struct query_report *report;
static struct query_report_head head;
static struct str told;
static struct err err;

static int start(void **state)
{
    (void)state;
    stock_init(&stock);
    stock_report(&stock);
    arena_init(&arena, ARENA_PLAIN);
    err = ERR_EMPTY;
    query = query_open(stock.path, &err);
    return query == NULL;
}

static int finish(void **state)
{
    (void)state;
    query_report_close(report);
    report = NULL;
    query_close(query);
    query = NULL;
    str_finish(&told);
    arena_finish(&arena);
    stock_finish(&stock);
    return 0;
}

static void must(bool good)
{
    if (!good)
        fail_msg("%s", err.text);
}

static void open_report(struct query_report_wish wish)
{
    query_report_close(report);
    if (wish.now == 0)
        wish.now = STOCK_NOW;
    report = query_report_open(query, &wish, &err);
    must(report != NULL);
    must(query_report_head(report, &arena, &head, &err));
}

/* ---------------------------------------------------------------------------------------------------- coverage ---- */

static bool tell_uncovered(void *context, const struct query_report_uncovered *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%lld %s %s %s %s%s\n", (long long)row->asset, row->kind, row->site == NULL ? "-" : row->site,
               row->method, row->server, row->unread ? " unread" : "");
    return true;
}

static const char *uncovered(void)
{
    str_clear(&told);
    must(query_report_uncovered(report, tell_uncovered, NULL, &err));
    return str_text(&told);
}

static bool tell_covered(void *context, const struct query_report_covered *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%lld %s %s %s %s %s%s", (long long)row->asset, row->kind, row->site == NULL ? "-" : row->site,
               row->method, row->server, row->verdict, row->stale ? " stale" : "");
    for (size_t i = 0; i < row->groups.count; i++)
        str_format(&told, " in %s", row->groups.texts[i]);
    for (size_t i = 0; i < row->sources.count; i++)
        str_format(&told, ", %s", row->sources.texts[i]);
    if (row->recovery_at != 0)
        str_format(&told, ", %lld h ago", (long long)((STOCK_NOW - row->recovery_at) / 3600000));
    str_add(&told, "\n");
    return true;
}

static const char *covered(void)
{
    str_clear(&told);
    must(query_report_covered(report, tell_covered, NULL, &err));
    return str_text(&told);
}

static const char *coverage(void)
{
    str_clear(&told);
    for (size_t i = 0; i < head.coverage_count; i++)
        str_format(&told, "%s %lld = %lld + %lld + %lld + %lld\n", head.coverage[i].kind,
                   (long long)head.coverage[i].assets, (long long)head.coverage[i].covered,
                   (long long)head.coverage[i].not_covered, (long long)head.coverage[i].excluded,
                   (long long)head.coverage[i].other);
    return str_text(&told);
}

static void what_no_dpmdb_shows_is_named_by_kind_site_and_name(void **state)
{
    (void)state;
    open_report((struct query_report_wish){ 0 });
    assert_string_equal(uncovered(), "2 vm ant image mabs01\n"
                                     "8 vm - agent mabs01\n"
                                     "4 vm - agent mabs02 unread\n"
                                     "5 vm - agent mabs02 unread\n");
    assert_int_equal(head.not_covered, 4);
    assert_int_equal(head.unread, 2);
}

static void what_a_dpmdb_shows_is_named_with_its_verdict(void **state)
{
    (void)state;
    open_report((struct query_report_wish){ 0 });
    assert_string_equal(covered(), "1 machine rtm agent mabs01 supported\n");
    open_report((struct query_report_wish){ .site = "ant" });
    assert_string_equal(covered(), "");
}

/* A data source of web01 (1) that a DPMDB shows, which its target saw so many hours ago. */
static void hold_web01(int hours)
{
    struct str sql = STR_EMPTY;

    str_format(&sql,
               "INSERT INTO asset VALUES (90, 'protected', 'state', 1, NULL, NULL);"
               "INSERT INTO item (id, scope, kind, key, asset, name, facts, appeared_at, changed_at) VALUES"
               " (90, 3, 'protected', 'p', 90, 'state', '{\"protected.group\":\"Files\","
               "\"protected.last_recovery_point\":\"' || strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', %lld / 1000 - 18000, "
               "'unixepoch') ||"
               " '\"}', 1, 1);"
               "INSERT INTO link VALUES (90, 0, 'protects', 'machine', 'web01.example', NULL, NULL),"
               " (90, 1, 'protected_by', 'backup_server', NULL, 'id.fqdn', 'mabs01');"
               "INSERT INTO target (id, name, plugin, scope, every_ms, succeeded_at) VALUES"
               " (90, 'dpm', 'dpm', 3, 3600000, %lld - %d * 3600000);"
               "INSERT INTO sighting (target, identity, hash, item) VALUES (90, 'p', x'', 90);",
               (long long)STOCK_NOW, (long long)STOCK_NOW, hours);
    stock_run(&stock, str_text(&sql));
    str_finish(&sql);
}

static void what_a_dpmdb_holds_is_told_with_group_and_recovery_point(void **state)
{
    (void)state;
    hold_web01(2);
    open_report((struct query_report_wish){ 0 });
    assert_string_equal(covered(), "1 machine rtm agent mabs01 supported in Files, state, 5 h ago\n");
    assert_string_equal(head.servers[0].name, "mabs01");
    assert_int_equal(head.servers[0].read_at, STOCK_NOW - 7200000);
    assert_false(head.servers[0].late);
    open_report((struct query_report_wish){ .at = STOCK_NOW - 3600000 });
    assert_string_equal(covered(), "1 machine rtm agent mabs01 supported\n");
}

static void a_dpmdb_that_was_read_longer_ago_than_its_target_may_be_old_is_late(void **state)
{
    (void)state;
    hold_web01(4);
    open_report((struct query_report_wish){ 0 });
    assert_true(head.servers[0].late);
    assert_false(head.servers[1].late);
    assert_int_equal(head.servers[1].read_at, 0);
}

static void every_asset_is_in_one_count_of_its_kind(void **state)
{
    (void)state;
    open_report((struct query_report_wish){ 0 });
    assert_string_equal(coverage(), "vm 4 = 0 + 4 + 0 + 0\n"
                                    "esxi_host 1 = 0 + 0 + 0 + 1\n"
                                    "machine 1 = 1 + 0 + 0 + 0\n"
                                    "volume 1 = 0 + 0 + 0 + 1\n");
    /* Where one backup server takes it out, and no other asks for it. */
    stock_run(&stock, "DELETE FROM guard WHERE asset = 5 AND judgement IN (SELECT id FROM judgement"
                      " WHERE excluded IS NULL)");
    open_report((struct query_report_wish){ 0 });
    assert_non_null(strstr(coverage(), "vm 4 = 0 + 3 + 1 + 0\n"));
}

static const char *answers(void)
{
    str_clear(&told);
    for (size_t i = 0; i < head.coverage_count; i++) {
        const struct query_report_coverage *kind = &head.coverage[i];

        str_format(&told, "%s %lld + %lld, %lld + %lld\n", kind->kind, (long long)kind->answers[COVERAGE_WELL],
                   (long long)kind->answers[COVERAGE_BROKEN], (long long)kind->answers[COVERAGE_BARE],
                   (long long)kind->answers[COVERAGE_NEITHER]);
        assert_int_equal(kind->answers[COVERAGE_WELL] + kind->answers[COVERAGE_BROKEN], kind->covered);
        assert_int_equal(kind->answers[COVERAGE_BARE] + kind->answers[COVERAGE_NEITHER], kind->not_covered);
    }
    return str_text(&told);
}

static void protected_and_supported_are_four_answers_that_add_up(void **state)
{
    (void)state;
    open_report((struct query_report_wish){ 0 });
    assert_string_equal(answers(), "vm 0 + 0, 2 + 2\nesxi_host 0 + 0, 0 + 0\nmachine 1 + 0, 0 + 0\n"
                                   "volume 0 + 0, 0 + 0\n");
    stock_run(&stock, "UPDATE judgement SET verdict = 'unlisted', class = 'gap' WHERE by_what = 'dpmdb'");
    open_report((struct query_report_wish){ 0 });
    assert_non_null(strstr(answers(), "machine 0 + 1, 0 + 0\n"));
    /* What the organisation ruled decides. */
    stock_run(&stock, "UPDATE judgement SET ruled = 'yes' WHERE by_what = 'dpmdb'");
    open_report((struct query_report_wish){ 0 });
    assert_non_null(strstr(answers(), "machine 1 + 0, 0 + 0\n"));
}

static void a_part_of_the_fleet_says_nothing_of_the_rest(void **state)
{
    (void)state;
    open_report((struct query_report_wish){ .site = "ant" });
    assert_string_equal(uncovered(), "2 vm ant image mabs01\n");
    assert_non_null(strstr(coverage(), "vm 4 = 0 + 1 + 0 + -1\n"));
    assert_int_equal(head.covered, 0);
    assert_int_equal(head.unread, 0); /* its database shows what is in another part */
}

static void coverage_of_the_past_is_that_of_then(void **state)
{
    const struct query_report_wish then = { .at = STOCK_NOW / DAY * DAY - 1 };

    (void)state;
    open_report(then);
    assert_int_equal(head.covered, 1);
    assert_non_null(strstr(uncovered(), "6 vm ant image mabs01\n"));
    /* What was in a protection group is so no more. */
    stock_run(&stock, "INSERT INTO guard_past (asset, judgement, basis, from_at, until_at)"
                      " SELECT asset, judgement, basis, since_at, 1764000000000 FROM guard WHERE judgement IN"
                      " (SELECT id FROM judgement WHERE by_what = 'dpmdb')");
    stock_run(&stock, "DELETE FROM guard WHERE judgement IN (SELECT id FROM judgement WHERE by_what = 'dpmdb')");
    open_report(then);
    assert_int_equal(head.covered, 1);
    assert_string_equal(covered(), "1 machine rtm agent mabs01 supported\n");
    assert_int_equal(head.unread, 2);
    open_report((struct query_report_wish){ 0 });
    assert_int_equal(head.covered, -1);
    assert_int_equal(head.unread, -1);
    assert_int_equal(head.coverage_count, 0);
}

/* --------------------------------------------------------------------------------------------------- footnotes ---- */

/* What the one that is supported rests on. */
static void rest_on(const char *detail)
{
    struct sql_query rows;

    sql_query(
        &rows, &stock.sql,
        "UPDATE reasoning SET detail = ?1 WHERE id IN (SELECT reasoning FROM judgement WHERE verdict = 'supported')");
    sql_bind_text(&rows, 1, detail);
    must(sql_done(&rows, &err));
}

static void supported_ones_are_counted_by_the_footnotes_that_nobody_attested(void **state)
{
    (void)state;
    rest_on("{\"legs\":[{\"edition\":\"e1\",\"conditions\":[{\"id\":\"R16\",\"state\":\"footnote\",\"text\":\"One.\"},"
            "{\"id\":\"R21\",\"state\":\"attested\",\"text\":\"Two.\"}]},{\"edition\":\"e1\",\"conditions\":["
            "{\"id\":\"R16\",\"state\":\"footnote\",\"text\":\"One.\"},{\"id\":\"R9\",\"state\":\"footnote\","
            "\"text\":\"Three.\"}]}]}");
    open_report((struct query_report_wish){ 0 });
    assert_int_equal(head.footnoted, 1);
    assert_int_equal(head.footnote_count, 2);
    assert_string_equal(head.footnotes[0].condition, "R9");
    assert_string_equal(head.footnotes[1].condition, "R16");
    assert_string_equal(head.footnotes[1].text, "One.");
    assert_string_equal(head.footnotes[1].edition, "e1");
    assert_int_equal(head.footnotes[1].protections, 1);
    rest_on(
        "{\"legs\":[{\"conditions\":[{\"id\":\"R16\",\"state\":\"attested\",\"text\":\"not \\\"footnote\\\"\"}]}]}");
    open_report((struct query_report_wish){ 0 });
    assert_int_equal(head.footnoted, 0);
    assert_int_equal(head.footnote_count, 0);
}

/* -------------------------------------------------------------------------------------------------------- rows ---- */

static bool tell_row(void *context, const struct query_report_protection *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%lld%s%s %s [%s]", (long long)row->protection.asset.id, row->configured ? " configured" : "",
               row->mends ? " mends" : "", row->installation_of, row->remedy == NULL ? "" : row->remedy);
    for (size_t i = 0; i < row->footnotes.count; i++)
        str_format(&told, " %s", row->footnotes.texts[i]);
    for (size_t i = 0; i < row->names.count; i++)
        str_format(&told, " <%s>", row->names.texts[i]);
    str_add(&told, "\n");
    return true;
}

static void a_row_tells_what_it_is_and_what_it_rests_on(void **state)
{
    (void)state;
    rest_on("{\"legs\":[{\"installation_of\":\"workload\",\"name\":\"HV1\",\"conditions\":[{\"id\":\"R16\","
            "\"state\":\"footnote\",\"name\":\"D:\"},{\"id\":\"R9\",\"state\":\"footnote\",\"name\":\"HV1\"}]}]}");
    stock_run(&stock, "UPDATE judgement SET step = 'Upgrade ' || char(26) || '.',"
                      " detail = '{\"step\":{\"type\":\"upgrade\"}}' WHERE verdict = 'unsupported'");
    open_report((struct query_report_wish){ 0 });
    str_clear(&told);
    must(query_report_protections(report, NEED_NOTHING, tell_row, NULL, &err));
    assert_non_null(strstr(str_text(&told), "1 configured workload [] R9 R16 <D:> <HV1>\n"));
    assert_non_null(strstr(str_text(&told), "2 mends backup-server [Upgrade each of them.]"));
}

static bool tell_who(void *context, const struct query_report_protection *row, struct err *unused)
{
    const struct query_protection *protection = &row->protection;

    (void)context;
    (void)unused;
    if (row->exemption != 0)
        str_format(&told, "%s, %s\n", protection->exempt_approved_by, protection->exempt_by);
    return true;
}

static void who_approved_an_exemption_is_told_beside_who_entered_it(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE exemption SET approved_by = 'the board', name = 'ann'");
    open_report((struct query_report_wish){ 0 });
    str_clear(&told);
    must(query_report_protections(report, NEED_ACT, tell_who, NULL, &err));
    assert_string_equal(str_text(&told), "the board, ann\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(what_no_dpmdb_shows_is_named_by_kind_site_and_name),
        TEST(what_a_dpmdb_shows_is_named_with_its_verdict),
        TEST(what_a_dpmdb_holds_is_told_with_group_and_recovery_point),
        TEST(a_dpmdb_that_was_read_longer_ago_than_its_target_may_be_old_is_late),
        TEST(every_asset_is_in_one_count_of_its_kind),
        TEST(protected_and_supported_are_four_answers_that_add_up),
        TEST(a_part_of_the_fleet_says_nothing_of_the_rest),
        TEST(coverage_of_the_past_is_that_of_then),
        TEST(supported_ones_are_counted_by_the_footnotes_that_nobody_attested),
        TEST(a_row_tells_what_it_is_and_what_it_rests_on),
        TEST(who_approved_an_exemption_is_told_beside_who_entered_it),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
