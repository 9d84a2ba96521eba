/* The property: who is one depends on what is there, not on the transactions that brought it, nor on what was there
 * meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "census.h"

#include <stdio.h>
#include <string.h>

enum { ITEMS = 9, ROUNDS = 300 };

static uint32_t seed = 11;

static size_t dice(size_t sides)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % sides;
}

/* What an item is, before it is in any database. */
struct plan {
    const char *scope, *kind, *uuid, *name;
    char key[8], tie[8];       /* tie: key of a hyperv_host, "" for none */
    const char *declared_name; /* id.fqdn of a machine */
};

static void plan_items(struct plan *plans)
{
    static const char *const scopes[] = { "a", "b", "c" }, *const kinds[] = { "machine", "vm", "hyperv_host" };
    static const char *const uuids[] = { NULL, "45185add-557c-5a15-a37e-accf3d4a2513",
                                         "dd5a1845-7c55-155a-a37e-accf3d4a2513",
                                         "22222222-557c-5a15-a37e-accf3d4a2512" };
    static const char *const names[] = { NULL, "web01.example", "sql01.example", "web01" };

    for (size_t i = 0; i < ITEMS; i++) {
        plans[i] = (struct plan){ scopes[dice(3)], kinds[dice(3)], uuids[dice(4)], names[dice(4)], "", "", NULL };
        snprintf(plans[i].key, sizeof plans[i].key, "k%zu", i);
        if (dice(5) == 0)
            snprintf(plans[i].tie, sizeof plans[i].tie, "k%zu", dice(ITEMS));
        if (dice(8) == 0)
            plans[i].declared_name = names[1 + dice(2)];
    }
}

static int64_t bring(struct fleet *fleet, const struct plan *plan)
{
    int64_t item = fleet_computer(fleet, plan->scope, plan->kind, plan->key, plan->uuid, plan->name, plan->key);

    if (plan->tie[0] != '\0')
        fleet_link(fleet, item, "same_as", "hyperv_host", NULL, plan->tie);
    if (plan->declared_name != NULL)
        fleet_link(fleet, item, "same_as", "machine", "id.fqdn", plan->declared_name);
    return item;
}

/* The groups as text: for each plan the first plan of its asset. */
static void describe(struct fleet *fleet, const int64_t *items, size_t count, char text[ITEMS + 1])
{
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;

        while (fleet_asset(fleet, items[j]) != fleet_asset(fleet, items[i]))
            j++;
        text[i] = (char)('0' + j);
    }
    text[count] = '\0';
}

static void bring_at_once(const struct plan *plans, size_t count, char *text)
{
    struct fleet fleet;
    int64_t items[ITEMS];

    fleet_open(&fleet);
    for (size_t i = 0; i < count; i++)
        items[i] = bring(&fleet, &plans[i]);
    fleet_update(&fleet);
    describe(&fleet, items, count, text);
    fleet_close(&fleet);
}

static void pick_order(size_t *order)
{
    for (size_t i = 0; i < ITEMS; i++)
        order[i] = i;
    for (size_t i = ITEMS; i > 1; i--) {
        size_t j = dice(i), kept = order[i - 1];

        order[i - 1] = order[j];
        order[j] = kept;
    }
}

/* All in some order and some transactions, and those from count on gone again in the end. */
static void bring_in_parts(const struct plan *plans, size_t count, char *text)
{
    struct fleet fleet;
    int64_t items[ITEMS];
    size_t order[ITEMS];

    pick_order(order);
    fleet_open(&fleet);
    for (size_t i = 0; i < ITEMS; i++) {
        items[order[i]] = bring(&fleet, &plans[order[i]]);
        if (dice(2) == 0)
            fleet_update(&fleet);
    }
    fleet_update(&fleet);
    for (size_t i = count; i < ITEMS; i++) {
        fleet_lose(&fleet, items[i]);
        if (dice(2) == 0)
            fleet_update(&fleet);
    }
    fleet_update(&fleet);
    describe(&fleet, items, count, text);
    fleet_close(&fleet);
}

static void compare(size_t count)
{
    struct plan plans[ITEMS];
    char once[ITEMS + 1], parts[ITEMS + 1];

    for (int round = 0; round < ROUNDS; round++) {
        plan_items(plans);
        bring_at_once(plans, count, once);
        bring_in_parts(plans, count, parts);
        assert_string_equal(once, parts);
    }
}

static void the_transactions_that_bring_items_do_not_count(void **state)
{
    (void)state;
    compare(ITEMS);
}

static void what_was_there_meanwhile_does_not_count(void **state)
{
    (void)state;
    compare(ITEMS - 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_transactions_that_bring_items_do_not_count),
        cmocka_unit_test(what_was_there_meanwhile_does_not_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
