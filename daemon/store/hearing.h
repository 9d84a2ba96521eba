/* Assets that are judged, one after the other, within one transaction. Of the store alone.
 *
 *     struct hearing hearing;
 *     hearing_init(&hearing, sql, basis, &occasion, now);
 *     hearing_judge(&hearing, assets, count, err);     // again and again, in the order of numbers
 *     hearing_end(&hearing, err);                      // once: findings follow
 *     hearing_finish(&hearing);
 *
 * What it reads and works out is forgotten when it is more than `most` bytes, between two assets, and what was just
 * read for the next ones when it is more than THINGS_MAX_LOAD beyond that. */
#ifndef HEARING_H
#define HEARING_H

#include "judge.h"
#include "protection_row.h"
#include "things.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

#define HEARING_MAX_BYTES ((size_t)32 << 20)

struct hearing {
    struct findings findings;
    struct things things;
    struct protections protections;
    struct judge *judge;
    int64_t now;
    size_t most;     /* HEARING_MAX_BYTES, where nobody says otherwise */
    uint64_t judged; /* verdicts */
};

/* occasion must stay as it is from hearing_end on, and may be NULL. */
void hearing_init(struct hearing *hearing, struct sql *sql, const struct basis *basis, const struct occasion *occasion,
                  int64_t now);
void hearing_finish(struct hearing *hearing);

/* Judges these assets, which are in the order of numbers, and writes what differs. Of those that do not live, all ends.
 */
bool hearing_judge(struct hearing *hearing, const int64_t *assets, size_t count, struct err *err);

/* Brings the findings in step with what was judged. */
bool hearing_end(struct hearing *hearing, struct err *err);

#endif
