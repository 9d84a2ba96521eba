/* One report from its beginning to its row in the database: its files are written (report_run.h), then a store job
 * keeps what came of it and tells hooks. */
#ifndef REPORT_JOB_H
#define REPORT_JOB_H

#include "report_order.h"

#include <stdbool.h>
#include <stdint.h>

struct fleet;
struct report_job;
struct rules;

struct report_job_input {
    struct fleet *fleet;                      /* must outlive it */
    struct rules *rules;                      /* a reference is kept */
    const struct report_order *order;         /* of these rules */
    const char *program, *database, *control; /* absolute paths; borrowed */
    int64_t since;                            /* wall time: changes are told since then; 0: as muster does by itself */
};

struct report_job_result {
    const char *name; /* of the report */
    bool good;
    const char *text; /* the paths of its files, or a sentence why it was not written */
    int64_t began;    /* wall time */
};

/* Both are called once, from the loop, never from within report_job_start. */
struct report_job_events {
    /* Its files are written, or not. True: that is to be kept. False: it is to be forgotten, kept does not come, and
     * the job is freed when this returns. */
    bool (*written)(void *context, const struct report_job_result *result);
    /* The database has it, or could not take it, which was logged. The job is freed when this returns. */
    void (*kept)(void *context, const struct report_job_result *result);
};

struct report_job *report_job_start(const struct report_job_input *input, const struct report_job_events *events,
                                    void *context);

/* Ends the writing now. Harmless when that is over. */
void report_job_cancel(struct report_job *job);

/* The name of the report; whether its files are being written. */
const char *report_job_name(const struct report_job *job);
bool report_job_is_writing(const struct report_job *job);

#endif
