#include "host.h"

#include "backoff.h"
#include "clock.h"
#include "greeting.h"
#include "hash.h"
#include "log.h"
#include "mem.h"
#include "process.h"
#include "stamp.h"
#include "vec.h"

#include <stdlib.h>
#include <string.h>

#define SERVED_MS 60000 /* a process that was ready for so long counts as one that went well */

struct presence {
    struct process *process;
};

struct host {
    uv_loop_t *loop;
    struct host_events events;
    void *context;
    struct arena arena; /* of options */
    struct host_options options;
    struct process *serving;      /* takes orders; NULL: none does */
    struct process *starting;     /* the fresh one, until it is ready; NULL: there is none */
    vec(struct presence) present; /* all of them, the drained ones too */
    size_t scans;                 /* of which something is left */
    struct greeting greeting;     /* of the last that was ready */
    bool greeted;
    int64_t ready_mono; /* when serving became ready */
    struct stamp *stamp;
    struct backoff backoff;
    struct backoff_rule rule;
    uv_timer_t retry;
    bool closing, timer_closed;
    void (*closed)(void *context);
    void *closed_context;
};

static const char *maybe_text(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_text(arena, text);
}

/* The new ones may be borrowed from the old ones. */
static void set_options(struct host *host, const struct host_options *options)
{
    struct arena arena;
    struct host_options copy;

    arena_init(&arena, ARENA_PLAIN);
    copy.plugin = arena_text(&arena, options->plugin);
    copy.program = arena_text(&arena, options->program);
    copy.path = arena_text(&arena, options->path);
    copy.landlock = maybe_text(&arena, options->landlock);
    copy.seccomp = maybe_text(&arena, options->seccomp);
    arena_finish(&host->arena);
    host->arena = arena;
    host->options = copy;
}

static void take_stamp(struct host *host)
{
    const char *const files[] = { host->options.path, host->options.program, "/etc/ssl/certs/ca-certificates.crt",
                                  "/etc/krb5.conf" };

    stamp_destroy(host->stamp);
    host->stamp = stamp_create(files, sizeof files / sizeof files[0]);
}

/* --------------------------------------------------------------------------------------- processes come and go ---- */

static void launch(struct host *host);

static void on_retry(uv_timer_t *timer)
{
    launch(timer->data);
}

static void retry_later(struct host *host)
{
    int64_t now = clock_mono_ms(&clock_system);

    backoff_fail(&host->backoff, &host->rule, now);
    uv_timer_start(&host->retry, on_retry, (uint64_t)(host->backoff.due - now), 0);
}

static void on_ready(void *context, struct process *process)
{
    struct host *host = context;

    if (process != host->starting)
        return;
    if (host->serving != NULL)
        process_drain(host->serving);
    host->serving = process;
    host->starting = NULL;
    host->ready_mono = clock_mono_ms(&clock_system);
    greeting_move(&host->greeting, process_greeting(process));
    host->greeted = true;
    host->events.ready(host->context, host);
}

/* Where a fresh one is on its way already, it is not started again but waited for. */
static void serving_died(struct host *host, const struct err *why)
{
    int64_t now = clock_mono_ms(&clock_system);

    host->serving = NULL;
    if (now - host->ready_mono >= SERVED_MS)
        backoff_reset(&host->backoff);
    if (host->starting == NULL)
        retry_later(host);
    host->events.unready(host->context, host, why, host->starting == NULL ? host->backoff.due : now);
}

static void starting_died(struct host *host, const struct err *why)
{
    host->starting = NULL;
    retry_later(host);
    if (host->serving == NULL)
        host->events.unready(host->context, host, why, host->backoff.due);
    else
        log_warning("plugin %s: a fresh plugin host cannot be made ready, so the old one serves on: %s",
                    host->options.plugin, why->text);
}

static void on_died(void *context, struct process *process, const struct err *why)
{
    struct host *host = context;

    if (host->closing)
        return;
    if (process == host->serving)
        serving_died(host, why);
    else if (process == host->starting)
        starting_died(host, why);
}

static void finish_if_empty(struct host *host)
{
    void (*closed)(void *context) = host->closed;
    void *context = host->closed_context;

    if (!host->timer_closed || host->present.count > 0 || host->scans > 0)
        return;
    vec_finish(&host->present);
    greeting_finish(&host->greeting);
    stamp_destroy(host->stamp);
    arena_finish(&host->arena);
    free(host);
    closed(context);
}

static void on_process_closed(void *context, struct process *process)
{
    struct host *host = context;
    size_t at = 0;

    while (host->present.items[at].process != process)
        at++;
    vec_remove(&host->present, at);
    finish_if_empty(host);
}

static const struct process_events process_events = {
    .ready = on_ready,
    .died = on_died,
    .closed = on_process_closed,
};

static void launch(struct host *host)
{
    take_stamp(host);
    host->starting = process_create(host->loop, &host->options, &process_events, host);
    vec_push(&host->present, (struct presence){ host->starting });
}

/* ------------------------------------------------------------------------------------------------ the contract ---- */

struct host *host_create(uv_loop_t *loop, const struct host_options *options, const struct host_events *events,
                         void *context)
{
    struct host *host = mem_new(1, sizeof *host);

    host->loop = loop;
    host->events = *events;
    host->context = context;
    arena_init(&host->arena, ARENA_PLAIN);
    set_options(host, options);
    greeting_init(&host->greeting);
    host->rule = (struct backoff_rule){
        .first_ms = HOST_RETRY_FIRST_MS,
        .cap_ms = HOST_RETRY_CAP_MS,
        .seed = hash64(&hash_stable_key, options->plugin, strlen(options->plugin)),
    };
    uv_timer_init(loop, &host->retry);
    host->retry.data = host;
    launch(host);
    return host;
}

bool host_is_ready(const struct host *host)
{
    return host_process(host) != NULL;
}

struct process *host_process(const struct host *host)
{
    return host->serving != NULL && !host->closing && process_is_ready(host->serving) ? host->serving : NULL;
}

uv_loop_t *host_loop(const struct host *host)
{
    return host->loop;
}

void host_retain(struct host *host)
{
    host->scans++;
}

void host_release(struct host *host)
{
    host->scans--;
    finish_if_empty(host);
}

const struct option_table *host_table(const struct host *host)
{
    return host->greeted ? &host->greeting.table : NULL;
}

uint64_t host_modes(const struct host *host)
{
    return host->greeting.modes;
}

const char *host_name(const struct host *host)
{
    return host->greeted ? host->greeting.name : host->options.plugin;
}

const char *host_confinement(const struct host *host)
{
    return host->greeting.confinement;
}

int64_t host_pid(const struct host *host)
{
    const struct process *process = host->serving != NULL ? host->serving : host->starting;

    return process == NULL ? 0 : process_pid(process);
}

void host_replace(struct host *host, const struct host_options *options)
{
    struct process *superseded = host->starting;

    if (host->closing)
        return;
    if (options != NULL)
        set_options(host, options);
    uv_timer_stop(&host->retry);
    backoff_reset(&host->backoff);
    host->starting = NULL;
    if (superseded != NULL)
        process_drain(superseded);
    launch(host);
}

bool host_is_outdated(const struct host *host)
{
    return !stamp_is_current(host->stamp);
}

static void on_retry_closed(uv_handle_t *handle)
{
    struct host *host = handle->data;

    host->timer_closed = true;
    finish_if_empty(host);
}

void host_close(struct host *host, int64_t grace_ms, void (*closed)(void *context), void *context)
{
    host->closing = true;
    host->closed = closed;
    host->closed_context = context;
    vec_each (presence, &host->present)
        process_stop(presence->process, grace_ms);
    uv_close((uv_handle_t *)&host->retry, on_retry_closed);
}
