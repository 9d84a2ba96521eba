/* The verbs of the control socket about exemptions, and that which retires an asset. The context is struct verbs.
 *
 *     exempt      a line of JSON for each (exemption.h), at most EXEMPTION_MAX_AT_ONCE: all are made, or none
 *     exempt_end  number of an exemption, reason
 *     retire      number of an asset, reason */
#ifndef VERBS_EXEMPTION_H
#define VERBS_EXEMPTION_H

#include "control_server.h"

void verbs_exempt(void *context, struct peer *peer, const struct control_request *request);
void verbs_exempt_end(void *context, struct peer *peer, const struct control_request *request);
void verbs_retire(void *context, struct peer *peer, const struct control_request *request);

#endif
