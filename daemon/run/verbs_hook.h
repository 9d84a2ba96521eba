/* The verb of the control socket that tries a hook. The context is struct verbs.
 *
 *     hook_test    name of a hook: its script is run with a sample, and a record `result` tells what came of it */
#ifndef VERBS_HOOK_H
#define VERBS_HOOK_H

#include "control_server.h"

void verbs_hook_test(void *context, struct peer *peer, const struct control_request *request);

#endif
