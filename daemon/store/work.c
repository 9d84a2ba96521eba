#include "work.h"

#include "change.h"

#include <string.h>

void work_init(struct work *work, struct sql *sql, struct commit_result *result, int64_t at)
{
    *work = (struct work){ .sql = sql, .result = result, .at = at };
    *result = (struct commit_result){ 0 };
    arena_init(&work->arena, ARENA_PLAIN);
}

void work_finish(struct work *work)
{
    arena_finish(&work->arena);
    vec_finish(&work->changes);
    vec_finish(&work->touched);
}

static uint64_t *counter(struct commit_result *result, enum change_what what)
{
    switch (what) {
    case CHANGE_APPEARED:
    case CHANGE_RETURNED: return &result->appeared;
    case CHANGE_CHANGED: return &result->changed;
    case CHANGE_MOVED: return &result->moved;
    case CHANGE_GONE: break;
    }
    return &result->gone;
}

void work_note(struct work *work, const struct change *change)
{
    vec_push(&work->changes, *change);
    ++*counter(work->result, change->what);
}

void work_touch(struct work *work, const struct assets_item *touched)
{
    work->concerned |= assets_item_concerns(touched);
    if (assets_item_concerns(touched) || touched->telling)
        vec_push(&work->touched, *touched);
}

static bool add_journal(struct work *work, const struct work_journal *journal, struct err *err)
{
    const struct commit_result *result = work->result;
    const uint64_t counts[] = {
        journal->items,    result->appeared, result->changed,  result->moved,   result->gone,     result->held,
        journal->warnings, journal->bytes,   journal->wall_ms, journal->cpu_us, journal->peak_kb,
    };
    struct sql_query query;

    sql_query(
        &query, work->sql,
        "INSERT INTO journal (kind, target, started_at, ended_at, result, message, items, appeared, changed, moved,"
        " gone, held, warnings, bytes, wall_ms, cpu_us, peak_kb)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)");
    sql_bind_text(&query, 1, journal->kind);
    sql_bind_int(&query, 2, work->target.id);
    sql_bind_int(&query, 3, journal->started_at);
    sql_bind_int(&query, 4, journal->ended_at);
    sql_bind_text(&query, 5, journal->result);
    sql_bind_text(&query, 6, journal->message);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        sql_bind_int(&query, (int)i + 7, (int64_t)counts[i]);
    if (!sql_done(&query, err))
        return false;
    work->result->journal = sqlite3_last_insert_rowid(work->sql->handle);
    return true;
}

static bool is_news(const struct work *work, const struct work_journal *journal)
{
    return work->changes.count > 0 || work->concerned || work->held_differs || work->lost ||
           strcmp(journal->result, work->target.result) != 0 || strcmp(journal->message, work->target.message) != 0;
}

bool work_write(struct work *work, const struct work_journal *journal, const struct identity_rules *rules,
                struct err *err)
{
    if (!is_news(work, journal))
        return true;
    if (!add_journal(work, journal, err))
        return false;
    if (work->concerned && !assets_update(work->sql, work->result->journal, work->at, work->touched.items,
                                          work->touched.count, rules, err))
        return false;
    return change_write(work, err);
}
