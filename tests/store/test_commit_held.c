/* Removals that wait: an account that suddenly sees nothing removes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

#include <stdio.h>
#include <string.h>

static int64_t start(struct test_world *world, size_t count)
{
    int64_t target = world_target(world, "hv1", "hv1");

    world_add_many(world, "vm", 0, count);
    world_add_many(world, "hyperv_host", 0, 1);
    assert_true(world_scan(world, target, COMPLETE));
    world_news(world);
    return target;
}

/* A scan that sees the host and these. */
static bool see(struct test_world *world, int64_t target, size_t first, size_t count)
{
    world_add_many(world, "vm", first, count);
    world_add_many(world, "hyperv_host", 0, 1);
    return world_scan(world, target, COMPLETE);
}

static int64_t living(struct test_world *world)
{
    return world_number(world, "SELECT count(*) FROM item WHERE gone_at IS NULL");
}

static int64_t held(struct test_world *world)
{
    return world_number(world, "SELECT count(*) FROM sighting WHERE held = 1");
}

static void assert_target_holds(struct test_world *world, int64_t count)
{
    assert_int_equal(held(world), count);
    assert_int_equal(world_number(world, "SELECT held_count FROM target"), count);
    assert_int_equal(world_number(world, "SELECT held_at IS NOT NULL AND held_why <> '' FROM target"), count > 0);
    assert_int_equal(world->result.held, count);
    assert_int_equal(world->result.held_why[0] != '\0', count > 0);
}

static void an_account_that_suddenly_sees_nothing_removes_nothing(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);
    int64_t seen = world->now - 1000;

    assert_true(world_scan(world, target, COMPLETE));
    assert_string_equal(world_news(world), "");
    assert_int_equal(living(world), 101);
    assert_target_holds(world, 101);
    assert_non_null(strstr(world->result.held_why, "101 of its 101 items are missing, more than the 30"));
    assert_true(world->result.journal > 0);
    assert_int_equal(world_number(world, "SELECT held FROM journal ORDER BY id DESC LIMIT 1"), 101);
    assert_int_equal(world_number(world, "SELECT max(seen_at) FROM item_seen"), seen);
}

static void the_same_loss_again_confirms_nothing(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);
    int64_t since;

    assert_true(world_scan(world, target, COMPLETE));
    since = world_number(world, "SELECT held_at FROM target");
    world_count_writes(world);
    for (int i = 0; i < 3; i++)
        assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world_writes(world), 0);
    assert_int_equal(living(world), 101);
    assert_target_holds(world, 101);
    assert_int_equal(world_number(world, "SELECT held_at FROM target"), since);
}

static void thirty_percent_may_go_and_one_more_waits(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 199);

    assert_true(see(world, target, 60, 139));
    assert_int_equal(world->result.gone, 60);
    assert_target_holds(world, 0);
    assert_true(see(world, target, 60 + 43, 139 - 43));
    assert_int_equal(world->result.gone, 0);
    assert_target_holds(world, 43);
}

static void ten_of_a_few_may_go_and_eleven_wait(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 30);

    assert_true(see(world, target, 10, 20));
    assert_int_equal(world->result.gone, 10);
    assert_true(see(world, target, 21, 9));
    assert_int_equal(world->result.gone, 0);
    assert_target_holds(world, 11);
}

static void the_last_of_a_kind_waits(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);

    world_add_many(world, "vm", 0, 100);
    assert_true(world_scan(world, target, COMPLETE));
    assert_target_holds(world, 1);
    assert_non_null(strstr(world->result.held_why, "the only item of kind hyperv_host is missing"));
}

static void new_items_do_not_make_up_for_missing_ones(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 5);

    assert_true(see(world, target, 100, 5));
    assert_target_holds(world, 5);
    assert_non_null(strstr(world->result.held_why, "all 5 items of kind vm are missing"));
    assert_int_equal(world->result.appeared, 5);
}

static void what_comes_back_does_not_wait_any_more(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);

    assert_true(world_scan(world, target, COMPLETE));
    assert_true(see(world, target, 0, 60));
    assert_target_holds(world, 40);
    assert_true(see(world, target, 0, 100));
    assert_target_holds(world, 0);
    assert_true(world->result.journal > 0);
    assert_string_equal(world_news(world), "");
    assert_int_equal(world_number(world, "SELECT count(*) FROM sighting WHERE missed_at IS NOT NULL"), 0);
}

static void what_waits_does_not_go_because_the_rest_came_back(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);

    assert_true(world_scan(world, target, COMPLETE));
    assert_true(see(world, target, 5, 95));
    assert_target_holds(world, 5);
    assert_int_equal(living(world), 101);
    assert_true(see(world, target, 5, 94));
    assert_int_equal(world->result.gone, 1);
    assert_string_equal(world_news(world), "vm-99 gone {\"why\":\"missing\"}\n");
    assert_target_holds(world, 5);
}

static void further_losses_are_judged_with_those_that_wait(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);

    assert_true(see(world, target, 31, 69));
    assert_target_holds(world, 31);
    assert_true(see(world, target, 32, 68));
    assert_target_holds(world, 32);
    assert_int_equal(living(world), 101);
}

static void a_partial_or_failed_scan_changes_nothing_of_it(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);

    assert_true(world_scan(world, target, COMPLETE));
    assert_true(world_fail(world, target, ERR_DENIED, "no"));
    assert_int_equal(held(world), 101);
    world_add_many(world, "vm", 0, 3);
    assert_true(world_scan(world, target, PARTIAL));
    assert_target_holds(world, 98);
}

static void a_delta_that_says_too_much_is_gone_waits(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);
    char key[32];

    for (size_t i = 0; i < 31; i++) {
        snprintf(key, sizeof key, "vm-%zu", i);
        world_add_gone(world, "vm", key);
    }
    assert_true(world_scan(world, target, DELTA));
    assert_target_holds(world, 31);
    world_count_writes(world);
    assert_true(world_scan(world, target, DELTA));
    assert_int_equal(world_writes(world), 0);
    assert_target_holds(world, 31);
    world_add_gone(world, "vm", "vm-50");
    assert_true(world_scan(world, target, DELTA));
    assert_target_holds(world, 32);
    assert_int_equal(living(world), 101);
}

static void accepting_lets_it_go(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);

    assert_true(see(world, target, 40, 60));
    assert_true(world_accept(world, target));
    assert_int_equal(world->result.gone, 40);
    assert_int_equal(living(world), 61);
    assert_target_holds(world, 0);
    assert_string_equal(world_text(world, "SELECT DISTINCT detail FROM history WHERE what = 'gone'"),
                        "{\"why\":\"accepted\"}");
    assert_string_equal(world_text(world, "SELECT kind || ': ' || message FROM journal ORDER BY id DESC LIMIT 1"),
                        "accept: uid 1000 let 40 removals happen");
    assert_true(see(world, target, 40, 60));
    assert_int_equal(world->result.journal, 0);
}

static void accepting_where_nothing_waits_does_nothing(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 3);

    world_count_writes(world);
    assert_true(world_accept(world, target));
    assert_int_equal(world->result.gone, 0);
    assert_int_equal(world->result.journal, 0);
    assert_int_equal(world_writes(world), 0);
}

static void what_is_accepted_waits_for_the_other_targets_of_its_scope(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);
    int64_t other = world_target(world, "hv2", "hv1");

    assert_true(see(world, target, 40, 60));
    assert_true(world_accept(world, target));
    assert_int_equal(world->result.gone, 0);
    assert_int_equal(held(world), 0);
    world_add_many(world, "vm", 0, 1);
    assert_true(world_scan(world, other, COMPLETE));
    assert_int_equal(world->result.gone, 39);
    assert_int_equal(world->result.moved, 1);
    assert_string_equal(world_text(world, "SELECT DISTINCT detail FROM history WHERE what = 'gone'"),
                        "{\"why\":\"accepted\"}");
}

static void what_another_target_of_the_scope_sees_need_not_wait(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);
    int64_t other = world_target(world, "hv2", "hv1");

    assert_true(see(world, target, 50, 50));
    assert_target_holds(world, 50);
    world_add_many(world, "vm", 0, 50);
    assert_true(world_scan(world, other, COMPLETE));
    assert_true(see(world, target, 50, 50));
    assert_int_equal(world->result.held, 0);
    assert_int_equal(held(world), 0);
    assert_int_equal(world->result.gone, 0);
    assert_int_equal(living(world), 101);
}

static void what_another_target_only_saw_long_ago_waits(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);
    int64_t other = world_target(world, "hv2", "hv1");

    world_add_many(world, "vm", 0, 100);
    assert_true(world_scan(world, other, COMPLETE));
    assert_true(world_scan(world, other, PARTIAL));
    assert_true(see(world, target, 50, 50));
    assert_int_equal(world->result.held, 50);
}

static void what_was_missed_before_it_waited_keeps_its_time(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world, 100);
    int64_t seen = world->now - 1000;

    assert_true(world_scan(world, target, PARTIAL));
    assert_true(world_scan(world, target, COMPLETE));
    assert_target_holds(world, 101);
    assert_int_equal(world_number(world, "SELECT max(missed_at) FROM sighting"), seen);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_account_that_suddenly_sees_nothing_removes_nothing),
        TEST(the_same_loss_again_confirms_nothing),
        TEST(thirty_percent_may_go_and_one_more_waits),
        TEST(ten_of_a_few_may_go_and_eleven_wait),
        TEST(the_last_of_a_kind_waits),
        TEST(new_items_do_not_make_up_for_missing_ones),
        TEST(what_comes_back_does_not_wait_any_more),
        TEST(what_waits_does_not_go_because_the_rest_came_back),
        TEST(further_losses_are_judged_with_those_that_wait),
        TEST(what_was_missed_before_it_waited_keeps_its_time),
        TEST(a_partial_or_failed_scan_changes_nothing_of_it),
        TEST(a_delta_that_says_too_much_is_gone_waits),
        TEST(accepting_lets_it_go),
        TEST(accepting_where_nothing_waits_does_nothing),
        TEST(what_is_accepted_waits_for_the_other_targets_of_its_scope),
        TEST(what_another_target_of_the_scope_sees_need_not_wait),
        TEST(what_another_target_only_saw_long_ago_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
