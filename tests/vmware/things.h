/* What a scan sent, as the assets that the judge sees: each item one. */
#ifndef THINGS_H
#define THINGS_H

#include "arena.h"
#include "mock.h"
#include "thing.h"

#include <stddef.h>

struct things {
    struct world world; /* first: finds them */
    struct arena arena;
    struct thing *things; /* their ids count from 1 */
    size_t count;
};

/* The items of the mock must live as long. */
void things_init(struct things *things, const struct mock *mock);
void things_finish(struct things *things);

/* Fails the test where there is none. */
const struct thing *things_find(const struct things *things, const struct mock *mock, const char *kind,
                                const char *key);

#endif
