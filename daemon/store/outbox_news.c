/* What happened: rows of the table event, and of the history where they are about an asset as a whole. */
#include "event_row.h"
#include "outbox_parts.h"
#include "sql.h"

#define EVENT_COLUMNS "e.id, e.at, e.what, e.subject, e.state, e.batch, e.finding, e.asset, e.target, e.journal"

/* The same of the history. What one scan says of an asset is told once, whichever items say so. */
#define HISTORY_WORD                                                                                                   \
    "CASE h.what WHEN 'moved' THEN 'asset.moved' WHEN 'appeared' THEN 'asset.appeared'"                                \
    " WHEN 'returned' THEN 'asset.appeared' ELSE 'asset.gone' END"
#define HISTORY_COLUMNS                                                                                                \
    "-h.id, h.at, " HISTORY_WORD ", 'asset ' || h.asset || ' ' || h.what, '*', '', NULL, h.asset,"                     \
    " (SELECT target FROM journal WHERE id = h.journal), h.journal"

static const char *copy(struct outbox_turn *turn, struct sql_query *query, int column)
{
    const char *text = sql_text(query, column);

    return arena_text(&turn->arena, text == NULL ? "" : text);
}

static struct outbox_news take(struct outbox_turn *turn, struct sql_query *query)
{
    return (struct outbox_news){
        .id = sql_int(query, 0),
        .at = sql_int(query, 1),
        .what = event_find(sql_text(query, 2)),
        .subject = copy(turn, query, 3),
        .state = copy(turn, query, 4),
        .batch = copy(turn, query, 5),
        .finding = sql_int(query, 6),
        .asset = sql_int(query, 7),
        .target = sql_int(query, 8),
        .journal = sql_int(query, 9),
    };
}

static bool take_all(struct outbox_turn *turn, struct sql_query *query, const char *bundle, outbox_news_vec *news,
                     struct err *err)
{
    while (sql_row(query)) {
        struct outbox_news one = take(turn, query);

        one.bundle = bundle;
        vec_push(news, one);
    }
    return sql_done(query, err);
}

/* Where less came than was asked for, all that there is was looked at. */
static bool go_on(struct outbox_turn *turn, const char *newest, const outbox_news_vec *news, int64_t *cursor,
                  struct err *err)
{
    int64_t end;

    if (news->count >= turn->most) {
        *cursor = vec_last(news).id < 0 ? -vec_last(news).id : vec_last(news).id;
        turn->step->more = true;
        return true;
    }
    if (!sql_number(turn->sql, newest, &end, err))
        return false;
    *cursor = end > *cursor ? end : *cursor;
    return true;
}

bool outbox_news_after(struct outbox_turn *turn, int64_t *cursor, outbox_news_vec *news, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql, "SELECT " EVENT_COLUMNS " FROM event e WHERE e.id > ?1 ORDER BY e.id LIMIT ?2");
    sql_bind_int(&query, 1, *cursor);
    sql_bind_int(&query, 2, (int64_t)turn->most);
    return take_all(turn, &query, NULL, news, err) && go_on(turn, "SELECT max(id) FROM event", news, cursor, err);
}

/* An asset appears with its first item, and is gone with its last. */
bool outbox_news_after_history(struct outbox_turn *turn, int64_t *cursor, outbox_news_vec *news, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql,
              "SELECT " HISTORY_COLUMNS " FROM history h WHERE h.id > ?1 AND CASE"
              " WHEN h.what IN ('appeared', 'returned') THEN NOT EXISTS (SELECT 1 FROM item i WHERE i.asset = h.asset"
              " AND i.id <> h.item AND i.gone_at IS NULL AND i.appeared_at < h.at)"
              " WHEN h.what IN ('gone', 'retired') THEN EXISTS (SELECT 1 FROM asset a WHERE a.id = h.asset"
              " AND a.gone_at IS NOT NULL) ELSE h.what = 'moved' END ORDER BY h.id LIMIT ?2");
    sql_bind_int(&query, 1, *cursor);
    sql_bind_int(&query, 2, (int64_t)turn->most);
    return take_all(turn, &query, NULL, news, err) && go_on(turn, "SELECT max(id) FROM history", news, cursor, err);
}

static void of_bundle(struct sql_query *query, struct outbox_turn *turn, const char *text, const char *bundle)
{
    sql_query(query, turn->sql, text);
    sql_bind_text(query, 1, turn->hook->name);
    sql_bind_text(query, 2, bundle);
}

/* The newest of each subject: one that flaps for an hour has left thousands behind. The other columns are those of the
 * row that max() finds. */
bool outbox_news_waiting(struct outbox_turn *turn, const char *bundle, outbox_news_vec *news, struct err *err)
{
    struct sql_query query;

    of_bundle(&query, turn,
              "SELECT " EVENT_COLUMNS ", max(e.id) FROM pending p JOIN event e ON e.id = p.event"
              " WHERE p.hook = ?1 AND p.bundle = ?2 AND p.event > 0"
              " GROUP BY e.subject, CASE e.state WHEN '*' THEN e.id END ORDER BY e.id",
              bundle);
    if (!take_all(turn, &query, bundle, news, err))
        return false;
    of_bundle(&query, turn,
              "SELECT " HISTORY_COLUMNS ", max(h.id) FROM pending p JOIN history h ON h.id = -p.event"
              " WHERE p.hook = ?1 AND p.bundle = ?2 AND p.event < 0 GROUP BY h.asset, h.what ORDER BY h.id",
              bundle);
    return take_all(turn, &query, bundle, news, err);
}
