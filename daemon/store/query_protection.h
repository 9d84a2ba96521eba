/* The reading side of verdicts, as query.h is that of the inventory; the same rules hold. */
#ifndef QUERY_PROTECTION_H
#define QUERY_PROTECTION_H

#include "query.h"

/* A step to what is supported by its vendor for no longer than that, if at all, is told with its end. */
#define QUERY_STEP_SOON_DAYS 365

struct query_protection {
    struct query_asset asset;
    const char *method, *server, *product;         /* product may be NULL */
    const char *workload, *version, *installation; /* several candidates are joined by " or " */
    const char *verdict, *class;                   /* class: "" where there is none */
    const char *ruled;                             /* what a ruling says (yes, no, deprecated), or NULL */
    const char *reason;                            /* the sentence of the leg that decided */
    const char *step;                              /* the sentence of the smallest step forward, or NULL */
    int64_t step_end; /* when the vendor's support ends of the version or product it leads to; 0: not known, or none */
    int64_t cause;    /* the asset that it comes from; 0: itself */
    const char *cause_name;                            /* may be NULL */
    const char *owner, *site, *criticality, *excluded; /* may be NULL */
    bool counts;
    const char *by;      /* why it counts: dpmdb, rule, any, parts, none */
    int64_t since_at;    /* since when the verdict is this one */
    int64_t support_end; /* of the vendor; 0: not known */
    int64_t judgement;   /* number of what is said of it */
    int64_t exemption;   /* the oldest in force that covers it, where it asks something of people; 0: none does */
    int64_t exempt_until;
    const char *exempt_reason, *exempt_by, *exempt_ticket; /* NULL: none; by: who entered it */
    const char *exempt_approved_by;                        /* NULL: nobody was named */
};

/* NULL members do not filter. */
struct query_protection_filter {
    const char *verdict, *class, *workload, *target, *tag, *method, *server, *name, *owner, *site, *criticality;
    const char *need; /* act, decide or look, as need.h says */
    bool stale;       /* only what is stale */
    bool exempt;      /* only what an exemption covers */
    bool all;         /* also what does not count, and what is excluded */
    size_t limit;     /* 0: none */
};

struct query_protections {
    struct query_protection *list;
    size_t count, more;
};

/* In the order of the verdict, worst first, then name. */
bool query_protection_list(struct query *query, const struct query_protection_filter *filter, int64_t now,
                           struct arena *arena, struct query_protections *protections, struct err *err);

/* One condition of a leg, and one leg, as verdict_write wrote them (verdict.h). Texts may be "", never NULL. */
struct query_condition {
    const char *id, *state, *text, *fact, *value, *why, *remedy, *name;
    int64_t asset; /* that the fact is one of; 0: none */
    const char *attested_who, *attested_basis;
    int64_t attested_until; /* 0: nobody attests it */
};

struct query_leg {
    int64_t asset;
    const char *kind, *name, *workload, *installation_of, *verdict, *class, *edition, *page, *date, *reason, *conflict,
        *missing, *first; /* the fact that selects the row and is missing; the first product that lists it */
    struct query_texts versions, installations, rows, covers, omits;
    struct query_condition *conditions;
    size_t condition_count;
};

struct query_explanation {
    struct query_protection protection;
    struct query_leg *legs;
    size_t leg_count;
    int64_t more_legs;                                 /* that were asked too, and decided nothing */
    const char *step_type, *ruling_who, *ruling_basis; /* NULL: none */
    const char *ending, *ending_of; /* the version that support_end is of, and the kind of the thing that has it; NULL:
                                       protection.version, of the asset itself */
    int64_t ruling_review_at;
    const char *basis;        /* hash of what the verdict rests on */
    struct query_fact *facts; /* what the conditions looked at, with value, source's item and age; of this asset only */
    size_t fact_count;
};

struct query_explanations {
    struct query_explanation *list;
    size_t count;
    int64_t judged_at; /* when everything was last judged under the present basis; 0: that is still going on */
};

/* All protections of an asset, those that count first. */
bool query_explain(struct query *query, int64_t asset, int64_t now, struct arena *arena,
                   struct query_explanations *explanations, struct err *err);

/* How many of what. A stale one is in no count of supported ones. */
struct query_verdict_count {
    const char *verdict, *class;
    int64_t assets, protections, stale;
    int64_t ruled; /* of the protections: the organisation has a ruling of its own on them */
};

/* The same key, cause, owner, site or server. */
struct query_group {
    const char *name; /* of the group: "server Windows Server 2008 SP2, physical, mabs-v2" */
    const char *verdict, *class, *reason, *step;
    int64_t assets, asset; /* how many; of a cause: its id, else 0 */
};

enum query_grouping { GROUPING_KEY = 1, GROUPING_CAUSE, GROUPING_OWNER, GROUPING_SITE, GROUPING_SERVER };

struct query_verdicts {
    struct query_verdict_count *counts; /* the worst verdict first */
    size_t count;
    int64_t protections, excluded, judged_at; /* of those that count; taken out by a rule; as above */
    int64_t waiting;                          /* assets that are not judged under the present basis yet */
    struct query_group *groups;               /* what is not supported; the most assets first within a verdict */
    size_t group_count, more_groups;
};

bool query_verdict_summary(struct query *query, enum query_grouping grouping, size_t limit, int64_t now,
                           struct arena *arena, struct query_verdicts *verdicts, struct err *err);

/* Only the four numbers: protections (0 or 1: whether there are any that count), excluded (likewise), judged_at,
 * waiting. At once, however many there are. */
bool query_verdict_state(struct query *query, struct arena *arena, struct query_verdicts *verdicts, struct err *err);

/* How many other assets' verdicts come from this one (an unsupported host), by verdict and method, the most first. */
struct query_effect {
    const char *verdict, *method;
    int64_t assets;
};

struct query_effects {
    struct query_effect *list;
    size_t count;
};

bool query_effects(struct query *query, int64_t asset, struct arena *arena, struct query_effects *effects,
                   struct err *err);

/* The words that a filter can take, for whoever mistypes one. */
bool query_protection_words(struct query *query, struct arena *arena, struct query_texts *servers,
                            struct query_texts *owners, struct query_texts *sites, struct query_texts *criticalities,
                            struct err *err);

#endif
