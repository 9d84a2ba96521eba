/* The action log, newest first. */
#include "reading.h"
#include "vec.h"

struct log {
    int64_t since;
    size_t limit;
    struct query_actions *actions;
    vec(struct query_action) list;
};

static void read_action(struct query *query, struct sql_query *rows, struct query_action *action)
{
    *action = (struct query_action){
        .id = sql_int(rows, 0),
        .at = sql_int(rows, 1),
        .by_system = sql_is_null(rows, 2),
        .uid = sql_int(rows, 2),
    };
    action->name = reading_text(query, rows, 3);
    action->what = reading_text(query, rows, 4);
    action->subject = reading_text(query, rows, 5);
    action->before = reading_text(query, rows, 6);
    action->after = reading_text(query, rows, 7);
    action->result = reading_text(query, rows, 8);
    action->message = reading_text(query, rows, 9);
}

static bool read_log(struct query *query, void *context, struct err *err)
{
    struct log *log = context;
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT id, at, uid, name, what, subject, before, after, result, message FROM action WHERE at >= ?1"
              " ORDER BY id DESC LIMIT ?2");
    sql_bind_int(&rows, 1, log->since);
    sql_bind_int(&rows, 2, log->limit == 0 ? -1 : (int64_t)log->limit + 1);
    while (sql_row(&rows)) {
        struct query_action action;

        read_action(query, &rows, &action);
        vec_push(&log->list, action);
    }
    if (log->limit > 0 && log->list.count > log->limit) {
        log->list.count = log->limit;
        log->actions->more = true;
    }
    READING_KEEP(query, &log->list, log->actions->list, log->actions->count);
    return sql_done(&rows, err);
}

bool query_actions(struct query *query, int64_t since, size_t limit, struct arena *arena, struct query_actions *actions,
                   struct err *err)
{
    struct log log = { .since = since, .limit = limit, .actions = actions };

    *actions = (struct query_actions){ 0 };
    return reading_run(query, arena, read_log, &log, err);
}
