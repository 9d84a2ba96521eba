/* The life of one run's process, from the fork to its exit. */
#ifndef CHILD_H
#define CHILD_H

#include "confine.h"
#include "message.h"
#include "plugin.h"

#include <stdint.h>

struct child {
    const struct plugin *plugin;
    const struct confinement *confinement;
    const struct message_order *order;
    int64_t deadline_ms; /* on the monotonic clock */
    int parent;          /* the host's pid */
    int stream;          /* the scan stream */
    int errors;          /* becomes standard output and standard error */
    int base;            /* every descriptor of the host's own is this or higher; lower ones are the plugin's */
};

/* Call in the child, right after fork(). Reads the request, confines the process, runs the callback, exits 0 when the
 * stream has its last message, and 1 when there was nobody to tell. */
_Noreturn void child_run(const struct child *child);

#endif
