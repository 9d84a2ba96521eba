/* The reading side of exemptions and findings, as query.h is that of the inventory; the same rules hold. */
#ifndef QUERY_EXEMPTION_H
#define QUERY_EXEMPTION_H

#include "exemption.h"
#include "need.h"
#include "query.h"

struct query_exemption {
    int64_t id;
    struct exemption_selector selector;
    const char *asset_name; /* of the asset that the selector asks for; NULL: it asks for none, or that is forgotten */
    const char *reason, *ticket, *approved_by; /* "" where there is none */
    const char *by;                            /* who made it */
    int64_t made_at, until_at;
    int64_t ended_at; /* 0: it has not ended, or nobody has taken note of that yet */
    const char *ended_why;
    int64_t covers; /* open findings, where it is in force */
    bool in_force;
};

struct query_exemptions {
    struct query_exemption *list;
    size_t count;
};

/* Those in force, the one that ends first before the others; all: also those that ended, these last. */
bool query_exemptions(struct query *query, bool all, int64_t now, struct arena *arena,
                      struct query_exemptions *exemptions, struct err *err);

/* Open findings, by what they ask of people, and how many of them are exempt as a whole. */
struct query_finding_counts {
    int64_t open[NEED_ACT + 1], exempt[NEED_ACT + 1];
};

bool query_finding_counts(struct query *query, struct arena *arena, struct query_finding_counts *counts,
                          struct err *err);

#endif
