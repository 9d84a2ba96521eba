#include "worker.h"

#include "backoff.h"
#include "clock.h"
#include "log.h"
#include "mem.h"
#include "store.h"

#include <stdlib.h>
#include <string.h>

#define LAST_TRIES 3

static const struct backoff_rule retry_rule = { .first_ms = 1000, .cap_ms = 60000 };
static const struct backoff_rule last_rule = { .first_ms = 200, .cap_ms = 1000 };

struct worker {
    uv_loop_t *loop;
    struct store *store;
    struct list queue; /* the first is the one at work, or waiting for another try */
    size_t pending;
    uv_work_t work;
    uv_timer_t timer;
    bool busy; /* from the first look at a job to its done */
    bool waiting, closing;
    bool good;           /* how the present attempt went */
    struct err err;      /* of it */
    int64_t begun;       /* monotonic: when it began */
    uint32_t last_tries; /* since closing began */
    struct backoff backoff;
    char trouble[ERR_TEXT_SIZE];
    void (*recovered)(void *context);
    void (*closed)(void *context);
    void *recovered_context, *closed_context;
};

static void next(struct worker *worker);

struct worker *worker_create(uv_loop_t *loop, struct store *store, void (*recovered)(void *context), void *context)
{
    struct worker *worker = mem_new(1, sizeof *worker);

    worker->loop = loop;
    worker->store = store;
    worker->recovered = recovered;
    worker->recovered_context = context;
    worker->work.data = worker;
    list_init(&worker->queue);
    uv_timer_init(loop, &worker->timer);
    worker->timer.data = worker;
    return worker;
}

static struct job *first(const struct worker *worker)
{
    return list_entry(list_first(&worker->queue), struct job, link);
}

static void run(uv_work_t *work)
{
    struct worker *worker = work->data;
    struct job *job = first(worker);

    worker->good = job->run(job, worker->store, &worker->err);
}

/* Says what is new, and only that: a full disk is one line, not one a try. Returns whether trouble has ended. */
static bool note_trouble(struct worker *worker)
{
    bool was_fine = worker->trouble[0] == '\0';

    if (worker->good && !was_fine) {
        log_info("the database can be written again");
        worker->trouble[0] = '\0';
        return true;
    }
    if (!worker->good && store_trouble(worker->store) != STORE_FINE && strcmp(worker->trouble, worker->err.text) != 0) {
        log_error("%s", worker->err.text);
        memcpy(worker->trouble, worker->err.text, sizeof worker->trouble);
    }
    return false;
}

static bool is_worth_another_try(const struct worker *worker)
{
    return !worker->good && store_trouble(worker->store) == STORE_TRANSIENT &&
           (!worker->closing || worker->last_tries < LAST_TRIES);
}

static void try_again(uv_timer_t *timer)
{
    struct worker *worker = timer->data;

    worker->waiting = false;
    next(worker);
}

static void wait_for_another_try(struct worker *worker)
{
    const struct backoff_rule *rule = worker->closing ? &last_rule : &retry_rule;
    int64_t now = clock_mono_ms(&clock_system);

    worker->last_tries += worker->closing ? 1 : 0;
    backoff_fail(&worker->backoff, rule, now);
    worker->waiting = true;
    uv_timer_start(&worker->timer, try_again, (uint64_t)(worker->backoff.due - now), 0);
}

static void finish_first(struct worker *worker)
{
    struct job *job = first(worker);

    list_remove(&job->link);
    worker->pending--;
    job->done(job, worker->good, &worker->err);
}

/* Nobody waits for a database that is still in trouble after the last tries, job by job, while the daemon is to end. */
static void fail_the_rest(struct worker *worker)
{
    while (worker->closing && worker->last_tries >= LAST_TRIES && !worker->good &&
           store_trouble(worker->store) == STORE_TRANSIENT && !list_empty(&worker->queue))
        finish_first(worker);
}

/* Whoever is told may submit at once: that must not begin before this job is out of the way. */
static void after(uv_work_t *work, int status)
{
    struct worker *worker = work->data;
    bool has_recovered = note_trouble(worker);

    (void)status; /* a job at work is never cancelled */
    if (is_worth_another_try(worker)) {
        worker->busy = false;
        wait_for_another_try(worker);
        return;
    }
    backoff_reset(&worker->backoff);
    finish_first(worker);
    fail_the_rest(worker);
    if (has_recovered)
        worker->recovered(worker->recovered_context);
    worker->busy = false;
    next(worker);
}

static void freed(uv_handle_t *handle)
{
    struct worker *worker = handle->data;
    void (*closed)(void *context) = worker->closed;
    void *context = worker->closed_context;

    free(worker);
    closed(context);
}

/* Begins the next job, or ends the worker when there is none and none will come. */
static void next(struct worker *worker)
{
    if (worker->busy || worker->waiting)
        return;
    if (!list_empty(&worker->queue)) {
        worker->busy = true;
        worker->begun = clock_mono_ms(&clock_system);
        worker->err = ERR_EMPTY;
        uv_queue_work(worker->loop, &worker->work, run, after);
    } else if (worker->closing && !uv_is_closing((uv_handle_t *)&worker->timer)) {
        uv_close((uv_handle_t *)&worker->timer, freed);
    }
}

void worker_submit(struct worker *worker, struct job *job)
{
    list_append(&worker->queue, &job->link);
    worker->pending++;
    next(worker);
}

size_t worker_pending(const struct worker *worker)
{
    return worker->pending;
}

const char *worker_trouble(const struct worker *worker)
{
    return worker->trouble[0] == '\0' ? NULL : worker->trouble;
}

int64_t worker_busy_ms(const struct worker *worker)
{
    return worker->busy ? clock_mono_ms(&clock_system) - worker->begun : 0;
}

void worker_close(struct worker *worker, void (*closed)(void *context), void *context)
{
    worker->closing = true;
    worker->closed = closed;
    worker->closed_context = context;
    backoff_reset(&worker->backoff);
    if (worker->waiting) {
        uv_timer_stop(&worker->timer);
        worker->waiting = false;
    }
    next(worker);
}
