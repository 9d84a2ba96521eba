#include "history.h"

#include "sql.h"

static bool add_row(struct sql *sql, const struct history_row *row, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "INSERT INTO history (journal, at, asset, item, previous, what, detail)"
              " SELECT ?1, ?2, coalesce(nullif(?3, 0), asset), id, last_history, ?5, ?6 FROM item"
              " WHERE id = ?4 AND (?3 <> 0 OR asset IS NOT NULL)");
    sql_bind_int(&query, 1, row->journal);
    sql_bind_int(&query, 2, row->at);
    sql_bind_int(&query, 3, row->asset);
    sql_bind_int(&query, 4, row->item);
    sql_bind_text(&query, 5, row->what);
    sql_bind_text(&query, 6, row->detail);
    return sql_done(&query, err);
}

bool history_write(struct sql *sql, const struct history_row *row, struct err *err)
{
    struct sql_query query;

    if (!add_row(sql, row, err))
        return false;
    if (sqlite3_changes(sql->handle) == 0)
        return true;
    sql_query(&query, sql, "UPDATE item SET last_history = ?2 WHERE id = ?1");
    sql_bind_int(&query, 1, row->item);
    sql_bind_int(&query, 2, sqlite3_last_insert_rowid(sql->handle));
    return sql_done(&query, err);
}
