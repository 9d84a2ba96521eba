/* What backup servers' own databases (DPMDB) say of the data sources that they hold, by asset. Of the reading side.
 *
 *     struct holdings holdings = { 0 };
 *     holdings_read(&holdings, query, err);
 *     const struct holding *holding = holdings_find(&holdings, asset);
 *     holdings_finish(&holdings);                      // what was found stays, in the reading's arena */
#ifndef READING_HOLDING_H
#define READING_HOLDING_H

#include "map.h"
#include "reading.h"

struct holding {
    int64_t asset;
    struct query_texts groups;  /* protection groups, each once, in the order of their names */
    struct query_texts sources; /* names of these data sources, in the order of their groups */
    int64_t recovery_at;        /* the oldest of its data sources' last recovery points; 0: one of them has none */
    bool invalid;               /* the replica of one of them is not valid, as the backup server says */
};

struct holdings {
    struct map assets; /* -> struct holding */
};

/* Of data sources that are in a protection group now; those of a volume are its machine's too. */
bool holdings_read(struct holdings *holdings, struct query *query, struct err *err);

/* NULL: there is none of this asset. */
const struct holding *holdings_find(const struct holdings *holdings, int64_t asset);
void holdings_finish(struct holdings *holdings);

#endif
