#include "reporter.h"

#include "action_job.h"
#include "backoff.h"
#include "clock.h"
#include "delivery.h"
#include "fleet.h"
#include "log.h"
#include "mem.h"
#include "peer.h"
#include "rejudge.h"
#include "report_job.h"
#include "report_order.h"
#include "report_row.h"
#include "rules.h"
#include "text.h"
#include "vec.h"
#include "worker.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_MS 60000 /* wall clocks are set, and run otherwise than monotonic ones */

#ifndef REPORTER_FIRST_MS
#define REPORTER_FIRST_MS 60000
#endif

static const struct backoff_rule retry = { .first_ms = REPORTER_FIRST_MS, .cap_ms = 3600000 };

/* A report of the configuration. */
struct schedule_of {
    char *name;
    int64_t last, made;     /* wall: what the next one is reckoned from; start of the last one that was written, or 0 */
    char *trouble;          /* why the last try failed; NULL: it did not */
    struct backoff backoff; /* monotonic */
    bool asked;             /* somebody wants it now */
    struct peer *peer;      /* who; NULL: went away, or nobody */
    uid_t user;             /* the same, for the action log */
};

/* An order that is over, while the action log is told of it. */
struct ordered {
    struct reporter *reporter;
    char *name, *text;
    bool good;
};

struct know_job {
    struct job job;
    struct reporter *reporter;
    struct rules *rules; /* NULL: it is not under way */
    struct report_row *rows;
    size_t count;
    int64_t now;
};

struct reporter {
    struct fleet *fleet;
    char *program, *database, *control;
    uv_timer_t timer, grace;
    bool started, stopping;
    struct rules *rules; /* whose reports have schedules */
    vec(struct schedule_of *) schedules;
    struct know_job know;
    struct report_job *job;     /* the one under way; NULL: none is */
    bool logging;               /* the action log is being told of an order */
    struct rejudge_wait judged; /* its link is in a list while what is due waits for verdicts */
    size_t closing;             /* handles that are being closed */
    void (*stopped)(void *context);
    void *context;
};

static void turn(struct reporter *reporter);

static struct schedule_of *find(const struct reporter *reporter, const char *name)
{
    vec_each (schedule, &reporter->schedules) {
        if (strcmp((*schedule)->name, name) == 0)
            return *schedule;
    }
    return NULL;
}

static const struct report_order *order_of(const struct rules *rules, const char *name)
{
    return report_orders_find(rules_reports(rules), name);
}

static bool is_writing(const struct reporter *reporter)
{
    return reporter->job != NULL && report_job_is_writing(reporter->job);
}

/* Whoever asked is told; the schedule goes on. */
static void tell_peer(struct schedule_of *schedule, bool good, const char *text)
{
    struct peer *peer = schedule->peer;

    schedule->asked = false;
    schedule->peer = NULL;
    if (peer != NULL)
        peer_done(peer, good ? 0 : 1, "%s", text);
}

/* ------------------------------------------------------------------------------------- when each was made last ---- */

static bool run_know(struct job *job, struct store *store, struct err *err)
{
    struct know_job *self = (struct know_job *)(void *)job;

    return report_row_know(store, self->rows, self->count, self->now, err);
}

static void drop(struct reporter *reporter, size_t index)
{
    struct schedule_of *schedule = reporter->schedules.items[index];

    tell_peer(schedule, false, "it is not configured any more");
    free(schedule->name);
    free(schedule->trouble);
    free(schedule);
    vec_remove(&reporter->schedules, index);
}

static void drop_others(struct reporter *reporter, const struct rules *rules)
{
    for (size_t i = reporter->schedules.count; i-- > 0;) {
        if (rules == NULL || order_of(rules, reporter->schedules.items[i]->name) == NULL)
            drop(reporter, i);
    }
}

static struct schedule_of *find_or_make(struct reporter *reporter, const char *name)
{
    struct schedule_of *schedule = find(reporter, name);

    if (schedule != NULL)
        return schedule;
    schedule = mem_new(1, sizeof *schedule);
    schedule->name = mem_text(name);
    vec_push(&reporter->schedules, schedule);
    return schedule;
}

/* A new configuration may have mended what failed. */
static void take_row(struct reporter *reporter, const struct report_row *row)
{
    struct schedule_of *schedule = find_or_make(reporter, row->name);

    /* One that was written while the row was on its way is newer. */
    schedule->made = row->made_at > schedule->made ? row->made_at : schedule->made;
    schedule->last = schedule->made == 0 ? row->known_at : schedule->made;
    backoff_reset(&schedule->backoff);
}

static void known(struct job *job, bool good, const struct err *err)
{
    struct know_job *self = (struct know_job *)(void *)job;
    struct reporter *reporter = self->reporter;

    if (!good)
        log_error("no report is written by itself: %s", err->text);
    drop_others(reporter, good ? self->rules : NULL);
    for (size_t i = 0; good && i < self->count; i++)
        take_row(reporter, &self->rows[i]);
    free(self->rows);
    rules_release(self->rules);
    self->rules = NULL;
    turn(reporter);
}

static void take_up_rules(struct reporter *reporter)
{
    const struct report_orders *orders = rules_reports(reporter->fleet->rules);
    struct know_job *self = &reporter->know;

    if (reporter->rules == reporter->fleet->rules || self->rules != NULL)
        return;
    rules_release(reporter->rules);
    reporter->rules = rules_keep(reporter->fleet->rules);
    self->rules = rules_keep(reporter->rules);
    self->count = orders->count;
    self->rows = mem_new(orders->count + 1, sizeof *self->rows);
    for (size_t i = 0; i < orders->count; i++)
        self->rows[i].name = orders->list[i].name;
    self->now = clock_wall_ms(&clock_system);
    worker_submit(reporter->fleet->worker, &self->job);
}

/* --------------------------------------------------------------------------------------- what came of a report ---- */

static void remember(struct schedule_of *schedule, const char *trouble)
{
    free(schedule->trouble);
    schedule->trouble = trouble == NULL ? NULL : mem_text(trouble);
}

static void take_failure(struct schedule_of *schedule, const char *message)
{
    bool again = schedule->backoff.attempts > 0;

    backoff_fail(&schedule->backoff, &retry, clock_mono_ms(&clock_system));
    remember(schedule, message);
    log_write(again ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR, "report %s: it could not be written, and is tried again: %s",
              schedule->name, message);
}

static void take_success(struct schedule_of *schedule, const struct report_job_result *result)
{
    log_info("report %s: %s%s", schedule->name, result->text,
             schedule->backoff.attempts > 0 ? "; it can be written again" : "");
    schedule->last = schedule->made = result->began;
    backoff_reset(&schedule->backoff);
    remember(schedule, NULL);
}

static void end_if_over(struct reporter *reporter);

/* One that the daemon's end has ended is no failure: the next daemon writes it. */
static bool on_written(void *context, const struct report_job_result *result)
{
    struct reporter *reporter = context;
    struct schedule_of *schedule = find(reporter, result->name);
    bool ended = reporter->stopping && !result->good;

    if (schedule != NULL && result->good)
        take_success(schedule, result);
    else if (schedule != NULL && !ended)
        take_failure(schedule, result->text);
    if (ended)
        reporter->job = NULL;
    end_if_over(reporter);
    return !ended;
}

static void on_logged(void *context)
{
    struct ordered *ordered = context;
    struct reporter *reporter = ordered->reporter;
    struct schedule_of *schedule = find(reporter, ordered->name);

    reporter->logging = false;
    if (schedule != NULL)
        tell_peer(schedule, ordered->good, ordered->text);
    free(ordered->name);
    free(ordered->text);
    free(ordered);
    turn(reporter);
}

/* Who asked is told when the log has it; nothing else is begun before. */
static void log_order(struct reporter *reporter, const struct schedule_of *schedule,
                      const struct report_job_result *result)
{
    struct ordered *ordered = mem_new(1, sizeof *ordered);

    *ordered = (struct ordered){ reporter, mem_text(result->name), mem_text(result->text), result->good };
    reporter->logging = true;
    action_job_submit(reporter->fleet->worker,
                      &(struct action){ .at = clock_wall_ms(&clock_system),
                                        .by = { .uid = schedule->user },
                                        .what = "report",
                                        .subject = result->name,
                                        .before = "",
                                        .after = result->good ? result->text : "",
                                        .result = result->good ? "done" : "refused",
                                        .message = result->good ? "" : result->text },
                      on_logged, ordered);
}

static void on_kept(void *context, const struct report_job_result *result)
{
    struct reporter *reporter = context;
    struct schedule_of *schedule = find(reporter, result->name);

    reporter->job = NULL;
    if (schedule != NULL && schedule->asked)
        log_order(reporter, schedule, result);
    delivery_wake(reporter->fleet->delivery);
    turn(reporter);
}

/* ------------------------------------------------------------------------------------------------ what is due ---- */

/* In how many milliseconds; 0: now. */
static int64_t wait_of(const struct reporter *reporter, const struct schedule_of *schedule)
{
    const struct report_order *order = order_of(reporter->rules, schedule->name);
    int64_t now = clock_wall_ms(&clock_system), mono = clock_mono_ms(&clock_system), wait, pause;

    if (order == NULL)
        return LOOK_MS;
    if (schedule->asked)
        return 0;
    wait = report_plan_due(&order->plan, schedule->last, now) - now;
    pause = schedule->backoff.attempts == 0 ? 0 : schedule->backoff.due - mono;
    wait = pause > wait ? pause : wait;
    return wait > 0 ? wait : 0;
}

static void begin(struct reporter *reporter, const struct schedule_of *schedule)
{
    static const struct report_job_events events = { .written = on_written, .kept = on_kept };

    reporter->job = report_job_start(
        &(struct report_job_input){ .fleet = reporter->fleet,
                                    .rules = reporter->rules,
                                    .order = order_of(reporter->rules, schedule->name),
                                    .program = reporter->program,
                                    .database = reporter->database,
                                    .control = reporter->control,
                                    .since = schedule->made < clock_wall_ms(&clock_system) ? schedule->made : 0 },
        &events, reporter);
}

static void on_timer(uv_timer_t *timer)
{
    turn(timer->data);
}

static void on_judged(struct rejudge_wait *wait)
{
    turn((struct reporter *)(void *)((char *)wait - offsetof(struct reporter, judged)));
}

/* A report of verdicts that are being made would be of neither what was nor what is. */
static bool waits_for_verdicts(struct reporter *reporter, const struct schedule_of *schedule)
{
    if (schedule->asked || reporter->fleet->rejudge == NULL)
        return false;
    return !list_empty(&reporter->judged.link) || rejudge_await(reporter->fleet->rejudge, &reporter->judged);
}

/* What is in flight takes the next turn when it is over. */
static void turn(struct reporter *reporter)
{
    int64_t next = LOOK_MS;

    if (!reporter->started || reporter->stopping)
        return;
    take_up_rules(reporter);
    if (reporter->know.rules != NULL || reporter->job != NULL || reporter->logging || reporter->schedules.count == 0)
        return;
    vec_each (schedule, &reporter->schedules) {
        int64_t wait = wait_of(reporter, *schedule);

        if (wait == 0 && waits_for_verdicts(reporter, *schedule))
            wait = LOOK_MS;
        if (wait == 0) {
            begin(reporter, *schedule);
            return;
        }
        next = wait < next ? wait : next;
    }
    uv_timer_start(&reporter->timer, on_timer, (uint64_t)next, 0);
}

/* ----------------------------------------------------------------------------------------------------- the end ---- */

static void on_closed(uv_handle_t *handle)
{
    struct reporter *reporter = handle->data;

    if (--reporter->closing == 0)
        reporter->stopped(reporter->context);
}

static void end_if_over(struct reporter *reporter)
{
    if (!reporter->stopping || is_writing(reporter) || uv_is_closing((uv_handle_t *)&reporter->timer))
        return;
    vec_each (schedule, &reporter->schedules)
        tell_peer(*schedule, false, "the daemon is stopping");
    reporter->closing = 2;
    uv_close((uv_handle_t *)&reporter->timer, on_closed);
    uv_close((uv_handle_t *)&reporter->grace, on_closed);
}

static void on_grace(uv_timer_t *grace)
{
    struct reporter *reporter = grace->data;

    if (reporter->job != NULL)
        report_job_cancel(reporter->job);
}

void reporter_stop(struct reporter *reporter, int64_t grace_ms, void (*stopped)(void *context), void *context)
{
    reporter->stopping = true;
    reporter->stopped = stopped;
    reporter->context = context;
    list_remove(&reporter->judged.link);
    uv_timer_stop(&reporter->timer);
    uv_timer_start(&reporter->grace, on_grace, (uint64_t)grace_ms, 0);
    end_if_over(reporter);
}

/* ------------------------------------------------------------------------------------------------------ around ---- */

struct reporter *reporter_create(struct fleet *fleet, const struct reporter_places *places)
{
    struct reporter *reporter = mem_new(1, sizeof *reporter);

    reporter->fleet = fleet;
    reporter->program = mem_text(places->program);
    reporter->database = mem_text(places->database);
    reporter->control = mem_text(places->control);
    reporter->know = (struct know_job){ .job = { .run = run_know, .done = known }, .reporter = reporter };
    reporter->judged.told = on_judged;
    list_init(&reporter->judged.link);
    uv_timer_init(fleet->loop, &reporter->timer);
    uv_timer_init(fleet->loop, &reporter->grace);
    reporter->timer.data = reporter->grace.data = reporter;
    return reporter;
}

void reporter_start(struct reporter *reporter)
{
    reporter->started = true;
    turn(reporter);
}

void reporter_wake(struct reporter *reporter)
{
    if (reporter != NULL)
        turn(reporter);
}

size_t reporter_reports(const struct reporter *reporter)
{
    return reporter == NULL ? 0 : reporter->schedules.count;
}

struct reporter_report reporter_report_at(const struct reporter *reporter, size_t index)
{
    const struct schedule_of *schedule = reporter->schedules.items[index];
    bool running = is_writing(reporter) && strcmp(report_job_name(reporter->job), schedule->name) == 0;

    return (struct reporter_report){
        .name = schedule->name,
        .state = running                     ? "running"
                 : schedule->trouble != NULL ? "failing"
                                             : "waiting",
        .message = schedule->trouble,
        .made = schedule->made,
        .next = clock_wall_ms(&clock_system) + wait_of(reporter, schedule),
    };
}

static void on_gone(void *context)
{
    struct schedule_of *schedule = context;

    schedule->peer = NULL;
}

void reporter_ask(struct reporter *reporter, const struct report_order *order, struct peer *peer)
{
    struct schedule_of *schedule = find_or_make(reporter, order->name); /* its times may be on their way */
    char quote[TEXT_QUOTE_SIZE];

    if (schedule->asked) {
        peer_done(peer, 1, "the report \"%s\" is asked for already", text_quote(quote, order->name));
        return;
    }
    schedule->asked = true;
    schedule->peer = peer;
    schedule->user = peer_user(peer);
    peer_watch(peer, on_gone, schedule);
    turn(reporter);
}

void reporter_destroy(struct reporter *reporter)
{
    if (reporter == NULL)
        return;
    drop_others(reporter, NULL);
    vec_finish(&reporter->schedules);
    rules_release(reporter->rules);
    free(reporter->program);
    free(reporter->database);
    free(reporter->control);
    free(reporter);
}
