/* One process muster-plugin-host --serve, from its start until nothing of it is left. Behind host.h, for host.c and
 * scan.c.
 *
 * It is greeted (ready), given orders, drained, stopped or killed; whatever happens, `died` and then `closed` come once
 * each, from the loop, never from within a call. Its control socket is read in small portions, a packet at a time. */
#ifndef PROCESS_H
#define PROCESS_H

#include "err.h"
#include "greeting.h"
#include "host.h"
#include "list.h"
#include "message.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#ifndef PROCESS_GREETING_MS
#define PROCESS_GREETING_MS 90000 /* for loading and preparing; the host ends itself after 60 s */
#endif
#ifndef PROCESS_LINGER_MS
#define PROCESS_LINGER_MS 5000 /* for ending, once it has said that it will */
#endif
#define PROCESS_TERM_MS 2000 /* between SIGTERM and SIGKILL */

struct process;

/* What a run has to do with it: a member of the run. */
struct process_run {
    struct list link; /* in the process's list until the run is over */
    uint64_t id;
    const struct process_run_events *events;
};

/* One of these comes, once, and the run is over. Everything passed is borrowed. */
struct process_run_events {
    void (*exited)(struct process_run *run, const struct message_exit *ended);
    void (*refused)(struct process_run *run, const struct err *why);  /* it never started */
    void (*orphaned)(struct process_run *run, const struct err *why); /* the host died: why */
};

struct process_events {
    void (*ready)(void *context, struct process *process);
    void (*died)(void *context, struct process *process, const struct err *why); /* its runs are told after this */
    void (*closed)(void *context, struct process *process);                      /* it is freed after this */
};

/* Never fails: a process that cannot be started dies at once. Options are borrowed until this returns. */
struct process *process_create(uv_loop_t *loop, const struct host_options *options, const struct process_events *events,
                               void *context);

/* Complete once it is ready; the host moves it out. */
struct greeting *process_greeting(struct process *process);

int64_t process_pid(const struct process *process); /* 0: none (any more) */
bool process_is_ready(const struct process *process);

/* Sends the order of a run, as soon as there is room; its id is given here. stream is taken over. Only while the
 * process is ready. */
void process_order(struct process *process, struct process_run *run, struct message_order *order, int stream);

/* No more orders: it ends when its runs are over. One that is not ready yet ends now. */
void process_drain(struct process *process);

/* The same; runs that are left after grace_ms are stopped (they exit as EXIT_STOPPING), and whatever is left then is
 * killed. */
void process_stop(struct process *process, int64_t grace_ms);

/* Kills it; why is what `died` says. */
void process_kill(struct process *process, const struct err *why);

#endif
