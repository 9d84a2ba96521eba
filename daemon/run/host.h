/* One plugin's prepared process, as the daemon sees it: started, greeted, given orders, replaced, ended.
 *
 * A `struct host` stands for the plugin over the whole life of the daemon; the process behind it comes and goes: it is
 * started again with a doubling wait after it died, and replaced by a fresh one (host_replace) while the old one
 * finishes its runs. */
#ifndef HOST_H
#define HOST_H

#include "err.h"
#include "option.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/* The wait before it is started again, where it ended or was refused: the first, and the longest. One that has served
 * for a minute starts from the first again. */
#define HOST_RETRY_FIRST_MS 1000
#define HOST_RETRY_CAP_MS 300000

struct host;
struct process;

struct host_options {
    const char *plugin;             /* its name, for sentences */
    const char *program;            /* muster-plugin-host */
    const char *path;               /* of the .so */
    const char *landlock, *seccomp; /* wanted, required, off; NULL: as the program has it */
};

struct host_events {
    /* The plugin is loaded and prepared, or has become so again. table and modes are good until the next call. */
    void (*ready)(void *context, struct host *host);
    /* It cannot be used for now: why, and when it is tried again (monotonic). Comes before the runs of a process that
     * died are told, and again after each attempt that fails. */
    void (*unready)(void *context, struct host *host, const struct err *err, int64_t retry_mono);
};

/* Starts the process; events come from the loop, never from within a call. Options and
 * events are copied. The process has a session of its own, few variables of the environment (environment.h), and
 * standard output and error of the daemon. */
struct host *host_create(uv_loop_t *loop, const struct host_options *options, const struct host_events *events,
                         void *context);

bool host_is_ready(const struct host *host);
const struct option_table *host_table(const struct host *host); /* NULL until it was ready once */
uint64_t host_modes(const struct host *host);
const char *host_name(const struct host *host);        /* the plugin's own name and version: "vmware 1.2" */
const char *host_confinement(const struct host *host); /* what the kernel lacks; "" when nothing */
int64_t host_pid(const struct host *host);             /* 0: none */

/* For scan.c: what takes orders now (NULL: it is not ready), and the loop; and that a scan of the host's is there, or
 * nothing of it any more. */
struct process *host_process(const struct host *host);
uv_loop_t *host_loop(const struct host *host);
void host_retain(struct host *host);
void host_release(struct host *host);

/* Starts a fresh process with these options (NULL: the same); the old one takes no more orders and ends when its runs
 * are over. Until the fresh one is ready the old one goes on; where it cannot be made ready, that is logged and tried
 * again with growing waits, and told by `unready` only when there is no old one left. */
void host_replace(struct host *host, const struct host_options *options);

/* Whether the .so, the program, the system's CA store or krb5.conf are other files than when a process was last
 * started. */
bool host_is_outdated(const struct host *host);

/* Ends the process: its runs get grace_ms to finish, then are killed. closed is called when everything is gone, all
 * scans of it have ended, and the memory is given back; ready and unready do not come any more. Once only. */
void host_close(struct host *host, int64_t grace_ms, void (*closed)(void *context), void *context);

#endif
