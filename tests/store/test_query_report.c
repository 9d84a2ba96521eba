/* What a report reads of a database made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dossier.h"
#include "reading_report.h"

#include <string.h>

#define DAY INT64_C(86400000)

/* ------------------------------------------------------------------------------------------------- protections ---- */

static bool tell_protection(void *context, const struct query_report_protection *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%lld %s %s %s%s%s %s [%s]\n", (long long)row->protection.asset.id, row->protection.method,
               row->protection.server, row->protection.verdict, row->protection.class[0] == '\0' ? "" : " ",
               row->protection.class, need_word(row->need), row->group);
    return true;
}

static const char *protections(enum need need)
{
    str_clear(&told);
    dossier_must(query_report_protections(report, need, tell_protection, NULL, &err));
    return str_text(&told);
}

static void what_counts_is_told_by_cause_then_key_then_name(void **state)
{
    (void)state;
    dossier_read((struct query_report_wish){ 0 });
    assert_string_equal(protections(NEED_NOTHING),
                        "2 image mabs01 unsupported act [cause: esx01.example]\n"
                        "8 agent mabs01 conditional look [server, physical, mabs-v2]\n"
                        "5 agent mabs02 unlisted gap  [server Windows Server 2012 R2, physical, mabs-v1]\n"
                        "1 agent mabs01 supported  [server Windows Server 2016, vmware-vm, mabs-v2]\n"
                        "4 agent mabs02 unlisted newer act [server Windows Server 2022, physical, mabs-v1]\n");
    assert_string_equal(protections(NEED_ACT),
                        "2 image mabs01 unsupported act [cause: esx01.example]\n"
                        "4 agent mabs02 unlisted newer act [server Windows Server 2022, physical, mabs-v1]\n");
}

static void what_only_is_stale_asks_for_a_look(void **state)
{
    (void)state;
    dossier_read((struct query_report_wish){ .now = STOCK_NOW + DAY });
    assert_string_equal(protections(NEED_LOOK),
                        "8 agent mabs01 conditional look [server, physical, mabs-v2]\n"
                        "5 agent mabs02 unlisted gap look [server Windows Server 2012 R2, physical, mabs-v1]\n"
                        "1 agent mabs01 supported look [server Windows Server 2016, vmware-vm, mabs-v2]\n");
    assert_int_equal(head.need[NEED_LOOK], 3);
    assert_int_equal(head.fresh, 0);
    assert_int_equal(head.stale, 5);
    assert_int_equal(head.never, 0);
    assert_int_equal(head.days[head.day_count - 1].look, 1);
    for (size_t i = 0; i < head.whole_count; i++)
        assert_int_equal(head.whole[i].stale, head.whole[i].protections);
}

static void evidence_that_nobody_ever_saw_is_counted_as_such(void **state)
{
    (void)state;
    stock_run(&stock, "DELETE FROM sighting WHERE item IN (SELECT id FROM item WHERE asset IN (4, 8))");
    stock_run(&stock, "UPDATE item SET lost_at = 1 WHERE asset IN (4, 8)");
    dossier_read((struct query_report_wish){ 0 });
    assert_int_equal(head.fresh, 3);
    assert_int_equal(head.stale, 0);
    assert_int_equal(head.never, 2);
}

/* ------------------------------------------------------------------------------------------------- the details ---- */

static bool take_row(void *context, const struct query_report_protection *row, struct err *unused)
{
    const struct query_report_protection **found = context;
    struct query_report_protection *kept;

    (void)unused;
    if (*found != NULL || row->protection.asset.id != (row->exemption == 2 ? 8 : 2))
        return true;
    kept = arena_bytes(&arena, row, sizeof *row);
    kept->protection.asset.name = arena_text(&arena, row->protection.asset.name);
    kept->protection.reason = arena_text(&arena, row->protection.reason);
    kept->page = arena_text(&arena, row->page);
    kept->date = arena_text(&arena, row->date);
    kept->basis = arena_text(&arena, row->basis);
    kept->rows.texts = NULL;
    *found = kept;
    return true;
}

static void a_protection_has_its_rows_its_evidence_and_its_exemption(void **state)
{
    const struct query_report_protection *row = NULL;

    (void)state;
    dossier_read((struct query_report_wish){ 0 });
    dossier_must(query_report_protections(report, NEED_ACT, take_row, &row, &err));
    assert_non_null(row);
    assert_int_equal(row->rows.count, 2);
    assert_string_equal(row->page, "https://example.com/page");
    assert_string_equal(row->date, "2018-08-17");
    assert_string_equal(row->basis, "00112233445566778899aabbccddeeff");
    assert_int_equal(row->seen_at, STOCK_NOW - 61000);
    assert_int_equal(row->protection.asset.seen_at, row->seen_at);
    assert_int_equal(row->exemption, 0);
    row = NULL;
    dossier_must(query_report_protections(report, NEED_LOOK, take_row, &row, &err));
    assert_non_null(row);
    assert_int_equal(row->exemption, 2);
    assert_string_equal(row->protection.asset.name, STOCK_HOSTILE);
    assert_string_equal(row->protection.reason, STOCK_HOSTILE);
}

/* ----------------------------------------------------------------------------------------------------- sources ---- */

static bool tell_sources(void *context, const struct query_report_protection *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%lld:", (long long)row->protection.asset.id);
    for (size_t i = 0; i < row->sources.count; i++)
        str_format(&told, " %s", row->sources.texts[i]);
    str_format(&told, " %+lld\n", (long long)row->more_sources);
    return true;
}

static const char *sources(enum need need)
{
    str_clear(&told);
    dossier_must(query_report_protections(report, need, tell_sources, NULL, &err));
    return str_text(&told);
}

static void a_protection_names_the_first_targets_that_see_its_asset(void **state)
{
    (void)state;
    stock_run(&stock,
              "DELETE FROM sighting WHERE item = 8;"
              "INSERT INTO target (id, name, plugin, scope, every_ms) SELECT 9 + value, 'a' || value, 'file', 1, 1"
              " FROM json_each('[1,2,3]');"
              "INSERT INTO sighting SELECT 9 + value, 's', 'h', 5, NULL, 0 FROM json_each('[1,2,3]');"
              "INSERT INTO item (id, scope, kind, key, asset, name, facts, appeared_at, changed_at)"
              " VALUES (84, 1, 'vm', 'again', 4, 'twin', '{}', 1, 1);"
              "INSERT INTO sighting VALUES (1, 'i84', 'h', 84, NULL, 0)");
    dossier_read((struct query_report_wish){ 0 });
    assert_string_equal(sources(NEED_ACT), "2: vc01 +0\n4: a1 a2 a3 +1\n");
    assert_string_equal(sources(NEED_NOTHING), "2: vc01 +0\n8: +0\n5: vc01 +0\n1: inside vc01 +0\n4: a1 a2 a3 +1\n");
}

/* What is gone from an asset is no evidence of it, whoever has a word of it left. */
static void what_is_gone_is_seen_by_nobody(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE item SET gone_at = 1 WHERE id = 2");
    dossier_read((struct query_report_wish){ 0 });
    assert_non_null(strstr(sources(NEED_NOTHING), "\n1: vc01 +0\n"));
}

static void which_targets_saw_an_asset_is_not_recorded(void **state)
{
    (void)state;
    dossier_read((struct query_report_wish){ .at = STOCK_NOW - DAY / 24 });
    assert_string_equal(sources(NEED_ACT), "2: -1\n4: -1\n");
}

static bool tell_move(void *context, const struct query_report_protection *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%lld %s\n", (long long)row->protection.asset.id, row->moved_to == NULL ? "-" : row->moved_to);
    return true;
}

static void a_step_tells_what_it_moves_the_backup_server_to(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE judgement SET step = 'Move it.', detail ="
                      " '{\"step\":{\"type\":\"product\",\"product\":\"mabs-v3\"}}' WHERE id = 3");
    dossier_read((struct query_report_wish){ 0 });
    str_clear(&told);
    dossier_must(query_report_protections(report, NEED_ACT, tell_move, NULL, &err));
    assert_string_equal(str_text(&told), "2 mabs-v3\n4 -\n");
}

/* ------------------------------------------------------------------------------------------------------- parts ---- */

static bool tell_excluded(void *context, const struct query_report_excluded *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%lld %s %s: %s\n", (long long)row->asset, row->kind, row->name, row->reason);
    return true;
}

static void an_asset_that_rules_take_out_is_told_once(void **state)
{
    (void)state;
    stock_run(&stock,
              "INSERT INTO judgement SELECT 60, x'60', 'image', server, product, workload, version, installation,"
              " verdict, class, counts, by_what, ruled, reason, step, cause, owner, site, criticality, 'again',"
              " support_end, reasoning, detail FROM judgement WHERE id = 6;"
              "INSERT INTO guard (asset, judgement, basis, since_at) VALUES (5, 60, 1, 1)");
    dossier_read((struct query_report_wish){ 0 });
    str_clear(&told);
    dossier_must(query_report_excluded(report, tell_excluded, NULL, &err));
    assert_string_equal(str_text(&told), "5 vm TWIN: is to be removed\n");
    assert_int_equal(head.excluded, 1);
}

static bool tell_change(void *context, const struct query_report_change *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%s %s: %s %s -> %s %s\n", row->name, row->method, row->before == NULL ? "-" : row->before,
               need_word(row->need_before), row->now == NULL ? "-" : row->now, need_word(row->need_now));
    return true;
}

static const char *changes(int64_t since)
{
    dossier_read((struct query_report_wish){ .since = since });
    str_clear(&told);
    dossier_must(query_report_changes(report, tell_change, NULL, &err));
    return str_text(&told);
}

static void changes_are_the_net_of_what_happened(void **state)
{
    static const char week[] = "db01 image: supported  -> unsupported act\n"
                               "old image: supported  -> - \n";
    static const char three_weeks[] = "db01 image: supported  -> unsupported act\n"
                                      "twin agent: unlisted decide -> unlisted act\n"
                                      "old image: supported  -> - \n";

    (void)state;
    assert_string_equal(changes(0), week);
    assert_string_equal(changes(0), week);
    assert_string_equal(changes(STOCK_NOW - 21 * DAY), three_weeks);
    assert_string_equal(changes(STOCK_NOW - 1000), "");
    /* What was another for an hour, and what is said otherwise to the same effect, is no change. */
    stock_run_timed(&stock, "INSERT INTO guard_past (asset, judgement, basis, from_at, until_at) VALUES"
                            " (1, 1, 1, N - 25920e5, N - 2592e5), (1, 9, 1, N - 2592e5, N - 2556e5)");
    stock_run_timed(&stock, "UPDATE guard SET since_at = N - 2556e5 WHERE id = 1");
    assert_string_equal(changes(0), week);
    assert_non_null(strstr(changes(STOCK_NOW - 40 * DAY), "web01 agent: -  -> supported"));
}

static bool tell_exemption(void *context, const struct query_report_exemption *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%lld %s covers %lld%s%s\n", (long long)row->id, row->what, (long long)row->covers,
               row->ended_at == 0 ? "" : ", ended: ", row->ended_why);
    return true;
}

static const char *exemptions(const struct query_report_wish *wish)
{
    dossier_read(*wish);
    str_clear(&told);
    dossier_must(query_report_exemptions(report, tell_exemption, NULL, &err));
    return str_text(&told);
}

static void exemptions_are_those_of_then(void **state)
{
    struct query_report_wish wish = { 0 };

    (void)state;
    assert_string_equal(exemptions(&wish), "2 class look covers 1\n1 asset 4 (twin) covers 1\n"
                                           "3 asset 2 (db01) covers 0, ended: moved\n");
    wish.at = STOCK_NOW - 3 * DAY;
    assert_string_equal(exemptions(&wish), "3 asset 2 (db01) covers 0\n1 asset 4 (twin) covers 1\n");
    wish.at = STOCK_NOW - 19 * DAY;
    assert_string_equal(exemptions(&wish), "3 asset 2 (db01) covers 0\n4 asset 2 (db01) covers 0, ended: expired\n");
    assert_int_equal(head.exempt[NEED_ACT], 0);
    wish.at = STOCK_NOW - 25 * DAY;
    assert_string_equal(exemptions(&wish), "4 asset 2 (db01) covers 0\n");
}

/* -------------------------------------------------------------------------------------------------------- head ---- */

static void a_report_is_the_first_where_nothing_had_been_judged_before(void **state)
{
    (void)state;
    dossier_read((struct query_report_wish){ 0 });
    assert_false(head.first);
    stock_run_timed(&stock, "UPDATE basis SET first_at = N - 864e5");
    stock_run_timed(&stock, "UPDATE guard SET since_at = N - 864e5");
    dossier_read((struct query_report_wish){ 0 });
    assert_true(head.first);
    assert_int_equal(head.since, STOCK_NOW - DAY);
    assert_non_null(strstr(changes(0), "web01 agent: -  -> supported")); /* judged in that very millisecond */
    dossier_read((struct query_report_wish){ .since = STOCK_NOW - DAY + 1 });
    assert_false(head.first);
    stock_run_timed(&stock, "INSERT INTO meta (name, value) VALUES ('forgotten_before', N - 864e5)");
    dossier_read((struct query_report_wish){ 0 });
    assert_false(head.first);
}

static void targets_are_told_with_how_much_they_see(void **state)
{
    (void)state;
    dossier_read((struct query_report_wish){ 0 });
    assert_int_equal(head.target_count, 3);
    assert_string_equal(head.targets[2].name, "vc01");
    assert_int_equal(head.target_assets[2], 6);
    assert_int_equal(head.shared, 1);
    assert_int_equal(head.targets[2].max_age_ms, 3 * 3600000);
    assert_true(head.targets[0].late);
    dossier_read((struct query_report_wish){ .at = STOCK_NOW - DAY });
    assert_int_equal(head.target_count, 3);
    assert_int_equal(head.target_assets[2], -1);
    assert_int_equal(head.shared, -1);
    assert_string_equal(head.targets[2].result, "complete");
    assert_string_equal(head.targets[0].result, "");
}

static void where_no_dpmdb_is_read_nothing_is_said_of_coverage(void **state)
{
    (void)state;
    dossier_read((struct query_report_wish){ 0 });
    assert_int_equal(head.covered, 1);
    assert_int_equal(head.not_covered, 4);
    stock_run(&stock, "UPDATE judgement SET by_what = 'any'");
    dossier_read((struct query_report_wish){ 0 });
    assert_int_equal(head.covered, -1);
    assert_int_equal(head.not_covered, -1);
    stock_run(&stock, "INSERT INTO asset (id, kind, name, created_at) VALUES (70, 'protected', 'p', 1)");
    dossier_read((struct query_report_wish){ 0 });
    assert_int_equal(head.covered, 0);
    assert_int_equal(head.not_covered, 5);
}

static void the_trend_has_ninety_days_at_the_most(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE basis SET first_at = 1");
    dossier_read((struct query_report_wish){ 0 });
    assert_int_equal(head.day_count, 90);
    assert_int_equal(head.days[0].at, (STOCK_NOW / DAY - 88) * DAY - 1);
    assert_int_equal(head.days[88].at, STOCK_NOW / DAY * DAY - 1);
    assert_int_equal(head.days[89].at, STOCK_NOW);
    assert_int_equal(head.days[89].act, 2);
    assert_int_equal(head.days[88].act, 1);
    assert_int_equal(head.days[70].decide, 1);
    /* what stands and is from before the trend is in all of it */
    stock_run(&stock, "UPDATE guard SET since_at = 2 WHERE id = 3");
    dossier_read((struct query_report_wish){ 0 });
    assert_int_equal(head.days[0].act, 1);
}

static void a_fleet_without_verdicts_has_a_report_too(void **state)
{
    (void)state;
    stock_run(&stock, "DELETE FROM guard; DELETE FROM guard_past; DELETE FROM judgement; DELETE FROM basis;"
                      "DELETE FROM meta");
    dossier_read((struct query_report_wish){ 0 });
    assert_string_equal(protections(NEED_NOTHING), "");
    assert_string_equal(changes(0), "");
    assert_int_equal(head.whole_count, 0);
    assert_int_equal(head.file_count, 0);
    assert_int_equal(head.judged_at, 0);
    assert_int_equal(head.assets, 7);
}

/* -------------------------------------------------------------------------------------------------------- ends ---- */

static bool refuse(void *context, const struct query_report_protection *row, struct err *why)
{
    (void)context;
    (void)row;
    return err_set(why, ERR_SYSTEM, "the disk is full");
}

static void who_is_told_can_end_the_reading_and_what_follows_is_as_usual(void **state)
{
    struct query_summary summary;

    (void)state;
    dossier_read((struct query_report_wish){ 0 });
    assert_false(query_report_protections(report, NEED_NOTHING, refuse, NULL, &err));
    assert_string_equal(err.text, "the disk is full");
    assert_non_null(strstr(protections(NEED_ACT), "2 image mabs01"));
    query_report_close(report);
    report = NULL;
    dossier_must(query_summary(query, STOCK_NOW, &arena, &summary, &err));
    assert_int_equal(summary.assets, 7);
    dossier_read((struct query_report_wish){ 0 });
    assert_int_equal(head.assets, 7);
}

static bool hand_on(void *context, const struct query_report_protection *row, struct err *unused)
{
    (void)context;
    (void)row;
    (void)unused;
    return true;
}

/* The time is looked at now and then, so there has to be something to read. */
static void a_reading_that_takes_too_long_is_given_up_in_words(void **state)
{
    static const char many[] = "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                               " INSERT INTO asset (id, kind, name, created_at) SELECT i, 'vm', 'vm' || i, 1 FROM n;"
                               "INSERT INTO guard (asset, judgement, basis, since_at) SELECT id, 4, 1, 1 FROM asset"
                               " WHERE id >= 100";

    (void)state;
    stock_run(&stock, many);
    dossier_read((struct query_report_wish){ 0 });
    report->query->deadline = 0;
    assert_false(query_report_protections(report, NEED_NOTHING, hand_on, NULL, &err));
    assert_non_null(strstr(err.text, "took longer than 300 s"));
    assert_false(query_report_head(report, &arena, &head, &err));
    assert_non_null(strstr(err.text, "took longer than 300 s"));
    dossier_read((struct query_report_wish){ 0 });
    dossier_must(query_report_protections(report, NEED_NOTHING, hand_on, NULL, &err));
}

static void the_oldest_day_is_that_of_what_is_not_forgotten(void **state)
{
    struct query_report_wish wish = { .now = STOCK_NOW, .at = STOCK_NOW - 30 * DAY };

    (void)state;
    dossier_read((struct query_report_wish){ .now = STOCK_NOW, .at = wish.at });
    stock_run_timed(&stock, "INSERT INTO meta VALUES ('forgotten_before', N - 8640e5 - 1)");
    query_report_close(report);
    report = query_report_open(query, &wish, &err);
    assert_null(report);
    assert_int_equal(err.class, ERR_CONFIG);
    assert_non_null(strstr(err.text, "2025-11-14"));
    /* changes are not told since a time of which nobody knows any more */
    dossier_read((struct query_report_wish){ .since = STOCK_NOW - 30 * DAY });
    assert_int_equal(head.since, STOCK_NOW - 10 * DAY - 1);
    assert_int_equal(head.oldest, (STOCK_NOW / DAY - 10) * DAY);
    assert_int_equal(head.day_count, 11);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, dossier_open, dossier_close)
    const struct CMUnitTest tests[] = {
        TEST(what_counts_is_told_by_cause_then_key_then_name),
        TEST(what_only_is_stale_asks_for_a_look),
        TEST(evidence_that_nobody_ever_saw_is_counted_as_such),
        TEST(a_protection_has_its_rows_its_evidence_and_its_exemption),
        TEST(a_protection_names_the_first_targets_that_see_its_asset),
        TEST(what_is_gone_is_seen_by_nobody),
        TEST(which_targets_saw_an_asset_is_not_recorded),
        TEST(a_step_tells_what_it_moves_the_backup_server_to),
        TEST(an_asset_that_rules_take_out_is_told_once),
        TEST(changes_are_the_net_of_what_happened),
        TEST(exemptions_are_those_of_then),
        TEST(a_report_is_the_first_where_nothing_had_been_judged_before),
        TEST(targets_are_told_with_how_much_they_see),
        TEST(where_no_dpmdb_is_read_nothing_is_said_of_coverage),
        TEST(the_trend_has_ninety_days_at_the_most),
        TEST(a_fleet_without_verdicts_has_a_report_too),
        TEST(who_is_told_can_end_the_reading_and_what_follows_is_as_usual),
        TEST(a_reading_that_takes_too_long_is_given_up_in_words),
        TEST(the_oldest_day_is_that_of_what_is_not_forgotten),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
