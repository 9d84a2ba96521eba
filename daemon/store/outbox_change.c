/* Which asset it was whose change made a finding what it is: what one change brings is one alert, whatever it touches.
 */
#include "outbox_parts.h"
#include "sql.h"

bool outbox_change_single(struct outbox_turn *turn, const struct outbox_news *news, int64_t *asset, struct err *err)
{
    struct sql_query query;
    int count = 0;

    *asset = 0;
    if (news->journal == 0)
        return true;
    sql_query(&query, turn->sql, "SELECT DISTINCT asset FROM history WHERE at = ?1 AND journal = ?2 LIMIT 2");
    sql_bind_int(&query, 1, news->at);
    sql_bind_int(&query, 2, news->journal);
    while (sql_row(&query)) {
        *asset = sql_int(&query, 0);
        count++;
    }
    if (count != 1)
        *asset = 0;
    return sql_done(&query, err);
}

/* A machine that the scan left as it was, on a host that it did not. */
static bool find_host(struct outbox_turn *turn, const struct outbox_news *news, int64_t machine, int64_t *host,
                      struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql,
              "SELECT f.asset FROM item i JOIN relation r ON r.item = i.id JOIN item f ON f.id = r.far"
              " JOIN history h ON h.id = f.last_history WHERE i.asset = ?1 AND r.relation = 'runs_on'"
              " AND h.journal = ?2 AND f.asset IS NOT NULL AND NOT EXISTS (SELECT 1 FROM item o JOIN history p"
              " ON p.id = o.last_history WHERE o.asset = ?1 AND p.journal = ?2) ORDER BY f.asset LIMIT 1");
    sql_bind_int(&query, 1, machine);
    sql_bind_int(&query, 2, news->journal);
    *host = sql_row(&query) ? sql_int(&query, 0) : 0;
    return sql_done(&query, err);
}

bool outbox_change_find(struct outbox_turn *turn, const struct outbox_news *news, const struct outbox_matter *matter,
                        int64_t *asset, struct err *err)
{
    *asset = matter->asset == 0 ? 0 : matter->cause; /* a key has that of one of its assets */
    if (*asset == 0 && !outbox_change_single(turn, news, asset, err))
        return false;
    if (*asset == 0 && matter->asset != 0 && news->journal != 0 && !find_host(turn, news, matter->asset, asset, err))
        return false;
    if (*asset == 0)
        *asset = matter->asset;
    return true;
}
