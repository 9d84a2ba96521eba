/* Whether an asset is protected, and whether what protects it is supported: the answer of both together.
 *
 *     struct coverage_sum sum = { 0 };
 *     coverage_add(&sum, listed, "unlisted", NULL);          // each protection of the asset that counts
 *     const char *word = coverage_word(coverage_of(&sum));   // "unprotected-unsupported"
 *
 * It is protected where a backup server's own database (DPMDB) shows one of its protections. Only those that it shows
 * speak for such an asset, else all possible ones do; the best of them decides. Which verdicts support it:
 *
 *     supported       yes
 *     deprecated      yes: still so
 *     conditional     yes: as far as the facts that are missing hold
 *     unknown         no: nobody can say yes
 *     unlisted        no: no row says yes
 *     contradictory   no
 *     unsupported     no
 *
 * What the organisation ruled decides instead, where it did: yes and deprecated support it, no does not. That it is
 * stale changes nothing here, and is told beside it. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include "verdict.h"

#include <stdbool.h>
#include <stdint.h>

/* From the one to look at first to the one in order. */
enum coverage {
    COVERAGE_BROKEN = 1, /* protected, and a restore may fail */
    COVERAGE_NEITHER,
    COVERAGE_BARE, /* could be protected, and is not */
    COVERAGE_WELL,
    COVERAGE_COUNT_END,
};

/* A last recovery point that is older is told to be old: what is protected once a week is not. */
#define COVERAGE_OLD_DAYS 8
#define COVERAGE_OLD_MS (COVERAGE_OLD_DAYS * INT64_C(86400000))

struct coverage_sum {
    bool listed; /* a DPMDB shows one of them */
    bool listed_yes, any_yes;
};

/* One more protection that counts. listed: a DPMDB shows it. ruled may be NULL. */
void coverage_add(struct coverage_sum *sum, bool listed, const char *verdict, const char *ruled);

enum coverage coverage_of(const struct coverage_sum *sum);

/* Whether such a verdict supports what it is about. ruled may be NULL. */
bool coverage_supports(const char *verdict, const char *ruled);

/* "protected-unsupported", "unprotected-unsupported", "unprotected-supported", "protected-supported". */
const char *coverage_word(enum coverage coverage);

#endif
