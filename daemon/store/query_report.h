/* What a compliance report reads: one state of the database, in portions, so that memory does not grow with the fleet.
 *
 *     struct query_report *report = query_report_open(query, &wish, &err);
 *     query_report_head(report, &arena, &head, &err);
 *     query_report_protections(report, NEED_ACT, show, context, &err);     // a row at a time
 *     query_report_close(report);
 *
 * All of it is one read transaction, QUERY_REPORT_MAX_MS long at the most. A row that is handed to a callback is good
 * until that returns; a callback that returns false ends the reading with its own err. Texts are hostile.
 *
 * With wish.at the state is that of then, as it was recorded then (verdicts, by the basis that made them; exemptions in
 * force then; who was there): nothing is judged. Names are those of today. Before the oldest day that the retention
 * left it is refused (class config) with that day. */
#ifndef QUERY_REPORT_H
#define QUERY_REPORT_H

#include "need.h"
#include "query.h"
#include "query_protection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUERY_REPORT_MAX_MS 300000

struct query_report;

/* NULL members do not filter; owner, site and server are patterns with * and ?. */
struct query_report_wish {
    int64_t now;   /* wall time */
    int64_t at;    /* 0: now; else not after now */
    int64_t since; /* changes are told since then; 0: a week before */
    const char *owner, *site, *server, *workload;
};

struct query_report *query_report_open(struct query *query, const struct query_report_wish *wish, struct err *err);
void query_report_close(struct query_report *report); /* NULL is allowed */

/* A file of the matrix, of rulings or of products that the verdicts of then rest on. */
struct query_report_file {
    const char *file, *edition, *date, *hash;
};

/* A ruling or an attestation in force then. */
struct query_report_ruling {
    const char *what; /* ruling, attestation */
    const char *key, *verdict, *who, *basis;
    int64_t until; /* 0: not given */
};

/* How many of something, by verdict and class, of protections that count; ruled ones are counted by themselves too. */
struct query_report_count {
    const char *name; /* of the workload or site; "" for the whole */
    const char *verdict, *class;
    const char *ruled; /* yes, no, deprecated, or NULL */
    int64_t protections, assets;
};

/* One day (UTC) of the trend: what asked for action at its end. */
struct query_report_day {
    int64_t at, act, decide, look;
};

/* All that is small: it does not grow with the fleet but with kinds, targets, sites and days. In the arena. */
struct query_report_head {
    int64_t at, since, oldest; /* the state's time; the first day that could be reported */
    int64_t judged_at;         /* when everything was last judged; 0: under way */
    int64_t assets;            /* living then */
    struct query_count *kinds;
    size_t kind_count;
    struct query_target *targets; /* the population per source; `late` ones are told */
    size_t target_count;
    int64_t *target_assets; /* of each, in the same order */
    struct query_report_file *files;
    size_t file_count;
    struct query_report_ruling *rulings;
    size_t ruling_count;
    struct query_report_count *by_workload, *by_site, *whole;
    size_t by_workload_count, by_site_count, whole_count;
    struct query_report_day *days; /* the last 90 at the most, the oldest first */
    size_t day_count;
    int64_t need[NEED_ACT + 1], exempt[NEED_ACT + 1]; /* protections, and of them exempt ones */
    int64_t excluded;                                 /* assets that a rule takes out */
    int64_t covered, not_covered; /* assets that DPMDB protects, and such that could be; -1 where no DPMDB is read */
    int64_t fresh, stale, never;  /* protections by the age of their evidence */
};

bool query_report_head(struct query_report *report, struct arena *arena, struct query_report_head *head,
                       struct err *err);

/* Protections that count and ask for this (NEED_NOTHING: all of them, whatever they ask): by cause, then key, then
 * name, so that those of one group follow each other. */
struct query_report_protection {
    struct query_protection protection;
    const char *group;       /* "cause: NAME", or the key; changes where a group ends */
    struct query_texts rows; /* of the matrix, of the leg that decided */
    const char *page, *date;
    int64_t seen_at;   /* the age of the evidence */
    int64_t exemption; /* that covers it; 0: none */
};

typedef bool query_report_row(void *context, const struct query_report_protection *row, struct err *err);
bool query_report_protections(struct query_report *report, enum need need, query_report_row *row, void *context,
                              struct err *err);

/* Assets that a rule takes out, each once, with the rule's reason. */
struct query_report_excluded {
    int64_t asset;
    const char *kind, *name, *reason;
};
typedef bool query_report_excluded_row(void *context, const struct query_report_excluded *row, struct err *err);
bool query_report_excluded(struct query_report *report, query_report_excluded_row *row, void *context, struct err *err);

/* What changed since head.since: verdicts that are others, protections that came and went; the net of it. */
struct query_report_change {
    int64_t asset, at;
    const char *kind, *name, *method, *server, *workload;
    const char *before, *before_class, *now, *now_class; /* verdicts; NULL: it was not, or is not, there */
    enum need need_before, need_now;
    const char *reason;
};
typedef bool query_report_change_row(void *context, const struct query_report_change *row, struct err *err);
bool query_report_changes(struct query_report *report, query_report_change_row *row, void *context, struct err *err);

/* Exemptions in force then, and those that ended since head.since. */
struct query_report_exemption {
    int64_t id, made_at, until_at, ended_at, covers;
    const char *what; /* in words */
    const char *reason, *ticket, *approved_by, *name, *ended_why;
};
typedef bool query_report_exemption_row(void *context, const struct query_report_exemption *row, struct err *err);
bool query_report_exemptions(struct query_report *report, query_report_exemption_row *row, void *context,
                             struct err *err);

/* Versions whose support by their vendor ended before the report's time, or ends within 180 days after it. */
struct query_report_lifecycle {
    const char *workload, *version;
    int64_t support_end, assets;
};
typedef bool query_report_lifecycle_row(void *context, const struct query_report_lifecycle *row, struct err *err);
bool query_report_lifecycles(struct query_report *report, query_report_lifecycle_row *row, void *context,
                             struct err *err);

#endif
