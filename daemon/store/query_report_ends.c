/* What ends: exemptions, and the vendors' support of versions. */
#include "query_report.h"

#include "demand.h"
#include "reading_protection.h"
#include "reading_report.h"

#include <string.h>

#define SOON_MS (180 * REPORT_DAY_MS)

/* -------------------------------------------------------------------------------------------------- exemptions ---- */

/* By its number, in words; the texts of what was loaded live as long as that. */
static bool say(struct query_report *report, const struct exemptions *all, struct query_report_exemption *exemption,
                struct err *err)
{
    size_t place = exemptions_place(all, exemption->id);
    struct str words = STR_EMPTY;
    struct sql_query rows;
    const char *name = NULL;

    exemption->what = "";
    if (place == all->list.count)
        return true;
    sql_query(&rows, &report->query->sql, "SELECT name FROM asset WHERE id = ?1");
    sql_bind_int(&rows, 1, all->list.items[place].selector.asset);
    if (sql_row(&rows))
        name = reading_text(report->query, &rows, 0);
    exemption_say(&words, &all->list.items[place].selector, name);
    exemption->what = arena_text(&report->row, str_text(&words));
    str_finish(&words);
    return sql_done(&rows, err);
}

/* One that ended after the report's time had not ended then. */
static const char exemptions[] =
    "SELECT e.id, e.made_at, e.until_at, CASE WHEN e.ended_at <= ?1 THEN e.ended_at WHEN e.until_at <= ?1"
    " THEN e.until_at END AS ended, coalesce(c.covers, 0), e.reason, e.ticket, e.approved_by, e.name,"
    " CASE WHEN e.ended_at <= ?1 THEN e.ended_why ELSE '' END FROM exemption e LEFT JOIN"
    " (SELECT exemption, count(*) AS covers FROM temp.report_state WHERE exemption <> 0 GROUP BY exemption) c"
    " ON c.exemption = e.id WHERE e.made_at <= ?1 AND (ended IS NULL OR ended > ?2)"
    " ORDER BY ended IS NOT NULL, coalesce(ended, e.until_at), e.id";

static void take_exemption(struct query *query, struct sql_query *rows, struct query_report_exemption *exemption)
{
    *exemption = (struct query_report_exemption){
        .id = sql_int(rows, 0),
        .made_at = sql_int(rows, 1),
        .until_at = sql_int(rows, 2),
        .ended_at = sql_int(rows, 3),
        .covers = sql_int(rows, 4),
        .reason = reading_some(query, rows, 5),
        .ticket = reading_some(query, rows, 6),
        .approved_by = reading_some(query, rows, 7),
        .name = reading_some(query, rows, 8),
        .ended_why = reading_some(query, rows, 9),
    };
}

static bool read_exemptions(struct query_report *report, const struct exemptions *all, query_report_exemption_row *row,
                            void *context, struct err *err)
{
    struct query_report_exemption exemption;
    struct sql_query rows;
    bool good = true;

    sql_query(&rows, &report->query->sql, exemptions);
    sql_bind_int(&rows, 1, report->at);
    sql_bind_int(&rows, 2, report->since);
    while (good && sql_row(&rows)) {
        arena_reset(&report->row);
        reading_report_into(report, &report->row);
        take_exemption(report->query, &rows, &exemption);
        good = say(report, all, &exemption, err) && row(context, &exemption, err);
    }
    return sql_done(&rows, good ? err : NULL) && good;
}

bool query_report_exemptions(struct query_report *report, query_report_exemption_row *row, void *context,
                             struct err *err)
{
    struct exemptions all;
    bool good;

    if (!exemptions_load_all(&all, &report->query->sql, err))
        return reading_report_failed(report, err);
    good = read_exemptions(report, &all, row, context, err);
    exemptions_finish(&all);
    return good || reading_report_failed(report, err);
}

/* --------------------------------------------------------------------------------------------------- lifecycle ---- */

/* Of a backup product the end is that of the basis, by its name. */
static const char lifecycles[] =
    "SELECT * FROM (SELECT j.workload AS workload, " DEMAND_ENDING
    " AS version, coalesce(j.detail ->> '$.lifecycle.of', '') AS of,"
    " j.support_end AS ends_at, count(DISTINCT g.asset), count(*), sum(g.exemption <> 0)"
    " FROM temp.report_state g"
    " CROSS JOIN judgement j ON j.id = g.judgement WHERE j.support_end <= ?1"
    " OR (j.support_end IS NULL AND j.version <> '') GROUP BY j.workload, version, of, ends_at"
    " UNION ALL SELECT '" REPORT_BACKUP_SERVER
    "', p.product, '', e.atom, count(*), -1, 0 FROM (SELECT DISTINCT j.product,"
    " j.server FROM (SELECT DISTINCT judgement FROM temp.report_state) g CROSS JOIN judgement j ON j.id = g.judgement"
    " WHERE j.product IS NOT NULL) p LEFT JOIN (SELECT m.key, m.atom FROM basis b JOIN json_each(b.estate, '$.ends') m"
    " WHERE b.id = ?2) e ON e.key = p.product WHERE e.atom IS NULL OR e.atom <= ?1 GROUP BY p.product)"
    " ORDER BY ends_at IS NULL, ends_at, workload, version, of";

bool query_report_lifecycles(struct query_report *report, query_report_lifecycle_row *row, void *context,
                             struct err *err)
{
    struct query *query = report->query;
    struct sql_query rows;
    int64_t basis;
    bool good = true;

    if (!reading_report_find_basis(report, &basis, err))
        return reading_report_failed(report, err);
    sql_query(&rows, &query->sql, lifecycles);
    sql_bind_int(&rows, 1, report->at + SOON_MS);
    sql_bind_int(&rows, 2, basis);
    while (good && sql_row(&rows)) {
        struct query_report_lifecycle lifecycle = { .support_end = sql_int(&rows, 3),
                                                    .assets = sql_int(&rows, 4),
                                                    .protections = sql_int(&rows, 5),
                                                    .exempt = sql_int(&rows, 6) };

        arena_reset(&report->row);
        reading_report_into(report, &report->row);
        lifecycle.workload = reading_some(query, &rows, 0);
        lifecycle.version = reading_some(query, &rows, 1);
        lifecycle.of = reading_some(query, &rows, 2);
        good = row(context, &lifecycle, err);
    }
    return (sql_done(&rows, good ? err : NULL) && good) || reading_report_failed(report, err);
}
