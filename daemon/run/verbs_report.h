/* The verb of the control socket that is about reports: write one now. */
#ifndef VERBS_REPORT_H
#define VERBS_REPORT_H

#include "control_server.h"

/* Takes the name of one of the configuration's reports; answered with the paths of its files when they are written. */
void verbs_report(void *context, struct peer *peer, const struct control_request *request);

#endif
