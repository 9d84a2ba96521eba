#include "reach.h"

#include "evidence.h"
#include "seen.h"
#include "sql.h"
#include "str.h"
#include "things.h"

#include <stdlib.h>
#include <string.h>

/* Assets in the order in which they were reached; each is asked once for what depends on it, and so is each fact that
 * ends are named by: thousands may share one. */
struct walk {
    struct sql *sql;
    struct reach *reach;
    int64_t journal;
    struct seen asked;
    struct str name;
    struct { /* a set of the numbers that were reached */
        int64_t *slots;
        size_t capacity;
    } set;
};

void reach_finish(struct reach *reach)
{
    vec_finish(&reach->assets);
}

/* ----------------------------------------------------------------------------------------------------- the set ---- */

/* Our own numbers: nobody outside chooses them. */
static size_t slot_of(const struct walk *walk, int64_t asset)
{
    size_t at = (size_t)((uint64_t)asset * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (walk->set.capacity - 1);

    while (walk->set.slots[at] != 0 && walk->set.slots[at] != asset)
        at = (at + 1) & (walk->set.capacity - 1);
    return at;
}

static void add(struct walk *walk, int64_t asset)
{
    size_t at = slot_of(walk, asset);

    if (asset == 0 || walk->set.slots[at] == asset)
        return;
    if (walk->reach->assets.count == REACH_MOST) {
        walk->reach->more = true;
        return;
    }
    walk->set.slots[at] = asset;
    vec_push(&walk->reach->assets, asset);
}

/* Adds the assets that a statement gives. */
static bool add_all(struct walk *walk, struct sql_query *query, struct err *err)
{
    while (!walk->reach->more && sql_row(query))
        add(walk, sql_int(query, 0));
    return sql_done(query, err);
}

static bool add_found(struct walk *walk, const char *text, int64_t number, struct err *err)
{
    struct sql_query query;

    sql_query(&query, walk->sql, text);
    sql_bind_int(&query, 1, number);
    return add_all(walk, &query, err);
}

/* --------------------------------------------------------------------------------------------------- the start ---- */

static bool add_item(struct walk *walk, const struct assets_item *item, struct err *err)
{
    struct sql_query query;

    sql_query(&query, walk->sql, "SELECT asset, kind = 'backup_server' FROM item WHERE id = ?1 AND asset IS NOT NULL");
    sql_bind_int(&query, 1, item->id);
    if (sql_row(&query)) {
        add(walk, sql_int(&query, 0));
        walk->reach->server |= sql_int(&query, 1) != 0;
    }
    return sql_done(&query, err);
}

/* A machine that executes a backup server is part of what that is. */
static bool look_for_servers(struct walk *walk, struct err *err)
{
    struct sql_query query;

    sql_query(&query, walk->sql,
              "SELECT f.asset FROM asset a CROSS JOIN item b CROSS JOIN link l CROSS JOIN item f"
              " WHERE a.kind = 'backup_server' AND a.gone_at IS NULL AND a.merged_into IS NULL AND b.asset = a.id"
              " AND l.item = b.id AND l.relation = 'hosted_on' AND l.key IS NOT NULL AND f.scope = b.scope"
              " AND f.kind = l.kind AND f.key = l.key AND f.asset IS NOT NULL UNION ALL"
              " SELECT f.asset FROM asset a CROSS JOIN item b CROSS JOIN link l CROSS JOIN claim c CROSS JOIN item f"
              " WHERE a.kind = 'backup_server' AND a.gone_at IS NULL AND a.merged_into IS NULL AND b.asset = a.id"
              " AND l.item = b.id AND l.relation = 'hosted_on' AND l.attribute IS NOT NULL AND c.fact = l.attribute"
              " AND c.value = lower(l.value) AND f.id = c.item AND f.kind = l.kind AND f.asset IS NOT NULL");
    while (sql_row(&query)) {
        int64_t asset = sql_int(&query, 0);

        walk->reach->server |= walk->set.slots[slot_of(walk, asset)] == asset;
    }
    return sql_done(&query, err);
}

/* What joined and what parted stands at the end of the history, under this transaction's number. */
static bool add_joined(struct walk *walk, struct err *err)
{
    struct sql_query query;

    if (walk->journal == 0)
        return true;
    sql_query(&query, walk->sql,
              "SELECT journal, asset, CASE WHEN what IN ('joined', 'parted') THEN coalesce(json_extract(detail,"
              " '$.asset'), asset) END"
              " FROM history ORDER BY id DESC");
    while (!walk->reach->more && sql_row(&query) && sql_int(&query, 0) == walk->journal) {
        if (sql_int(&query, 2) != 0) {
            add(walk, sql_int(&query, 1));
            add(walk, sql_int(&query, 2));
        }
    }
    sqlite3_reset(query.statement);
    query.code = query.code == SQLITE_OK ? SQLITE_DONE : query.code;
    return sql_done(&query, err);
}

/* ----------------------------------------------------------------------------------------------------- the way ---- */

/* Who says something about one of the asset's items. Of one that is gone too: it stopped being there for them. */
static const char by_key[] = "SELECT n.asset FROM item f CROSS JOIN link l CROSS JOIN item n WHERE f.asset = ?1"
                             " AND l.kind = f.kind AND l.key = f.key AND l.relation <> 'same_as'"
                             " AND n.id = l.item AND n.scope = f.scope AND n.gone_at IS NULL AND n.asset IS NOT NULL";

/* Kinds and facts by which others may name the asset. */
static const char claimed[] = "SELECT DISTINCT f.kind, c.fact, c.value FROM item f CROSS JOIN claim c"
                              " WHERE f.asset = ?1 AND c.item = f.id";

/* One that is gone claims nothing any more. */
#define WORD(word, name) "('" name "'), "
static const char gone[] = "WITH fact(name) AS (VALUES " EVIDENCE_FACTS(
    WORD) "('')) SELECT f.kind, fact.name, lower(coalesce(json_extract(f.facts, '$.\"' || fact.name || '\"'),"
          " CASE WHEN fact.name = 'id.path' AND f.kind IN " EVIDENCE_KEY_PATHS
          " THEN f.key END)) FROM item f CROSS JOIN fact WHERE f.asset = ?1 AND f.gone_at IS NOT NULL";
#undef WORD

static const char namers[] =
    "SELECT n.asset FROM link l CROSS JOIN item n WHERE l.kind = ?1 AND l.attribute = ?2 AND lower(l.value) = ?3"
    " AND l.relation <> 'same_as' AND n.id = l.item AND n.gone_at IS NULL AND n.asset IS NOT NULL";

/* What one of its items says something about that the other end's verdict depends on. */
static const char out_by_key[] =
    "SELECT f.asset FROM item n CROSS JOIN link l CROSS JOIN item f WHERE n.asset = ?1 AND l.item = n.id"
    " AND l.relation IN " THINGS_INWARD " AND l.key IS NOT NULL AND f.scope = n.scope AND f.kind = l.kind"
    " AND f.key = l.key AND f.asset IS NOT NULL";
static const char named[] =
    "SELECT DISTINCT l.kind, l.attribute, lower(l.value) FROM item n CROSS JOIN link l WHERE n.asset = ?1"
    " AND l.item = n.id AND l.relation IN " THINGS_INWARD " AND l.attribute IS NOT NULL";
static const char claimants[] = "SELECT f.asset FROM claim c CROSS JOIN item f WHERE f.kind = ?1 AND c.fact = ?2"
                                " AND c.value = ?3 AND f.id = c.item AND f.asset IS NOT NULL";

/* By what an item was called until this transaction. */
static const char former[] =
    "SELECT f.kind, json_extract(e.value, '$.name'), lower(json_extract(e.value, '$.from')) FROM item f"
    " CROSS JOIN history h CROSS JOIN json_each(h.detail, '$.attributes') e WHERE f.id = ?1 AND h.id = f.last_history"
    " AND h.journal = ?2 AND h.what = 'changed'";

/* Relations that an item said until this transaction. Its newest entry is a move where it was both. */
#define PARTED(columns, more)                                                                                          \
    "SELECT " columns " FROM item n CROSS JOIN history h CROSS JOIN json_each(h.detail, '$.links.removed') e" more     \
    " WHERE n.id = ?1 AND h.id IN (n.last_history, (SELECT previous FROM history WHERE id = n.last_history))"          \
    " AND h.journal = ?2 AND h.what = 'changed' AND json_extract(e.value, '$.relation') IN " THINGS_INWARD
static const char parted_by_key[] =
    PARTED("f.asset", " CROSS JOIN item f") " AND f.scope = n.scope AND f.kind = json_extract(e.value, '$.kind')"
                                            " AND f.key = json_extract(e.value, '$.key') AND f.asset IS NOT NULL";
static const char parted_by_name[] =
    PARTED("json_extract(e.value, '$.kind'), b.key, lower(b.value)", " CROSS JOIN json_each(e.value, '$.by') b");
#undef PARTED

/* Notes a statement and the kind, fact and value that it is to be asked for; false: it was. */
static bool is_new(struct walk *walk, const char *text, struct sql_query *names)
{
    struct hash128 hash;

    str_clear(&walk->name);
    str_add_bytes(&walk->name, &text, sizeof text);
    for (int i = 0; i < 3; i++) {
        if (sql_is_null(names, i))
            return false;
        str_add_bytes(&walk->name, sql_text(names, i), strlen(sql_text(names, i)) + 1);
    }
    hash = hash128(hash_process_key(), walk->name.bytes, walk->name.length);
    return seen_add(&walk->asked, hash, hash) == SEEN_NEW;
}

/* Adds what the statement finds for each name that was not asked for yet. */
static bool add_named(struct walk *walk, struct sql_query *names, const char *text, struct err *err)
{
    struct sql_query query;
    bool good = true;

    while (good && !walk->reach->more && sql_row(names)) {
        if (!is_new(walk, text, names))
            continue;
        sql_query(&query, walk->sql, text);
        for (int i = 0; i < 3; i++)
            sql_bind_text(&query, i + 1, sql_text(names, i));
        good = add_all(walk, &query, err);
    }
    return sql_done(names, good ? err : NULL) && good;
}

static bool follow_names(struct walk *walk, int64_t asset, const char *names, const char *text, struct err *err)
{
    struct sql_query query;

    sql_query(&query, walk->sql, names);
    sql_bind_int(&query, 1, asset);
    return add_named(walk, &query, text, err);
}

static bool follow(struct walk *walk, int64_t asset, struct err *err)
{
    return add_found(walk, by_key, asset, err) && follow_names(walk, asset, claimed, namers, err) &&
           follow_names(walk, asset, gone, namers, err) && add_found(walk, out_by_key, asset, err) &&
           follow_names(walk, asset, named, claimants, err);
}

static bool follow_former(struct walk *walk, int64_t item, struct err *err)
{
    struct sql_query query;

    sql_query(&query, walk->sql, former);
    sql_bind_int(&query, 1, item);
    sql_bind_int(&query, 2, walk->journal);
    return add_named(walk, &query, namers, err);
}

/* What they led to has no relation any more that would lead there. */
static bool follow_parted(struct walk *walk, int64_t item, struct err *err)
{
    struct sql_query query;

    sql_query(&query, walk->sql, parted_by_key);
    sql_bind_int(&query, 1, item);
    sql_bind_int(&query, 2, walk->journal);
    if (!add_all(walk, &query, err))
        return false;
    sql_query(&query, walk->sql, parted_by_name);
    sql_bind_int(&query, 1, item);
    sql_bind_int(&query, 2, walk->journal);
    return add_named(walk, &query, claimants, err);
}

static bool walk_on(struct walk *walk, struct err *err)
{
    size_t at = 0;

    for (int hop = 0; hop < REACH_HOPS; hop++) {
        size_t end = walk->reach->assets.count;

        for (; at < end; at++) {
            if (walk->reach->more)
                return true;
            if (!follow(walk, walk->reach->assets.items[at], err))
                return false;
        }
    }
    return true;
}

static int compare_numbers(const void *one, const void *other)
{
    const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

    return (a > b) - (a < b);
}

static bool find(struct walk *walk, const struct assets_item *items, size_t count, struct err *err)
{
    for (size_t i = 0; i < count && !walk->reach->more; i++) {
        if (!add_item(walk, &items[i], err))
            return false;
    }
    for (size_t i = 0; i < count && !walk->reach->more; i++) {
        if (items[i].telling && walk->journal != 0 && !follow_parted(walk, items[i].id, err))
            return false;
    }
    for (size_t i = 0; i < count && !walk->reach->more; i++) {
        if (items[i].identity_changed && walk->journal != 0 && !follow_former(walk, items[i].id, err))
            return false;
    }
    return add_joined(walk, err) && look_for_servers(walk, err) && walk_on(walk, err);
}

bool reach_find(struct sql *sql, int64_t journal, const struct assets_item *items, size_t count, struct reach *reach,
                struct err *err)
{
    struct walk walk = { .sql = sql, .reach = reach, .journal = journal };
    bool good;

    *reach = (struct reach){ 0 };
    for (walk.set.capacity = 64; walk.set.capacity < 2 * (size_t)REACH_MOST;)
        walk.set.capacity *= 2;
    walk.set.slots = mem_new(walk.set.capacity, sizeof *walk.set.slots);
    good = find(&walk, items, count, err);
    free(walk.set.slots);
    seen_finish(&walk.asked);
    str_finish(&walk.name);
    if (reach->assets.count > 0)
        qsort(reach->assets.items, reach->assets.count, sizeof *reach->assets.items, compare_numbers);
    return good;
}
