/* The prepared process: one plugin, loaded and prepared once, and a fork of it for every order that comes over the
 * control socket. Single-threaded, one poll loop. */
#ifndef SERVE_H
#define SERVE_H

#include "confine.h"
#include "err.h"

#include <stdbool.h>

/* The control socket (SOCK_SEQPACKET) is standard input. When the daemon closes its sending half, the runs in flight
 * are finished first; when it is gone, or on SIGTERM, they are killed. Returns true when all is over, and false with
 * the reason, which the daemon has been told too (REFUSED with id 0), when the plugin cannot be served at all. */
bool serve(const char *path, const struct confinement *confinement, struct err *err);

#endif
