/* Of which assets and protections something is supposed: what the filter lets through, read in the order of numbers
 * beside the walk through the fleet. Part of query_suppose.c.
 *
 *     pick_begin(&pick, query, suppose, now, err);
 *     while (pick_next(&pick, err) && pick.assets.count > 0)      // the next assets that are to be judged
 *         vec_each (asset, &pick.assets)
 *             ... pick_has(&pick, *asset, "agent", "mabs01") ...
 *     pick_finish(&pick); */
#ifndef SUPPOSE_PICK_H
#define SUPPOSE_PICK_H

#include "intern.h"
#include "numbers.h"
#include "query_suppose.h"
#include "reading.h"
#include "vec.h"

#include <stdbool.h>
#include <stdint.h>

/* A protection; method NULL: the asset with all that it has. */
struct pick_row {
    int64_t asset;
    const char *method, *server;
};

struct pick {
    bool everything;             /* there is no filter */
    bool whole;                  /* all that has protections is walked through, for facts of others may reach it */
    struct sql_query fleet;      /* numbers, where these are not those of the rows */
    struct sql_query rows;       /* of what is picked */
    struct pick_row ahead;       /* the row that comes next; asset 0: there is none */
    vec(int64_t) assets;         /* in hand, in order */
    vec(struct pick_row) picked; /* of these, in order */
    number_vec all;              /* where facts are supposed of some: whose, in order. Eight bytes each */
    int64_t count;               /* assets that were picked so far */
    struct intern words;
};

bool pick_begin(struct pick *pick, struct query *query, const struct query_suppose *suppose, int64_t now,
                struct err *err);

/* Takes the next assets in hand; none at the end. */
bool pick_next(struct pick *pick, struct err *err);

/* Whether facts are supposed of this asset, wherever it is. */
bool pick_has_asset(const struct pick *pick, int64_t asset);

/* Of the assets in hand: whether this protection is picked; method NULL: any of the asset. */
bool pick_has(const struct pick *pick, int64_t asset, const char *method, const char *server);

void pick_finish(struct pick *pick);

#endif
