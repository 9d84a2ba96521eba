/* The conditions that were asked, as they were written down with the verdicts. */
#include "query_report.h"

#include "reading_protection.h"
#include "reading_report.h"

/* "R9" stands before "R10", and "page:row2" before "page:row10". */
#define IN_ORDER "rtrim(id, '0123456789') COLLATE NOCASE, length(id), id"

static const char conditions[] =
    "WITH asked(id, text, edition) AS MATERIALIZED (SELECT DISTINCT c.value ->> 'id' AS id, c.value ->> 'text' AS "
    "text, l.value ->> 'edition' AS edition"
    " FROM (SELECT DISTINCT j.reasoning AS id FROM (SELECT DISTINCT judgement FROM temp.report_state) g"
    " CROSS JOIN judgement j ON j.id = g.judgement) d CROSS JOIN reasoning r ON r.id = d.id"
    " CROSS JOIN json_each(r.detail, '$.legs') l CROSS JOIN json_each(l.value, '$.conditions') c)"
    " SELECT id, text, (SELECT json_group_array(edition) FROM (SELECT a.edition FROM asked a WHERE a.id = k.id"
    " AND a.text IS k.text AND a.edition IS NOT NULL ORDER BY a.edition)) AS editions FROM asked k WHERE id IS NOT NULL"
    " GROUP BY id, text ORDER BY " IN_ORDER ", editions ->> 0, text";

bool query_report_conditions(struct query_report *report, query_report_condition_row *row, void *context,
                             struct err *err)
{
    struct query *query = report->query;
    struct sql_query rows;
    bool good = true;

    sql_query(&rows, &query->sql, conditions);
    while (good && sql_row(&rows)) {
        struct query_report_condition condition;

        arena_reset(&report->row);
        reading_report_into(report, &report->row);
        condition.id = reading_some(query, &rows, 0);
        condition.text = reading_some(query, &rows, 1);
        good = reading_json_texts(query, sql_text(&rows, 2), &condition.editions, err) && row(context, &condition, err);
    }
    return (sql_done(&rows, good ? err : NULL) && good) || reading_report_failed(report, err);
}
