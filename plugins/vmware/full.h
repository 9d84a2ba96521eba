/* A full scan: everything there is, in a session of its own. */
#ifndef FULL_H
#define FULL_H

#include "err.h"
#include "vcenter.h"
#include "vim_read.h"

#include <stdbool.h>

/* Logs in (once), proves its sight, sends every item and, where the options want it, keeps the session and the version
 * that it came to for the next scan. completeness: for muster_end. */
bool full_scan(struct vcenter *vcenter, int *completeness, struct err *err);

/* Takes an object of the filter's first set of updates; the survey is the context. A machine that changed while that
 * was read comes as a change behind its own item: an item is sent once, so that is the next scan's. What stands around
 * them was read just before; what is new since then may have put machines out of place, and is the next scan's too. */
bool full_take_first(void *survey, const struct vim_object *object, struct err *err);

#endif
