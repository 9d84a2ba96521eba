/* Whom the backup servers' own databases protect, and whom they do not. */
#include "reading_holding.h"
#include "reading_report.h"

#include <string.h>

/* Those that show a protection at all, whatever part of the fleet the report is of: of the others nobody can say what
 * is in a protection group. */
bool reading_report_readers(struct query_report *report, struct err *err)
{
    struct sql_query query;

    sql_query(&query, &report->query->sql,
              report->past ? "INSERT INTO temp.report_reader SELECT DISTINCT server FROM judgement"
                             " WHERE by_what = 'dpmdb' AND id IN (SELECT judgement FROM guard WHERE since_at <= ?1"
                             " UNION SELECT judgement FROM guard_past WHERE from_at <= ?1 AND until_at > ?1)"
                           : "INSERT INTO temp.report_reader SELECT DISTINCT server FROM judgement"
                             " WHERE by_what = 'dpmdb' AND id IN (SELECT judgement FROM guard)");
    if (report->past)
        sql_bind_int(&query, 1, report->at);
    return sql_done(&query, err);
}

bool reading_report_ask(struct query_report *report, const struct report_asked *asked, struct err *err)
{
    struct sql_query query;

    sql_query(&query, &report->query->sql, "INSERT OR REPLACE INTO temp.report_asked VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    sql_bind_int(&query, 1, asked->asset);
    sql_bind_int(&query, 2, asked->judgement);
    sql_bind_int(&query, 3, asked->protections);
    sql_bind_int(&query, 4, asked->sum.listed);
    sql_bind_int(&query, 5, asked->unread);
    sql_bind_int(&query, 6, coverage_of(&asked->sum));
    return sql_done(&query, err);
}

static struct query_report_coverage *find_kind(struct query_report_head *head, const char *kind)
{
    for (size_t i = 0; i < head->coverage_count; i++) {
        if (strcmp(head->coverage[i].kind, kind) == 0)
            return &head->coverage[i];
    }
    return NULL;
}

enum coverage reading_report_answer(struct sql_query *rows, int column)
{
    int64_t number = sql_int(rows, column);

    return number > 0 && number < COVERAGE_COUNT_END ? (enum coverage)number : COVERAGE_NEITHER;
}

static bool count_asked(struct query_report *report, struct query_report_head *head, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &report->query->sql,
              "SELECT a.kind, sum(s.covered), sum(NOT s.covered), sum(NOT s.covered AND s.unread)"
              ", s.coverage, count(*) FROM temp.report_asked s CROSS JOIN asset a ON a.id = s.asset GROUP BY a.kind, "
              "s.coverage");
    while (sql_row(&rows)) {
        struct query_report_coverage *kind = find_kind(head, sql_text(&rows, 0));

        head->unread += sql_int(&rows, 3);
        if (kind == NULL)
            continue;
        kind->covered += sql_int(&rows, 1);
        kind->not_covered += sql_int(&rows, 2);
        kind->answers[reading_report_answer(&rows, 4)] += sql_int(&rows, 5);
    }
    return sql_done(&rows, err);
}

static bool count_excluded(struct query_report *report, struct query_report_head *head, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &report->query->sql,
              "SELECT a.kind, count(*) FROM temp.report_excluded x CROSS JOIN asset a ON a.id = x.asset"
              " WHERE x.asset NOT IN (SELECT asset FROM temp.report_asked) GROUP BY a.kind");
    while (sql_row(&rows)) {
        struct query_report_coverage *kind = find_kind(head, sql_text(&rows, 0));

        if (kind != NULL)
            kind->excluded = sql_int(&rows, 1);
    }
    return sql_done(&rows, err);
}

static bool is_of_part(const struct query_report_wish *wish)
{
    return wish->owner != NULL || wish->site != NULL || wish->server != NULL || wish->workload != NULL;
}

/* In a report of a part nobody knows what of the rest would be in it. Of the past, who came back since is in no count
 * of kinds, and may have verdicts. */
static void count_others(const struct query_report *report, struct query_report_head *head)
{
    for (size_t i = 0; i < head->coverage_count; i++) {
        struct query_report_coverage *kind = &head->coverage[i];
        int64_t told = kind->covered + kind->not_covered + kind->excluded;

        kind->other = is_of_part(&report->wish) ? -1 : kind->assets > told ? kind->assets - told : 0;
    }
}

bool reading_report_coverage(struct query_report *report, struct query_report_head *head, struct err *err)
{
    head->unread = head->covered < 0 ? -1 : 0;
    if (head->covered < 0)
        return true;
    head->coverage = arena_alloc(report->query->arena, (head->kind_count + 1) * sizeof *head->coverage);
    head->coverage_count = head->kind_count;
    for (size_t i = 0; i < head->kind_count; i++)
        head->coverage[i] =
            (struct query_report_coverage){ .kind = head->kinds[i].name, .assets = head->kinds[i].assets };
    if (!count_asked(report, head, err) || !count_excluded(report, head, err))
        return false;
    count_others(report, head);
    return true;
}

bool query_report_uncovered(struct query_report *report, query_report_uncovered_row *row, void *context,
                            struct err *err)
{
    struct query *query = report->query;
    struct sql_query rows;
    bool good = true;

    sql_query(
        &rows, &query->sql,
        "SELECT a.id, s.protections, s.unread, a.kind, a.name, j.owner, j.site, j.method, j.server, s.coverage"
        " FROM temp.report_asked s CROSS JOIN asset a ON a.id = s.asset CROSS JOIN judgement j ON j.id = s.judgement"
        " WHERE NOT s.covered ORDER BY a.kind, j.site IS NULL, j.site COLLATE NOCASE, a.name COLLATE NOCASE, a.id");
    while (good && sql_row(&rows)) {
        struct query_report_uncovered uncovered = { .asset = sql_int(&rows, 0),
                                                    .protections = sql_int(&rows, 1),
                                                    .unread = sql_int(&rows, 2) != 0 };

        arena_reset(&report->row);
        reading_report_into(report, &report->row);
        uncovered.kind = reading_text(query, &rows, 3);
        uncovered.name = reading_text(query, &rows, 4);
        uncovered.owner = reading_text(query, &rows, 5);
        uncovered.site = reading_text(query, &rows, 6);
        uncovered.method = reading_text(query, &rows, 7);
        uncovered.server = reading_text(query, &rows, 8);
        uncovered.coverage = coverage_word(reading_report_answer(&rows, 9));
        good = row(context, &uncovered, err);
    }
    return (sql_done(&rows, good ? err : NULL) && good) || reading_report_failed(report, err);
}

static const char covered_rows[] =
    "SELECT g.asset, g.exemption, a.kind, a.name, j.owner, j.site, j.method, j.server, j.product, j.verdict, j.class,"
    " j.ruled, g.stale, s.coverage FROM temp.report_state g CROSS JOIN judgement j ON j.id = g.judgement"
    " CROSS JOIN asset a ON a.id = g.asset CROSS JOIN temp.report_asked s ON s.asset = g.asset"
    " WHERE j.by_what = 'dpmdb' ORDER BY a.kind, j.site IS NULL, j.site COLLATE NOCASE, a.name COLLATE NOCASE, a.id, "
    "j.method, j.server";

static void take_covered(struct query_report *report, struct sql_query *rows, const struct holding *holding,
                         struct query_report_covered *covered)
{
    struct query *query = report->query;

    arena_reset(&report->row);
    reading_report_into(report, &report->row);
    *covered = (struct query_report_covered){
        .asset = sql_int(rows, 0),
        .exemption = sql_int(rows, 1),
        .kind = reading_text(query, rows, 2),
        .name = reading_text(query, rows, 3),
        .owner = reading_text(query, rows, 4),
        .site = reading_text(query, rows, 5),
        .method = reading_text(query, rows, 6),
        .server = reading_text(query, rows, 7),
        .product = reading_text(query, rows, 8),
        .verdict = reading_text(query, rows, 9),
        .class = reading_text(query, rows, 10),
        .ruled = reading_text(query, rows, 11),
        .stale = sql_int(rows, 12) != 0,
        .coverage = coverage_word(reading_report_answer(rows, 13)),
    };
    if (holding == NULL)
        return;
    covered->groups = holding->groups;
    covered->sources = holding->sources;
    covered->recovery_at = holding->recovery_at;
    covered->invalid = holding->invalid;
}

/* Facts are known as they are now. */
static bool read_holdings(struct query_report *report, struct holdings *holdings, struct err *err)
{
    reading_report_into(report, &report->arena);
    return report->past || holdings_read(holdings, report->query, err);
}

bool query_report_covered(struct query_report *report, query_report_covered_row *row, void *context, struct err *err)
{
    struct holdings holdings = { 0 };
    struct query_report_covered covered;
    struct sql_query rows;
    bool good = read_holdings(report, &holdings, err);

    sql_query(&rows, &report->query->sql, covered_rows);
    while (good && sql_row(&rows)) {
        take_covered(report, &rows, holdings_find(&holdings, sql_int(&rows, 0)), &covered);
        good = row(context, &covered, err);
    }
    good = sql_done(&rows, good ? err : NULL) && good;
    holdings_finish(&holdings);
    return good || reading_report_failed(report, err);
}
