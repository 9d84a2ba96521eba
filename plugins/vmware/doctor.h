/* The pre-flight of a target: name, route, trust, api, login, sight, licences, sessions, clock; each with what to do.
 */
#ifndef DOCTOR_H
#define DOCTOR_H

#include "vcenter.h"

/* Tells every step (muster_step); what needs one that failed is skipped. Logs in once at most; the session is left for
 * vcenter_close to end. False: the credential was refused, which is more than a step that failed. */
bool doctor_examine(struct vcenter *vcenter, struct err *err);

#endif
