/* What things.c and its parts share: a range of assets while it is read. Nobody else includes it. */
#ifndef THINGS_LOAD_H
#define THINGS_LOAD_H

#include "gist.h"
#include "str.h"
#include "things.h"
#include "vec.h"

/* An item that is there. */
struct things_row {
    int64_t id, asset, scope;
    const char *kind;
    int rank; /* evidence_kind_rank */
    struct gist gist;
};

struct things_tie {
    int64_t asset;
    struct thing_tie tie;
};

/* A target as it is told of, and who is seen by it. */
struct things_target {
    const char *name;
    const char *const *tags;
    size_t tag_count;
};

struct things_sight {
    int64_t asset;
    const struct things_target *target;
};

struct things_load {
    struct things *things;
    int64_t low, high;
    size_t limit;                        /* bytes in the arena after which no further asset is read */
    vec(struct thing) assets;            /* by id; of those that were not known */
    vec(struct things_row) rows;         /* by asset, then id */
    vec(struct things_tie) ties;         /* by asset, once things_ties is through */
    vec(struct things_sight) sights;     /* by asset */
    vec(struct attribute) facts, others; /* scratch of one thing */
};

/* The row of that item; *at goes on from where it stands. NULL: it is not there (it is gone). */
const struct things_row *things_row(const struct things_load *load, int64_t asset, int64_t item, size_t *at);

/* things_ties.c: all relations of the range. */
bool things_ties(struct things_load *load, struct err *err);

/* things_merge.c: makes a thing of its rows, ties and sights, whose places in the load's lists begin there and are
 * moved on. */
struct things_place {
    size_t row, tie, sight;
};
void things_merge(struct things_load *load, struct thing *thing, struct things_place *place);

#endif
