#include "reading_dpmdb.h"

#include "age.h"

/* Its entries name it by its key in their own source, or by a fact in any. The server itself is found as the judge
 * finds it: by its name in the domain, else by its short one. */
#define SEEN " CROSS JOIN sighting s ON s.item = i.id CROSS JOIN target t ON t.id = s.target"
#define AGES                                                                                                           \
    "SELECT coalesce(s.missed_at, t.succeeded_at) AS at, ?2 - coalesce(s.missed_at, t.succeeded_at) > " AGE_MOST       \
    " AS late FROM "
static const char ages[] =
    "WITH called(item) AS MATERIALIZED (SELECT item FROM claim WHERE fact = 'id.fqdn' AND value = lower(?1) UNION"
    " SELECT item FROM claim WHERE fact = 'id.netbios' AND value = lower(?1)),"
    " self(scope, key) AS MATERIALIZED (SELECT scope, key FROM item WHERE id IN (SELECT item FROM called)"
    " AND kind = 'backup_server' AND gone_at IS NULL)"
    " SELECT coalesce(max(at), 0), coalesce(min(late), 0) FROM (" AGES "self b CROSS JOIN link l"
    " ON l.kind = 'backup_server' AND l.key = b.key AND l.relation = 'protected_by' CROSS JOIN item i ON i.id = l.item"
    " AND i.scope = b.scope AND i.kind = 'protected' AND i.gone_at IS NULL" SEEN " UNION ALL " AGES
    "link l CROSS JOIN item i ON i.id = l.item"
    " AND i.kind = 'protected' AND i.gone_at IS NULL" SEEN " WHERE l.attribute IN ('id.fqdn', 'id.netbios')"
    " AND lower(l.value) = lower(?1) AND l.relation = 'protected_by')";

bool reading_dpmdb_age(struct query *query, const char *server, int64_t now, struct dpmdb_age *age, struct err *err)
{
    struct sql_query rows;

    *age = (struct dpmdb_age){ 0 };
    sql_query(&rows, &query->sql, ages);
    sql_bind_text(&rows, 1, server);
    sql_bind_int(&rows, 2, now);
    if (sql_row(&rows))
        *age = (struct dpmdb_age){ .read_at = sql_int(&rows, 0), .late = sql_int(&rows, 1) != 0 };
    return sql_done(&rows, err);
}
