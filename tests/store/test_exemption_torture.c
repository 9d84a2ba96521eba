/* Whatever fails in between: an exemption, its end and a retirement are there as a whole, with the findings and the
 * action log, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "charter.h"
#include "commit.h"
#include "exemption_act.h"
#include "exemption_tick.h"
#include "retire.h"
#include "sql.h"
#include "torture.h"

#define EPOCH INT64_C(1700000000000)
#define UNTIL (EPOCH + INT64_C(100000000))

static const struct actor ada = { 1000, "ada" };

static bool add_target(struct sql *sql, void *context, struct err *err)
{
    (void)context;
    return sql_run(sql,
                   "INSERT INTO scope (name) VALUES ('hv');"
                   "INSERT INTO target (name, plugin, scope, every_ms) VALUES ('hv', 'hyperv', 1, 60000)",
                   err);
}

/* So many machines, which the matrix does not let protect. */
static bool scan(struct store *store, const struct basis *basis, int machines, enum completeness completeness,
                 int64_t at, struct err *err)
{
    struct batch batch;
    struct arena arena;
    struct commit commit = { .target = 1, .good = true, .completeness = completeness, .batch = &batch, .basis = basis };
    struct commit_result result;
    bool good;

    batch_init(&batch);
    arena_init(&arena, ARENA_PLAIN);
    for (int i = 0; i < machines; i++) {
        struct item item;

        item_init(&item, &arena, "machine", arena_format(&arena, "m%d", i));
        item_set_text(&item, "os.build", "6.0.6002", NULL);
        item_set_text(&item, "hardware.manufacturer", "Dell Inc.", NULL);
        batch_add_item(&batch, &item, item_hash(&item));
    }
    commit.started_at = at;
    commit.ended_at = at + 1000;
    good = commit_run(store, &commit, &result, err);
    arena_finish(&arena);
    batch_finish(&batch);
    return good;
}

/* Three machines, of which the last was not seen any more. */
static void fill(struct store *store, void *context)
{
    const struct charter *charter = context;
    struct err err;

    assert_true(store_transaction(store, add_target, NULL, &err));
    assert_true(scan(store, &charter->basis, 3, COMPLETE, EPOCH, &err));
    assert_true(scan(store, &charter->basis, 2, PARTIAL, EPOCH + 2000, &err));
}

static bool make(struct store *store, void *context, struct err *err)
{
    const struct exemption_wish wishes[] = {
        { .selector = { .asset = 1 }, .reason = "one", .until_at = UNTIL },
        { .selector = { .version = "Windows Server 2008*" }, .reason = "all", .until_at = UNTIL },
    };
    struct exemption_result results[2];

    (void)context;
    return exemption_make(store, &(struct exemption_wishes){ wishes, NULL, 2 }, &ada, EPOCH + 10000, results, err);
}

static void fill_and_make(struct store *store, void *context)
{
    struct err err;

    fill(store, context);
    assert_true(make(store, NULL, &err));
}

static bool end(struct store *store, void *context, struct err *err)
{
    (void)context;
    return exemption_end(store, 2, "over", &ada, EPOCH + 20000, err);
}

static bool tick_in(struct sql *sql, void *context, struct err *err)
{
    const struct occasion occasion = { .batch = "clock" };
    int64_t next = INT64_MAX;

    (void)context;
    return exemption_tick(sql, &occasion, UNTIL, &next, err);
}

static bool tick(struct store *store, void *context, struct err *err)
{
    return store_transaction(store, tick_in, context, err);
}

static bool retire(struct store *store, void *context, struct err *err)
{
    struct retire_result result;

    (void)context;
    return retire_asset(store, 3, "scrapped", &ada, EPOCH + 20000, &result, err);
}

static void run(void (*prepare)(struct store *store, void *context),
                bool (*operation)(struct store *store, void *context, struct err *err), const char *proof)
{
    struct charter charter;

    charter_init(&charter);
    torture_run(
        &(struct torture){
            .prepare = prepare, .operation = operation, .context = &charter, .proof = proof, .whole = true },
        10);
    charter_finish(&charter);
}

static void exemptions_are_made_as_a_whole(void **state)
{
    (void)state;
    run(fill, make,
        "SELECT (SELECT count(*) FROM finding WHERE exempt = 1) = 3 AND (SELECT count(*) FROM action) = 2"
        " AND (SELECT sum(covered) FROM exemption) = 4");
}

static void one_is_ended_as_a_whole(void **state)
{
    (void)state;
    run(fill_and_make, end,
        "SELECT (SELECT count(*) FROM finding WHERE exempt = 1) = 1 AND (SELECT count(*) FROM action) = 3"
        " AND (SELECT count(*) FROM event) = 5");
}

static void they_expire_as_a_whole(void **state)
{
    (void)state;
    run(fill_and_make, tick,
        "SELECT (SELECT count(*) FROM finding WHERE exempt = 1) = 0 AND (SELECT count(*) FROM event WHERE what ="
        " 'exemption.expired') = 2");
}

static void an_asset_is_retired_as_a_whole(void **state)
{
    (void)state;
    run(fill, retire,
        "SELECT (SELECT count(*) FROM finding WHERE state = 'retired') = 1 AND (SELECT count(*) FROM action) = 1"
        " AND (SELECT count(*) FROM item WHERE gone_at IS NOT NULL) = 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exemptions_are_made_as_a_whole),
        cmocka_unit_test(one_is_ended_as_a_whole),
        cmocka_unit_test(they_expire_as_a_whole),
        cmocka_unit_test(an_asset_is_retired_as_a_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
