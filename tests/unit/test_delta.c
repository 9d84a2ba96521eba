#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "delta.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct delta_before before;
static int64_t read_at[8];
static struct item after;
static struct delta delta;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    item_init(&before.item, &arena, "vm", "k");
    item_init(&after, &arena, "vm", "k");
    before.read_at = read_at;
    before.seen_at = 1000;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static void make(void)
{
    item_sort(&before.item);
    item_sort(&after);
    delta_make(&delta, &before, &after, &arena);
}

static void set(struct item *item, const char *name, const char *text)
{
    assert_true(item_set_text(item, name, text, NULL));
}

static void unread(struct item *item, const char *prefix)
{
    assert_true(item_unread(item, prefix, "why", NULL));
}

static void join(struct item *item, const char *relation, const char *key)
{
    assert_true(item_link(item, &(struct link){ relation, "host", key, NULL, NULL }, NULL));
}

static void the_same_again_is_no_change(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct item *item = i == 0 ? &before.item : &after;

        set(item, "a", "1");
        item_set_int(item, "b", 1, NULL);
        item_set_bool(item, "c", false, NULL);
        item_set_list(item, "d", (const char *const[]){ "x", "y" }, 2, NULL);
        join(item, "runs_on", "h");
    }
    make();
    assert_false(delta_is_change(&delta));
    assert_int_equal(delta.attribute_count + delta.added_count + delta.removed_count, 0);
    assert_false(delta.identity_changed);
    assert_false(delta.unread_differs);
    assert_null(delta.moved_to);
}

static void each_change_of_an_attribute_is_listed_by_name(void **state)
{
    (void)state;
    set(&before.item, "z", "old");
    set(&before.item, "m", "gone");
    set(&before.item, "k", "kept");
    set(&after, "k", "kept");
    set(&after, "z", "new");
    set(&after, "a", "come");
    make();
    assert_int_equal(delta.attribute_count, 3);
    assert_string_equal(delta.attributes[0].name, "a");
    assert_null(delta.attributes[0].from);
    assert_string_equal(delta.attributes[0].to->text, "come");
    assert_string_equal(delta.attributes[1].name, "m");
    assert_string_equal(delta.attributes[1].from->text, "gone");
    assert_null(delta.attributes[1].to);
    assert_string_equal(delta.attributes[2].from->text, "old");
    assert_string_equal(delta.attributes[2].to->text, "new");
    assert_true(delta_is_change(&delta));
}

static void another_type_is_another_value(void **state)
{
    static const char *const list[] = { "1" }, *const longer[] = { "1", "1" }, *const other[] = { "2" };
    const struct value values[] = {
        { .type = VALUE_TEXT, .text = "1" },          { .type = VALUE_TEXT, .text = "" },
        { .type = VALUE_INT, .number = 1 },           { .type = VALUE_INT, .number = 0 },
        { .type = VALUE_BOOL, .truth = true },        { .type = VALUE_BOOL, .truth = false },
        { .type = VALUE_LIST, .list = { list, 1 } },  { .type = VALUE_LIST, .list = { longer, 2 } },
        { .type = VALUE_LIST, .list = { other, 1 } }, { .type = VALUE_LIST, .list = { NULL, 0 } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        for (size_t j = 0; j < sizeof values / sizeof *values; j++) {
            assert_true(item_set(&before.item, "a", &values[i], NULL));
            assert_true(item_set(&after, "a", &values[j], NULL));
            make();
            assert_int_equal(delta.attribute_count, i != j);
        }
    }
}

static void what_is_unread_stays_and_is_no_change(void **state)
{
    (void)state;
    set(&before.item, "guest.build", "6.0");
    set(&before.item, "guest", "not under guest.");
    set(&before.item, "guests.count", "not either");
    set(&before.item, "os.build", "exactly this");
    set(&before.item, "os.build.more", "not this");
    unread(&after, "guest.");
    unread(&after, "os.build");
    make();
    assert_string_equal(item_text(&delta.merged, "guest.build"), "6.0");
    assert_string_equal(item_text(&delta.merged, "os.build"), "exactly this");
    assert_int_equal(delta.merged.attribute_count, 2);
    assert_int_equal(delta.attribute_count, 3);
    assert_string_equal(delta.attributes[0].name, "guest");
    assert_string_equal(delta.attributes[1].name, "guests.count");
    assert_string_equal(delta.attributes[2].name, "os.build.more");
}

static void what_was_read_all_the_same_counts(void **state)
{
    (void)state;
    set(&before.item, "guest.build", "6.0");
    set(&after, "guest.build", "6.1");
    unread(&after, "guest.");
    make();
    assert_string_equal(item_text(&delta.merged, "guest.build"), "6.1");
    assert_int_equal(delta.attribute_count, 1);
}

static void a_section_was_last_read_when_the_item_was_last_seen_with_it(void **state)
{
    (void)state;
    unread(&after, "guest.");
    make();
    assert_int_equal(delta.read_at[0], 1000);
    assert_true(delta.unread_differs);
    assert_false(delta_is_change(&delta));
}

static void a_section_that_was_unread_before_keeps_its_time(void **state)
{
    (void)state;
    unread(&before.item, "guest.");
    unread(&before.item, "os.");
    read_at[0] = 500;
    read_at[1] = DELTA_NEVER;
    unread(&after, "guest.");
    unread(&after, "os.");
    make();
    assert_int_equal(delta.read_at[0], 500);
    assert_int_equal(delta.read_at[1], DELTA_NEVER);
    assert_false(delta.unread_differs);
    before.seen_at = 2000;
    make();
    assert_false(delta.unread_differs);
}

static void a_part_of_an_unread_section_has_its_time(void **state)
{
    (void)state;
    unread(&before.item, "guest.");
    read_at[0] = 500;
    unread(&after, "guest.os.");
    make();
    assert_int_equal(delta.read_at[0], 500);
    assert_true(delta.unread_differs);
}

static void a_section_is_as_old_as_its_oldest_part(void **state)
{
    (void)state;
    unread(&before.item, "guest.name");
    unread(&before.item, "guest.os.");
    read_at[0] = 300;
    read_at[1] = 700;
    unread(&after, "guest.");
    make();
    assert_int_equal(delta.read_at[0], 300);
}

static void a_new_item_changes_nothing_and_has_read_nothing(void **state)
{
    (void)state;
    set(&after, "id.name", "x");
    unread(&after, "guest.");
    item_sort(&after);
    delta_make(&delta, NULL, &after, &arena);
    assert_false(delta_is_change(&delta));
    assert_int_equal(delta.read_at[0], DELTA_NEVER);
    assert_int_equal(delta.merged.attribute_count, 1);
}

static void links_are_compared_as_a_set(void **state)
{
    (void)state;
    join(&before.item, "uses", "b");
    join(&before.item, "uses", "a");
    join(&before.item, "uses", "c");
    join(&after, "uses", "c");
    join(&after, "uses", "d");
    join(&after, "uses", "b");
    make();
    assert_int_equal(delta.added_count, 1);
    assert_string_equal(delta.added[0].link->key, "d");
    assert_int_equal(delta.removed_count, 1);
    assert_string_equal(delta.removed[0].link->key, "a");
    assert_true(delta.removed[0].link >= before.item.links && delta.removed[0].link < before.item.links + 3);
    assert_null(delta.moved_to);
}

static void another_host_is_a_move_and_no_change_beside_it(void **state)
{
    (void)state;
    join(&before.item, "runs_on", "a");
    join(&before.item, "stored_on", "s");
    join(&after, "runs_on", "b");
    join(&after, "stored_on", "s");
    make();
    assert_string_equal(delta.moved_from->key, "a");
    assert_string_equal(delta.moved_to->key, "b");
    assert_true(delta_is_move(&delta, delta.added[0].link));
    assert_true(delta_is_move(&delta, delta.removed[0].link));
    assert_false(delta_is_change(&delta));
    assert_false(delta_is_move(&delta, NULL));
}

static void a_host_that_was_not_known_is_a_change_and_no_move(void **state)
{
    (void)state;
    join(&after, "runs_on", "b");
    make();
    assert_null(delta.moved_to);
    assert_true(delta_is_change(&delta));
}

static void several_hosts_at_once_are_a_change_and_no_move(void **state)
{
    (void)state;
    join(&before.item, "runs_on", "a");
    join(&after, "runs_on", "b");
    join(&after, "runs_on", "c");
    make();
    assert_null(delta.moved_to);
    assert_true(delta_is_change(&delta));
}

static void what_tells_who_it_is_is_marked(void **state)
{
    static const struct {
        const char *name;
        bool identity;
    } names[] = {
        { "id.uuid", true },      { "id.name", true },   { "guest.fqdn", true }, { "id.fqdn", true },
        { "guest.build", false }, { "identity", false }, { "os.build", false },  { "id.addresses", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        item_init(&after, &arena, "vm", "k");
        set(&after, names[i].name, "x");
        make();
        assert_int_equal(delta.identity_changed, names[i].identity);
    }
}

static void a_declared_sameness_tells_who_it_is_too(void **state)
{
    (void)state;
    join(&after, "uses", "m");
    make();
    assert_false(delta.identity_changed);
    join(&after, "same_as", "m");
    make();
    assert_true(delta.identity_changed);
}

/* A source that renames what it says is unread must not grow an item without end. */
static void what_is_kept_stops_at_the_limits_and_the_rest_is_told(void **state)
{
    char name[32];

    (void)state;
    for (int i = 0; i < ITEM_MAX_ATTRIBUTES; i++) {
        snprintf(name, sizeof name, "guest.old%03d", i);
        set(&before.item, name, "x");
    }
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "guest.new%03d", i);
        set(&after, name, "x");
    }
    unread(&after, "guest.");
    make();
    assert_int_equal(delta.merged.attribute_count, ITEM_MAX_ATTRIBUTES);
    assert_int_equal(delta.attribute_count, 4);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_again_is_no_change),
        TEST(each_change_of_an_attribute_is_listed_by_name),
        TEST(another_type_is_another_value),
        TEST(what_is_unread_stays_and_is_no_change),
        TEST(what_was_read_all_the_same_counts),
        TEST(a_section_was_last_read_when_the_item_was_last_seen_with_it),
        TEST(a_section_that_was_unread_before_keeps_its_time),
        TEST(a_part_of_an_unread_section_has_its_time),
        TEST(a_section_is_as_old_as_its_oldest_part),
        TEST(a_new_item_changes_nothing_and_has_read_nothing),
        TEST(links_are_compared_as_a_set),
        TEST(another_host_is_a_move_and_no_change_beside_it),
        TEST(a_host_that_was_not_known_is_a_change_and_no_move),
        TEST(several_hosts_at_once_are_a_change_and_no_move),
        TEST(what_tells_who_it_is_is_marked),
        TEST(a_declared_sameness_tells_who_it_is_too),
        TEST(what_is_kept_stops_at_the_limits_and_the_rest_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
