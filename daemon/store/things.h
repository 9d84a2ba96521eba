/* The assets of the database as the judge sees them (policy/thing.h), read when they are asked for and remembered until
 * they are too many.
 *
 *     struct things things;
 *     things_init(&things, sql);
 *     things_load(&things, 1, 256, err);          // all assets of these numbers at once, where many are wanted
 *     const struct thing *thing = things_find(&things, 77);
 *     ... judge with &things.world ...
 *     things_forget(&things);                     // when nobody holds one any more
 *     things_finish(&things);
 *
 * Within one transaction, in which nothing of items, links and assets changes any more. Of the store alone.
 *
 * An end of a relation that is there is found as the view `relation` finds it; one that more than THINGS_CROWD assets
 * show the fact of is as one that is not there. Of relations that others say about a thing it has those that thing.h
 * needs (THINGS_INWARD), at most THINGS_MAX_INWARD by key and as many by fact; nobody says anything about one of a
 * crowd by the fact that all of it show. */
#ifndef THINGS_H
#define THINGS_H

#include "arena.h"
#include "err.h"
#include "map.h"
#include "thing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

enum {
    THINGS_CROWD = 64,
    THINGS_MAX_LOAD = 8 << 20, /* bytes that one load takes, and one asset more */
    THINGS_AT_ONCE = 256,
    THINGS_LATELY = 1024,
    THINGS_MAX_INWARD = 8192, /* more than any condition looks at */
};

/* As a list of SQL. */
#define THINGS_INWARD "('hosted_on', 'member_of', 'part_of', 'protects', 'replicated_to')"

struct things {
    struct world world;
    struct sql *sql;
    struct arena arena;
    struct map known;                          /* id -> struct thing */
    const struct thing *lately[THINGS_LATELY]; /* of those: the last of each number modulo this */
    struct map ends;                           /* far ends that were looked up */
    struct map targets;                        /* id -> what is said of a target; these stay */
    bool asked;
    struct things_named {   /* what relations name their far ends by: JSON arrays; "[]": none does */
        const char *kinds;  /* by key */
        const char *claims; /* by fact */
    } named;
    struct arena target_arena;
    struct err err; /* of a find that failed */
    bool failed;
};

void things_init(struct things *things, struct sql *sql);
void things_finish(struct things *things);

/* Reads all living assets from low to high that are not known yet, in a few statements, and what they lead the judge to
 * (things_ahead.h); of large ones only the first, up to THINGS_MAX_LOAD. */
bool things_load(struct things *things, int64_t low, int64_t high, struct err *err);

/* How many of these numbers, which are in order, are worth one load: so many at the front, at most THINGS_AT_ONCE, lie
 * close together. */
size_t things_together(const int64_t *assets, size_t count);

/* NULL where there is no living asset of that number; things->failed tells whether that is because of the database. */
const struct thing *things_find(struct things *things, int64_t id);

/* The backup server of that qualified name, else of that NetBIOS name; where several are called so, none. NULL as
 * above. */
const struct thing *things_server(struct things *things, const char *name);

void things_forget(struct things *things);

/* Bytes that are remembered. */
size_t things_bytes(const struct things *things);

#endif
