#include "commit_job.h"

#include "clock.h"
#include "commit.h"
#include "delivery.h"
#include "fleet.h"
#include "handback.h"
#include "log.h"
#include "mem.h"
#include "rejudge.h"
#include "state.h"
#include "unit.h"

#include <malloc.h>
#include <stdlib.h>

#define LARGE_BATCH ((size_t)2 << 20)

/* One run's result: everything the worker reads is its own. */
struct commit_job {
    struct job job;
    struct target *target;
    struct origin *origin; /* of the run; NULL: it could not begin */
    bool keeps;            /* its token comes into force */
    bool owing;            /* there is a token that has to be given back where it does not come into force */
    struct commit commit;
    struct commit_result result;
    struct schedule_state state;
    struct credential_state credential_state;
    struct batch batch;
    struct rules *rules;
    struct budget_share *share; /* NULL where there is no batch to speak of */
    char *message, *credential;
};

static bool run(struct job *job, struct store *store, struct err *err)
{
    struct commit_job *self = (struct commit_job *)(void *)job;

    self->result = (struct commit_result){ 0 };
    return commit_run(store, &self->commit, &self->result, err);
}

/* ----------------------------------------------------------------------------------------------- afterwards ---- */

static const char *completeness_word(enum completeness completeness)
{
    static const char *const words[] = { [COMPLETE] = "complete", [DELTA] = "delta", [PARTIAL] = "partial" };

    return words[completeness];
}

static const char *result_word(const struct commit *commit)
{
    return commit->good ? completeness_word(commit->completeness) : err_class_word(commit->class);
}

static void log_result(const struct commit_job *self)
{
    const struct commit_result *result = &self->result;
    const char *name = self->target->name;
    char items[COUNT_TEXT_SIZE], warnings[COUNT_TEXT_SIZE];

    if (!self->commit.good)
        return;
    if (result->held > 0)
        log_warning("%s: %s; nothing is removed until somebody says: muster accept %s", name, result->held_why, name);
    log_write(result->journal == 0 ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO,
              "%s: %s, %s: %llu appeared, %llu changed, %llu moved, %llu gone, %s", name, result_word(&self->commit),
              count_text(self->commit.items, "item", items), (unsigned long long)result->appeared,
              (unsigned long long)result->changed, (unsigned long long)result->moved, (unsigned long long)result->gone,
              count_text(self->commit.warnings, "warning", warnings));
}

/* What the target sees now. Only a complete scan sends all of it. */
static uint64_t seen(const struct commit_job *self)
{
    const struct commit_result *result = &self->result;
    uint64_t there = self->target->last.items + result->appeared;

    if (self->commit.completeness == COMPLETE)
        return self->commit.items;
    return there > result->gone ? there - result->gone : 0;
}

static void keep_result(struct commit_job *self)
{
    struct target *target = self->target;
    const struct commit *commit = &self->commit;

    if (commit->good) {
        target->last.items = seen(self);
        target->last.held = self->result.held;
    }
    target_set_last(target, result_word(commit), self->message, commit->started_at, commit->ended_at);
}

/* A token is in force from its scan's commit on, for a target that is still as it was then. */
static void settle_token(struct commit_job *self, bool stored)
{
    struct target *target = self->target;
    struct token token = { 0 };

    if (!self->commit.good)
        return;
    target->fleet->owing -= self->owing;
    token_set(&token, self->batch.token.bytes, self->batch.token.size);
    if (stored && self->keeps && self->origin == target->origin && !target->fleet->stopping)
        target_set_token(target, &token);
    else
        handback_order(target->fleet, self->origin, &token);
}

static void tell(struct commit_job *self, bool stored, const struct err *err)
{
    const struct commit *commit = &self->commit;
    const struct news news = {
        .kind = NEWS_ENDED,
        .good = stored && commit->good && commit->class == ERR_NONE,
        .result = stored ? result_word(commit) : "not stored",
        .message = stored ? self->message : err->text,
        .commit = stored && commit->good ? &self->result : NULL,
        .wall_ms = commit->wall_ms,
    };

    target_tell(self->target, RUN_SCAN, &news);
}

/* What a large scan took lies in pieces between others that stay, and the allocator keeps such pages for good. */
static void finish_batch(struct batch *batch)
{
    bool large = batch_bytes(batch) >= LARGE_BATCH;

    batch_finish(batch);
    if (large)
        malloc_trim(0);
}

static void destroy(struct commit_job *self)
{
    finish_batch(&self->batch);
    origin_release(self->origin);
    budget_close(self->share);
    rules_release(self->rules);
    free(self->message);
    free(self->credential);
    free(self);
}

static void done(struct job *job, bool good, const struct err *err)
{
    struct commit_job *self = (struct commit_job *)(void *)job;
    struct target *target = self->target;
    struct fleet *fleet = target->fleet;

    target->committing--;
    if (good) {
        keep_result(self);
        log_result(self);
        if (self->result.unjudged)
            rejudge_start(fleet->rejudge);
        delivery_wake(fleet->delivery);
    } else if (!target->removed) {
        log_error("%s: what its scan brought could not be stored: %s", target->name, err->text);
    }
    settle_token(self, good);
    tell(self, good, err);
    destroy(self);
    if (fleet->once)
        target->removed = true;
    fleet_release(fleet, target);
}

/* ------------------------------------------------------------------------------------------------- beforehand ---- */

static struct commit_job *create(struct target *target, const char *message)
{
    struct commit_job *self = mem_new(1, sizeof *self);
    struct fleet *fleet = target->fleet;

    self->job.run = run;
    self->job.done = done;
    self->target = target;
    self->message = mem_text(message);
    self->rules = rules_keep(fleet->rules);
    self->state = *schedule_state(target->entry);
    batch_init(&self->batch);
    self->commit = (struct commit){
        .target = target->id,
        .started_at = target->started_at,
        .ended_at = clock_wall_ms(&clock_system),
        .message = self->message,
        .quiet = target->quiet_window != NULL,
        .state = &self->state,
        .identities = rules_identities(self->rules),
        .basis = rules_basis(self->rules),
    };
    if (target->credential != NULL) {
        self->credential = mem_text(fleet_credential(fleet, target->credential)->name);
        self->credential_state = *schedule_credential_state(target->credential);
        self->commit.credential = self->credential;
        self->commit.credential_state = &self->credential_state;
    }
    return self;
}

static void submit(struct commit_job *self)
{
    self->target->committing++;
    worker_submit(self->target->fleet->worker, &self->job);
}

/* The batch is the job's from now on, and counts in the budget until it is stored. */
static void take_batch(struct commit_job *self, struct scan_end *end)
{
    self->origin = origin_keep(self->target->begun);
    /* Or what is gone, or which of the two changes, or what could not be seen, would never be told again. */
    self->keeps = !end->twice && !end->refused;
    self->owing = end->batch->token.size > 0 && origin_releases(self->origin);
    self->target->fleet->owing += self->owing;
    self->batch = *end->batch;
    batch_init(end->batch);
    self->share = end->share;
    end->share = NULL;
    self->commit.batch = &self->batch;
}

void commit_job_submit(struct target *target, struct scan_end *end)
{
    const struct outcome *outcome = &end->outcome;
    struct commit_job *self = create(target, outcome->err.text);
    struct commit *commit = &self->commit;

    commit->good = outcome->good;
    commit->completeness = outcome->completeness;
    commit->class = outcome->err.class;
    commit->items = end->items;
    commit->warnings = end->warnings;
    commit->bytes = end->bytes;
    commit->wall_ms = end->wall_ms;
    commit->cpu_us = end->cpu_us;
    commit->peak_kb = end->peak_kb;
    if (outcome->good)
        take_batch(self, end);
    submit(self);
}

void commit_job_submit_failure(struct target *target, const struct err *err)
{
    struct commit_job *self = create(target, err->text);

    self->commit.class = err->class;
    submit(self);
}

/* ------------------------------------------------------------------------------------------ a credential alone ---- */

struct credential_job {
    struct job job;
    struct fleet *fleet;
    char *name;
    struct credential_state state;
};

static bool run_credential(struct job *job, struct store *store, struct err *err)
{
    const struct credential_job *self = (const struct credential_job *)(const void *)job;

    return state_set_credential(store, self->name, &self->state, clock_wall_ms(&clock_system), err);
}

static void credential_done(struct job *job, bool good, const struct err *err)
{
    struct credential_job *self = (struct credential_job *)(void *)job;
    struct fleet *fleet = self->fleet;

    if (!good)
        log_error("credential %s: its state could not be stored: %s", self->name, err->text);
    free(self->name);
    free(self);
    delivery_wake(fleet->delivery);
    fleet_wake(fleet);
}

void commit_job_submit_credential(struct fleet *fleet, const struct fleet_credential *credential)
{
    struct credential_job *self = mem_new(1, sizeof *self);

    self->job.run = run_credential;
    self->job.done = credential_done;
    self->fleet = fleet;
    self->name = mem_text(credential->name);
    self->state = *schedule_credential_state(credential->schedule);
    worker_submit(fleet->worker, &self->job);
}
