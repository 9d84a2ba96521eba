#include "courier.h"

#include "clock.h"
#include "fleet.h"
#include "hook_run.h"
#include "log.h"
#include "mem.h"
#include "outbox.h"
#include "rules.h"
#include "worker.h"

#include <inttypes.h>
#include <stdlib.h>

enum state { RESTING, TAKING, RUNNING, SETTLING };

struct courier {
    struct job job;
    struct fleet *fleet;
    char *name;
    void (*rested)(void *context);
    void *context;
    enum state state;
    int64_t next;
    bool hurried; /* while a round was under way */
    bool stopped, cancelled;
    /* of the round under way */
    struct rules *rules;
    const struct hook *hook;
    int64_t now;
    struct outbox_alert alert;
    struct hook_run *run;
    bool delivered;
    char *message;
    struct outbox_after after;
    /* of the last try */
    bool tried;
    char *trouble;
    int64_t since;
};

/* ----------------------------------------------------------------------------------------------- a round's end ---- */

static void rest(struct courier *courier, int64_t next)
{
    outbox_alert_finish(&courier->alert);
    courier->alert = (struct outbox_alert){ 0 };
    free(courier->message);
    courier->message = NULL;
    rules_release(courier->rules);
    courier->rules = NULL;
    courier->hook = NULL;
    courier->state = RESTING;
    courier->next = courier->hurried ? 0 : next;
    courier->hurried = false;
    courier->rested(courier->context);
}

/* The database is in trouble, which its worker has told of. */
static void give_way(struct courier *courier, const char *what, const struct err *err)
{
    log_error("hook %s: %s: %s", courier->name, what, err->text);
    rest(courier, clock_wall_ms(&clock_system) + DELIVERY_PAUSE_MS);
}

/* ------------------------------------------------------------------------------------------ what came of a try ---- */

static void say(const struct courier *courier)
{
    int64_t alert = courier->alert.id;

    if (courier->after.dead)
        log_error("hook %s: alert %" PRId64 " is given up: %s; it is tried again by: muster alerts --retry %" PRId64,
                  courier->name, alert, courier->message, alert);
    else if (courier->delivered)
        log_write(courier->after.turned ? LOG_LEVEL_INFO : LOG_LEVEL_DEBUG, "hook %s: alert %" PRId64 " is delivered%s",
                  courier->name, alert, courier->after.turned ? "; it works again" : "");
    else
        log_write(courier->after.turned ? LOG_LEVEL_WARNING : LOG_LEVEL_DEBUG,
                  "hook %s: alert %" PRId64 " is not delivered, and tried again: %s", courier->name, alert,
                  courier->message);
}

static void remember(struct courier *courier)
{
    courier->tried = true;
    if (courier->delivered || courier->trouble == NULL)
        courier->since = clock_wall_ms(&clock_system);
    free(courier->trouble);
    courier->trouble = courier->delivered ? NULL : mem_text(courier->message);
}

static bool run_settle(struct job *job, struct store *store, struct err *err)
{
    struct courier *self = (struct courier *)(void *)job;
    const struct outbox_outcome outcome = { self->alert.id, self->delivered, self->message };

    return outbox_settle(store, self->hook, &outcome, self->now, &self->after, err);
}

static void settled(struct job *job, bool good, const struct err *err)
{
    struct courier *self = (struct courier *)(void *)job;

    if (!good) {
        give_way(self, "what came of a try could not be stored, and it is tried again", err);
        return;
    }
    say(self);
    rest(self, self->delivered ? 0 : self->after.next);
}

static void submit(struct courier *courier, enum state state, bool (*run)(struct job *, struct store *, struct err *),
                   void (*done)(struct job *, bool, const struct err *))
{
    courier->state = state;
    courier->now = clock_wall_ms(&clock_system);
    courier->job.run = run;
    courier->job.done = done;
    worker_submit(courier->fleet->worker, &courier->job);
}

static void over(void *context, const struct hook_run_result *result)
{
    struct courier *self = context;

    self->run = NULL;
    if (self->cancelled) {
        rest(self, COURIER_NEVER);
        return;
    }
    self->delivered = result->delivered;
    self->message = mem_text(result->message);
    remember(self);
    submit(self, SETTLING, run_settle, settled);
}

/* --------------------------------------------------------------------------------------------- a round's start ---- */

static bool run_take(struct job *job, struct store *store, struct err *err)
{
    struct courier *self = (struct courier *)(void *)job;

    outbox_alert_finish(&self->alert);
    self->alert = (struct outbox_alert){ 0 };
    return outbox_take(store, self->hook, self->now, &self->alert, err);
}

static void begin(struct courier *courier)
{
    const struct hook_run_input input = {
        .hook = courier->hook,
        .payload = courier->alert.payload,
        .key = courier->alert.key,
        .what = courier->alert.what,
        .need = courier->alert.need,
        .count = courier->alert.count,
        .tries = courier->alert.tries,
    };

    courier->state = RUNNING;
    courier->run = hook_run_start(courier->fleet->loop, &input, over, courier);
}

static int64_t next_look(const struct courier *courier)
{
    int64_t soonest = courier->now + COURIER_GAP_MS;

    if (courier->alert.next == 0)
        return COURIER_NEVER;
    return courier->alert.next > soonest ? courier->alert.next : soonest;
}

/* Where the daemon began to stop meanwhile, no script is begun. */
static void taken(struct job *job, bool good, const struct err *err)
{
    struct courier *self = (struct courier *)(void *)job;

    if (!good)
        give_way(self, "its alerts could not be looked up", err);
    else if (self->alert.id != 0 && !self->stopped)
        begin(self);
    else
        rest(self, next_look(self));
}

void courier_go(struct courier *courier, int64_t now)
{
    const struct hook *hook = hooks_find(rules_hooks(courier->fleet->rules), courier->name);

    if (courier->state != RESTING || courier->next > now || hook == NULL || courier->stopped)
        return;
    courier->rules = rules_keep(courier->fleet->rules);
    courier->hook = hook;
    submit(courier, TAKING, run_take, taken);
}

/* ------------------------------------------------------------------------------------------------------ around ---- */

struct courier *courier_create(struct fleet *fleet, const char *name, void (*rested)(void *context), void *context)
{
    struct courier *courier = mem_new(1, sizeof *courier);

    courier->fleet = fleet;
    courier->name = mem_text(name);
    courier->rested = rested;
    courier->context = context;
    return courier;
}

void courier_destroy(struct courier *courier)
{
    free(courier->name);
    free(courier->trouble);
    free(courier);
}

const char *courier_name(const struct courier *courier)
{
    return courier->name;
}

bool courier_rests(const struct courier *courier)
{
    return courier->state == RESTING;
}

int64_t courier_next(const struct courier *courier)
{
    return courier->next;
}

void courier_hurry(struct courier *courier)
{
    courier->next = 0;
    courier->hurried = courier->state != RESTING;
}

bool courier_is_running(const struct courier *courier)
{
    return courier->state == RUNNING;
}

void courier_stop(struct courier *courier)
{
    courier->stopped = true;
}

void courier_cancel(struct courier *courier)
{
    courier->cancelled = true;
    if (courier->state == RUNNING)
        hook_run_cancel(courier->run);
}

const char *courier_trouble(const struct courier *courier, int64_t *since)
{
    *since = courier->since;
    return courier->trouble;
}

bool courier_has_tried(const struct courier *courier)
{
    return courier->tried;
}
