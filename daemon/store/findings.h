/* Findings, kept in step with the verdicts inside the transaction that changes these, with the events that follow. Of
 * the store alone.
 *
 * A finding of kind
 *     verdict    is a protection that counts, is not taken out by a rule, and whose verdict asks something of people
 *                (need.h), but for unlisted ones; one for each asset, method and server
 *     unlisted   is a key of the matrix that has no row: workload, version, installation and product; it has so many
 * assets lifecycle  is a version whose support by its vendor has ended: workload and version; it has so many assets
 *     stale      is a target without a successful scan for too long (tick.h raises it, a good scan ends it)
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

#include "err.h"
#include "judging.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;
struct exemptions; /* exemption_row.h */

struct findings; /* filled in by whoever builds findings.c: what was noted, the exemptions in force, keys and their sums
                  */

void findings_init(struct findings *findings, struct sql *sql, const struct occasion *occasion, int64_t at);
void findings_finish(struct findings *findings);

/* A protection said before what judgement `before` is, and says `now` from now on; 0: it was not there, or is not any
 * more. Cheap where neither asks anything of people. */
bool findings_note(struct findings *findings, int64_t asset, int64_t before, int64_t now, struct err *err);

/* Brings the findings up to date with what was noted, and writes their events. */
bool findings_write(struct findings *findings, struct err *err);

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
