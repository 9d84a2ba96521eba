/* What a data source protects, named so that other sources of the inventory know it: by the computer's name in DNS, by
 * a virtual machine's GUID, or by id.path, which is the name of what holds a thing, and its own there. Pure.
 *
 * A wrong end is worse than none: where a name can mean several things, there is none, and why says what is missing. */
#ifndef FAR_H
#define FAR_H

#include "arena.h"
#include "holdings.h"
#include "source_type.h"

#include <stddef.h>

#define FAR_MAX_ENDS 4

struct far_end {
    const char *kind, *attribute, *value; /* as facts_link_by takes them */
};

struct far {
    struct far_end ends[FAR_MAX_ENDS]; /* of one thing: kinds and names that it may be known by */
    size_t count;
    const char *target; /* for people; NULL where there is no end */
    const char *why;    /* there is no end; NULL where there is one */
};

/* Texts are the arena's or the source's. */
void far_find(struct far *far, const struct holdings_source *source, const struct source_type *type,
              struct arena *arena);

#endif
