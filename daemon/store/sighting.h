/* What a target saw last time beside what it sees now, by one pass over both. Of the store alone. */
#ifndef SIGHTING_H
#define SIGHTING_H

#include "batch.h"
#include "hash.h"
#include "work.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One that the target had. */
struct sighting {
    struct hash128 identity;
    int64_t item;
    bool missed, held;              /* as the table says */
    const struct batch_item *found; /* NULL: it is missing */
    bool differs;                   /* another content than last time */
    bool gone;                      /* a delta says so */
};

/* One that it had never, or not since it was dropped. */
struct fresh {
    const struct batch_item *found;
    int64_t item; /* filled in by who finds or makes its item */
};

struct sightings {
    vec(struct sighting) found; /* those of which something must be written */
    vec(struct fresh) fresh;
    vec(struct sighting) missing; /* in a delta: those that are gone, and those that are held */
    int64_t held;                 /* how many of the table's were held */
};

#define SIGHTINGS_EMPTY ((struct sightings){ 0 })

void sightings_finish(struct sightings *sightings);

/* The identity in that column of the table. */
struct hash128 sighting_identity(struct sql_query *query, int column);

/* Compares the batch of the commit with the table. */
bool sightings_compare(struct work *work, struct sightings *sightings, struct err *err);

/* Each writes one row. A found one is seen again with this content: no longer missed or held. */
bool sighting_add(struct work *work, const struct batch_item *found, int64_t item, struct err *err);
bool sighting_find(struct work *work, const struct sighting *sighting, struct err *err);
bool sighting_drop(struct work *work, const struct sighting *sighting, struct err *err);

/* It is missed since seen_at, where it was not before; held or not. */
bool sighting_miss(struct work *work, const struct sighting *sighting, bool held, int64_t seen_at, struct err *err);

/* All held ones of the target, into missing. */
bool sightings_held(struct work *work, struct sightings *sightings, struct err *err);

#endif
