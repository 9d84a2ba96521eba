/* Which far ends are read together with what leads to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include "sql.h"
#include "things.h"
#include "things_ahead.h"

static int64_t asset_of(struct docket *docket, const char *name)
{
    return world_number(docket->world,
                        arena_format(&docket->world->arena, "SELECT id FROM asset WHERE name = '%s'", name));
}

static void assert_read_with(struct docket *docket, struct sql *sql, const char *name, const char *const *with)
{
    int64_t id = asset_of(docket, name);
    struct things things;
    size_t count = 1;

    things_init(&things, sql);
    assert_true(things_load(&things, id, id, &docket->world->err));
    for (; *with != NULL; with++, count++) {
        id = asset_of(docket, *with);
        assert_non_null(map_get_bytes(&things.known, (const char *)&id, sizeof id));
    }
    assert_int_equal(things.known.count, count);
    things_finish(&things);
}

static void what_a_machine_leads_to_is_read_with_it(void **state)
{
    struct docket *docket = *state;
    struct sql sql;

    world_add(docket->world, docket_item(docket, "cluster", "c1"));
    docket_host(docket, "h1", "10.0.14393", "c1");
    docket_host(docket, "h2", "10.0.14393", "c1");
    docket_host(docket, "h3", "10.0.14393", NULL);
    docket_vm(docket, "web", "10.0.14393", "h1", "c1");
    docket_vm(docket, "db", "10.0.14393", "h3", NULL);
    docket_machine(docket, "fs", "10.0.14393");
    docket_volume(docket, "d", "fs", "NTFS");
    docket_scan(docket);
    assert_true(sql_open(&sql, docket->world->path, SQLITE_OPEN_READONLY, &docket->world->err));
    assert_read_with(docket, &sql, "web", (const char *const[]){ "h1", "c1", "h2", NULL });
    assert_read_with(docket, &sql, "fs", (const char *const[]){ "d", NULL });
    sql_close(&sql);
}

static void only_what_the_judge_follows_is_noted(void **state)
{
    static const struct thing_tie ties[] = {
        { .relation = "member_of", .outward = false, .far = 4 }, { .relation = "part_of", .outward = false, .far = 9 },
        { .relation = "protects", .outward = true, .far = 5 },   { .relation = "runs_on", .outward = true, .far = 0 },
        { .relation = "runs_on", .outward = true, .far = 7 },    { .relation = "runs_on", .outward = false, .far = 6 },
        { .relation = "stored_on", .outward = true, .far = 8 },
    };
    const struct thing thing = { .id = 1, .ties = ties, .tie_count = sizeof ties / sizeof *ties };
    number_vec fars = VEC_EMPTY;

    (void)state;
    things_ahead_note(&fars, &thing);
    numbers_order(&fars);
    assert_int_equal(fars.count, 3);
    assert_int_equal(fars.items[0], 4);
    assert_int_equal(fars.items[1], 7);
    assert_int_equal(fars.items[2], 9);
    vec_finish(&fars);
}

static void of_a_crowd_only_the_first_are_noted(void **state)
{
    static struct thing_tie ties[THINGS_AHEAD_TIES + 10];
    const struct thing cluster = { .id = 1, .ties = ties, .tie_count = sizeof ties / sizeof *ties };
    number_vec fars = VEC_EMPTY;

    (void)state;
    for (size_t i = 0; i < cluster.tie_count; i++)
        ties[i] = (struct thing_tie){ .relation = "member_of", .far = (int64_t)i + 10 };
    things_ahead_note(&fars, &cluster);
    assert_int_equal(fars.count, THINGS_AHEAD_TIES);
    vec_finish(&fars);
}

static void numbers_close_together_are_one_range(void **state)
{
    static const int64_t given[] = { 3, 4, 6, 20, 30, 31 };
    static const int64_t wanted[][2] = { { 3, 6 }, { 20, 20 }, { 30, 31 } };
    number_vec fars = VEC_EMPTY;
    size_t at = 0, ranges = 0;
    int64_t low, high;

    (void)state;
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        vec_push(&fars, given[i]);
    for (; things_ahead_next(&fars, &at, &low, &high); ranges++) {
        assert_true(ranges < 3);
        assert_int_equal(low, wanted[ranges][0]);
        assert_int_equal(high, wanted[ranges][1]);
    }
    assert_int_equal(ranges, 3);
    vec_finish(&fars);
    at = 0;
    assert_false(things_ahead_next(&fars, &at, &low, &high));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_a_machine_leads_to_is_read_with_it, docket_open, docket_close),
        cmocka_unit_test(only_what_the_judge_follows_is_noted),
        cmocka_unit_test(of_a_crowd_only_the_first_are_noted),
        cmocka_unit_test(numbers_close_together_are_one_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
