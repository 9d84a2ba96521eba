/* What the command reads of verdicts: lists, explanations, counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include "query_protection.h"

#include <stdio.h>
#include <string.h>

#define W2008 "6.0.6002"
#define W2012 "6.3.9600"
#define W2016 "10.0.14393"

/* A fleet with one of each: h2 is not supported, nor is what runs on it; fs has a wrong volume. */
static void fill(struct docket *docket)
{
    docket_host(docket, "h1", W2016, NULL);
    docket_host(docket, "h2", W2008, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_vm(docket, "db", W2016, "h2", NULL);
    docket_vm(docket, "old", W2008, "h1", NULL);
    docket_machine(docket, "fs", W2012);
    docket_volume(docket, "d", "fs", "FAT32");
    docket_scan(docket);
}

static struct query *open_query(struct docket *docket)
{
    struct query *query = query_open(docket->world->path, &docket->world->err);

    if (query == NULL)
        fail_msg("%s", docket->world->err.text);
    return query;
}

/* "NAME METHOD VERDICT" of each, parted by commas. */
static const char *list_at(struct docket *docket, const struct query_protection_filter *filter, int64_t now,
                           size_t *more)
{
    struct arena *arena = &docket->world->arena;
    struct query *query = open_query(docket);
    struct query_protections found;
    const char *text = "";

    if (!query_protection_list(query, filter, now, arena, &found, &docket->world->err))
        fail_msg("%s", docket->world->err.text);
    for (size_t i = 0; i < found.count; i++)
        text = arena_format(arena, "%s%s%s %s %s", text, i == 0 ? "" : ", ", found.list[i].asset.name,
                            found.list[i].method, found.list[i].verdict);
    *more = found.more;
    query_close(query);
    return text;
}

static const char *list(struct docket *docket, const struct query_protection_filter *filter)
{
    size_t more;

    return list_at(docket, filter, docket->world->now, &more);
}

#define LIST(...) list(docket, &(struct query_protection_filter){ __VA_ARGS__ })

static void the_worst_comes_first_then_the_name(void **state)
{
    struct docket *docket = *state;

    fill(docket);
    /* Of agent and image the better one counts. */
    assert_string_equal(LIST(0), "fs agent unsupported, h2 agent unsupported, h2 host unsupported,"
                                 " db agent supported, h1 agent supported, h1 host supported, old image supported,"
                                 " web agent supported");
    assert_string_equal(LIST(.verdict = "unsupported", .all = true),
                        "db image unsupported, fs agent unsupported, h2 agent unsupported, h2 host unsupported,"
                        " old agent unsupported");
}

static void each_word_of_the_filter_filters(void **state)
{
    struct docket *docket = *state;

    fill(docket);
    assert_string_equal(LIST(.method = "host"), "h2 host unsupported, h1 host supported");
    assert_string_equal(LIST(.workload = "hyperv-host", .verdict = "supported"),
                        "h1 host supported, old image supported");
    assert_string_equal(LIST(.name = "?b"), "db agent supported");
    assert_string_equal(LIST(.server = "BKP1", .name = "fs"), "fs agent unsupported");
    assert_string_equal(LIST(.server = "BKP2"), "");
    assert_string_equal(LIST(.target = "hv", .name = "web"), "web agent supported");
    assert_string_equal(LIST(.target = "nobody"), "");
    assert_string_equal(LIST(.tag = "lab"), "");
    world_run(docket->world, "UPDATE target SET tags = '[\"lab\"]'");
    assert_string_equal(LIST(.tag = "lab", .method = "host"), "h2 host unsupported, h1 host supported");
    assert_string_equal(LIST(.class = "gap"), "");
    assert_string_equal(LIST(.owner = "it"), "");
    assert_string_equal(LIST(.verdict = "no such word"), "");
}

static void a_limit_cuts_and_tells_how_many_more(void **state)
{
    struct docket *docket = *state;
    size_t more;

    fill(docket);
    assert_string_equal(list_at(docket, &(struct query_protection_filter){ .limit = 4 }, docket->world->now, &more),
                        "fs agent unsupported, h2 agent unsupported, h2 host unsupported, db agent supported");
    assert_int_equal(more, 4);
    list_at(docket, &(struct query_protection_filter){ .limit = 8 }, docket->world->now, &more);
    assert_int_equal(more, 0);
}

/* So many that the assets are gone through by name. */
static void a_verdict_of_many_is_listed_by_name_too(void **state)
{
    struct docket *docket = *state;
    size_t more;

    fill(docket);
    world_run(
        docket->world,
        "PRAGMA foreign_keys = OFF;"
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20001)"
        " INSERT INTO asset (id, kind, name, created_at) SELECT 1000 + n, 'vm', printf('aa%05d', 20002 - n), 1 FROM n;"
        "INSERT INTO guard (asset, judgement, basis, since_at) SELECT a.id, j.id, 1, 1 FROM asset a, judgement j"
        " WHERE a.id > 1000 AND j.id = (SELECT judgement FROM guard g JOIN asset a ON a.id = g.asset"
        "  WHERE a.name = 'h2' AND (SELECT method FROM judgement WHERE id = judgement) = 'host')");
    assert_string_equal(list_at(docket, &(struct query_protection_filter){ .limit = 3 }, docket->world->now, &more),
                        "aa00001 host unsupported, aa00002 host unsupported, aa00003 host unsupported");
    assert_int_equal(more, 20001 + 8 - 3);
    assert_string_equal(
        list_at(docket, &(struct query_protection_filter){ .limit = 3, .name = "*9" }, docket->world->now, &more),
        "aa00009 host unsupported, aa00019 host unsupported, aa00029 host unsupported");
    assert_int_equal(more, 2000 - 3);
    assert_string_equal(list_at(docket, &(struct query_protection_filter){ .limit = 3, .verdict = "supported" },
                                docket->world->now, &more),
                        "db agent supported, h1 agent supported, h1 host supported");
    assert_int_equal(more, 2);
}

static void what_nobody_saw_lately_is_stale(void **state)
{
    struct docket *docket = *state;
    size_t more;

    fill(docket);
    assert_string_equal(LIST(.stale = true), "");
    assert_string_equal(list_at(docket, &(struct query_protection_filter){ .stale = true, .method = "host" },
                                docket->world->now + INT64_C(4) * 60000, &more),
                        "h2 host unsupported, h1 host supported");
}

/* Its scan began a minute and a second ago, and its three rounds are three minutes. */
static void a_source_with_a_max_age_is_stale_after_that(void **state)
{
    struct docket *docket = *state;
    struct query_protection_filter filter = { .stale = true, .method = "host" };
    int64_t started;
    size_t more;

    fill(docket);
    started = world_number(docket->world, "SELECT succeeded_at FROM target");
    assert_string_equal(list_at(docket, &filter, started + 180000, &more), "");
    assert_string_not_equal(list_at(docket, &filter, started + 180001, &more), "");
    world_run(docket->world, "UPDATE target SET max_age_ms = 2000");
    assert_string_equal(list_at(docket, &filter, started + 2000, &more), "");
    assert_string_equal(list_at(docket, &filter, started + 2001, &more), "h2 host unsupported, h1 host supported");
    world_run(docket->world, "UPDATE target SET max_age_ms = 600000");
    assert_string_equal(list_at(docket, &filter, started + 600000, &more), "");
}

static void an_explanation_has_the_whole_chain(void **state)
{
    struct docket *docket = *state;
    struct arena *arena = &docket->world->arena;
    int64_t asset;
    struct query_explanations found;
    const struct query_explanation *first;
    struct query *query;

    fill(docket);
    asset = world_number(docket->world, "SELECT id FROM asset WHERE name = 'fs'");
    query = open_query(docket);
    assert_true(query_explain(query, asset, docket->world->now, arena, &found, &docket->world->err));
    assert_int_equal(found.count, 1);
    assert_int_equal(found.judged_at, 0);
    first = &found.list[0];
    assert_string_equal(first->protection.verdict, "unsupported");
    assert_string_equal(first->protection.asset.kind, "machine");
    assert_string_equal(first->protection.reason, first->legs[0].reason);
    assert_int_equal(first->leg_count, 1);
    assert_int_equal(first->legs[0].asset, asset);
    assert_string_equal(first->legs[0].name, "fs");
    assert_string_equal(first->legs[0].versions.texts[0], "Windows Server 2012 R2");
    assert_string_equal(first->legs[0].installations.texts[0], "physical");
    assert_string_equal(first->legs[0].installation_of, "workload");
    assert_string_equal(first->legs[0].rows.texts[0], "2");
    assert_int_equal(first->legs[0].condition_count, 1);
    assert_string_equal(first->legs[0].conditions[0].id, "R1");
    assert_string_equal(first->legs[0].conditions[0].state, "unmet");
    assert_string_equal(first->legs[0].conditions[0].name, "d");
    assert_string_equal(first->legs[0].conditions[0].fact, "volume.filesystem");
    assert_string_equal(first->legs[0].conditions[0].value, "FAT32");
    assert_string_equal(first->legs[0].conflict, "");
    assert_int_equal(strlen(first->basis), 32);
    query_close(query);
}

static void what_comes_from_a_host_names_it(void **state)
{
    struct docket *docket = *state;
    struct query_explanations found;
    struct rejudge_result total;
    int64_t asset;
    struct query *query;

    fill(docket);
    docket_rejudge(docket, 100, false, &total);
    asset = world_number(docket->world, "SELECT id FROM asset WHERE name = 'db'");
    query = open_query(docket);
    assert_true(query_explain(query, asset, docket->world->now, &docket->world->arena, &found, &docket->world->err));
    assert_int_equal(found.count, 2);
    assert_int_equal(found.judged_at, docket->world->now);
    assert_true(found.list[0].protection.counts);
    assert_string_equal(found.list[1].protection.method, "image");
    assert_string_equal(found.list[1].protection.cause_name, "h2");
    assert_string_equal(found.list[1].legs[0].name, "h2");
    assert_string_equal(found.list[1].legs[0].installation_of, "backup-server");
    assert_false(query_explain(query, 9999, docket->world->now, &docket->world->arena, &found, &docket->world->err));
    query_close(query);
}

static const char *summary_at(struct docket *docket, enum query_grouping grouping, int64_t now,
                              struct query_verdicts *found)
{
    struct arena *arena = &docket->world->arena;
    struct query *query = open_query(docket);
    const char *text = "";

    if (!query_verdict_summary(query, grouping, 10, now, arena, found, &docket->world->err))
        fail_msg("%s", docket->world->err.text);
    for (size_t i = 0; i < found->count; i++)
        text = arena_format(arena, "%s%s %lld/%lld/%lld\n", text, found->counts[i].verdict,
                            (long long)found->counts[i].assets, (long long)found->counts[i].protections,
                            (long long)found->counts[i].stale);
    for (size_t i = 0; i < found->group_count; i++)
        text = arena_format(arena, "%s[%s] %s %lld\n", text, found->groups[i].name, found->groups[i].verdict,
                            (long long)found->groups[i].assets);
    query_close(query);
    return text;
}

static void a_summary_counts_assets_and_groups_what_is_not_supported(void **state)
{
    struct docket *docket = *state;
    struct query_verdicts found;
    struct rejudge_result total;

    fill(docket);
    assert_string_equal(summary_at(docket, GROUPING_KEY, docket->world->now, &found),
                        "unsupported 2/3/0\nsupported 4/5/0\n"
                        "[hyperv-host Windows Server 2008 SP2, physical, mabs-v2] unsupported 1\n"
                        "[server Windows Server 2008 SP2, physical, mabs-v2] unsupported 1\n"
                        "[server Windows Server 2012 R2, physical, mabs-v2] unsupported 1\n");
    assert_int_equal(found.protections, 8);
    assert_int_equal(found.judged_at, 0);
    assert_int_equal(found.waiting, 6);
    assert_string_equal(found.groups[2].reason, world_text(docket->world, "SELECT reason FROM protection JOIN asset ON"
                                                                          " asset.id = asset WHERE name = 'fs'"));
    docket_rejudge(docket, 100, false, &total);
    summary_at(docket, GROUPING_KEY, docket->world->now, &found);
    assert_int_equal(found.judged_at, docket->world->now);
    assert_int_equal(found.waiting, 0);
}

static void a_stale_one_is_not_counted_as_supported(void **state)
{
    struct docket *docket = *state;
    struct query_verdicts found;

    fill(docket);
    assert_non_null(strstr(summary_at(docket, GROUPING_KEY, docket->world->now + INT64_C(10) * 60000, &found),
                           "unsupported 2/3/3\nsupported 0/0/5\n"));
    /* Another target still sees one of them. */
    world_run(docket->world, "INSERT INTO target (name, plugin, scope, every_ms, succeeded_at)"
                             " SELECT 'slow', 'file', 1, 86400000, max(ended_at) FROM journal;"
                             "INSERT INTO sighting (target, identity, hash, item)"
                             " SELECT 2, x'00', x'00', id FROM item WHERE key = 'web'");
    assert_non_null(strstr(summary_at(docket, GROUPING_KEY, docket->world->now + INT64_C(10) * 60000, &found),
                           "unsupported 2/3/3\nsupported 1/1/4\n"));
}

static void a_summary_goes_by_the_max_age_too(void **state)
{
    struct docket *docket = *state;
    struct query_verdicts found;

    fill(docket);
    world_run(docket->world, "UPDATE target SET max_age_ms = 86400000");
    assert_non_null(strstr(summary_at(docket, GROUPING_KEY, docket->world->now + INT64_C(10) * 60000, &found),
                           "unsupported 2/3/0\nsupported 4/5/0\n"));
    world_run(docket->world, "UPDATE target SET max_age_ms = 1000");
    assert_non_null(strstr(summary_at(docket, GROUPING_KEY, docket->world->now + INT64_C(60000), &found),
                           "unsupported 2/3/3\nsupported 0/0/5\n"));
}

static void what_a_rule_takes_out_is_counted_apart(void **state)
{
    struct docket *docket = *state;
    struct query_verdicts found;

    charter_rule(&docket->charter, &(struct estate_rule){ .where = { .name = "fs" }, .by = "none", .reason = "a lab" });
    fill(docket);
    summary_at(docket, GROUPING_KEY, docket->world->now, &found);
    assert_int_equal(found.excluded, 1);
    assert_int_equal(found.protections, 7);
}

static void groups_are_by_what_was_asked_for(void **state)
{
    struct docket *docket = *state;
    struct query_verdicts found;

    charter_rule(&docket->charter, &(struct estate_rule){ .where = { .name = "h*" }, .owner = "team h" });
    fill(docket);
    assert_non_null(strstr(summary_at(docket, GROUPING_OWNER, docket->world->now, &found),
                           "[] unsupported 1\n[team h] unsupported 1\n"));
    assert_non_null(strstr(summary_at(docket, GROUPING_SERVER, docket->world->now, &found), "[BKP1] unsupported 2\n"));
    assert_non_null(strstr(summary_at(docket, GROUPING_SITE, docket->world->now, &found), "[] unsupported 2\n"));
    summary_at(docket, GROUPING_CAUSE, docket->world->now, &found);
    assert_true(found.group_count > 0);
}

static void an_empty_inventory_has_no_verdicts(void **state)
{
    struct docket *docket = *state;
    struct query_verdicts found;

    assert_string_equal(LIST(0), "");
    assert_string_equal(summary_at(docket, GROUPING_KEY, docket->world->now, &found), "");
    assert_int_equal(found.waiting, 0);
}

#define WITH_DOCKET(test) cmocka_unit_test_setup_teardown(test, docket_open, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DOCKET(the_worst_comes_first_then_the_name),
        WITH_DOCKET(each_word_of_the_filter_filters),
        WITH_DOCKET(a_limit_cuts_and_tells_how_many_more),
        WITH_DOCKET(a_verdict_of_many_is_listed_by_name_too),
        WITH_DOCKET(what_nobody_saw_lately_is_stale),
        WITH_DOCKET(a_source_with_a_max_age_is_stale_after_that),
        WITH_DOCKET(a_summary_goes_by_the_max_age_too),
        WITH_DOCKET(an_explanation_has_the_whole_chain),
        WITH_DOCKET(what_comes_from_a_host_names_it),
        WITH_DOCKET(a_summary_counts_assets_and_groups_what_is_not_supported),
        WITH_DOCKET(a_stale_one_is_not_counted_as_supported),
        WITH_DOCKET(what_a_rule_takes_out_is_counted_apart),
        WITH_DOCKET(groups_are_by_what_was_asked_for),
        WITH_DOCKET(an_empty_inventory_has_no_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
