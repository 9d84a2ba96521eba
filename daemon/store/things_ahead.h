/* What the judge is going to ask for next: the far ends of things that were just read. Read together they take a part
 * of the time that one by one they do. A guess: what was not read ahead is read when it is asked for. Of things.c
 * alone.
 *
 *     number_vec fars = VEC_EMPTY;
 *     things_ahead_note(&fars, thing);                             // each that was made
 *     numbers_order(&fars);
 *     for (size_t at = 0; things_ahead_next(&fars, &at, &low, &high);)
 *         read(low, high); */
#ifndef THINGS_AHEAD_H
#define THINGS_AHEAD_H

#include "numbers.h"
#include "thing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    THINGS_AHEAD_TIES = 256, /* of one thing and relation: nodes, volumes and databases are fewer */
    THINGS_AHEAD_DEPTH = 4,  /* a database, its instance, the machine of that, its cluster, and the hosts of that */
};

/* Takes the ends of the relations that the judge follows. */
void things_ahead_note(number_vec *fars, const struct thing *thing);

/* The next of them that lie close together, from *at, which moves on; false at the end. */
bool things_ahead_next(const number_vec *fars, size_t *at, int64_t *low, int64_t *high);

#endif
