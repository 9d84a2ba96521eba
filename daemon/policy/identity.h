/* Which items are one asset: a pure function of their facts and of the configuration's rules. The order in which items
 * arrived does not count, nor does what they were before.
 *
 * Items are joined in steps, each on what the steps before have made:
 *
 *     rule        a join rule names them
 *     both        they have the same UUID and the same name
 *     uuid        they have the same UUID
 *     instance    they have the same GUID of their hypervisor
 *     name        they have the same qualified name
 *     declared    a source says same_as of them
 *
 * In a step, all that show the same thing become one, or none of them: where two of them cannot be one, what they show
 * is contested and joins nothing. Two cannot be one where
 *
 *     they are of different classes (evidence.h: computers are one class);
 *     they are of one source and kind: a source knows its own things apart, so they are clones;
 *     an apart rule says so;
 *     both have UUIDs, and these differ: the name was used again;
 *     both have names, and these differ (not asked where a source declares them one): the UUID was cloned;
 *     more than IDENTITY_CROWD would be one.
 *
 * The step "both" comes first, so that of clones those with the right name find each other.
 *
 * Names change on one side first, for some scans. So an item may bring former names, which count as its own where it is
 * asked whether names differ, but join nothing. It is the caller who remembers them, and forgets them when all items of
 * the asset agree (identity_place.agreed). Nothing else is held: what joins must be there today, and the store keeps
 * what could not be read. An asset therefore parts when UUIDs come to differ, when a rule says so, or when nothing that
 * joined it is there any more.
 *
 * A join rule is stronger than all but apart rules. Two items of one source and kind it joins only where it names both
 * itself. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "arena.h"
#include "evidence.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    IDENTITY_CROWD =
        64, /* items that one asset can have, and items that may show the same thing before it joins none */
};

struct identity_ref {
    const char *scope; /* NULL: any */
    const char *kind, *key;
};

/* Items that are one asset (join), or that are not, each from each other (apart). */
struct identity_rule {
    bool join;
    const struct identity_ref *items;
    size_t count;
    const char *reason; /* may be NULL */
};

/* The list "identity" of the configuration, in its order; zeroed: none. */
struct identity_rules {
    const struct identity_rule *rules;
    size_t count;
};

struct identity_item {
    const char *scope, *kind, *key; /* no two items have all three alike */
    struct evidence evidence;
    const char *const *former; /* names that it had lately */
    size_t former_count;
    bool
        crowded[EVIDENCE_COUNT]; /* the caller knows that more items than IDENTITY_CROWD show this, and left some out */
};

/* A source declares two items, given by their index, to be one. */
struct identity_tie {
    size_t one, other;
};

struct identity_place {
    size_t group; /* the index of one item of the group, the same for all of it */
    bool agreed;  /* all names in the group are one name */
    bool ruled;   /* a rule names this item */
    /* Why it is in the group, and why it is not in another that shows the same: sentences for people, "" for an item
     * that is alone without any doubt. Names of items in it are as text_quote shows them. */
    const char *why;
};

/* Fills places, one for each item. Memory is the arena's. Costs no more than IDENTITY_CROWD comparisons for each item
 * and thing that it shows, and one of names for each item and item of a rule. */
void identity_partition(struct arena *arena, const struct identity_item *items, size_t count,
                        const struct identity_tie *ties, size_t tie_count, const struct identity_rules *rules,
                        struct identity_place *places);

/* Whether a rule names this item. rules may be NULL. */
bool identity_is_ruled(const struct identity_rules *rules, const char *scope, const char *kind, const char *key);

#endif
