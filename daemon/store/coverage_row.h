/* Rows of the table coverage: which assets backup servers' own databases (DPMDB) show to be protected, with the events
 * when one is so for the first time or again (gained), and when it is no more (lost). Of the store alone.
 *
 * An asset is protected where a protection of it that counts, and that no rule takes out, is one that a DPMDB shows. It
 * is lost only where that is known: it lives and could be protected, and the DPMDB of the backup server that held it
 * still shows others. Of what is spoken for by its parts (judge.h) nothing is told: each of these is. A DPMDB that
 * shows nothing at all any more was not read, or is not asked any more: nothing is lost by that, until it shows
 * something again. */
#ifndef COVERAGE_ROW_H
#define COVERAGE_ROW_H

#include "err.h"
#include "judging.h"
#include "numbers.h"

#include <stdint.h>

struct sql;

/* Whether a row j of judgement takes part in coverage: it counts, and its asset is not spoken for by its parts. */
#define COVERAGE_ASKED "j.counts = 1 AND j.excluded IS NULL AND j.by_what <> 'parts'"

/* Assets whose rows in guard are others now. */
struct coverage_news {
    number_vec *listed; /* of which a DPMDB shows a protection more, or one less, or whose parts came or went */
    number_vec *fresh;  /* with a protection that was not there: they may have been away */
};

/* Looks at these assets. Leaves it to coverage_sweep where verdicts are not all made under one state of the fleet: in a
 * slice, and while one is to come. The lists may be changed; occasion may be NULL. */
bool coverage_settle(struct sql *sql, const struct occasion *occasion, const struct coverage_news *news, int64_t at,
                     struct err *err);

/* Looks at all of them, at the end of judging everything. */
bool coverage_sweep(struct sql *sql, int64_t at, struct err *err);

/* The answer for one asset, as coverage.h has it; NULL where it cannot be told, or is not asked, or is
 * asked of its parts. */
bool coverage_read(struct sql *sql, int64_t asset, const char **word, struct err *err);

#endif
