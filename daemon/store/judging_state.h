/* How far judging everything has come: rows of the table meta. Of the store alone.
 *
 *     judging_basis     the hash of what it is judged under, in hexadecimal
 *     judging_next      the number of the first asset that is still to be judged; missing: all are
 *     judging_again     all of them once more after that, as something changed meanwhile
 *     judging_anew      this is the first time under the basis, and still under way
 *     judging_done_at   when the last one was; missing while some are waiting */
#ifndef JUDGING_STATE_H
#define JUDGING_STATE_H

#include "err.h"
#include "hash.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;

/* Kinds of assets that are never the subject of a verdict, as a list of SQL: each is by itself in its asset. */
#define JUDGING_NO_SUBJECT                                                                                             \
    "('availability_group', 'cluster', 'csv', 'datastore', 'protected', 'vapp', 'vcenter', 'volume')"

struct judging_state {
    bool begun; /* under this basis */
    bool anew;  /* for the first time under it */
    bool other; /* not begun, and another basis was there before it */
    bool done;
    int64_t next;
};

bool judging_state_read(struct sql *sql, const struct hash128 *basis, struct judging_state *state, struct err *err);

/* Goes on at next, or where all are done and something changed meanwhile, once more from the first: next and done are
 * what stands then. Under another basis, or done, where that is so. now: the time of being done. */
bool judging_state_write(struct sql *sql, const struct hash128 *basis, struct judging_state *state, int64_t now,
                         struct err *err);

/* Everything is to be judged once more, as not all that may be another verdict could be judged at once. What is under
 * way comes to its end before: who marks again and again keeps nobody waiting for ever. */
bool judging_mark(struct sql *sql, struct err *err);

#endif
