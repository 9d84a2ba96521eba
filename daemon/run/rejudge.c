#include "rejudge.h"

#include "clock.h"
#include "delivery.h"
#include "fleet.h"
#include "judging.h"
#include "log.h"
#include "mem.h"
#include "worker.h"

#include <stdlib.h>

#define SLICE 4000 /* assets: a tenth of a second; each slice begins with nothing that the last one worked out */
#define MS_DAY ((int64_t)24 * 3600 * 1000)

struct rejudge {
    struct job job;
    struct fleet *fleet;
    struct rules *rules; /* of the slice under way; NULL: none is */
    bool start_over;     /* the rules are others by now */
    bool again;          /* the date is another: the next slice says so */
    bool saying;         /* the slice under way says so */
    bool failed;         /* the last one */
    bool stopped;
    int64_t day;
    int64_t now;
    uint64_t judged, changed;
    struct rejudge_result result;
    struct list waits;
};

static bool run(struct job *job, struct store *store, struct err *err)
{
    struct rejudge *self = (struct rejudge *)(void *)job;

    self->result = (struct rejudge_result){ 0 };
    return rejudge_slice(store, rules_basis(self->rules), self->now, SLICE, self->saying, &self->result, err);
}

static void submit(struct rejudge *self)
{
    self->now = clock_wall_ms(&clock_system);
    self->saying = self->again;
    self->again = false;
    worker_submit(self->fleet->worker, &self->job);
}

static void begin(struct rejudge *self)
{
    self->rules = rules_keep(self->fleet->rules);
    self->start_over = false;
    self->judged = self->changed = 0;
    submit(self);
}

static void end(struct rejudge *self)
{
    rules_release(self->rules);
    self->rules = NULL;
    if (self->judged > 0)
        log_info("%llu protections were judged anew; %llu verdicts changed", (unsigned long long)self->judged,
                 (unsigned long long)self->changed);
}

static void tell_all(struct rejudge *self)
{
    list_each (node, &self->waits) {
        struct rejudge_wait *wait = list_entry(node, struct rejudge_wait, link);

        list_remove(node);
        wait->told(wait);
    }
}

static void done(struct job *job, bool good, const struct err *err)
{
    struct rejudge *self = (struct rejudge *)(void *)job;

    self->judged += self->result.judged;
    self->changed += self->result.changed;
    self->failed = !good;
    delivery_wake(self->fleet->delivery);
    if (!good)
        log_error("the fleet could not be judged anew: %s", err->text);
    self->again = self->again || (self->saying && !good);
    if (good && self->result.more && !self->stopped && !self->start_over) {
        submit(self);
        return;
    }
    end(self);
    if (self->start_over && !self->stopped)
        begin(self);
    else
        tell_all(self);
    fleet_wake(self->fleet);
}

struct rejudge *rejudge_create(struct fleet *fleet)
{
    struct rejudge *self = mem_new(1, sizeof *self);

    self->job.run = run;
    self->job.done = done;
    self->fleet = fleet;
    list_init(&self->waits);
    self->day = clock_wall_ms(&clock_system) / MS_DAY;
    return self;
}

void rejudge_destroy(struct rejudge *rejudge)
{
    free(rejudge);
}

void rejudge_start(struct rejudge *rejudge)
{
    if (rejudge->stopped)
        return;
    if (rejudge->rules == NULL)
        begin(rejudge);
    else
        rejudge->start_over = rejudge->again || rejudge->rules != rejudge->fleet->rules;
}

void rejudge_tick(struct rejudge *rejudge)
{
    int64_t day = clock_wall_ms(&clock_system) / MS_DAY;

    if (day == rejudge->day)
        return;
    rejudge->day = day;
    rejudge->again = true;
    rejudge_start(rejudge);
}

void rejudge_stop(struct rejudge *rejudge)
{
    rejudge->stopped = true;
}

bool rejudge_is_running(const struct rejudge *rejudge)
{
    return rejudge->rules != NULL;
}

bool rejudge_has_failed(const struct rejudge *rejudge)
{
    return rejudge->failed;
}

bool rejudge_await(struct rejudge *rejudge, struct rejudge_wait *wait)
{
    if (!rejudge_is_running(rejudge))
        return false;
    list_append(&rejudge->waits, &wait->link);
    return true;
}
