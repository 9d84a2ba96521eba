/* The changes that were found, as they are told: counted, grouped by what they are about, and the first of them by
 * themselves. Part of query_suppose.c.
 *
 *     tally_init(&tally, limit);
 *     tally_add(&tally, &change);              // in the order of assets
 *     tally_end(&tally, arena, supposed);      // once
 *     tally_finish(&tally);
 *
 * What it remembers is as much as there are groups and, below the limit, changes. */
#ifndef SUPPOSE_TALLY_H
#define SUPPOSE_TALLY_H

#include "arena.h"
#include "heap.h"
#include "map.h"
#include "query_suppose.h"
#include "str.h"
#include "vec.h"

#include <stdbool.h>
#include <stdint.h>

/* One of both verdicts may be NULL. */
struct tally_change {
    const struct thing *thing;
    const struct verdict *before, *after;
    unsigned kinds;
    bool picked;
    struct judge *judge;            /* that made the verdict afterwards, without its step, */
    const struct verdict *verdicts; /* among these; they get their steps when one is told */
    size_t verdict_count;
};

struct tally_group;

struct tally {
    size_t limit; /* 0: none */
    struct query_supposed_count counts[CHANGE_COUNT];
    int64_t last[CHANGE_COUNT]; /* the asset that was counted last */
    struct map groups;
    vec(struct tally_group *) list;
    struct heap kept; /* the changes, the one that would be told last first */
    int64_t changed;
    struct arena arena; /* of the groups */
    struct str key, text;
};

void tally_init(struct tally *tally, size_t limit);
void tally_finish(struct tally *tally);

void tally_add(struct tally *tally, const struct tally_change *change);

/* Puts counts, groups and list into the answer, all of it in the arena. */
void tally_end(struct tally *tally, struct arena *arena, struct query_supposed *supposed);

#endif
