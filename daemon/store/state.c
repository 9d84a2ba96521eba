#include "state.h"

#include "arena.h"
#include "json.h"
#include "map.h"
#include "retirement.h"
#include "sql.h"
#include "store.h"
#include "str.h"
#include "work.h"

#include <string.h>

/* A target as the database has it. */
struct known {
    int64_t id, scope_number, every_ms, max_age_ms;
    const char *name, *plugin, *scope, *tags, *credential;
    bool configured, wanted, moved; /* moved: to another scope */
    struct schedule_state schedule;
};

struct apply {
    struct state_target *targets;
    size_t count;
    int64_t now;

    struct sql *sql;
    struct arena arena;
    vec(struct known) known;
    struct map known_names;       /* -> known */
    struct map names;             /* of the configuration -> state_target */
    struct map scopes;            /* of the configuration: the names that are used */
    struct retirement retirement; /* its journal is 0 until something differs */
    unsigned added, renamed, changed, retired, moved;
};

/* ----------------------------------------------------------------------------------------- what there is, is wanted
 */

static const char *copy(struct apply *apply, struct sql_query *query, int column)
{
    const char *text = sql_text(query, column);

    return text == NULL ? NULL : arena_text(&apply->arena, text);
}

static struct known read_known(struct apply *apply, struct sql_query *query)
{
    return (struct known){
        .id = sql_int(query, 0),
        .name = copy(apply, query, 1),
        .plugin = copy(apply, query, 2),
        .scope_number = sql_int(query, 3),
        .scope = copy(apply, query, 4),
        .tags = copy(apply, query, 5),
        .configured = sql_int(query, 6) != 0,
        .every_ms = sql_int(query, 7),
        .max_age_ms = sql_int(query, 8),
        .credential = copy(apply, query, 9),
        .schedule = {
            .attempts = (uint32_t)sql_int(query, 10),
            .deaths = (uint32_t)sql_int(query, 11),
            .quarantined = sql_int(query, 12) != 0,
            .denied_alone = sql_int(query, 13) != 0,
            .started_at = sql_int(query, 14),
            .retry_at = sql_int(query, 15),
        },
    };
}

static bool load_known(struct apply *apply, struct err *err)
{
    struct sql_query query;

    sql_query(&query, apply->sql,
              "SELECT t.id, t.name, t.plugin, t.scope, s.name, t.tags, t.configured, t.every_ms, t.max_age_ms,"
              " t.credential, t.attempts, t.deaths, t.quarantined, t.denied_alone, t.started_at, t.retry_at"
              " FROM target t JOIN scope s ON s.id = t.scope");
    while (sql_row(&query))
        vec_push(&apply->known, read_known(apply, &query));
    vec_each (known, &apply->known)
        map_put(&apply->known_names, known->name, known);
    return sql_done(&query, err);
}

static bool load_wanted(struct apply *apply, struct err *err)
{
    for (size_t i = 0; i < apply->count; i++) {
        struct state_target *target = &apply->targets[i];

        map_put(&apply->scopes, target->scope, target);
        if (map_put(&apply->names, target->name, target) != NULL)
            return err_set(err, ERR_CONFIG, "target \"%s\" is configured twice; give one of them another name",
                           target->name);
    }
    return true;
}

/* ---------------------------------------------------------------------------------------------------------- journal
 */

/* The number of this transaction in the journal: everything that is to be written asks for it first. */
static bool note(struct apply *apply, unsigned *counter, struct err *err)
{
    struct sql_query query;

    (*counter)++;
    if (apply->retirement.journal != 0)
        return true;
    sql_query(&query, apply->sql,
              "INSERT INTO journal (kind, started_at, ended_at, result) VALUES ('configuration', ?1, ?1, 'applied')");
    sql_bind_int(&query, 1, apply->now);
    if (!sql_done(&query, err))
        return false;
    apply->retirement.journal = sqlite3_last_insert_rowid(apply->sql->handle);
    return true;
}

static bool end_journal(struct apply *apply, struct err *err)
{
    struct sql_query query;
    const char *message;

    if (apply->retirement.journal == 0)
        return true;
    message = arena_format(&apply->arena, "targets: %u added, %u renamed, %u changed, %u retired", apply->added,
                           apply->renamed, apply->changed, apply->retired);
    sql_query(&query, apply->sql, "UPDATE journal SET message = ?2, gone = ?3 WHERE id = ?1");
    sql_bind_int(&query, 1, apply->retirement.journal);
    sql_bind_text(&query, 2, message);
    sql_bind_int(&query, 3, (int64_t)apply->retirement.retired.count);
    return sql_done(&query, err);
}

/* ------------------------------------------------------------------------------------------------------------ scope
 */

/* 0: there is none of that name. */
static bool find_scope(struct apply *apply, const char *name, int64_t *scope, struct err *err)
{
    struct sql_query query;

    sql_query(&query, apply->sql, "SELECT id FROM scope WHERE name = ?1");
    sql_bind_text(&query, 1, name);
    *scope = sql_row(&query) ? sql_int(&query, 0) : 0;
    return sql_done(&query, err);
}

static bool need_scope(struct apply *apply, const char *name, int64_t *scope, struct err *err)
{
    struct sql_query query;

    if (!find_scope(apply, name, scope, err) || *scope != 0)
        return *scope != 0;
    sql_query(&query, apply->sql, "INSERT INTO scope (name) VALUES (?1)");
    sql_bind_text(&query, 1, name);
    if (!sql_done(&query, err))
        return false;
    *scope = sqlite3_last_insert_rowid(apply->sql->handle);
    return true;
}

/* A scope that had the former name only because its target had it gets the new name too, where neither is in use. */
static bool rename_scope(struct apply *apply, struct known *known, const struct state_target *target, struct err *err)
{
    struct sql_query query;
    int64_t taken;

    if (strcmp(known->scope, known->name) != 0 || strcmp(target->scope, target->name) != 0 ||
        map_get(&apply->scopes, known->scope) != NULL)
        return true;
    if (!find_scope(apply, target->scope, &taken, err) || taken != 0)
        return taken != 0;
    sql_query(&query, apply->sql, "UPDATE scope SET name = ?2 WHERE id = ?1");
    sql_bind_int(&query, 1, known->scope_number);
    sql_bind_text(&query, 2, target->scope);
    known->scope = target->scope;
    return sql_done(&query, err);
}

/* ---------------------------------------------------------------------------------------------------------- targets
 */

/* As a JSON array. */
static const char *tags_of(struct apply *apply, const struct state_target *target)
{
    struct str text = STR_EMPTY;
    const char *tags;

    str_add(&text, "[");
    for (size_t i = 0; i < target->tag_count; i++) {
        str_add(&text, i == 0 ? "" : ",");
        json_add_text(&text, target->tags[i]);
    }
    str_add(&text, "]");
    tags = arena_text(&apply->arena, str_text(&text));
    str_finish(&text);
    return tags;
}

static void bind_target(struct apply *apply, struct sql_query *query, const struct state_target *target, int64_t scope,
                        const char *tags)
{
    sql_bind_text(query, 2, target->name);
    sql_bind_text(query, 3, target->plugin);
    sql_bind_int(query, 4, scope);
    sql_bind_text(query, 5, tags);
    sql_bind_int(query, 6, target->every_ms);
    sql_bind_number(query, 7, target->max_age_ms);
    sql_bind_text(query, 8, target->credential);
    sql_bind_int(query, 9, apply->now);
}

static bool add(struct apply *apply, struct state_target *target, struct err *err)
{
    struct sql_query query;
    int64_t scope;

    if (!note(apply, &apply->added, err) || !need_scope(apply, target->scope, &scope, err))
        return false;
    sql_query(&query, apply->sql,
              "INSERT INTO target (name, plugin, scope, tags, every_ms, max_age_ms, credential, configured_at)"
              " VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    bind_target(apply, &query, target, scope, tags_of(apply, target));
    if (!sql_done(&query, err))
        return false;
    target->id = sqlite3_last_insert_rowid(apply->sql->handle);
    target->schedule = (struct schedule_state){ 0 };
    return true;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same(const struct known *known, const struct state_target *target, const char *tags)
{
    return known->configured && known->every_ms == target->every_ms && known->max_age_ms == target->max_age_ms &&
           same_text(known->name, target->name) && same_text(known->plugin, target->plugin) &&
           same_text(known->scope, target->scope) && same_text(known->tags, tags) &&
           same_text(known->credential, target->credential);
}

static unsigned *counter_of(struct apply *apply, const struct known *known, const struct state_target *target)
{
    if (!known->configured)
        return &apply->added;
    return strcmp(known->name, target->name) == 0 ? &apply->changed : &apply->renamed;
}

static bool update(struct apply *apply, struct known *known, const struct state_target *target, const char *tags,
                   struct err *err)
{
    struct sql_query query;
    int64_t scope = known->scope_number;

    if (!note(apply, counter_of(apply, known, target), err))
        return false;
    if (strcmp(known->name, target->name) != 0 && !rename_scope(apply, known, target, err))
        return false;
    if (strcmp(known->scope, target->scope) != 0) {
        if (!need_scope(apply, target->scope, &scope, err))
            return false;
        known->scope_number = scope;
        known->moved = true;
        apply->moved++;
    }
    sql_query(&query, apply->sql,
              "UPDATE target SET name = ?2, plugin = ?3, scope = ?4, tags = ?5, every_ms = ?6, max_age_ms = ?7,"
              " credential = ?8, configured = 1,"
              " configured_at = CASE WHEN configured = 1 THEN configured_at ELSE ?9 END WHERE id = ?1");
    sql_bind_int(&query, 1, known->id);
    bind_target(apply, &query, target, scope, tags);
    return sql_done(&query, err);
}

/* The former self of a target whose own name is not known yet. */
static struct known *find_former(struct apply *apply, const struct state_target *target)
{
    struct known *former = target->was == NULL || map_get(&apply->names, target->was) != NULL
                               ? NULL
                               : map_get(&apply->known_names, target->was);

    return former == NULL || former->wanted ? NULL : former;
}

static bool apply_target(struct apply *apply, struct state_target *target, struct err *err)
{
    struct known *known = map_get(&apply->known_names, target->name);
    const char *tags;

    if (known == NULL)
        known = find_former(apply, target);
    if (known == NULL)
        return add(apply, target, err);
    known->wanted = true;
    target->id = known->id;
    target->schedule = known->schedule;
    tags = tags_of(apply, target);
    return same(known, target, tags) || update(apply, known, target, tags, err);
}

static bool apply_targets(struct apply *apply, struct err *err)
{
    for (size_t i = 0; i < apply->count; i++) {
        if (!apply_target(apply, &apply->targets[i], err))
            return false;
    }
    vec_each (known, &apply->known) {
        if (known->wanted || !known->configured)
            continue;
        if (!note(apply, &apply->retired, err) || !retirement_of_target(&apply->retirement, known->id, err))
            return false;
    }
    return true;
}

static bool settle_items(struct apply *apply, struct err *err)
{
    vec_each (known, &apply->known) {
        if (known->moved && !retirement_move_scope(&apply->retirement, known->id, known->scope_number, err))
            return false;
    }
    return (apply->retired == 0 && apply->moved == 0) || retirement_settle(&apply->retirement, err);
}

static bool work(struct sql *sql, void *context, struct err *err)
{
    struct apply *apply = context;

    apply->sql = sql;
    apply->retirement.sql = sql;
    apply->retirement.now = apply->now;
    return load_wanted(apply, err) && load_known(apply, err) && apply_targets(apply, err) && settle_items(apply, err) &&
           end_journal(apply, err);
}

bool state_apply(struct store *store, struct state_target *targets, size_t count, int64_t now, struct err *err)
{
    struct apply apply = { .targets = targets, .count = count, .now = now };
    bool good;

    arena_init(&apply.arena, ARENA_PLAIN);
    good = store_transaction(store, work, &apply, err) || err_add(err, "the list of targets cannot be stored");
    retirement_finish(&apply.retirement);
    vec_finish(&apply.known);
    map_finish(&apply.known_names);
    map_finish(&apply.names);
    map_finish(&apply.scopes);
    arena_finish(&apply.arena);
    return good;
}
