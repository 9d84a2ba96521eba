/* What targets send to make judging dear, or to speak for others: it costs what they send, and others keep theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include "sql.h"
#include "store_inside.h"
#include "things.h"

#include <string.h>

#define W2016 "10.0.14393"

enum { STEPS = 1000 }; /* of the database's machine, which are counted as one */

static int count_steps(void *count)
{
    ++*(size_t *)count;
    return 0;
}

/* Thousands of steps that a scan takes of so many machines of one name, and as many volumes of whoever has it. */
static size_t steps_of_crowd(int size)
{
    struct docket *docket;
    void *state;
    size_t steps = 0;

    docket_open(&state);
    docket = state;
    for (int i = 0; i < size; i++) {
        struct item *item = docket_item(docket, "machine", arena_format(&docket->world->arena, "m%d", i));

        assert_true(item_set_text(item, "id.fqdn", "same.example", NULL));
        assert_true(item_set_text(item, "os.build", W2016, NULL));
        world_add(docket->world, item);
        item = docket_item(docket, "volume", arena_format(&docket->world->arena, "v%d", i));
        assert_true(item_link(item, &(struct link){ "part_of", "machine", NULL, "id.fqdn", "same.example" }, NULL));
        world_add(docket->world, item);
    }
    sqlite3_progress_handler(store_sql(docket->world->store)->handle, STEPS, count_steps, &steps);
    docket_scan(docket);
    sqlite3_progress_handler(store_sql(docket->world->store)->handle, 0, NULL, NULL);
    docket_close(&state);
    return steps;
}

static void a_crowd_that_names_a_crowd_costs_what_it_sends(void **state)
{
    size_t small = steps_of_crowd(150), large = steps_of_crowd(1200);

    (void)state;
    print_message("%zu and %zu thousand steps\n", small, large);
    assert_true(small > 10);
    assert_true(large < 16 * small); /* eight times as many items; each with each, it is more than sixty times */
}

static void add_large(struct docket *docket, const char *name)
{
    char text[401];
    const char *texts[1000];
    struct item *item = docket_item(docket, "machine", name);

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        texts[i] = text;
    assert_true(item_set_text(item, "os.build", W2016, NULL));
    assert_true(item_set_list(item, "volume.paths", texts, sizeof texts / sizeof *texts, NULL));
    world_add(docket->world, item);
}

/* 40 of 400,000 bytes each. */
static void large_things_are_not_all_read_at_once(void **state)
{
    struct docket *docket = *state;
    struct things things;

    for (int i = 0; i < 40; i++)
        add_large(docket, arena_format(&docket->world->arena, "m%02d", i));
    docket_scan(docket);
    assert_string_equal(docket_verdicts(docket, "m00"), docket_verdicts(docket, "m39"));
    assert_string_not_equal(docket_verdicts(docket, "m39"), "");
    things_init(&things, store_sql(docket->world->store));
    assert_true(things_load(&things, 1, 1000, NULL));
    print_message("%zu bytes\n", things_bytes(&things));
    assert_true(things_bytes(&things) < THINGS_MAX_LOAD + 2000000);
    for (int64_t id = world_number(docket->world, "SELECT min(id) FROM asset"), i = 0; i < 40; i++)
        assert_non_null(thing_fact(things_find(&things, id + i), "volume.paths"));
    things_finish(&things);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crowd_that_names_a_crowd_costs_what_it_sends),
        cmocka_unit_test_setup_teardown(large_things_are_not_all_read_at_once, docket_open, docket_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
