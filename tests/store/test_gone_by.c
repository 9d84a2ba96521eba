/* What a delta calls gone by a fact: found among what this target saw, whatever its keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

#include <stdio.h>
#include <string.h>

/* An object of a kind, whose moref may be NULL. */
static void add(struct test_world *world, const char *kind, const char *key, const char *moref)
{
    struct item *item = world_item(world, kind, key);

    assert_true(item_set_text(item, "id.name", key, &world->err));
    if (moref != NULL)
        assert_true(item_set_text(item, "id.moref", moref, &world->err));
    world_add(world, item);
}

/* Machines a to e with the morefs vm-1 to vm-5, on a host. */
static int64_t start(struct test_world *world)
{
    int64_t target = world_target(world, "vc01", "vc01");

    for (int i = 0; i < 5; i++)
        add(world, "vm", (char[]){ (char)('a' + i), '\0' }, arena_format(&world->arena, "vm-%d", i + 1));
    add(world, "esxi_host", "host", "host-1");
    assert_true(world_scan(world, target, COMPLETE));
    world_news(world);
    return target;
}

static bool say_gone(struct test_world *world, int64_t target, const char *kind, const char *attribute,
                     const char *value)
{
    world_add_gone_by(world, kind, attribute, value);
    return world_scan(world, target, DELTA);
}

static void it_is_found_by_its_fact(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world);

    assert_true(say_gone(world, target, "vm", "id.moref", "vm-2"));
    assert_string_equal(world_news(world), "b gone {\"why\":\"reported\"}\n");
    assert_int_equal(world->result.gone, 1);
    assert_int_equal(world_number(world, "SELECT count(*) FROM sighting"), 5);
}

static void what_matches_nothing_does_nothing(void **state)
{
    static const struct {
        const char *kind, *attribute, *value;
    } others[] = {
        { "vm", "id.moref", "vm-9" },        { "vm", "id.moref", "vm-" },         { "vm", "id.moref", "VM-1" },
        { "vm", "moref", "vm-1" },           { "esxi_host", "id.moref", "vm-1" }, { "vm", "id.moref", "host-1" },
        { "vm", "id.moref", "vm-1\",\"id" }, { "vapp", "id.moref", "vm-1" },
    };
    struct test_world *world = *state;
    int64_t target = start(world);

    assert_true(world_scan(world, target, DELTA));
    world_count_writes(world);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_true(say_gone(world, target, others[i].kind, others[i].attribute, others[i].value));
    assert_int_equal(world_writes(world), 0);
    assert_string_equal(world_news(world), "");
}

/* Facts are looked through as they are stored: no value may be taken for another, or hide one. */
static void add_motley(struct test_world *world, const char *key, const char *const values[3])
{
    static const char *const list[] = { "vm-1", "]", "\",\"id.moref\":\"vm-1", "\\" };
    struct item *item = world_item(world, "vm", key);

    assert_true(item_set_text(item, "a.text", values[0], &world->err));
    assert_true(item_set_list(item, "b.list", list, 4, &world->err));
    assert_true(item_set_int(item, "c.number", -5, &world->err));
    assert_true(item_set_text(item, "id.moref", values[1], &world->err));
    assert_true(item_set_bool(item, "j.truth", true, &world->err));
    assert_true(item_set_list(item, "k.none", NULL, 0, &world->err));
    assert_true(item_set_text(item, "z.text", values[2], &world->err));
    world_add(world, item);
}

static void values_of_any_shape_are_told_apart(void **state)
{
    static const char *const values[] = { "vm-1", "vm\\", "\"",  "a\",\"id.moref\":\"vm-1", "]}", "\xC3\xA4\n\x7F",
                                          "{[",   ",",    "\\\"" };
    enum { COUNT = sizeof values / sizeof *values };
    struct test_world *world = *state;
    int64_t target = world_target(world, "vc01", "vc01");

    add(world, "vm", "stays", NULL);
    for (size_t i = 0; i < COUNT; i++) {
        const char *const three[] = { values[(i + 1) % COUNT], values[i], values[(i + 2) % COUNT] };

        add_motley(world, arena_format(&world->arena, "%zu", i), three);
    }
    assert_true(world_scan(world, target, COMPLETE));
    world_news(world);
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(say_gone(world, target, "vm", "id.moref", values[i]));
        assert_string_equal(world_news(world), arena_format(&world->arena, "%zu gone {\"why\":\"reported\"}\n", i));
    }
}

static void only_text_can_name(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "vc01", "vc01");
    struct item *item = world_item(world, "vm", "a");
    const char *const list[] = { "x" };

    add(world, "vm", "stays", NULL);
    assert_true(item_set_int(item, "number", 5, NULL) && item_set_bool(item, "truth", true, NULL));
    assert_true(item_set_list(item, "list", list, 1, NULL));
    world_add(world, item);
    assert_true(world_scan(world, target, COMPLETE));
    world_add_gone_by(world, "vm", "number", "5");
    world_add_gone_by(world, "vm", "truth", "true");
    assert_true(say_gone(world, target, "vm", "list", "x"));
    assert_int_equal(world->result.gone, 0);
}

static void all_that_have_it_are_meant(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world);

    add(world, "vm", "f", "vm-1");
    assert_true(world_scan(world, target, DELTA));
    assert_true(say_gone(world, target, "vm", "id.moref", "vm-1"));
    assert_int_equal(world->result.gone, 2);
    assert_int_equal(world_number(world, "SELECT count(*) FROM item WHERE key IN ('a', 'f') AND gone_at IS NULL"), 0);
}

static void what_the_same_scan_sent_stays(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world);

    add(world, "vm", "b", "vm-2");
    add(world, "vm", "c", "vm-30");
    world_add_gone_by(world, "vm", "id.moref", "vm-3");
    assert_true(say_gone(world, target, "vm", "id.moref", "vm-2"));
    assert_int_equal(world->result.gone, 0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM sighting"), 6);
}

static void what_another_target_saw_is_not_meant(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world), other = world_target(world, "vc02", "vc02");

    add(world, "vm", "x", "vm-1");
    add(world, "vm", "y", "vm-2");
    assert_true(world_scan(world, other, COMPLETE));
    assert_true(say_gone(world, target, "vm", "id.moref", "vm-1"));
    assert_int_equal(world_number(world, "SELECT count(*) FROM item WHERE key = 'x' AND gone_at IS NULL"), 1);
    assert_int_equal(world_number(world, "SELECT count(*) FROM item WHERE key = 'a' AND gone_at IS NULL"), 0);
}

/* A mass of leaves, as when a vCenter drops what an account may not see any more. */
static void a_mass_waits_to_be_accepted(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "vc01", "vc01");

    for (int i = 0; i < 100; i++)
        add(world, "vm", arena_format(&world->arena, "key-%d", i), arena_format(&world->arena, "vm-%d", i));
    assert_true(world_scan(world, target, COMPLETE));
    world_news(world);
    for (int i = 0; i < 30; i++)
        world_add_gone_by(world, "vm", "id.moref", arena_format(&world->arena, "vm-%d", i));
    world_add_gone(world, "vm", "key-30");
    assert_true(world_scan(world, target, DELTA));
    assert_string_equal(world_news(world), "");
    assert_int_equal(world->result.held, 31);
    assert_non_null(strstr(world->result.held_why, "31 of its 100 items are missing"));
    assert_true(world_scan(world, target, DELTA));
    assert_int_equal(world->result.held, 31);
    for (int i = 0; i < 100; i++) { /* a complete scan sees one of them again */
        if (i == 0 || i > 30)
            add(world, "vm", arena_format(&world->arena, "key-%d", i), arena_format(&world->arena, "vm-%d", i));
    }
    assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world->result.held, 30);
    assert_true(world_accept(world, target));
    assert_int_equal(world->result.gone, 30);
}

static void the_last_of_a_kind_waits_too(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world);

    assert_true(say_gone(world, target, "esxi_host", "id.moref", "host-1"));
    assert_int_equal(world->result.gone, 0);
    assert_int_equal(world->result.held, 1);
}

static void as_many_names_as_a_scan_may_send_cost_one_pass(void **state)
{
    enum { NAMES = 100000 };
    struct test_world *world = *state;
    int64_t target = start(world);
    char kind[16], attribute[16];

    for (int i = 0; i < NAMES; i++) {
        snprintf(kind, sizeof kind, "k%d", i);
        snprintf(attribute, sizeof attribute, "a%d", i);
        world_add_gone_by(world, i % 2 == 0 ? kind : "vm", i % 2 == 0 ? "id.moref" : attribute, "vm-1");
    }
    assert_true(say_gone(world, target, "vm", "id.moref", "vm-4"));
    assert_string_equal(world_news(world), "d gone {\"why\":\"reported\"}\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_found_by_its_fact),
        TEST(what_matches_nothing_does_nothing),
        TEST(values_of_any_shape_are_told_apart),
        TEST(only_text_can_name),
        TEST(all_that_have_it_are_meant),
        TEST(what_the_same_scan_sent_stays),
        TEST(what_another_target_saw_is_not_meant),
        TEST(a_mass_waits_to_be_accepted),
        TEST(the_last_of_a_kind_waits_too),
        TEST(as_many_names_as_a_scan_may_send_cost_one_pass),
    };

    return cmocka_run_group_tests_name("gone_by", tests, NULL, NULL);
}
