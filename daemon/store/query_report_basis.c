/* The files and rulings that were in force. */
#include "reading_protection.h"
#include "reading_report.h"

/* The one that everything is judged under; of then, the one that began to be in force last. 0: none. A basis that comes
 * again is told by an event; without any, each began with its first verdict. */
bool reading_report_find_basis(struct query_report *report, int64_t *basis, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &report->query->sql,
              "SELECT coalesce((SELECT b.id FROM meta m JOIN basis b ON lower(hex(b.hash)) = m.value"
              " WHERE m.name = 'judging_basis' AND NOT ?2),"
              " (SELECT CAST(substr(e.state, 7) AS INTEGER) FROM event e WHERE e.what = 'matrix.changed'"
              " AND e.at <= ?1 AND e.at >= coalesce((SELECT max(first_at) FROM basis WHERE first_at <= ?1), 0)"
              " ORDER BY e.at DESC, e.id DESC LIMIT 1),"
              " (SELECT id FROM basis WHERE first_at <= ?1 ORDER BY first_at DESC, id DESC LIMIT 1))");
    sql_bind_int(&rows, 1, report->at);
    sql_bind_int(&rows, 2, report->past);
    *basis = sql_row(&rows) ? sql_int(&rows, 0) : 0;
    return sql_done(&rows, err);
}

/* A leg has its edition's name and page; all legs of one verdict are of one edition. Of files that were written down
 * without their page, it is that of the verdicts. */
static const char files[] =
    "WITH used(edition, page) AS MATERIALIZED (SELECT r.detail ->> '$.legs[0].edition', max(r.detail ->> "
    "'$.legs[0].page') FROM (SELECT DISTINCT j.reasoning AS id FROM (SELECT DISTINCT judgement FROM temp.report_state) "
    "g"
    " CROSS JOIN judgement j ON j.id = g.judgement) d CROSS JOIN reasoning r ON r.id = d.id GROUP BY 1)"
    " SELECT e.value ->> 'file', e.value ->> 'edition', e.value ->> 'date', e.value ->> 'hash', e.value ->> 'sha256',"
    " coalesce(e.value ->> 'page', u.page), u.edition IS NOT NULL FROM basis b JOIN json_each(b.files) e"
    " LEFT JOIN used u ON u.edition = e.value ->> 'edition' WHERE b.id = ?1 ORDER BY e.key";

static bool read_files(struct query_report *report, int64_t basis, struct query_report_head *head, struct err *err)
{
    vec(struct query_report_file) list = VEC_EMPTY;
    struct query *query = report->query;
    struct sql_query rows;

    sql_query(&rows, &query->sql, files);
    sql_bind_int(&rows, 1, basis);
    while (sql_row(&rows)) {
        struct query_report_file file = { .file = reading_some(query, &rows, 0) };

        file.edition = reading_text(query, &rows, 1);
        file.date = reading_text(query, &rows, 2);
        file.hash = reading_text(query, &rows, 3);
        file.sha256 = reading_text(query, &rows, 4);
        file.page = reading_text(query, &rows, 5);
        if (file.edition != NULL)
            file.used = sql_int(&rows, 6) != 0 ? "yes" : "no";
        vec_push(&list, file);
    }
    READING_KEEP(query, &list, head->files, head->file_count);
    return sql_done(&rows, err);
}

static bool read_rulings(struct query_report *report, int64_t basis, struct query_report_head *head, struct err *err)
{
    vec(struct query_report_ruling) rulings = VEC_EMPTY;
    struct query *query = report->query;
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT e.value ->> 'what', e.value ->> 'key', e.value ->> 'verdict', e.value ->> 'who',"
              " e.value ->> 'basis', e.value ->> 'until' FROM basis b, json_each(b.rulings) e WHERE b.id = ?1"
              " AND (coalesce(e.value ->> 'until', 0) = 0 OR e.value ->> 'until' > ?2)");
    sql_bind_int(&rows, 1, basis);
    sql_bind_int(&rows, 2, report->at);
    while (sql_row(&rows)) {
        struct query_report_ruling ruling = { .what = reading_text(query, &rows, 0), .until = sql_int(&rows, 5) };

        ruling.key = reading_text(query, &rows, 1);
        ruling.verdict = reading_text(query, &rows, 2);
        ruling.who = reading_text(query, &rows, 3);
        ruling.basis = reading_text(query, &rows, 4);
        vec_push(&rulings, ruling);
    }
    READING_KEEP(query, &rulings, head->rulings, head->ruling_count);
    return sql_done(&rows, err);
}

bool reading_report_basis(struct query_report *report, struct query_report_head *head, struct err *err)
{
    int64_t basis;

    return reading_report_find_basis(report, &basis, err) && read_files(report, basis, head, err) &&
           read_rulings(report, basis, head, err);
}
