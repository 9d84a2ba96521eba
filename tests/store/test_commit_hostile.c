/* Texts of strangers, sizes at the limits, and failures in the middle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

#include "json.h"

#include <stdio.h>
#include <string.h>

static const char *run_of(struct test_world *world, char c, size_t size)
{
    char *text = arena_alloc(&world->arena, size + 1);

    memset(text, c, size);
    return text;
}

static void texts_of_strangers_are_kept_as_they_are(void **state)
{
    static const char evil[] = "'; DROP TABLE item; --\"\\ \x1b[31m\xe2\x80\xae %s%n </script> \xf0\x9f\x92\xa3";
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    struct item *item = world_item(world, "vm", evil), read;
    const char *facts;

    item_set_text(item, "id.name", evil, NULL);
    item_set_list(item, "vm.notes", (const char *const[]){ evil, "" }, 2, NULL);
    item_link(item, &(struct link){ "runs_on", "hyperv_host", evil, NULL, NULL }, NULL);
    item_unread(item, "guest.", evil, NULL);
    world_add(world, item);
    batch_add_warning(&world->batch, &(struct message_warning){ "vm", evil, evil });
    assert_true(world_scan(world, target, PARTIAL));
    assert_string_equal(world_text(world, "SELECT key FROM item"), evil);
    assert_string_equal(world_text(world, "SELECT name FROM item"), evil);
    assert_string_equal(world_text(world, "SELECT key FROM link"), evil);
    assert_string_equal(world_text(world, "SELECT why FROM unread"), evil);
    assert_string_equal(world_text(world, "SELECT text FROM warning"), evil);
    facts = world_text(world, "SELECT facts FROM item");
    item_init(&read, &world->arena, "vm", "k");
    assert_true(json_read_facts(facts, strlen(facts), &read, &world->err));
    assert_string_equal(item_text(&read, "id.name"), evil);
    assert_string_equal(world_text(world, "SELECT json_extract(facts, '$.\"id.name\"') FROM item"), evil);
}

/* A text at its limit that changes to another, and all kinds of values of some length. */
static void add_large(struct test_world *world, char c)
{
    struct item *item = world_item(world, "vm", "large");
    const char *element = run_of(world, c, 600);

    assert_true(item_set_text(item, "a", run_of(world, c, ITEM_MAX_TEXT), &world->err));
    assert_true(item_set_list(item, "b", (const char *const[]){ element, element }, 2, &world->err));
    assert_true(item_set_text(item, "c", run_of(world, '\x01' + (c == 'x'), 500), &world->err));
    assert_true(
        item_link(item, &(struct link){ "uses", "vm", NULL, "id.fqdn", run_of(world, c, ITEM_MAX_TEXT) }, &world->err));
    assert_true(item_set_text(item, "id.name", run_of(world, c, ITEM_MAX_TEXT), &world->err));
    world_add(world, item);
}

static void long_values_are_shown_cut_with_their_length_and_hash(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    add_large(world, 'x');
    assert_true(world_scan(world, target, COMPLETE));
    add_large(world, 'y');
    assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world_number(world, "SELECT length(json_extract(facts, '$.a')) FROM item"), ITEM_MAX_TEXT);
    assert_true(world_number(world, "SELECT length(detail) FROM history WHERE what = 'changed'") < 6000);
    assert_int_equal(world_number(world, "SELECT json_extract(detail, '$.attributes[0].to.bytes') FROM history"
                                         " WHERE what = 'changed'"),
                     ITEM_MAX_TEXT);
    assert_int_equal(world_number(world, "SELECT length(json_extract(detail, '$.attributes[0].to.cut')) FROM history"
                                         " WHERE what = 'changed'"),
                     256);
    assert_int_equal(world_number(world, "SELECT json_extract(detail, '$.attributes[0].to.hash') <>"
                                         " json_extract(detail, '$.attributes[0].from.hash') FROM history"
                                         " WHERE what = 'changed'"),
                     1);
    assert_int_equal(world_number(world, "SELECT json_extract(detail, '$.attributes[2].to.bytes') FROM history"
                                         " WHERE what = 'changed'"),
                     500);
    assert_int_equal(world_number(world, "SELECT json_extract(detail, '$.links.added[0].bytes') > 65536 FROM history"
                                         " WHERE what = 'changed'"),
                     1);
    assert_int_equal(world_number(world, "SELECT length(CAST(name AS BLOB)) FROM item"), 1024);
}

static void add_wide(struct test_world *world, char c)
{
    struct item *item = world_item(world, "vm", "wide");
    char name[32];

    for (int i = 0; i < ITEM_MAX_ATTRIBUTES; i++) {
        snprintf(name, sizeof name, "a%03d", i);
        assert_true(item_set_text(item, name, run_of(world, c, 900), &world->err));
    }
    world_add(world, item);
}

static void a_detail_has_its_limit_and_counts_the_rest(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    int64_t shown, more;

    add_wide(world, 'x');
    assert_true(world_scan(world, target, COMPLETE));
    add_wide(world, 'y');
    assert_true(world_scan(world, target, COMPLETE));
    assert_in_range(world_number(world, "SELECT length(detail) FROM history WHERE what = 'changed'"), 60000, 65536);
    shown = world_number(world, "SELECT json_array_length(detail, '$.attributes') FROM history WHERE what = 'changed'");
    more = world_number(world, "SELECT json_extract(detail, '$.more') FROM history WHERE what = 'changed'");
    assert_true(shown > 0);
    assert_int_equal(shown + more, ITEM_MAX_ATTRIBUTES);
}

static void ten_thousand_items_come_change_and_go(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    world_add_many(world, "vm", 0, 10000);
    assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world->result.appeared, 10000);
    world_count_writes(world);
    world_add_many(world, "vm", 0, 10000);
    assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world_writes(world), 0);
    world_add_many(world, "vm", 1000, 9000);
    for (int i = 0; i < 100; i++)
        world_add_vm(world, arena_format(&world->arena, "new-%d", i), "n", NULL);
    assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world->result.gone, 1000);
    assert_int_equal(world->result.appeared, 100);
    assert_int_equal(world_number(world, "SELECT count(*) FROM item WHERE gone_at IS NULL"), 9100);
    assert_int_equal(world_number(world, "SELECT count(*) FROM sighting"), 9100);
}

/* ---------------------------------------------------------------------------------------------------- failures ---- */

/* All that a commit may touch, as one text. */
static const char *whole(struct test_world *world)
{
    static const char *const parts[] = {
        "SELECT group_concat(quote(id) || quote(name) || quote(facts) || quote(asset) || quote(changed_at) ||"
        " quote(lost_at) || quote(lost_by) || quote(gone_at) || quote(gone_why)) FROM item",
        "SELECT group_concat(quote(target) || quote(identity) || quote(hash) || quote(item) || quote(missed_at) ||"
        " quote(held)) FROM sighting",
        "SELECT group_concat(quote(item) || quote(number) || quote(key)) FROM link",
        "SELECT group_concat(quote(item) || quote(prefix) || quote(why) || quote(read_at)) FROM unread",
        "SELECT group_concat(quote(id) || quote(name) || quote(gone_at)) FROM asset",
        "SELECT group_concat(quote(id) || quote(item) || quote(what) || quote(detail)) FROM history",
        "SELECT group_concat(quote(id) || quote(result)) FROM journal",
        "SELECT group_concat(quote(text)) FROM warning",
        "SELECT group_concat(quote(host)) FROM offer",
        "SELECT group_concat(quote(result) || quote(ended_at) || quote(succeeded_at) || quote(held_count) ||"
        " quote(warnings_hash)) FROM target",
    };
    const char *text = "";

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *part = world_text(world, parts[i]);

        text = arena_format(&world->arena, "%s\n%s", text, part == NULL ? "" : part);
    }
    return text;
}

/* Something of everything: new, changed, lost, returned, unread, links, warnings, offers. */
static void add_everything(struct test_world *world, int round)
{
    struct item *item = world_item(world, "vm", "x");

    item_set_int(item, "hardware.memory", round, NULL);
    item_link(item, &(struct link){ "runs_on", "hyperv_host", round == 0 ? "a" : "b", NULL, NULL }, NULL);
    if (round > 0)
        item_unread(item, "guest.", "off", NULL);
    world_add(world, item);
    world_add_many(world, "vm", (size_t)round, 12);
    batch_add_warning(&world->batch, &(struct message_warning){ NULL, NULL, round == 0 ? "one" : "two" });
    batch_add_offer(&world->batch, &(struct message_offer){ "sql", round == 0 ? "db1" : "db2", "e", 1433 });
}

/* Lets the Nth row that is written fail, for N = 1, 2, ... until all goes well. */
static void a_failure_at_any_row_leaves_nothing_and_can_be_repeated(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    const char *before;
    bool good = false;
    int fails;

    add_everything(world, 0);
    assert_true(world_scan(world, target, COMPLETE));
    world_count_writes(world);
    before = whole(world);
    for (fails = 0; !good; fails++) {
        world_run(world, "DROP TRIGGER IF EXISTS breaks");
        world_run(world, arena_format(&world->arena,
                                      "CREATE TRIGGER breaks BEFORE INSERT ON written WHEN (SELECT count(*) FROM"
                                      " written) >= %d BEGIN SELECT RAISE(ABORT, 'broken'); END",
                                      fails));
        world->now = INT64_C(1700000500000);
        add_everything(world, 1);
        good = world_scan(world, target, COMPLETE);
        if (!good) {
            assert_non_null(strstr(world->err.text, "broken"));
            assert_string_equal(whole(world), before);
            assert_int_equal(world->result.journal + (int64_t)world->result.changed, 0);
        }
    }
    assert_true(fails > 15);
    assert_int_equal(world->result.appeared, 1);
    assert_int_equal(world->result.changed, 1);
    assert_int_equal(world->result.moved, 1);
    assert_int_equal(world->result.gone, 1);
}

static void the_same_commit_can_be_tried_twice(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    struct commit commit = { .target = target, .good = true, .completeness = COMPLETE, .batch = &world->batch };

    world_add_many(world, "vm", 0, 3);
    world_run(world, "CREATE TRIGGER no BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'no'); END");
    assert_false(commit_run(world->store, &commit, &world->result, &world->err));
    assert_int_equal(world_number(world, "SELECT count(*) FROM item"), 0);
    world_run(world, "DROP TRIGGER no");
    assert_true(commit_run(world->store, &commit, &world->result, &world->err));
    assert_int_equal(world->result.appeared, 3);
}

static void damaged_facts_are_named_and_stop_that_commit(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    world_add_vm(world, "x", "x", NULL);
    assert_true(world_scan(world, target, COMPLETE));
    world_run(world, "UPDATE item SET facts = '[1'");
    world_add_vm(world, "x", "y", NULL);
    assert_false(world_scan(world, target, COMPLETE));
    assert_non_null(strstr(world->err.text, "the database's facts of vm 'x'"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(texts_of_strangers_are_kept_as_they_are),
        TEST(long_values_are_shown_cut_with_their_length_and_hash),
        TEST(a_detail_has_its_limit_and_counts_the_rest),
        TEST(ten_thousand_items_come_change_and_go),
        TEST(a_failure_at_any_row_leaves_nothing_and_can_be_repeated),
        TEST(the_same_commit_can_be_tried_twice),
        TEST(damaged_facts_are_named_and_stop_that_commit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
