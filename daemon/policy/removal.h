/* Whether so much is missing that its removal must wait for a person: an account that lost its rights sees an empty
 * world, and must not empty the inventory. Pure.
 *
 * What may go without being asked for: REMOVAL_SHARE percent of a target's items, or REMOVAL_ITEMS where that is more;
 * never all items of a kind. */
#ifndef REMOVAL_H
#define REMOVAL_H

#include "str.h"

#include <stdbool.h>
#include <stddef.h>

#define REMOVAL_SHARE 30
#define REMOVAL_ITEMS 10

/* The items of one kind that a target had before a scan, and how many of them are missing now, those among them that
 * are waiting already. */
struct removal_kind {
    const char *kind;
    size_t had, missing;
};

/* True: the removal waits, and the sentence that says why is appended. */
bool removal_waits(const struct removal_kind *kinds, size_t count, struct str *why);

#endif
