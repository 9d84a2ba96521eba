/* Assets: the list of them, and the one that a person means. */
#include "age.h"
#include "mem.h"
#include "reading.h"
#include "str.h"
#include "text.h"
#include "vec.h"

#include <stdlib.h>
#include <string.h>

typedef vec(struct query_asset) asset_vec;

/* What tells best what runs there, best first; of all the asset's items, the best answer counts. */
#define FACT(name) "json_extract(facts, '$.\"" name "\"')"
static const char
    system_query
        [] = "SELECT " FACT("os.name") ", " FACT("guest.name") ", " FACT("vsphere.product") ", " FACT("backup.product") ", 'SQL Server ' || " FACT("sql.build") ", 'Exchange Server ' || " FACT(
            "exchange.version") ", 'SharePoint ' || " FACT("sharepoint.version") ", " FACT("vm.configured_guest_"
                                                                                           "name") ", " FACT("guest"
                                                                                                             ".dist"
                                                                                                             "ribut"
                                                                                                             "ion") " F"
                                                                                                                    "RO"
                                                                                                                    "M "
                                                                                                                    "it"
                                                                                                                    "em"
                                                                                                                    " W"
                                                                                                                    "HE"
                                                                                                                    "RE"
                                                                                                                    " a"
                                                                                                                    "ss"
                                                                                                                    "et"
                                                                                                                    " ="
                                                                                                                    " ?"
                                                                                                                    "1 "
                                                                                                                    "AN"
                                                                                                                    "D "
                                                                                                                    "(g"
                                                                                                                    "on"
                                                                                                                    "e_"
                                                                                                                    "at"
                                                                                                                    " I"
                                                                                                                    "S "
                                                                                                                    "NU"
                                                                                                                    "LL"
                                                                                                                    " O"
                                                                                                                    "R "
                                                                                                                    "?2"
                                                                                                                    ") "
                                                                                                                    "OR"
                                                                                                                    "DE"
                                                                                                                    "R "
                                                                                                                    "BY"
                                                                                                                    " i"
                                                                                                                    "d";
#undef FACT
#define SYSTEM_FACTS 9

static bool read_system(struct query *query, struct query_asset *asset, struct err *err)
{
    struct sql_query rows;
    int best = SYSTEM_FACTS;

    sql_query(&rows, &query->sql, system_query);
    sql_bind_int(&rows, 1, asset->id);
    sql_bind_int(&rows, 2, asset->gone_at != 0);
    while (sql_row(&rows)) {
        for (int i = 0; i < best; i++) {
            if (sql_is_null(&rows, i) || sql_text(&rows, i)[0] == '\0')
                continue;
            asset->system = reading_text(query, &rows, i);
            best = i;
        }
    }
    return sql_done(&rows, err);
}

static bool read_sources(struct query *query, struct query_asset *asset, int64_t now, struct err *err)
{
    vec(const char *) names = VEC_EMPTY;
    struct sql_query rows;

    asset->stale = asset->gone_at == 0;
    sql_query(&rows, &query->sql,
              "SELECT t.name, max(coalesce(s.missed_at, t.succeeded_at)), " AGE_MOST " FROM item i"
              " JOIN sighting s ON s.item = i.id JOIN target t ON t.id = s.target"
              " WHERE i.asset = ?1 AND i.gone_at IS NULL GROUP BY t.id ORDER BY t.name");
    sql_bind_int(&rows, 1, asset->id);
    while (sql_row(&rows)) {
        int64_t seen_at = sql_int(&rows, 1);

        vec_push(&names, reading_text(query, &rows, 0));
        asset->stale = asset->stale && reading_late(seen_at, sql_int(&rows, 2), now);
        if (seen_at > asset->seen_at)
            asset->seen_at = seen_at;
    }
    asset->sources.count = names.count;
    if (names.count > 0)
        asset->sources.texts = arena_bytes(query->arena, names.items, names.count * sizeof *names.items);
    vec_finish(&names);
    return sql_done(&rows, err);
}

bool reading_asset(struct query *query, struct query_asset *asset, int64_t now, struct err *err)
{
    return read_system(query, asset, err) && read_sources(query, asset, now, err);
}

/* Rows of id, kind, name, gone_at. */
static bool read_rows(struct query *query, struct sql_query *rows, asset_vec *assets, struct err *err)
{
    while (sql_row(rows)) {
        struct query_asset asset = { .id = sql_int(rows, 0), .gone_at = sql_int(rows, 3) };

        asset.kind = reading_text(query, rows, 1);
        asset.name = reading_text(query, rows, 2);
        vec_push(assets, asset);
    }
    return sql_done(rows, err);
}

/* Takes the vector's content into the arena. */
static struct query_asset *keep(struct query *query, asset_vec *assets, size_t *count)
{
    struct query_asset *list;

    READING_KEEP(query, assets, list, *count);
    return list;
}

/* What is gone has no sighting any more, only its scope. */
#define OF_TARGETS(condition)                                                                                          \
    " AND a.id IN (SELECT i.asset FROM target t JOIN sighting s ON s.target = t.id JOIN item i ON i.id = s.item"       \
    " WHERE " condition ")"
#define GONE_OF_TARGETS(condition)                                                                                     \
    " AND a.id IN (SELECT i.asset FROM target t JOIN item i ON i.scope = t.scope"                                      \
    " WHERE i.gone_at IS NOT NULL AND " condition ")"
#define TARGET_NAMED "t.name = ?3"
#define TARGET_TAGGED "EXISTS (SELECT 1 FROM json_each(t.tags) WHERE atom = ?4)"

static const char *filtered(struct query *query, const struct query_filter *filter, const char *columns,
                            const char *order)
{
    struct str text = STR_EMPTY;
    const char *kept;

    str_format(&text, "SELECT %s FROM asset a WHERE a.merged_into IS NULL AND a.gone_at IS %s", columns,
               filter->gone ? "NOT NULL" : "NULL");
    if (filter->kind != NULL)
        str_add(&text, " AND a.kind = ?1");
    if (filter->name != NULL)
        str_add(&text, " AND a.name LIKE ?2" READING_ESCAPE);
    if (filter->target != NULL)
        str_add(&text, filter->gone ? GONE_OF_TARGETS(TARGET_NAMED) : OF_TARGETS(TARGET_NAMED));
    if (filter->tag != NULL)
        str_add(&text, filter->gone ? GONE_OF_TARGETS(TARGET_TAGGED) : OF_TARGETS(TARGET_TAGGED));
    str_add(&text, order);
    kept = arena_text(&query->texts, str_text(&text));
    str_finish(&text);
    return kept;
}

static void bind_filter(struct query *query, struct sql_query *rows, const struct query_filter *filter)
{
    if (filter->kind != NULL)
        sql_bind_text(rows, 1, filter->kind);
    if (filter->name != NULL)
        sql_bind_text(rows, 2, reading_like(query, filter->name, true));
    if (filter->target != NULL)
        sql_bind_text(rows, 3, filter->target);
    if (filter->tag != NULL)
        sql_bind_text(rows, 4, filter->tag);
}

struct list {
    const struct query_filter *filter;
    int64_t now;
    struct query_assets *assets;
};

static bool count_more(struct query *query, const struct list *list, struct err *err)
{
    struct sql_query rows;
    int64_t all = 0;

    if (list->filter->limit == 0 || list->assets->count < list->filter->limit)
        return true;
    sql_query(&rows, &query->sql, filtered(query, list->filter, "count(*)", ""));
    bind_filter(query, &rows, list->filter);
    if (sql_row(&rows))
        all = sql_int(&rows, 0);
    if (all > (int64_t)list->assets->count)
        list->assets->more = (size_t)all - list->assets->count;
    return sql_done(&rows, err);
}

struct place {
    int64_t id;
    struct query_asset *asset;
};

static int by_id(const void *one, const void *other)
{
    const struct place *a = one, *b = other;

    return (a->id > b->id) - (a->id < b->id);
}

/* In the order of ids, in which their items lie: in the order of names each would be another page of the file. */
static bool read_details(struct query *query, const struct list *list, struct err *err)
{
    struct query_assets *assets = list->assets;
    struct place *places = mem_new(assets->count, sizeof *places);
    bool good = true;

    for (size_t i = 0; i < assets->count; i++)
        places[i] = (struct place){ assets->list[i].id, &assets->list[i] };
    qsort(places, assets->count, sizeof *places, by_id);
    for (size_t i = 0; good && i < assets->count; i++)
        good = reading_asset(query, places[i].asset, list->now, err);
    free(places);
    return good;
}

static bool read_list(struct query *query, void *context, struct err *err)
{
    const struct list *list = context;
    struct query_assets *assets = list->assets;
    asset_vec found = VEC_EMPTY;
    struct sql_query rows;
    bool good;

    sql_query(&rows, &query->sql,
              filtered(query, list->filter, "a.id, a.kind, a.name, a.gone_at",
                       " ORDER BY a.name COLLATE NOCASE, a.id LIMIT ?5"));
    bind_filter(query, &rows, list->filter);
    sql_bind_int(&rows, 5, list->filter->limit == 0 ? -1 : (int64_t)list->filter->limit);
    good = read_rows(query, &rows, &found, err);
    assets->list = keep(query, &found, &assets->count);
    return good && read_details(query, list, err) && count_more(query, list, err);
}

bool query_list(struct query *query, const struct query_filter *filter, int64_t now, struct arena *arena,
                struct query_assets *assets, struct err *err)
{
    struct list list = { .filter = filter, .now = now, .assets = assets };

    *assets = (struct query_assets){ 0 };
    return reading_run(query, arena, read_list, &list, err);
}

struct find {
    const char *item;
    struct query_found *found;
};

/* The id itself, or of what it has become part of. */
static bool find_id(struct query *query, struct find *find, struct err *err)
{
    struct sql_query rows;
    int64_t asked = strtoll(find->item, NULL, 10);

    if (strspn(find->item, "0123456789") != strlen(find->item) || strlen(find->item) > 18)
        return true;
    sql_query(&rows, &query->sql,
              "WITH RECURSIVE heir(id, next, depth) AS (SELECT id, merged_into, 0 FROM asset WHERE id = ?1"
              " UNION ALL SELECT a.id, a.merged_into, depth + 1 FROM heir JOIN asset a ON a.id = heir.next"
              " WHERE depth < 1000) SELECT id FROM heir WHERE next IS NULL");
    sql_bind_int(&rows, 1, asked);
    if (sql_row(&rows))
        find->found->id = sql_int(&rows, 0);
    if (find->found->id != 0 && find->found->id != asked)
        find->found->merged_from = asked;
    return sql_done(&rows, err);
}

/* Where one of that name is there, those that are gone do not count. */
static bool find_name(struct query *query, struct find *find, struct err *err)
{
    struct query_found *found = find->found;
    asset_vec assets = VEC_EMPTY;
    struct sql_query rows;
    size_t there = 0;
    bool good;

    sql_query(&rows, &query->sql,
              "SELECT id, kind, name, gone_at FROM asset WHERE name = ?1 COLLATE NOCASE AND merged_into IS NULL"
              " ORDER BY gone_at IS NOT NULL, id LIMIT ?2");
    sql_bind_text(&rows, 1, find->item);
    sql_bind_int(&rows, 2, QUERY_MAX_CANDIDATES);
    good = read_rows(query, &rows, &assets, err);
    while (there < assets.count && assets.items[there].gone_at == 0)
        there++;
    found->candidates = keep(query, &assets, &found->count);
    if (there > 0)
        found->count = there;
    found->ambiguous = found->count > 1;
    if (found->count == 1)
        found->id = found->candidates[0].id;
    return good;
}

static bool find_within(struct query *query, struct find *find, struct err *err)
{
    asset_vec assets = VEC_EMPTY;
    struct sql_query rows;
    bool good;

    sql_query(&rows, &query->sql,
              "SELECT id, kind, name, gone_at FROM asset WHERE name LIKE ?1" READING_ESCAPE
              " AND merged_into IS NULL AND gone_at IS NULL ORDER BY length(name), name LIMIT 5");
    sql_bind_text(&rows, 1, arena_format(query->arena, "%%%s%%", reading_like(query, find->item, false)));
    good = read_rows(query, &rows, &assets, err);
    find->found->candidates = keep(query, &assets, &find->found->count);
    return good;
}

/* Likely slips, five at the most: the lengths decide first, for there may be very many names. */
static bool find_near(struct query *query, struct find *find, struct err *err)
{
    size_t length = strlen(find->item);
    asset_vec assets = VEC_EMPTY;
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT id, kind, name, gone_at FROM asset WHERE gone_at IS NULL AND merged_into IS NULL"
              " AND length(name) BETWEEN ?1 AND ?2");
    sql_bind_int(&rows, 1, (int64_t)(length - length / 5) - 1);
    sql_bind_int(&rows, 2, (int64_t)(length + length / 5) + 1);
    while (assets.count < 5 && sql_row(&rows)) {
        const char *name = sql_text(&rows, 2);
        struct query_asset asset = { .id = sql_int(&rows, 0), .gone_at = 0 };

        if (text_nearest(find->item, &name, 1) == NULL)
            continue;
        asset.kind = reading_text(query, &rows, 1);
        asset.name = reading_text(query, &rows, 2);
        vec_push(&assets, asset);
    }
    find->found->candidates = keep(query, &assets, &find->found->count);
    return sql_done(&rows, err);
}

static bool read_found(struct query *query, void *context, struct err *err)
{
    struct find *find = context;

    if (!find_id(query, find, err) || (find->found->id == 0 && !find_name(query, find, err)))
        return false;
    if (find->found->id != 0 || find->found->ambiguous || find->item[0] == '\0')
        return true;
    return find_within(query, find, err) && (find->found->count > 0 || find_near(query, find, err));
}

bool query_find(struct query *query, const char *item, struct arena *arena, struct query_found *found, struct err *err)
{
    struct find find = { .item = item, .found = found };

    *found = (struct query_found){ 0 };
    return reading_run(query, arena, read_found, &find, err);
}
