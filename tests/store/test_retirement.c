#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "sql.h"
#include "state.h"

#include <stdio.h>
#include <string.h>

static struct state_target target(const char *name, const char *scope)
{
    return (struct state_target){ .name = name, .plugin = "file", .scope = scope, .every_ms = 60000 };
}

static void apply(struct shelf *shelf, struct state_target *targets, size_t count, int64_t now)
{
    if (!state_apply(shelf->store, targets, count, now, &shelf->err))
        fail_msg("%s", shelf->err.text);
}

/* A store that knows these targets since 1. */
static void begin(struct shelf *shelf, struct state_target *targets, size_t count)
{
    shelf_store(shelf);
    apply(shelf, targets, count, 1);
}

/* An item with an asset of its own, in the scope of a target that sees it. */
static void see(struct shelf *shelf, const char *target, const char *key)
{
    char text[1024];

    snprintf(text, sizeof text,
             "INSERT INTO asset (kind, name, created_at) VALUES ('vm', '%2$s', 1);"
             "INSERT INTO item (scope, kind, key, asset, name, facts, appeared_at, changed_at)"
             " SELECT scope, 'vm', '%2$s', last_insert_rowid(), '%2$s', '{}', 1, 1 FROM target WHERE name = '%1$s';"
             "INSERT INTO sighting (target, identity, hash, item)"
             " SELECT id, '%2$s', x'01', last_insert_rowid() FROM target WHERE name = '%1$s'",
             target, key);
    shelf_run(shelf, text);
}

/* Another target of the same scope sees it too. */
static void see_too(struct shelf *shelf, const char *target, const char *key)
{
    char text[512];

    snprintf(text, sizeof text,
             "INSERT INTO sighting (target, identity, hash, item)"
             " SELECT t.id, i.key, x'02', i.id FROM target t JOIN item i ON i.scope = t.scope AND i.key = '%s'"
             " WHERE t.name = '%s'",
             key, target);
    shelf_run(shelf, text);
}

static const char items[] = "SELECT key, gone_at, gone_why FROM item ORDER BY key";
static const char assets[] = "SELECT name, gone_at FROM asset ORDER BY name";
static const char sightings[] = "SELECT t.name, i.key, hex(hash) FROM sighting s JOIN target t ON t.id = s.target"
                                " JOIN item i ON i.id = s.item ORDER BY t.name, i.key";
static const char history[] = "SELECT journal, at, asset, item, what, detail FROM history ORDER BY id";

static void what_only_a_retired_target_saw_is_gone(void **state)
{
    struct shelf *shelf = *state;
    struct state_target targets[] = { target("a", "a"), target("b", "b") };

    begin(shelf, targets, 2);
    see(shelf, "a", "kept");
    see(shelf, "b", "lost");
    apply(shelf, targets, 1, 50);
    assert_string_equal(shelf_rows(shelf, items), "kept|-|- lost|50|retired");
    assert_string_equal(shelf_rows(shelf, assets), "kept|- lost|50");
    assert_string_equal(shelf_rows(shelf, sightings), "a|kept|01");
    assert_string_equal(shelf_rows(shelf, history), "2|50|2|2|retired|{}");
    assert_string_equal(shelf_rows(shelf, "SELECT gone, message FROM journal WHERE id = 2"),
                        "1|targets: 0 added, 0 renamed, 0 changed, 1 retired");
    shelf_assert_sound(shelf->path);
}

static void what_another_target_sees_stays_and_is_told_anew(void **state)
{
    struct shelf *shelf = *state;
    struct state_target targets[] = { target("a", "s"), target("b", "s") };

    begin(shelf, targets, 2);
    see(shelf, "b", "shared");
    see_too(shelf, "a", "shared");
    apply(shelf, targets, 1, 50);
    assert_string_equal(shelf_rows(shelf, items), "shared|-|-");
    assert_string_equal(shelf_rows(shelf, assets), "shared|-");
    assert_string_equal(shelf_rows(shelf, sightings), "a|shared|");
    assert_string_equal(shelf_rows(shelf, history), "");
}

static void an_asset_lives_while_one_of_its_items_does(void **state)
{
    struct shelf *shelf = *state;
    struct state_target targets[] = { target("a", "a"), target("b", "b") };

    begin(shelf, targets, 2);
    see(shelf, "a", "one");
    see(shelf, "b", "two");
    shelf_run(shelf, "UPDATE item SET asset = 1");
    apply(shelf, targets, 1, 50);
    assert_string_equal(shelf_rows(shelf, assets), "one|- two|-");
    apply(shelf, targets + 1, 1, 60);
    assert_string_equal(shelf_rows(shelf, "SELECT gone_at FROM asset WHERE id = 1"), "60");
}

static void what_was_lost_is_gone_when_nobody_can_look_for_it(void **state)
{
    struct shelf *shelf = *state;
    struct state_target targets[] = { target("a", "a"), target("b", "s"), target("c", "s") };

    begin(shelf, targets, 3);
    see(shelf, "b", "lost");
    shelf_run(shelf, "DELETE FROM sighting; UPDATE item SET lost_at = 20");
    apply(shelf, targets, 2, 50);
    assert_string_equal(shelf_rows(shelf, items), "lost|-|-");
    apply(shelf, targets, 1, 60);
    assert_string_equal(shelf_rows(shelf, items), "lost|60|retired");
}

static void what_was_gone_before_keeps_its_own_time(void **state)
{
    struct shelf *shelf = *state;
    struct state_target targets[] = { target("a", "a"), target("b", "b") };

    begin(shelf, targets, 2);
    see(shelf, "b", "gone");
    shelf_run(shelf, "UPDATE item SET gone_at = 9, gone_why = 'missing'");
    apply(shelf, targets, 1, 50);
    assert_string_equal(shelf_rows(shelf, items), "gone|9|missing");
    assert_string_equal(shelf_rows(shelf, history), "");
}

static void what_a_retired_target_held_offered_and_warned_of_goes(void **state)
{
    struct shelf *shelf = *state;
    struct state_target targets[] = { target("a", "a"), target("b", "b") };

    begin(shelf, targets, 2);
    shelf_run(shelf, "UPDATE target SET held_at = 5, held_count = 7, held_why = 'many', warnings = 1,"
                     " warnings_hash = x'00', result = 'complete', attempts = 3;"
                     "INSERT INTO offer SELECT id, 'sql', 'h', 0, 'e', 1 FROM target;"
                     "INSERT INTO warning SELECT id, 1, 'vm', 'k', 't' FROM target");
    apply(shelf, targets, 1, 50);
    assert_string_equal(shelf_rows(shelf, "SELECT name, configured, held_at, held_count, held_why, warnings,"
                                          " warnings_hash IS NULL, result, attempts FROM target ORDER BY name"),
                        "a|1|5|7|many|1|0|complete|3 b|0|-|0||0|1|complete|3");
    assert_string_equal(shelf_rows(shelf, "SELECT target FROM offer UNION ALL SELECT target FROM warning"), "1 1");
}

static void a_target_that_comes_back_has_its_number_and_state(void **state)
{
    struct shelf *shelf = *state;
    struct state_target targets[] = { target("a", "a"), target("b", "b") };
    int64_t id;

    begin(shelf, targets, 2);
    id = targets[1].id;
    shelf_run(shelf, "UPDATE target SET attempts = 4");
    apply(shelf, targets, 1, 50);
    apply(shelf, targets, 1, 55);
    assert_int_equal(shelf_number(shelf, "SELECT count(*) FROM journal"), 2);
    apply(shelf, targets, 2, 60);
    assert_int_equal(targets[1].id, id);
    assert_int_equal(targets[1].schedule.attempts, 4);
    assert_string_equal(shelf_rows(shelf, "SELECT message FROM journal WHERE id = 3"),
                        "targets: 1 added, 0 renamed, 0 changed, 0 retired");
}

/* ----------------------------------------------------------------------------------------------------- scope ---- */

static const char scopes[] = "SELECT i.key, s.name, i.gone_at FROM item i JOIN scope s ON s.id = i.scope"
                             " ORDER BY i.key, s.name";

/* Two targets, what each of them sees, and where their scopes move to. */
struct move {
    const char *from[2], *to[2], *seen[2];
    const char *scopes, *sightings; /* afterwards */
};

static void assert_moved(struct shelf *shelf, const struct move *move)
{
    struct state_target targets[] = { target("a", move->from[0]), target("b", move->from[1]) };

    begin(shelf, targets, 2);
    see(shelf, "a", move->seen[0]);
    if (strcmp(move->from[0], move->from[1]) == 0)
        see_too(shelf, "b", move->seen[1]);
    else
        see(shelf, "b", move->seen[1]);
    targets[0].scope = move->to[0];
    targets[1].scope = move->to[1];
    apply(shelf, targets, 2, 50);
    assert_string_equal(shelf_rows(shelf, scopes), move->scopes);
    assert_string_equal(shelf_rows(shelf, sightings), move->sightings);
    shelf_assert_sound(shelf->path);
}

static void items_follow_their_target_to_its_new_scope(void **state)
{
    assert_moved(*state, &(struct move){ .from = { "a", "b" },
                                         .to = { "cluster", "cluster" },
                                         .seen = { "one", "two" },
                                         .scopes = "one|cluster|- two|cluster|-",
                                         .sightings = "a|one|01 b|two|01" });
}

static void a_shared_item_follows_when_all_that_see_it_go(void **state)
{
    assert_moved(*state, &(struct move){ .from = { "s", "s" },
                                         .to = { "t", "t" },
                                         .seen = { "shared", "shared" },
                                         .scopes = "shared|t|-",
                                         .sightings = "a|shared|01 b|shared|02" });
}

static void a_shared_item_stays_with_those_that_stay(void **state)
{
    assert_moved(*state, &(struct move){ .from = { "s", "s" },
                                         .to = { "s", "t" },
                                         .seen = { "shared", "shared" },
                                         .scopes = "shared|s|-",
                                         .sightings = "a|shared|" });
}

static void an_item_whose_like_is_in_the_new_scope_ends(void **state)
{
    assert_moved(*state, &(struct move){ .from = { "a", "b" },
                                         .to = { "b", "b" },
                                         .seen = { "same", "same" },
                                         .scopes = "same|a|50 same|b|-",
                                         .sightings = "b|same|01" });
}

#define ON_SHELF(test) cmocka_unit_test_setup_teardown(test, shelf_open, shelf_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SHELF(what_only_a_retired_target_saw_is_gone),
        ON_SHELF(what_another_target_sees_stays_and_is_told_anew),
        ON_SHELF(an_asset_lives_while_one_of_its_items_does),
        ON_SHELF(what_was_lost_is_gone_when_nobody_can_look_for_it),
        ON_SHELF(what_was_gone_before_keeps_its_own_time),
        ON_SHELF(what_a_retired_target_held_offered_and_warned_of_goes),
        ON_SHELF(a_target_that_comes_back_has_its_number_and_state),
        ON_SHELF(items_follow_their_target_to_its_new_scope),
        ON_SHELF(a_shared_item_follows_when_all_that_see_it_go),
        ON_SHELF(a_shared_item_stays_with_those_that_stay),
        ON_SHELF(an_item_whose_like_is_in_the_new_scope_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
