/* The runs in flight: their processes, descriptors, deadlines and last words. */
#ifndef RUNNING_H
#define RUNNING_H

#include "child.h"
#include "err.h"
#include "message.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define RUNNING_MAX 1024             /* runs at a time */
#define RUNNING_MAX_ERRORS (1 << 20) /* bytes of standard error, after which a run is killed */
#define RUNNING_MAX_THREADS 64       /* threads, after which a run is killed; looked at every second */
#define RUNNING_TAIL 640 /* bytes of standard error that are kept: what fits behind a sentence in a struct err */

struct running {
    uint64_t id;
    pid_t pid;
    int stream; /* a copy of the run's own end: it hangs up when the daemon closes the other */
    int errors; /* what the run writes to standard error arrives here; -1 once it is closed */
    int64_t started_ms, deadline_ms;
    enum exit_reason reason;
    uint64_t error_bytes;
    char tail[RUNNING_TAIL];
    size_t tail_size;
};

struct runs {
    struct running *running[RUNNING_MAX];
    size_t count;
    int64_t counted_ms; /* when their threads were last counted */
};

/* Forks a process for the order; stream is taken over in any case. child is filled but for what belongs to the run. */
bool runs_start(struct runs *runs, struct child *child, int stream, struct err *err);

/* Kills a run and all of its session; the first reason given is the one that counts. */
void running_kill(struct running *running, enum exit_reason reason);

/* Two entries for the run: hang-up of its stream, text on its standard error. */
void running_poll(const struct running *running, struct pollfd polls[2]);

/* Acts on what poll said of the two. */
void running_ready(struct running *running, const struct pollfd polls[2]);

/* The run's place by its pid; runs->count where it is none of ours. */
size_t runs_find(const struct runs *runs, pid_t pid);

/* Kills the runs that are past their deadlines, and those with too many threads. Milliseconds until there is something
 * to look at again, -1 without any run. */
int runs_watch(struct runs *runs);

/* Ends a run whose session has been killed and whose process has been reaped: reads its last words, fills the EXIT
 * message (last_words in words, which must hold MESSAGE_MAX_WORDS bytes) and forgets it. */
void runs_end(struct runs *runs, size_t index, int status, struct message_exit *ended, char *words);

/* Kills the orphans of runs: a child of this process that is no run lost its parent. Returns how many there were:
 * each must be reaped, and its own children come here then. */
size_t runs_sweep(const struct runs *runs);

#endif
