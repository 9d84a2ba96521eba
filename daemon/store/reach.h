/* Which assets may get another verdict because items changed: the items' own, those that they left or came from, and
 * what depends on any of these, over at most REACH_HOPS relations. Of the store alone.
 *
 * An asset depends on another one by what the judge follows: the relations that its items state (not same_as), and
 * those of THINGS_INWARD that others state about it. A relation that names its end by a fact which an item has no more,
 * and one that an item states no more, are found by what the item's newest entries of the history say they were. */
#ifndef REACH_H
#define REACH_H

#include "assets.h"
#include "err.h"
#include "map.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

enum {
    REACH_HOPS = 4,
    REACH_MOST = 20000, /* assets; more are left to a judging of everything */
};

struct reach {
    vec(int64_t) assets; /* in the order of numbers; not all live */
    bool more;           /* there are further ones */
    bool server;         /* a backup server is another, on which verdicts depend that no relation leads to */
};

void reach_finish(struct reach *reach);

/* journal: the transaction's number, whose history tells who joined and parted; 0: there is none. */
bool reach_find(struct sql *sql, int64_t journal, const struct assets_item *items, size_t count, struct reach *reach,
                struct err *err);

#endif
