/* Exemptions as they lie in the database, held against protections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"
#include "exemption_row.h"

#include <string.h>

#define W2008 "6.0.6002"
#define W2016 "10.0.14393"
#define LONG_FROM_NOW ((int64_t)4102444800000)

/* In force for a long time, unless said otherwise. */
static int64_t add_until(struct docket *docket, const char *selector, int64_t until)
{
    struct test_world *world = docket->world;

    world_run(world, arena_format(&world->arena,
                                  "INSERT INTO exemption (selector, reason, name, made_at, until_at)"
                                  " VALUES ('%s', 'r', 'root', 1, %lld)",
                                  selector, (long long)until));
    return world_number(world, "SELECT max(id) FROM exemption");
}

static int64_t add(struct docket *docket, const char *selector)
{
    return add_until(docket, selector, LONG_FROM_NOW);
}

static int64_t asset(struct docket *docket, const char *name)
{
    return world_number(docket->world,
                        arena_format(&docket->world->arena, "SELECT min(id) FROM asset WHERE name = '%s'", name));
}

/* The number of the exemption that covers the asset's protection by the method; 0: none. */
static int64_t covering_of(struct docket *docket, int64_t id, const char *method)
{
    struct test_world *world = docket->world;
    struct exemptions exemptions;
    int64_t found = -1, judgement;

    judgement = world_number(world, arena_format(&world->arena,
                                                 "SELECT coalesce(max(judgement), 0) FROM protection WHERE asset = %lld"
                                                 " AND method = '%s'",
                                                 (long long)id, method));
    assert_true(exemptions_load(&exemptions, &world->sql, world->now, &world->err));
    assert_true(exemptions_cover(&exemptions, &world->sql, id, judgement, &found, &world->err));
    exemptions_finish(&exemptions);
    return found;
}

static int64_t covering(struct docket *docket, const char *name, const char *method)
{
    return covering_of(docket, asset(docket, name), method);
}

static void fill(struct docket *docket)
{
    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_vm(docket, "old", W2008, "h1", NULL);
    docket_scan(docket);
}

static void without_any_nothing_is_covered(void **state)
{
    struct docket *docket = *state;

    fill(docket);
    assert_int_equal(covering(docket, "old", "agent"), 0);
}

static void an_asset_is_covered_alone(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    int64_t id;

    fill(docket);
    id = add(docket, arena_format(&world->arena, "{\"asset\":%lld}", (long long)asset(docket, "old")));
    assert_int_equal(covering(docket, "old", "agent"), id);
    assert_int_equal(covering(docket, "old", "image"), id);
    assert_int_equal(covering(docket, "web", "agent"), 0);
}

static void what_comes_from_an_asset_is_covered_with_it(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    int64_t host, late;

    docket_host(docket, "h1", W2008, NULL);
    docket_host(docket, "h2", W2008, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_vm(docket, "db", W2016, "h2", NULL);
    docket_scan(docket);
    host = add(docket, arena_format(&world->arena, "{\"asset\":%lld}", (long long)asset(docket, "h1")));
    late = add(docket, arena_format(&world->arena, "{\"asset\":%lld}", (long long)asset(docket, "web")));
    assert_int_equal(covering(docket, "h1", "host"), host);
    assert_int_equal(covering(docket, "web", "image"), host);
    assert_int_equal(covering(docket, "web", "agent"), late); /* is no matter of its host */
    assert_int_equal(covering(docket, "db", "image"), 0);
    world_run(world, "UPDATE exemption SET ended_at = 2 WHERE id = 1");
    assert_int_equal(covering(docket, "web", "image"), late);
    assert_int_equal(covering(docket, "h1", "host"), 0);
}

/* Verdicts are made while exemptions are loaded. */
static void a_judgement_that_came_later_is_looked_at_too(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemptions exemptions;
    int64_t host, judgement, found;

    fill(docket);
    host = add(docket, arena_format(&world->arena, "{\"asset\":%lld}", (long long)asset(docket, "h1")));
    assert_true(exemptions_load(&exemptions, &world->sql, world->now, &world->err));
    judgement = world_number(world, "SELECT judgement FROM protection p JOIN asset a ON a.id = p.asset"
                                    " WHERE a.name = 'web' AND p.method = 'image'");
    assert_true(exemptions_cover(&exemptions, &world->sql, asset(docket, "web"), judgement, &found, &world->err));
    assert_int_equal(found, 0);
    world_run(world, arena_format(&world->arena,
                                  "INSERT INTO judgement (digest, method, server, workload, version, installation,"
                                  " verdict, class, counts, by_what, reason, cause, reasoning, detail) SELECT x'ff',"
                                  " method, server, workload, version, installation, 'unsupported', '', 1, by_what,"
                                  " reason, %lld, reasoning, detail FROM judgement WHERE id = %lld",
                                  (long long)asset(docket, "h1"), (long long)judgement));
    judgement = world_number(world, "SELECT max(id) FROM judgement");
    assert_true(exemptions_cover(&exemptions, &world->sql, asset(docket, "web"), judgement, &found, &world->err));
    assert_int_equal(found, host);
    exemptions_finish(&exemptions);
}

static void all_texts_of_a_protection_can_be_asked_for(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    int64_t id;

    fill(docket);
    world_run(world, "UPDATE target SET tags = '[\"dmz\"]'");
    world_run(world, "UPDATE judgement SET owner = 'dba', site = 'Graz', criticality = 'high'");
    id = add(docket, arena_format(&world->arena,
                                  "{\"name\":\"o*\",\"kind\":\"vm\",\"method\":\"agent\",\"server\":\"bkp1\","
                                  "\"workload\":\"server\",\"version\":\"Windows Server 2008*\",\"installation\":"
                                  "\"hyperv-vm\",\"product\":\"mabs-v2\",\"verdict\":\"unsupported\",\"class\":\"act\","
                                  "\"owner\":\"dba\",\"site\":\"graz\",\"criticality\":\"high\",\"target\":\"%s\","
                                  "\"tag\":\"dmz\"}",
                                  world_text(world, "SELECT name FROM target")));
    assert_int_equal(covering(docket, "old", "agent"), id);
    assert_int_equal(covering(docket, "old", "image"), 0);
    assert_int_equal(covering(docket, "web", "agent"), 0);
    world_run(world, "UPDATE target SET tags = '[]'");
    assert_int_equal(covering(docket, "old", "agent"), 0);
}

static void the_oldest_that_covers_counts(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    int64_t wide, narrow, second;

    fill(docket);
    add(docket, "{\"workload\":\"sql\"}");
    narrow = add(docket,
                 arena_format(&world->arena, "{\"asset\":%lld,\"method\":\"agent\"}", (long long)asset(docket, "old")));
    wide = add(docket, "{\"name\":\"*\"}");
    second = add(docket, arena_format(&world->arena, "{\"asset\":%lld}", (long long)asset(docket, "old")));
    assert_int_equal(covering(docket, "old", "agent"), narrow);
    assert_int_equal(covering(docket, "old", "image"), wide);
    assert_int_equal(covering(docket, "web", "agent"), wide);
    world_run(world, "UPDATE exemption SET ended_at = 2, ended_why = 'done' WHERE selector LIKE '%name%'");
    assert_int_equal(covering(docket, "old", "image"), second);
    assert_int_equal(covering(docket, "web", "agent"), 0);
}

static void what_is_over_covers_nothing(void **state)
{
    struct docket *docket = *state;

    fill(docket);
    add_until(docket, "{\"name\":\"*\"}", docket->world->now);
    assert_int_equal(covering(docket, "old", "agent"), 0);
    add_until(docket, "{\"name\":\"*\"}", docket->world->now + 1);
    assert_int_equal(covering(docket, "old", "agent"), 2);
}

/* Whoever wrote them: one that cannot be read must silence nothing, and keep nobody from judging. */
static void one_that_cannot_be_read_covers_nothing_and_harms_nobody(void **state)
{
    static const char *const selectors[] = {
        "",
        "{",
        "{}",
        "[\"name\"]",
        "\"name\"",
        "7",
        "null",
        "{\"name\":7}",
        "{\"name\":null}",
        "{\"name\":[\"*\"]}",
        "{\"name\":\"*\",\"colour\":\"red\"}",
        "{\"colour\":\"red\"}",
        "{\"asset\":\"1\"}",
        "{\"asset\":0,\"name\":\"*\"}",
        "{\"asset\":-1,\"name\":\"*\"}",
        "{\"asset\":1.5,\"name\":\"*\"}",
    };
    struct docket *docket = *state;
    int64_t id;

    fill(docket);
    for (size_t i = 0; i < sizeof selectors / sizeof *selectors; i++)
        add(docket, selectors[i]);
    for (const char *const *name = (const char *const[]){ "h1", "web", "old", NULL }; *name != NULL; name++)
        assert_int_equal(covering(docket, *name, "agent"), 0);
    id = add(docket, "{\"name\":\"OLD\"}");
    assert_int_equal(covering(docket, "old", "agent"), id);
}

static void it_follows_its_asset_into_another(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    int64_t id, first, last;

    fill(docket);
    first = asset(docket, "old");
    last = asset(docket, "web");
    id = add(docket, arena_format(&world->arena, "{\"asset\":%lld}", (long long)first));
    world_run(world, "INSERT INTO asset (id, kind, name, created_at, merged_into) VALUES (900, 'vm', 'x', 1, NULL)");
    world_run(world,
              arena_format(&world->arena, "UPDATE asset SET merged_into = 900 WHERE id = %lld", (long long)first));
    world_run(world,
              arena_format(&world->arena, "UPDATE asset SET merged_into = %lld WHERE id = 900", (long long)last));
    assert_int_equal(covering_of(docket, last, "agent"), id);
    assert_int_equal(covering_of(docket, first, "agent"), 0);
    world_run(world, arena_format(&world->arena, "UPDATE asset SET merged_into = %lld WHERE id = %lld",
                                  (long long)first, (long long)last)); /* in a ring: it ends all the same */
    covering_of(docket, last, "agent");
}

/* One that both sources see is one asset as long as both show one UUID. */
static void scan_both(struct docket *docket, int64_t other, const char *uuid_there, const char *uuid_here)
{
    struct test_world *world = docket->world;
    struct item *item;

    item = docket_item(docket, "machine", "inside");
    assert_true(item_set_text(item, "id.uuid", uuid_there, &world->err));
    assert_true(item_set_text(item, "os.build", W2008, &world->err));
    world_add(world, item);
    assert_true(world_scan(world, other, COMPLETE));
    item = docket_item(docket, "machine", "outside");
    assert_true(item_set_text(item, "id.uuid", uuid_here, &world->err));
    assert_true(item_set_text(item, "os.build", W2008, &world->err));
    world_add(world, item);
    docket_scan(docket);
}

static int64_t asset_of(struct docket *docket, const char *key)
{
    return world_number(docket->world,
                        arena_format(&docket->world->arena, "SELECT asset FROM item WHERE key = '%s'", key));
}

#define UUID_1 "3c22a11e-1369-53d9-a265-8ad19d54e4b1"
#define UUID_2 "3c22a11e-1369-53d9-a265-8ad19d54e4b2"

static void it_goes_along_when_assets_become_one_and_the_one_that_parts_has_none(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    int64_t other = world_target(world, "other", "other"), id, merged;

    scan_both(docket, other, UUID_1, UUID_2);
    merged = asset_of(docket, "outside");
    assert_int_not_equal(merged, asset_of(docket, "inside"));
    id = add(docket, arena_format(&world->arena, "{\"asset\":%lld}", (long long)merged));
    assert_int_equal(covering_of(docket, asset_of(docket, "inside"), "agent"), 0);
    scan_both(docket, other, UUID_1, UUID_1);
    assert_int_not_equal(merged, asset_of(docket, "outside"));
    assert_int_equal(covering_of(docket, asset_of(docket, "inside"), "agent"), id);
    scan_both(docket, other, UUID_1, UUID_2);
    assert_int_not_equal(asset_of(docket, "inside"), asset_of(docket, "outside"));
    assert_int_equal(covering_of(docket, asset_of(docket, "inside"), "agent"), id);
    assert_int_equal(covering_of(docket, asset_of(docket, "outside"), "agent"), 0);
}

static void one_whose_asset_is_forgotten_harms_nobody(void **state)
{
    struct docket *docket = *state;

    fill(docket);
    add(docket, "{\"asset\":123456}");
    assert_int_equal(covering(docket, "old", "agent"), 0);
    assert_int_equal(covering_of(docket, 123456, "agent"), 0);
}

/* --------------------------------------------------------------------------------------------------- at random ---- */

static unsigned dice(unsigned sides)
{
    static uint32_t state = 20261126;

    state = state * 1664525 + 1013904223;
    return (state >> 16) % sides;
}

/* A selector that may fit: each member is asked for now and then. */
static const char *random_selector(struct docket *docket)
{
    static const struct {
        const char *member, *values[3];
    } members[] = {
        { "name", { "w*", "*", "h?" } },
        { "method", { "agent", "image", "host" } },
        { "verdict", { "unsupported", "supported", "unsupported" } },
        { "class", { "act", "decide", "act" } },
        { "version", { "Windows Server 2008*", "*", "Windows Server 2016" } },
        { "target", { "*", "nobody", "hv*" } },
    };
    struct str text = STR_EMPTY;
    const char *kept;

    if (dice(2) == 0)
        str_format(&text, ",\"asset\":%u", 1 + dice(6));
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (dice(4) == 0)
            str_format(&text, ",\"%s\":\"%s\"", members[i].member, members[i].values[dice(3)]);
    }
    kept = arena_format(&docket->world->arena, "{%s}", text.length == 0 ? "" : str_text(&text) + 1);
    str_finish(&text);
    return kept;
}

/* Whether this one covers it, with nothing that is there for speed. */
static bool covers_alone(struct docket *docket, const struct exemption_entry *entry, int64_t id, int64_t judgement)
{
    struct exemptions one = { .ask_sources = true };
    int64_t found;

    vec_push(&one.list, *entry);
    if (entry->selector.asset == 0)
        vec_push(&one.wide, 0);
    else
        vec_push(&one.narrow, (struct exemption_of){ entry->selector.asset, 0 });
    assert_true(exemptions_cover(&one, &docket->world->sql, id, judgement, &found, &docket->world->err));
    vec_finish(&one.list);
    vec_finish(&one.wide);
    vec_finish(&one.narrow);
    return found != 0;
}

static int64_t expected(struct docket *docket, const struct exemptions *exemptions, int64_t id, int64_t judgement)
{
    vec_each (entry, &exemptions->list) {
        if (!entry->unreadable && covers_alone(docket, entry, id, judgement))
            return entry->id;
    }
    return 0;
}

static size_t compare_all(struct docket *docket, const struct exemptions *exemptions)
{
    struct test_world *world = docket->world;
    size_t covered = 0;

    for (int64_t row = 1; row <= world_number(world, "SELECT max(id) FROM guard"); row++) {
        int64_t id = world_number(
            world, arena_format(&world->arena, "SELECT max(asset) FROM guard WHERE id = %lld", (long long)row));
        int64_t judgement = world_number(
            world, arena_format(&world->arena, "SELECT max(judgement) FROM guard WHERE id = %lld", (long long)row));
        int64_t found;

        assert_true(exemptions_cover(exemptions, &world->sql, id, judgement, &found, &world->err));
        assert_int_equal(found, expected(docket, exemptions, id, judgement));
        covered += found != 0;
    }
    return covered;
}

static void the_short_ways_find_what_the_long_way_finds(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    size_t covered = 0;

    docket_host(docket, "h1", W2008, NULL);
    docket_host(docket, "h2", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_vm(docket, "www", W2008, "h2", NULL);
    docket_vm(docket, "db", W2008, "h1", NULL);
    docket_scan(docket);
    for (int round = 0; round < 100; round++) {
        struct exemptions exemptions;

        world_run(world, "DELETE FROM exemption");
        for (unsigned i = dice(6); i > 0; i--)
            add(docket, random_selector(docket));
        assert_true(exemptions_load(&exemptions, &world->sql, world->now, &world->err));
        covered += compare_all(docket, &exemptions);
        exemptions_finish(&exemptions);
    }
    assert_true(covered > 100);
}

#define IN_DOCKET(test) cmocka_unit_test_setup_teardown(test, docket_open, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DOCKET(without_any_nothing_is_covered),
        IN_DOCKET(an_asset_is_covered_alone),
        IN_DOCKET(what_comes_from_an_asset_is_covered_with_it),
        IN_DOCKET(a_judgement_that_came_later_is_looked_at_too),
        IN_DOCKET(all_texts_of_a_protection_can_be_asked_for),
        IN_DOCKET(the_oldest_that_covers_counts),
        IN_DOCKET(what_is_over_covers_nothing),
        IN_DOCKET(one_that_cannot_be_read_covers_nothing_and_harms_nobody),
        IN_DOCKET(it_follows_its_asset_into_another),
        IN_DOCKET(it_goes_along_when_assets_become_one_and_the_one_that_parts_has_none),
        IN_DOCKET(one_whose_asset_is_forgotten_harms_nobody),
        IN_DOCKET(the_short_ways_find_what_the_long_way_finds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
