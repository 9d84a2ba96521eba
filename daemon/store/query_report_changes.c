/* What is different from what was there at head.since. */
#include "query_report.h"

#include "reading_protection.h"
#include "reading_report.h"

#include <string.h>

/* Both sides of one way to protect an asset, by the numbers of their judgements; what was there and is there again, to
 * the same effect, is no change. */
static const char tables[] =
    "CREATE INDEX IF NOT EXISTS temp.report_state_by_asset ON report_state(asset);"
    "CREATE INDEX IF NOT EXISTS temp.report_before_by_asset ON report_before(asset);"
    "CREATE TEMP TABLE IF NOT EXISTS report_change (id INTEGER PRIMARY KEY, asset INTEGER, at INTEGER, before INTEGER,"
    " now INTEGER, need_before INTEGER, need INTEGER);"
    "DELETE FROM temp.report_change;";

static const char others[] =
    "INSERT INTO temp.report_change (asset, at, before, now, need_before, need)"
    " SELECT n.asset, n.since_at, b.judgement, n.judgement, coalesce(b.need, 0), n.need FROM temp.report_state n"
    " CROSS JOIN judgement nj ON nj.id = n.judgement LEFT JOIN (SELECT o.asset AS asset, o.judgement AS judgement,"
    " o.need AS need, j.method AS method, j.server AS server, j.verdict AS verdict, j.class AS class,"
    " j.ruled AS ruled FROM temp.report_before o JOIN judgement j ON j.id = o.judgement) b"
    " ON b.asset = n.asset AND b.method = nj.method AND b.server = nj.server WHERE n.since_at > ?1"
    " AND (b.verdict IS NOT nj.verdict OR b.class IS NOT nj.class OR b.ruled IS NOT nj.ruled)";

static const char ended[] =
    "INSERT INTO temp.report_change (asset, at, before, now, need_before, need)"
    " SELECT b.asset, b.until_at, b.judgement, NULL, b.need, 0 FROM temp.report_before b"
    " CROSS JOIN judgement bj ON bj.id = b.judgement WHERE NOT EXISTS (SELECT 1 FROM temp.report_state n"
    " JOIN judgement nj ON nj.id = n.judgement WHERE n.asset = b.asset AND nj.method = bj.method"
    " AND nj.server = bj.server)";

static bool find_others(struct query_report *report, struct err *err)
{
    struct sql_query query;

    sql_query(&query, &report->query->sql, others);
    sql_bind_int(&query, 1, report->then);
    return sql_done(&query, err);
}

static bool find_ended(struct query_report *report, struct err *err)
{
    struct sql_query query;

    sql_query(&query, &report->query->sql, ended);
    return sql_done(&query, err);
}

static const char changes[] =
    "SELECT c.asset, a.kind, a.name, j.method, j.server, j.workload, b.verdict, b.class, n.verdict, n.class,"
    " c.need_before, c.need, j.reason, c.at FROM (SELECT c.id AS id FROM temp.report_change c"
    " CROSS JOIN asset a ON a.id = c.asset CROSS JOIN judgement j ON j.id = coalesce(c.now, c.before)"
    " ORDER BY c.need DESC, c.now IS NULL, c.need_before, a.name COLLATE NOCASE, a.id, j.method, j.server LIMIT "
    "-1)"
    " o CROSS JOIN temp.report_change c ON c.id = o.id CROSS JOIN asset a ON a.id = c.asset"
    " CROSS JOIN judgement j ON j.id = coalesce(c.now, c.before) LEFT JOIN judgement b ON b.id = c.before"
    " LEFT JOIN judgement n ON n.id = c.now";

static void take_change(struct query *query, struct sql_query *rows, struct query_report_change *change)
{
    *change = (struct query_report_change){
        .asset = sql_int(rows, 0),
        .kind = reading_text(query, rows, 1),
        .name = reading_text(query, rows, 2),
        .method = reading_text(query, rows, 3),
        .server = reading_text(query, rows, 4),
        .workload = reading_text(query, rows, 5),
        .before = reading_text(query, rows, 6),
        .before_class = reading_text(query, rows, 7),
        .now = reading_text(query, rows, 8),
        .now_class = reading_text(query, rows, 9),
        .need_before = (enum need)sql_int(rows, 10),
        .need_now = (enum need)sql_int(rows, 11),
        .reason = reading_some(query, rows, 12),
        .at = sql_int(rows, 13),
    };
}

bool query_report_changes(struct query_report *report, query_report_change_row *row, void *context, struct err *err)
{
    struct query_report_change change;
    struct sql_query rows;
    bool good = true;

    if (!sql_run(&report->query->sql, tables, err) || !find_others(report, err) || !find_ended(report, err))
        return reading_report_failed(report, err);
    sql_query(&rows, &report->query->sql, changes);
    while (good && sql_row(&rows)) {
        arena_reset(&report->row);
        reading_report_into(report, &report->row);
        take_change(report->query, &rows, &change);
        good = row(context, &change, err);
    }
    return (sql_done(&rows, good ? err : NULL) && good) || reading_report_failed(report, err);
}
