/* What changed, newest first. */
#include "history.h"
#include "reading_history.h"
#include "vec.h"

#include <string.h>

struct history {
    int64_t asset, since;
    size_t limit;
    struct query_changes *changes;
    reading_change_vec list, verdicts;
};

/* The inner choice sorts numbers only; the rows behind them are read for those that are shown. */
#define CHOSEN(chosen)                                                                                                 \
    "SELECT h.at, h.journal, a.id, a.kind, a.name, t.name, h.what, CASE WHEN json_valid(h.detail) THEN h.detail"       \
    " ELSE '{}' END FROM (" chosen " ORDER BY id DESC LIMIT ?2) c JOIN history h ON h.id = c.id"                       \
    " JOIN asset a ON a.id = h.asset LEFT JOIN journal j ON j.id = h.journal LEFT JOIN target t ON t.id = j.target"    \
    " ORDER BY h.id DESC"

/* Of an asset also what happened to those that became part of it: the rare rows, and of the others those in the chains
 * of the items that are or were in it. A chain goes down, whatever stands in the file. */
static const char of_asset[] =
    "WITH RECURSIVE part(id) AS (SELECT ?3 UNION SELECT a.id FROM part JOIN asset a ON a.merged_into = part.id),"
    " rare(id, item, at) AS MATERIALIZED"
    " (SELECT id, item, at FROM history WHERE asset IN (SELECT id FROM part) AND " HISTORY_RARE "),"
    " own(item) AS (SELECT id FROM item WHERE asset IN (SELECT id FROM part) UNION SELECT item FROM rare),"
    " chain(id, previous, asset, what, at) AS"
    " (SELECT h.id, h.previous, h.asset, h.what, h.at FROM own JOIN item i ON i.id = own.item"
    " JOIN history h ON h.id = i.last_history UNION ALL"
    " SELECT h.id, h.previous, h.asset, h.what, h.at FROM chain JOIN history h ON h.id = chain.previous"
    " WHERE h.id < chain.id) " CHOSEN("SELECT id FROM rare WHERE at >= ?1 UNION ALL SELECT id FROM chain WHERE at >= ?1"
                                      " AND what IN " HISTORY_OFTEN " AND asset IN (SELECT id FROM part)");
static const char of_all_since[] = CHOSEN("SELECT id FROM history WHERE at >= ?1");
static const char of_all[] = CHOSEN("SELECT id FROM history");

static void read_change(struct query *query, struct sql_query *rows, struct query_change *change)
{
    *change = (struct query_change){ .at = sql_int(rows, 0), .journal = sql_int(rows, 1), .asset = sql_int(rows, 2) };
    change->kind = reading_text(query, rows, 3);
    change->name = reading_text(query, rows, 4);
    change->target = reading_text(query, rows, 5);
    change->what = reading_text(query, rows, 6);
    change->detail = reading_text(query, rows, 7);
}

static bool read_rows(struct query *query, struct history *history, struct err *err)
{
    const char *of_everything = history->since == 0 ? of_all : of_all_since;
    struct sql_query rows;

    sql_query(&rows, &query->sql, history->asset == 0 ? of_everything : of_asset);
    if (history->asset != 0 || history->since != 0)
        sql_bind_int(&rows, 1, history->since);
    sql_bind_int(&rows, 2, history->limit == 0 ? -1 : (int64_t)history->limit + 1);
    if (history->asset != 0)
        sql_bind_int(&rows, 3, history->asset);
    while (sql_row(&rows)) {
        struct query_change change;

        read_change(query, &rows, &change);
        vec_push(&history->list, change);
    }
    return sql_done(&rows, err);
}

/* Where the limit cuts, older verdicts than the oldest row that stays need not be looked for. */
static bool read_verdicts(struct query *query, struct history *history, struct err *err)
{
    size_t limit = history->limit;
    int64_t since = history->since;

    if (limit > 0 && history->list.count >= limit && history->list.items[limit - 1].at > since)
        since = history->list.items[limit - 1].at;
    return reading_verdict_changes(query, history->asset, since, limit == 0 ? 0 : limit + 1, &history->verdicts, err);
}

/* Each in its own order, whatever clocks said; of the two that are next the later one comes first, and of those of the
 * same moment the verdict, which came of the other. */
static void merge(struct history *history)
{
    reading_change_vec both = VEC_EMPTY;
    size_t verdict = 0;

    vec_each (change, &history->list) {
        for (; verdict < history->verdicts.count && history->verdicts.items[verdict].at >= change->at; verdict++)
            vec_push(&both, history->verdicts.items[verdict]);
        vec_push(&both, *change);
    }
    for (; verdict < history->verdicts.count; verdict++)
        vec_push(&both, history->verdicts.items[verdict]);
    vec_finish(&history->list);
    vec_finish(&history->verdicts);
    history->list = both;
}

static bool read_history(struct query *query, void *context, struct err *err)
{
    struct history *history = context;
    bool good = read_rows(query, history, err) && read_verdicts(query, history, err);

    merge(history);
    if (history->limit > 0 && history->list.count > history->limit) {
        history->list.count = history->limit;
        history->changes->more = true;
    }
    vec_each (change, &history->list)
        good = good && (change->words != NULL || reading_words(query, change->detail, &change->words, err));
    READING_KEEP(query, &history->list, history->changes->list, history->changes->count);
    return good;
}

bool query_history(struct query *query, int64_t asset, int64_t since, size_t limit, struct arena *arena,
                   struct query_changes *changes, struct err *err)
{
    struct history history = { .asset = asset, .since = since, .limit = limit, .changes = changes };

    *changes = (struct query_changes){ 0 };
    return reading_run(query, arena, read_history, &history, err);
}
