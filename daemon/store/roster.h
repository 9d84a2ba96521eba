/* Of whom each judgement is said, now: the table guard turned round, read once. No index leads from a judgement to its
 * rows, so whatever starts there starts here. Of the store alone.
 *
 *     struct roster roster;
 *     number_vec assets = VEC_EMPTY;
 *     if (roster_read(&roster, sql, ROSTER_ASSETS, err))
 *         roster_gather(&roster, 77, &assets);
 *     roster_finish(&roster);              // after a failure too
 *
 * It takes some 30 bytes and 100 ns a row. */
#ifndef ROSTER_H
#define ROSTER_H

#include "arena.h"
#include "err.h"
#include "map.h"
#include "numbers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

/* What is kept of a row. */
enum roster_of { ROSTER_ASSETS, ROSTER_ROWS };

struct roster {
    struct arena arena;
    bool read;
    struct map parts;   /* judgement -> where its numbers stand */
    number_vec numbers; /* of assets or rows, those of one judgement together */
};

bool roster_read(struct roster *roster, struct sql *sql, enum roster_of of, struct err *err);

/* Reads where that was not done yet: for one that is zero until somebody needs it, while guard does not change. */
bool roster_need(struct roster *roster, struct sql *sql, enum roster_of of, struct err *err);
/* Also of one that is zero. */
void roster_finish(struct roster *roster);

/* How many rows say so. */
size_t roster_count(const struct roster *roster, int64_t judgement);

/* Appends their numbers, in no order: an asset comes twice where it is told so twice. */
void roster_gather(const struct roster *roster, int64_t judgement, number_vec *numbers);

#endif
