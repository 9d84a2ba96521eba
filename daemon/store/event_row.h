/* Rows of the table event: what happened that people may be told of, written with what made it happen. Hooks are not
 * known here; outbox.h collects from this table. Of the store alone.
 *
 *     event_write(sql, &(struct event_row){ .at = at, .what = EVENT_SCAN_FAILING, .subject = "target 5 scan",
 *                                           .state = "failing", .target = 5 }, err); */
#ifndef EVENT_ROW_H
#define EVENT_ROW_H

#include "err.h"
#include "event.h"

#include <stdint.h>

struct sql;

#define EVENT_STATE_ONCE "*" /* of what has no end: it is told each time */

/* Numbers of 0 are none; texts of NULL are empty. */
struct event_row {
    int64_t at;
    enum event_what what;
    const char *subject; /* what it is about, in a form of ours: "finding 12", "target 5 scan", "credential NAME" */
    const char *state;   /* how that is from now on, as far as people are told: "" is over. A hook hears of a subject
                          * only what differs from what it last heard */
    int64_t finding, asset, target, journal;
    const char *batch;  /* events of one batch are one alert: "basis 3" (judged anew under it), "first 5" (a target's
                         * first good scan), "clock 1700000000000" (what was due then: tick.h), "coverage 1700000000000"
                         * (what  is protected, or no more, from then on); else NULL */
    const char *detail; /* a JSON object that docs/hooks.md describes; NULL: {} */
};

bool event_write(struct sql *sql, const struct event_row *event, struct err *err);

#endif
