/* A scan by what changed since the scan that kept a pass. */
#ifndef UPDATE_H
#define UPDATE_H

#include "err.h"
#include "pass.h"
#include "vcenter.h"

enum update {
    UPDATE_DONE = 1, /* a delta was sent */
    UPDATE_FULL,     /* a full scan is needed, and nothing was sent; the log says why */
    UPDATE_FAILED,   /* err says why */
};

/* One request where nothing has changed. What changed is read wholly, for an update holds only what did; the
 * surroundings are read with it. A machine that left is gone only to an account that is seen to see all. */
enum update update_scan(struct vcenter *vcenter, struct pass *pass, struct err *err);

#endif
