/* What is protected, and no more: each beginning and each end is told once, and only where it is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coverage_row.h"
#include "postbox.h"
#include "state.h"

#include <string.h>

#define BUILD "10.0.14393"

static struct postbox *box;
static struct test_world *world;
static int64_t dpm;

static int start(void **state)
{
    if (postbox_open(state) != 0)
        return -1;
    box = *state;
    world = box->world;
    dpm = world_target(world, "dpm", "dpm");
    return 0;
}

/* Machines m0 to m(count - 1), as their own target sees them. */
static void see_machines(unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++) {
        struct item *item = docket_item(box->docket, "machine", arena_format(&world->arena, "m%u.example", i));

        item_set_text(item, "os.build", BUILD, NULL);
        item_set_text(item, "id.fqdn", item->key, NULL);
        world_add(world, item);
    }
    docket_scan(box->docket);
}

/* What the DPMDB of a server shows of m(number) in the next scan of it. */
static void hold(unsigned number, const char *server, const char *what)
{
    struct item *item = docket_item(box->docket, "protected", arena_format(&world->arena, "p%u", number));
    const char *name = arena_format(&world->arena, "M%u.example", number);

    item_set_text(item, "protected.type", "Volume", NULL);
    item_set_text(item, "protected.state", what, NULL);
    item_link(item, &(struct link){ "protected_by", "backup_server", NULL, "id.fqdn", server }, NULL);
    item_link(item, &(struct link){ "protects", "machine", NULL, "id.fqdn", name }, NULL);
    world_add(world, item);
}

static void scan_dpm(enum completeness completeness)
{
    if (!world_scan(world, dpm, completeness))
        fail_msg("%s", world->err.text);
}

/* "+m0 -m1" for what came since the last call. */
static const char *told(void)
{
    static const char text[] =
        "SELECT coalesce(group_concat(line, ' '), '') FROM (SELECT CASE what WHEN 'coverage.lost' THEN '-' ELSE '+' END"
        " || replace(a.name, '.example', '') AS line FROM event e JOIN asset a ON a.id = e.asset WHERE e.id >"
        " (SELECT max(id) FROM heard) AND what LIKE 'coverage.%' ORDER BY e.id)";
    const char *said;

    world_run(world, "CREATE TABLE IF NOT EXISTS heard (id INTEGER); INSERT INTO heard SELECT 0 WHERE NOT EXISTS"
                     " (SELECT 1 FROM heard)");
    said = world_text(world, text);
    world_run(world, "INSERT INTO heard SELECT coalesce(max(id), 0) FROM event");
    return said;
}

/* Three machines, of which the first two are held. */
static void begin(void)
{
    see_machines(0, 3);
    assert_string_equal(told(), "");
    hold(0, "BKP1", "protected");
    hold(1, "BKP1", "protected");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "+m0 +m1");
}

static void what_is_protected_for_the_first_time_is_told_once(void **state)
{
    (void)state;
    begin();
    assert_string_equal(world_text(world, "SELECT group_concat(subject || ' ' || e.state || ' ' || detail, '; ') FROM"
                                          " event e WHERE what = 'coverage.gained' AND asset = (SELECT min(asset)"
                                          " FROM coverage)"),
                        arena_format(&world->arena, "asset %lld coverage protected {\"server\":\"BKP1\"}",
                                     (long long)world_number(world, "SELECT min(asset) FROM coverage")));
    hold(0, "BKP1", "protected");
    hold(1, "BKP1", "protected");
    scan_dpm(COMPLETE);
    see_machines(0, 3);
    docket_rejudge(box->docket, 1, true, &(struct rejudge_result){ 0 });
    assert_string_equal(told(), "");
}

static void what_leaves_its_group_is_lost_and_what_comes_back_gained(void **state)
{
    (void)state;
    begin();
    hold(0, "BKP1", "protected");
    hold(1, "BKP1", "stopped");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "-m1");
    hold(0, "BKP1", "protected");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "");
    hold(0, "BKP1", "protected");
    hold(1, "BKP1", "protected");
    hold(2, "BKP1", "protected");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "+m1 +m2");
}

static void what_is_not_read_is_not_lost(void **state)
{
    (void)state;
    begin();
    assert_true(world_fail(world, dpm, ERR_TIMEOUT, "no answer"));
    hold(0, "BKP1", "protected");
    scan_dpm(PARTIAL);
    assert_true(world_refused(world, dpm, "login failed"));
    assert_string_equal(told(), "");
    docket_rejudge(box->docket, 10, true, &(struct rejudge_result){ 0 });
    assert_string_equal(told(), "");
}

/* Then it cannot be told, until it shows something again. */
static void a_database_that_shows_nothing_at_all_loses_nothing(void **state)
{
    (void)state;
    begin();
    hold(0, "BKP1", "stopped");
    hold(1, "BKP1", "unprotected");
    scan_dpm(COMPLETE);
    docket_rejudge(box->docket, 1, true, &(struct rejudge_result){ 0 });
    assert_string_equal(told(), "");
    hold(0, "BKP1", "protected");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "-m1");
}

static void a_target_that_is_configured_no_more_loses_nothing(void **state)
{
    struct state_target target = { .name = "fleet", .plugin = "file", .scope = "fleet", .every_ms = 3600000 };

    (void)state;
    begin();
    target.name = target.scope = world_text(
        world, arena_format(&world->arena, "SELECT name FROM target WHERE id = %lld", (long long)box->docket->target));
    assert_true(state_apply(world->store, &target, 1, world->now + 1, &world->err));
    docket_rejudge(box->docket, 1, false, &(struct rejudge_result){ 0 });
    assert_int_equal(world_number(world, "SELECT count(*) FROM protection WHERE by_what = 'dpmdb'"), 0);
    assert_string_equal(told(), "");
    assert_int_equal(world_number(world, "SELECT count(*) FROM coverage WHERE state = 'protected'"), 2);
}

static void an_asset_that_is_gone_is_not_lost_and_one_that_returns_is_looked_at(void **state)
{
    (void)state;
    begin();
    see_machines(1, 2);
    assert_string_equal(told(), "");
    see_machines(0, 3);
    assert_string_equal(told(), "");
    see_machines(1, 2);
    hold(1, "BKP1", "protected");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "");
    see_machines(0, 3);
    assert_string_equal(told(), "-m0");
}

static void what_a_rule_takes_out_is_not_lost(void **state)
{
    (void)state;
    begin();
    charter_rule(&box->docket->charter,
                 &(struct estate_rule){ .where = { .name = "m0*" }, .by = "none", .reason = "a lab" });
    docket_rejudge(box->docket, 1, false, &(struct rejudge_result){ 0 });
    hold(1, "BKP1", "protected");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "");
}

static void another_server_is_no_news(void **state)
{
    (void)state;
    begin();
    hold(0, "BKP2", "protected");
    hold(1, "BKP1", "protected");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "");
    assert_int_equal(world_number(world, "SELECT count(*) FROM coverage WHERE server = 'BKP2' AND state = 'protected'"),
                     1);
    hold(1, "BKP1", "protected");
    hold(2, "BKP2", "protected");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "+m2 -m0");
}

/* In slices of one asset all others are as they were: the end decides. */
static void slices_of_judging_lose_nothing_by_themselves(void **state)
{
    static const struct estate_rule rule = { .where = { .name = "m2*" }, .owner = "somebody" };
    struct rejudge_result result;

    (void)state;
    begin();
    charter_rule(&box->docket->charter, &rule);
    assert_true(rejudge_slice(world->store, &box->docket->charter.basis, ++world->now, 1, false, &result, &world->err));
    assert_true(result.more);
    hold(0, "BKP1", "protected");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "");
    docket_rejudge(box->docket, 1, false, &(struct rejudge_result){ 0 });
    assert_string_equal(told(), "-m1");
}

/* ------------------------------------------------------------------------------------------------------ alerts ---- */

/* The news have this line. */
static void has_line(const char *news, const char *line)
{
    if (strstr(news, line) == NULL)
        fail_msg("no \"%s\" in: %s", line, news);
}

static void many_at_once_are_one_alert(void **state)
{
    (void)state;
    see_machines(0, 40);
    for (unsigned i = 0; i < 40; i++)
        hold(i, "BKP1", "protected");
    scan_dpm(COMPLETE);
    postbox_step(box, POSTBOX_GRACE);
    has_line(
        postbox_news(box),
        "hook coverage.gained 40 : first scan of dpm: m0.example is protected by a backup server now, and 39 more\n");
    for (unsigned i = 0; i < 25; i++)
        hold(i, "BKP1", "protected");
    for (unsigned i = 25; i < 40; i++)
        hold(i, "BKP1", "stopped");
    scan_dpm(COMPLETE);
    postbox_step(box, POSTBOX_GRACE);
    assert_non_null(strstr(
        postbox_news(box),
        "hook coverage.lost 15 : m25.example is protected no more: it is in no protection group, and 14 more\n"));
    assert_string_equal(postbox_member(box, "$.findings[0].coverage"), "unprotected-supported");
    assert_string_equal(postbox_member(box, "$.findings[0].detail.server"), "BKP1");
    assert_string_equal(postbox_member(box, "$.asset.name"), "m25.example");
}

static void what_is_undone_within_the_grace_is_not_told(void **state)
{
    (void)state;
    begin();
    postbox_step(box, POSTBOX_GRACE);
    postbox_news(box);
    hold(0, "BKP1", "protected");
    hold(1, "BKP1", "stopped");
    scan_dpm(COMPLETE);
    postbox_step(box, 1);
    hold(0, "BKP1", "protected");
    hold(1, "BKP1", "protected");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "-m1 +m1");
    postbox_step(box, POSTBOX_GRACE);
    assert_null(strstr(postbox_news(box), "coverage"));
}

static void a_finding_says_whether_its_asset_is_protected(void **state)
{
    struct item *item;

    (void)state;
    begin();
    postbox_step(box, POSTBOX_GRACE);
    postbox_news(box);
    item = docket_item(box->docket, "machine", "m0.example");
    item_set_text(item, "os.build", "6.0.6002", NULL);
    item_set_text(item, "id.fqdn", "m0.example", NULL);
    world_add(world, item);
    see_machines(1, 2);
    postbox_step(box, POSTBOX_GRACE);
    assert_non_null(strstr(postbox_news(box), "finding.opened"));
    assert_string_equal(postbox_member(box, "$.asset.name"), "m0.example");
    assert_string_equal(postbox_member(box, "$.coverage"), "protected-unsupported");
}

static void what_is_told_of_an_asset_goes_with_it(void **state)
{
    bool more = true;

    (void)state;
    begin();
    postbox_step(box, POSTBOX_GRACE);
    assert_int_equal(world_number(world, "SELECT count(*) FROM told WHERE subject LIKE '% coverage'"), 2);
    see_machines(1, 2);
    for (int i = 0; i < 100 && more; i++)
        assert_true(state_forget(world->store, world->now + 1000000, 100, &more, &world->err));
    assert_int_equal(world_number(world, "SELECT count(*) FROM coverage"), 1);
    assert_int_equal(world_number(world, "SELECT count(*) FROM told WHERE subject LIKE '% coverage'"), 1);
}

#define AT_BOX(test) cmocka_unit_test_setup_teardown(test, start, postbox_close)

/* Machines as ever, and an instance of SQL Server with one database: one that is asked about, or its own. */
static void see_instance(bool asked)
{
    struct item *item = docket_item(box->docket, "database", "s0.example/ERP");

    world_add(world, docket_item(box->docket, "sql_instance", "s0.example"));
    item_set_bool(item, "database.system", !asked, NULL);
    item_link(item, &(struct link){ "part_of", "sql_instance", "s0.example", NULL, NULL }, NULL);
    world_add(world, item);
    see_machines(0, 3);
}

static void hold_instance(void)
{
    struct item *item = docket_item(box->docket, "protected", "s0");

    item_set_text(item, "protected.type", "SQL Server", NULL);
    item_set_text(item, "protected.state", "protected", NULL);
    item_link(item, &(struct link){ "protected_by", "backup_server", NULL, "id.fqdn", "BKP1" }, NULL);
    item_link(item, &(struct link){ "protects", "sql_instance", NULL, "id.path", "s0.example" }, NULL);
    world_add(world, item);
}

static const char *coverage_of_instance(void)
{
    const char *word;

    assert_true(coverage_read(&world->sql, world_number(world, "SELECT id FROM asset WHERE kind = 'sql_instance'"),
                              &word, &world->err));
    return word == NULL ? "not asked" : word;
}

static void of_an_instance_whose_databases_are_known_nothing_is_told(void **state)
{
    (void)state;
    see_instance(true);
    hold(0, "BKP1", "protected");
    hold_instance();
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "+m0");
    assert_string_equal(coverage_of_instance(), "not asked");
    see_instance(false);
    assert_string_equal(told(), "+s0");
    assert_memory_equal(coverage_of_instance(), "protected", 9);
    see_instance(true);
    assert_string_equal(told(), "");
    hold(0, "BKP1", "protected");
    scan_dpm(COMPLETE);
    assert_string_equal(told(), "");
    see_instance(false);
    assert_string_equal(told(), "-s0");
    assert_memory_equal(coverage_of_instance(), "unprotected", 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_BOX(what_is_protected_for_the_first_time_is_told_once),
        AT_BOX(what_leaves_its_group_is_lost_and_what_comes_back_gained),
        AT_BOX(what_is_not_read_is_not_lost),
        AT_BOX(a_database_that_shows_nothing_at_all_loses_nothing),
        AT_BOX(a_target_that_is_configured_no_more_loses_nothing),
        AT_BOX(an_asset_that_is_gone_is_not_lost_and_one_that_returns_is_looked_at),
        AT_BOX(what_a_rule_takes_out_is_not_lost),
        AT_BOX(another_server_is_no_news),
        AT_BOX(slices_of_judging_lose_nothing_by_themselves),
        AT_BOX(many_at_once_are_one_alert),
        AT_BOX(what_is_undone_within_the_grace_is_not_told),
        AT_BOX(a_finding_says_whether_its_asset_is_protected),
        AT_BOX(what_is_told_of_an_asset_goes_with_it),
        AT_BOX(of_an_instance_whose_databases_are_known_nothing_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
