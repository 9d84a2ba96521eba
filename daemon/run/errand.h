/* One run of a target from its slot in the schedule to what it leaves: secret, request, run, verdict of the schedule,
 * and the commit. */
#ifndef ERRAND_H
#define ERRAND_H

struct fleet;
struct fleet_credential;
struct target;

/* The schedule says START. While a run of it waits for its commit, it is deferred: whoever sees the end of that is to
 * call schedule_again. */
void errand_begin(struct target *target);

/* The schedule says LOOK: whether the credential's secret is another now. */
void errand_look(struct fleet *fleet, struct fleet_credential *credential);

/* Tells whoever waits for the target that nothing will come of it, in a word and a sentence. */
void errand_refuse(struct target *target, const char *result, const char *why);

#endif
