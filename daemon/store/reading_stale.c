#include "reading_stale.h"

#include "reading_protection.h"

/* A target that is late sees nobody who is not stale. */
#define LATE                                                                                                           \
    "(coalesce(t.succeeded_at, 0) = 0 OR ?9 - t.succeeded_at > " AGE_MOST ") AND EXISTS (SELECT 1 FROM sighting"       \
    " WHERE target = t.id)"

static bool count_targets(struct query *query, int64_t now, int64_t *late, int64_t *all, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT coalesce(sum(" LATE "), 0), count(*) FROM target t"
              " WHERE EXISTS (SELECT 1 FROM sighting WHERE target = t.id)");
    sql_bind_int(&rows, 9, now);
    *late = *all = 0;
    if (sql_row(&rows)) {
        *late = sql_int(&rows, 0);
        *all = sql_int(&rows, 1);
    }
    return sql_done(&rows, err);
}

/* Who may be: what a late target sees, what one missed lately, and what nobody sees. */
static const char doubtful[] = "SELECT a.id FROM asset a WHERE a.id IN (SELECT i.asset FROM target t JOIN sighting s"
                               " ON s.target = t.id JOIN item i ON i.id = s.item WHERE " LATE
                               " UNION SELECT i.asset FROM sighting s JOIN item i ON i.id = s.item"
                               " WHERE s.missed_at IS NOT NULL"
                               " UNION SELECT asset FROM item WHERE lost_at IS NOT NULL AND gone_at IS NULL)"
                               " AND a.gone_at IS NULL AND NOT " READING_FRESH " ORDER BY a.id";

bool stale_load(struct stale *stale, struct query *query, int64_t now, struct err *err)
{
    struct sql_query rows;
    int64_t late, all;

    *stale = (struct stale){ 0 };
    if (!count_targets(query, now, &late, &all, err))
        return false;
    stale->all = late == all;
    if (stale->all)
        return true;
    sql_query(&rows, &query->sql, doubtful);
    sql_bind_int(&rows, 9, now);
    while (sql_row(&rows))
        vec_push(&stale->assets, sql_int(&rows, 0));
    return sql_done(&rows, err);
}

bool stale_has(const struct stale *stale, int64_t asset)
{
    return stale->all || numbers_have(&stale->assets, asset);
}

void stale_finish(struct stale *stale)
{
    vec_finish(&stale->assets);
}
