/* Those that are due, and which of them goes next.
 *
 * Each has a turn. Turns that wait for the same plugin and the same permission stand in one lane, in the order in which
 * they became due; those that somebody asked for go first. A lane that is shut (its credential is held) blocks no
 * other. The lanes of one plugin share its slots. */
#ifndef LANE_H
#define LANE_H

#include "heap.h"
#include "list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One plugin's slots. */
struct slots {
    bool ready;
    size_t limit, running;
    struct heap lanes; /* those that are open and not empty, by their first turns */
};

struct lane {
    struct list link; /* for the owner */
    struct slots *slots;
    struct heap turns;
    struct heap_node node;
    bool open;
    bool doubtful; /* for the owner: what kind of turns these are */
};

/* All zero: in no lane. */
struct turn {
    struct heap_node node;
    struct lane *lane; /* where it stands, or stood last */
    bool asked;
    int64_t due;
    uint64_t number; /* the order in which they came, for those that are due at the same time */
};

void slots_init(struct slots *slots, size_t limit);
void slots_finish(struct slots *slots);

/* A shut lane without turns, in no list. */
struct lane *lane_create(struct slots *slots, bool doubtful);

/* The lane must be empty and in no list. */
void lane_destroy(struct lane *lane);

void lane_set_open(struct lane *lane, bool open);

/* Puts in a turn that is in no lane; what it is ordered by must not change until it is out again. */
void lane_add(struct lane *lane, struct turn *turn);

/* Takes the turn out of its lane; harmless for one that is in none. */
void lane_remove(struct turn *turn);

/* The turn that goes next on these slots; NULL where none may. */
struct turn *slots_first(const struct slots *slots);

/* Whether left goes before right. */
bool turn_before(const struct turn *left, const struct turn *right);

#endif
