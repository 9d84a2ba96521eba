/* A thing with other facts than it has: for `muster what-if`. */
#ifndef THING_SUPPOSE_H
#define THING_SUPPOSE_H

#include "arena.h"
#include "thing.h"

#include <stddef.h>

/* The thing as if all its sources said these facts, which are in the order of strcmp, each name once. What it is tied
 * to stays. It lies in the arena and leads to the thing's own texts and to those of the facts. */
const struct thing *thing_suppose(const struct thing *thing, const struct attribute *facts, size_t count,
                                  struct arena *arena);

#endif
