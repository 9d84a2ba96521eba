/* The rows of the tables guard and guard_past, which the views protection and protection_past show. Of the store alone.
 *
 *     struct protections protections;
 *     protections_init(&protections, sql, basis, findings, at);
 *     protections_load(&protections, 1, 256, err);                // what is there of these assets
 *     protections_write(&protections, 77, verdicts, count, err);  // in the order of assets; what differs is written
 *     protections_finish(&protections); */
#ifndef PROTECTION_ROW_H
#define PROTECTION_ROW_H

#include "err.h"
#include "findings.h"
#include "judgement_row.h"
#include "judging.h"
#include "vec.h"
#include "verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

/* One that is there. */
struct protection_row {
    int64_t id, asset, judgement, basis, since_at;
    bool kept; /* there is still a verdict of that method and server */
};

/* One that was. */
struct protection_past {
    int64_t asset, judgement, basis, from_at, until_at;
};

struct protections {
    struct sql *sql;
    const struct basis *basis;
    struct findings *findings;
    int64_t at;
    int64_t basis_id;                /* its number in the table; 0: not looked up yet */
    vec(struct protection_row) rows; /* by asset */
    size_t next;                     /* of the rows: those before belong to assets that were written */
    vec(struct judgement *) found;   /* of the verdicts under way; NULL: it stays */
    struct judgements judgements;
    vec(struct protection_past) past; /* to be written together */
    uint64_t changed;                 /* rows that were added, ended or changed */
};

/* findings are noted, and are the caller's to write. */
void protections_init(struct protections *protections, struct sql *sql, const struct basis *basis,
                      struct findings *findings, int64_t at);
void protections_finish(struct protections *protections);

/* Reads the rows of the assets from low to high; those read before are forgotten. */
bool protections_load(struct protections *protections, int64_t low, int64_t high, struct err *err);

/* Forgets what was seen: before the judge gives back what its verdicts lead to. */
void protections_forget(struct protections *protections);

/* The number of the basis in the table, where it is written if it is not there. */
bool protections_basis(struct protections *protections, int64_t *basis, struct err *err);

/* Bytes that are remembered. */
size_t protections_bytes(const struct protections *protections);

/* Makes the rows of an asset, which lies in what was loaded and after the one before, what the verdicts say. A verdict
 * of a method and server that is not there any more ends. */
bool protections_write(struct protections *protections, int64_t asset, const struct verdict *verdicts, size_t count,
                       struct err *err);

/* Writes what waits to be written with more of its kind: before the transaction ends. */
bool protections_flush(struct protections *protections, struct err *err);

/* Ends all of an asset. */
bool protections_end(struct findings *findings, int64_t asset, int64_t at, struct err *err);

#endif
