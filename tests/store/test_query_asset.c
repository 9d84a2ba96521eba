/* One asset in every detail, its history, and the counts, read from the stock's fleet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query.h"
#include "stock.h"

#include <string.h>

static struct stock stock;
static struct arena arena;
static struct query *query;
static struct err err;
static struct query_detail detail;
static struct query_changes changes;
static struct query_summary summary;

static int start(void **state)
{
    (void)state;
    stock_init(&stock);
    stock_fleet(&stock);
    arena_init(&arena, ARENA_PLAIN);
    err = ERR_EMPTY;
    query = query_open(stock.path, &err);
    return query == NULL;
}

static int finish(void **state)
{
    (void)state;
    query_close(query);
    arena_finish(&arena);
    stock_finish(&stock);
    return 0;
}

static void show(int64_t id)
{
    if (!query_show(query, id, STOCK_NOW, &arena, &detail, &err))
        fail_msg("%s", err.text);
}

static const struct query_fact *fact(const char *attribute)
{
    for (size_t i = 0; i < detail.fact_count; i++) {
        if (strcmp(detail.facts[i].attribute, attribute) == 0)
            return &detail.facts[i];
    }
    fail_msg("no fact %s", attribute);
    return NULL;
}

static void facts_keep_their_types(void **state)
{
    (void)state;
    show(1);
    assert_string_equal(fact("os.name")->text, "Windows Server 2016");
    assert_int_equal(fact("hardware.memory")->type, QUERY_INT);
    assert_int_equal(fact("hardware.memory")->number, INT64_C(8589934592));
    assert_int_equal(fact("vm.clustered")->type, QUERY_BOOL);
    assert_int_equal(fact("vm.clustered")->number, 0);
    assert_int_equal(fact("vm.disks")->type, QUERY_LIST);
    assert_int_equal(fact("vm.disks")->list.count, 2);
    assert_string_equal(fact("vm.disks")->list.texts[0], "[ds] a, b.vmdk");
}

static void facts_are_in_order_and_name_their_item(void **state)
{
    (void)state;
    show(1);
    assert_string_equal(detail.facts[0].attribute, "guest.fqdn");
    assert_int_equal(fact("vm.state")->item, 0);
    assert_int_equal(fact("os.name")->item, 1);
    assert_int_equal(fact("vm.state")->read_at, STOCK_NOW - 61000);
    assert_int_equal(fact("os.name")->read_at, STOCK_NOW - 864000000);
}

static void what_was_not_read_says_why_and_when_it_last_was(void **state)
{
    (void)state;
    show(1);
    assert_string_equal(fact("guest.name")->unread, "it is switched off");
    assert_int_equal(fact("guest.name")->read_at, STOCK_NOW - 70000000);
    assert_int_equal(fact("guest.fqdn")->read_at, STOCK_NOW - 70000000);
    assert_string_equal(fact("hardware.memory")->unread, "denied");
    assert_int_equal(fact("hardware.memory")->read_at, 0);
    assert_null(fact("vm.state")->unread);
    /* Of this section nothing is known at all. */
    assert_int_equal(fact("sql.")->type, QUERY_NONE);
    assert_string_equal(fact("sql.")->unread, "no rights");
    assert_int_equal(fact("sql.")->item, 1);
}

static void a_prefix_without_a_dot_is_one_attribute(void **state)
{
    (void)state;
    stock_run(&stock, "DELETE FROM unread; INSERT INTO unread VALUES (1, 'vm.s', 'x', 1), (1, 'vm.disks', 'y', 2)");
    show(1);
    assert_null(fact("vm.state")->unread);
    assert_string_equal(fact("vm.disks")->unread, "y");
}

static void the_items_say_what_joined_them(void **state)
{
    (void)state;
    show(1);
    assert_int_equal(detail.item_count, 2);
    assert_string_equal(detail.items[0].scope, "vc01");
    assert_string_equal(detail.items[0].joined, "");
    assert_string_equal(detail.items[1].joined, "id.uuid as vm guid-1 of vc01");
    assert_string_equal(detail.items[1].sources.texts[0], "inside");
}

static void assert_relation(bool outward, const char *relation, int64_t asset, const char *name)
{
    for (size_t i = 0; i < detail.relation_count; i++) {
        const struct query_relation *found = &detail.relations[i];

        if (found->outward == outward && strcmp(found->relation, relation) == 0 && found->asset == asset &&
            strcmp(found->name, name) == 0)
            return;
    }
    fail_msg("no %s %s", relation, name);
}

static void relations_are_told_both_ways_with_names(void **state)
{
    (void)state;
    show(1);
    assert_int_equal(detail.relation_count, 3);
    assert_relation(true, "runs_on", 3, "esx01.example");
    assert_relation(true, "stored_on", 0, "ds-gone");
    assert_relation(false, "part_of", 9, "web01 C:");
    show(3);
    assert_int_equal(detail.relation_count, 2);
    assert_relation(false, "runs_on", 1, "web01");
    assert_relation(false, "runs_on", 2, "db01");
    show(9);
    assert_relation(true, "part_of", 1, "web01");
    assert_relation(true, "protected_by", 0, "id.fqdn nowhere.example");
}

static void a_relation_that_two_items_tell_is_told_once(void **state)
{
    (void)state;
    stock_run(&stock, "INSERT INTO link VALUES (2, 0, 'runs_on', 'esxi_host', NULL, 'id.fqdn', 'ESX01.example');"
                      "INSERT INTO claim VALUES ('id.fqdn', 'esx01.example', 4)");
    show(1);
    assert_int_equal(detail.relation_count, 3);
    show(3);
    assert_int_equal(detail.relation_count, 2);
}

static void an_asset_that_is_gone_can_still_be_shown(void **state)
{
    (void)state;
    show(6);
    assert_int_equal(detail.asset.gone_at, STOCK_NOW - 5000000);
    assert_string_equal(detail.items[0].gone_why, "missed");
    assert_int_equal(detail.asset.sources.count, 0);
}

static void an_id_that_is_none_is_refused_in_words(void **state)
{
    (void)state;
    assert_false(query_show(query, 4711, STOCK_NOW, &arena, &detail, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    assert_non_null(strstr(err.text, "4711"));
}

static void history(int64_t asset, int64_t since, size_t limit)
{
    if (!query_history(query, asset, since, limit, &arena, &changes, &err))
        fail_msg("%s", err.text);
}

static void history_comes_newest_first(void **state)
{
    (void)state;
    history(0, 0, 0);
    assert_int_equal(changes.count, 5);
    assert_string_equal(changes.list[0].what, "gone");
    assert_string_equal(changes.list[0].name, "old");
    assert_null(changes.list[0].target);
    assert_string_equal(changes.list[1].target, "vc01");
    assert_false(changes.more);
}

static void history_takes_an_asset_a_time_and_a_limit(void **state)
{
    (void)state;
    history(1, 0, 0);
    /* With what happened to the one that has become part of it. */
    assert_int_equal(changes.count, 3);
    assert_int_equal(changes.list[1].asset, 7);
    history(1, STOCK_NOW - 2000000, 0);
    assert_int_equal(changes.count, 1);
    history(0, STOCK_NOW - 2000000, 0);
    assert_int_equal(changes.count, 3);
    history(0, 0, 2);
    assert_int_equal(changes.count, 2);
    assert_true(changes.more);
    history(0, 0, 5);
    assert_false(changes.more);
}

static void a_change_is_told_in_words(void **state)
{
    (void)state;
    history(0, 0, 0);
    assert_string_equal(changes.list[0].words, "its removal was accepted");
    assert_string_equal(changes.list[1].words, "from esx02 to esx01");
    assert_string_equal(changes.list[2].words,
                        "vm.state: running -> off; vm.clustered: none -> no; vm.disks: [\"c\"] -> [\"c\",\"d\"]; now "
                        "runs_on esxi_host host-1; no longer stored_on datastore {\"id.name\":\"ds9\"}; more 3");
    assert_string_equal(changes.list[4].words, "");
}

static void a_change_of_a_size_is_told_in_its_unit(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE history SET detail = '{\"attributes\":[{\"name\":\"hardware.memory\",\"from\":4294967296,"
                      "\"to\":8589934592},{\"name\":\"vm.cpus\",\"from\":1024,\"to\":2048},"
                      "{\"name\":\"volume.capacity\",\"from\":\"odd\",\"to\":null}]}' WHERE id = 5;"
                      "UPDATE history SET detail = '{\"why\":\"a word of a later release\"}' WHERE id = 4");
    history(0, 0, 0);
    assert_string_equal(changes.list[0].words,
                        "hardware.memory: 4GiB -> 8GiB; vm.cpus: 1024 -> 2048; volume.capacity: odd -> none");
    assert_string_equal(changes.list[1].words, "a word of a later release");
}

static void a_detail_that_is_no_json_is_left_out(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE history SET detail = '{\"a\":' WHERE id = 5; UPDATE history SET detail = '[1,\"x\"]'"
                      " WHERE id = 4");
    history(0, 0, 0);
    assert_string_equal(changes.list[0].detail, "{}");
    assert_string_equal(changes.list[0].words, "");
    assert_string_equal(changes.list[1].detail, "[1,\"x\"]");
}

static void the_summary_counts(void **state)
{
    (void)state;
    assert_true(query_summary(query, STOCK_NOW, &arena, &summary, &err));
    assert_int_equal(summary.assets, 7);
    assert_string_equal(summary.kinds[0].name, "vm");
    assert_int_equal(summary.kinds[0].assets, 4);
    assert_int_equal(summary.target_count, 3);
    assert_int_equal(summary.credential_count, 1);
    assert_string_equal(summary.credentials[0].why, "the password was refused");
}

static void the_summary_tells_each_targets_state(void **state)
{
    (void)state;
    assert_true(query_summary(query, STOCK_NOW, &arena, &summary, &err));
    assert_string_equal(summary.targets[0].name, "hv01");
    assert_string_equal(summary.targets[0].state, "held");
    assert_true(summary.targets[0].late);
    assert_int_equal(summary.targets[0].items, 0);
    assert_string_equal(summary.targets[1].name, "inside");
    assert_int_equal(summary.targets[1].held_removals, 12);
    assert_true(summary.targets[1].late);
    assert_string_equal(summary.targets[2].state, "waiting");
    assert_false(summary.targets[2].late);
    assert_int_equal(summary.targets[2].items, 6);
    assert_int_equal(summary.targets[2].tags.count, 2);
    stock_run(&stock, "UPDATE target SET max_age_ms = 60999 WHERE id = 1;"
                      "UPDATE target SET max_age_ms = 864000000 WHERE id = 3");
    assert_true(query_summary(query, STOCK_NOW, &arena, &summary, &err));
    assert_false(summary.targets[1].late);
    assert_true(summary.targets[2].late);
    stock_run(&stock, "UPDATE target SET quarantined = 1 WHERE id = 1; UPDATE target SET configured = 0 WHERE id = 3;"
                      "UPDATE target SET configured = 0 WHERE id = 2");
    assert_true(query_summary(query, STOCK_NOW, &arena, &summary, &err));
    assert_int_equal(summary.target_count, 2);
    assert_string_equal(summary.targets[0].state, "retired");
    assert_string_equal(summary.targets[1].state, "quarantined");
}

static void the_words_are_those_that_filters_take(void **state)
{
    struct query_texts kinds, targets, tags;

    (void)state;
    assert_true(query_words(query, &arena, &kinds, &targets, &tags, &err));
    assert_int_equal(kinds.count, 4);
    assert_int_equal(targets.count, 3);
    assert_int_equal(tags.count, 3);
    assert_string_equal(tags.texts[0], "eu");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(facts_keep_their_types, start, finish),
        cmocka_unit_test_setup_teardown(facts_are_in_order_and_name_their_item, start, finish),
        cmocka_unit_test_setup_teardown(what_was_not_read_says_why_and_when_it_last_was, start, finish),
        cmocka_unit_test_setup_teardown(a_prefix_without_a_dot_is_one_attribute, start, finish),
        cmocka_unit_test_setup_teardown(the_items_say_what_joined_them, start, finish),
        cmocka_unit_test_setup_teardown(relations_are_told_both_ways_with_names, start, finish),
        cmocka_unit_test_setup_teardown(a_relation_that_two_items_tell_is_told_once, start, finish),
        cmocka_unit_test_setup_teardown(an_asset_that_is_gone_can_still_be_shown, start, finish),
        cmocka_unit_test_setup_teardown(an_id_that_is_none_is_refused_in_words, start, finish),
        cmocka_unit_test_setup_teardown(history_comes_newest_first, start, finish),
        cmocka_unit_test_setup_teardown(history_takes_an_asset_a_time_and_a_limit, start, finish),
        cmocka_unit_test_setup_teardown(a_change_is_told_in_words, start, finish),
        cmocka_unit_test_setup_teardown(a_change_of_a_size_is_told_in_its_unit, start, finish),
        cmocka_unit_test_setup_teardown(a_detail_that_is_no_json_is_left_out, start, finish),
        cmocka_unit_test_setup_teardown(the_summary_counts, start, finish),
        cmocka_unit_test_setup_teardown(the_summary_tells_each_targets_state, start, finish),
        cmocka_unit_test_setup_teardown(the_words_are_those_that_filters_take, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
