/* What a scan did not find: whether it may go, what becomes of it, and when an item that nobody sees is gone. Of the
 * store alone.
 *
 * A sighting that is dropped leaves its item seen by others of the scope, or lost: since when, and by which target. It
 * is gone once every other configured target of the scope has begun, and ended, a complete scan since then. Only such
 * a scan began after the item had left where it was, so that one which moves while two scans run is not called gone. */
#ifndef LOSS_H
#define LOSS_H

#include "err.h"
#include "sighting.h"
#include "work.h"

#include <stdbool.h>
#include <stdint.h>

/* After a good scan: marks or drops what is missing, and keeps work->target's held up to date. To be called before the
 * target's row is written. */
bool loss_settle(struct work *work, struct sightings *sightings, struct err *err);

/* Lets go of what is held. */
bool loss_accept(struct work *work, struct sightings *sightings, struct err *err);

/* Looks at the lost items of the scope. To be called when the target's row says that it was scanned. */
bool loss_sweep(struct work *work, struct err *err);

#endif
