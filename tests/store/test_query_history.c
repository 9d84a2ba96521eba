/* The history of an asset is found through the chains of items: the property is that it is all of it, whatever became
 * of the items meanwhile, whatever was forgotten, and whatever the clock did. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query.h"
#include "state.h"
#include "world.h"

#include <stdio.h>
#include <string.h>

enum { KEYS = 6, TARGETS = 3, MINUTE = 60000 };

static uint32_t seed = 5;

static size_t dice(size_t sides)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % sides;
}

/* Machines that agree and disagree about who they are, from one scan to the next. */
static void add_some(struct test_world *world)
{
    static const char *const uuids[] = { "45185add-557c-5a15-a37e-accf3d4a2513", "22222222-557c-5a15-a37e-accf3d4a2512",
                                         "33333333-557c-5a15-a37e-accf3d4a2511" };
    static const char *const names[] = { "web01.example", "sql01.example", "fs01.example" };

    for (size_t i = 0; i < KEYS; i++) {
        char key[8];
        struct item *item;

        if (dice(8) == 0)
            continue;
        snprintf(key, sizeof key, "k%zu", i);
        item = world_item(world, "machine", key);
        if (dice(3) > 0)
            item_set_text(item, "id.uuid", uuids[dice(8) == 0 ? dice(3) : i % 3], NULL);
        if (dice(4) > 0)
            item_set_text(item, "id.fqdn", names[dice(12) == 0 ? dice(3) : i % 3], NULL);
        item_set_int(item, "hardware.cpu_count", (int64_t)dice(3), NULL);
        world_add(world, item);
    }
}

#define PART                                                                                                           \
    "WITH RECURSIVE part(id) AS (SELECT %d UNION SELECT a.id FROM part JOIN asset a ON a.merged_into = part.id) "

/* By reading the whole table. */
static const char *expected(struct test_world *world, int asset, int64_t since, size_t limit)
{
    char text[1024];

    snprintf(text, sizeof text,
             PART "SELECT coalesce(group_concat(row, ' '), '') FROM (SELECT printf('%%d/%%d/%%s', journal, asset, what)"
                  " AS row FROM history WHERE asset IN (SELECT id FROM part) AND at >= %lld ORDER BY id DESC LIMIT %d)",
             asset, (long long)since, limit == 0 ? -1 : (int)limit);
    return world_text(world, text);
}

static void compare(struct test_world *world, struct query *query, int asset, int64_t since, size_t limit)
{
    const char *whole = expected(world, asset, since, limit);
    struct query_changes changes;
    struct str found = STR_EMPTY;
    struct arena arena;

    arena_init(&arena, ARENA_PLAIN);
    assert_true(query_history(query, asset, since, limit, &arena, &changes, &world->err));
    for (size_t i = 0; i < changes.count; i++)
        str_format(&found, "%s%lld/%lld/%s", i == 0 ? "" : " ", (long long)changes.list[i].journal,
                   (long long)changes.list[i].asset, changes.list[i].what);
    assert_string_equal(str_text(&found), whole);
    str_finish(&found);
    arena_finish(&arena);
}

/* No row is left of an asset or item that is forgotten, and no row is out of its chain. */
static void check_references(struct test_world *world)
{
    assert_int_equal(world_number(world, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM history WHERE item NOT IN (SELECT id FROM item)"), 0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM item i WHERE EXISTS (SELECT 1 FROM history h WHERE"
                                         " h.item = i.id) AND last_history IS NOT (SELECT max(h.id) FROM history h"
                                         " WHERE h.item = i.id)"),
                     0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM (SELECT previous, lag(id) OVER (PARTITION BY item ORDER"
                                         " BY id) AS before FROM history) WHERE before IS NOT NULL AND"
                                         " previous IS NOT before"),
                     0);
}

/* An asset is asked for by what it is now, never by what was merged into that. */
static bool is_there(struct test_world *world, int asset)
{
    char text[96];

    snprintf(text, sizeof text, "SELECT count(*) FROM asset WHERE id = %d AND merged_into IS NULL", asset);
    return world_number(world, text) > 0;
}

static void compare_all(struct test_world *world)
{
    int count = (int)world_number(world, "SELECT coalesce(max(id), 0) FROM asset");
    struct query *query = query_open(world->path, &world->err);

    assert_non_null(query);
    for (int asset = 1; asset <= count; asset++) {
        if (!is_there(world, asset))
            continue;
        compare(world, query, asset, 0, 0);
        compare(world, query, asset, world->now - (int64_t)(1 + dice(20)) * MINUTE, 0);
        compare(world, query, asset, 0, 1 + dice(5));
    }
    query_close(query);
    check_references(world);
}

static void forget_before(struct test_world *world, int64_t horizon, size_t most)
{
    bool more = true;

    while (more)
        assert_true(state_forget(world->store, horizon, most, &more, &world->err));
}

static void scan_some(struct test_world *world, const int64_t targets[TARGETS], int64_t end)
{
    int64_t target = targets[dice(TARGETS)];

    add_some(world);
    assert_true(world_scan_at(world, target, COMPLETE, end - 1000, end));
    if (dice(4) == 0)
        assert_true(world_accept(world, target) || world->err.text[0] != '\0');
}

static void start(struct test_world *world, int64_t targets[TARGETS])
{
    targets[0] = world_target(world, "a", "a");
    targets[1] = world_target(world, "b", "b");
    targets[2] = world_target(world, "c", "b");
}

static void it_is_all_that_became_of_the_asset_and_of_those_it_is_made_of(void **state)
{
    struct test_world *world = *state;
    int64_t targets[TARGETS], now = INT64_C(1700000000000);

    start(world, targets);
    for (int round = 0; round < 60; round++) {
        scan_some(world, targets, now += MINUTE);
        if (round % 5 == 4)
            compare_all(world);
    }
    assert_true(world_number(world, "SELECT count(*) FROM history WHERE what = 'joined'") > 5);
    assert_true(world_number(world, "SELECT count(*) FROM history WHERE what = 'parted'") > 5);
    assert_true(world_number(world, "SELECT count(*) FROM history WHERE what = 'gone'") > 5);
    assert_true(world_number(world, "SELECT count(*) FROM asset WHERE merged_into IS NOT NULL") > 2);
}

static void it_stays_whole_while_the_old_is_forgotten(void **state)
{
    struct test_world *world = *state;
    int64_t targets[TARGETS], now = INT64_C(1700000000000);

    start(world, targets);
    for (int round = 0; round < 80; round++) {
        scan_some(world, targets, now += MINUTE);
        if (dice(3) == 0)
            forget_before(world, now - (int64_t)dice(30) * MINUTE, 1 + dice(20));
        if (round % 5 == 4)
            compare_all(world);
    }
    assert_true(world_number(world, "SELECT count(*) FROM history") <
                world_number(world, "SELECT max(id) FROM history") / 2);
}

static void it_stays_whole_while_the_clock_jumps(void **state)
{
    struct test_world *world = *state;
    int64_t targets[TARGETS], now = INT64_C(1700000000000);

    start(world, targets);
    for (int round = 0; round < 80; round++) {
        now += dice(5) > 0 ? MINUTE : ((int64_t)dice(60) - 30) * MINUTE;
        scan_some(world, targets, now);
        if (dice(3) == 0)
            forget_before(world, now - (int64_t)dice(30) * MINUTE, 1 + dice(20));
        if (round % 5 == 4)
            compare_all(world);
    }
}

static void a_chain_that_leads_up_or_to_itself_ends(void **state)
{
    struct test_world *world = *state;
    struct query_changes changes;
    int64_t targets[TARGETS];
    struct query *query;
    struct arena arena;

    start(world, targets);
    for (int i = 0; i < 3; i++) {
        struct item *item = world_item(world, "machine", "k");

        item_set_int(item, "hardware.cpu_count", i, NULL);
        world_add(world, item);
        assert_true(world_scan(world, targets[0], COMPLETE));
    }
    world_run(world, "UPDATE history SET previous = 3 WHERE id = 2; UPDATE history SET previous = 3 WHERE id = 3");
    query = query_open(world->path, &world->err);
    arena_init(&arena, ARENA_PLAIN);
    assert_true(query_history(query, 1, 0, 0, &arena, &changes, &world->err));
    assert_int_equal(changes.count, 2);
    arena_finish(&arena);
    query_close(query);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(it_is_all_that_became_of_the_asset_and_of_those_it_is_made_of),
        IN_WORLD(it_stays_whole_while_the_old_is_forgotten),
        IN_WORLD(it_stays_whole_while_the_clock_jumps),
        IN_WORLD(a_chain_that_leads_up_or_to_itself_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
