/* What a scan does to the inventory: appeared, changed, gone, returned; and what it leaves alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

#include <stdio.h>
#include <string.h>

static void a_first_scan_makes_everything_appear(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "hv1", "hv1");

    world_add_vm(world, "vm-2", "db", "host-a");
    world_add_vm(world, "vm-1", "web", NULL);
    assert_true(world_scan(world, target, COMPLETE));
    assert_string_equal(world_news(world), "vm-1 appeared {}\nvm-2 appeared {}\n");
    assert_int_equal(world->result.appeared, 2);
    assert_int_equal(world->result.journal, world_number(world, "SELECT max(id) FROM journal"));
    assert_string_equal(world_text(world, "SELECT name FROM item WHERE key = 'vm-2'"), "db");
    assert_string_equal(world_text(world, "SELECT facts FROM item WHERE key = 'vm-2'"), "{\"id.name\":\"db\"}");
    assert_int_equal(world_number(world, "SELECT count(*) FROM link WHERE relation = 'runs_on' AND key = 'host-a'"), 1);
    assert_int_equal(world_number(world, "SELECT count(*) FROM sighting WHERE missed_at IS NULL AND held = 0"), 2);
    assert_int_equal(world_number(world, "SELECT count(*) FROM item WHERE asset IS NULL"), 0);
}

static void the_target_and_the_journal_tell_of_the_run(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "hv1", "hv1");

    world_add_vm(world, "vm-1", "web", NULL);
    assert_true(world_scan(world, target, COMPLETE));
    assert_string_equal(world_text(world, "SELECT result FROM target"), "complete");
    assert_int_equal(world_number(world, "SELECT started_at FROM target"), world->now - 1000);
    assert_int_equal(world_number(world, "SELECT ended_at FROM target"), world->now);
    assert_int_equal(world_number(world, "SELECT succeeded_at FROM target"), world->now - 1000);
    assert_int_equal(world_number(world, "SELECT completed_at FROM target"), world->now - 1000);
    assert_string_equal(
        world_text(world, "SELECT kind || ' ' || result || ' ' || items || ' ' || appeared FROM journal"),
        "scan complete 1 1");
}

static void an_unchanged_rescan_writes_nothing_but_the_target(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "hv1", "hv1");
    int64_t seen;

    for (int round = 0; round < 3; round++) {
        if (round == 1)
            world_count_writes(world);
        world_add_many(world, "vm", 0, 50);
        batch_add_warning(&world->batch, &(struct message_warning){ "vm", "vm-1", "no tools" });
        batch_add_offer(&world->batch, &(struct message_offer){ "sql", "db.example", "SSRP", 1433 });
        assert_true(world_scan(world, target, COMPLETE));
    }
    assert_int_equal(world_writes(world), 0);
    assert_int_equal(world->result.journal, 0);
    seen = world_number(world, "SELECT min(seen_at) FROM item_seen");
    assert_int_equal(seen, world->now - 1000);
}

static void a_changed_item_tells_what_changed_from_what_to_what(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "hv1", "hv1");
    struct item *item = world_item(world, "machine", "m");

    item_set_text(item, "id.name", "web", NULL);
    item_set_text(item, "os.build", "6.0.6001", NULL);
    item_set_int(item, "os.service_pack", 1, NULL);
    item_link(item, &(struct link){ "member_of", "cluster", "c1", NULL, NULL }, NULL);
    world_add(world, item);
    assert_true(world_scan(world, target, COMPLETE));
    world_news(world);
    item = world_item(world, "machine", "m");
    item_set_text(item, "id.name", "web", NULL);
    item_set_text(item, "os.build", "6.0.6002", NULL);
    item_set_bool(item, "hyperv.role", true, NULL);
    item_link(item, &(struct link){ "member_of", "cluster", NULL, "id.fqdn", "c2.example" }, NULL);
    world_add(world, item);
    assert_true(world_scan(world, target, COMPLETE));
    assert_string_equal(
        world_news(world),
        "m changed {\"attributes\":[{\"name\":\"hyperv.role\",\"from\":null,\"to\":true},"
        "{\"name\":\"os.build\",\"from\":\"6.0.6001\",\"to\":\"6.0.6002\"},"
        "{\"name\":\"os.service_pack\",\"from\":1,\"to\":null}],"
        "\"links\":{\"added\":[{\"relation\":\"member_of\",\"kind\":\"cluster\",\"by\":{\"id.fqdn\":\"c2.example\"}}],"
        "\"removed\":[{\"relation\":\"member_of\",\"kind\":\"cluster\",\"key\":\"c1\"}]}}\n");
    assert_int_equal(world->result.changed, 1);
    assert_int_equal(world_number(world, "SELECT count(*) FROM link"), 1);
    assert_int_equal(world_number(world, "SELECT changed_at FROM item"), world->now);
    assert_string_equal(world_text(world, "SELECT facts FROM item"),
                        "{\"hyperv.role\":true,\"id.name\":\"web\",\"os.build\":\"6.0.6002\"}");
}

/* A cluster of these nodes but one, and machines beside it. */
static bool see_cluster(struct test_world *world, int64_t target, int nodes, int without)
{
    struct item *cluster = world_item(world, "cluster", "c");
    char key[16];

    for (int i = 0; i < nodes; i++) {
        snprintf(key, sizeof key, "n%d", i);
        if (i != without)
            item_link(cluster, &(struct link){ "uses", "hyperv_host", key, NULL, NULL }, NULL);
    }
    world_add(world, cluster);
    world_add_many(world, "vm", 0, 20);
    return world_scan(world, target, COMPLETE);
}

static void only_the_changed_item_and_its_own_links_are_written(void **state)
{
    static const char written[] = "SELECT group_concat(name, ' ') FROM (SELECT name FROM written ORDER BY name)";
    struct test_world *world = *state;
    int64_t target = world_target(world, "hv1", "hv1");

    assert_true(see_cluster(world, target, 50, -1));
    world_count_writes(world);
    assert_true(see_cluster(world, target, 51, -1));
    assert_string_equal(world_text(world, written), "history item item journal link sighting");
    world_count_writes(world);
    assert_true(see_cluster(world, target, 52, 7));
    assert_string_equal(world_text(world, written), "history item item journal link link sighting");
    assert_int_equal(world_number(world, "SELECT count(*) FROM link"), 51);
    assert_int_equal(world_number(world, "SELECT count(*) FROM link WHERE key = 'n7'"), 0);
}

static void what_a_complete_scan_misses_is_gone(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "hv1", "hv1");

    world_add_many(world, "vm", 0, 5);
    assert_true(world_scan(world, target, COMPLETE));
    world_news(world);
    world_add_many(world, "vm", 0, 4);
    assert_true(world_scan(world, target, COMPLETE));
    assert_string_equal(world_news(world), "vm-4 gone {\"why\":\"missing\"}\n");
    assert_int_equal(world->result.gone, 1);
    assert_int_equal(world_number(world, "SELECT gone_at FROM item WHERE key = 'vm-4'"), world->now);
    assert_string_equal(world_text(world, "SELECT gone_why FROM item WHERE key = 'vm-4'"), "missing");
    assert_null(world_text(world, "SELECT lost_at FROM item WHERE key = 'vm-4'"));
    assert_int_equal(world_number(world, "SELECT count(*) FROM sighting"), 4);
}

static void what_was_gone_returns_with_its_number_and_asset(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "hv1", "hv1");
    int64_t asset;

    world_add_many(world, "vm", 0, 5);
    assert_true(world_scan(world, target, COMPLETE));
    asset = world_number(world, "SELECT asset FROM item WHERE key = 'vm-4'");
    world_add_many(world, "vm", 0, 4);
    assert_true(world_scan(world, target, COMPLETE));
    world_news(world);
    world_add_many(world, "vm", 0, 5);
    assert_true(world_scan(world, target, COMPLETE));
    assert_string_equal(world_news(world), "vm-4 returned {}\n");
    assert_int_equal(world->result.appeared, 1);
    assert_int_equal(world_number(world, "SELECT asset FROM item WHERE key = 'vm-4'"), asset);
    assert_int_equal(world_number(world, "SELECT count(*) FROM asset WHERE gone_at IS NOT NULL"), 0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM item WHERE gone_at IS NULL AND gone_why IS NULL"), 5);
}

static void one_that_returns_changed_tells_both(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "hv1", "hv1");

    world_add_many(world, "host", 0, 2);
    world_add_vm(world, "a", "old", NULL);
    world_add_vm(world, "b", "b", NULL);
    assert_true(world_scan(world, target, COMPLETE));
    world_add_many(world, "host", 0, 2);
    world_add_vm(world, "b", "b", NULL);
    assert_true(world_scan(world, target, COMPLETE));
    world_news(world);
    world_add_many(world, "host", 0, 2);
    world_add_vm(world, "a", "new", NULL);
    world_add_vm(world, "b", "b", NULL);
    assert_true(world_scan(world, target, COMPLETE));
    assert_string_equal(
        world_news(world),
        "a returned {}\na changed {\"attributes\":[{\"name\":\"id.name\",\"from\":\"old\",\"to\":\"new\"}],"
        "\"links\":{\"added\":[],\"removed\":[]}}\n");
}

static void the_same_key_in_another_scope_is_another_item(void **state)
{
    struct test_world *world = *state;

    world_add_vm(world, "vm-1", "web", NULL);
    assert_true(world_scan(world, world_target(world, "a", "a"), COMPLETE));
    world_add_vm(world, "vm-1", "web", NULL);
    assert_true(world_scan(world, world_target(world, "b", "b"), COMPLETE));
    assert_int_equal(world->result.appeared, 1);
    assert_int_equal(world_number(world, "SELECT count(*) FROM item"), 2);
}

static void two_targets_that_see_one_item_differently_do_not_flap(void **state)
{
    struct test_world *world = *state;
    int64_t a = world_target(world, "a", "cluster"), b = world_target(world, "b", "cluster");

    for (int round = 0; round < 3; round++) {
        if (round == 1) {
            world_count_writes(world);
            world_news(world);
        }
        world_add_vm(world, "shared", "as a calls it", NULL);
        assert_true(world_scan(world, a, COMPLETE));
        world_add_vm(world, "shared", "as b calls it", NULL);
        assert_true(world_scan(world, b, COMPLETE));
    }
    assert_int_equal(world_writes(world), 0);
    assert_string_equal(world_news(world), "");
    world_add_vm(world, "shared", "as a calls it now", NULL);
    assert_true(world_scan(world, a, COMPLETE));
    assert_string_equal(world_text(world, "SELECT name FROM item"), "as a calls it now");
}

static void an_item_is_named_by_the_best_fact_it_has(void **state)
{
    struct test_world *world = *state;
    struct item *item = world_item(world, "vm", "key");

    item_set_text(item, "id.fqdn", "id.example", NULL);
    item_set_text(item, "guest.fqdn", "guest.example", NULL);
    item_set_text(item, "id.name", "", NULL);
    world_add(world, item);
    world_add(world, world_item(world, "vm", "bare"));
    assert_true(world_scan(world, world_target(world, "a", "a"), COMPLETE));
    assert_string_equal(world_text(world, "SELECT name FROM item WHERE key = 'key'"), "guest.example");
    assert_string_equal(world_text(world, "SELECT name FROM item WHERE key = 'bare'"), "bare");
}

static void an_item_that_comes_twice_counts_once(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    for (int round = 0; round < 2; round++) {
        world_add_vm(world, "vm-1", "web", NULL);
        world_add_vm(world, "vm-1", "web", NULL);
        assert_true(world_scan(world, target, COMPLETE));
    }
    assert_int_equal(world_number(world, "SELECT count(*) FROM history WHERE what = 'appeared'"), 1);
    assert_int_equal(world->result.journal, 0);
}

static void a_run_of_a_target_that_is_not_configured_any_more_is_dropped(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    world_run(world, "UPDATE target SET configured = 0");
    world_add_vm(world, "vm-1", "web", NULL);
    assert_false(world_scan(world, target, COMPLETE));
    assert_string_equal(world->err.text, "the target 'a' is not configured any more; its run is dropped");
    assert_false(world_scan(world, 77, COMPLETE));
    assert_non_null(strstr(world->err.text, "no target of the number 77"));
    assert_int_equal(world_number(world, "SELECT count(*) FROM item"), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_first_scan_makes_everything_appear),
        TEST(the_target_and_the_journal_tell_of_the_run),
        TEST(an_unchanged_rescan_writes_nothing_but_the_target),
        TEST(a_changed_item_tells_what_changed_from_what_to_what),
        TEST(only_the_changed_item_and_its_own_links_are_written),
        TEST(what_a_complete_scan_misses_is_gone),
        TEST(what_was_gone_returns_with_its_number_and_asset),
        TEST(one_that_returns_changed_tells_both),
        TEST(the_same_key_in_another_scope_is_another_item),
        TEST(two_targets_that_see_one_item_differently_do_not_flap),
        TEST(an_item_is_named_by_the_best_fact_it_has),
        TEST(an_item_that_comes_twice_counts_once),
        TEST(a_run_of_a_target_that_is_not_configured_any_more_is_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
