#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "torture.h"

#include "sql.h"
#include "state.h"

static bool fill_with(struct sql *sql, void *context, struct err *err)
{
    (void)context;
    return sql_run(sql,
                   "INSERT INTO scope (id, name) VALUES (1, 'a');"
                   "INSERT INTO target (id, name, plugin, scope, every_ms) VALUES (1, 'a', 'file', 1, 1000);"
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)"
                   "INSERT INTO asset (id, kind, name, created_at) SELECT i, 'vm', 'vm-' || i, 1 FROM n;"
                   "INSERT INTO item (id, scope, kind, key, asset, name, facts, appeared_at, changed_at)"
                   " SELECT id, 1, kind, name, id, name, printf('{\"x\":\"%.500c\"}', 'y'), 1, 1 FROM asset;"
                   "INSERT INTO sighting (target, identity, hash, item) SELECT 1, name, x'00', id FROM item",
                   err);
}

static void fill(struct store *store, void *context)
{
    assert_true(store_transaction(store, fill_with, context, NULL));
}

static bool write_much(struct sql *sql, void *context, struct err *err)
{
    (void)context;
    return sql_run(sql,
                   "UPDATE item SET facts = '{}' WHERE id % 2 = 0;"
                   "DELETE FROM sighting WHERE item % 3 = 0;"
                   "INSERT INTO meta (name, value) VALUES ('large', printf('%.100000c', 'x'))",
                   err);
}

static bool transact(struct store *store, void *context, struct err *err)
{
    return store_transaction(store, write_much, context, err);
}

static void a_transaction_is_whole_or_not_there_whichever_call_fails(void **state)
{
    (void)state;
    torture_run(&(struct torture){ .prepare = fill, .operation = transact }, 50);
}

static bool retire(struct store *store, void *context, struct err *err)
{
    struct state_target target = { .name = "b", .plugin = "file", .scope = "b", .every_ms = 1000 };

    (void)context;
    return state_apply(store, &target, 1, 5000, err);
}

static void a_configuration_is_applied_whole_or_not_whichever_call_fails(void **state)
{
    (void)state;
    torture_run(&(struct torture){ .prepare = fill, .operation = retire }, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_transaction_is_whole_or_not_there_whichever_call_fails),
        cmocka_unit_test(a_configuration_is_applied_whole_or_not_whichever_call_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
