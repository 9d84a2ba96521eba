/* The one thread besides the loop: store jobs, one at a time, in the order they were submitted.
 *
 *     struct scan_job { struct job job; ... };
 *     worker_submit(worker, &scan_job->job);
 *
 * A job that fails because the database is full, locked or otherwise in passing trouble is tried again until it
 * succeeds; those behind it wait, so nothing is lost and nothing overtakes. */
#ifndef WORKER_H
#define WORKER_H

#include "err.h"
#include "list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct worker;
struct store;

struct job {
    struct list link;
    /* In the worker's thread: must leave nothing behind where it fails, for it may be called again. */
    bool (*run)(struct job *job, struct store *store, struct err *err);
    /* In the loop, once: the job is the caller's again. err is set where good is false. */
    void (*done)(struct job *job, bool good, const struct err *err);
};

/* The store stays the caller's, and is the worker's alone until worker_close has called back. recovered is called in
 * the loop whenever trouble has ended, after the done of the job that found it so; it may submit. */
struct worker *worker_create(uv_loop_t *loop, struct store *store, void (*recovered)(void *context), void *context);

void worker_submit(struct worker *worker, struct job *job);

/* Jobs that were submitted and are not done. */
size_t worker_pending(const struct worker *worker);

/* What is wrong with the database as the last job found it, in a sentence; NULL where nothing is. */
const char *worker_trouble(const struct worker *worker);

/* How long the present job has been running, in milliseconds; 0 where none is. */
int64_t worker_busy_ms(const struct worker *worker);

/* Finishes what was submitted. Where the database is in trouble, the first job gets three more tries, then fails, and
 * those behind it with it, untried. closed is called when all is over and the memory given back. */
void worker_close(struct worker *worker, void (*closed)(void *context), void *context);

#endif
