/* A full scan: everything there is, in a session of its own. */
#ifndef FULL_H
#define FULL_H

#include "err.h"
#include "vcenter.h"

#include <stdbool.h>

/* Logs in (once), proves its sight, sends every item and, where the options want it, keeps the session and the version
 * that it came to for the next scan. completeness: for muster_end. */
bool full_scan(struct vcenter *vcenter, int *completeness, struct err *err);

#endif
