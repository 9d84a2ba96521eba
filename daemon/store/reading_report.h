/* What the files behind query_report.h share. */
#ifndef READING_REPORT_H
#define READING_REPORT_H

#include "exemption_row.h"
#include "map.h"
#include "query_report.h"
#include "reading_stale.h"
#include "str.h"

#define REPORT_DAY_MS INT64_C(86400000)
#define REPORT_MAX_DAYS 90

enum report_dimension { REPORT_WHOLE, REPORT_BY_WORKLOAD, REPORT_BY_SITE, REPORT_DIMENSIONS };

/* What the report has to know of a judgement for each protection that it is said of. */
struct report_said {
    int64_t id, support_end;
    uint32_t groups[REPORT_DIMENSIONS]; /* that it is counted in */
    bool counts, excluded;              /* and is asked for; neither: it is in no part of the report */
    bool listed;                        /* it counts because a DPMDB says so */
    bool read;                          /* the DPMDB of its server says so of something */
    bool parts;                         /* in coverage, the parts of its asset speak for that */
    const char *verdict, *ruled;        /* in the report's arena; ruled may be NULL */
    int64_t protections;                /* that it was counted of */
    unsigned char need[2];              /* by the verdict alone; where it is stale */
};

/* Protections of one name, verdict, class and ruling. */
struct report_group {
    enum report_dimension dimension;
    struct query_report_count count;
    int64_t last; /* asset that was counted */
};

/* Columns of the statement that reads judgements. */
enum { REPORT_VERDICT = 5, REPORT_CLASS, REPORT_RULED, REPORT_WORKLOAD, REPORT_SITE, REPORT_READ, REPORT_PARTS };

/* The state that is told is in tables of the connection's own, which the end of the transaction takes away:
 *
 *     temp.report_state      protections that count: asset, judgement, basis, since_at, need, exemption, stale, seen_at
 *                            (NULL: nobody asked yet), sources (numbers of targets, as "4,7,4")
 *     temp.report_before     what was there at `since` and ended: asset, judgement, until_at, need
 *     temp.report_excluded   assets that a rule takes out: asset, judgement
 *     temp.report_reader     backup servers whose own database shows protections: server
 *     temp.report_asked      assets of report_state: asset, judgement (of the first), protections, covered, unread,
 *                            coverage (the number of its answer)
 *     temp.report_counted    judgements of report_state: judgement, protections */
struct query_report {
    struct query *query;
    struct query_report_wish wish; /* its texts in the arena */
    int64_t at, since, oldest;     /* oldest: the first time that could be reported */
    int64_t then;                  /* what came after it is a change: since, or what is just before it */
    bool past, first;              /* first: nothing had been judged before since */
    bool listed;                   /* a DPMDB is read */
    struct arena arena;            /* lives as long as the report */
    struct arena row;              /* of the row that is handed out */
    vec(struct report_said) said;  /* in the order of numbers */
    vec(struct report_group) groups;
    struct map places; /* the key of a group, to its place in groups and one */
    struct str key;
    struct stale stale;
    struct exemptions exemptions;
    struct query_report_day days[REPORT_MAX_DAYS];
    size_t day_count;
};

/* Reads what is asked for into the tables and the trend. */
bool reading_report_gather(struct query_report *report, struct err *err);

/* The days of the trend, still empty. */
void reading_report_days(struct query_report *report);

/* A verdict that asks for this was in force in this time. */
void reading_report_count(struct query_report *report, enum need need, int64_t from_at, int64_t until_at);

/* Sums up what was counted. */
void reading_report_count_end(struct query_report *report);

/* Where the judgement of this row is counted. */
void reading_report_find_groups(struct query_report *report, struct sql_query *rows, struct report_said *said);

/* Fills in all of the head that is a number of protections. */
bool reading_report_counts(struct query_report *report, struct query_report_head *head, struct err *err);

/* NULL: in no part of the report. */
struct report_said *reading_report_said(const struct query_report *report, int64_t judgement);

/* Whose own database shows protections then, into temp.report_reader. */
bool reading_report_readers(struct query_report *report, struct err *err);

/* An asset whose protections were counted, those left out for which parts speak. */
struct report_asked {
    int64_t asset, judgement, protections;
    struct coverage_sum sum; /* of all of them; listed: a DPMDB shows one */
    bool unread;             /* the DPMDBs of all their servers show nothing */
};
bool reading_report_ask(struct query_report *report, const struct report_asked *asked, struct err *err);

/* The answer that a column of report_asked has. */
enum coverage reading_report_answer(struct sql_query *rows, int column);

/* What head says of coverage beside the two counts; after these and after the kinds. */
bool reading_report_coverage(struct query_report *report, struct query_report_head *head, struct err *err);

/* What head.servers is: of the basis that was in force, and of judgements that were counted (report_counted). */
bool reading_report_servers(struct query_report *report, struct query_report_head *head, struct err *err);

/* What head says of footnotes; fills report_counted. */
bool reading_report_footnotes(struct query_report *report, struct query_report_head *head, struct err *err);

/* The number of the basis that was in force; 0: none. */
bool reading_report_find_basis(struct query_report *report, int64_t *basis, struct err *err);

/* What head.files and head.rulings are: of the basis that was in force. */
bool reading_report_basis(struct query_report *report, struct query_report_head *head, struct err *err);

/* Says why, where it is that the time is over; else err stays. Always false. */
bool reading_report_failed(struct query_report *report, struct err *err);

/* What is copied goes there from now on. */
void reading_report_into(struct query_report *report, struct arena *arena);

#endif
