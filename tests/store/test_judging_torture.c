/* Whatever fails in between: verdicts are those of before, or all of those after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "charter.h"
#include "commit.h"
#include "sql.h"
#include "torture.h"

#include <stdio.h>

#define EPOCH INT64_C(1700000000000)

static bool add_target(struct sql *sql, void *context, struct err *err)
{
    (void)context;
    return sql_run(sql,
                   "INSERT INTO scope (name) VALUES ('hv');"
                   "INSERT INTO target (name, plugin, scope, every_ms) VALUES ('hv', 'hyperv', 1, 60000)",
                   err);
}

static void add_item(struct batch *batch, struct arena *arena, const char *kind, const char *key, const char *fact,
                     const char *build)
{
    struct item item;

    item_init(&item, arena, kind, key);
    item_set_text(&item, fact, build, NULL);
    if (kind[0] == 'v')
        item_link(&item, &(struct link){ "runs_on", "hyperv_host", "h1", NULL, NULL }, NULL);
    batch_add_item(batch, &item, item_hash(&item));
}

/* The host and its machines, judged with the scan. */
static bool scan(struct store *store, const struct basis *basis, const char *build, int64_t at, struct err *err)
{
    struct batch batch;
    struct arena arena;
    struct commit commit = { .target = 1, .good = true, .completeness = COMPLETE, .batch = &batch, .basis = basis };
    struct commit_result result;
    bool good;

    batch_init(&batch);
    arena_init(&arena, ARENA_PLAIN);
    add_item(&batch, &arena, "hyperv_host", "h1", "os.build", build);
    for (int i = 0; i < 6; i++)
        add_item(&batch, &arena, "vm", arena_format(&arena, "vm-%d", i), "guest.build", "10.0.14393");
    commit.started_at = at;
    commit.ended_at = at + 1000;
    good = commit_run(store, &commit, &result, err);
    arena_finish(&arena);
    batch_finish(&batch);
    return good;
}

static void fill(struct store *store, void *context)
{
    const struct charter *charter = context;
    struct err err;

    assert_true(store_transaction(store, add_target, NULL, &err));
    assert_true(scan(store, &charter->basis, "10.0.14393", EPOCH, &err));
}

static bool change_host(struct store *store, void *context, struct err *err)
{
    const struct charter *charter = context;

    return scan(store, &charter->basis, "6.0.6002", EPOCH + 60000, err);
}

static void a_scan_that_changes_verdicts_is_whole(void **state)
{
    struct charter charter;

    (void)state;
    charter_init(&charter);
    torture_run(&(struct torture){ .prepare = fill,
                                   .operation = change_host,
                                   .context = &charter,
                                   .proof = "SELECT count(*) = 6 FROM protection WHERE verdict = 'unsupported' AND"
                                            " method = 'image'",
                                   .whole = true },
                20);
    charter_finish(&charter);
}

static bool judge_anew(struct store *store, void *context, struct err *err)
{
    struct charter *charter = context;
    struct rejudge_result result;
    bool good;

    charter_use(charter, "mabs-v1");
    good = rejudge_slice(store, &charter->basis, EPOCH + 60000, 100, false, &result, err);
    charter_use(charter, "mabs-v2");
    return good;
}

static void a_slice_is_whole(void **state)
{
    struct charter charter;

    (void)state;
    charter_init(&charter);
    torture_run(&(struct torture){ .prepare = fill,
                                   .operation = judge_anew,
                                   .context = &charter,
                                   .proof = "SELECT count(*) = 0 FROM protection WHERE product = 'mabs-v2'",
                                   .whole = true },
                20);
    charter_finish(&charter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scan_that_changes_verdicts_is_whole),
        cmocka_unit_test(a_slice_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
