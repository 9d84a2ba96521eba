/* Footnotes of the matrix that nobody attested, and how much of what is supported rests on them. */
#include "reading_protection.h"
#include "reading_report.h"

/* Chains of reasons are shared, so there are far fewer of them than protections; most have no such footnote, which
 * their text tells before it is read as JSON. */
#define RESTING                                                                                                        \
    "WITH resting AS MATERIALIZED (SELECT j.reasoning AS reasoning, sum(s.protections) AS protections"                 \
    " FROM temp.report_counted s CROSS JOIN judgement j ON j.id = s.judgement WHERE j.verdict = 'supported'"           \
    " GROUP BY j.reasoning), notes AS MATERIALIZED (SELECT DISTINCT r.id AS reasoning, s.protections AS protections,"  \
    " l.value ->> 'edition' AS edition, c.value ->> 'id' AS id, c.value ->> 'text' AS text FROM resting s"             \
    " CROSS JOIN reasoning r ON r.id = s.reasoning, json_each(r.detail, '$.legs') l,"                                  \
    " json_each(l.value, '$.conditions') c WHERE instr(r.detail, '\"footnote\"') > 0 AND json_valid(r.detail)"         \
    " AND c.value ->> 'state' = 'footnote')"

static bool keep_counted(struct query_report *report, struct err *err)
{
    bool good = true;

    vec_each (said, &report->said) {
        struct sql_query query;

        if (!good || said->protections == 0)
            continue;
        sql_query(&query, &report->query->sql, "INSERT OR REPLACE INTO temp.report_counted VALUES (?1, ?2)");
        sql_bind_int(&query, 1, said->id);
        sql_bind_int(&query, 2, said->protections);
        good = sql_done(&query, err);
    }
    return good;
}

static bool count_all(struct query_report *report, struct query_report_head *head, struct err *err)
{
    return sql_number(&report->query->sql,
                      RESTING " SELECT coalesce(sum(protections), 0) FROM resting"
                              " WHERE reasoning IN (SELECT reasoning FROM notes)",
                      &head->footnoted, err);
}

bool reading_report_footnotes(struct query_report *report, struct query_report_head *head, struct err *err)
{
    vec(struct query_report_footnote) footnotes = VEC_EMPTY;
    struct query *query = report->query;
    struct sql_query rows;

    if (!keep_counted(report, err))
        return false;
    sql_query(&rows, &query->sql,
              RESTING " SELECT sum(protections), edition, id, text FROM notes GROUP BY edition, id, text"
                      " ORDER BY edition, length(id), id, text");
    while (sql_row(&rows)) {
        struct query_report_footnote footnote = { .protections = sql_int(&rows, 0) };

        footnote.edition = reading_some(query, &rows, 1);
        footnote.condition = reading_some(query, &rows, 2);
        footnote.text = reading_some(query, &rows, 3);
        vec_push(&footnotes, footnote);
    }
    READING_KEEP(query, &footnotes, head->footnotes, head->footnote_count);
    return sql_done(&rows, err) && count_all(report, head, err);
}
