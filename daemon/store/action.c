#include "action.h"

#include "sql.h"
#include "store.h"

bool action_write(struct sql *sql, const struct action *action, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "INSERT INTO action (at, uid, name, what, subject, before, after, result, message)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    sql_bind_int(&query, 1, action->at);
    if (action->by.uid == ACTION_SYSTEM)
        sql_bind_null(&query, 2);
    else
        sql_bind_int(&query, 2, action->by.uid);
    sql_bind_text(&query, 3, action->by.name);
    sql_bind_text(&query, 4, action->what);
    sql_bind_text(&query, 5, action->subject);
    sql_bind_text(&query, 6, action->before);
    sql_bind_text(&query, 7, action->after);
    sql_bind_text(&query, 8, action->result);
    sql_bind_text(&query, 9, action->message);
    return sql_done(&query, err) || err_add(err, "the action log");
}

static bool write_in(struct sql *sql, void *context, struct err *err)
{
    const struct action *const *action = context;

    return action_write(sql, *action, err);
}

bool action_log(struct store *store, const struct action *action, struct err *err)
{
    return store_transaction(store, write_in, &action, err);
}
