/* What a compliance report reads: one state of the database, in portions, so that memory does not grow with the fleet.
 *
 *     struct query_report *report = query_report_open(query, &wish, &err);
 *     query_report_head(report, &arena, &head, &err);
 *     query_report_protections(report, NEED_ACT, show, context, &err);     // a row at a time
 *     query_report_close(report);
 *
 * All of it is one read transaction, QUERY_REPORT_MAX_MS long at the most. A row that is handed to a callback is good
 * until that returns; a callback that returns false ends the reading with its own err, and asks nothing of the report
 * or its query. The query can have one report open at a time, and nothing else is asked of it meanwhile. Texts are
 * hostile.
 *
 * With wish.at the state is that of then, as it was recorded then (verdicts, by the basis that made them; exemptions in
 * force then; who was there): nothing is judged. The same time gives the same answer whenever it is asked, but that
 * names, and the targets and tags that an exemption asks for, are those of today. How old evidence was, and what each
 * target saw, is not recorded: that is 0 or -1 then, nothing is stale, and of targets only the results that the journal
 * still has are told. Before the oldest day that the retention left it is refused (class config) with that day. */
#ifndef QUERY_REPORT_H
#define QUERY_REPORT_H

#include "coverage.h"
#include "need.h"
#include "query.h"
#include "query_protection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUERY_REPORT_MAX_MS 300000
#define QUERY_REPORT_MAX_SOURCES 3 /* that are named of a protection */

struct query_report;

/* NULL members do not filter; owner, site and server are patterns with * and ?. */
struct query_report_wish {
    int64_t now;   /* wall time */
    int64_t at;    /* 0: now; else not after now; a day is meant by its last millisecond */
    int64_t since; /* changes are told since then; 0: a week before */
    const char *owner, *site, *server, *workload;
};

/* NULL: refused, or the reading failed. Reads what all the parts need: verdicts once, those of the past once. */
struct query_report *query_report_open(struct query *query, const struct query_report_wish *wish, struct err *err);
void query_report_close(struct query_report *report); /* NULL is allowed */

/* A file of the matrix, of rulings or of products that the verdicts of then rest on. */
struct query_report_file {
    const char *file, *edition, *date; /* edition and date: NULL where it is none of the matrix */
    const char *hash;                  /* what programs compare: of its text, with what it includes in place */
    const char *sha256;                /* what people compare: of its own bytes, as sha256sum prints it */
    const char *page;                  /* that the edition was taken from; NULL: it is none, or that is not recorded */
    const char *used; /* yes, no: whether a verdict of the report rests on it; NULL: it is no edition */
};

/* A ruling or an attestation in force then. */
struct query_report_ruling {
    const char *what;        /* ruling, attestation */
    const char *key;         /* in words: what it is about */
    const char *verdict;     /* yes, no, deprecated; NULL of an attestation */
    const char *who, *basis; /* basis may be NULL */
    int64_t until;           /* 0: not given */
};

/* Of one kind of asset: how many there are (assets is the sum of the others), with a protection that counts and that a
 * backup server's own database shows, or that none shows; taken out by a rule; and without any that counts. */
struct query_report_coverage {
    const char *kind;
    int64_t assets, covered, not_covered, excluded, other; /* other: -1 in a report of a part of the fleet */
    int64_t answers[COVERAGE_COUNT_END];                   /* by enum coverage: of covered and not_covered together */
};

/* A footnote that could not be decided and that nobody attested, under which supported protections are supported all
 * the same. One of several editions has a row for each. */
struct query_report_footnote {
    const char *condition, *text, *edition; /* R16; its sentence; whose */
    int64_t protections;                    /* supported ones that rest on it */
};

/* A backup server: of the configuration, or one that protections of the report are judged for. */
struct query_report_server {
    const char *name;
    const char *product;      /* NULL: not known */
    const char *product_from; /* configuration, item (its own facts); NULL: the product is not known */
    int64_t support_end;      /* of the product by its vendor; 0: not on record */
    int64_t protections;      /* of the report that are judged for it */
    bool read;                /* its DPMDB shows a protection of something that is known */
    int64_t read_at;          /* when entries of its DPMDB were last seen; 0: never, or not recorded */
    const char *scanned;      /* the product that its scans show; NULL: none, or they do not agree */
    const char *conflict;     /* what its scans show against the configuration; NULL: nothing */
    bool late;                /* read_at is longer ago than the target that sees its entries may be old */
};

/* How many of something, by verdict and class, of protections that count; ruled ones are counted by themselves too. */
struct query_report_count {
    const char *name; /* of the workload or site; "" for the whole */
    const char *verdict, *class;
    const char *ruled; /* yes, no, deprecated, or NULL */
    int64_t protections, assets;
    int64_t stale; /* of the protections */
};

/* One day (UTC) of the trend: what asked for what at its end, of the last one at the report's time. By verdicts alone:
 * what asks for a look only because it is stale is not in it. */
struct query_report_day {
    int64_t at, act, decide, look;
};

/* All that is small: it does not grow with the fleet but with kinds, targets, sites and days. In the arena. */
struct query_report_head {
    int64_t at, since, oldest; /* the state's time; the start of the first day that could be reported */
    bool past;                 /* wish.at was given: what is not recorded is left out, as above */
    bool first;                /* nothing had been judged before since: all that there is came after it */
    int64_t judged_at;         /* when everything was last judged; 0: under way, or of the past */
    int64_t assets;            /* living then */
    struct query_count *kinds;
    size_t kind_count;
    struct query_target *targets; /* the population per source; `late` ones are told */
    size_t target_count;
    int64_t *target_assets; /* that each sees, in the same order; -1: not recorded */
    int64_t shared;         /* assets that several of them see; -1: not recorded */
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
    int64_t unread;               /* of the latter, for backup servers whose database shows nothing; -1 likewise */
    struct query_report_coverage *coverage; /* of each kind; none where no DPMDB is read */
    size_t coverage_count;
    struct query_report_server *servers; /* those of the configuration first, in its order */
    size_t server_count;
    struct query_report_footnote *footnotes;
    size_t footnote_count;
    int64_t footnoted;           /* supported protections that rest on any of them */
    int64_t fresh, stale, never; /* protections by the age of their evidence; -1: not recorded */
};

bool query_report_head(struct query_report *report, struct arena *arena, struct query_report_head *head,
                       struct err *err);

/* Protections that count, are not taken out by a rule, and ask for this (NEED_NOTHING: all of them, whatever they ask):
 * by cause, then key, then name, so that those of one group follow each other. */
struct query_report_protection {
    struct query_protection protection; /* of its asset: id, kind, name, seen_at and stale */
    enum need need;
    const char *group;                 /* "cause: NAME", or the key; changes where a group ends */
    struct query_texts rows;           /* of the matrix, of the leg that decided */
    const char *edition, *page, *date; /* of it; "" where there is none */
    const char *installation_of;       /* what the installation is that of: workload, backup-server; "" not known */
    const char *remedy;           /* the step, with "each of them" for the asset's name: equal for all that need the
                                     same; or NULL */
    bool mends;                   /* the step leads to something better: it is no question, and no missing fact */
    const char *moved_to;         /* product that the step moves or updates its backup server to; NULL: it does not */
    struct query_texts footnotes; /* that could not be decided and that nobody attested, R16 ... */
    struct query_texts names;     /* of other things, which the sentences may name */
    bool configured;              /* a DPMDB shows this way; else it is only a possible one */
    const char *coverage;         /* coverage_word, of the asset; NULL: no DPMDB is read, or its parts are asked */
    const char *basis;            /* hash of what made the verdict, as query_explanation has it */
    int64_t seen_at;              /* the age of the evidence; 0: never, or not recorded */
    struct query_texts sources;   /* the first targets that see its asset, by name; none of the past */
    int64_t more_sources;         /* how many others do; -1: not recorded */
    int64_t exemption;            /* that covers it; 0: none */
};

typedef bool query_report_row(void *context, const struct query_report_protection *row, struct err *err);
bool query_report_protections(struct query_report *report, enum need need, query_report_row *row, void *context,
                              struct err *err);

/* Assets that a rule takes out (under one backup server at the least), each once, with the rule's reason; by name. */
struct query_report_excluded {
    int64_t asset;
    const char *kind, *name, *reason;
    struct query_texts rules; /* "3": places among the rules `assign`, from 1, that take out for this reason */
};
typedef bool query_report_excluded_row(void *context, const struct query_report_excluded *row, struct err *err);
bool query_report_excluded(struct query_report *report, query_report_excluded_row *row, void *context, struct err *err);

/* Instances of SQL Server that agreed to no newer TLS than an old one (old_tls.h), and backup servers whose DPMDB is on
 * such a one: what is known of them was read so. Of all sources, whatever part of the fleet the report is of; by name.
 */
struct query_report_old_tls {
    int64_t asset; /* 0: none */
    const char *kind, *name;
    const char *tls;    /* TLSv1; NULL: of the past, and not known: the record of a change was cut */
    const char *unread; /* why the last scan could not tell, so that tls is older; NULL: it could, or not recorded */
    struct query_texts sources; /* the first targets that see it, by name; none of the past */
    int64_t more_sources;       /* how many others do; -1: not recorded */
};
typedef bool query_report_old_tls_row(void *context, const struct query_report_old_tls *row, struct err *err);
bool query_report_old_tls(struct query_report *report, query_report_old_tls_row *row, void *context, struct err *err);

/* Assets with a protection that counts, of which no DPMDB shows any (head.not_covered of them): by kind, site, name.
 * Asked for only where head.not_covered is a number. */
struct query_report_uncovered {
    int64_t asset, protections; /* protections: that count */
    const char *kind, *name;
    const char *owner, *site;    /* may be NULL */
    const char *method, *server; /* of the first of them */
    const char *coverage;        /* coverage_word */
    bool unread;                 /* all are for backup servers whose database shows nothing at all */
};
typedef bool query_report_uncovered_row(void *context, const struct query_report_uncovered *row, struct err *err);
bool query_report_uncovered(struct query_report *report, query_report_uncovered_row *row, void *context,
                            struct err *err);

/* Protections of the report that a DPMDB shows, whatever they ask for: by kind, site, name. Asked for only where
 * head.covered is a number. */
struct query_report_covered {
    int64_t asset;
    const char *kind, *name;
    const char *owner, *site;              /* may be NULL */
    const char *method, *server, *product; /* product may be NULL */
    const char *verdict, *class, *ruled;   /* class and ruled may be NULL or "" */
    const char *coverage;                  /* coverage_word, of the asset */
    int64_t exemption;                     /* that covers it; 0: none */
    bool stale;
    struct query_texts groups;  /* protection groups that the asset is in; none in a report of the past */
    struct query_texts sources; /* as query_coverage.h has them; none in a report of the past */
    int64_t recovery_at;        /* as query_coverage.h has it; 0 in a report of the past, too */
    bool invalid;               /* likewise */
};
typedef bool query_report_covered_row(void *context, const struct query_report_covered *row, struct err *err);
bool query_report_covered(struct query_report *report, query_report_covered_row *row, void *context, struct err *err);

/* What changed since head.since: verdicts that are others, protections that came and went; the net of it. What asks
 * most now comes first. */
struct query_report_change {
    int64_t asset, at;
    const char *kind, *name, *method, *server, *workload;
    const char *before, *before_class, *now, *now_class; /* verdicts; NULL: it was not, or is not, there */
    enum need need_before, need_now;                     /* need_before: by the verdict alone */
    const char *reason;                                  /* of now; where it is not there any more, of before */
};
typedef bool query_report_change_row(void *context, const struct query_report_change *row, struct err *err);
bool query_report_changes(struct query_report *report, query_report_change_row *row, void *context, struct err *err);

/* Exemptions in force then, the one that ends first before the others, and behind them those that ended since
 * head.since. covers: protections of the report that no older one covers. */
struct query_report_exemption {
    int64_t id, made_at, until_at, ended_at, covers; /* ended_at: 0: it had not ended */
    const char *what;                                /* in words */
    const char *reason, *ticket, *approved_by, *name, *ended_why;
};
typedef bool query_report_exemption_row(void *context, const struct query_report_exemption *row, struct err *err);
bool query_report_exemptions(struct query_report *report, query_report_exemption_row *row, void *context,
                             struct err *err);

/* Versions of protections whose support by their vendor ended before the report's time, or ends within 180 days after
 * it; the one that ended first before the others, and behind them those of which no end is on record. Backup products,
 * too: their workload is REPORT_BACKUP_SERVER, their version the product's name, and their assets backup servers. */
#define REPORT_BACKUP_SERVER "backup-server"
struct query_report_lifecycle {
    const char *workload, *version;
    const char *of;              /* kind of the thing that has the version, such as a host; "": the workload's own */
    int64_t support_end, assets; /* support_end: 0: not on record */
    int64_t protections, exempt; /* exempt: of these; protections: -1 of a backup product */
};
typedef bool query_report_lifecycle_row(void *context, const struct query_report_lifecycle *row, struct err *err);
bool query_report_lifecycles(struct query_report *report, query_report_lifecycle_row *row, void *context,
                             struct err *err);

/* Conditions that were asked of what counts: each id with each of its sentences, and the editions that have that. By
 * id, so that the sentences of one follow each other. */
struct query_report_condition {
    const char *id, *text;
    struct query_texts editions;
};
typedef bool query_report_condition_row(void *context, const struct query_report_condition *row, struct err *err);
bool query_report_conditions(struct query_report *report, query_report_condition_row *row, void *context,
                             struct err *err);

#endif
