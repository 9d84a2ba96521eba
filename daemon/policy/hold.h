/* Whether the secret of one credential may be tried, and by whom. Pure; knows nothing of targets but that they differ.
 *
 * A refused secret must cost one attempt, not one for each target, or the account is locked. So while nobody knows
 * whether it is right, one run alone (the canary) has it:
 *
 *     word      who may begin             denied             the canary succeeds   it fails otherwise
 *     untried   one, at once              held               good                  another, at once
 *     good      all                       held               -                     -
 *     held      one, when the wait is     held, longer       good                  another, at once
 *               over
 *
 * - Another secret is untried, whatever the one before was. One that comes back after it was denied is held, as long
 *   as it was to be: a file that is changed to and fro does not buy attempts. HOLD_PAST of them are remembered, until
 *   the next start.
 * - A run is judged by the secret it began with: that of an older one says nothing about the present one.
 * - A run that began before the hold may be denied when it is held already: the wait starts again, and is no longer
 *   than it was. That it ends well says nothing: it may have logged in before the secret became wrong. */
#ifndef HOLD_H
#define HOLD_H

#include "err.h"
#include "schedule.h"

#include <stdbool.h>
#include <stdint.h>

#define HOLD_PAST 8

/* What is known of one secret. */
struct hold_secret {
    struct credential_state state;
    int64_t due; /* while held: monotonic time of the next try */
};

/* What is remembered of one that is no longer in use, and was denied. attempts is 0 where it is none. */
struct hold_past {
    uint8_t fingerprint[SCHEDULE_FINGERPRINT];
    uint32_t attempts;
    int64_t due, retry_at, held_at;
};

struct hold {
    struct hold_secret now;
    struct hold_past past[HOLD_PAST];
    uint64_t seed;
    const void *canary; /* NULL: none is under way */
    bool proves;        /* the canary began after the hold, if there is one: its success frees */
};

/* state: as stored, NULL where it never was. */
void hold_init(struct hold *hold, const char *name, const struct credential_state *state, struct schedule_now now);

enum hold_gate {
    HOLD_SHUT, /* nobody may begin */
    HOLD_ONE,  /* one may: it becomes the canary (hold_begin) */
    HOLD_ALL,
};
enum hold_gate hold_gate(const struct hold *hold, int64_t mono);

/* Says what the secret is now. Returns whether it is another one than before. */
bool hold_set_secret(struct hold *hold, const uint8_t fingerprint[SCHEDULE_FINGERPRINT]);

/* Lets this one begin, if it may; where only one may, it is the canary until hold_end or hold_drop. */
bool hold_begin(struct hold *hold, const void *who, int64_t mono);

/* Takes one for the canary that is under way with the present secret since before that was set: a second one would be
 * one attempt too many. Harmless where all may begin, or there is a canary. */
void hold_adopt(struct hold *hold, const void *who);

/* Its run ends without a word on the secret, or it never began. */
void hold_drop(struct hold *hold, const void *who);

/* How a run ended that began with this secret. alone: this target was denied before while the secret was good. */
struct hold_run {
    const void *who;
    const uint8_t *fingerprint;
    enum err_class class;
    const char *target, *why;
    bool alone;
};

enum hold_verdict {
    HOLD_NOTHING, /* nothing about the secret */
    HOLD_FREED,   /* it is good, and was not known to be */
    HOLD_DENIED,  /* it is held: the target waits with all the others */
    HOLD_ALONE,   /* the target is denied by itself */
    HOLD_OLD,     /* denied, with a secret that is no longer in use */
};
enum hold_verdict hold_end(struct hold *hold, const struct hold_run *run, struct schedule_now now);

/* Whether this target was the last one that was denied while it is held: others try before it does. */
bool hold_blames(const struct hold *hold, const char *target);

#endif
