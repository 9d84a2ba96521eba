/* The alerts of one hook on their way out: one at a time is taken from the outbox, its script is run, and what came of
 * it goes back. Behind delivery.h. */
#ifndef COURIER_H
#define COURIER_H

#include <stdbool.h>
#include <stdint.h>

#define COURIER_NEVER INT64_MAX
#ifndef DELIVERY_PAUSE_MS
#define DELIVERY_PAUSE_MS 60000 /* before something is asked of the database again that it refused */
#endif

struct courier;
struct fleet;

#define COURIER_GAP_MS 1000 /* whatever the database says of when to ask again, the loop does not spin */

/* For the hook of that name (copied) of the fleet's rules. rested is called in the loop, at the end of each round: it
 * may ask for the next one, or destroy the courier. */
struct courier *courier_create(struct fleet *fleet, const char *name, void (*rested)(void *context), void *context);

/* Only one that rests. */
void courier_destroy(struct courier *courier);

const char *courier_name(const struct courier *courier);

/* Whether it has nothing in flight: no job, no script. */
bool courier_rests(const struct courier *courier);

/* When it wants to look next (wall time), COURIER_NEVER: when something new is there. For one that rests. */
int64_t courier_next(const struct courier *courier);

/* Something new may be there, or it may be tried at once by now. */
void courier_hurry(struct courier *courier);

/* Begins a round where it rests and its time has come. A hook that the rules do not have any more has none. */
void courier_go(struct courier *courier, int64_t now);

/* No round is begun any more, and none goes on from the outbox to its script. */
void courier_stop(struct courier *courier);

/* Ends its script, if one runs: what came of that is not told to the outbox, so it is tried again by another daemon. */
void courier_cancel(struct courier *courier);
bool courier_is_running(const struct courier *courier);

/* Its last try: NULL where it went well or there was none, else why not; since when it has been failing. As far as this
 * daemon knows. */
const char *courier_trouble(const struct courier *courier, int64_t *since);
bool courier_has_tried(const struct courier *courier);

#endif
