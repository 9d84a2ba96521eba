/* What would change if a backup server were another product, or facts were others; the rules of query.h hold.
 *
 * The same judge on one state of the database, twice: under what is in force, and under what is supposed. What the
 * configuration says is that of the database (basis.estate), the matrix is the caller's. Verdicts that are recorded
 * serve for nothing but the filter. Nothing is written. */
#ifndef QUERY_SUPPOSE_H
#define QUERY_SUPPOSE_H

#include "item.h"
#include "matrix.h"
#include "query_protection.h"
#include "verdict_change.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is supposed of the protections that the filter lets through, and of their assets. */
struct query_suppose {
    const struct matrix *matrix;
    const struct product *product; /* of their backup servers, out of matrix->products; NULL: as it is */
    const struct attribute *facts; /* of their assets, in the order of strcmp, each name once */
    size_t fact_count;
    /* As recorded. Where it asks for nothing that is judged, assets without a protection (an ESXi host) are among them.
     * all: protections are compared by themselves, and not only those that count. exempt is not asked for. The limit is
     * one of the list of changes. */
    const struct query_protection_filter *filter;
    const char *kind; /* NULL: of any */
};

/* One of both sides; its texts are NULL where there is none. */
struct query_side {
    const char *method, *product, *workload, *version, *installation; /* as in query_protection.h */
    const char *verdict, *class, *ruled, *reason, *step;
};

struct query_supposed_change {
    enum change_kind kind; /* the worst of kinds */
    unsigned kinds;        /* 1 << kind */
    int64_t asset;
    const char *asset_kind, *name, *server;
    const char *owner, *site, *criticality; /* may be NULL */
    const char *text;                       /* what changes, in words */
    struct query_side before, after;
    bool picked;  /* it is among what the filter lets through; else facts of others change it */
    size_t group; /* which of the groups it is of */
};

/* The same kind, key, products and words. */
struct query_supposed_group {
    enum change_kind kind;
    int64_t assets, protections;
    const char *name;                /* "server Windows Server 2008 SP2, physical", and what it becomes */
    struct query_side before, after; /* but for method, reason and step */
    const char *text, *step;         /* of its first asset */
    int64_t asset;                   /* the first */
    const char *asset_name;
};

struct query_supposed_count {
    int64_t protections, assets;
};

struct query_supposed {
    int64_t compared, changed;                        /* protections */
    int64_t assets;                                   /* that have them */
    int64_t picked;                                   /* assets that something is supposed of */
    struct query_supposed_count counts[CHANGE_COUNT]; /* each protection once, as what its worst kind is */
    struct query_supposed_group *groups;              /* by kind; then the most assets first */
    size_t group_count;
    struct query_supposed_change *list; /* by kind, then the verdict afterwards, worst first, then name and id */
    size_t count, more;
    bool judged;       /* false: no verdict was ever recorded, and nothing is compared */
    bool is_in_force;  /* the matrix is the one that recorded verdicts rest on */
    const char *other; /* which files are others, in words; may be NULL where it is not */
};

/* Whether verdicts can depend on a fact of that name at all. */
bool query_suppose_judged_by(const char *fact);

/* now: wall time, for rulings, attestations and what is stale. */
bool query_suppose(struct query *query, const struct query_suppose *suppose, int64_t now, struct arena *arena,
                   struct query_supposed *supposed, struct err *err);

#endif
