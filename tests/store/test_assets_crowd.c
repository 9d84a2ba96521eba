/* What a hostile or just a large source can make of the cost: it stays linear, and what others have stays theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "census.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define U1 "45185add-557c-5a15-a37e-accf3d4a2513"
#define WEB "web01.example"

/* How many items a crowd has: smaller where a tool makes each step slow. */
static int crowd(void)
{
    const char *wanted = getenv("MUSTER_TEST_CROWD");

    return wanted != NULL ? atoi(wanted) : 100000;
}

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

static double cpu_seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double update(const char *what)
{
    double before = cpu_seconds(), spent;
    size_t count = fleet.touched.count;

    fleet_update(&fleet);
    spent = cpu_seconds() - before;
    print_message("%s: %zu items touched, %.2f s\n", what, count, spent);
    return spent;
}

/* Items from one number to another; where a format has no number, all have the same. */
static void add_many(const char *scope, const char *kind, int from, int to, const char *uuid, const char *fqdn)
{
    for (int i = from; i < to; i++) {
        char key[64], own_uuid[64], own_fqdn[64];

        snprintf(key, sizeof key, "k%d", i);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(own_uuid, sizeof own_uuid, uuid, i);
        snprintf(own_fqdn, sizeof own_fqdn, fqdn, i);
#pragma GCC diagnostic pop
        fleet_computer(&fleet, scope, kind, key, own_uuid, own_fqdn, key);
    }
}

static int64_t count(const char *query)
{
    return fleet_number(&fleet, query, 0, 0);
}

static void a_first_load_costs_a_small_multiple_of_its_inserts(void **state)
{
    double before = cpu_seconds(), inserts;

    (void)state;
    add_many("vc", "vm", 0, crowd(), "%08x-557c-5a15-a37e-accf3d4a2513", "n%d.example");
    inserts = cpu_seconds() - before;
    print_message("rows of items alone: %.2f s\n", inserts);
    update("first load");
    assert_int_equal(count("SELECT count(*) FROM asset"), crowd());
    add_many("win", "machine", 0, crowd() / 10, "%08x-557c-5a15-a37e-accf3d4a2513", "n%d.example");
    update("a tenth of them from inside");
    assert_int_equal(count("SELECT count(*) FROM asset"), crowd());
    assert_int_equal(count("SELECT count(*) FROM item WHERE joined <> ''"), crowd() / 10 * 2);
}

static void a_crowd_with_one_uuid_and_one_name_joins_nothing_in_linear_time(void **state)
{
    int64_t vm = fleet_computer(&fleet, "hv", "vm", "v", U1, WEB, "v");
    int64_t machine = fleet_computer(&fleet, "win", "machine", "m", U1, WEB, "m");
    double first, second;

    (void)state;
    fleet_update(&fleet);
    assert_int_equal(fleet_asset(&fleet, vm), fleet_asset(&fleet, machine));
    add_many("evil", "vm", 0, crowd() / 4, U1, WEB);
    first = update("a crowd");
    assert_int_not_equal(fleet_asset(&fleet, vm), fleet_asset(&fleet, machine));
    assert_int_equal(count("SELECT count(*) FROM asset"), crowd() / 4 + 2);
    add_many("evil", "vm", crowd() / 4, crowd(), U1, WEB);
    second = update("three times as many more");
    assert_int_equal(count("SELECT count(*) FROM asset"), crowd() + 2);
    assert_true(second < 15 * first + 1);
    /* One more costs what one costs. */
    add_many("evil", "vm", crowd(), crowd() + 1, U1, WEB);
    assert_true(update("one more") < 0.5);
}

static void the_name_holds_what_a_crowd_with_the_uuid_would_part(void **state)
{
    int64_t vm = fleet_computer(&fleet, "hv", "vm", "v", U1, WEB, "v");
    int64_t machine = fleet_computer(&fleet, "win", "machine", "m", U1, WEB, "m");

    (void)state;
    fleet_update(&fleet);
    add_many("evil", "vm", 0, crowd() / 10, U1, "n%d.example");
    update("a crowd with names of its own");
    assert_int_equal(fleet_asset(&fleet, vm), fleet_asset(&fleet, machine));
}

static void when_a_crowd_is_gone_all_is_as_before(void **state)
{
    int64_t vm = fleet_computer(&fleet, "hv", "vm", "v", U1, WEB, "v");
    int64_t machine = fleet_computer(&fleet, "win", "machine", "m", U1, WEB, "m");
    int64_t kept;

    (void)state;
    fleet_update(&fleet);
    kept = fleet_asset(&fleet, vm);
    add_many("evil", "vm", 0, 100, U1, WEB);
    fleet_update(&fleet);
    assert_int_not_equal(fleet_asset(&fleet, vm), fleet_asset(&fleet, machine));
    for (int64_t id = machine + 1; id <= machine + 100; id++)
        fleet_lose(&fleet, id);
    fleet_update(&fleet);
    assert_int_equal(fleet_asset(&fleet, vm), kept);
    assert_int_equal(fleet_asset(&fleet, machine), kept);
}

/* Each item shares its UUID with the one before and its name with the one behind. */
static void add_chain(int from, int to)
{
    for (int i = from; i < to; i++) {
        char key[64], uuid[64], fqdn[64];

        snprintf(key, sizeof key, "k%d", i);
        snprintf(uuid, sizeof uuid, "%08x-557c-5a15-a37e-accf3d4a2513", (unsigned)i / 2 + 1);
        snprintf(fqdn, sizeof fqdn, "n%d.example", (i + 1) / 2);
        fleet_computer(&fleet, "evil", i % 2 == 0 ? "vm" : "machine", key, uuid, fqdn, key);
    }
}

static void a_chain_without_end_is_given_up_in_linear_time(void **state)
{
    int length = ASSETS_WEB + crowd() / 8;
    double first, second;

    (void)state;
    add_chain(0, length);
    first = update("a chain");
    assert_int_equal(count("SELECT count(*) FROM asset"), length);
    add_chain(length, length * 4);
    second = update("three times as many more");
    assert_true(second < 15 * first + 1);
    assert_true(fleet_says(&fleet, "SELECT joined FROM item WHERE id = ?1", 5, "too many items hang together"));
    fleet_change(&fleet, 7, "{\"id.uuid\":\"00000003-557c-5a15-a37e-accf3d4a2513\"}");
    assert_true(update("one link of it") < 0.5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fleet, close_fleet)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_first_load_costs_a_small_multiple_of_its_inserts),
        TEST(a_crowd_with_one_uuid_and_one_name_joins_nothing_in_linear_time),
        TEST(the_name_holds_what_a_crowd_with_the_uuid_would_part),
        TEST(when_a_crowd_is_gone_all_is_as_before),
        TEST(a_chain_without_end_is_given_up_in_linear_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
