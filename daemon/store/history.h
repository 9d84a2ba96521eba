/* Writing the table history. Of the store alone.
 *
 * Each row names the row before it about the same item (previous), and the item its newest one (last_history): a chain
 * through all that became of the item, under whichever assets. Forgetting takes the old end off; the chain then ends at
 * a number that no row has any more. So the index over assets needs only the rows of the rare kinds, all but
 * HISTORY_OFTEN, and a commit that changes many items does not write a page of it for each of them.
 *
 * What finds the rows of an asset: the rare ones by the index; the others through the chains of the items that are in
 * the asset, and of those that its rare rows name. Whoever takes an item out of an asset therefore writes a rare row
 * about both (gone, parted, retired), or merges that asset into the item's new one. */
#ifndef HISTORY_H
#define HISTORY_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;

/* The terms of the index, for the statements that use it: SQLite wants them to the letter. */
#define HISTORY_OFTEN "('changed', 'moved')"
#define HISTORY_RARE "what NOT IN " HISTORY_OFTEN

struct history_row {
    int64_t journal, at, item;
    int64_t asset; /* 0: the one that the item is in */
    const char *what, *detail;
};

/* Writes nothing where there is no such item, or no asset that it is in. */
bool history_write(struct sql *sql, const struct history_row *row, struct err *err);

#endif
