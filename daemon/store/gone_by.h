/* What a delta calls gone by a fact instead of the key: which of the target's items these are. Of the store alone. */
#ifndef GONE_BY_H
#define GONE_BY_H

#include "err.h"
#include "hash.h"
#include "vec.h"
#include "work.h"

#include <stdbool.h>

struct identities {
    vec(struct hash128) list;
};

/* Appends the identity of each item that the target has a sighting of and that the commit's batch names so: of that
 * kind, the attribute a text that equals the value, as the facts were before this scan. One pass over the target's
 * items, however many names there are; nothing is read where there are none. */
bool gone_by_find(struct work *work, struct identities *found, struct err *err);

#endif
