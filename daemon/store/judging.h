/* Verdicts in the database: made in the transaction that brought the facts, and anew for everything when what they rest
 * on (matrix, products, rulings, rules, backup servers: the basis) is another.
 *
 * What is written is what changed. A protection keeps the verdict that it got first, with the basis of then, as long as
 * judging it again gives the same; the one before goes to protection_past. */
#ifndef JUDGING_H
#define JUDGING_H

#include "assets.h"
#include "err.h"
#include "estate.h"
#include "matrix.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;
struct store;

/* What verdicts rest on. Constant while anybody uses it. */
struct basis {
    const struct matrix *matrix;
    const struct estate *estate;
    struct hash128 hash; /* of both, and of the build's own version of the judge */
};

/* Both must live as long as it. */
struct basis basis_make(const struct matrix *matrix, const struct estate *estate);

/* On what occasion verdicts are made: for the findings and events that come of it. */
struct occasion {
    const char *batch; /* as in event_row.h; NULL: none */
    int64_t journal;   /* of the transaction; 0: none */
    int64_t target;    /* whose scan it is; 0: none */
    bool sliced;       /* a part of judging everything: what only the whole can tell waits for its end */
    bool anew;         /* under another basis: what ends is superseded, not resolved */
};

/* Judges the touched items' assets, and all that depend on them: the machines of a host, the databases of an instance,
 * an application of its machine. To be called inside the transaction, when items, links, assets and history are
 * written; the occasion's journal tells who joined and parted, 0 where it has no row. Findings follow. Where these are
 * too many, and where basis is NULL, what does not live any more is protected no more, and the rest waits for
 * rejudge_slice; so does everything where a backup server is among them, for what is judged for it need not refer to
 * it. */
bool judging_update(struct sql *sql, const struct basis *basis, const struct occasion *occasion, int64_t at,
                    const struct assets_item *items, size_t count, struct err *err);

/* Whether something waits for rejudge_slice. */
bool judging_waits(struct sql *sql, bool *waits, struct err *err);

struct rejudge_result {
    uint64_t judged, changed; /* protections, in this slice */
    bool more;                /* there is more to do: call again */
};

/* One slice of judging everything anew, in a transaction of its own: at most `assets` assets. It goes on where the last
 * one stopped, also after a restart, and starts over where the basis is another than the last one's. Where all is
 * judged under this basis, it does nothing and says so. now: wall time; verdicts that depend on it (a ruling that
 * lapsed) are made anew when `again` is set, and where all were made on a former day (UTC). */
bool rejudge_slice(struct store *store, const struct basis *basis, int64_t now, size_t assets, bool again,
                   struct rejudge_result *result, struct err *err);

#endif
