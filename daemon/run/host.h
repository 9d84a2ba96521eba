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

struct host;

struct host_options {
    const char *plugin;  /* its name, for sentences */
    const char *program; /* muster-plugin-host */
    const char *path;    /* of the .so */
    const char *landlock, *seccomp;
};

struct host_events {
    /* The plugin is loaded and prepared, or has become so again. table and modes are good until the next call. */
    void (*ready)(void *context, struct host *host);
    /* It cannot be used for now: why, and when it is tried again (monotonic; INT64_MAX: not before host_replace). */
    void (*unready)(void *context, struct host *host, const struct err *err, int64_t retry_mono);
};

/* Starts the process. Options are copied. */
struct host *host_create(uv_loop_t *loop, const struct host_options *options, const struct host_events *events,
                         void *context);

bool host_is_ready(const struct host *host);
const struct option_table *host_table(const struct host *host); /* NULL until it was ready once */
uint64_t host_modes(const struct host *host);
const char *host_name(const struct host *host);        /* the plugin's own name and version: "vmware 1.2" */
const char *host_confinement(const struct host *host); /* what the kernel lacks; "" when nothing */
int64_t host_pid(const struct host *host);             /* 0: none */

/* Starts a fresh process with these options (NULL: the same); the old one takes no more orders and ends when its runs
 * are over. Until the fresh one is ready the old one goes on; where it cannot be made ready, the old one stays and the
 * reason is told by `unready` only when there is no old one left. */
void host_replace(struct host *host, const struct host_options *options);

/* Whether the .so, the program, the system's CA store or krb5.conf are other files than when the process was started.
 */
bool host_is_outdated(const struct host *host);

/* Ends the process: its runs get grace_ms to finish, then are killed. closed is called when everything is gone and the
 * memory given back. */
void host_close(struct host *host, int64_t grace_ms, void (*closed)(void *context), void *context);

#endif
