#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "sql.h"
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct state_target target(const char *name)
{
    return (struct state_target){ .name = name, .plugin = "file", .scope = name, .every_ms = 60000 };
}

static void apply(struct shelf *shelf, struct state_target *targets, size_t count, int64_t now)
{
    if (!state_apply(shelf->store, targets, count, now, &shelf->err))
        fail_msg("%s", shelf->err.text);
}

static void new_targets_are_added(void **state)
{
    struct shelf *shelf = *state;
    static const char *const tags[] = { "blue", "a \"b\"" };
    struct state_target targets[] = { target("a"), target("b") };

    targets[1].tags = tags;
    targets[1].tag_count = COUNT(tags);
    targets[1].credential = "scan";
    targets[1].scope = "cluster";
    shelf_store(shelf);
    apply(shelf, targets, COUNT(targets), 1000);
    assert_int_not_equal(targets[0].id, targets[1].id);
    assert_int_equal(targets[0].schedule.attempts, 0);
    assert_string_equal(shelf_rows(shelf,
                                   "SELECT t.name, plugin, s.name, tags, configured, every_ms, credential, result"
                                   " FROM target t JOIN scope s ON s.id = t.scope ORDER BY t.name"),
                        "a|file|a|[]|1|60000|-|never b|file|cluster|[\"blue\",\"a \\\"b\\\"\"]|1|60000|scan|never");
    assert_string_equal(shelf_rows(shelf, "SELECT kind, target, started_at, ended_at, result, message FROM journal"),
                        "configuration|-|1000|1000|applied|targets: 2 added, 0 renamed, 0 changed, 0 retired");
}

static void an_unchanged_configuration_writes_nothing(void **state)
{
    struct shelf *shelf = *state;
    static const char *const tags[] = { "x" };
    struct state_target targets[] = { target("a"), target("b") };
    struct sql *sql = shelf_store(shelf);
    int64_t changes;

    targets[0].tags = tags;
    targets[0].tag_count = 1;
    targets[1].credential = "scan";
    targets[1].was = "long ago";
    apply(shelf, targets, COUNT(targets), 1000);
    changes = sqlite3_total_changes64(sql->handle);
    apply(shelf, targets, COUNT(targets), 2000);
    assert_int_equal(sqlite3_total_changes64(sql->handle), changes);
    assert_int_equal(shelf_number(shelf, "SELECT count(*) FROM journal"), 1);
}

/* Each member alone is noticed, written, and then written no more. */
static void whatever_differs_is_written(void **state)
{
    struct shelf *shelf = *state;
    static const char *const tags[] = { "x", "y" };
    struct state_target base = target("a"), changed[7];
    struct sql *sql = shelf_store(shelf);

    for (size_t i = 0; i < COUNT(changed); i++)
        changed[i] = base;
    changed[0].plugin = "sql";
    changed[1].scope = "other";
    changed[2].credential = "scan";
    changed[3].every_ms = 1;
    changed[4].tags = tags;
    changed[4].tag_count = 2;
    changed[5].max_age_ms = 5;
    apply(shelf, &base, 1, 1);
    for (size_t i = 0; i < COUNT(changed); i++) {
        int64_t changes;

        apply(shelf, &changed[i], 1, 2);
        assert_int_equal(changed[i].id, base.id);
        assert_int_equal(shelf_number(shelf, "SELECT count(*) FROM journal"), i + 2);
        changes = sqlite3_total_changes64(sql->handle);
        apply(shelf, &changed[i], 1, 3);
        assert_int_equal(sqlite3_total_changes64(sql->handle), changes);
    }
    assert_string_equal(shelf_rows(shelf, "SELECT plugin, credential, every_ms, max_age_ms, tags FROM target"),
                        "file|-|60000|-|[]");
    assert_string_equal(shelf_rows(shelf, "SELECT message FROM journal WHERE id = 2"),
                        "targets: 0 added, 0 renamed, 1 changed, 0 retired");
}

static void what_was_stored_of_the_schedule_comes_back(void **state)
{
    struct shelf *shelf = *state;
    struct state_target targets[] = { target("a"), target("b") };

    shelf_store(shelf);
    apply(shelf, targets, COUNT(targets), 1);
    shelf_run(shelf, "UPDATE target SET attempts = 3, deaths = 2, quarantined = 1, denied_alone = 1, started_at = 77,"
                     " retry_at = 88 WHERE name = 'b'");
    apply(shelf, targets, COUNT(targets), 2);
    assert_int_equal(targets[0].schedule.attempts, 0);
    assert_int_equal(targets[0].schedule.started_at, 0);
    assert_int_equal(targets[1].schedule.attempts, 3);
    assert_int_equal(targets[1].schedule.deaths, 2);
    assert_true(targets[1].schedule.quarantined);
    assert_true(targets[1].schedule.denied_alone);
    assert_int_equal(targets[1].schedule.started_at, 77);
    assert_int_equal(targets[1].schedule.retry_at, 88);
}

static void a_name_that_comes_twice_is_refused_and_nothing_changes(void **state)
{
    struct shelf *shelf = *state;
    struct state_target targets[] = { target("a"), target("b"), target("a") };

    shelf_store(shelf);
    assert_false(state_apply(shelf->store, targets, COUNT(targets), 1, &shelf->err));
    assert_int_equal(shelf->err.class, ERR_CONFIG);
    assert_non_null(strstr(shelf->err.text, "\"a\" is configured twice"));
    assert_int_equal(shelf_number(shelf, "SELECT count(*) FROM target"), 0);
}

/* -------------------------------------------------------------------------------------------------------------- was
 */

static void a_renamed_target_keeps_number_scope_and_state(void **state)
{
    struct shelf *shelf = *state;
    struct state_target before = target("old"), after = target("new");

    shelf_store(shelf);
    apply(shelf, &before, 1, 1);
    shelf_run(shelf, "UPDATE target SET attempts = 5");
    after.was = "old";
    apply(shelf, &after, 1, 2);
    assert_int_equal(after.id, before.id);
    assert_int_equal(after.schedule.attempts, 5);
    assert_string_equal(shelf_rows(shelf, "SELECT id, name FROM scope"), "1|new");
    assert_string_equal(shelf_rows(shelf, "SELECT name FROM target"), "new");
    assert_string_equal(shelf_rows(shelf, "SELECT message FROM journal WHERE id = 2"),
                        "targets: 0 added, 1 renamed, 0 changed, 0 retired");
}

static void a_scope_that_was_named_stays_with_a_rename(void **state)
{
    struct shelf *shelf = *state;
    struct state_target before = target("old"), after = target("new");

    before.scope = after.scope = "cluster";
    after.was = "old";
    shelf_store(shelf);
    apply(shelf, &before, 1, 1);
    apply(shelf, &after, 1, 2);
    assert_int_equal(after.id, before.id);
    assert_string_equal(shelf_rows(shelf, "SELECT name FROM scope"), "cluster");
}

static void a_scope_that_others_use_is_not_renamed(void **state)
{
    struct shelf *shelf = *state;
    struct state_target before[] = { target("old"), target("other") };
    struct state_target after[] = { target("new"), target("other") };

    before[1].scope = after[1].scope = "old";
    after[0].was = "old";
    shelf_store(shelf);
    apply(shelf, before, 2, 1);
    apply(shelf, after, 2, 2);
    assert_string_equal(shelf_rows(shelf, "SELECT t.name, s.name FROM target t JOIN scope s ON s.id = t.scope"
                                          " ORDER BY t.name"),
                        "new|new other|old");
}

static void was_counts_only_for_a_name_that_is_not_known_yet(void **state)
{
    struct shelf *shelf = *state;
    struct state_target before[] = { target("a"), target("b") };
    struct state_target after = target("b");

    after.was = "a";
    shelf_store(shelf);
    apply(shelf, before, 2, 1);
    apply(shelf, &after, 1, 2);
    assert_int_equal(after.id, before[1].id);
    assert_string_equal(shelf_rows(shelf, "SELECT name, configured FROM target ORDER BY id"), "a|0 b|1");
}

static void was_counts_only_for_a_former_name_that_is_not_configured(void **state)
{
    struct shelf *shelf = *state;
    struct state_target before = target("a");
    struct state_target after[] = { target("b"), target("a") };

    after[0].was = "a";
    shelf_store(shelf);
    apply(shelf, &before, 1, 1);
    apply(shelf, after, 2, 2);
    assert_int_equal(after[1].id, before.id);
    assert_int_not_equal(after[0].id, before.id);
}

static void one_former_self_is_taken_over_once(void **state)
{
    struct shelf *shelf = *state;
    struct state_target before = target("a");
    struct state_target after[] = { target("b"), target("c") };

    after[0].was = after[1].was = "a";
    shelf_store(shelf);
    apply(shelf, &before, 1, 1);
    apply(shelf, after, 2, 2);
    assert_int_equal(after[0].id, before.id);
    assert_int_not_equal(after[1].id, before.id);
}

static void numbers_are_never_used_again(void **state)
{
    struct shelf *shelf = *state;
    struct state_target a = target("a"), b = target("b");

    shelf_store(shelf);
    apply(shelf, &a, 1, 1);
    apply(shelf, &b, 1, 2);
    assert_true(b.id > a.id);
    apply(shelf, &a, 1, 3);
    assert_string_equal(shelf_rows(shelf, "SELECT name, configured FROM target ORDER BY id"), "a|1 b|0");
}

static void since_when_a_target_is_configured_is_known(void **state)
{
    struct shelf *shelf = *state;
    struct state_target a = target("a"), b = target("b"), changed = target("a");

    shelf_store(shelf);
    apply(shelf, &a, 1, 10);
    changed.every_ms = 5;
    apply(shelf, &changed, 1, 20);
    assert_int_equal(shelf_number(shelf, "SELECT configured_at FROM target WHERE name = 'a'"), 10);
    apply(shelf, &b, 1, 30);
    assert_int_equal(shelf_number(shelf, "SELECT configured_at FROM target WHERE name = 'b'"), 30);
    apply(shelf, &a, 1, 40);
    assert_int_equal(shelf_number(shelf, "SELECT configured_at FROM target WHERE name = 'a'"), 40);
}

static void ten_thousand_targets_are_stored_and_known_again(void **state)
{
    enum { MANY = 10000 };
    struct shelf *shelf = *state;
    struct state_target *targets = calloc(MANY, sizeof *targets);
    char(*names)[32] = calloc(MANY, sizeof *names);
    struct sql *sql = shelf_store(shelf);
    int64_t changes;

    for (size_t i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "fleet/host-%zu", i);
        targets[i] = target(names[i]);
    }
    apply(shelf, targets, MANY, 1);
    changes = sqlite3_total_changes64(sql->handle);
    apply(shelf, targets, MANY, 2);
    assert_int_equal(sqlite3_total_changes64(sql->handle), changes);
    assert_int_equal(targets[MANY - 1].id, MANY);
    apply(shelf, targets, 1, 3);
    assert_int_equal(shelf_number(shelf, "SELECT count(*) FROM target WHERE configured = 1"), 1);
    free(targets);
    free(names);
}

#define ON_SHELF(test) cmocka_unit_test_setup_teardown(test, shelf_open, shelf_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SHELF(new_targets_are_added),
        ON_SHELF(an_unchanged_configuration_writes_nothing),
        ON_SHELF(whatever_differs_is_written),
        ON_SHELF(what_was_stored_of_the_schedule_comes_back),
        ON_SHELF(a_name_that_comes_twice_is_refused_and_nothing_changes),
        ON_SHELF(a_renamed_target_keeps_number_scope_and_state),
        ON_SHELF(a_scope_that_was_named_stays_with_a_rename),
        ON_SHELF(a_scope_that_others_use_is_not_renamed),
        ON_SHELF(was_counts_only_for_a_name_that_is_not_known_yet),
        ON_SHELF(was_counts_only_for_a_former_name_that_is_not_configured),
        ON_SHELF(one_former_self_is_taken_over_once),
        ON_SHELF(numbers_are_never_used_again),
        ON_SHELF(since_when_a_target_is_configured_is_known),
        ON_SHELF(ten_thousand_targets_are_stored_and_known_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
