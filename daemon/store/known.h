/* Items as the database remembers them: reading one, writing what differs. Of the store alone. */
#ifndef KNOWN_H
#define KNOWN_H

#include "arena.h"
#include "delta.h"
#include "err.h"
#include "item.h"
#include "work.h"

#include <stdbool.h>
#include <stdint.h>

struct known {
    int64_t id;
    bool lost, gone;
    int64_t lost_by; /* the target that lost it, 0: none */
    struct delta_before before;
    int64_t *link_numbers; /* for each of before.item.links */
    int64_t last_number;
};

/* Reads the item of that number; its memory is the arena's. */
bool known_load(struct work *work, int64_t id, struct arena *arena, struct known *known, struct err *err);

/* The number of the item, 0 where the target's scope has none of this kind and key. */
bool known_find(struct work *work, const char *kind, const char *key, int64_t *id, struct err *err);

/* Adds an item with its links and unread sections, where there is none of its kind and key yet: else *id is 0. */
bool known_add(struct work *work, const struct item *item, int64_t *id, struct err *err);

/* Writes what the delta says, and nothing where it says nothing. *telling: verdicts may depend on it (its gist, its
 * links). */
bool known_change(struct work *work, const struct known *known, const struct delta *delta, bool *telling,
                  struct err *err);

/* The item is seen: neither lost nor gone any more. */
bool known_wake(struct work *work, const struct known *known, struct err *err);

#endif
