/* Which versions a thing may be, by the tables of products.conf.
 *
 * 1. Versions whose test says yes are it: one, as a rule.
 * 2. Where none says yes, those whose test does not say no are candidates; where hints say yes to some of these, only
 *    they; where no hint does, weak hints count.
 * 3. Where one says yes, but the hints say yes to others only, both are candidates and the conflict is told. Where the
 *    thing's items hold different values of a fact that the tests use, each value is tried, with the same result.
 * 4. Where all say no, it is foreign: known, and in no table.
 *
 * A set that is more than one is what an imprecise fact makes of it; the judge asks whether it matters. */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include "arena.h"
#include "products.h"
#include "thing.h"

#include <stdbool.h>
#include <stddef.h>

#define CLASSIFY_MAX 64 /* candidates; more are as good as none known */

struct classification {
    const struct version *const *candidates; /* in the order of family and version */
    size_t count;
    bool foreign;         /* no candidate, although the facts are there */
    bool all;             /* no fact says anything: every version is a candidate, and count is 0 */
    const char *conflict; /* a sentence that names the facts that contradict each other; NULL: none do */
    const char *missing;  /* the fact that would decide, where count is not 1; may be NULL */
    const char *why;      /* why it is missing, as a scan said; may be NULL */
};

struct judge;

/* The result lies in the session, which remembers what it classified by the facts that the tables ask for. */
const struct classification *classify(struct judge *judge, const struct thing *thing, enum product_group group);

/* The backup product that a backup_server's facts show; NULL where they do not. */
const struct product *classify_product(struct judge *judge, const struct thing *thing);

#endif
