/* What was read over an old TLS. */
#include "query_report.h"

#include "history.h"
#include "old_tls.h"
#include "reading_protection.h"
#include "reading_report.h"

#define FACT "sql.tls"
#define WORD(name) ", '" name "'"
#define OLD "(NULL" OLD_TLS_EACH(WORD) ")"

/* Both kinds have a fact of that name; all other items are passed over by the key's index. */
#define ITEMS " FROM scope c CROSS JOIN item i ON i.scope = c.id AND i.kind IN ('backup_server', 'sql_instance')"

#define ROW "SELECT i.id, coalesce(i.asset, 0), i.kind, i.name, "
#define ORDER " ORDER BY i.name COLLATE NOCASE, i.name, i.kind, i.id"

static const char present[] = ROW "i.facts ->> '$.\"" FACT "\"' AS tls, (SELECT u.why FROM unread u WHERE u.item = i.id"
                                  " AND substr('" FACT "', 1, length(u.prefix)) = u.prefix LIMIT 1)" ITEMS
                                  " WHERE i.gone_at IS NULL AND tls IN " OLD ORDER;

/* What became of each item since then tells what it was: the first change of the fact names what it was before. One
 * that was too long for its row counts, too: what it was is not known then. */
static const char past[] =
    "WITH RECURSIVE chain(item, id, previous, what, detail) AS"
    " (SELECT i.id, h.id, h.previous, h.what, h.detail" ITEMS
    " JOIN history h ON h.id = i.last_history WHERE h.at > ?1 UNION ALL"
    " SELECT chain.item, h.id, h.previous, h.what, h.detail FROM chain JOIN history h ON h.id = chain.previous"
    " WHERE h.id < chain.id AND h.at > ?1),"
    " told(item, id, before) AS (SELECT d.item, d.id, a.value ->> 'from' FROM chain d,"
    " json_each(d.detail, '$.attributes') a WHERE d.what = 'changed' AND json_valid(d.detail)"
    " AND a.value ->> 'name' = '" FACT "'),"
    " first(item, id, before, cut) AS MATERIALIZED (SELECT item, min(id), before, cut FROM (SELECT item, id, before,"
    " 0 AS cut FROM told UNION ALL SELECT item, id, NULL, 1 FROM chain WHERE what = 'changed' AND json_valid(detail)"
    " AND detail ->> '$.more' > 0 AND id NOT IN (SELECT id FROM told)) GROUP BY item),"
    " away(item, id, what) AS MATERIALIZED (SELECT item, min(id), what FROM chain"
    " WHERE what IN ('gone', 'retired', 'returned') GROUP BY item),"
    " was(id, asset, kind, name, now, tls, cut) AS (SELECT i.id, i.asset, i.kind, i.name, i.facts ->> '$.\"" FACT
    "\"', CASE WHEN f.item IS NULL THEN i.facts ->> '$.\"" FACT "\"' ELSE f.before END, coalesce(f.cut, 0)" ITEMS
    " LEFT JOIN first f ON f.item = i.id LEFT JOIN away w ON w.item = i.id WHERE i.appeared_at <= ?1"
    " AND coalesce(w.what <> 'returned', i.gone_at IS NULL OR i.gone_at > ?1)) " ROW "i.tls, NULL FROM was i"
    " WHERE i.tls IN " OLD " OR (i.cut AND i.now IN " OLD ")" ORDER;

/* Of the past it is not recorded. */
static bool find_sources(struct query_report *report, int64_t item, struct query_report_old_tls *row, struct err *err)
{
    const char **names = arena_alloc(&report->row, QUERY_REPORT_MAX_SOURCES * sizeof *names);
    struct sql_query rows;

    row->more_sources = report->past ? -1 : 0;
    if (report->past)
        return true;
    sql_query(&rows, &report->query->sql,
              "SELECT DISTINCT t.name FROM sighting s JOIN target t ON t.id = s.target WHERE s.item = ?1"
              " ORDER BY t.name");
    sql_bind_int(&rows, 1, item);
    while (sql_row(&rows)) {
        if (row->sources.count < QUERY_REPORT_MAX_SOURCES)
            names[row->sources.count++] = reading_text(report->query, &rows, 0);
        else
            row->more_sources++;
    }
    row->sources.texts = names;
    return sql_done(&rows, err);
}

static bool hand_out(struct query_report *report, struct sql_query *rows, query_report_old_tls_row *row, void *context,
                     struct err *err)
{
    struct query_report_old_tls old = { .asset = sql_int(rows, 1) };

    arena_reset(&report->row);
    reading_report_into(report, &report->row);
    old.kind = reading_some(report->query, rows, 2);
    old.name = reading_some(report->query, rows, 3);
    old.tls = reading_text(report->query, rows, 4);
    old.unread = reading_text(report->query, rows, 5);
    return find_sources(report, sql_int(rows, 0), &old, err) && row(context, &old, err);
}

bool query_report_old_tls(struct query_report *report, query_report_old_tls_row *row, void *context, struct err *err)
{
    struct sql_query rows;
    bool good = true;

    sql_query(&rows, &report->query->sql, report->past ? past : present);
    if (report->past)
        sql_bind_int(&rows, 1, report->at);
    while (good && sql_row(&rows))
        good = hand_out(report, &rows, row, context, err);
    return (sql_done(&rows, good ? err : NULL) && good) || reading_report_failed(report, err);
}
