/* The backup servers that a report is of. */
#include "reading_dpmdb.h"
#include "reading_protection.h"
#include "reading_report.h"

/* A server that is configured has its name from there in each verdict, and so its product. Of one name the first
 * counts, as it does when servers are looked up. */
static const char servers[] =
    "WITH configured(place, name, product) AS MATERIALIZED (SELECT min(e.key), e.value ->> 'name', e.value ->> "
    "'product'"
    " FROM basis b JOIN json_each(b.estate, '$.servers') e WHERE b.id = ?1 GROUP BY lower(e.value ->> 'name')),"
    " judged(name, product, protections, conflict, scanned) AS MATERIALIZED (SELECT j.server, max(j.product),"
    " sum(s.protections), max(json_extract(j.detail, '$.server_conflict')),"
    " max(json_extract(j.detail, '$.server_scanned'))"
    " FROM temp.report_counted s CROSS JOIN judgement j ON j.id = s.judgement GROUP BY j.server),"
    " ends(product, at) AS MATERIALIZED (SELECT e.key, e.atom FROM basis b JOIN json_each(b.estate, '$.ends') e"
    " WHERE b.id = ?1)"
    " SELECT s.name, s.product, CASE WHEN s.product IS NULL THEN NULL WHEN s.said IS NULL THEN 'item'"
    " ELSE 'configuration' END, coalesce(e.at, 0), s.protections, s.name IN (SELECT server FROM temp.report_reader),"
    " s.conflict, s.scanned"
    " FROM (SELECT c.place AS place, c.name AS name, coalesce(j.product, c.product) AS product, c.product AS said,"
    " coalesce(j.protections, 0) AS protections, j.conflict AS conflict, j.scanned AS scanned"
    " FROM configured c LEFT JOIN judged j ON j.name = c.name"
    " WHERE ?2 IS NULL OR c.name LIKE ?2" READING_ESCAPE
    " UNION ALL SELECT NULL, j.name, j.product, NULL, j.protections, j.conflict, j.scanned FROM judged j"
    " WHERE j.name NOT IN (SELECT name FROM configured)) s LEFT JOIN ends e ON e.product = s.product"
    " ORDER BY s.place IS NULL, s.place, s.name COLLATE NOCASE";

static bool read_servers(struct query_report *report, struct query_report_head *head, struct err *err)
{
    vec(struct query_report_server) list = VEC_EMPTY;
    struct query *query = report->query;
    struct sql_query rows;
    int64_t basis;

    if (!reading_report_find_basis(report, &basis, err))
        return false;
    sql_query(&rows, &query->sql, servers);
    sql_bind_int(&rows, 1, basis);
    sql_bind_text(&rows, 2, report->wish.server == NULL ? NULL : reading_like(query, report->wish.server, true));
    while (sql_row(&rows)) {
        struct query_report_server server = { .name = reading_some(query, &rows, 0),
                                              .support_end = sql_int(&rows, 3),
                                              .protections = sql_int(&rows, 4),
                                              .read = sql_int(&rows, 5) != 0 };

        server.product = reading_text(query, &rows, 1);
        server.product_from = reading_text(query, &rows, 2);
        server.conflict = reading_text(query, &rows, 6);
        server.scanned = reading_text(query, &rows, 7);
        vec_push(&list, server);
    }
    READING_KEEP(query, &list, head->servers, head->server_count);
    return sql_done(&rows, err);
}

bool reading_report_servers(struct query_report *report, struct query_report_head *head, struct err *err)
{
    bool good = read_servers(report, head, err);

    for (size_t i = 0; good && !report->past && i < head->server_count; i++) {
        struct dpmdb_age age;

        good = reading_dpmdb_age(report->query, head->servers[i].name, report->at, &age, err);
        head->servers[i].read_at = age.read_at;
        head->servers[i].late = age.late;
    }
    return good;
}
