#include "process.h"

#include "mem.h"
#include "orders.h"
#include "outcome.h"
#include "packet.h"
#include "spawn_host.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PACKETS_AT_ONCE 16 /* in one turn of the loop */

enum state {
    STARTING, /* its greeting is not complete */
    READY,
    DRAINING, /* it gets no more orders */
    GONE,     /* the process is no more; its handles are being closed */
    STATE_COUNT,
};

enum event {
    GREETED, /* HELLO and all its OPTIONs came */
    REFUSED, /* the plugin itself was */
    DRAIN,   /* it is to get no more orders */
    EXPIRED, /* the timer went off */
    HUNG_UP, /* it closed its control socket */
    EXITED,  /* it ended, or could not be started at all */
    EVENT_COUNT,
};

struct process {
    enum state state;
    const struct process_events *events;
    void *context;
    uv_process_t child;
    uv_poll_t poll;
    uv_timer_t timer;
    size_t handles; /* that are not closed yet */
    int control;
    int polled; /* what poll looks for now; -1: for nothing any more */
    struct greeting greeting;
    struct orders orders;
    struct list runs;
    uint64_t last_id;
    bool terminated; /* SIGTERM was sent */
    int status;      /* as waitpid(2) gives it */
    struct err why;  /* it will be dead for this reason; class none: for what status says */
};

static void happen(struct process *process, enum event event);

/* ------------------------------------------------------------------------------------------------- handles ---- */

static void on_closed(uv_handle_t *handle)
{
    struct process *process = handle->data;

    if (--process->handles > 0)
        return;
    process->events->closed(process->context, process);
    greeting_finish(&process->greeting);
    free(process);
}

/* One that was never initialised has no type. */
static void close_handle(struct process *process, uv_handle_t *handle)
{
    if (handle->type == UV_UNKNOWN_HANDLE)
        return;
    handle->data = process;
    process->handles++;
    uv_close(handle, on_closed);
}

static void close_all(struct process *process)
{
    close_handle(process, (uv_handle_t *)&process->child);
    close_handle(process, (uv_handle_t *)&process->poll);
    close_handle(process, (uv_handle_t *)&process->timer);
    if (process->control >= 0)
        close(process->control);
    process->control = -1;
    orders_finish(&process->orders);
}

static void on_timer(uv_timer_t *timer)
{
    struct process *process = timer->data;

    happen(process, process->child.pid > 0 ? EXPIRED : EXITED);
}

static void set_timer(struct process *process, int64_t ms)
{
    uv_timer_start(&process->timer, on_timer, (uint64_t)(ms > 0 ? ms : 0), 0);
}

/* -------------------------------------------------------------------------------------------------- the runs ---- */

static struct process_run *find_run(const struct process *process, uint64_t id)
{
    list_each (node, &process->runs) {
        struct process_run *run = list_entry(node, struct process_run, link);

        if (run->id == id)
            return run;
    }
    return NULL;
}

/* A drained host whose last run is over has nothing to wait for. */
static void await_last(struct process *process)
{
    if (process->state == DRAINING && list_empty(&process->runs))
        set_timer(process, PROCESS_LINGER_MS);
}

static void refuse_run(struct process *process, uint64_t id, const struct err *why)
{
    struct process_run *run = find_run(process, id);

    if (run == NULL)
        return;
    list_remove(&run->link);
    await_last(process);
    run->events->refused(run, why);
}

static void orphan_runs(struct process *process, const struct err *why)
{
    struct list *first;

    while ((first = list_first(&process->runs)) != NULL) {
        struct process_run *run = list_entry(first, struct process_run, link);

        list_remove(&run->link);
        run->events->orphaned(run, why);
    }
}

/* That no more orders come is told behind the last of those that wait. */
static void end_orders(struct process *process)
{
    if (process->state == DRAINING && list_empty(&process->orders.waiting))
        shutdown(process->control, SHUT_WR);
}

static void send_orders(struct process *process)
{
    struct err err;
    uint64_t id;

    if (list_empty(&process->orders.waiting))
        return;
    while (orders_send(&process->orders, process->control, &id, &err) == ORDERS_FAILED)
        refuse_run(process, id, &err);
    end_orders(process);
}

/* -------------------------------------------------------------------------------------- what the host says ---- */

void process_kill(struct process *process, const struct err *why)
{
    if (process->state == GONE)
        return;
    if (process->why.class == ERR_NONE)
        process->why = *why;
    if (process->child.pid > 0)
        uv_process_kill(&process->child, SIGKILL);
}

static void out_of_step(struct process *process, struct err *err)
{
    err_add(err, "the plugin host is out of step with the daemon and was killed");
    err->class = ERR_BUG;
    process_kill(process, err);
}

static void take_greeting(struct process *process, const struct message *message)
{
    struct err err;

    if (process->state != STARTING)
        return;
    if (!greeting_take(&process->greeting, message, &err))
        out_of_step(process, &err);
    else if (greeting_is_whole(&process->greeting))
        happen(process, GREETED);
}

static void take_exit(struct process *process, const struct message *message)
{
    struct process_run *run = find_run(process, message->exit.id);

    if (run == NULL)
        return;
    list_remove(&run->link);
    await_last(process);
    run->events->exited(run, &message->exit);
}

static void take_refused(struct process *process, const struct message *message)
{
    enum err_class class = (enum err_class)message->refused.class;
    struct err why;

    err_set(&why, class == ERR_NONE ? ERR_BUG : class, "%s", message->refused.text);
    if (message->refused.id != 0) {
        refuse_run(process, message->refused.id, &why);
        return;
    }
    if (process->why.class == ERR_NONE)
        process->why = why;
    happen(process, REFUSED);
}

static void (*const takers[MESSAGE_TYPE_COUNT])(struct process *, const struct message *) = {
    [MESSAGE_HELLO] = take_greeting,
    [MESSAGE_OPTION] = take_greeting,
    [MESSAGE_EXIT] = take_exit,
    [MESSAGE_REFUSED] = take_refused,
};

/* False: there is nothing more for now. */
static bool read_packet(struct process *process)
{
    enum packet_answer answer;
    struct message message;
    struct packet packet;
    struct err err;

    packet_init(&packet);
    answer = packet_read(&packet, process->control, &message, &err);
    if (answer == PACKET_READ)
        takers[message.type](process, &message);
    else if (answer == PACKET_BAD)
        out_of_step(process, &err);
    else if (answer == PACKET_END)
        happen(process, HUNG_UP);
    packet_finish(&packet);
    return answer == PACKET_READ || answer == PACKET_BAD;
}

static void on_control(uv_poll_t *poll, int status, int events);

static void watch(struct process *process)
{
    int wanted = UV_READABLE;

    if (process->polled == -1)
        return;
    if (!list_empty(&process->orders.waiting))
        wanted |= UV_WRITABLE;
    if (wanted != process->polled)
        uv_poll_start(&process->poll, wanted, on_control);
    process->polled = wanted;
}

static void on_control(uv_poll_t *poll, int status, int events)
{
    struct process *process = poll->data;

    (void)events;
    if (status < 0)
        process->polled = 0; /* a broken socket: the loop has stopped to look, and reading tells what is wrong */
    for (int i = 0; i < PACKETS_AT_ONCE && read_packet(process); i++)
        ;
    send_orders(process);
    watch(process);
}

/* --------------------------------------------------------------------------------- what happens in which state ---- */

static void become_ready(struct process *process)
{
    process->state = READY;
    uv_timer_stop(&process->timer);
    process->events->ready(process->context, process);
}

static void begin_drain(struct process *process)
{
    process->state = DRAINING;
    end_orders(process);
    await_last(process);
}

/* It has no runs yet. */
static void give_up(struct process *process)
{
    struct err err;

    err_set(&err, ERR_SYSTEM, "the plugin host was stopped before its plugin was ready");
    process->state = DRAINING;
    process_kill(process, &err);
}

static void await_end(struct process *process)
{
    uv_poll_stop(&process->poll);
    process->polled = -1;
    set_timer(process, PROCESS_LINGER_MS);
}

static void await_refused(struct process *process)
{
    set_timer(process, PROCESS_LINGER_MS);
}

static void end_late(struct process *process)
{
    struct err why;

    if (process->polled == -1)
        err_set(&why, ERR_BUG, "the plugin host closed its control socket, did not end, and was killed");
    else
        err_set(&why, ERR_BUG, "the plugin host neither became ready nor ended within %d s, and was killed",
                PROCESS_GREETING_MS / 1000);
    process_kill(process, &why);
}

static void end_refused(struct process *process)
{
    process_kill(process, &process->why);
}

/* First by the host itself, which says what it stopped. */
static void end_runs(struct process *process)
{
    struct err why;

    err_set(&why, ERR_BUG, "the plugin host did not stop when it was told to, and was killed");
    if (process->terminated)
        process_kill(process, &why);
    else
        uv_process_kill(&process->child, SIGTERM);
    process->terminated = true;
    set_timer(process, PROCESS_TERM_MS);
}

/* What it had to say before it died is heard first where it explains the death, and last where it is about runs: by
 * then, whoever hears of their end knows that the host takes no more. */
static void die(struct process *process)
{
    bool was_ready = process->state != STARTING;
    struct err why;

    process->state = GONE;
    process->child.pid = 0;
    while (!was_ready && process->control >= 0 && read_packet(process))
        ;
    why = process->why;
    if (why.class == ERR_NONE)
        outcome_host_death(process->status, was_ready, &why);
    process->events->died(process->context, process, &why);
    while (process->control >= 0 && read_packet(process))
        ;
    orphan_runs(process, &why);
    close_all(process);
}

static void (*const actions[STATE_COUNT][EVENT_COUNT])(struct process *) = {
    [STARTING] = { [GREETED] = become_ready,
                   [REFUSED] = await_refused,
                   [DRAIN] = give_up,
                   [EXPIRED] = end_late,
                   [HUNG_UP] = await_end,
                   [EXITED] = die },
    [READY] = { [REFUSED] = end_refused,
                [DRAIN] = begin_drain,
                [EXPIRED] = end_late,
                [HUNG_UP] = await_end,
                [EXITED] = die },
    [DRAINING] = { [EXPIRED] = end_runs, [HUNG_UP] = await_end, [EXITED] = die },
    [GONE] = { NULL },
};

static void happen(struct process *process, enum event event)
{
    void (*action)(struct process *) = actions[process->state][event];

    if (action != NULL)
        action(process);
}

/* ------------------------------------------------------------------------------------------------ beginnings ---- */

static void on_exit_of_child(uv_process_t *child, int64_t code, int number)
{
    struct process *process = child->data;

    process->status = W_EXITCODE((int)code, number);
    happen(process, EXITED);
}

static bool start(uv_loop_t *loop, struct process *process, const struct host_options *options, struct err *err)
{
    int ends[2], result;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
        return err_system(err, "a control socket for a plugin host");
    process->control = ends[0];
    process->poll.data = process;
    result = uv_poll_init(loop, &process->poll, ends[0]);
    process->child.data = process;
    if (result == 0)
        result = spawn_host(loop, &process->child, options, ends[1], on_exit_of_child);
    close(ends[1]);
    return result == 0 || err_set(err, ERR_SYSTEM, "%s cannot be started: %s", options->program, uv_strerror(result));
}

struct process *process_create(uv_loop_t *loop, const struct host_options *options, const struct process_events *events,
                               void *context)
{
    struct process *process = mem_new(1, sizeof *process);

    process->events = events;
    process->context = context;
    process->control = -1;
    greeting_init(&process->greeting);
    orders_init(&process->orders);
    list_init(&process->runs);
    uv_timer_init(loop, &process->timer);
    process->timer.data = process;
    if (!start(loop, process, options, &process->why)) {
        process->child.pid = 0;
        set_timer(process, 0);
        return process;
    }
    set_timer(process, PROCESS_GREETING_MS);
    watch(process);
    return process;
}

struct greeting *process_greeting(struct process *process)
{
    return &process->greeting;
}

int64_t process_pid(const struct process *process)
{
    return process->child.pid;
}

bool process_is_ready(const struct process *process)
{
    return process->state == READY;
}

void process_order(struct process *process, struct process_run *run, struct message_order *order, int stream)
{
    order->id = run->id = ++process->last_id;
    list_append(&process->runs, &run->link);
    orders_add(&process->orders, order, stream);
    watch(process);
}

void process_drain(struct process *process)
{
    happen(process, DRAIN);
}

void process_stop(struct process *process, int64_t grace_ms)
{
    bool idle = list_empty(&process->runs);

    happen(process, DRAIN);
    if (process->state == DRAINING && process->child.pid > 0)
        set_timer(process, idle && grace_ms > PROCESS_LINGER_MS ? PROCESS_LINGER_MS : grace_ms);
}
