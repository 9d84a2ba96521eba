#include "things_load.h"

#include "lone.h"
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------- the far end ---- */

/* The assets that a far end is; none: it is not there. */
struct ends {
    int64_t *assets;
    size_t count;
};

static bool read_ends(struct things *things, struct sql_query *query, struct ends *ends, struct err *err)
{
    int64_t found[THINGS_CROWD + 1];

    while (ends->count <= THINGS_CROWD && sql_row(query))
        found[ends->count++] = sql_int(query, 0);
    if (ends->count > THINGS_CROWD)
        ends->count = 0;
    if (ends->count > 0)
        ends->assets = arena_bytes(&things->arena, found, ends->count * sizeof *found);
    return sql_done(query, err);
}

static bool look_up_key(struct things *things, int64_t scope, const struct link *link, struct ends *ends,
                        struct err *err)
{
    struct sql_query query;

    sql_query(&query, things->sql,
              "SELECT asset FROM item WHERE scope = ?1 AND kind = ?2 AND key = ?3 AND gone_at IS NULL"
              " AND asset IS NOT NULL");
    sql_bind_int(&query, 1, scope);
    sql_bind_text(&query, 2, link->kind);
    sql_bind_text(&query, 3, link->key);
    return read_ends(things, &query, ends, err);
}

static bool look_up_fact(struct things *things, const struct link *link, struct ends *ends, struct err *err)
{
    struct sql_query query;

    sql_query(&query, things->sql,
              "SELECT DISTINCT f.asset FROM claim c CROSS JOIN item f WHERE c.fact = ?1 AND c.value = lower(?2)"
              " AND f.id = c.item AND f.kind = ?3 AND f.gone_at IS NULL AND f.asset IS NOT NULL LIMIT ?4");
    sql_bind_text(&query, 1, link->attribute);
    sql_bind_text(&query, 2, link->value);
    sql_bind_text(&query, 3, link->kind);
    sql_bind_int(&query, 4, THINGS_CROWD + 1);
    return read_ends(things, &query, ends, err);
}

/* A name of the far end for the map: by fact it is the same in all scopes, which 0 stands for. */
static char *name_end(struct str *name, int64_t scope, const struct link *link)
{
    str_clear(name);
    str_add_bytes(name, &scope, sizeof scope);
    str_add_bytes(name, link->kind, strlen(link->kind) + 1);
    if (scope == 0)
        str_add_bytes(name, link->attribute, strlen(link->attribute) + 1);
    str_add(name, scope == 0 ? link->value : link->key);
    return name->bytes;
}

/* Most things share their far ends with many others. */
static bool find_ends(struct things *things, struct str *name, int64_t scope, const struct link *link,
                      const struct ends **found, struct err *err)
{
    int64_t place = link->key == NULL ? 0 : scope;
    struct ends *ends;
    bool good;

    name_end(name, place, link);
    *found = ends = map_get_bytes(&things->ends, name->bytes, name->length);
    if (ends != NULL)
        return true;
    *found = ends = arena_alloc(&things->arena, sizeof *ends);
    good = link->key != NULL ? look_up_key(things, scope, link, ends, err) : look_up_fact(things, link, ends, err);
    map_put_bytes(&things->ends, arena_bytes(&things->arena, name->bytes, name->length), name->length, ends);
    return good;
}

/* --------------------------------------------------------------------------------------------------------- out ---- */

/* Of a thing's ties to itself nothing is to be told. */
static void add_tie(struct things_load *load, int64_t asset, const char *relation, bool outward, int64_t far)
{
    if (far != asset)
        vec_push(&load->ties, (struct things_tie){ asset, { relation, outward, far, NULL, NULL } });
}

static void add_dangling(struct things_load *load, int64_t asset, const char *relation, const struct link *link)
{
    struct arena *arena = &load->things->arena;
    struct thing_tie tie = { .relation = relation, .outward = true };

    tie.kind = arena_text(arena, link->kind);
    tie.name = arena_text(arena, link->key != NULL ? link->key : link->value);
    vec_push(&load->ties, (struct things_tie){ asset, tie });
}

/* Relations are few; the last one is often the next. */
static const char *keep_relation(struct things *things, const char **last, const char *relation)
{
    if (*last == NULL || strcmp(*last, relation) != 0)
        *last = arena_text(&things->arena, relation);
    return *last;
}

/* As lone.h has it for what others say. */
static bool is_several(const char *relation, const struct link *link, const struct ends *ends)
{
    return link->key == NULL && ends->count > 1 && strcmp(relation, "protects") == 0;
}

/* Of one far end that a source names as several kinds (a computer seen from inside, or by its hypervisor), those that
 * nobody shows are none that is missing, where another is there. */
static bool look_for_siblings(struct things_load *load, int64_t item, const char *relation, const struct link *link,
                              bool *found, struct err *err)
{
    struct sql_query query;

    sql_query(&query, load->things->sql,
              "SELECT 1 FROM link l CROSS JOIN claim c CROSS JOIN item f WHERE l.item = ?1 AND l.relation = ?2"
              " AND l.attribute IS NOT NULL AND l.value = ?3 AND c.fact = l.attribute AND c.value = lower(l.value)"
              " AND f.id = c.item AND f.kind = l.kind AND f.gone_at IS NULL AND f.asset IS NOT NULL LIMIT 1");
    sql_bind_int(&query, 1, item);
    sql_bind_text(&query, 2, relation);
    sql_bind_text(&query, 3, link->value);
    *found = sql_row(&query);
    return sql_done(&query, err);
}

static bool add_missing(struct things_load *load, const struct things_row *row, int64_t item, const char *relation,
                        const struct link *link, struct err *err)
{
    bool found = false;

    if (link->key == NULL && !look_for_siblings(load, item, relation, link, &found, err))
        return false;
    if (!found)
        add_dangling(load, row->asset, relation, link);
    return true;
}

static bool add_link(struct things_load *load, const struct things_row *row, int64_t item, const char *relation,
                     const struct link *link, struct str *name, struct err *err)
{
    const struct ends *ends;
    size_t known;

    if (!find_ends(load->things, name, row->scope, link, &ends, err))
        return false;
    known = is_several(relation, link, ends) ? 0 : ends->count;
    for (size_t i = 0; i < known; i++)
        add_tie(load, row->asset, relation, true, ends->assets[i]);
    if (ends->count == 0)
        return add_missing(load, row, item, relation, link, err);
    if (known == 0)
        add_dangling(load, row->asset, relation, link);
    return true;
}

static bool load_outward(struct things_load *load, struct err *err)
{
    struct str name = STR_EMPTY;
    const char *relation = NULL;
    struct sql_query query;
    size_t at = 0;
    bool good = true;

    sql_query(&query, load->things->sql,
              "SELECT i.asset, i.id, l.relation, l.kind, l.key, l.attribute, l.value FROM item i CROSS JOIN link l"
              " WHERE i.asset BETWEEN ?1 AND ?2 AND l.item = i.id ORDER BY i.asset, i.id");
    sql_bind_int(&query, 1, load->low);
    sql_bind_int(&query, 2, load->high);
    while (good && sql_row(&query)) {
        const struct things_row *row = things_row(load, sql_int(&query, 0), sql_int(&query, 1), &at);
        const struct link link = { .kind = sql_text(&query, 3),
                                   .key = sql_text(&query, 4),
                                   .attribute = sql_text(&query, 5),
                                   .value = sql_text(&query, 6) };

        if (row == NULL)
            continue;
        keep_relation(load->things, &relation, sql_text(&query, 2));
        good = add_link(load, row, sql_int(&query, 1), relation, &link, &name, err);
    }
    str_finish(&name);
    return sql_done(&query, good ? err : NULL) && good;
}

/* ---------------------------------------------------------------------------------------------------------- in ---- */

static const char inward_by_key[] =
    "SELECT f.asset, l.relation, n.asset FROM item f CROSS JOIN link l CROSS JOIN item n"
    " WHERE f.asset BETWEEN ?1 AND ?2 AND f.gone_at IS NULL"
    " AND f.kind IN (SELECT e.atom FROM json_each(?3) e) AND l.kind = f.kind AND l.key = f.key AND l.relation "
    "IN " THINGS_INWARD " AND n.id = l.item AND n.scope = f.scope AND n.gone_at IS NULL"
    " AND n.asset IS NOT NULL ORDER BY f.asset";
/* A crowd is nobody: thousands that thousands name by one fact would be all of them to each. It is counted only where
 * somebody names it. The plus: SQLite takes the index over lower(value) only for what has no type of its own. */
static const char inward_by_fact[] =
    "SELECT f.asset, l.relation, n.asset FROM item f CROSS JOIN claim c CROSS JOIN link l CROSS JOIN item n"
    " WHERE f.asset BETWEEN ?1 AND ?2 AND f.gone_at IS NULL AND c.item = f.id"
    " AND c.fact IN (SELECT e.atom FROM json_each(?3) e)"
    " AND CASE WHEN EXISTS (SELECT 1 FROM link e WHERE e.attribute = c.fact AND lower(e.value) = +c.value"
    "  AND e.relation IN " THINGS_INWARD ") THEN (SELECT count(*) FROM (SELECT DISTINCT o.asset FROM claim d"
    "  CROSS JOIN item o WHERE d.fact = c.fact AND d.value = c.value AND o.id = d.item AND o.kind = f.kind"
    "  AND o.gone_at IS NULL AND o.asset IS NOT NULL LIMIT ?4 + 1)) <= ?4 END"
    " AND l.attribute = c.fact AND lower(l.value) = +c.value AND l.relation IN " THINGS_INWARD " AND l.kind = f.kind"
    " AND n.id = l.item AND n.gone_at IS NULL AND n.asset IS NOT NULL AND " LONE("l", "c", "f") " ORDER BY f.asset";

/* JSON has it as it is. */
static bool is_word(const char *kind, size_t most)
{
    size_t length = strspn(kind, "abcdefghijklmnopqrstuvwxyz_");

    return kind[length] == '\0' && length < most;
}

/* Of most kinds nobody says anything by key. */
static bool has_named_kind(const struct things_load *load)
{
    const char *last = NULL;
    char quoted[64];

    vec_each (row, &load->rows) {
        if (row->kind == last)
            continue;
        last = row->kind;
        snprintf(quoted, sizeof quoted, "\"%s\"", row->kind);
        if (strstr(load->things->named.kinds, quoted) != NULL || !is_word(row->kind, sizeof quoted - 2))
            return true;
    }
    return false;
}

/* named: as in struct things_named. */
static bool load_inward(struct things_load *load, const char *text, const char *named, struct err *err)
{
    const char *relation = NULL;
    struct sql_query query;
    int64_t last = 0;
    size_t count = 0;

    if (strcmp(named, "[]") == 0)
        return true;
    sql_query(&query, load->things->sql, text);
    sql_bind_int(&query, 1, load->low);
    sql_bind_int(&query, 2, load->high);
    sql_bind_text(&query, 3, named);
    if (text == inward_by_fact)
        sql_bind_int(&query, 4, THINGS_CROWD);
    while (sql_row(&query)) {
        int64_t asset = sql_int(&query, 0);

        count = asset == last ? count + 1 : 0;
        last = asset;
        if (count < THINGS_MAX_INWARD)
            add_tie(load, asset, keep_relation(load->things, &relation, sql_text(&query, 1)), false,
                    sql_int(&query, 2));
    }
    return sql_done(&query, err);
}

static int compare_names(const char *one, const char *other)
{
    if (one == NULL || other == NULL)
        return (one != NULL) - (other != NULL);
    return strcmp(one, other);
}

static int compare_ties(const void *one, const void *other)
{
    const struct things_tie *a = one, *b = other;
    int order = (a->asset > b->asset) - (a->asset < b->asset);

    if (order == 0)
        order = strcmp(a->tie.relation, b->tie.relation);
    if (order == 0)
        order = (int)b->tie.outward - (int)a->tie.outward;
    if (order == 0)
        order = (a->tie.far > b->tie.far) - (a->tie.far < b->tie.far);
    if (order == 0)
        order = compare_names(a->tie.kind, b->tie.kind);
    return order != 0 ? order : compare_names(a->tie.name, b->tie.name);
}

/* Two items of one asset often say the same. */
static void order_ties(struct things_load *load)
{
    struct things_tie *ties = load->ties.items;
    size_t kept = 0;

    if (load->ties.count > 1)
        qsort(ties, load->ties.count, sizeof *ties, compare_ties);
    for (size_t i = 0; i < load->ties.count; i++) {
        if (kept == 0 || compare_ties(&ties[kept - 1], &ties[i]) != 0)
            ties[kept++] = ties[i];
    }
    load->ties.count = kept;
}

bool things_ties(struct things_load *load, struct err *err)
{
    const struct things_named *named = &load->things->named;

    if (!load_outward(load, err) ||
        !load_inward(load, inward_by_key, has_named_kind(load) ? named->kinds : "[]", err) ||
        !load_inward(load, inward_by_fact, named->claims, err))
        return false;
    order_ties(load);
    return true;
}
