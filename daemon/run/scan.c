#include "scan.h"

#include "clock.h"
#include "intake.h"
#include "mem.h"
#include "process.h"
#include "request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

struct scan {
    struct process_run run;
    struct host *host;
    struct process *process; /* NULL once it has told the end of the run */
    struct scan_events events;
    void *context;
    struct intake intake;
    struct str request; /* what is left of it */
    size_t sent;
    uv_poll_t poll;
    uv_timer_t timer;
    size_t handles;               /* that are not closed yet */
    int fd;                       /* -1 once closed */
    int polled;                   /* what poll looks for now */
    bool paused;                  /* by the budget, */
    int64_t paused_ms, waited_ms; /* since when, and how long before that */
    bool drained;                 /* nothing more will come */
    bool cancelled;
    int64_t started_ms;
    struct message_exit exit; /* id 0: none came */
    struct err death;         /* of the host, or the refusal of the order; class none: neither */
    bool refused;
};

/* ----------------------------------------------------------------------------------------------------- the end ---- */

static void on_closed(uv_handle_t *handle)
{
    struct scan *scan = handle->data;

    if (--scan->handles > 0)
        return;
    host_release(scan->host);
    free(scan);
}

static void drop_request(struct scan *scan)
{
    request_wipe(&scan->request);
    scan->sent = 0;
}

/* That the daemon does not listen any more is what cancels a run. The handle goes first: once the descriptor is closed,
 * its number is another scan's. */
static void close_stream(struct scan *scan)
{
    if (scan->fd < 0)
        return;
    uv_close((uv_handle_t *)&scan->poll, on_closed);
    close(scan->fd);
    scan->fd = -1;
    drop_request(scan);
}

/* Whether the run has a failure of its own, whatever became of its host: a refusal is one. */
static bool has_failed(const struct scan *scan)
{
    return scan->intake.stream.refusal.class != ERR_NONE || scan->intake.stream.state == STREAM_FAILED ||
           (scan->intake.stream.state == STREAM_BROKEN && !scan->intake.stream.closed_early);
}

static bool was_orphaned(const struct scan *scan)
{
    return scan->death.class != ERR_NONE && !scan->refused;
}

/* A scan that was late only because nobody read what it sent says so. */
static void add_wait(const struct scan *scan, struct err *err)
{
    struct err whole;

    if (scan->exit.reason != EXIT_DEADLINE || scan->waited_ms == 0)
        return;
    err_set(&whole, err->class, "%s; %.1f s of that it had to wait, because scans in flight held more than scan_memory",
            err->text, (double)scan->waited_ms / 1e3);
    *err = whole;
}

static struct outcome judge(const struct scan *scan)
{
    struct outcome outcome = outcome_judge(&scan->intake.stream, scan->exit.id != 0 ? &scan->exit : NULL);

    if (scan->refused)
        outcome.err = scan->death;
    else if (was_orphaned(scan) && !has_failed(scan))
        err_set(&outcome.err, ERR_BUG, "its plugin host is gone, and the scan with it: %s", scan->death.text);
    else
        add_wait(scan, &outcome.err);
    outcome_add_refusal(&outcome, &scan->intake.stream);
    return outcome;
}

static uint64_t wall_ms(const struct scan *scan)
{
    return scan->exit.id != 0 ? scan->exit.wall_ms : (uint64_t)(clock_mono_ms(&clock_system) - scan->started_ms);
}

static void tell_end(struct scan *scan)
{
    struct scan_end end = {
        .outcome = judge(scan),
        .host_died = was_orphaned(scan) && !has_failed(scan),
        .cancelled = scan->cancelled,
        .refused = scan->intake.stream.refusal.class != ERR_NONE,
        .untried = scan->intake.stream.untried,
        .twice = scan->intake.stream.twice > 0,
        .batch = &scan->intake.batch,
        .share = scan->intake.share,
        .items = scan->intake.stream.items,
        .warnings = scan->intake.stream.warnings,
        .bytes = scan->intake.stream.bytes,
        .steps = scan->intake.stream.steps,
        .wall_ms = wall_ms(scan),
        .cpu_us = scan->exit.cpu_us,
        .peak_kb = scan->exit.peak_kb,
    };

    scan->events.ended(scan->context, scan, &end);
    scan->intake.share = end.share;
}

/* The process is gone, and all that it sent was read. */
static void conclude(struct scan *scan)
{
    close_stream(scan);
    intake_close(&scan->intake);
    tell_end(scan);
    intake_finish(&scan->intake);
    free((char *)scan->exit.last_words);
    uv_close((uv_handle_t *)&scan->timer, on_closed);
}

/* ---------------------------------------------------------------------------------------- reading and writing ---- */

static void on_stream(uv_poll_t *poll, int status, int events);

static void watch(struct scan *scan)
{
    int wanted = (scan->paused || scan->drained ? 0 : UV_READABLE) | (scan->request.length > 0 ? UV_WRITABLE : 0);

    if (scan->fd < 0 || wanted == scan->polled)
        return;
    scan->polled = wanted;
    if (wanted == 0)
        uv_poll_stop(&scan->poll);
    else
        uv_poll_start(&scan->poll, wanted, on_stream);
}

/* Goes on with what there is to do, or ends when that was all. */
static void go_on(struct scan *scan)
{
    if (scan->process == NULL && (scan->fd < 0 || scan->drained))
        conclude(scan);
    else
        watch(scan);
}

static void give_up(struct scan *scan, const char *why)
{
    stream_cancel(&scan->intake.stream, why);
    close_stream(scan);
}

static void pause_reading(struct scan *scan)
{
    scan->paused = true;
    scan->paused_ms = clock_mono_ms(&clock_system);
}

static void resume_reading(struct scan *scan)
{
    if (scan->paused)
        scan->waited_ms += clock_mono_ms(&clock_system) - scan->paused_ms;
    scan->paused = false;
}

static void on_resume(void *context)
{
    struct scan *scan = context;

    resume_reading(scan);
    watch(scan);
}

/* One whose process is gone is not held back: what is left in its socket is little, and must not keep it from ending.
 */
static void take(struct scan *scan, const void *bytes, size_t size)
{
    switch (intake_take(&scan->intake, bytes, size)) {
    case INTAKE_GO_ON: break;
    case INTAKE_PAUSE:
        if (scan->process != NULL)
            pause_reading(scan);
        break;
    case INTAKE_BROKEN: close_stream(scan); break;
    }
}

static void read_some(struct scan *scan)
{
    char bytes[INTAKE_PORTION];
    ssize_t size = recv(scan->fd, bytes, intake_portion(&scan->intake), MSG_DONTWAIT);

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0) {
        scan->drained = true;
        return;
    }
    take(scan, bytes, (size_t)size);
    explicit_bzero(bytes, (size_t)size); /* a token, perhaps */
}

/* A run that does not read its request has ended, or ends: EXIT tells how. */
static void write_some(struct scan *scan)
{
    size_t left = scan->request.length - scan->sent;
    ssize_t size = send(scan->fd, scan->request.bytes + scan->sent, left, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size < 0 || (size_t)size == left)
        drop_request(scan);
    else
        scan->sent += (size_t)size;
}

static void on_stream(uv_poll_t *poll, int status, int events)
{
    struct scan *scan = poll->data;

    /* The run broke the connection off: what it sent before that is still there to be read. */
    if (status < 0) {
        scan->polled = 0;
        events = UV_READABLE | UV_WRITABLE;
    }
    if (scan->request.length > 0 && (events & UV_WRITABLE) != 0)
        write_some(scan);
    if (!scan->paused && !scan->drained && (events & UV_READABLE) != 0)
        read_some(scan);
    go_on(scan);
}

static void on_log(void *context, const struct message_log *log)
{
    struct scan *scan = context;

    if (scan->events.log != NULL)
        scan->events.log(scan->context, scan, log);
}

static void on_step(void *context, const struct message_step *step)
{
    struct scan *scan = context;

    if (scan->events.step != NULL)
        scan->events.step(scan->context, scan, step);
}

static const struct intake_events intake_events = {
    .resume = on_resume,
    .log = on_log,
    .step = on_step,
};

/* ---------------------------------------------------------------------------------------- what the host says ---- */

static struct scan *scan_of(struct process_run *run)
{
    return list_entry(run, struct scan, run);
}

/* What is in the socket now is all that counts: a process that was left behind with the other end adds nothing. */
static void on_over(struct scan *scan)
{
    uv_timer_stop(&scan->timer);
    scan->process = NULL;
    resume_reading(scan);
    drop_request(scan);
    if (scan->fd >= 0)
        shutdown(scan->fd, SHUT_RD);
    go_on(scan);
}

static void on_exited(struct process_run *run, const struct message_exit *ended)
{
    struct scan *scan = scan_of(run);

    scan->exit = *ended;
    scan->exit.last_words = mem_text(ended->last_words);
    on_over(scan);
}

static void on_refused(struct process_run *run, const struct err *why)
{
    struct scan *scan = scan_of(run);

    scan->refused = true;
    scan->death = *why;
    on_over(scan);
}

static void on_orphaned(struct process_run *run, const struct err *why)
{
    struct scan *scan = scan_of(run);

    scan->death = *why;
    on_over(scan);
}

static const struct process_run_events run_events = {
    .exited = on_exited,
    .refused = on_refused,
    .orphaned = on_orphaned,
};

/* The host ends runs at their deadlines: one that has not is out of order. */
static void on_patience_over(uv_timer_t *timer)
{
    struct scan *scan = timer->data;
    struct err why;

    if (scan->process == NULL) {
        conclude(scan);
        return;
    }
    err_set(&why, ERR_BUG, "the plugin host did not end a scan within %d s of its deadline, and was killed",
            SCAN_PATIENCE_MS / 1000);
    process_kill(scan->process, &why);
}

/* ------------------------------------------------------------------------------------------------ the contract ---- */

static void begin(struct scan *scan, struct budget *budget, const struct scan_request *request, int stream)
{
    struct message_order order = {
        .deadline_ms = (uint64_t)request->deadline_ms,
        .memory_mb = (uint64_t)request->memory_mb,
        .cpu_s = (uint64_t)request->cpu_s,
    };

    scan->process = host_process(scan->host);
    scan->started_ms = clock_mono_ms(&clock_system);
    scan->run.events = &run_events;
    intake_init(&scan->intake, budget, &intake_events, scan);
    uv_timer_start(&scan->timer, on_patience_over, (uint64_t)(request->deadline_ms + SCAN_PATIENCE_MS), 0);
    process_order(scan->process, &scan->run, &order, stream);
    write_some(scan);
    watch(scan);
}

static struct scan *create(uv_loop_t *loop, int fd, struct err *err)
{
    struct scan *scan = mem_new(1, sizeof *scan);
    int result = uv_poll_init(loop, &scan->poll, fd);

    if (result != 0) {
        err_set(err, ERR_SYSTEM, "the stream of a scan cannot be watched: %s", uv_strerror(result));
        free(scan);
        return NULL;
    }
    uv_timer_init(loop, &scan->timer);
    scan->poll.data = scan->timer.data = scan;
    scan->handles = 2;
    scan->fd = fd;
    return scan;
}

static struct scan *start(struct host *host, struct budget *budget, const struct scan_request *request,
                          struct str *frame, struct err *err)
{
    struct scan *scan;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
        err_system(err, "a stream for a scan");
        return NULL;
    }
    scan = create(host_loop(host), ends[0], err);
    if (scan == NULL) {
        close(ends[0]);
        close(ends[1]);
        return NULL;
    }
    host_retain(host);
    scan->host = host;
    scan->request = *frame;
    *frame = STR_EMPTY;
    begin(scan, budget, request, ends[1]);
    return scan;
}

struct scan *scan_start(struct host *host, struct budget *budget, const struct scan_request *request,
                        const struct scan_events *events, void *context, struct err *err)
{
    struct str frame = STR_EMPTY;
    struct scan *scan = NULL;

    if (host_process(host) == NULL)
        err_set(err, ERR_SYSTEM, "the plugin host of %s is not ready", host_name(host));
    else if (request_write(&frame, request, err))
        scan = start(host, budget, request, &frame, err);
    request_wipe(&frame);
    if (scan == NULL)
        return NULL;
    scan->events = *events;
    scan->context = context;
    return scan;
}

void scan_cancel(struct scan *scan, const char *why)
{
    scan->cancelled = true;
    give_up(scan, why);
    /* Where only its last bytes were left to read, nothing else will come. */
    if (scan->process == NULL)
        uv_timer_start(&scan->timer, on_patience_over, 0, 0);
}

uint64_t scan_items(const struct scan *scan)
{
    return scan->intake.stream.items;
}
