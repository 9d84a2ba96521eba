/* Findings, kept in step with the verdicts inside the transaction that changes these, with the events that follow. Of
 * the store alone.
 *
 * A finding of kind
 *     verdict    is a protection that counts, is not taken out by a rule, and whose verdict asks something of people
 *                (need.h), but for unlisted ones; one for each asset, method and server
 *     unlisted   is a key of the matrix that has no row: workload, version, installation and product; it has so many
 *                assets
 *     lifecycle  is a version whose support by its vendor has ended: workload and version; it has so many assets
 *     stale      is a target without a successful scan for too long (tick.h raises it, a good scan ends it)
 *
 * An asset counts once in a key, however many of its protections have that key; and it is exempt there where all of
 * these are. What an unlisted key asks is the most that one of its protections asks (demand_rank), with its class. A
 * key of which nobody has anything left is retired where the last to leave are protected no more, else resolved.
 *
 * Support has ended where its end is not after the horizon: the time of the last findings_recount, which says so in the
 * row findings_at of meta. What came to its end since is counted with that, and not by halves.
 *
 * It opens, changes, and ends as
 *     resolved    the facts are others now
 *     retired     what it was about is not there any more
 *     superseded  it is judged under another basis now
 * and opens again under the same number. Each change of what people would be told (need, verdict, class) is an event.
 *
 *     struct findings findings;
 *     findings_init(&findings, sql, &occasion, at);
 *     findings_note(&findings, asset, judgement_before, judgement_now, err);   // for each row of guard that changes
 *     findings_write(&findings, err);                                          // once, at the end
 *     findings_finish(&findings); */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "demand.h"
#include "err.h"
#include "judging.h"
#include "numbers.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

struct findings_note {
    int64_t asset;
    size_t number; /* the order of noting */
    const struct demand *before, *now;
};

struct findings {
    struct sql *sql;
    const struct occasion *occasion;
    int64_t at, horizon;
    bool late; /* a horizon that is now would be another one for what was noted */
    struct demands demands;
    vec(struct findings_note) notes; /* of what asks something, before or now */
    number_vec fresh;  /* assets that have a protection which was not there; each once where its notes come in a row */
    number_vec listed; /* assets of which a backup server's database shows a protection more, or one less */
};

/* occasion must stay as it is from findings_write on, and may be NULL. */
void findings_init(struct findings *findings, struct sql *sql, const struct occasion *occasion, int64_t at);
void findings_finish(struct findings *findings);

/* A protection said before what judgement `before` is, and says `now` from now on; 0: it was not there, or is not any
 * more. Cheap where neither asks anything of people. */
bool findings_note(struct findings *findings, int64_t asset, int64_t before, int64_t now, struct err *err);

/* Brings the findings up to date with what was noted, and what is protected too (coverage_row.h), and writes the
 * events. guard must have all of it by then. */
bool findings_write(struct findings *findings, struct err *err);

/* The horizon: 0 before the first findings_recount, which moves it to its own time. */
bool findings_horizon(struct sql *sql, int64_t *horizon, struct err *err);
bool findings_move_horizon(struct sql *sql, int64_t at, struct err *err);

/* Counts anew, over all protections, what each unlisted and lifecycle finding has of assets, and which findings are
 * exempt: where exemptions are others, and where time has passed (a vendor's support has ended). Opens and ends what
 * follows from that, with events. */
bool findings_recount(struct sql *sql, const struct occasion *occasion, int64_t at, struct err *err);

/* A target that was not scanned with success for too long, and one that was again. Harmless where that is so already.
 * occasion: for the event's batch; may be NULL. */
bool findings_stale(struct sql *sql, int64_t target, const struct occasion *occasion, int64_t at, struct err *err);
bool findings_fresh(struct sql *sql, int64_t target, int64_t at, struct err *err);

/* One that is not stale any more without a scan: it may be older now, or (gone) is not configured any more. */
bool findings_excuse(struct sql *sql, int64_t target, bool gone, const struct occasion *occasion, int64_t at,
                     struct err *err);

#endif
