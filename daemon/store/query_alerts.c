#include "query_alerts.h"

#include "reading.h"
#include "vec.h"

struct list {
    const char *state;
    size_t limit;
    struct query_alerts *alerts;
    vec(struct query_alert) found;
    vec(struct query_hook) hooks;
};

static void read_alert(struct query *query, struct sql_query *rows, struct query_alert *alert)
{
    *alert = (struct query_alert){
        .id = sql_int(rows, 0),
        .key = reading_text(query, rows, 1),
        .hook = reading_text(query, rows, 2),
        .what = reading_text(query, rows, 3),
        .need = reading_text(query, rows, 4),
        .title = reading_text(query, rows, 5),
        .state = reading_text(query, rows, 6),
        .count = sql_int(rows, 7),
        .tries = sql_int(rows, 8),
        .made_at = sql_int(rows, 9),
        .first_try_at = sql_int(rows, 10),
        .tried_at = sql_int(rows, 11),
        .ended_at = sql_int(rows, 12),
        .message = reading_text(query, rows, 13),
    };
}

static bool read_list(struct query *query, struct list *list, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT id, key, hook, what, need, title, state, count, tries, made_at, first_try_at, tried_at, ended_at,"
              " message FROM alert WHERE ?1 IS NULL OR state = ?1 ORDER BY id DESC LIMIT ?2");
    sql_bind_text(&rows, 1, list->state);
    sql_bind_int(&rows, 2, list->limit == 0 ? -1 : (int64_t)list->limit + 1);
    while (sql_row(&rows)) {
        struct query_alert alert;

        read_alert(query, &rows, &alert);
        vec_push(&list->found, alert);
    }
    if (list->limit > 0 && list->found.count > list->limit) {
        list->found.count = list->limit;
        list->alerts->more = true;
    }
    return sql_done(&rows, err);
}

static bool read_hooks(struct query *query, struct list *list, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT h.name, h.failed_at, h.retry_at, h.message,"
              " (SELECT count(*) FROM pending p WHERE p.hook = h.name), coalesce(sum(a.state = 'waiting'), 0),"
              " coalesce(sum(a.state = 'dead'), 0) FROM hook h LEFT JOIN alert a ON a.hook = h.name"
              " AND a.state <> 'delivered' GROUP BY h.name ORDER BY h.name");
    while (sql_row(&rows)) {
        const struct query_hook hook = {
            .name = reading_text(query, &rows, 0),
            .failed_at = sql_int(&rows, 1),
            .retry_at = sql_int(&rows, 2),
            .message = reading_text(query, &rows, 3),
            .pending = sql_int(&rows, 4),
            .waiting = sql_int(&rows, 5),
            .dead = sql_int(&rows, 6),
        };

        vec_push(&list->hooks, hook);
    }
    return sql_done(&rows, err);
}

static bool read_all(struct query *query, void *context, struct err *err)
{
    struct list *list = context;
    bool good = read_list(query, list, err) && read_hooks(query, list, err);

    READING_KEEP(query, &list->found, list->alerts->list, list->alerts->count);
    READING_KEEP(query, &list->hooks, list->alerts->hooks, list->alerts->hook_count);
    return good;
}

bool query_alerts(struct query *query, const char *state, size_t limit, struct arena *arena,
                  struct query_alerts *alerts, struct err *err)
{
    struct list list = { .state = state, .limit = limit, .alerts = alerts };

    *alerts = (struct query_alerts){ 0 };
    return reading_run(query, arena, read_all, &list, err);
}
