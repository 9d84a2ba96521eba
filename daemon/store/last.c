#include "last.h"

#include "sql.h"
#include "store_inside.h"

static const char *text(struct sql_query *query, int column, struct arena *arena)
{
    const char *value = sql_text(query, column);

    return arena_text(arena, value == NULL ? "" : value);
}

bool last_load(struct store *store, int64_t target, struct arena *arena, struct last *last, struct err *err)
{
    struct sql_query query;

    *last = (struct last){ .result = "never", .message = "" };
    sql_query(&query, store_sql(store),
              "SELECT result, message, started_at, ended_at, held_count,"
              " (SELECT count(*) FROM sighting WHERE target = ?1 AND missed_at IS NULL) FROM target WHERE id = ?1");
    sql_bind_int(&query, 1, target);
    if (sql_row(&query)) {
        last->result = text(&query, 0, arena);
        last->message = text(&query, 1, arena);
        last->started_at = sql_int(&query, 2);
        last->ended_at = sql_int(&query, 3);
        last->held = sql_int(&query, 4);
        last->items = sql_int(&query, 5);
    }
    return sql_done(&query, err);
}
