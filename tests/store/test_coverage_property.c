/* Whatever scans, rules and slices of judging come in whatever order: what list --coverage, a report and events say of
 * what is protected goes together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coverage_row.h"
#include "docket.h"
#include "points.h"
#include "query_coverage.h"
#include "query_report.h"
#include "state.h"

#include <string.h>

enum { MACHINES = 9, INSTANCES = 3, ROUNDS = 120 };

static struct docket *docket;
static struct test_world *world;
static int64_t dpm;
static int spoken_for; /* instances that were seen with databases that are asked about */

/* ---------------------------------------------------------------------------------------------- what may happen ----
 */

static const char *const builds[] = { "6.0.6002", "6.3.9600", "10.0.14393", "10.0.99999" };

static void finish(int64_t target, bool complete)
{
    if (!world_scan(world, target, complete ? COMPLETE : PARTIAL))
        fail_msg("%s", world->err.text);
    if (points_random(2) == 0)
        assert_true(world_accept(world, target));
}

/* With its own database, and now and then with one of somebody's. */
static void see_instance(unsigned number)
{
    const char *key = arena_format(&world->arena, "s%u.example", number);
    struct item *item = docket_item(docket, "sql_instance", key);

    item_set_text(item, "sql.build", points_random(2) == 0 ? "11.0.5058.0" : "14.0.1000.169", NULL);
    world_add(world, item);
    for (unsigned i = points_random(3); i < 2; i++) {
        item = docket_item(docket, "database", arena_format(&world->arena, "%s/d%u", key, i));
        item_set_bool(item, "database.system", i == 1, NULL);
        item_link(item, &(struct link){ "part_of", "sql_instance", key, NULL, NULL }, NULL);
        world_add(world, item);
    }
}

static void scan_machines(void)
{
    for (unsigned i = 0; i < MACHINES; i++) {
        struct item *item = docket_item(docket, "machine", arena_format(&world->arena, "m%u.example", i));

        if (points_random(6) == 0)
            continue;
        item_set_text(item, "os.build", builds[points_random(4)], NULL);
        item_set_text(item, "id.fqdn", item->key, NULL);
        world_add(world, item);
    }
    for (unsigned i = 0; i < INSTANCES; i++) {
        if (points_random(8) != 0)
            see_instance(i);
    }
    finish(docket->target, points_random(5) != 0);
}

/* A data source that is a database's, or as of Exchange, what has these, too. */
static void hold_database(unsigned number, const char *server, const char *state)
{
    struct item *item = docket_item(docket, "protected", arena_format(&world->arena, "d%u", number));
    const char *name = arena_format(&world->arena, "s%u.example", number);

    item_set_text(item, "protected.type", "SQL Server", NULL);
    item_set_text(item, "protected.state", state, NULL);
    item_link(item, &(struct link){ "protected_by", "backup_server", NULL, "id.fqdn", server }, NULL);
    item_link(item,
              &(struct link){ "protects", "database", NULL, "id.path", arena_format(&world->arena, "%s/d0", name) },
              NULL);
    item_link(item, &(struct link){ "protects", "sql_instance", NULL, "id.path", name }, NULL);
    world_add(world, item);
}

/* Now and then a server's database shows nothing of what it holds. */
static void scan_dpm(void)
{
    static const char *const servers[] = { "BKP1", "BKP1", "BKP2" };
    static const char *const states[] = { "protected", "protected", "protected", "stopped" };
    const char *silent = points_random(4) == 0 ? servers[points_random(3)] : "";

    for (unsigned i = 0; i < MACHINES; i++) {
        struct item *item = docket_item(docket, "protected", arena_format(&world->arena, "p%u", i));
        const char *name = arena_format(&world->arena, "m%u.example", i), *server = servers[points_random(3)];

        if (points_random(4) == 0)
            continue;
        item_set_text(item, "protected.type", "Volume", NULL);
        item_set_text(item, "protected.state", strcmp(server, silent) == 0 ? "inactive" : states[points_random(4)],
                      NULL);
        item_link(item, &(struct link){ "protected_by", "backup_server", NULL, "id.fqdn", server }, NULL);
        item_link(item, &(struct link){ "protects", "machine", NULL, "id.fqdn", name }, NULL);
        world_add(world, item);
    }
    for (unsigned i = 0; i < INSTANCES; i++) {
        const char *server = servers[points_random(3)];

        if (points_random(4) != 0)
            hold_database(i, server, strcmp(server, silent) == 0 ? "inactive" : states[points_random(4)]);
    }
    finish(dpm, points_random(5) != 0);
}

static void change_basis(void)
{
    static const struct estate_rule rules[] = {
        { .where = { .name = "m1*" }, .owner = "o1" },
        { .where = { .name = "m3*" }, .by = "none", .reason = "a lab" },
        { .where = { .name = "m4*" }, .site = "s" },
    };

    if (points_random(2) == 0)
        charter_use(&docket->charter, points_random(2) == 0 ? "mabs-v1" : "mabs-v2");
    else
        charter_rule(&docket->charter, &rules[points_random(3)]);
}

static void judge_slice(void)
{
    struct rejudge_result result;

    if (!rejudge_slice(world->store, &docket->charter.basis, ++world->now, 1 + points_random(6), points_random(3) == 0,
                       &result, &world->err))
        fail_msg("%s", world->err.text);
}

static void happen(void)
{
    switch (points_random(8)) {
    case 0: change_basis(); break;
    case 1: assert_true(world_fail(world, dpm, ERR_TIMEOUT, "no answer")); break;
    case 2:
    case 3: judge_slice(); break;
    case 4:
    case 5: scan_machines(); break;
    default: scan_dpm();
    }
}

/* -------------------------------------------------------------------------------------------- what must be true ----
 */

/* Events, played from the beginning, come to what the table says. */
static void events_come_to_the_table(void)
{
    static const char played[] =
        "SELECT asset, state FROM event WHERE id IN (SELECT max(id) FROM event WHERE what LIKE 'coverage.%'"
        " GROUP BY asset)";
    static const char table[] = "SELECT asset, state FROM coverage";

    assert_int_equal(
        world_number(world, arena_format(&world->arena, "SELECT count(*) FROM (%s EXCEPT %s)", played, table)), 0);
    assert_int_equal(
        world_number(world, arena_format(&world->arena, "SELECT count(*) FROM (%s EXCEPT %s)", table, played)), 0);
    /* No beginning follows a beginning, and no end an end. */
    assert_int_equal(world_number(world, "SELECT count(*) FROM event e WHERE what LIKE 'coverage.%' AND what = (SELECT"
                                         " o.what FROM event o WHERE o.asset = e.asset AND o.id < e.id AND"
                                         " o.what LIKE 'coverage.%' ORDER BY o.id DESC LIMIT 1)"),
                     0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM event e WHERE what = 'coverage.lost' AND NOT EXISTS"
                                         " (SELECT 1 FROM event o WHERE o.asset = e.asset AND o.id < e.id AND"
                                         " o.what = 'coverage.gained')"),
                     0);
}

/* The number that the statement gives of the asset, which it has as a.id. */
static int64_t number_of(const char *text, int64_t asset)
{
    return world_number(
        world, arena_format(&world->arena, "SELECT (%s) FROM asset a WHERE a.id = %lld", text, (long long)asset));
}

/* Whether the DPMDB of the server that held it shows nothing: then it waits. */
static const char silent[] = "SELECT NOT EXISTS (SELECT 1 FROM protection p JOIN coverage c ON c.server = p.server"
                             " WHERE c.asset = a.id AND p.by_what = 'dpmdb' AND p.counts = 1 AND p.excluded IS NULL)";
static const char kept[] = "SELECT count(*) FROM coverage WHERE asset = a.id AND state = 'protected'";

/* Databases of an instance that are asked about. */
static const char databases[] =
    "SELECT count(*) FROM relation r JOIN item d ON d.id = r.item JOIN item s ON s.id = r.far JOIN protection p"
    " ON p.asset = d.asset WHERE s.asset = a.id AND r.relation = 'part_of' AND d.kind = 'database'"
    " AND d.gone_at IS NULL AND p.counts = 1 AND p.excluded IS NULL";

static void databases_speak_for_their_instance(const struct query_coverages *list)
{
    if (!list->read)
        return;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->list[i].protection.asset.kind, "sql_instance") == 0)
            assert_int_equal(number_of(databases, list->list[i].protection.asset.id), 0);
    }
    spoken_for += (int)world_number(
        world, arena_format(&world->arena,
                            "SELECT count(*) FROM asset a WHERE kind = 'sql_instance' AND gone_at IS NULL AND (%s) > 0",
                            databases));
}

static void the_list_goes_with_the_events(const struct query_coverages *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct query_coverage *row = &list->list[i];
        int64_t asset = row->protection.asset.id;
        bool listed = row->coverage == COVERAGE_WELL || row->coverage == COVERAGE_BROKEN;
        const char *word;

        assert_true(listed ? number_of(kept, asset) == 1
                           : number_of(kept, asset) == 0 || number_of(silent, asset) == 1);
        assert_true(coverage_read(&world->sql, asset, &word, &world->err));
        if (row->unread)
            assert_null(word);
        else
            assert_string_equal(word, coverage_word(row->coverage));
    }
}

static void the_report_has_the_same_numbers(struct query *query, const struct query_coverages *list)
{
    const struct query_report_wish wish = { .now = world->now };
    struct query_report *report = query_report_open(query, &wish, &world->err);
    int64_t answers[COVERAGE_COUNT_END] = { 0 }, unread = 0;
    struct query_report_head head;

    if (report == NULL || !query_report_head(report, &world->arena, &head, &world->err))
        fail_msg("%s", world->err.text);
    assert_int_equal(head.covered >= 0, list->read);
    for (size_t i = 0; i < head.coverage_count; i++) {
        for (int k = COVERAGE_BROKEN; k < COVERAGE_COUNT_END; k++)
            answers[k] += head.coverage[i].answers[k];
    }
    for (int k = COVERAGE_BROKEN; k < COVERAGE_COUNT_END; k++)
        assert_int_equal(answers[k], list->answers[k]);
    for (size_t i = 0; i < list->count; i++)
        unread += list->list[i].unread;
    if (list->read)
        assert_int_equal(head.unread, unread);
    query_report_close(report);
}

/* While judging goes on they may differ: the list shows what is judged so far. */
static void must_go_together(void)
{
    const struct query_protection_filter all = { 0 };
    struct query *query = query_open(world->path, &world->err);
    struct query_coverages list;

    if (query == NULL || !query_coverage_list(query, &all, world->now, &world->arena, &list, &world->err))
        fail_msg("%s", world->err.text);
    the_list_goes_with_the_events(&list);
    databases_speak_for_their_instance(&list);
    the_report_has_the_same_numbers(query, &list);
    query_close(query);
}

static void list_and_report_and_events_go_together(void **state)
{
    int lost = 0;

    spoken_for = 0;
    docket = *state;
    world = docket->world;
    dpm = world_target(world, "dpm", "dpm");
    for (int round = 0; round < ROUNDS; round++) {
        bool waits;

        happen();
        events_come_to_the_table();
        if (round % 5 == 4)
            docket_rejudge(docket, 1 + points_random(20), false, &(struct rejudge_result){ 0 });
        assert_true(judging_waits(&world->sql, &waits, &world->err));
        if (!waits && round % 5 == 4)
            must_go_together();
    }
    lost = (int)world_number(world, "SELECT count(*) FROM event WHERE what = 'coverage.lost'");
    assert_true(lost > 3 && spoken_for > 3); /* or it proves nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(list_and_report_and_events_go_together, docket_open, docket_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
