#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "identity.h"

#include <stdio.h>
#include <string.h>

#define U1 "11111111-557c-5a15-a37e-accf3d4a2511"
#define U2 "22222222-557c-5a15-a37e-accf3d4a2512"
#define WEB "web01.example"
#define SQL "sql01.example"

/* A small world: items in the order given, and in which group each one came to be. */
enum { MAX = 128 };

static struct {
    struct arena arena;
    struct identity_item items[MAX];
    struct identity_tie ties[MAX];
    struct identity_place places[MAX];
    size_t count, tie_count;
} world;

static int open_world(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    arena_init(&world.arena, ARENA_PLAIN);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    arena_finish(&world.arena);
    return 0;
}

/* An item; its fact fqdn is the one that its kind has. Returns its index. */
static size_t add(const char *scope, const char *kind, const char *key, const char *uuid, const char *name)
{
    const char *facts[FACT_COUNT] = { [FACT_UUID] = uuid, [FACT_FQDN] = name, [FACT_GUEST_FQDN] = name };

    world.items[world.count] = (struct identity_item){
        .scope = scope, .kind = kind, .key = key, .evidence = evidence_read(&world.arena, kind, key, facts)
    };
    return world.count++;
}

static void tie(size_t one, size_t other)
{
    world.ties[world.tie_count++] = (struct identity_tie){ one, other };
}

static void part_by(const struct identity_rules *rules)
{
    identity_partition(&world.arena, world.items, world.count, world.ties, world.tie_count, rules, world.places);
}

static void part(void)
{
    part_by(NULL);
}

static bool one(size_t a, size_t b)
{
    return world.places[a].group == world.places[b].group;
}

static bool says(size_t item, const char *words)
{
    if (strstr(world.places[item].why, words) != NULL)
        return true;
    print_error("said '%s'\n", world.places[item].why);
    return false;
}

static void a_uuid_joins_a_machine_and_its_vm(void **state)
{
    size_t machine = add("win", "machine", "m", U1, WEB), vm = add("hv", "vm", "v", U1, NULL);

    (void)state;
    part();
    assert_true(one(machine, vm));
    assert_string_equal(world.places[machine].why, "one with vm v of hv by the same UUID " U1);
    assert_string_equal(world.places[vm].why, "one with machine m of win by the same UUID " U1);
}

static void a_uuid_and_a_name_together_say_so(void **state)
{
    size_t machine = add("win", "machine", "m", U1, WEB), vm = add("hv", "vm", "v", U1, WEB);

    (void)state;
    part();
    assert_true(one(machine, vm));
    assert_true(says(vm, "one with machine m of win by the same UUID " U1 " and name " WEB));
}

static void a_qualified_name_joins_where_a_uuid_is_missing(void **state)
{
    size_t machine = add("win", "machine", "m", NULL, WEB), vm = add("hv", "vm", "v", U1, WEB);
    size_t other = add("win", "machine", "n", NULL, "db02"), guest = add("hv", "vm", "w", U2, "db02");

    (void)state;
    part();
    assert_true(one(machine, vm));
    assert_true(says(machine, "by the same name " WEB));
    assert_false(one(other, guest));
}

static void two_items_of_one_source_and_kind_are_never_one(void **state)
{
    size_t a = add("hv", "vm", "a", U1, WEB), b = add("hv", "vm", "b", U1, WEB);

    (void)state;
    part();
    assert_false(one(a, b));
    assert_true(says(a, "not one with vm b of hv despite the same UUID " U1 ": one source shows both"));
}

static void of_clones_the_name_finds_the_right_one(void **state)
{
    size_t a = add("hv", "vm", "a", U1, WEB), b = add("hv", "vm", "b", U1, SQL);
    size_t machine = add("win", "machine", "m", U1, SQL), silent = add("vc", "vm", "s", U1, NULL);

    (void)state;
    part();
    assert_true(one(b, machine));
    assert_false(one(a, b));
    assert_false(one(silent, a));
    assert_false(one(silent, b));
    assert_true(says(silent, "the same UUID " U1 " joins nothing: "));
}

static void a_cloned_uuid_with_another_name_is_another_machine(void **state)
{
    size_t machine = add("win", "machine", "m", U1, WEB), vm = add("hv", "vm", "v", U1, SQL);

    (void)state;
    part();
    assert_false(one(machine, vm));
    assert_true(says(vm, "not one with machine m of win despite the same UUID " U1 ": their names differ"));
}

static void a_name_that_was_used_again_joins_nothing(void **state)
{
    size_t machine = add("win", "machine", "m", U1, WEB), vm = add("hv", "vm", "v", U2, WEB);
    size_t silent = add("vc", "vm", "s", NULL, WEB);

    (void)state;
    part();
    assert_false(one(machine, vm));
    assert_false(one(machine, silent));
    assert_false(one(vm, silent));
    assert_true(says(machine, "not one with vm v of hv despite the same name " WEB ": their UUIDs differ"));
}

static void one_vm_seen_by_two_sources_is_one(void **state)
{
    size_t a = add("rv", "vm", "k", U1, WEB), b = add("vc", "vm", "k", U1, NULL), c = add("x", "vm", "k", U1, "web01");

    (void)state;
    part();
    assert_true(one(a, b));
    assert_true(one(b, c));
}

static void the_guid_of_the_hypervisor_joins_where_no_uuid_was_read(void **state)
{
    const char *facts[FACT_COUNT] = { [FACT_HYPERV_GUID] = U2 };
    size_t machine = add("win", "machine", "m", NULL, WEB), vm = add("hv", "vm", "v", U1, NULL);

    (void)state;
    world.items[machine].evidence.values[EVIDENCE_INSTANCE] =
        evidence_read(&world.arena, "machine", "m", facts).values[EVIDENCE_INSTANCE];
    world.items[vm].evidence.values[EVIDENCE_INSTANCE] = world.items[machine].evidence.values[EVIDENCE_INSTANCE];
    part();
    assert_true(one(machine, vm));
    assert_true(says(vm, "by the same hypervisor's GUID " U2));
}

static void a_former_name_bridges_a_rename_and_joins_nothing_itself(void **state)
{
    static const char *const former[] = { WEB };
    size_t machine = add("win", "machine", "m", U1, "new01.example"), vm = add("hv", "vm", "v", U1, WEB);
    size_t other = add("vc", "vm", "o", NULL, WEB);

    (void)state;
    world.items[machine].former = former;
    world.items[machine].former_count = 1;
    part();
    assert_true(one(machine, vm));
    assert_false(world.places[vm].agreed);
    assert_true(one(other, vm));
    world.items[vm].evidence.values[EVIDENCE_NAME] = "new01.example";
    part();
    assert_true(one(machine, vm));
    assert_true(world.places[vm].agreed);
    assert_false(one(other, vm));
}

static void a_declaration_joins_what_shows_nothing(void **state)
{
    size_t host = add("hv", "hyperv_host", "h", NULL, NULL), machine = add("win", "machine", "m", U1, WEB);
    size_t app = add("win", "backup_server", "b", NULL, WEB), clone = add("win", "machine", "n", U2, SQL);

    (void)state;
    tie(machine, host);
    tie(app, host);
    part();
    assert_false(one(machine, host)); /* all that are declared one, or none: an application is no computer */
    world.tie_count = 1;
    part();
    assert_true(one(machine, host));
    assert_false(one(app, machine));
    assert_true(says(host, "one with machine m of win by a source that says so"));
    tie(clone, host);
    part();
    assert_false(one(machine, host));
    assert_true(says(clone, "despite a source that says so: one source shows both"));
}

static void a_declaration_is_weaker_than_differing_uuids(void **state)
{
    size_t host = add("hv", "hyperv_host", "h", U1, NULL), machine = add("win", "machine", "m", U2, WEB);

    (void)state;
    tie(host, machine);
    part();
    assert_false(one(host, machine));
}

static void kinds_are_one_only_where_they_are_of_one_class(void **state)
{
    size_t machine = add("win", "machine", "m", U1, WEB), server = add("dpm", "backup_server", "b", NULL, WEB);
    size_t again = add("other", "backup_server", "c", NULL, WEB), disk = add("x", "datastore", U1, NULL, NULL);
    size_t same = add("y", "datastore", U1, NULL, NULL), volume = add("x", "volume", U1, NULL, NULL);
    size_t twin = add("y", "volume", U1, NULL, NULL);

    (void)state;
    part();
    assert_false(one(machine, server));
    assert_true(one(server, again));
    assert_true(one(disk, same));
    assert_false(one(disk, machine));
    assert_false(one(volume, twin));
}

static const struct identity_ref web_of_win = { "win", "machine", "m" }, any_vm = { NULL, "vm", "v" },
                                 vm_w = { "hv", "vm", "w" };

static void a_join_rule_overrides_what_items_show(void **state)
{
    const struct identity_ref refs[] = { web_of_win, any_vm };
    const struct identity_rule rule = { true, refs, 2, "the \x1b board was replaced" };
    const struct identity_rules rules = { &rule, 1 };
    size_t machine = add("win", "machine", "m", U1, WEB), vm = add("hv", "vm", "v", U2, SQL);

    (void)state;
    part_by(&rules);
    assert_true(one(machine, vm));
    assert_true(world.places[vm].ruled);
    assert_true(says(vm, "one with machine m of win by a join rule (the \\x1B board was replaced)"));
    assert_null(strchr(world.places[vm].why, '\x1b'));
}

static void an_apart_rule_overrides_all(void **state)
{
    const struct identity_ref refs[] = { web_of_win, any_vm };
    const struct identity_rule both[] = { { true, refs, 2, NULL }, { false, refs, 2, NULL } };
    const struct identity_rules rules = { both, 2 }, apart = { both + 1, 1 };
    size_t machine = add("win", "machine", "m", U1, WEB), vm = add("hv", "vm", "v", U1, WEB);
    size_t same = add("vc", "vm", "v", U1, WEB);

    (void)state;
    tie(machine, vm);
    part_by(&rules);
    assert_false(one(machine, vm));
    assert_true(says(machine, "a rule keeps them apart"));
    world.count = 1; /* what one entry of a rule names need not be apart */
    world.tie_count = 0;
    world.items[0] = world.items[vm];
    world.items[1] = world.items[same];
    world.count = 2;
    part_by(&apart);
    assert_true(one(0, 1));
}

static void a_rule_joins_clones_only_where_it_names_both(void **state)
{
    const struct identity_ref first[] = { web_of_win, any_vm }, second[] = { web_of_win, vm_w };
    const struct identity_ref all[] = { web_of_win, any_vm, vm_w };
    const struct identity_rule two[] = { { true, first, 2, NULL }, { true, second, 2, NULL } };
    const struct identity_rule whole = { true, all, 3, NULL };
    size_t machine = add("win", "machine", "m", U1, WEB), v = add("hv", "vm", "v", U2, SQL);
    size_t w = add("hv", "vm", "w", NULL, NULL);

    (void)state;
    part_by(&(struct identity_rules){ two, 2 });
    assert_true(one(machine, v));
    assert_false(one(machine, w));
    assert_true(says(w, "despite a join rule: one source shows both"));
    part_by(&(struct identity_rules){ &whole, 1 });
    assert_true(one(machine, v));
    assert_true(one(machine, w));
}

static void a_rule_for_a_scope_names_nothing_in_another(void **state)
{
    const struct identity_ref refs[] = { web_of_win };
    const struct identity_rule rule = { true, refs, 1, NULL };
    const struct identity_rules rules = { &rule, 1 };

    (void)state;
    assert_true(identity_is_ruled(&rules, "win", "machine", "m"));
    assert_false(identity_is_ruled(&rules, "hv", "machine", "m"));
    assert_false(identity_is_ruled(&rules, "win", "vm", "m"));
    assert_false(identity_is_ruled(NULL, "win", "machine", "m"));
}

static void a_crowd_joins_nothing(void **state)
{
    static char scopes[IDENTITY_CROWD + 1][8];

    (void)state;
    for (size_t i = 0; i < IDENTITY_CROWD; i++) {
        snprintf(scopes[i], sizeof scopes[i], "s%zu", i);
        add(scopes[i], "vm", "v", U1, NULL);
    }
    part();
    assert_true(one(0, IDENTITY_CROWD - 1));
    strcpy(scopes[IDENTITY_CROWD], "more");
    add(scopes[IDENTITY_CROWD], "vm", "v", U1, NULL);
    part();
    assert_false(one(0, IDENTITY_CROWD - 1));
    assert_true(says(0, "the same UUID " U1 " joins nothing: too many items have it"));
    world.count = 2;
    world.items[0].crowded[EVIDENCE_UUID] = world.items[1].crowded[EVIDENCE_UUID] = true;
    part();
    assert_false(one(0, 1));
}

static void hostile_names_come_out_harmless(void **state)
{
    size_t vm = add("hv\n", "vm", "\x1b[2J", U1, NULL), machine = add("win", "machine", "m", U1, WEB);

    (void)state;
    part();
    assert_true(one(vm, machine));
    assert_null(strpbrk(world.places[machine].why, "\x1b\n"));
}

/* The property: a partition is that of the facts, whatever the order of the items. */
static uint32_t seed = 7;

static size_t dice(size_t sides)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % sides;
}

static void add_anything(size_t number)
{
    static const char *const scopes[] = { "a", "b", "c" }, *const kinds[] = { "machine", "vm", "hyperv_host", "vm" };
    static const char *const uuids[] = { U1, U2, NULL, "33333333-557c-5a15-a37e-accf3d4a2513" };
    static const char *const names[] = { WEB, SQL, "web01", NULL, "x.example" };
    static const char *const former[] = { WEB, SQL };
    size_t item = add(scopes[dice(3)], kinds[dice(4)], arena_format(&world.arena, "k%zu", number), uuids[dice(4)],
                      names[dice(5)]);

    if (dice(6) == 0 && world.items[item].evidence.values[EVIDENCE_NAME] != NULL) {
        world.items[item].former = former + dice(2);
        world.items[item].former_count = 1;
    }
    if (dice(6) == 0 && item > 0)
        tie(item, dice(item));
}

/* Moves item i to order[i], and its ties with it. */
static void shuffle(size_t *order)
{
    struct identity_item items[MAX];

    for (size_t i = 0; i < world.count; i++)
        order[i] = i;
    for (size_t i = world.count; i > 1; i--) {
        size_t j = dice(i), kept = order[i - 1];

        order[i - 1] = order[j];
        order[j] = kept;
    }
    memcpy(items, world.items, sizeof items);
    for (size_t i = 0; i < world.count; i++)
        world.items[order[i]] = items[i];
    for (size_t i = 0; i < world.tie_count; i++)
        world.ties[i] = (struct identity_tie){ order[world.ties[i].other], order[world.ties[i].one] };
}

static void check_world(const struct identity_rules *rules)
{
    struct identity_place before[MAX];
    size_t order[MAX];

    part_by(rules);
    memcpy(before, world.places, sizeof before);
    shuffle(order);
    part_by(rules);
    for (size_t i = 0; i < world.count; i++) {
        assert_string_equal(before[i].why, world.places[order[i]].why);
        assert_int_equal(before[i].agreed, world.places[order[i]].agreed);
        for (size_t j = 0; j < world.count; j++)
            assert_int_equal(before[i].group == before[j].group, one(order[i], order[j]));
    }
}

static void the_order_of_arrival_does_not_count(void **state)
{
    const struct identity_ref join[] = { { NULL, "vm", "k1" }, { "a", "machine", "k2" }, { NULL, "vm", "k3" } };
    const struct identity_ref apart[] = { { NULL, "vm", "k0" }, { NULL, "machine", "k2" } };
    const struct identity_rule both[] = { { true, join, 3, "r" }, { false, apart, 2, NULL } };
    const struct identity_rules rules = { both, 2 };

    for (int round = 0; round < 3000; round++) {
        size_t count = 2 + dice(9);

        close_world(state);
        open_world(state);
        for (size_t i = 0; i < count; i++)
            add_anything(i);
        check_world(dice(3) == 0 ? &rules : NULL);
    }
}

static void no_partition_puts_clones_or_other_uuids_together(void **state)
{
    for (int round = 0; round < 3000; round++) {
        close_world(state);
        open_world(state);
        for (size_t i = 0; i < 10; i++)
            add_anything(i);
        part();
        for (size_t i = 0; i < world.count; i++) {
            for (size_t j = 0; j < i; j++) {
                const char *mine = world.items[i].evidence.values[EVIDENCE_UUID];
                const char *theirs = world.items[j].evidence.values[EVIDENCE_UUID];

                if (!one(i, j))
                    continue;
                assert_false(strcmp(world.items[i].scope, world.items[j].scope) == 0 &&
                             strcmp(world.items[i].kind, world.items[j].kind) == 0);
                assert_false(mine != NULL && theirs != NULL && strcmp(mine, theirs) != 0);
            }
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_uuid_joins_a_machine_and_its_vm),
        TEST(a_uuid_and_a_name_together_say_so),
        TEST(a_qualified_name_joins_where_a_uuid_is_missing),
        TEST(two_items_of_one_source_and_kind_are_never_one),
        TEST(of_clones_the_name_finds_the_right_one),
        TEST(a_cloned_uuid_with_another_name_is_another_machine),
        TEST(a_name_that_was_used_again_joins_nothing),
        TEST(one_vm_seen_by_two_sources_is_one),
        TEST(the_guid_of_the_hypervisor_joins_where_no_uuid_was_read),
        TEST(a_former_name_bridges_a_rename_and_joins_nothing_itself),
        TEST(a_declaration_joins_what_shows_nothing),
        TEST(a_declaration_is_weaker_than_differing_uuids),
        TEST(kinds_are_one_only_where_they_are_of_one_class),
        TEST(a_join_rule_overrides_what_items_show),
        TEST(an_apart_rule_overrides_all),
        TEST(a_rule_joins_clones_only_where_it_names_both),
        TEST(a_rule_for_a_scope_names_nothing_in_another),
        TEST(a_crowd_joins_nothing),
        TEST(hostile_names_come_out_harmless),
        TEST(the_order_of_arrival_does_not_count),
        TEST(no_partition_puts_clones_or_other_uuids_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
