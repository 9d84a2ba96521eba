/* Somebody on the control socket who waits for scans or for a doctor: gets a record as each begins, goes on and ends,
 * and the sum at the end. */
#ifndef SESSION_H
#define SESSION_H

#include "control_server.h"
#include "fleet.h"
#include "message.h"

#include <stddef.h>

/* Asks for a run of each target; the answers go to the peer. */
void session_start(struct fleet *fleet, struct peer *peer, enum run_mode mode, struct target *const *targets,
                   size_t count);

#endif
