/* Scans, acceptances and configurations while every write, sync, open and read of the database fails in turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "torture.h"

#include "arena.h"
#include "batch.h"
#include "commit.h"
#include "state.h"

#include <stdio.h>

#define EPOCH INT64_C(1700000000000)
#define MINUTE INT64_C(60000)

enum { HV1 = 1, HV2, FARM }; /* the targets' numbers, in the order in which they are configured */

/* ------------------------------------------------------------------------------------------------- the fleet ---- */

/* Which virtual machines a scan sees, and how they look. */
struct view {
    int64_t target;
    int first, count; /* keys vm-first ... */
    const char *host; /* of the scope, where they run */
    int renamed;      /* so many, from the first on, have another name */
    int unread;       /* of so many, from the last on, the guest was not read */
    int64_t at;       /* minutes since the epoch */
};

static void add_vm(struct batch *batch, struct arena *arena, const struct view *view, int number)
{
    bool renamed = number < view->first + view->renamed;
    bool unread = number >= view->first + view->count - view->unread;
    struct item item;
    char text[64];

    snprintf(text, sizeof text, "vm-%d", number);
    item_init(&item, arena, "vm", arena_text(arena, text));
    item_set_text(&item, "id.name", arena_format(arena, "%s %d", renamed ? "renamed" : "name", number), NULL);
    item_set_text(&item, "id.uuid", arena_format(arena, "4c4c4544-0042-4a10-8054-%012d", number), NULL);
    if (unread)
        item_unread(&item, "guest.", "it is switched off", NULL);
    else
        item_set_text(&item, "guest.fqdn", arena_format(arena, "vm-%d.example.net", number), NULL);
    item_link(&item, &(struct link){ "runs_on", "hyperv_host", view->host, NULL, NULL }, NULL);
    batch_add_item(batch, &item, item_hash(&item));
}

static void add_host(struct batch *batch, struct arena *arena, const char *host)
{
    struct item item;

    item_init(&item, arena, "hyperv_host", host);
    item_set_text(&item, "id.name", host, NULL);
    batch_add_item(batch, &item, item_hash(&item));
}

static void fill_batch(struct batch *batch, struct arena *arena, const struct view *view)
{
    add_host(batch, arena, view->host);
    for (int i = 0; i < view->count; i++)
        add_vm(batch, arena, view, view->first + i);
    for (int i = 0; i < view->unread; i++)
        batch_add_warning(batch, &(struct message_warning){ .kind = "vm", .text = "one guest could not be read" });
    batch_add_offer(batch, &(struct message_offer){ .plugin = "sql", .host = view->host, .evidence = "it said so" });
}

static bool scan(struct store *store, const struct view *view, struct err *err)
{
    const struct schedule_state state = { .started_at = EPOCH + view->at * MINUTE };
    struct batch batch;
    struct arena arena;
    struct commit_result result;
    struct commit commit = {
        .target = view->target,
        .good = true,
        .completeness = COMPLETE,
        .batch = &batch,
        .started_at = state.started_at,
        .ended_at = state.started_at + 1000,
        .state = &state,
    };
    bool good;

    batch_init(&batch);
    arena_init(&arena, ARENA_PLAIN);
    fill_batch(&batch, &arena, view);
    commit.items = batch.items.count;
    commit.warnings = batch.warnings.count;
    good = commit_run(store, &commit, &result, err);
    batch_finish(&batch);
    arena_finish(&arena);
    return good;
}

/* A cluster of two hosts, and a farm that sees the first host's machines under its own scope: they are joined. */
static void configure(struct store *store)
{
    struct state_target targets[] = {
        { .name = "hv1", .plugin = "hyperv", .scope = "cluster", .every_ms = 60000 },
        { .name = "hv2", .plugin = "hyperv", .scope = "cluster", .every_ms = 60000 },
        { .name = "farm", .plugin = "vmware", .scope = "farm", .credential = "scan", .every_ms = 60000 },
    };

    assert_true(state_apply(store, targets, sizeof targets / sizeof *targets, EPOCH, NULL));
    assert_int_equal(targets[2].id, FARM);
}

static void see(struct store *store, const struct view *view)
{
    struct err err;

    if (!scan(store, view, &err))
        fail_msg("%s", err.text);
}

static const struct view first_of_hv1 = { .target = HV1, .first = 0, .count = 30, .host = "hv1", .unread = 3, .at = 1 };
static const struct view first_of_hv2 = { .target = HV2, .first = 30, .count = 20, .host = "hv2", .at = 2 };
static const struct view first_of_farm = { .target = FARM, .first = 0, .count = 20, .host = "esx", .at = 3 };

static void load_nothing(struct store *store, void *context)
{
    (void)context;
    configure(store);
    see(store, &first_of_farm);
}

static void load_all(struct store *store, void *context)
{
    (void)context;
    configure(store);
    see(store, &first_of_hv1);
    see(store, &first_of_hv2);
    see(store, &first_of_farm);
}

/* -------------------------------------------------------------------------------------------- what is tortured ---- */

static bool do_scan(struct store *store, void *context, struct err *err)
{
    return scan(store, context, err);
}

static void the_first_scan_of_a_target_is_there_wholly_or_not(void **state)
{
    struct view view = first_of_hv1;

    (void)state;
    torture_run(&(struct torture){ .prepare = load_nothing,
                                   .operation = do_scan,
                                   .context = &view,
                                   .whole = true,
                                   .proof = "SELECT appeared = 31 AND (SELECT count(*) FROM warning) = 3"
                                            " AND (SELECT count(DISTINCT asset) FROM item) = 32"
                                            " AND (SELECT count(*) FROM history WHERE what = 'joined') > 0"
                                            " FROM journal ORDER BY id DESC LIMIT 1" },
                200);
}

/* hv2 takes ten machines over from hv1, has lost four, shows two under other names, cannot read five guests. */
static void a_scan_that_changes_moves_and_removes_does_all_of_it_or_nothing(void **state)
{
    struct view view = { .target = HV2, .first = 24, .count = 22, .host = "hv2", .renamed = 8, .unread = 5, .at = 10 };

    (void)state;
    torture_run(&(struct torture){ .prepare = load_all,
                                   .operation = do_scan,
                                   .context = &view,
                                   .whole = true,
                                   .proof =
                                       "SELECT changed = 8 AND moved = 6 AND (SELECT count(*) FROM item"
                                       " WHERE lost_at IS NOT NULL AND gone_at IS NULL) = 4"
                                       " AND (SELECT count(*) FROM unread) = 5 FROM journal ORDER BY id DESC LIMIT 1" },
                200);
}

static void lose_some(struct store *store, void *context)
{
    load_all(store, context);
    see(store, &(struct view){ .target = HV2, .first = 30, .count = 16, .host = "hv2", .at = 10 });
}

static void what_another_target_lost_is_gone_wholly_or_not(void **state)
{
    struct view view = first_of_hv1;

    (void)state;
    view.at = 20;
    torture_run(&(struct torture){ .prepare = lose_some,
                                   .operation = do_scan,
                                   .context = &view,
                                   .whole = true,
                                   .proof = "SELECT gone = 4 FROM journal ORDER BY id DESC LIMIT 1" },
                100);
}

static const struct view empty_farm = { .target = FARM, .host = "esx", .at = 10 };

static void a_removal_waits_wholly_or_not(void **state)
{
    struct view view = empty_farm;

    (void)state;
    torture_run(&(struct torture){ .prepare = load_all,
                                   .operation = do_scan,
                                   .context = &view,
                                   .whole = true,
                                   .proof = "SELECT held = 20 AND gone = 0 FROM journal ORDER BY id DESC LIMIT 1" },
                50);
}

static void hold_removals(struct store *store, void *context)
{
    load_all(store, context);
    see(store, &empty_farm);
}

static bool do_accept(struct store *store, void *context, struct err *err)
{
    struct commit_result result;

    (void)context;
    return commit_accept(store, FARM, &(struct actor){ 1000, "uid 1000" }, EPOCH + 20 * MINUTE, &result, err);
}

static void removals_are_accepted_all_or_none(void **state)
{
    (void)state;
    torture_run(&(struct torture){ .prepare = hold_removals,
                                   .operation = do_accept,
                                   .whole = true,
                                   .proof = "SELECT gone = 20 AND (SELECT sum(held) FROM sighting) = 0"
                                            " AND (SELECT count(*) FROM action) = 1"
                                            " FROM journal ORDER BY id DESC LIMIT 1" },
                100);
}

static bool do_fail(struct store *store, void *context, struct err *err)
{
    const struct schedule_state state = { .attempts = 1, .started_at = EPOCH + 10 * MINUTE };
    const struct credential_state credential = {
        .word = CREDENTIAL_HELD,
        .attempts = 1,
        .held_at = EPOCH,
        .retry_at = EPOCH + MINUTE,
        .target = "farm",
    };
    struct commit_result result;
    const struct commit commit = {
        .target = FARM,
        .class = ERR_DENIED,
        .message = "the password was refused",
        .started_at = state.started_at,
        .ended_at = state.started_at + 1000,
        .state = &state,
        .credential = "scan",
        .credential_state = &credential,
    };

    (void)context;
    return commit_run(store, &commit, &result, err);
}

/* A hold without its target's failure, or the failure without the hold, would be another attempt after a restart. */
static void a_failure_and_the_hold_that_it_brings_are_remembered_together(void **state)
{
    (void)state;
    torture_run(&(struct torture){ .prepare = load_all,
                                   .operation = do_fail,
                                   .whole = true,
                                   .proof = "SELECT t.result = 'denied' AND t.attempts = 1 AND c.state = 'held'"
                                            " FROM target t JOIN credential c ON c.name = t.credential" },
                10);
}

/* hv1 goes, hv2 leaves the cluster for a scope of its own under another name, one is new. */
static bool do_retire(struct store *store, void *context, struct err *err)
{
    struct state_target targets[] = {
        { .name = "alone", .was = "hv2", .plugin = "hyperv", .scope = "alone", .every_ms = 60000 },
        { .name = "farm", .plugin = "vmware", .scope = "farm", .credential = "scan", .every_ms = 60000 },
        { .name = "new", .plugin = "file", .scope = "new", .every_ms = 60000 },
    };

    (void)context;
    return state_apply(store, targets, sizeof targets / sizeof *targets, EPOCH + 10 * MINUTE, err);
}

static void a_configuration_that_retires_and_moves_does_both_or_nothing(void **state)
{
    (void)state;
    torture_run(&(struct torture){ .prepare = load_all,
                                   .operation = do_retire,
                                   .whole = true,
                                   .proof = "SELECT gone = 31 AND message = 'targets: 1 added, 1 renamed, 0 changed, 1"
                                            " retired' FROM journal ORDER BY id DESC LIMIT 1" },
                100);
}

static void grow_old(struct store *store, void *context)
{
    struct err err;

    load_all(store, context);
    assert_true(do_retire(store, context, &err));
}

static bool do_forget(struct store *store, void *context, struct err *err)
{
    bool more;

    (void)context;
    return state_forget(store, EPOCH + 20 * MINUTE, 1000, &more, err);
}

static void what_is_old_is_forgotten_wholly_or_not(void **state)
{
    (void)state;
    torture_run(&(struct torture){ .prepare = grow_old,
                                   .operation = do_forget,
                                   .whole = true,
                                   .proof = "SELECT (SELECT count(*) FROM history) = 0 AND count(*) = 42"
                                            " AND sum(gone_at IS NOT NULL) = 0 FROM item" },
                100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_scan_of_a_target_is_there_wholly_or_not),
        cmocka_unit_test(a_scan_that_changes_moves_and_removes_does_all_of_it_or_nothing),
        cmocka_unit_test(what_another_target_lost_is_gone_wholly_or_not),
        cmocka_unit_test(a_removal_waits_wholly_or_not),
        cmocka_unit_test(removals_are_accepted_all_or_none),
        cmocka_unit_test(a_failure_and_the_hold_that_it_brings_are_remembered_together),
        cmocka_unit_test(a_configuration_that_retires_and_moves_does_both_or_nothing),
        cmocka_unit_test(what_is_old_is_forgotten_wholly_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
