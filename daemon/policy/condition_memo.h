/* What a session remembers of tests of related things. Many things are tied to the same ones: virtual machines to the
 * hosts of their cluster and to its datastores, everything to its backup server. What such a test comes to is kept by
 * these ties, for all things that have the same.
 *
 * Embedded in the session, zero at the start; its memory is the session's arena, so it is reset with that. */
#ifndef CONDITION_MEMO_H
#define CONDITION_MEMO_H

#include "condition.h"
#include "map.h"

#include <stdbool.h>

struct condition_kept;
struct herd;

/* What is known of all things that have the same ties. */
struct condition_tied {
    struct condition_kept *kept; /* condition_memo.c */
    struct herd *herd;           /* judge_hosts.c */
};

struct condition_memo {
    struct map tied; /* by the ids of the far ends */
    struct {
        bool known;
        const struct thing *thing;
        struct condition_tied *tied;
    } last[COLLECTION_COUNT];
};

void condition_memo_reset(struct condition_memo *memo);

/* NULL: the collection hangs on more than a few ties of the thing itself, or one of these leads nowhere, or to the
 * thing itself. */
struct condition_tied *condition_tied(struct condition_memo *memo, struct judge *judge, enum collection collection,
                                      const struct thing *thing);

#endif
