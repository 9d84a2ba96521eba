#include "report_job.h"

#include "arena.h"
#include "clock.h"
#include "fleet.h"
#include "log.h"
#include "mem.h"
#include "report_row.h"
#include "report_run.h"
#include "rules.h"
#include "str.h"
#include "worker.h"

#include <stdlib.h>

struct report_job {
    struct job job;
    struct fleet *fleet;
    struct rules *rules;
    const struct report_order *order;
    const struct report_job_events *events;
    void *context;
    struct report_run *run; /* NULL: it is over */
    struct arena arena;
    struct report_outcome outcome;
    struct report_job_result result;
};

static void destroy(struct report_job *self)
{
    rules_release(self->rules);
    arena_finish(&self->arena);
    free(self);
}

/* -------------------------------------------------------------------------------------------- into the database ----
 */

static bool run(struct job *job, struct store *store, struct err *err)
{
    struct report_job *self = (struct report_job *)(void *)job;

    return report_row_settle(store, &self->outcome, clock_wall_ms(&clock_system), err);
}

static void done(struct job *job, bool good, const struct err *err)
{
    struct report_job *self = (struct report_job *)(void *)job;

    if (!good)
        log_error("report %s: what came of it could not be stored: %s", self->order->name, err->text);
    self->events->kept(self->context, &self->result);
    destroy(self);
}

/* ------------------------------------------------------------------------------------------------------- its files --
 */

static const char *join(struct report_job *self, const char *const *files)
{
    struct str text = STR_EMPTY;
    const char *kept;

    for (size_t i = 0; i < self->order->formats.count; i++)
        str_format(&text, "%s%s", i == 0 ? "" : ", ", files[i]);
    kept = arena_text(&self->arena, str_text(&text));
    str_finish(&text);
    return kept;
}

static void keep(struct report_job *self, const struct report_run_result *result)
{
    const char **files = arena_alloc(&self->arena, self->order->formats.count * sizeof *files);

    for (size_t i = 0; i < self->order->formats.count; i++)
        files[i] = arena_text(&self->arena, result->files[i]);
    self->result.good = result->good;
    self->result.text = result->good ? join(self, files) : arena_text(&self->arena, result->message);
    self->outcome = (struct report_outcome){
        .name = self->order->name,
        .at = self->result.began,
        .message = result->good ? NULL : self->result.text,
        .files = files,
        .formats = self->order->formats.words,
        .count = self->order->formats.count,
    };
}

static void on_written(void *context, const struct report_run_result *result)
{
    struct report_job *self = context;

    self->run = NULL;
    if (result->trouble != NULL)
        log_warning("report %s: %s", self->order->name, result->trouble);
    keep(self, result);
    if (self->events->written(self->context, &self->result))
        worker_submit(self->fleet->worker, &self->job);
    else
        destroy(self);
}

struct report_job *report_job_start(const struct report_job_input *input, const struct report_job_events *events,
                                    void *context)
{
    struct report_job *self = mem_new(1, sizeof *self);

    self->job.run = run;
    self->job.done = done;
    self->fleet = input->fleet;
    self->rules = rules_keep(input->rules);
    self->order = input->order;
    self->events = events;
    self->context = context;
    self->result.name = input->order->name;
    self->result.began = clock_wall_ms(&clock_system);
    arena_init(&self->arena, ARENA_PLAIN);
    self->run = report_run_start(input->fleet->loop,
                                 &(struct report_run_input){ .order = input->order,
                                                             .program = input->program,
                                                             .database = input->database,
                                                             .control = input->control,
                                                             .now = self->result.began,
                                                             .since = input->since },
                                 on_written, self);
    return self;
}

void report_job_cancel(struct report_job *job)
{
    if (job->run != NULL)
        report_run_cancel(job->run);
}

const char *report_job_name(const struct report_job *job)
{
    return job->order->name;
}

bool report_job_is_writing(const struct report_job *job)
{
    return job->run != NULL;
}
