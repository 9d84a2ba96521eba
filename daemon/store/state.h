/* What the daemon remembers of its targets and credentials, and what it is told of them by the configuration. */
#ifndef STATE_H
#define STATE_H

#include "err.h"
#include "schedule.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;
struct store;

/* A target of the configuration; texts are borrowed. */
struct state_target {
    const char *name, *was, *plugin, *scope, *credential; /* was and credential may be NULL */
    const char *const *tags;
    size_t tag_count;
    int64_t every_ms, max_age_ms; /* max_age_ms 0: three times every_ms */
    /* filled in: */
    int64_t id;
    struct schedule_state schedule;
};

/* Makes the database's list of targets that of the configuration, in one transaction, and fills in what it knows of
 * each. Nothing is written where nothing differs; else the journal gets a row of kind "configuration".
 *
 * One with `was` takes over the former one's number, scope and history, where the former name is no longer configured
 * and the new one is not known. One that is no longer configured is retired: what only it saw is marked gone
 * ("retired"); it wakes with all it had when it comes back and sees it again. One whose scope is another now takes its
 * items along, but for those that others of the former scope see too. Refused (class config): a name that comes twice.
 * now: wall time. */
bool state_apply(struct store *store, struct state_target *targets, size_t count, int64_t now, struct err *err);

/* A credential's state; false in *known where there is none. */
bool state_credential(struct store *store, const char *name, struct credential_state *state, bool *known,
                      struct err *err);

/* Stores a credential's state outside of any scan (its secret changed). */
bool state_set_credential(struct store *store, const char *name, const struct credential_state *state, int64_t now,
                          struct err *err);

/* The same within a transaction of the caller's. Writes nothing where nothing differs, and an event where it is held
 * from now on, or is not any more. */
bool state_write_credential(struct sql *sql, const char *name, const struct credential_state *state, int64_t now,
                            struct err *err);

/* Forgets the credentials that are not among these. */
bool state_keep_credentials(struct store *store, const char *const *names, size_t count, int64_t now, struct err *err);

/* One small step of forgetting what is older than the horizon (wall time): history, former verdicts, items gone since
 * before it, journal, action log, events, alerts, findings and exemptions that ended, and assets, about `most` rows of
 * them in all; then gives a few free pages of the file back. Kept are what something refers to, and each target's
 * newest row of the journal. *more: whether another step would find something. */
bool state_forget(struct store *store, int64_t horizon, size_t most, bool *more, struct err *err);

#endif
