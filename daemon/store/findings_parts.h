/* What the files of findings share: one writing of what was noted. */
#ifndef FINDINGS_PARTS_H
#define FINDINGS_PARTS_H

#include "arena.h"
#include "exemption_row.h"
#include "findings.h"
#include "map.h"
#include "roster.h"
#include "str.h"
#include "vec.h"

/* A key that notes are about, and what they add up to. */
struct findings_key {
    struct finding_key key;
    struct finding_sum was;
    int64_t assets, exempt;    /* more, or fewer, than there were */
    int64_t exemption;         /* one that covers an asset of it now; 0: none was met */
    const struct demand *best; /* of what is said now and was not before; NULL: none */
    unsigned left;             /* the rank of the greatest that is not said any more of one asset */
    bool doubted;              /* the finding's judgement is among these */
    bool left_alive;           /* one of these assets is told something else now */

    /* Of the asset under way: */
    int64_t rows, covered; /* of guard, more or fewer than before; those of them that are exempt */
    bool touched;
};

struct findings_writing {
    struct findings *findings;
    struct exemptions exemptions;
    struct arena arena;
    struct str text;
    struct map keys;
    struct roster roster;               /* read where it is needed */
    vec(struct findings_key *) list;    /* all, in the order in which they were met */
    vec(struct findings_key *) touched; /* those of the asset under way */
    vec(const struct demand *) said;    /* of the asset under way */
};

/* The first exemption that covers it; 0: none. */
bool findings_cover(struct findings_writing *writing, int64_t asset, const struct demand *demand, int64_t *exemption,
                    struct err *err);

/* Adds one asset's notes to the sums of their keys. */
bool findings_add_keys(struct findings_writing *writing, const struct findings_note *notes, size_t count,
                       struct err *err);

/* Writes what they came to. */
bool findings_write_keys(struct findings_writing *writing, struct err *err);

#endif
