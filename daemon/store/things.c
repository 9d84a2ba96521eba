#include "things.h"

#include "evidence.h"
#include "json.h"
#include "sql.h"
#include "things_ahead.h"
#include "things_load.h"

#include <string.h>
#include <strings.h>

static struct things *things_of(struct world *world)
{
    return (struct things *)((char *)world - offsetof(struct things, world));
}

static const struct thing *find(struct world *world, int64_t id)
{
    return things_find(things_of(world), id);
}

static const struct thing *server(struct world *world, const char *name)
{
    return things_server(things_of(world), name);
}

void things_init(struct things *things, struct sql *sql)
{
    *things = (struct things){ .world = { find, server }, .sql = sql };
    arena_init(&things->arena, ARENA_PLAIN);
    arena_init(&things->target_arena, ARENA_PLAIN);
}

void things_forget(struct things *things)
{
    memset(things->lately, 0, sizeof things->lately);
    map_finish(&things->known);
    map_finish(&things->ends);
    arena_reset(&things->arena);
}

void things_finish(struct things *things)
{
    things_forget(things);
    map_finish(&things->targets);
    arena_finish(&things->arena);
    arena_finish(&things->target_arena);
}

size_t things_bytes(const struct things *things)
{
    return things->arena.reserved + (things->known.capacity + things->ends.capacity) * sizeof(struct map_entry);
}

/* ----------------------------------------------------------------------------------------------------- targets ---- */

static void add_tags(struct things *things, struct things_target *target, const char *name)
{
    struct arena *arena = &things->target_arena;
    const char **tags;

    if (name == NULL)
        return;
    tags = arena_alloc(arena, (target->tag_count + 1) * sizeof *tags);
    if (target->tag_count > 0)
        memcpy(tags, target->tags, target->tag_count * sizeof *tags);
    tags[target->tag_count++] = arena_text(arena, name);
    target->tags = tags;
}

static struct things_target *new_target(struct things *things, int64_t id, const char *name)
{
    struct {
        int64_t id;
        struct things_target target;
    } *made = arena_alloc(&things->target_arena, sizeof *made);

    made->id = id;
    made->target.name = arena_text(&things->target_arena, name);
    map_put_bytes(&things->targets, (const char *)&made->id, sizeof made->id, &made->target);
    return &made->target;
}

/* All of them, once: they are few beside what they see. */
static bool load_targets(struct things *things, struct err *err)
{
    struct things_target *target = NULL;
    struct sql_query query;
    int64_t last = 0;

    sql_query(&query, things->sql,
              "SELECT t.id, t.name, e.atom FROM target t LEFT JOIN json_each(t.tags) e ORDER BY t.id");
    while (sql_row(&query)) {
        if (target == NULL || sql_int(&query, 0) != last)
            target = new_target(things, sql_int(&query, 0), sql_text(&query, 1));
        last = sql_int(&query, 0);
        add_tags(things, target, sql_text(&query, 2));
    }
    return sql_done(&query, err);
}

/* ------------------------------------------------------------------------------------------------------ ranges ---- */

static void begin(struct things_load *load, struct sql_query *query, const char *text)
{
    sql_query(query, load->things->sql, text);
    sql_bind_int(query, 1, load->low);
    sql_bind_int(query, 2, load->high);
}

static const struct thing **lately(struct things *things, int64_t id)
{
    return &things->lately[(uint64_t)id % THINGS_LATELY];
}

static const struct thing *find_known(struct things *things, int64_t id)
{
    const struct thing **place = lately(things, id), *found = *place;

    if (found != NULL && found->id == id)
        return found;
    found = map_get_bytes(&things->known, (const char *)&id, sizeof id);
    if (found != NULL)
        *place = found;
    return found;
}

static bool load_assets(struct things_load *load, struct err *err)
{
    struct arena *arena = &load->things->arena;
    struct sql_query query;

    begin(load, &query,
          "SELECT id, kind, name FROM asset WHERE id BETWEEN ?1 AND ?2 AND gone_at IS NULL AND merged_into IS NULL"
          " ORDER BY id");
    while (sql_row(&query)) {
        struct thing thing = { .id = sql_int(&query, 0) };

        if (find_known(load->things, thing.id) != NULL)
            continue;
        thing.kind = arena_text(arena, sql_text(&query, 1));
        thing.name = arena_text(arena, sql_text(&query, 2));
        vec_push(&load->assets, thing);
    }
    return sql_done(&query, err);
}

static void take_unread(struct sql_query *unread, struct item *item)
{
    while (sql_row(unread))
        item_unread(item, sql_text(unread, 0), sql_text(unread, 1), NULL);
}

/* An item that has none yet, as one that was written by hand. */
static bool make_gist(struct things_load *load, struct things_row *row, const char *facts, struct err *err)
{
    struct arena *arena = &load->things->arena;
    struct sql_query unread;
    struct item item;

    item_init(&item, arena, row->kind, "");
    if (!json_read_facts(facts, strlen(facts), &item, err))
        return err_add(err, "the database's facts of item %lld", (long long)row->id);
    sql_query(&unread, load->things->sql, "SELECT prefix, why FROM unread WHERE item = ?1 ORDER BY prefix");
    sql_bind_int(&unread, 1, row->id);
    take_unread(&unread, &item);
    item_sort(&item);
    gist_take(&item, arena, &row->gist);
    return sql_done(&unread, err);
}

static bool take_gist(struct things_load *load, struct sql_query *query, struct things_row *row, struct err *err)
{
    size_t size;
    const void *bytes;

    if (!sql_is_null(query, 5))
        return make_gist(load, row, sql_text(query, 5), err);
    bytes = sql_bytes(query, 4, &size);
    return gist_read(bytes, size, &load->things->arena, &row->gist) ||
           err_set(err, ERR_SYSTEM, "the database's gist of item %lld is damaged: restore a copy of the database",
                   (long long)row->id);
}

/* A few large ones are enough at once: those behind are read when they are asked for. */
static bool is_full(struct things_load *load, int64_t asset)
{
    if (load->rows.count == 0 || vec_last(&load->rows).asset == asset || load->things->arena.reserved < load->limit)
        return false;
    load->high = vec_last(&load->rows).asset;
    while (load->assets.count > 0 && vec_last(&load->assets).id > load->high)
        load->assets.count--;
    return true;
}

static bool load_rows(struct things_load *load, struct err *err)
{
    struct sql_query query;
    const char *kind = NULL;
    bool good = true, full = false;

    begin(load, &query,
          "SELECT id, asset, scope, kind, gist, CASE WHEN gist IS NULL THEN facts END FROM item"
          " WHERE asset BETWEEN ?1 AND ?2 AND gone_at IS NULL ORDER BY asset, id");
    while (good && sql_row(&query)) {
        full = full || is_full(load, sql_int(&query, 1));
        if (full)
            continue;
        struct things_row row = { .id = sql_int(&query, 0), .asset = sql_int(&query, 1), .scope = sql_int(&query, 2) };

        if (kind == NULL || strcmp(kind, sql_text(&query, 3)) != 0)
            kind = arena_text(&load->things->arena, sql_text(&query, 3));
        row.kind = kind;
        row.rank = evidence_kind_rank(kind);
        good = take_gist(load, &query, &row, err);
        vec_push(&load->rows, row);
    }
    return sql_done(&query, good ? err : NULL) && good;
}

static bool load_sights(struct things_load *load, struct err *err)
{
    struct sql_query query;

    begin(load, &query,
          "SELECT i.asset, s.target FROM item i CROSS JOIN sighting s WHERE i.asset BETWEEN ?1 AND ?2"
          " AND s.item = i.id ORDER BY i.asset");
    while (sql_row(&query)) {
        int64_t target = sql_int(&query, 1);
        struct things_sight sight = { .asset = sql_int(&query, 0) };

        sight.target = map_get_bytes(&load->things->targets, (const char *)&target, sizeof target);
        if (sight.target != NULL)
            vec_push(&load->sights, sight);
    }
    return sql_done(&query, err);
}

const struct things_row *things_row(const struct things_load *load, int64_t asset, int64_t item, size_t *at)
{
    const struct things_row *rows = load->rows.items;

    while (*at < load->rows.count && (rows[*at].asset < asset || (rows[*at].asset == asset && rows[*at].id < item)))
        ++*at;
    return *at < load->rows.count && rows[*at].id == item ? &rows[*at] : NULL;
}

/* fars: what the judge may ask for next; NULL: not wanted. */
static void keep_things(struct things_load *load, number_vec *fars)
{
    struct things *things = load->things;
    struct things_place place = { 0 };

    vec_each (draft, &load->assets) {
        struct thing *thing = arena_alloc(&things->arena, sizeof *thing);

        *thing = *draft;
        things_merge(load, thing, &place);
        map_put_bytes(&things->known, (const char *)&thing->id, sizeof thing->id, thing);
        *lately(things, thing->id) = thing;
        if (fars != NULL)
            things_ahead_note(fars, thing);
    }
}

/* The first column of an index, each value once, in few steps however many rows there are. */
#define EACH_ONCE(column, given)                                                                                       \
    "WITH RECURSIVE e(v) AS (SELECT (SELECT " column " FROM link WHERE " given " IS NOT NULL ORDER BY " column         \
    " LIMIT 1) UNION ALL SELECT (SELECT " column " FROM link WHERE " given " IS NOT NULL AND " column                  \
    " > e.v ORDER BY " column " LIMIT 1) FROM e WHERE e.v IS NOT NULL)"                                                \
    " SELECT json_group_array(v) FROM e WHERE v IS NOT NULL"

static bool read_named(struct things *things, const char *text, const char **named, struct err *err)
{
    struct sql_query query;

    sql_query(&query, things->sql, text);
    *named = sql_row(&query) ? arena_text(&things->target_arena, sql_text(&query, 0)) : "[]";
    return sql_done(&query, err);
}

/* What stays as it is for all ranges. */
static bool ask_once(struct things *things, struct err *err)
{
    if (!things->asked)
        things->asked = load_targets(things, err) &&
                        read_named(things, EACH_ONCE("kind", "key"), &things->named.kinds, err) &&
                        read_named(things, EACH_ONCE("attribute", "attribute"), &things->named.claims, err);
    return things->asked;
}

static bool load_range(struct things *things, int64_t low, int64_t high, size_t limit, number_vec *fars,
                       struct err *err)
{
    struct things_load load = { .things = things, .low = low, .high = high, .limit = limit };
    bool good = ask_once(things, err) && load_assets(&load, err);

    if (good && load.assets.count > 0) {
        good = load_rows(&load, err) && load_sights(&load, err) && things_ties(&load, err);
        if (good)
            keep_things(&load, fars);
    }
    vec_finish(&load.assets);
    vec_finish(&load.rows);
    vec_finish(&load.ties);
    vec_finish(&load.sights);
    vec_finish(&load.facts);
    vec_finish(&load.others);
    return good || err_add(err, "reading the assets %lld to %lld", (long long)low, (long long)high);
}

size_t things_together(const int64_t *assets, size_t count)
{
    enum { SPREAD = 2 };
    size_t length = 1;

    while (length < count && length < THINGS_AT_ONCE && assets[length] - assets[0] < (int64_t)(length + 1) * SPREAD)
        length++;
    return length;
}

static void leave_unknown(struct things *things, number_vec *numbers)
{
    size_t kept = 0;

    numbers_order(numbers);
    vec_each (number, numbers) {
        if (find_known(things, *number) == NULL)
            numbers->items[kept++] = *number;
    }
    numbers->count = kept;
}

/* What was not there stays unknown, and is not asked for twice: only ends of what is new are noted. */
static bool load_ahead(struct things *things, number_vec *fars, size_t limit, struct err *err)
{
    number_vec next = VEC_EMPTY;
    int64_t low, high;
    bool good = true;

    leave_unknown(things, fars);
    for (size_t at = 0; good && things->arena.reserved < limit && things_ahead_next(fars, &at, &low, &high);)
        good = load_range(things, low, high, limit, &next, err);
    vec_finish(fars);
    *fars = next;
    return good;
}

bool things_load(struct things *things, int64_t low, int64_t high, struct err *err)
{
    size_t limit = things->arena.reserved + THINGS_MAX_LOAD;
    number_vec fars = VEC_EMPTY;
    bool good = load_range(things, low, high, limit, &fars, err);

    for (int depth = 0; good && depth < THINGS_AHEAD_DEPTH && fars.count > 0; depth++)
        good = load_ahead(things, &fars, limit, err);
    vec_finish(&fars);
    return good;
}

const struct thing *things_find(struct things *things, int64_t id)
{
    const struct thing *found = find_known(things, id);

    if (found != NULL || id == 0 || things->failed)
        return found;
    if (!load_range(things, id, id, things->arena.reserved + THINGS_MAX_LOAD, NULL, &things->err)) {
        things->failed = true;
        return NULL;
    }
    return find_known(things, id);
}

/* 0: nobody, or more than one. */
static int64_t find_server(struct things *things, const char *fact, const char *name, size_t *count)
{
    struct sql_query query;
    int64_t found = 0;

    *count = 0;
    sql_query(&query, things->sql,
              "SELECT DISTINCT i.asset FROM claim c CROSS JOIN item i WHERE c.fact = ?1 AND c.value = lower(?2)"
              " AND i.id = c.item AND i.kind = 'backup_server' AND i.gone_at IS NULL AND i.asset IS NOT NULL LIMIT 2");
    sql_bind_text(&query, 1, fact);
    sql_bind_text(&query, 2, name);
    while (sql_row(&query)) {
        found = sql_int(&query, 0);
        ++*count;
    }
    if (!sql_done(&query, &things->err))
        things->failed = true;
    return *count == 1 ? found : 0;
}

const struct thing *things_server(struct things *things, const char *name)
{
    int64_t found;
    size_t count;

    if (things->failed)
        return NULL;
    found = find_server(things, "id.fqdn", name, &count);
    if (count == 0 && !things->failed)
        found = find_server(things, "id.netbios", name, &count);
    return things->failed ? NULL : things_find(things, found);
}
