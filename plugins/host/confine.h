/* What a run's process may do: nothing but talk to its target, read what it was given, and write its stream.
 *
 * Three layers, applied in the forked child in this order, each without a way back:
 *   limits    rlimits, no new privileges, not dumpable, own session, dies with the host, capabilities dropped
 *   Landlock  reads the system's own files and the run's paths; writes nothing
 *   seccomp   starts, signals and traces no process, changes no limit, mode, owner or mount
 * Landlock and seccomp depend on the kernel; what it lacks is said in words and refused only on demand. */
#ifndef CONFINE_H
#define CONFINE_H

#include "err.h"
#include "message.h"
#include "muster_plugin.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

enum demand { DEMAND_WANTED, DEMAND_REQUIRED, DEMAND_OFF };

enum layer { LAYER_LANDLOCK, LAYER_SECCOMP, LAYER_COUNT };

struct confinement {
    enum demand demands[LAYER_COUNT];
};

/* The demand of a word (off, wanted, required); false where there is none such. */
bool demand_named(const char *word, enum demand *demand);

/* Appends what this kernel lacks or what is off, in words; nothing when all is there. */
void confine_describe(const struct confinement *confinement, struct str *out);

/* Whether what is required is there. */
bool confine_possible(const struct confinement *confinement, struct err *err);

/* The limits of an order, for the calling process; parent is the host's pid. */
bool confine_limits(const struct message_order *order, int parent, struct err *err);

/* Landlock and seccomp for the calling process, whose run has its request: the paths that its options name stay
 * readable. Without a confinement (NULL) it does nothing. False: the run has failed. */
bool confine_run(struct muster *m, const struct confinement *confinement);

/* The layers themselves (landlock.c, seccomp.c). */
bool landlock_there(void);
bool landlock_apply(const char *const *paths, size_t path_count, struct err *err);
bool seccomp_there(void);
bool seccomp_apply(struct err *err);

#endif
