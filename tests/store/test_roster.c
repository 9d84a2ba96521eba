/* The rows of guard, turned round. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "roster.h"
#include "sql.h"
#include "world.h"

/* JUDGEMENTS judgements said of so many assets each as their number modulo 5, all mixed. */
#define JUDGEMENTS 9000
#define FILL                                                                                                           \
    "PRAGMA foreign_keys = OFF; WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 44999)"       \
    " INSERT INTO guard (asset, judgement, basis, since_at) SELECT 50000 - n, n % 9000 + 1, 1, 1 FROM n"               \
    " WHERE n / 9000 < (n % 9000 + 1) % 5"

static void read_roster(struct test_world *world, struct roster *roster)
{
    struct sql sql;

    assert_true(sql_open(&sql, world->path, SQLITE_OPEN_READONLY, &world->err));
    assert_true(roster_read(roster, &sql, ROSTER_ASSETS, &world->err));
    sql_close(&sql);
}

static void each_judgement_has_its_assets(void **state)
{
    struct test_world *world = *state;
    number_vec assets = VEC_EMPTY;
    struct roster roster;

    world_run(world, FILL);
    read_roster(world, &roster);
    for (int64_t judgement = 1; judgement <= JUDGEMENTS; judgement++) {
        assert_int_equal(roster_count(&roster, judgement), judgement % 5);
        vec_clear(&assets);
        roster_gather(&roster, judgement, &assets);
        numbers_order(&assets);
        assert_int_equal(assets.count, judgement % 5);
        for (size_t i = 0; i < assets.count; i++)
            assert_int_equal(assets.items[i], 50001 - judgement - JUDGEMENTS * (judgement % 5 - 1 - (int64_t)i));
    }
    vec_finish(&assets);
    roster_finish(&roster);
}

static void what_is_said_of_nobody_has_none(void **state)
{
    struct test_world *world = *state;
    number_vec assets = VEC_EMPTY;
    struct roster roster;

    read_roster(world, &roster);
    assert_int_equal(roster_count(&roster, 1), 0);
    roster_gather(&roster, 1, &assets);
    assert_int_equal(assets.count, 0);
    roster_finish(&roster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_judgement_has_its_assets, world_open, world_close),
        cmocka_unit_test_setup_teardown(what_is_said_of_nobody_has_none, world_open, world_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
