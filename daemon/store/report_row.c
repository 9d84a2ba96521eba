#include "report_row.h"

#include "event_row.h"
#include "json.h"
#include "sql.h"
#include "store.h"
#include "str.h"

/* ------------------------------------------------------------------------------------------------------ knowing ----
 */

struct knowing {
    struct report_row *rows;
    size_t count;
    int64_t now;
};

static bool forget_others(struct sql *sql, const struct knowing *self, struct err *err)
{
    struct str names = STR_EMPTY;
    struct sql_query query;
    bool good;

    str_add(&names, "[");
    for (size_t i = 0; i < self->count; i++) {
        str_add(&names, i == 0 ? "" : ",");
        json_add_text(&names, self->rows[i].name);
    }
    str_add(&names, "]");
    sql_query(&query, sql, "DELETE FROM report WHERE name NOT IN (SELECT value FROM json_each(?1))");
    sql_bind_text(&query, 1, str_text(&names));
    good = sql_done(&query, err);
    str_finish(&names);
    return good;
}

static bool know(struct sql *sql, struct report_row *row, int64_t now, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "INSERT INTO report (name, known_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
    sql_bind_text(&query, 1, row->name);
    sql_bind_int(&query, 2, now);
    if (!sql_done(&query, err))
        return false;
    sql_query(&query, sql, "SELECT known_at, made_at FROM report WHERE name = ?1");
    sql_bind_text(&query, 1, row->name);
    if (sql_row(&query)) {
        row->known_at = sql_int(&query, 0);
        row->made_at = sql_int(&query, 1);
    }
    return sql_done(&query, err);
}

static bool know_all(struct sql *sql, void *context, struct err *err)
{
    const struct knowing *self = context;

    if (!forget_others(sql, self, err))
        return false;
    for (size_t i = 0; i < self->count; i++) {
        if (!know(sql, &self->rows[i], self->now, err))
            return false;
    }
    return true;
}

bool report_row_know(struct store *store, struct report_row *rows, size_t count, int64_t now, struct err *err)
{
    struct knowing self = { rows, count, now };

    return store_transaction(store, know_all, &self, err) || err_add(err, "the times of the reports");
}

/* ----------------------------------------------------------------------------------------------------- settling ----
 */

struct settling {
    const struct report_outcome *outcome;
    int64_t now;
};

static bool tell(struct sql *sql, const struct settling *self, size_t index, struct err *err)
{
    const struct report_outcome *outcome = self->outcome;
    struct str subject = STR_EMPTY, detail = STR_EMPTY;
    bool good;

    str_format(&subject, "report %s.%s", outcome->name, outcome->formats[index]);
    str_add(&detail, "{\"file\":");
    json_add_text(&detail, outcome->files[index]);
    str_add(&detail, ",\"report\":");
    json_add_text(&detail, outcome->name);
    str_add(&detail, ",\"format\":");
    json_add_text(&detail, outcome->formats[index]);
    str_add(&detail, "}");
    good = event_write(sql,
                       &(struct event_row){ .at = self->now,
                                            .what = EVENT_REPORT_READY,
                                            .subject = str_text(&subject),
                                            .state = EVENT_STATE_ONCE,
                                            .detail = str_text(&detail) },
                       err);
    str_finish(&subject);
    str_finish(&detail);
    return good;
}

static bool keep_files(struct sql *sql, const struct report_outcome *outcome, struct err *err)
{
    struct str files = STR_EMPTY;
    struct sql_query query;
    bool good;

    str_add(&files, "[");
    for (size_t i = 0; i < outcome->count; i++) {
        str_add(&files, i == 0 ? "" : ",");
        json_add_text(&files, outcome->files[i]);
    }
    str_add(&files, "]");
    sql_query(&query, sql,
              "UPDATE report SET made_at = ?2, files = ?3, failed_at = NULL, message = '' WHERE name = ?1");
    sql_bind_text(&query, 1, outcome->name);
    sql_bind_int(&query, 2, outcome->at);
    sql_bind_text(&query, 3, str_text(&files));
    good = sql_done(&query, err);
    str_finish(&files);
    return good;
}

static bool keep_failure(struct sql *sql, const struct report_outcome *outcome, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "UPDATE report SET failed_at = coalesce(failed_at, ?2), message = ?3 WHERE name = ?1");
    sql_bind_text(&query, 1, outcome->name);
    sql_bind_int(&query, 2, outcome->at);
    sql_bind_text(&query, 3, outcome->message);
    return sql_done(&query, err);
}

static bool settle(struct sql *sql, void *context, struct err *err)
{
    const struct settling *self = context;

    if (self->outcome->message != NULL)
        return keep_failure(sql, self->outcome, err);
    if (!keep_files(sql, self->outcome, err))
        return false;
    for (size_t i = 0; i < self->outcome->count; i++) {
        if (!tell(sql, self, i, err))
            return false;
    }
    return true;
}

bool report_row_settle(struct store *store, const struct report_outcome *outcome, int64_t now, struct err *err)
{
    struct settling self = { outcome, now };

    return store_transaction(store, settle, &self, err) || err_add(err, "what came of a report");
}
