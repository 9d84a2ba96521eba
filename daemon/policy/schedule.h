/* When each target is scanned, and when it must not be. Pure: the caller brings the time and does the work.
 *
 *     while (schedule_next(schedule, now, &step)) {
 *         if (step.what == SCHEDULE_LOOK)
 *             schedule_secret(schedule, step.credential, fingerprint_of_the_secret_now, now);
 *         else if (schedule_begin(schedule, step.entry, fingerprint, now))
 *             ... start the run; when it is over: schedule_end(schedule, entry, class, now);
 *     }
 *     ... sleep until schedule_due(schedule) ...
 *
 * - A target's times lie `every` apart, from a phase that its name gives, so that a fleet is spread and keeps its place
 *   over restarts. One that was never scanned, or is overdue, runs soon, spread over a minute at the most. A missed
 * time is skipped, never caught up. One run at a time to a target.
 * - Slots limit how many run at once, over all and for each plugin. A plugin that is not ready starts nothing.
 * - A failure is tried again by its class (retry.h), doubling up to a cap. A target whose runs keep dying is
 * quarantined.
 * - A credential is a shared thing: one `denied` holds all targets that use it. While its secret is new or held, one
 *   target alone (the canary) may try it: a new secret at once, a held one after a long, doubling wait. Success frees
 * all; a failure other than `denied` says nothing about the secret, and another target becomes the canary (hold.h). A
 * target that is denied while another succeeds with the same secret is denied by itself, until it succeeds or the
 * secret changes: it holds nobody else, and is no canary while there are others.
 *
 * Monotonic time decides; wall time is for what is stored and shown. A wall clock that jumps delays nothing: what was
 * stored is brought near (backoff.h). */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct schedule;
struct schedule_entry;      /* a target */
struct schedule_credential; /* a credential that targets share */

struct schedule_now {
    int64_t mono, wall; /* milliseconds, see clock.h */
};

/* What is stored of a target. All zero: never scanned. */
struct schedule_state {
    uint32_t attempts;  /* failures in a row */
    uint32_t deaths;    /* of them, the latest ones in a row by a dying run (class bug) */
    bool quarantined;   /* it waits for retry_at because its runs keep dying */
    bool denied_alone;  /* denied while the same secret is good elsewhere; it waits for retry_at */
    int64_t started_at; /* wall time of the last run's start; 0: none yet */
    int64_t retry_at;   /* wall time before which a failed one is not tried again; 0: it did not fail, it waits with its
                           held credential, or somebody asked for it */
};

enum credential_word { CREDENTIAL_UNTRIED = 1, CREDENTIAL_GOOD, CREDENTIAL_HELD };

#define SCHEDULE_FINGERPRINT 16
#define SCHEDULE_WHY 1024

/* What is stored of a credential. fingerprint: a keyed hash of the secret, made by the caller; never the secret. */
struct credential_state {
    enum credential_word word;
    uint8_t fingerprint[SCHEDULE_FINGERPRINT];
    uint32_t attempts; /* denied in a row, with this secret */
    int64_t retry_at;  /* wall time of the canary's next try while held, else 0 */
    int64_t held_at;   /* wall time since when it is held, else 0 */
    char target[256];  /* who was denied */
    char why[SCHEDULE_WHY];
};

struct schedule_spec {
    const char *name; /* borrowed until the entry is removed; the phase and the waits depend on it */
    size_t plugin;    /* its number, below plugin_count */
    struct schedule_credential *credential; /* NULL: none */
    int64_t every_ms;
};

/* plugin_slots: for each plugin, how many of its runs at once. */
struct schedule *schedule_create(size_t total_slots, const size_t *plugin_slots, size_t plugin_count);
void schedule_destroy(struct schedule *schedule);

/* The same again after a reload: numbers of plugins that are in use keep their meaning. */
void schedule_set_slots(struct schedule *schedule, size_t total_slots, const size_t *plugin_slots, size_t plugin_count);

/* At the start no plugin is ready. */
void schedule_plugin_ready(struct schedule *schedule, size_t plugin, bool ready);

/* state: as stored, NULL where it never was. */
struct schedule_credential *schedule_add_credential(struct schedule *schedule, const char *name,
                                                    const struct credential_state *state, struct schedule_now now);
struct schedule_entry *schedule_add(struct schedule *schedule, const struct schedule_spec *spec,
                                    const struct schedule_state *state, void *context, struct schedule_now now);

/* Gives an entry, which may be running, another specification: its name is borrowed from then on. What stays the same
 * keeps its clock; a shorter `every` brings the next time near. A run that is under way stays with the plugin and the
 * credential that it began with. */
void schedule_change(struct schedule *schedule, struct schedule_entry *entry, const struct schedule_spec *spec,
                     struct schedule_now now);

/* The entry should not be running: where it is, its slot is free again, and how the run ends is told to nobody. A
 * credential must have no entries; runs that began with it may still be under way. */
void schedule_remove(struct schedule *schedule, struct schedule_entry *entry);
void schedule_remove_credential(struct schedule *schedule, struct schedule_credential *credential);

/* Forgets a target's failures, as after its options changed. One that waited because of them runs soon. */
void schedule_forgive(struct schedule *schedule, struct schedule_entry *entry, struct schedule_now now);

/* Until this monotonic time the entry does not start by itself (a time that has passed: no more pause). What was due
 * meanwhile runs soon after, once. A run that is under way goes on, and who asks for one gets it. */
void schedule_pause(struct schedule *schedule, struct schedule_entry *entry, int64_t until, struct schedule_now now);

enum schedule_what { SCHEDULE_START = 1, SCHEDULE_LOOK };

struct schedule_step {
    enum schedule_what what;
    struct schedule_entry *entry;           /* SCHEDULE_START: its slot is taken */
    struct schedule_credential *credential; /* SCHEDULE_LOOK: its secret may have changed (once a minute while held) */
};

/* What is to be done now. False: nothing before schedule_due(). */
bool schedule_next(struct schedule *schedule, struct schedule_now now, struct schedule_step *step);

/* Monotonic time of the next step; INT64_MAX: none until something ends or is asked for. */
int64_t schedule_due(const struct schedule *schedule);

/* Tells what the secret is now. Another one than before makes the credential untried, or held where it is one that was
 * denied lately, and clears what the former one made of the targets. */
void schedule_secret(struct schedule *schedule, struct schedule_credential *credential,
                     const uint8_t fingerprint[SCHEDULE_FINGERPRINT], struct schedule_now now);

/* After SCHEDULE_START: whether the run may begin with this secret (NULL where the entry has no credential). False: it
 * waits for the canary, and its slot is free again. */
bool schedule_begin(struct schedule *schedule, struct schedule_entry *entry, const uint8_t *fingerprint,
                    struct schedule_now now);

/* The run that is under way makes no use of the credential: that it will go well says nothing of the secret. */
void schedule_untried(struct schedule_entry *entry);

/* The run is over (ERR_NONE: it went well); text says why not. Also for one that could not begin, but not after
 * schedule_begin said no. A run that was denied with a secret that is no longer in use counts nothing, and is due again
 * at once. Beside the entry's own state and that of its credential, a success may change those of other entries (they
 * are denied alone now); what is stored of them is brought up to date when they have run. */
void schedule_end(struct schedule *schedule, struct schedule_entry *entry, enum err_class class, const char *text,
                  struct schedule_now now);

/* The run is over through no fault of its own (its host died under it, the daemon stops): it is due again at once, and
 * nothing is counted. */
void schedule_again(struct schedule *schedule, struct schedule_entry *entry, struct schedule_now now);

/* Somebody asks for a run now. A quarantine and a wait end with that; a held credential does not. */
enum schedule_answer {
    SCHEDULE_QUEUED = 1,
    SCHEDULE_RUNNING, /* one is under way: it will do */
    SCHEDULE_HELD,    /* the credential is held; its state says since when and until when. It is first in line */
};
enum schedule_answer schedule_ask(struct schedule *schedule, struct schedule_entry *entry, struct schedule_now now);

void *schedule_context(const struct schedule_entry *entry);
const struct schedule_state *schedule_state(const struct schedule_entry *entry);
const struct credential_state *schedule_credential_state(const struct schedule_credential *credential);
bool schedule_is_running(const struct schedule_entry *entry);

/* Wall time of the entry's next run as it is planned now, while its credential is held that of the canary's at the
 * earliest; 0: it is running, or waits for something else than time. */
int64_t schedule_next_at(const struct schedule *schedule, const struct schedule_entry *entry, struct schedule_now now);

size_t schedule_running(const struct schedule *schedule);

#endif
