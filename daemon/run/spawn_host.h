/* Starting the program muster-plugin-host. */
#ifndef SPAWN_HOST_H
#define SPAWN_HOST_H

#include "host.h"

#include <uv.h>

/* With control as its standard input, the daemon's standard output and error, few variables of the environment, and a
 * session of its own: what a terminal sends to the daemon is not for the host. Returns 0 or an error of libuv; child
 * must be closed in both cases. */
int spawn_host(uv_loop_t *loop, uv_process_t *child, const struct host_options *options, int control, uv_exit_cb ended);

#endif
