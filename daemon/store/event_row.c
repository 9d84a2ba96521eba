#include "event_row.h"

#include "sql.h"

bool event_write(struct sql *sql, const struct event_row *event, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "INSERT INTO event (at, what, subject, state, finding, asset, target, journal, batch, detail)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    sql_bind_int(&query, 1, event->at);
    sql_bind_text(&query, 2, event_word(event->what));
    sql_bind_text(&query, 3, event->subject);
    sql_bind_text(&query, 4, event->state == NULL ? "" : event->state);
    sql_bind_number(&query, 5, event->finding);
    sql_bind_number(&query, 6, event->asset);
    sql_bind_number(&query, 7, event->target);
    sql_bind_number(&query, 8, event->journal);
    sql_bind_text(&query, 9, event->batch == NULL ? "" : event->batch);
    sql_bind_text(&query, 10, event->detail == NULL ? "{}" : event->detail);
    return sql_done(&query, err) || err_add(err, "an event");
}
