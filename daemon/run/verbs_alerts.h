/* What the control socket can be asked about alerts: functions of the table in verbs.c. */
#ifndef VERBS_ALERTS_H
#define VERBS_ALERTS_H

#include "control_server.h"

/* retry ID, or retry all: what is dead waits again. */
void verbs_retry(void *context, struct peer *peer, const struct control_request *request);

#endif
