/* The outbox: from events to alerts, and what becomes of these. Scans write events (event_row.h) and know of no hook;
 * the steps here turn them into alerts, in small transactions of their own.
 *
 * Collecting: each hook has read the events up to its cursor. Of those behind it, what it wants is put into `pending`,
 * in a bundle of what belongs together (a cause, a batch, a key of the matrix, a subject; what ends: what it was told
 * with), due after grace and window, or when a maintenance is over. A hook that is new begins at the end; one that is
 * not configured any more leaves, and its alerts with it.
 *
 * Freezing: a bundle that is due becomes one row of `alert`, with its payload and its id: the idempotency key, which
 * stays whatever happens. Of each subject it tells how it is now, held against what the hook heard of it last (`told`):
 * what came and went meanwhile is not told, and an end only to a hook that heard of the beginning. Findings that are
 * exempt are not told to open or change. A bundle of nothing leaves no alert. More bundles than hook->storm due at once
 * become one; so does all that waited because of hook->rate. It waits for all to be collected, and for what is judged
 * anew, but for ten minutes and an hour at the most.
 *
 * Delivering: the oldest that was tried least; a hook that failed waits, doubling with the tries of that alert,
 * whichever is next, but for a new alert no longer than OUTBOX_RETRY_MS: the receiver may have refused only the former.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include "action.h"
#include "err.h"
#include "hook.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

#define OUTBOX_MAX_FINDINGS 100              /* shown in one payload; the rest is counted */
#define OUTBOX_MAX_PAYLOAD ((size_t)1 << 20) /* bytes of one */
#define OUTBOX_KEY_SIZE 33                   /* 32 digits of hexadecimal */
#define OUTBOX_MAX_MESSAGE ((size_t)4096)    /* bytes of one that is kept, from its start */

/* How long a hook waits that failed: so long, then twice as long each time, up to the latter. */
#define OUTBOX_RETRY_MS INT64_C(30000)
#define OUTBOX_RETRY_MAX_MS INT64_C(3600000)

/* A target in maintenance: what it is about waits until the end, and is summed up then. */
struct outbox_quiet {
    int64_t target;
    const char *window;
    int64_t until;
};

struct outbox_setting {
    const struct hooks *hooks;
    const struct outbox_quiet *quiet;
    size_t quiet_count;
    int64_t now; /* wall time */
};

struct outbox_step {
    bool more;     /* there is more to collect: call again */
    int64_t next;  /* when the next bundle is due; 0: none waits */
    size_t frozen; /* alerts made by this step */
    bool ready;    /* an alert waits for a hook that may be tried now: ask outbox_take, whatever it said before */
};

/* Collects at most so many events of each hook, and freezes what is due. */
bool outbox_step(struct store *store, const struct outbox_setting *setting, size_t most, struct outbox_step *step,
                 struct err *err);

/* An alert to be tried; the texts are on the heap until outbox_alert_finish. */
struct outbox_alert {
    int64_t id; /* 0: none is to be tried */
    char key[OUTBOX_KEY_SIZE];
    enum event_what what; /* the most pressing of what it tells */
    enum need need;
    size_t count;   /* of subjects */
    unsigned tries; /* before this one */
    char *payload;  /* one line of JSON with its newline */
    int64_t next;   /* where id is 0: when to ask again; 0: when something is frozen */
};

bool outbox_take(struct store *store, const struct hook *hook, int64_t now, struct outbox_alert *alert,
                 struct err *err);
void outbox_alert_finish(struct outbox_alert *alert);

/* What became of the try: delivered, or why not, with the end of its output in the sentence. */
struct outbox_outcome {
    int64_t alert;
    bool delivered;
    const char *message;
};

struct outbox_after {
    bool dead;    /* it is given up */
    bool turned;  /* the hook failed and did not before, or the other way round: to be said once */
    int64_t next; /* when the hook may be tried again */
};

bool outbox_settle(struct store *store, const struct hook *hook, const struct outbox_outcome *outcome, int64_t now,
                   struct outbox_after *after, struct err *err);

/* Makes a dead alert, or all of them (0), wait again, and lets its hook be tried at once. Refused (class config) where
 * there is none. In the action log. */
bool outbox_retry(struct store *store, int64_t alert, const struct actor *by, int64_t now, size_t *count,
                  struct err *err);

/* The payload of a sample (event hook.test), on the heap, and its id: another one each time. */
char *outbox_sample(const struct hook *hook, int64_t now, char key[OUTBOX_KEY_SIZE]);

#endif
