#include "target_row.h"

#include <string.h>

static const char *text_of(struct work *work, struct sql_query *query, int column)
{
    const char *text = sql_text(query, column);

    return arena_text(&work->arena, text == NULL ? "" : text);
}

static void read_row(struct work *work, struct sql_query *query)
{
    struct target_row *row = &work->target;
    const void *hash;
    size_t size;

    row->name = text_of(work, query, 0);
    row->scope = sql_int(query, 1);
    row->result = text_of(work, query, 3);
    row->message = text_of(work, query, 4);
    row->ended_at = sql_int(query, 5);
    row->succeeded_at = sql_int(query, 6);
    row->completed_at = sql_int(query, 7);
    row->held_at = sql_int(query, 8);
    row->held_count = row->held_before = sql_int(query, 9);
    row->held_why = text_of(work, query, 10);
    row->failing_at = sql_int(query, 12);
    row->quarantined = sql_int(query, 13) != 0;
    hash = sql_bytes(query, 11, &size);
    row->has_warnings_hash = size == sizeof row->warnings_hash;
    if (row->has_warnings_hash)
        memcpy(&row->warnings_hash, hash, sizeof row->warnings_hash);
}

bool target_row_load(struct work *work, int64_t target, struct err *err)
{
    struct sql_query query;
    bool found, configured = false;

    work->target = (struct target_row){ .id = target };
    sql_query(&query, work->sql,
              "SELECT name, scope, configured, result, message, ended_at, succeeded_at, completed_at, held_at,"
              " held_count, held_why, warnings_hash, failing_at, quarantined FROM target WHERE id = ?1");
    sql_bind_int(&query, 1, target);
    found = sql_row(&query);
    if (found) {
        configured = sql_int(&query, 2) != 0;
        read_row(work, &query);
    }
    if (!sql_done(&query, err))
        return false;
    if (!found)
        return err_set(err, ERR_BUG, "the database has no target of the number %lld", (long long)target);
    return configured || err_set(err, ERR_CONFIG, "the target '%s' is not configured any more; its run is dropped",
                                 work->target.name);
}

bool target_row_name(struct work *work, int64_t target, const char **name, struct err *err)
{
    struct sql_query query;

    *name = "";
    sql_query(&query, work->sql, "SELECT name FROM target WHERE id = ?1");
    sql_bind_int(&query, 1, target);
    if (sql_row(&query))
        *name = arena_text(&work->arena, sql_text(&query, 0));
    return sql_done(&query, err);
}

const char *target_row_result(const struct commit *commit)
{
    static const char *const words[COMPLETENESS_COUNT] = {
        [COMPLETE] = "complete",
        [DELTA] = "delta",
        [PARTIAL] = "partial",
    };

    return commit->good ? words[commit->completeness] : err_class_word(commit->class);
}

const char *target_row_message(const struct commit *commit)
{
    return commit->class == ERR_NONE || commit->message == NULL ? "" : commit->message;
}

/* ------------------------------------------------------------------------------------------------------ saving ---- */

static void bind_held(struct sql_query *query, int position, const struct target_row *row)
{
    sql_bind_number(query, position, row->held_at);
    sql_bind_int(query, position + 1, row->held_count);
    sql_bind_text(query, position + 2, row->held_why);
}

bool target_row_save_held(struct work *work, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "UPDATE target SET held_at = ?2, held_count = ?3, held_why = ?4 WHERE id = ?1");
    sql_bind_int(&query, 1, work->target.id);
    bind_held(&query, 2, &work->target);
    return sql_done(&query, err);
}

static bool save_run(struct work *work, struct err *err)
{
    const struct commit *commit = work->commit;
    struct sql_query query;

    sql_query(&query, work->sql,
              "UPDATE target SET result = ?2, message = ?3, started_at = ?4, ended_at = ?5 WHERE id = ?1");
    sql_bind_int(&query, 1, work->target.id);
    sql_bind_text(&query, 2, target_row_result(commit));
    sql_bind_text(&query, 3, target_row_message(commit));
    sql_bind_int(&query, 4, commit->started_at);
    sql_bind_int(&query, 5, commit->ended_at);
    return sql_done(&query, err);
}

static bool save_good(struct work *work, struct err *err)
{
    const struct commit *commit = work->commit;
    const struct target_row *row = &work->target;
    struct sql_query query;

    sql_query(&query, work->sql,
              "UPDATE target SET succeeded_at = ?2, completed_at = ?3, warnings = ?4, warnings_hash = ?5, held_at = ?6,"
              " held_count = ?7, held_why = ?8 WHERE id = ?1");
    sql_bind_int(&query, 1, row->id);
    sql_bind_int(&query, 2, commit->started_at);
    sql_bind_number(&query, 3, commit->completeness == PARTIAL ? row->completed_at : commit->started_at);
    sql_bind_int(&query, 4, (int64_t)commit->warnings);
    if (row->has_warnings_hash)
        sql_bind_bytes(&query, 5, &row->warnings_hash, sizeof row->warnings_hash);
    bind_held(&query, 6, row);
    return sql_done(&query, err);
}

static bool save_schedule(struct work *work, struct err *err)
{
    const struct schedule_state *state = work->commit->state;
    struct sql_query query;

    if (state == NULL)
        return true;
    sql_query(&query, work->sql,
              "UPDATE target SET attempts = ?2, retry_at = ?3, deaths = ?4, quarantined = ?5, denied_alone = ?6"
              " WHERE id = ?1 AND (attempts, coalesce(retry_at, 0), deaths, quarantined, denied_alone)"
              " <> (?2, coalesce(?3, 0), ?4, ?5, ?6)");
    sql_bind_int(&query, 1, work->target.id);
    sql_bind_int(&query, 2, state->attempts);
    sql_bind_number(&query, 3, state->retry_at);
    sql_bind_int(&query, 4, state->deaths);
    sql_bind_int(&query, 5, state->quarantined);
    sql_bind_int(&query, 6, state->denied_alone);
    return sql_done(&query, err);
}

bool target_row_save(struct work *work, struct err *err)
{
    return save_run(work, err) && (!work->commit->good || save_good(work, err)) && save_schedule(work, err);
}
