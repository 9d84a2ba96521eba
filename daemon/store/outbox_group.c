/* From bundles that are due to one alert: what of each subject is worth telling, and what the hook knows from then on.
 */
#include "event_row.h"
#include "outbox_parts.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

/* What the hook knows of a subject from then on; "": nothing. */
struct telling {
    const char *subject, *state;
};

struct making {
    struct outbox_turn *turn;
    const struct outbox_group *group;
    outbox_news_vec news;
    struct map newest; /* subject -> struct outbox_news */
    outbox_entry_vec entries;
    vec(struct telling) tellings;
};

/* --------------------------------------------------------------------------------------------------- gathering ---- */

static int by_number(const void *a, const void *b)
{
    const struct outbox_news *one = a, *other = b;
    int64_t first = one->id < 0 ? -one->id : one->id, second = other->id < 0 ? -other->id : other->id;

    return (first > second) - (first < second);
}

static bool gather(struct making *making, struct err *err)
{
    for (size_t i = 0; i < making->group->count; i++) {
        if (!outbox_news_waiting(making->turn, making->group->bundles[i], &making->news, err))
            return false;
    }
    if (making->news.count > 0)
        qsort(making->news.items, making->news.count, sizeof *making->news.items, by_number);
    return true;
}

/* What has no end is told each time it came. */
static const char *identity(struct making *making, const struct outbox_news *news)
{
    if (strcmp(news->state, EVENT_STATE_ONCE) != 0 || news->id < 0)
        return news->subject;
    return arena_format(&making->turn->arena, "%s %lld", news->subject, (long long)news->id);
}

static void find_newest(struct making *making)
{
    vec_each (news, &making->news)
        map_put(&making->newest, identity(making, news), news);
}

static bool is_newest(struct making *making, const struct outbox_news *news)
{
    return map_get(&making->newest, identity(making, news)) == news;
}

/* ------------------------------------------------------------------------------------------------ what to tell ---- */

static bool read_heard(struct making *making, const char *subject, const char **heard, struct err *err)
{
    struct outbox_turn *turn = making->turn;
    struct sql_query query;

    *heard = NULL;
    sql_query(&query, turn->sql, "SELECT state FROM told WHERE hook = ?1 AND subject = ?2");
    sql_bind_text(&query, 1, turn->hook->name);
    sql_bind_text(&query, 2, subject);
    if (sql_row(&query))
        *heard = arena_text(&turn->arena, sql_text(&query, 0));
    return sql_done(&query, err);
}

static void note_told(struct making *making, const struct outbox_entry *entry)
{
    vec_push(&making->tellings, (struct telling){ entry->news->subject, entry->matter.state });
}

static void add_entry(struct making *making, struct outbox_entry *entry, enum event_what what)
{
    entry->what = what;
    if (what != 0 && hook_hears(making->turn->hook, what))
        vec_push(&making->entries, *entry);
}

static void tell_once(struct making *making, struct outbox_entry *entry)
{
    if (hook_minds(making->turn->hook, &entry->matter.subject))
        add_entry(making, entry, entry->news->what);
}

/* Only to a hook that knows of it. Of a finding that was forgotten there is nothing to say. */
static void tell_end(struct making *making, struct outbox_entry *entry)
{
    if (entry->heard == NULL)
        return;
    if (!event_is_finding(entry->news->what) || entry->matter.kind != NULL)
        add_entry(making, entry, event_course(entry->news->what).ends);
    note_told(making, entry);
}

/* What knows of it hears on, whatever its filters say of it now. One that does not want the word but the thing keeps
 * count all the same: it may want to hear of the end. */
static void tell_state(struct making *making, struct outbox_entry *entry)
{
    const struct outbox_matter *matter = &entry->matter;
    const struct event_course course = event_course(entry->news->what);

    if (matter->exempt || (entry->heard != NULL && strcmp(entry->heard, matter->state) == 0))
        return;
    if (entry->heard == NULL && !hook_minds(making->turn->hook, &matter->subject))
        return;
    if (entry->heard != NULL && entry->heard[0] == '\0')
        entry->heard = NULL; /* it is to be told anew */
    add_entry(making, entry, entry->heard == NULL ? course.begins : course.changes);
    note_told(making, entry);
}

static bool tell(struct making *making, struct outbox_entry *entry, struct err *err)
{
    if (strcmp(entry->matter.state, EVENT_STATE_ONCE) == 0) {
        tell_once(making, entry);
        return true;
    }
    if (!read_heard(making, entry->news->subject, &entry->heard, err))
        return false;
    if (entry->matter.state[0] == '\0')
        tell_end(making, entry);
    else
        tell_state(making, entry);
    return true;
}

/* Its targets are in maintenance meanwhile: it waits with all else that does. */
static bool hold(struct making *making, const struct outbox_entry *entry, struct err *err)
{
    struct outbox_turn *turn = making->turn;
    const char *bundle = arena_format(&turn->arena, OUTBOX_MAINTENANCE "%s", entry->matter.window);

    vec_each (news, &making->news) {
        struct sql_query query;

        if (strcmp(news->subject, entry->news->subject) != 0)
            continue;
        sql_query(&query, turn->sql,
                  "UPDATE OR REPLACE pending SET bundle = ?4, due_at = NULL"
                  " WHERE hook = ?1 AND bundle = ?2 AND event = ?3");
        sql_bind_text(&query, 1, turn->hook->name);
        sql_bind_text(&query, 2, news->bundle);
        sql_bind_int(&query, 3, news->id);
        sql_bind_text(&query, 4, bundle);
        if (!sql_done(&query, err))
            return false;
    }
    return true;
}

static bool consider(struct making *making, const struct outbox_news *news, struct err *err)
{
    struct outbox_entry entry = { .news = news };

    if (!is_newest(making, news))
        return true;
    if (!outbox_matter_read(making->turn, news, &entry.matter, err))
        return false;
    return entry.matter.window != NULL ? hold(making, &entry, err) : tell(making, &entry, err);
}

static bool consider_all(struct making *making, struct err *err)
{
    vec_each (news, &making->news) {
        if (!consider(making, news, err))
            return false;
    }
    return true;
}

/* ----------------------------------------------------------------------------------------------------- writing ---- */

static bool make_key(struct outbox_turn *turn, const char **key, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql, "SELECT lower(hex(randomblob(16)))");
    *key = sql_row(&query) ? arena_text(&turn->arena, sql_text(&query, 0)) : "";
    return sql_done(&query, err);
}

static bool read_faces(struct making *making, struct outbox_payload *payload, struct err *err)
{
    size_t shown = making->entries.count < OUTBOX_MAX_FINDINGS ? making->entries.count : OUTBOX_MAX_FINDINGS;
    struct outbox_face *faces = arena_alloc(&making->turn->arena, shown * sizeof *faces);

    for (size_t i = 0; i < shown; i++) {
        if (!outbox_face_read(making->turn, &making->entries.items[i], &faces[i], err))
            return false;
    }
    payload->faces = faces;
    payload->shown = shown;
    return true;
}

static bool insert(struct making *making, const struct outbox_payload *payload, const char *text, struct err *err)
{
    const struct outbox_face *lead = &payload->faces[0];
    struct sql_query query;

    sql_query(&query, making->turn->sql,
              "INSERT INTO alert (key, hook, what, need, title, count, payload, state, made_at)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting', ?8)");
    sql_bind_text(&query, 1, payload->key);
    sql_bind_text(&query, 2, payload->hook);
    sql_bind_text(&query, 3, event_word(lead->what));
    sql_bind_text(&query, 4, need_word(lead->need));
    sql_bind_text(&query, 5, payload->title);
    sql_bind_int(&query, 6, (int64_t)payload->count);
    sql_bind_text(&query, 7, text);
    sql_bind_int(&query, 8, payload->at);
    return sql_done(&query, err);
}

/* *alert: its number; 0 where there is nothing to tell. */
static bool write_alert(struct making *making, int64_t *alert, struct err *err)
{
    struct outbox_turn *turn = making->turn;
    struct outbox_payload payload = { .hook = turn->hook->name,
                                      .at = turn->setting->now,
                                      .count = making->entries.count };
    char *text;
    bool good;

    *alert = 0;
    if (payload.count == 0)
        return true;
    outbox_entries_sort(&making->entries);
    payload.title = outbox_title(turn, making->group, &making->entries, err);
    if (payload.title == NULL || !make_key(turn, &payload.key, err) || !read_faces(making, &payload, err))
        return false;
    text = outbox_payload_write(&payload);
    good = insert(making, &payload, text, err);
    *alert = good ? sqlite3_last_insert_rowid(turn->sql->handle) : 0;
    free(text);
    return good;
}

static bool forget_told(struct making *making, const struct telling *telling, struct err *err)
{
    struct sql_query query;

    sql_query(&query, making->turn->sql, "DELETE FROM told WHERE hook = ?1 AND subject = ?2");
    sql_bind_text(&query, 1, making->turn->hook->name);
    sql_bind_text(&query, 2, telling->subject);
    return sql_done(&query, err);
}

static bool write_told(struct making *making, const struct telling *telling, int64_t alert, struct err *err)
{
    struct sql_query query;

    sql_query(&query, making->turn->sql,
              "INSERT INTO told (hook, subject, state, alert) VALUES (?1, ?2, ?3, ?4)"
              " ON CONFLICT (hook, subject) DO UPDATE SET state = excluded.state, alert = excluded.alert");
    sql_bind_text(&query, 1, making->turn->hook->name);
    sql_bind_text(&query, 2, telling->subject);
    sql_bind_text(&query, 3, telling->state);
    sql_bind_int(&query, 4, alert);
    return sql_done(&query, err);
}

static bool write_tellings(struct making *making, int64_t alert, struct err *err)
{
    vec_each (telling, &making->tellings) {
        if (telling->state[0] == '\0' ? !forget_told(making, telling, err) : !write_told(making, telling, alert, err))
            return false;
    }
    return true;
}

static bool end_bundles(struct making *making, struct err *err)
{
    for (size_t i = 0; i < making->group->count; i++) {
        struct sql_query query;

        sql_query(&query, making->turn->sql, "DELETE FROM pending WHERE hook = ?1 AND bundle = ?2");
        sql_bind_text(&query, 1, making->turn->hook->name);
        sql_bind_text(&query, 2, making->group->bundles[i]);
        if (!sql_done(&query, err))
            return false;
    }
    return true;
}

static void finish(struct making *making)
{
    vec_finish(&making->news);
    map_finish(&making->newest);
    vec_finish(&making->entries);
    vec_finish(&making->tellings);
}

bool outbox_group_freeze(struct outbox_turn *turn, const struct outbox_group *group, bool *made, struct err *err)
{
    struct making making = { .turn = turn, .group = group };
    int64_t alert = 0;
    bool good = gather(&making, err);

    find_newest(&making);
    good = good && consider_all(&making, err) && write_alert(&making, &alert, err) &&
           write_tellings(&making, alert, err) && end_bundles(&making, err);
    *made = alert != 0;
    finish(&making);
    return good;
}
