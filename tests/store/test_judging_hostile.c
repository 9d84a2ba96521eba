/* What targets send to make judging dear, or to speak for others: it costs what they send, and others keep theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include "sql.h"
#include "store_inside.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crowd_that_names_a_crowd_costs_what_it_sends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
