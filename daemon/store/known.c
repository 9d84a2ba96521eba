#include "known.h"

#include "gist.h"
#include "json.h"
#include "str.h"
#include "text.h"
#include "utf8.h"

#include <string.h>

#define MAX_NAME 1024 /* bytes of an item's name; the fact itself is kept whole */

/* ----------------------------------------------------------------------------------------------------- reading ---- */

static bool read_facts(struct sql_query *query, struct item *item, struct err *err)
{
    const char *facts = sql_text(query, 2);
    char quote[TEXT_QUOTE_SIZE];

    return json_read_facts(facts, strlen(facts), item, err) ||
           err_add(err, "the database's facts of %s '%s'", item->kind, text_quote(quote, item->key));
}

static bool read_row(struct sql_query *query, struct known *known, struct arena *arena, struct err *err)
{
    struct item *item = &known->before.item;

    item_init(item, arena, arena_text(arena, sql_text(query, 0)), arena_text(arena, sql_text(query, 1)));
    known->lost = !sql_is_null(query, 3);
    known->lost_by = sql_int(query, 4);
    known->gone = !sql_is_null(query, 5);
    known->before.seen_at = sql_int(query, 6);
    return read_facts(query, item, err);
}

/* seen: by the target that saw it last; while none does, at least when it changed last. */
static bool load_row(struct work *work, struct known *known, struct arena *arena, struct err *err)
{
    struct sql_query query;
    bool found, good = true;

    sql_query(&query, work->sql,
              "SELECT kind, key, facts, lost_at, lost_by, gone_at, coalesce((SELECT max(coalesce(s.missed_at,"
              " t.succeeded_at)) FROM sighting s JOIN target t ON t.id = s.target WHERE s.item = item.id), changed_at)"
              " FROM item WHERE id = ?1");
    sql_bind_int(&query, 1, known->id);
    found = sql_row(&query);
    if (found)
        good = read_row(&query, known, arena, err);
    if (!sql_done(&query, good ? err : NULL))
        return false;
    return found ? good : err_set(err, ERR_SYSTEM, "the database has lost its item %lld", (long long)known->id);
}

/* In the order of item_sort, so that link_numbers stay beside their links. */
static bool load_links(struct work *work, struct known *known, struct arena *arena, struct err *err)
{
    struct item *item = &known->before.item;
    struct sql_query query;
    size_t count = 0;

    known->link_numbers = arena_alloc(arena, ITEM_MAX_LINKS * sizeof *known->link_numbers);
    sql_query(&query, work->sql,
              "SELECT number, relation, kind, key, attribute, value FROM link WHERE item = ?1"
              " ORDER BY relation, kind, key, attribute, value");
    sql_bind_int(&query, 1, known->id);
    while (sql_row(&query)) {
        const struct link link = {
            .relation = sql_text(&query, 1),
            .kind = sql_text(&query, 2),
            .key = sql_text(&query, 3),
            .attribute = sql_text(&query, 4),
            .value = sql_text(&query, 5),
        };

        if (!item_link(item, &link, NULL))
            continue;
        known->link_numbers[count++] = sql_int(&query, 0);
        if (sql_int(&query, 0) > known->last_number)
            known->last_number = sql_int(&query, 0);
    }
    return sql_done(&query, err);
}

static bool load_unread(struct work *work, struct known *known, struct arena *arena, struct err *err)
{
    struct item *item = &known->before.item;
    int64_t *read_at = arena_alloc(arena, ITEM_MAX_UNREAD * sizeof *read_at);
    struct sql_query query;

    sql_query(&query, work->sql, "SELECT prefix, why, read_at FROM unread WHERE item = ?1 ORDER BY prefix");
    sql_bind_int(&query, 1, known->id);
    while (sql_row(&query)) {
        if (item_unread(item, sql_text(&query, 0), sql_text(&query, 1), NULL))
            read_at[item->unread_count - 1] = sql_is_null(&query, 2) ? DELTA_NEVER : sql_int(&query, 2);
    }
    known->before.read_at = read_at;
    return sql_done(&query, err);
}

bool known_load(struct work *work, int64_t id, struct arena *arena, struct known *known, struct err *err)
{
    *known = (struct known){ .id = id };
    if (!load_row(work, known, arena, err) || !load_links(work, known, arena, err) ||
        !load_unread(work, known, arena, err))
        return false;
    item_sort(&known->before.item);
    return true;
}

bool known_find(struct work *work, const char *kind, const char *key, int64_t *id, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "SELECT id FROM item WHERE scope = ?1 AND kind = ?2 AND key = ?3");
    sql_bind_int(&query, 1, work->target.scope);
    sql_bind_text(&query, 2, kind);
    sql_bind_text(&query, 3, key);
    *id = sql_row(&query) ? sql_int(&query, 0) : 0;
    return sql_done(&query, err);
}

/* ----------------------------------------------------------------------------------------------------- writing ---- */

/* What people call it. */
static const char *name_of(const struct item *item, char buffer[MAX_NAME + 1])
{
    static const char more[] = "\u2026";
    static const char *const facts[] = { "id.name", "guest.fqdn", "id.fqdn" };
    const char *name = item->key;

    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const char *text = item_text(item, facts[i]);

        if (text != NULL && text[0] != '\0') {
            name = text;
            break;
        }
    }
    if (strlen(name) <= MAX_NAME)
        return name;
    memcpy(buffer, name, MAX_NAME - sizeof more + 1);
    buffer[MAX_NAME - sizeof more + 1] = '\0';
    utf8_trim(buffer);
    memcpy(buffer + strlen(buffer), more, sizeof more);
    return buffer;
}

static bool add_link(struct work *work, int64_t item, int64_t number, const struct link *link, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql,
              "INSERT INTO link (item, number, relation, kind, key, attribute, value)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    sql_bind_int(&query, 1, item);
    sql_bind_int(&query, 2, number);
    sql_bind_text(&query, 3, link->relation);
    sql_bind_text(&query, 4, link->kind);
    sql_bind_text(&query, 5, link->key);
    sql_bind_text(&query, 6, link->attribute);
    sql_bind_text(&query, 7, link->value);
    return sql_done(&query, err);
}

static bool drop_link(struct work *work, int64_t item, int64_t number, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "DELETE FROM link WHERE item = ?1 AND number = ?2");
    sql_bind_int(&query, 1, item);
    sql_bind_int(&query, 2, number);
    return sql_done(&query, err);
}

static bool add_unread(struct work *work, int64_t item, const struct unread *unread, int64_t read_at, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "INSERT INTO unread (item, prefix, why, read_at) VALUES (?1, ?2, ?3, ?4)");
    sql_bind_int(&query, 1, item);
    sql_bind_text(&query, 2, unread->prefix);
    sql_bind_text(&query, 3, unread->why);
    if (read_at == DELTA_NEVER)
        sql_bind_null(&query, 4);
    else
        sql_bind_int(&query, 4, read_at);
    return sql_done(&query, err);
}

static bool add_row(struct work *work, const struct item *item, int64_t *id, struct err *err)
{
    struct str facts = STR_EMPTY, gist = STR_EMPTY;
    char buffer[MAX_NAME + 1];
    struct sql_query query;
    bool good;

    json_add_facts(&facts, item);
    gist_write(&gist, item);
    sql_query(&query, work->sql,
              "INSERT INTO item (scope, kind, key, name, facts, appeared_at, changed_at, gist)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7) ON CONFLICT (scope, kind, key) DO NOTHING");
    sql_bind_int(&query, 1, work->target.scope);
    sql_bind_text(&query, 2, item->kind);
    sql_bind_text(&query, 3, item->key);
    sql_bind_text(&query, 4, name_of(item, buffer));
    sql_bind_text(&query, 5, str_text(&facts));
    sql_bind_int(&query, 6, work->at);
    sql_bind_bytes(&query, 7, gist.bytes, gist.length);
    good = sql_done(&query, err);
    str_finish(&facts);
    str_finish(&gist);
    *id = good && sqlite3_changes(work->sql->handle) > 0 ? sqlite3_last_insert_rowid(work->sql->handle) : 0;
    return good;
}

bool known_add(struct work *work, const struct item *item, int64_t *id, struct err *err)
{
    if (!add_row(work, item, id, err))
        return false;
    if (*id == 0)
        return true;
    for (size_t i = 0; i < item->link_count; i++) {
        if (!add_link(work, *id, (int64_t)i + 1, &item->links[i], err))
            return false;
    }
    for (size_t i = 0; i < item->unread_count; i++) {
        if (!add_unread(work, *id, &item->unread[i], DELTA_NEVER, err))
            return false;
    }
    return true;
}

static bool change_row(struct work *work, const struct known *known, const struct item *merged, const struct str *gist,
                       struct err *err)
{
    struct str facts = STR_EMPTY;
    char buffer[MAX_NAME + 1];
    struct sql_query query;
    bool good;

    json_add_facts(&facts, merged);
    sql_query(&query, work->sql, "UPDATE item SET name = ?2, facts = ?3, changed_at = ?4, gist = ?5 WHERE id = ?1");
    sql_bind_int(&query, 1, known->id);
    sql_bind_text(&query, 2, name_of(merged, buffer));
    sql_bind_text(&query, 3, str_text(&facts));
    sql_bind_int(&query, 4, work->at);
    sql_bind_bytes(&query, 5, gist->bytes, gist->length);
    good = sql_done(&query, err);
    str_finish(&facts);
    return good;
}

static bool change_gist(struct work *work, const struct known *known, const struct str *gist, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "UPDATE item SET gist = ?2 WHERE id = ?1");
    sql_bind_int(&query, 1, known->id);
    sql_bind_bytes(&query, 2, gist->bytes, gist->length);
    return sql_done(&query, err);
}

/* A link that stays keeps its row: a cluster that gains a node is not written anew. */
static bool change_links(struct work *work, const struct known *known, const struct delta *delta, struct err *err)
{
    const struct link *first = known->before.item.links;

    for (size_t i = 0; i < delta->removed_count; i++) {
        if (!drop_link(work, known->id, known->link_numbers[delta->removed[i].link - first], err))
            return false;
    }
    for (size_t i = 0; i < delta->added_count; i++) {
        if (!add_link(work, known->id, known->last_number + 1 + (int64_t)i, delta->added[i].link, err))
            return false;
    }
    return true;
}

static bool change_unread(struct work *work, const struct known *known, const struct delta *delta, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "DELETE FROM unread WHERE item = ?1");
    sql_bind_int(&query, 1, known->id);
    if (!sql_done(&query, err))
        return false;
    for (size_t i = 0; i < delta->merged.unread_count; i++) {
        if (!add_unread(work, known->id, &delta->merged.unread[i], delta->read_at[i], err))
            return false;
    }
    return true;
}

/* The row is written for its facts; where only what is unread differs, for its gist. */
static bool change_facts(struct work *work, const struct known *known, const struct delta *delta, bool *telling,
                         struct err *err)
{
    bool changed = delta->attribute_count + delta->added_count + delta->removed_count > 0, good = true;
    struct str before = STR_EMPTY, after = STR_EMPTY;

    gist_write(&before, &known->before.item);
    gist_write(&after, &delta->merged);
    *telling = before.length != after.length || memcmp(before.bytes, after.bytes, after.length) != 0;
    if (changed)
        good = change_row(work, known, &delta->merged, &after, err);
    else if (*telling)
        good = change_gist(work, known, &after, err);
    str_finish(&before);
    str_finish(&after);
    return good;
}

bool known_change(struct work *work, const struct known *known, const struct delta *delta, bool *telling,
                  struct err *err)
{
    *telling = false;
    if (delta->attribute_count + delta->added_count + delta->removed_count == 0 && !delta->unread_differs)
        return true;
    if (!change_facts(work, known, delta, telling, err))
        return false;
    *telling |= delta->added_count + delta->removed_count > 0;
    return change_links(work, known, delta, err) && (!delta->unread_differs || change_unread(work, known, delta, err));
}

bool known_wake(struct work *work, const struct known *known, struct err *err)
{
    struct sql_query query;

    if (!known->lost && !known->gone)
        return true;
    sql_query(&query, work->sql,
              "UPDATE item SET lost_at = NULL, lost_by = NULL, gone_at = NULL, gone_why = NULL WHERE id = ?1");
    sql_bind_int(&query, 1, known->id);
    return sql_done(&query, err);
}
