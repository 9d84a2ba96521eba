/* The verb status: the daemon, its plugins, hooks, targets and credentials, a record each, sent as fast as the peer
 * takes them. */
#ifndef STATUS_H
#define STATUS_H

#include "control_server.h"
#include "verbs.h"

/* The daemon must not be stopping. */
void status_start(const struct verbs *verbs, struct peer *peer);

#endif
