/* The working state of identity.c: items in a canonical order, and the groups that they form so far. Used by identity.c
 * and by what puts its result into words, kinship_why.c. */
#ifndef KINSHIP_H
#define KINSHIP_H

#include "arena.h"
#include "identity.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>

enum kinship_step { STEP_RULE, STEP_BOTH, STEP_UUID, STEP_INSTANCE, STEP_NAME, STEP_DECLARED };

/* Why two items cannot be one. */
enum kinship_reason { REASON_CLASS, REASON_SOURCE, REASON_RULE, REASON_UUID, REASON_NAME, REASON_CROWD };

struct kinship_ban {
    size_t rule, ref;
};

/* An item and its place in a group: a ring of items, one of which stands for all. */
struct kinship_node {
    const struct identity_item *item;
    size_t given; /* its index in what the caller gave */
    size_t root, next, size;
    const struct kinship_ban *bans; /* the apart rules that name it */
    size_t ban_count;
    size_t named_by; /* number, from 1, of the join rule in hand that names it */
    bool ruled;
    const char *why;
    unsigned joins, doubts; /* sentences in why */
};

/* One thing that was shown by some items, which became one through it, or did not. */
struct kinship_shown {
    enum kinship_step step;
    const char *uuid, *name; /* NULL where the step does not look at it; name is the reason of a rule too */
};

struct kinship_doubt {
    struct kinship_shown shown;
    enum kinship_reason reason;
    size_t item, one, other; /* one and other cannot be one; item shows the same, and may be one of them */
};

struct kinship {
    struct arena *arena;
    struct kinship_node *nodes; /* in the order of scope, kind and key */
    size_t count;
    vec(struct kinship_doubt) doubts;
};

void kinship_init(struct kinship *kinship, struct arena *arena, const struct identity_item *items, size_t count);
void kinship_finish(struct kinship *kinship);

/* Makes one group of two. Their roots are given. */
void kinship_merge(struct kinship *kinship, size_t one, size_t other);

/* Runs member, an index, over the group of a node. The groups must not change meanwhile. */
#define kinship_each(member, kinship, node)                                                                            \
    for (size_t member = (node), member##_left = (kinship)->nodes[(kinship)->nodes[node].root].size;                   \
         member##_left > 0; member##_left--, member = (kinship)->nodes[member].next)

/* Adds the sentence "one with PARTNER: ..." to the item's why. */
void kinship_tell_join(struct kinship *kinship, size_t item, size_t partner, const struct kinship_shown *shown);

/* Adds a sentence for each doubt that the final groups leave standing. */
void kinship_tell_doubts(struct kinship *kinship);

#endif
