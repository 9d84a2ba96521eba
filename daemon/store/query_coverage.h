/* The reading side of coverage: of each asset that a backup server could protect, whether its own database (DPMDB)
 * shows that it does, and whether that is supported. The rules of query.h hold. */
#ifndef QUERY_COVERAGE_H
#define QUERY_COVERAGE_H

#include "coverage.h"
#include "query_protection.h"

struct query_coverage {
    struct query_protection protection; /* the best of those that decide */
    enum coverage coverage;
    bool unread; /* unprotected as far as is known: the DPMDBs of its backup servers show nothing at all */
    struct query_texts groups;  /* protection groups that it is in, by name */
    struct query_texts sources; /* names of its data sources in these: of a computer it may be less than all of it */
    int64_t read_at;            /* when the DPMDB of protection.server was last read; 0: never */
    bool late;                  /* that is longer ago than its target may be old (max_age) */
    int64_t recovery_at; /* the oldest of its data sources' last recovery points; 0: not protected, or one has none */
    bool invalid;        /* the backup server says that the replica of one of them is not valid */
};

struct query_coverages {
    struct query_coverage *list;
    size_t count, more;
    size_t answers[COVERAGE_COUNT_END]; /* how many there are of each, those beyond the limit among them */
    bool read;                          /* a DPMDB is; else there is nothing in the list, for nothing is known */
    struct query_texts silent;          /* configured backup servers whose DPMDB was never read */
    struct query_texts late;            /* such whose DPMDB was read, but not lately */
    size_t loose;                       /* data sources in protection groups, of nothing that is in the inventory */
};

/* Assets with a protection that counts and that no rule takes out, but not those for which their parts speak (judge.h):
 * by enum coverage, then name. verdict, class, need
 * and stale of the filter are about the protection that is told; the rest of it chooses the protections that are looked
 * at; exempt and all are not asked for. */
bool query_coverage_list(struct query *query, const struct query_protection_filter *filter, int64_t now,
                         struct arena *arena, struct query_coverages *coverages, struct err *err);

#endif
