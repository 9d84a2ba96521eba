#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "census.h"

#include <stdio.h>

#define U1 "45185add-557c-5a15-a37e-accf3d4a2513"
#define U1_SWAPPED "dd5a1845-7c55-155a-a37e-accf3d4a2513"
#define U2 "22222222-557c-5a15-a37e-accf3d4a2512"
#define WEB "web01.example"
#define SQL "sql01.example"
#define JOINED "SELECT joined FROM item WHERE id = ?1"
#define LAST "SELECT what || ' ' || asset || ' ' || detail FROM history WHERE item = ?1 ORDER BY id DESC LIMIT 1"

static struct fleet fleet;

static int open_fleet(void **state)
{
    (void)state;
    fleet_open(&fleet);
    return 0;
}

static int close_fleet(void **state)
{
    (void)state;
    fleet_close(&fleet);
    return 0;
}

static bool one(int64_t a, int64_t b)
{
    return fleet_asset(&fleet, a) == fleet_asset(&fleet, b);
}

static int64_t add(const char *scope, const char *kind, const char *key, const char *uuid, const char *fqdn)
{
    return fleet_computer(&fleet, scope, kind, key, uuid, fqdn, NULL);
}

static int64_t count(const char *query)
{
    return fleet_number(&fleet, query, 0, 0);
}

static void each_item_gets_an_asset(void **state)
{
    int64_t machine = add("win", "machine", "m", U1, WEB), disk = fleet_add(&fleet, "vc", "datastore", "d", "{}");

    (void)state;
    fleet_update(&fleet);
    assert_true(fleet_asset(&fleet, machine) > 0);
    assert_false(one(machine, disk));
    assert_int_equal(count("SELECT count(*) FROM asset"), 2);
    assert_string_equal(fleet_text(&fleet, JOINED, machine), "");
    assert_int_equal(count("SELECT count(*) FROM history"), 0);
}

static void two_sources_see_one_thing_in_either_order(void **state)
{
    int64_t machine = add("win", "machine", "m", U1, WEB), vm;

    (void)state;
    fleet_update(&fleet);
    vm = add("hv", "vm", "v", U1_SWAPPED, NULL);
    fleet_update(&fleet);
    assert_true(one(machine, vm));
    assert_true(fleet_says(&fleet, JOINED, vm, "one with machine m of win by the same UUID " U1));
    assert_true(fleet_says(&fleet, JOINED, machine, "one with vm v of hv by the same UUID " U1));
    assert_true(fleet_says(&fleet, LAST, vm, "joined 1 {\"asset\":null,\"why\":\"one with machine m of win"));
    assert_int_equal(count("SELECT count(*) FROM asset"), 1);
}

static void a_merge_keeps_the_older_number(void **state)
{
    int64_t machine = add("win", "machine", "m", U1, WEB), vm = add("hv", "vm", "v", U2, NULL), late;

    (void)state;
    fleet_update(&fleet);
    late = fleet_asset(&fleet, vm);
    fleet_change(&fleet, vm, "{\"id.uuid\":\"" U1 "\"}");
    fleet_update(&fleet);
    assert_int_equal(fleet_asset(&fleet, vm), fleet_asset(&fleet, machine));
    assert_int_equal(fleet_asset(&fleet, machine), 1);
    assert_int_equal(fleet_number(&fleet, "SELECT merged_into FROM asset WHERE id = ?1", late, 0), 1);
    assert_true(fleet_says(&fleet, LAST, vm, "joined 1 {\"asset\":2,"));
}

static void a_split_gives_a_number_that_none_has_had(void **state)
{
    int64_t machine = add("win", "machine", "m", U1, WEB), vm = add("hv", "vm", "v", U1, NULL);

    (void)state;
    fleet_update(&fleet);
    fleet_change(&fleet, vm, "{\"id.uuid\":\"" U2 "\"}");
    fleet_update(&fleet);
    assert_int_equal(fleet_asset(&fleet, machine), 1);
    assert_int_equal(fleet_asset(&fleet, vm), 2);
    assert_int_equal(count("SELECT count(*) FROM history WHERE what = 'parted' AND asset = 1"), 1);
    assert_true(fleet_says(&fleet, LAST, vm, "joined 2 {\"asset\":1,"));
    fleet_change(&fleet, vm, "{\"id.uuid\":\"" U1 "\"}");
    fleet_update(&fleet);
    fleet_change(&fleet, vm, "{\"id.uuid\":\"" U2 "\"}");
    fleet_update(&fleet);
    assert_int_equal(fleet_asset(&fleet, vm), 3);
}

static void what_is_gone_comes_back_into_its_asset(void **state)
{
    int64_t vm = add("hv", "vm", "v", U1, NULL);

    (void)state;
    fleet_update(&fleet);
    fleet_lose(&fleet, vm);
    fleet_update(&fleet);
    assert_int_equal(count("SELECT gone_at FROM asset"), fleet.now);
    assert_int_equal(count("SELECT count(*) FROM claim WHERE fact <> 'gone'"), 0);
    fleet_return(&fleet, vm);
    fleet_update(&fleet);
    assert_int_equal(fleet_asset(&fleet, vm), 1);
    assert_int_equal(count("SELECT count(*) FROM asset WHERE gone_at IS NULL"), 1);
    assert_int_equal(count("SELECT count(*) FROM claim WHERE fact = 'gone'"), 0);
}

static void who_comes_back_leaves_the_number_to_those_who_stayed(void **state)
{
    int64_t vm = add("hv", "vm", "v", U1, NULL), machine = add("win", "machine", "m", U1, WEB);

    (void)state;
    fleet_update(&fleet);
    fleet_lose(&fleet, vm);
    fleet_update(&fleet);
    assert_int_equal(count("SELECT count(*) FROM asset WHERE gone_at IS NOT NULL"), 0);
    fleet_return(&fleet, vm);
    fleet_change(&fleet, vm, "{\"id.uuid\":\"" U2 "\"}");
    fleet_update(&fleet);
    assert_int_equal(fleet_asset(&fleet, machine), 1);
    assert_int_equal(fleet_asset(&fleet, vm), 2);
}

static void a_vm_that_moves_between_sources_keeps_its_number(void **state)
{
    int64_t vm = add("hv01", "vm", "v", U1, WEB), moved, clone;

    (void)state;
    fleet_update(&fleet);
    fleet_lose(&fleet, vm);
    fleet_update(&fleet);
    moved = add("hv02", "vm", "v", U1, NULL);
    fleet_update(&fleet);
    assert_int_equal(fleet_asset(&fleet, moved), 1);
    assert_int_equal(count("SELECT count(*) FROM asset WHERE gone_at IS NULL"), 1);
    /* A second one has no claim to it, and one with another name neither. */
    clone = add("hv03", "vm", "v", U1, SQL);
    fleet_update(&fleet);
    assert_true(one(clone, moved));
    fleet_lose(&fleet, moved);
    fleet_lose(&fleet, clone);
    fleet_update(&fleet);
    clone = add("hv04", "vm", "v", U1, "other.example");
    fleet_update(&fleet);
    assert_int_not_equal(fleet_asset(&fleet, clone), 1);
}

static void nothing_continues_an_asset_in_which_others_live(void **state)
{
    int64_t vm = add("hv01", "vm", "v", U1, NULL), machine = add("win", "machine", "m", U1, NULL), next;

    (void)state;
    fleet_update(&fleet);
    fleet_lose(&fleet, vm);
    fleet_change(&fleet, machine, "{\"id.uuid\":\"" U2 "\"}");
    fleet_update(&fleet);
    next = add("hv02", "vm", "v", U1, NULL);
    fleet_update(&fleet);
    assert_int_equal(fleet_asset(&fleet, machine), 1);
    assert_false(one(next, machine));
}

static void of_two_that_could_continue_an_asset_neither_does(void **state)
{
    int64_t vm = add("hv01", "vm", "v", U1, NULL), next, rival;

    (void)state;
    fleet_update(&fleet);
    fleet_lose(&fleet, vm);
    fleet_update(&fleet);
    next = add("hv02", "vm", "v", U1, NULL);
    rival = add("hv02", "vm", "w", U1, NULL);
    fleet_update(&fleet);
    assert_false(one(next, vm));
    assert_false(one(rival, vm));
}

static void a_new_item_of_the_same_source_does_not_continue_another(void **state)
{
    int64_t vm = add("hv", "vm", "v", U1, WEB), next;

    (void)state;
    fleet_update(&fleet);
    fleet_lose(&fleet, vm);
    fleet_update(&fleet);
    next = add("hv", "vm", "w", U1, WEB);
    fleet_update(&fleet);
    assert_false(one(vm, next));
}

static void a_clone_parts_what_its_uuid_had_joined(void **state)
{
    int64_t machine = add("win", "machine", "m", U1, NULL), vm = add("hv", "vm", "v", U1, NULL), clone;

    (void)state;
    fleet_update(&fleet);
    assert_true(one(machine, vm));
    clone = add("hv", "vm", "w", U1, NULL);
    fleet_update(&fleet);
    assert_false(one(machine, vm));
    assert_false(one(vm, clone));
    assert_int_equal(fleet_asset(&fleet, machine), 1);
    fleet_lose(&fleet, clone);
    fleet_update(&fleet);
    assert_true(one(machine, vm));
    assert_int_equal(fleet_asset(&fleet, machine), 1);
}

static void a_rename_that_one_side_learns_first_parts_nothing(void **state)
{
    int64_t machine = add("win", "machine", "m", U1, WEB), vm = add("hv", "vm", "v", U1, WEB);
    int rounds = 0;

    (void)state;
    fleet_update(&fleet);
    for (const char *const *name = (const char *const[]){ "a.example", "b.example", NULL }; *name != NULL; name++) {
        char facts[256];

        snprintf(facts, sizeof facts, "{\"id.uuid\":\"%s\",\"id.fqdn\":\"%s\"}", U1, *name);
        fleet_change(&fleet, machine, facts);
        fleet_update(&fleet);
        assert_true(one(machine, vm));
        rounds++;
    }
    assert_int_equal(count("SELECT count(*) FROM claim WHERE fact = 'former'"), rounds);
    fleet_change(&fleet, vm, "{\"id.uuid\":\"" U1 "\",\"guest.fqdn\":\"b.example\"}");
    fleet_update(&fleet);
    assert_true(one(machine, vm));
    assert_int_equal(count("SELECT count(*) FROM claim WHERE fact = 'former'"), 0);
    assert_int_equal(count("SELECT count(*) FROM history WHERE what = 'parted'"), 0);
}

static void one_who_changes_its_name_all_the_time_remembers_a_few(void **state)
{
    int64_t machine = add("win", "machine", "m", U1, WEB), vm = add("hv", "vm", "v", U1, WEB);

    (void)state;
    (void)vm;
    for (int i = 0; i < 40; i++) {
        char facts[256];

        fleet_update(&fleet);
        snprintf(facts, sizeof facts, "{\"id.uuid\":\"%s\",\"id.fqdn\":\"n%d.example\"}", U1, i);
        fleet_change(&fleet, machine, facts);
    }
    fleet_update(&fleet);
    assert_true(count("SELECT count(*) FROM claim WHERE fact = 'former'") <= 9);
}

static void relations_by_key_and_by_fact_resolve_in_either_order(void **state)
{
    int64_t database = fleet_add(&fleet, "sql", "sql_instance", "i", "{}"), vm, host, guest;

    (void)state;
    fleet_link(&fleet, database, "hosted_on", "vm", "guest.fqdn", "SQL01.Example");
    fleet_update(&fleet);
    assert_int_equal(count("SELECT count(*) FROM relation"), 0);
    vm = add("vc", "vm", "v", U1, SQL);
    fleet_link(&fleet, vm, "runs_on", "esxi_host", NULL, "h");
    fleet_update(&fleet);
    assert_int_equal(fleet_number(&fleet, "SELECT far FROM relation WHERE item = ?1", database, 0), vm);
    assert_int_equal(count("SELECT count(*) FROM relation"), 1);
    host = add("vc", "esxi_host", "h", NULL, NULL);
    guest = add("other", "esxi_host", "h", NULL, NULL);
    fleet_update(&fleet);
    assert_int_equal(fleet_number(&fleet, "SELECT far FROM relation WHERE item = ?1", vm, 0), host);
    assert_int_equal(fleet_number(&fleet, "SELECT count(*) FROM relation WHERE far = ?1", guest, 0), 0);
    fleet_lose(&fleet, vm);
    fleet_update(&fleet);
    assert_int_equal(count("SELECT count(*) FROM relation"), 0);
}

static void a_fact_that_changed_is_claimed_no_more(void **state)
{
    int64_t vm = add("vc", "vm", "v", U1, SQL);

    (void)state;
    fleet_update(&fleet);
    assert_int_equal(count("SELECT count(*) FROM claim WHERE fact = 'guest.fqdn' AND value = 'sql01.example'"), 1);
    fleet_change(&fleet, vm, "{\"id.uuid\":\"" U1 "\",\"id.netbios\":\"SQL01\"}");
    fleet_update(&fleet);
    assert_int_equal(count("SELECT count(*) FROM claim WHERE fact = 'guest.fqdn'"), 0);
    assert_int_equal(count("SELECT count(*) FROM claim WHERE fact = 'id.netbios' AND value = 'sql01'"), 1);
}

static void a_declaration_by_key_joins_whoever_arrives_last(void **state)
{
    int64_t machine = add("a", "machine", "m", NULL, NULL), host, away;

    (void)state;
    fleet_link(&fleet, machine, "same_as", "hyperv_host", NULL, "h");
    fleet_update(&fleet);
    host = add("a", "hyperv_host", "h", NULL, NULL);
    away = add("b", "hyperv_host", "h", NULL, NULL);
    fleet_update(&fleet);
    assert_true(one(machine, host));
    assert_false(one(machine, away));
    assert_true(
        fleet_says(&fleet, "SELECT kind FROM asset WHERE id = ?1", fleet_asset(&fleet, machine), "hyperv_host"));
    fleet_lose(&fleet, host);
    fleet_update(&fleet);
    assert_string_equal(fleet_text(&fleet, "SELECT kind FROM asset WHERE id = ?1", fleet_asset(&fleet, machine)),
                        "machine");
}

static void a_declaration_by_fact_joins_over_sources(void **state)
{
    int64_t machine = add("a", "machine", "m", NULL, SQL), host = add("b", "hyperv_host", "h", U1, NULL), second;

    (void)state;
    fleet_link(&fleet, host, "same_as", "machine", "id.fqdn", SQL);
    fleet_update(&fleet);
    assert_true(one(machine, host));
    second = add("a", "machine", "n", NULL, SQL); /* now it is not sure which one is meant */
    fleet_update(&fleet);
    assert_false(one(machine, host));
    fleet_lose(&fleet, second);
    fleet_update(&fleet);
    assert_true(one(machine, host));
}

static void a_declaration_by_a_weak_fact_holds_while_one_item_is_meant(void **state)
{
    int64_t machine = fleet_add(&fleet, "a", "machine", "m", "{\"id.netbios\":\"HV01\"}");
    int64_t host = fleet_add(&fleet, "b", "hyperv_host", "h", "{}"), second;

    (void)state;
    fleet_link(&fleet, host, "same_as", "machine", "id.netbios", "hv01");
    fleet_update(&fleet);
    assert_true(one(machine, host));
    second = fleet_add(&fleet, "a", "machine", "n", "{\"id.netbios\":\"HV01\"}");
    fleet_update(&fleet);
    assert_false(one(machine, host));
    fleet_change(&fleet, second, "{\"id.netbios\":\"HV02\"}");
    fleet_update(&fleet);
    assert_true(one(machine, host));
}

static void a_declaration_that_is_taken_back_joins_no_more(void **state)
{
    int64_t machine = add("a", "machine", "m", NULL, NULL), host = add("a", "hyperv_host", "h", NULL, NULL);
    int64_t rival = add("a", "machine", "r", NULL, NULL);

    (void)state;
    fleet_link(&fleet, machine, "same_as", "hyperv_host", NULL, "h");
    fleet_link(&fleet, rival, "same_as", "hyperv_host", NULL, "h");
    fleet_update(&fleet);
    assert_false(one(machine, host));
    assert_int_equal(sqlite3_exec(fleet.sql.handle, "DELETE FROM link WHERE item = 3", NULL, NULL, NULL), SQLITE_OK);
    fleet_change(&fleet, rival, "{}");
    fleet_update(&fleet);
    assert_true(one(machine, host));
}

static void rules_hold_from_when_they_are_given_until_they_are_taken(void **state)
{
    const struct identity_ref refs[] = { { "a", "machine", "m" }, { NULL, "vm", "v" } };
    const struct identity_rule join = { true, refs, 2, NULL }, apart = { false, refs, 2, NULL };
    const struct identity_rules joins = { &join, 1 }, aparts = { &apart, 1 };
    int64_t machine = add("a", "machine", "m", U1, NULL), vm = add("b", "vm", "v", U2, NULL);
    struct err err;

    (void)state;
    fleet_update(&fleet);
    assert_false(one(machine, vm));
    assert_true(assets_apply_rules(&fleet.sql, 1, 5, &joins, &err));
    assert_true(one(machine, vm));
    assert_true(assets_apply_rules(&fleet.sql, 1, 5, NULL, &err));
    assert_false(one(machine, vm));
    assert_int_equal(count("SELECT count(*) FROM claim WHERE fact = 'rule'"), 0);
    fleet_change(&fleet, vm, "{\"id.uuid\":\"" U1 "\"}");
    fleet_update(&fleet);
    assert_true(one(machine, vm));
    assert_true(assets_apply_rules(&fleet.sql, 1, 5, &aparts, &err));
    assert_false(one(machine, vm));
}

static void an_asset_is_called_as_its_machine_calls_itself(void **state)
{
    int64_t vm = fleet_computer(&fleet, "hv", "vm", "v", U1, WEB, "web (old)"), machine, nameless;

    (void)state;
    fleet_update(&fleet);
    assert_true(fleet_says(&fleet, "SELECT kind || ' ' || name FROM asset WHERE id = ?1", 1, "vm web (old)"));
    machine = fleet_computer(&fleet, "win", "machine", "m", U1, WEB, "WEB01");
    fleet_update(&fleet);
    assert_true(one(vm, machine));
    assert_true(fleet_says(&fleet, "SELECT kind || ' ' || name FROM asset WHERE id = ?1", 1, "machine WEB01"));
    fleet_lose(&fleet, machine);
    fleet_update(&fleet);
    assert_true(fleet_says(&fleet, "SELECT kind || ' ' || name FROM asset WHERE id = ?1", 1, "vm web (old)"));
    nameless = fleet_add(&fleet, "x", "gizmo", "the key", "{}");
    fleet_update(&fleet);
    assert_true(fleet_says(&fleet, "SELECT name FROM asset WHERE id = ?1", fleet_asset(&fleet, nameless), "the key"));
}

static void facts_of_the_wrong_type_and_size_name_nothing(void **state)
{
    static char huge[70000];
    int64_t list, number, large;

    (void)state;
    snprintf(huge, sizeof huge, "{\"id.fqdn\":\"%066000d.example\"}", 0);
    list = fleet_add(&fleet, "a", "machine", "1", "{\"id.fqdn\":[\"web01.example\"],\"id.uuid\":[]}");
    number = fleet_add(&fleet, "a", "machine", "2", "{\"id.fqdn\":7,\"id.uuid\":true,\"id.name\":5}");
    large = fleet_add(&fleet, "b", "machine", "3", huge);
    fleet_update(&fleet);
    assert_false(one(list, number));
    assert_false(one(list, large));
    assert_int_equal(count("SELECT count(*) FROM claim WHERE fact IN ('uuid', 'name')"), 0);
}

static void an_update_that_changes_nothing_writes_nothing(void **state)
{
    int64_t machine = add("win", "machine", "m", U1, WEB);
    int before;

    (void)state;
    add("hv", "vm", "v", U1, WEB);
    fleet_update(&fleet);
    fleet_change(&fleet, machine, "{\"id.uuid\":\"" U1 "\",\"id.fqdn\":\"" WEB "\"}");
    before = sqlite3_total_changes(fleet.sql.handle);
    fleet_update(&fleet);
    assert_int_equal(sqlite3_total_changes(fleet.sql.handle), before);
}

static void an_item_that_is_not_there_is_an_error_in_words(void **state)
{
    struct assets_item item = { .id = 77, .appeared = true };
    struct err err;

    (void)state;
    assert_false(assets_update(&fleet.sql, 1, 1, &item, 1, NULL, &err));
    assert_string_equal(err.text,
                        "working out which items are one asset: item 77 was said to be touched and is not there");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fleet, close_fleet)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_item_gets_an_asset),
        TEST(two_sources_see_one_thing_in_either_order),
        TEST(a_merge_keeps_the_older_number),
        TEST(a_split_gives_a_number_that_none_has_had),
        TEST(what_is_gone_comes_back_into_its_asset),
        TEST(who_comes_back_leaves_the_number_to_those_who_stayed),
        TEST(a_vm_that_moves_between_sources_keeps_its_number),
        TEST(nothing_continues_an_asset_in_which_others_live),
        TEST(of_two_that_could_continue_an_asset_neither_does),
        TEST(a_new_item_of_the_same_source_does_not_continue_another),
        TEST(a_clone_parts_what_its_uuid_had_joined),
        TEST(a_rename_that_one_side_learns_first_parts_nothing),
        TEST(one_who_changes_its_name_all_the_time_remembers_a_few),
        TEST(relations_by_key_and_by_fact_resolve_in_either_order),
        TEST(a_fact_that_changed_is_claimed_no_more),
        TEST(a_declaration_by_key_joins_whoever_arrives_last),
        TEST(a_declaration_by_fact_joins_over_sources),
        TEST(a_declaration_by_a_weak_fact_holds_while_one_item_is_meant),
        TEST(a_declaration_that_is_taken_back_joins_no_more),
        TEST(rules_hold_from_when_they_are_given_until_they_are_taken),
        TEST(an_asset_is_called_as_its_machine_calls_itself),
        TEST(facts_of_the_wrong_type_and_size_name_nothing),
        TEST(an_update_that_changes_nothing_writes_nothing),
        TEST(an_item_that_is_not_there_is_an_error_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
