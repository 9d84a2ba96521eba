/* What a scan sent, as the assets that the judge sees: each item one. */
#ifndef SENT_THINGS_H
#define SENT_THINGS_H

#include "arena.h"
#include "mock.h"
#include "thing.h"

#include <stddef.h>

struct sent_things {
    struct world world; /* first: finds them */
    struct arena arena;
    struct thing *things; /* their ids count from 1 */
    size_t count;
};

/* The items of the mock must live as long. */
void sent_things_init(struct sent_things *things, const struct mock *mock);

/* The same with items that other sources have told of, behind them. */
void sent_things_init_beside(struct sent_things *things, const struct mock *mock, const struct item *const *others,
                             size_t count);
void sent_things_finish(struct sent_things *things);

/* Fails the test where there is none. */
const struct thing *sent_things_find(const struct sent_things *things, const struct mock *mock, const char *kind,
                                     const char *key);

#endif
