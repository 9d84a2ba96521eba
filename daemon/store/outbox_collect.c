/* From events to what waits for each hook. */
#include "event_row.h"
#include "outbox_parts.h"
#include "sql.h"

#include <string.h>

/* ------------------------------------------------------------------------------------------------------- hooks ---- */

#define NOT_ASKED (-1) /* cursor of the history for a hook that does not ask for it */

static bool asks_history(const struct hook *hook)
{
    return hook_hears(hook, EVENT_ASSET_APPEARED) || hook_hears(hook, EVENT_ASSET_MOVED) ||
           hook_hears(hook, EVENT_ASSET_GONE);
}

static bool forget_hook(struct sql *sql, const char *hook, struct err *err)
{
    static const char *const parts[] = {
        "DELETE FROM pending WHERE hook = ?1",
        "DELETE FROM told WHERE hook = ?1",
        "DELETE FROM hook WHERE name = ?1",
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct sql_query query;

        sql_query(&query, sql, parts[i]);
        sql_bind_text(&query, 1, hook);
        if (!sql_done(&query, err))
            return false;
    }
    return true;
}

static bool remove_hook(struct sql *sql, const char *hook, int64_t now, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE alert SET state = 'dead', ended_at = ?2, message = 'its hook is not configured any more'"
              " WHERE hook = ?1 AND state = 'waiting'");
    sql_bind_text(&query, 1, hook);
    sql_bind_int(&query, 2, now);
    return sql_done(&query, err) && forget_hook(sql, hook, err);
}

/* What is new begins at the end: what was before is no news. */
static bool add_hook(struct sql *sql, const struct hook *hook, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "INSERT INTO hook (name, cursor, history_cursor) VALUES"
              " (?1, (SELECT coalesce(max(id), 0) FROM event), ?2)");
    sql_bind_text(&query, 1, hook->name);
    sql_bind_int(&query, 2, NOT_ASKED);
    return sql_done(&query, err);
}

typedef vec(const char *) name_vec;

static bool list_hooks(struct sql *sql, struct arena *arena, name_vec *names, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "SELECT name FROM hook");
    while (sql_row(&query))
        vec_push(names, arena_text(arena, sql_text(&query, 0)));
    return sql_done(&query, err);
}

static bool has_name(const name_vec *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0)
            return true;
    }
    return false;
}

bool outbox_collect_hooks(struct sql *sql, const struct outbox_setting *setting, struct err *err)
{
    const struct hooks *hooks = setting->hooks;
    name_vec names = VEC_EMPTY;
    struct arena arena;
    bool good;

    arena_init(&arena, ARENA_PLAIN);
    good = list_hooks(sql, &arena, &names, err);
    for (size_t i = 0; good && i < names.count; i++) {
        if (hooks_find(hooks, names.items[i]) == NULL)
            good = remove_hook(sql, names.items[i], setting->now, err);
    }
    for (size_t i = 0; good && i < hooks->count; i++) {
        if (!has_name(&names, hooks->list[i].name))
            good = add_hook(sql, &hooks->list[i], err);
    }
    vec_finish(&names);
    arena_finish(&arena);
    return good;
}

/* ----------------------------------------------------------------------------------------------------- filters ---- */

/* Who hears of a thing's beginning or of its end keeps count of both. */
static bool hears_course(const struct hook *hook, enum event_what what)
{
    const struct event_course course = event_course(what);

    return hook_hears(hook, course.begins) || hook_hears(hook, course.changes) ||
           (course.ends != 0 && hook_hears(hook, course.ends));
}

static bool was_told(struct outbox_turn *turn, const char *subject, bool *told, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql, "SELECT 1 FROM told WHERE hook = ?1 AND subject = ?2");
    sql_bind_text(&query, 1, turn->hook->name);
    sql_bind_text(&query, 2, subject);
    *told = sql_row(&query);
    return sql_done(&query, err);
}

/* ----------------------------------------------------------------------------------------------------- pending ---- */

/* Never later than from now: the clock may have been set back. */
static int64_t due_at(const struct outbox_turn *turn, const struct outbox_news *news)
{
    const struct hook *hook = turn->hook;
    bool ends = strcmp(news->state, EVENT_STATE_ONCE) != 0;
    int64_t wait = ends && hook->grace_ms > hook->window_ms ? hook->grace_ms : hook->window_ms;

    return (news->at < turn->setting->now ? news->at : turn->setting->now) + wait;
}

static bool put(struct outbox_turn *turn, const struct outbox_news *news, const struct outbox_matter *matter,
                struct err *err)
{
    const char *bundle = outbox_bundle_of(turn, news, matter, err);
    struct sql_query query;

    if (bundle == NULL)
        return false;
    sql_query(&query, turn->sql,
              "INSERT INTO pending (hook, bundle, event, due_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");
    sql_bind_text(&query, 1, turn->hook->name);
    sql_bind_text(&query, 2, bundle);
    sql_bind_int(&query, 3, news->id);
    if (matter->window == NULL)
        sql_bind_int(&query, 4, due_at(turn, news));
    return sql_done(&query, err);
}

static bool take(struct outbox_turn *turn, const struct outbox_news *news, struct err *err)
{
    struct outbox_matter matter;
    bool wanted;

    if (news->what == 0 || !hears_course(turn->hook, news->what))
        return true;
    if (!outbox_matter_read(turn, news, &matter, err))
        return false;
    wanted = hook_minds(turn->hook, &matter.subject);
    if (!wanted && !was_told(turn, news->subject, &wanted, err))
        return false;
    return !wanted || put(turn, news, &matter, err);
}

static bool take_all(struct outbox_turn *turn, const outbox_news_vec *news, struct err *err)
{
    for (size_t i = 0; i < news->count; i++) {
        if (!take(turn, &news->items[i], err))
            return false;
    }
    return true;
}

/* ----------------------------------------------------------------------------------------------------- cursors ---- */

struct cursors {
    int64_t event, history;
};

static bool read_cursors(struct outbox_turn *turn, struct cursors *cursors, struct err *err)
{
    struct sql_query query;

    *cursors = (struct cursors){ .history = NOT_ASKED };
    sql_query(&query, turn->sql, "SELECT cursor, history_cursor FROM hook WHERE name = ?1");
    sql_bind_text(&query, 1, turn->hook->name);
    if (sql_row(&query))
        *cursors = (struct cursors){ sql_int(&query, 0), sql_int(&query, 1) };
    return sql_done(&query, err);
}

static bool write_cursors(struct outbox_turn *turn, const struct cursors *cursors, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql,
              "UPDATE hook SET cursor = ?2, history_cursor = ?3 WHERE name = ?1"
              " AND (cursor <> ?2 OR history_cursor <> ?3)");
    sql_bind_text(&query, 1, turn->hook->name);
    sql_bind_int(&query, 2, cursors->event);
    sql_bind_int(&query, 3, cursors->history);
    return sql_done(&query, err);
}

static bool collect_events(struct outbox_turn *turn, struct cursors *cursors, struct err *err)
{
    outbox_news_vec news = VEC_EMPTY;
    bool good = outbox_news_after(turn, &cursors->event, &news, err) && take_all(turn, &news, err);

    vec_finish(&news);
    return good;
}

/* A hook that begins to ask begins at the end. */
static bool collect_history(struct outbox_turn *turn, struct cursors *cursors, struct err *err)
{
    outbox_news_vec news = VEC_EMPTY;
    bool good;

    if (!asks_history(turn->hook)) {
        cursors->history = NOT_ASKED;
        return true;
    }
    if (cursors->history == NOT_ASKED)
        return sql_number(turn->sql, "SELECT coalesce(max(id), 0) FROM history", &cursors->history, err);
    good = outbox_news_after_history(turn, &cursors->history, &news, err) && take_all(turn, &news, err);
    vec_finish(&news);
    return good;
}

bool outbox_collect(struct outbox_turn *turn, struct err *err)
{
    struct cursors cursors;

    return read_cursors(turn, &cursors, err) && collect_events(turn, &cursors, err) &&
           collect_history(turn, &cursors, err) && write_cursors(turn, &cursors, err);
}
