/* Several targets of one scope: what moves, what is lost, and when it is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

#include <string.h>

/* Two hosts of a cluster, each with twenty machines of its own, so that one more or less is no reason to wait. */
struct cluster {
    struct test_world *world;
    int64_t a, b;
};

static bool scan(struct cluster *cluster, int64_t target, const char *host)
{
    world_add_many(cluster->world, "vm", target == cluster->a ? 0 : 100, 20);
    if (host != NULL)
        world_add_vm(cluster->world, "x", "x", host[0] == '\0' ? NULL : host);
    return world_scan(cluster->world, target, COMPLETE);
}

/* Both were scanned, and x is on the first; host "" says nothing of where it runs. */
static struct cluster start(void **state, const char *host)
{
    struct cluster cluster = { .world = *state };

    cluster.a = world_target(*state, "node-a", "cluster");
    cluster.b = world_target(*state, "node-b", "cluster");
    assert_true(scan(&cluster, cluster.a, host));
    assert_true(scan(&cluster, cluster.b, NULL));
    world_news(*state);
    return cluster;
}

static const char *lost_at(struct cluster *cluster)
{
    return world_text(cluster->world, "SELECT lost_at FROM item WHERE key = 'x'");
}

static bool is_gone(struct cluster *cluster)
{
    return world_number(cluster->world, "SELECT gone_at IS NOT NULL FROM item WHERE key = 'x'") != 0;
}

static void a_migration_seen_where_it_arrives_first_is_a_move(void **state)
{
    struct cluster cluster = start(state, "ha");

    assert_true(scan(&cluster, cluster.b, "hb"));
    assert_string_equal(world_news(*state), "x moved {\"from\":\"ha\",\"to\":\"hb\"}\n");
    assert_int_equal(cluster.world->result.moved, 1);
    assert_true(scan(&cluster, cluster.a, NULL));
    assert_string_equal(world_news(*state), "");
    assert_null(lost_at(&cluster));
    assert_int_equal(
        world_number(*state, "SELECT count(*) FROM sighting s JOIN item i ON i.id = s.item WHERE key = 'x'"), 1);
}

static void a_migration_seen_where_it_left_first_is_a_move_too(void **state)
{
    struct cluster cluster = start(state, "ha");

    assert_true(scan(&cluster, cluster.a, NULL));
    assert_string_equal(world_news(*state), "");
    assert_non_null(lost_at(&cluster));
    assert_false(is_gone(&cluster));
    assert_true(cluster.world->result.journal > 0);
    assert_true(scan(&cluster, cluster.b, "hb"));
    assert_string_equal(world_news(*state), "x moved {\"from\":\"ha\",\"to\":\"hb\"}\n");
    assert_null(lost_at(&cluster));
}

static void the_far_ends_of_a_move_are_named_as_the_scope_knows_them(void **state)
{
    struct cluster cluster = start(state, "ha");
    struct item *host = world_item(*state, "hyperv_host", "hb");

    item_set_text(host, "id.name", "NODE-B \"two\"", NULL);
    world_add(*state, host);
    assert_true(scan(&cluster, cluster.b, "hb"));
    assert_non_null(strstr(world_news(*state), "x moved {\"from\":\"ha\",\"to\":\"NODE-B \\\"two\\\"\"}\n"));
}

static void a_move_that_changes_more_is_told_as_both(void **state)
{
    struct cluster cluster = start(state, "ha");

    world_add_vm(*state, "x", "renamed", "hb");
    assert_true(world_scan(*state, cluster.b, PARTIAL));
    assert_string_equal(world_news(*state),
                        "x changed {\"attributes\":[{\"name\":\"id.name\",\"from\":\"x\",\"to\":\"renamed\"}],"
                        "\"links\":{\"added\":[],\"removed\":[]}}\nx moved {\"from\":\"ha\",\"to\":\"hb\"}\n");
}

static void one_that_does_not_say_where_it_runs_moves_between_targets(void **state)
{
    struct cluster cluster = start(state, "");

    assert_true(scan(&cluster, cluster.a, NULL));
    assert_true(scan(&cluster, cluster.b, ""));
    assert_string_equal(world_news(*state), "x moved {\"from\":\"node-a\",\"to\":\"node-b\"}\n");
    assert_true(scan(&cluster, cluster.a, ""));
    assert_string_equal(world_news(*state), "");
    assert_true(scan(&cluster, cluster.b, NULL));
    assert_string_equal(world_news(*state), "x moved {\"from\":\"node-b\",\"to\":\"node-a\"}\n");
}

static void what_two_targets_see_is_shared_and_does_not_move(void **state)
{
    struct cluster cluster = start(state, "");

    for (int round = 0; round < 2; round++) {
        assert_true(scan(&cluster, cluster.b, ""));
        assert_true(scan(&cluster, cluster.a, ""));
    }
    assert_string_equal(world_news(*state), "");
}

static void it_is_gone_when_every_other_target_was_scanned_without_it(void **state)
{
    struct cluster cluster = start(state, "ha");
    int64_t c = world_target(*state, "node-c", "cluster");

    assert_true(scan(&cluster, cluster.a, NULL));
    assert_true(scan(&cluster, cluster.a, NULL));
    assert_true(scan(&cluster, cluster.b, NULL));
    assert_false(is_gone(&cluster));
    world_add_many(*state, "vmc", 0, 3);
    assert_true(world_scan(*state, c, COMPLETE));
    assert_true(is_gone(&cluster));
    assert_non_null(strstr(world_news(*state), "x gone {\"why\":\"missing\"}\n"));
    assert_int_equal(cluster.world->result.gone, 1);
}

static void a_scan_before_the_loss_proves_nothing(void **state)
{
    struct cluster cluster = start(state, "ha");

    assert_true(scan(&cluster, cluster.b, NULL));
    assert_true(scan(&cluster, cluster.a, NULL));
    assert_false(is_gone(&cluster));
    assert_true(scan(&cluster, cluster.b, NULL));
    assert_true(is_gone(&cluster));
}

/* x leaves a after b has looked, and before a has. */
static void a_scan_that_ran_beside_the_losing_one_proves_nothing(void **state)
{
    struct cluster cluster = start(state, "ha");
    int64_t now = cluster.world->now;

    world_add_many(*state, "vm", 0, 20);
    assert_true(world_scan_at(*state, cluster.a, COMPLETE, now + 1000, now + 9000));
    world_add_many(*state, "vm", 100, 20);
    assert_true(world_scan_at(*state, cluster.b, COMPLETE, now + 2000, now + 10000));
    assert_false(is_gone(&cluster));
    assert_true(scan(&cluster, cluster.b, NULL));
    assert_true(is_gone(&cluster));
}

static void a_target_that_fails_or_sees_in_part_proves_nothing(void **state)
{
    struct cluster cluster = start(state, "ha");

    assert_true(scan(&cluster, cluster.a, NULL));
    for (int i = 0; i < 3; i++) {
        assert_true(world_fail(*state, cluster.b, ERR_UNREACHABLE, "no answer"));
        assert_true(scan(&cluster, cluster.a, NULL));
    }
    world_add_many(*state, "vm", 100, 20);
    assert_true(world_scan(*state, cluster.b, PARTIAL));
    assert_false(is_gone(&cluster));
}

static void a_target_that_is_not_configured_any_more_is_not_waited_for(void **state)
{
    struct cluster cluster = start(state, "ha");

    assert_true(scan(&cluster, cluster.a, NULL));
    world_run(*state, "UPDATE target SET configured = 0 WHERE name = 'node-b'");
    assert_true(scan(&cluster, cluster.a, NULL));
    assert_true(is_gone(&cluster));
}

static void a_target_of_another_scope_is_not_waited_for(void **state)
{
    struct cluster cluster = start(state, "ha");

    world_target(*state, "stranger", "elsewhere");
    assert_true(scan(&cluster, cluster.a, NULL));
    assert_true(scan(&cluster, cluster.b, NULL));
    assert_true(is_gone(&cluster));
}

static void a_time_in_the_future_proves_nothing(void **state)
{
    struct cluster cluster = start(state, "ha");
    int64_t now = cluster.world->now;

    world_add_many(*state, "vm", 100, 20);
    assert_true(world_scan_at(*state, cluster.b, COMPLETE, now + 86400000, now + 86401000));
    cluster.world->now = now;
    assert_true(scan(&cluster, cluster.a, NULL));
    assert_false(is_gone(&cluster));
    assert_true(scan(&cluster, cluster.a, NULL));
    assert_false(is_gone(&cluster));
    assert_true(scan(&cluster, cluster.b, NULL));
    assert_true(is_gone(&cluster));
}

static void a_delta_without_it_proves_as_much(void **state)
{
    struct cluster cluster = start(state, "ha");

    assert_true(scan(&cluster, cluster.a, NULL));
    assert_true(world_scan(*state, cluster.b, DELTA));
    assert_true(is_gone(&cluster));
}

static void one_that_left_and_came_back_unseen_is_where_it_was_last_seen(void **state)
{
    struct cluster cluster = start(state, "ha");

    assert_true(scan(&cluster, cluster.b, "hb"));
    assert_true(scan(&cluster, cluster.a, "ha"));
    assert_true(scan(&cluster, cluster.b, NULL));
    world_news(*state);
    assert_true(scan(&cluster, cluster.a, "ha"));
    assert_string_equal(world_news(*state), "x moved {\"from\":\"hb\",\"to\":\"ha\"}\n");
    assert_string_equal(world_text(*state, "SELECT key FROM link"), "ha");
    world_count_writes(*state);
    assert_true(scan(&cluster, cluster.a, "ha"));
    assert_int_equal(world_writes(*state), 0);
}

static void one_that_is_lost_is_found_again_without_a_word(void **state)
{
    struct cluster cluster = start(state, "");

    assert_true(scan(&cluster, cluster.a, NULL));
    assert_true(scan(&cluster, cluster.a, ""));
    assert_string_equal(world_news(*state), "");
    assert_null(lost_at(&cluster));
    assert_true(scan(&cluster, cluster.b, NULL));
    assert_false(is_gone(&cluster));
}

static void what_others_have_not_seen_lately_either_has_not_moved_to_them(void **state)
{
    struct cluster cluster = start(state, "");

    assert_true(scan(&cluster, cluster.b, ""));
    world_add_many(*state, "vm", 100, 20);
    assert_true(world_scan(*state, cluster.b, PARTIAL));
    assert_true(scan(&cluster, cluster.a, NULL));
    assert_string_equal(world_news(*state), "");
    assert_false(is_gone(&cluster));
}

static void what_several_others_still_see_has_not_moved(void **state)
{
    struct cluster cluster = start(state, "");

    assert_true(scan(&cluster, cluster.b, ""));
    world_add_vm(*state, "x", "x", NULL);
    assert_true(world_scan(*state, world_target(*state, "node-c", "cluster"), COMPLETE));
    assert_true(scan(&cluster, cluster.a, NULL));
    assert_string_equal(world_news(*state), "");
}

static void what_was_retired_returns_and_has_not_moved(void **state)
{
    struct cluster cluster = start(state, "");

    assert_true(scan(&cluster, cluster.a, NULL));
    world_run(*state, "UPDATE item SET gone_at = 1, gone_why = 'retired' WHERE key = 'x'");
    assert_true(scan(&cluster, cluster.b, ""));
    assert_string_equal(world_news(*state), "x returned {}\n");
    assert_null(lost_at(&cluster));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_migration_seen_where_it_arrives_first_is_a_move),
        TEST(a_migration_seen_where_it_left_first_is_a_move_too),
        TEST(the_far_ends_of_a_move_are_named_as_the_scope_knows_them),
        TEST(a_move_that_changes_more_is_told_as_both),
        TEST(one_that_does_not_say_where_it_runs_moves_between_targets),
        TEST(what_two_targets_see_is_shared_and_does_not_move),
        TEST(what_others_have_not_seen_lately_either_has_not_moved_to_them),
        TEST(what_several_others_still_see_has_not_moved),
        TEST(it_is_gone_when_every_other_target_was_scanned_without_it),
        TEST(a_scan_before_the_loss_proves_nothing),
        TEST(a_scan_that_ran_beside_the_losing_one_proves_nothing),
        TEST(a_target_that_fails_or_sees_in_part_proves_nothing),
        TEST(a_target_that_is_not_configured_any_more_is_not_waited_for),
        TEST(a_target_of_another_scope_is_not_waited_for),
        TEST(a_time_in_the_future_proves_nothing),
        TEST(a_delta_without_it_proves_as_much),
        TEST(one_that_left_and_came_back_unseen_is_where_it_was_last_seen),
        TEST(one_that_is_lost_is_found_again_without_a_word),
        TEST(what_was_retired_returns_and_has_not_moved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
