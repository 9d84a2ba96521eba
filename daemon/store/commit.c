#include "commit.h"

#include "admission.h"
#include "judging.h"
#include "loss.h"
#include "notes.h"
#include "sighting.h"
#include "state.h"
#include "store.h"
#include "target_row.h"
#include "tidings.h"
#include "unit.h"
#include "work.h"

/* The order matters: what is missing is judged before what is new counts as had, and times of sight are read before
 * the target's row tells the new ones. */
static bool take_batch(struct work *work, struct err *err)
{
    struct sightings sightings = SIGHTINGS_EMPTY;
    bool good = sightings_compare(work, &sightings, err) && loss_settle(work, &sightings, err) &&
                admission_items(work, &sightings, err) && notes_warnings(work, err) && notes_offers(work, err);

    sightings_finish(&sightings);
    return good;
}

static bool write_run(struct work *work, struct err *err)
{
    const struct commit *commit = work->commit;
    const struct work_journal journal = {
        .kind = "scan",
        .result = target_row_result(commit),
        .message = target_row_message(commit),
        .started_at = commit->started_at,
        .ended_at = commit->ended_at,
        .items = commit->items,
        .warnings = commit->warnings,
        .bytes = commit->bytes,
        .wall_ms = commit->wall_ms,
        .cpu_us = commit->cpu_us,
        .peak_kb = commit->peak_kb,
    };

    return work_write(work, &journal, commit->identities, err);
}

static bool sweeps(const struct commit *commit)
{
    return commit->good && commit->completeness != PARTIAL;
}

static bool save_credential(struct work *work, struct err *err)
{
    const struct commit *commit = work->commit;

    return commit->credential == NULL || commit->credential_state == NULL ||
           state_write_credential(work->sql, commit->credential, commit->credential_state, work->at, err);
}

static bool judge(struct work *work, const struct basis *basis, struct err *err)
{
    struct occasion occasion = { .journal = work->result->journal, .target = work->target.id };

    if (work->touched.count == 0)
        return true;
    if (work->commit != NULL && work->target.succeeded_at == 0)
        occasion.batch = arena_format(&work->arena, "first %lld", (long long)work->target.id);
    return judging_update(work->sql, basis, &occasion, work->at, work->touched.items, work->touched.count, err) &&
           judging_waits(work->sql, &work->result->unjudged, err);
}

static bool do_run(struct work *work, struct err *err)
{
    const struct commit *commit = work->commit;

    return target_row_load(work, commit->target, err) && (!commit->good || take_batch(work, err)) &&
           target_row_save(work, err) && (!sweeps(commit) || loss_sweep(work, err)) && write_run(work, err) &&
           judge(work, commit->basis, err) && tidings_of_run(work, err) && save_credential(work, err);
}

struct run {
    const struct commit *commit;
    struct commit_result *result;
};

static bool run_in(struct sql *sql, void *context, struct err *err)
{
    const struct run *run = context;
    struct work work;
    bool good;

    work_init(&work, sql, run->result, run->commit->ended_at);
    work.commit = run->commit;
    good = do_run(&work, err);
    work_finish(&work);
    return good;
}

bool commit_run(struct store *store, const struct commit *commit, struct commit_result *result, struct err *err)
{
    struct run run = { commit, result };

    if (store_transaction(store, run_in, &run, err))
        return true;
    *result = (struct commit_result){ 0 };
    return false;
}

/* --------------------------------------------------------------------------------------------------- accepting ---- */

struct acceptance {
    int64_t target, now;
    const struct actor *by;
    struct commit_result *result;
};

static bool write_acceptance(struct work *work, const struct acceptance *acceptance, size_t count, struct err *err)
{
    char removals[COUNT_TEXT_SIZE];
    const struct work_journal journal = {
        .kind = "accept",
        .result = "accepted",
        .message = arena_format(&work->arena, "%s let %s happen", acceptance->by->name,
                                count_text(count, "removal", removals)),
        .started_at = acceptance->now,
        .ended_at = acceptance->now,
    };

    return target_row_save_held(work, err) && loss_sweep(work, err) && work_write(work, &journal, NULL, err) &&
           judge(work, NULL, err) && tidings_of_removals(work, err);
}

static bool log_acceptance(struct work *work, const struct acceptance *acceptance, size_t count, const char *why,
                           struct err *err)
{
    char removals[COUNT_TEXT_SIZE], items[COUNT_TEXT_SIZE];
    const struct action action = {
        .at = acceptance->now,
        .by = *acceptance->by,
        .what = "accept",
        .subject = work->target.name,
        .before = arena_format(&work->arena, "%s waited: %s", count_text(count, "removal", removals), why),
        .after = arena_format(&work->arena, "let through: %s gone", count_text(work->result->gone, "item", items)),
        .result = "done",
        .message = "",
    };

    return action_write(work->sql, &action, err);
}

static bool do_accept(struct work *work, const struct acceptance *acceptance, struct err *err)
{
    struct sightings sightings = SIGHTINGS_EMPTY;
    bool good = target_row_load(work, acceptance->target, err) && sightings_held(work, &sightings, err);
    const char *why = work->target.held_why;

    if (good && sightings.missing.count > 0)
        good = loss_accept(work, &sightings, err) && write_acceptance(work, acceptance, sightings.missing.count, err) &&
               log_acceptance(work, acceptance, sightings.missing.count, why, err);
    sightings_finish(&sightings);
    return good;
}

static bool accept_in(struct sql *sql, void *context, struct err *err)
{
    const struct acceptance *acceptance = context;
    struct work work;
    bool good;

    work_init(&work, sql, acceptance->result, acceptance->now);
    good = do_accept(&work, acceptance, err);
    work_finish(&work);
    return good;
}

bool commit_accept(struct store *store, int64_t target, const struct actor *by, int64_t now,
                   struct commit_result *result, struct err *err)
{
    struct acceptance acceptance = { target, now, by, result };

    if (store_transaction(store, accept_in, &acceptance, err))
        return true;
    *result = (struct commit_result){ 0 };
    return false;
}
