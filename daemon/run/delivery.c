#include "delivery.h"

#include "arena.h"
#include "clock.h"
#include "courier.h"
#include "fleet.h"
#include "hook_trial.h"
#include "log.h"
#include "mem.h"
#include "outbox.h"
#include "rules.h"
#include "tick.h"
#include "vec.h"

#include <stdlib.h>
#include <string.h>

#define STEP_EVENTS 500 /* of each hook: a step is to be as short as a small scan's commit */
#define STEP_ALONE 2500 /* of all hooks, where no other job waits: a commit costs more than collecting some hundred */
#define STEP_GAP_MS 100 /* between two steps that somebody asked for: a busy fleet commits many times in it */
#define NEVER INT64_MAX

struct step_job {
    struct job job;
    struct delivery *delivery;
    struct rules *rules; /* NULL: it is not under way */
    struct arena arena;  /* for what is in maintenance */
    struct outbox_setting setting;
    struct outbox_step step;
    size_t most; /* events of each hook */
};

struct tick_job {
    struct job job;
    struct delivery *delivery;
    struct rules *rules; /* NULL: it is not under way */
    struct arena arena;  /* for what is in maintenance */
    struct tick_setting setting;
    int64_t next, others; /* others: when other targets are in maintenance */
};

struct delivery {
    struct fleet *fleet;
    uv_timer_t timer, grace;
    bool started, stopping;
    bool woken;          /* since the last step began */
    struct rules *rules; /* whose hooks have couriers */
    size_t known; /* hooks of the last step, which is told of those that have left, too; 1 before the first: what a
                     former daemon knew */
    struct step_job step;
    struct tick_job tick;
    int64_t next_step, next_tick; /* wall */
    struct clock_watch watch;     /* on the wall clock, for the ticks */
    int64_t stepped;              /* monotonic: when the last step ended */
    bool step_failed, tick_failed;
    vec(struct courier *) couriers;
    struct list trials;
    size_t closing; /* handles that are being closed */
    void (*stopped)(void *context);
    void *context;
};

static void arm(struct delivery *delivery);
static void on_rested(void *context);

/* ------------------------------------------------------------------------------------------------ the couriers ---- */

static struct courier *find_courier(const struct delivery *delivery, const char *name)
{
    vec_each (courier, &delivery->couriers) {
        if (strcmp(courier_name(*courier), name) == 0)
            return *courier;
    }
    return NULL;
}

/* Those of hooks that are not configured any more; one with a round under way ends it first. */
static void drop_couriers(struct delivery *delivery)
{
    const struct hooks *hooks = rules_hooks(delivery->fleet->rules);

    if (delivery->couriers.count == hooks->count)
        return;
    for (size_t i = delivery->couriers.count; i-- > 0;) {
        struct courier *courier = delivery->couriers.items[i];

        if (!courier_rests(courier) || hooks_find(hooks, courier_name(courier)) != NULL)
            continue;
        vec_remove(&delivery->couriers, i);
        courier_destroy(courier);
    }
}

static void take_up_rules(struct delivery *delivery)
{
    const struct hooks *hooks = rules_hooks(delivery->fleet->rules);

    if (delivery->rules == delivery->fleet->rules)
        return;
    rules_release(delivery->rules);
    delivery->rules = rules_keep(delivery->fleet->rules);
    for (size_t i = 0; i < hooks->count; i++) {
        if (find_courier(delivery, hooks->list[i].name) == NULL)
            vec_push(&delivery->couriers, courier_create(delivery->fleet, hooks->list[i].name, on_rested, delivery));
    }
    delivery->woken = true;
    delivery->next_tick = 0;
}

static void send_couriers(struct delivery *delivery, int64_t now)
{
    vec_each (courier, &delivery->couriers)
        courier_go(*courier, now);
}

static void hurry_couriers(struct delivery *delivery)
{
    vec_each (courier, &delivery->couriers)
        courier_hurry(*courier);
}

/* --------------------------------------------------------------------------------------------------- the steps ---- */

static bool run_step(struct job *job, struct store *store, struct err *err)
{
    struct step_job *self = (struct step_job *)(void *)job;

    self->step = (struct outbox_step){ 0 };
    return outbox_step(store, &self->setting, self->most, &self->step, err);
}

/* Said once: what the worker has to say of the database, it says itself. */
static void complain(bool *said, bool good, const char *what, const struct err *err)
{
    if (!good && !*said)
        log_error("%s: %s", what, err->text);
    *said = !good;
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t no_sooner(int64_t next, int64_t now)
{
    return next > now + COURIER_GAP_MS ? next : now + COURIER_GAP_MS;
}

static void end_step(struct step_job *self, bool good, const struct err *err)
{
    struct delivery *delivery = self->delivery;

    complain(&delivery->step_failed, good, "what hooks are to be told could not be collected", err);
    if (good)
        delivery->known = self->setting.hooks->count;
    rules_release(self->rules);
    self->rules = NULL;
    delivery->stepped = clock_mono_ms(&clock_system);
    if (!good)
        delivery->next_step = self->setting.now + DELIVERY_PAUSE_MS;
    else if (self->step.more)
        delivery->next_step = 0;
    else
        delivery->next_step = self->step.next == 0 ? NEVER : no_sooner(self->step.next, self->setting.now);
    if (good && (self->step.frozen > 0 || self->step.ready))
        hurry_couriers(delivery);
}

static void step_done(struct job *job, bool good, const struct err *err)
{
    struct step_job *self = (struct step_job *)(void *)job;

    end_step(self, good, err);
    on_rested(self->delivery);
}

/* Who comes while it runs waits as for a scan of middle size. */
static size_t step_size(const struct delivery *delivery, size_t hooks)
{
    bool alone = worker_pending(delivery->fleet->worker) == 0;

    return alone && hooks > 0 && STEP_ALONE / hooks > STEP_EVENTS ? STEP_ALONE / hooks : STEP_EVENTS;
}

static void begin_step(struct delivery *delivery, int64_t now)
{
    struct step_job *self = &delivery->step;
    int64_t others;

    self->rules = rules_keep(delivery->fleet->rules);
    arena_reset(&self->arena);
    self->setting = (struct outbox_setting){ .hooks = rules_hooks(self->rules), .now = now };
    self->setting.quiet_count = fleet_quiet(delivery->fleet, &self->arena, &self->setting.quiet, &others);
    self->most = step_size(delivery, self->setting.hooks->count);
    delivery->woken = false;
    delivery->next_step = NEVER;
    worker_submit(delivery->fleet->worker, &self->job);
}

/* Where there are no hooks, and were none, nobody is told anything. */
static bool has_hooks(const struct delivery *delivery)
{
    return delivery->known > 0 || rules_hooks(delivery->fleet->rules)->count > 0;
}

/* When the next step is to begin, by the wall clock. */
static int64_t step_due(const struct delivery *delivery, int64_t now)
{
    int64_t since = clock_mono_ms(&clock_system) - delivery->stepped;

    if (delivery->step.rules != NULL || !has_hooks(delivery))
        return NEVER;
    if (!delivery->woken || delivery->next_step <= now)
        return delivery->next_step;
    return since >= STEP_GAP_MS ? now : now + STEP_GAP_MS - since;
}

/* ---------------------------------------------------------------------------------------------------- the tick ---- */

static bool run_tick(struct job *job, struct store *store, struct err *err)
{
    struct tick_job *self = (struct tick_job *)(void *)job;

    return tick_run(store, &self->setting, &self->next, err);
}

static void tick_done(struct job *job, bool good, const struct err *err)
{
    struct tick_job *self = (struct tick_job *)(void *)job;
    struct delivery *delivery = self->delivery;

    complain(&delivery->tick_failed, good, "what the clock changes could not be stored", err);
    rules_release(self->rules);
    self->rules = NULL;
    delivery->next_tick = self->setting.now + DELIVERY_PAUSE_MS;
    if (good) /* what a maintenance held back is due at its end */
        delivery->next_tick = no_sooner(sooner(self->next, self->others), self->setting.now);
    if (self->setting.since != delivery->watch.since) /* the clock was set meanwhile */
        delivery->next_tick = 0;
    delivery->woken = delivery->woken || good;
    on_rested(delivery);
}

static void begin_tick(struct delivery *delivery, int64_t now)
{
    struct tick_job *self = &delivery->tick;

    self->rules = rules_keep(delivery->fleet->rules);
    arena_reset(&self->arena);
    self->setting = (struct tick_setting){ .basis = rules_basis(self->rules),
                                           .since = clock_even_since(&delivery->watch, &clock_system),
                                           .now = now };
    self->setting.quiet_count =
        fleet_unscanned(delivery->fleet, &self->arena, TICK_PATIENCE_MS, &self->setting.quiet, &self->others);
    delivery->next_tick = NEVER;
    worker_submit(delivery->fleet->worker, &self->job);
}

/* --------------------------------------------------------------------------------------------------- the turns ---- */

/* What was planned by another wall clock may be years away by this one. */
static void look_at_clock(struct delivery *delivery)
{
    int64_t before = delivery->watch.since;

    if (clock_even_since(&delivery->watch, &clock_system) == before || before == 0)
        return;
    delivery->woken = true;
    delivery->next_step = delivery->next_tick = 0;
    hurry_couriers(delivery);
}

static void turn(struct delivery *delivery)
{
    int64_t now = clock_wall_ms(&clock_system);

    look_at_clock(delivery);
    take_up_rules(delivery);
    drop_couriers(delivery);
    if (delivery->tick.rules == NULL && delivery->next_tick <= now)
        begin_tick(delivery, now);
    if (step_due(delivery, now) <= now)
        begin_step(delivery, now);
    send_couriers(delivery, now);
    arm(delivery);
}

static void on_timer(uv_timer_t *timer)
{
    struct delivery *delivery = timer->data;

    turn(delivery);
    fleet_wake(delivery->fleet); /* which looks whether all is idle */
}

/* What is in flight tells by itself when it is over. */
static int64_t next_of(const struct delivery *delivery, int64_t now)
{
    int64_t next = step_due(delivery, now);

    if (delivery->rules != delivery->fleet->rules)
        return now;
    if (delivery->tick.rules == NULL)
        next = sooner(next, delivery->next_tick);
    vec_each (courier, &delivery->couriers) {
        if (courier_rests(*courier))
            next = sooner(next, courier_next(*courier));
    }
    return next;
}

static void arm(struct delivery *delivery)
{
    int64_t now = clock_wall_ms(&clock_system), next = next_of(delivery, now);

    if (next == NEVER)
        uv_timer_stop(&delivery->timer);
    else
        uv_timer_start(&delivery->timer, on_timer, next <= now ? 0 : (uint64_t)(next - now), 0);
}

/* ----------------------------------------------------------------------------------------------------- the end ---- */

static void on_closed(uv_handle_t *handle)
{
    struct delivery *delivery = handle->data;

    if (--delivery->closing == 0)
        delivery->stopped(delivery->context);
}

static bool is_running(const struct delivery *delivery)
{
    vec_each (courier, &delivery->couriers) {
        if (courier_is_running(*courier))
            return true;
    }
    return !list_empty(&delivery->trials);
}

/* Jobs that wait are ended with the worker. */
static void end_if_over(struct delivery *delivery)
{
    if (!delivery->stopping || is_running(delivery) || delivery->closing > 0 ||
        uv_is_closing((uv_handle_t *)&delivery->timer))
        return;
    delivery->closing = 2;
    uv_close((uv_handle_t *)&delivery->timer, on_closed);
    uv_close((uv_handle_t *)&delivery->grace, on_closed);
}

/* Something that was in flight is over. */
static void on_rested(void *context)
{
    struct delivery *delivery = context;

    if (delivery->stopping) {
        end_if_over(delivery);
        return;
    }
    uv_timer_start(&delivery->timer, on_timer, 0, 0);
}

static void on_grace(uv_timer_t *grace)
{
    struct delivery *delivery = grace->data;

    vec_each (courier, &delivery->couriers)
        courier_cancel(*courier);
    trials_cancel(&delivery->trials);
}

void delivery_stop(struct delivery *delivery, int64_t grace_ms, void (*stopped)(void *context), void *context)
{
    delivery->stopping = true;
    delivery->stopped = stopped;
    delivery->context = context;
    vec_each (courier, &delivery->couriers)
        courier_stop(*courier);
    uv_timer_stop(&delivery->timer);
    uv_timer_start(&delivery->grace, on_grace, (uint64_t)grace_ms, 0);
    end_if_over(delivery);
}

/* ------------------------------------------------------------------------------------------------------ around ---- */

struct delivery *delivery_create(struct fleet *fleet)
{
    struct delivery *delivery = mem_new(1, sizeof *delivery);

    delivery->known = 1;
    delivery->fleet = fleet;
    delivery->step = (struct step_job){ .job = { .run = run_step, .done = step_done }, .delivery = delivery };
    delivery->tick = (struct tick_job){ .job = { .run = run_tick, .done = tick_done }, .delivery = delivery };
    delivery->stepped = clock_mono_ms(&clock_system) - STEP_GAP_MS;
    arena_init(&delivery->step.arena, ARENA_PLAIN);
    arena_init(&delivery->tick.arena, ARENA_PLAIN);
    list_init(&delivery->trials);
    uv_timer_init(fleet->loop, &delivery->timer);
    uv_timer_init(fleet->loop, &delivery->grace);
    delivery->timer.data = delivery->grace.data = delivery;
    return delivery;
}

void delivery_start(struct delivery *delivery)
{
    delivery->started = true;
    delivery_wake(delivery);
}

void delivery_wake(struct delivery *delivery)
{
    if (delivery == NULL || !delivery->started || delivery->stopping)
        return;
    look_at_clock(delivery);
    delivery->woken = true;
    arm(delivery);
}

void delivery_act(struct delivery *delivery)
{
    if (delivery == NULL)
        return;
    delivery->next_tick = 0;
    delivery_wake(delivery);
}

size_t delivery_hooks(const struct delivery *delivery)
{
    return delivery->couriers.count;
}

struct delivery_hook delivery_hook_at(const struct delivery *delivery, size_t index)
{
    const struct courier *courier = delivery->couriers.items[index];
    struct delivery_hook hook = { .name = courier_name(courier), .state = "untried" };

    hook.message = courier_trouble(courier, &hook.since);
    if (courier_is_running(courier))
        hook.state = "running";
    else if (courier_has_tried(courier))
        hook.state = hook.message == NULL ? "fine" : "failing";
    return hook;
}

void delivery_test(struct delivery *delivery, const struct hook *hook, struct peer *peer)
{
    trial_start(&delivery->trials, delivery->fleet, hook, peer, on_rested, delivery);
}

bool delivery_is_idle(const struct delivery *delivery)
{
    int64_t now = clock_wall_ms(&clock_system);

    if (delivery->stopping)
        return true;
    vec_each (courier, &delivery->couriers) {
        if (!courier_rests(*courier))
            return false;
    }
    return delivery->started && delivery->step.rules == NULL && delivery->tick.rules == NULL &&
           list_empty(&delivery->trials) && next_of(delivery, now) > now && !(delivery->woken && has_hooks(delivery));
}

void delivery_destroy(struct delivery *delivery)
{
    if (delivery == NULL)
        return;
    vec_each (courier, &delivery->couriers)
        courier_destroy(*courier);
    vec_finish(&delivery->couriers);
    arena_finish(&delivery->step.arena);
    arena_finish(&delivery->tick.arena);
    rules_release(delivery->rules);
    free(delivery);
}
