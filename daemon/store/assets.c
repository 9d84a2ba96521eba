#include "assets.h"

#include "asset.h"
#include "settle.h"
#include "sql.h"
#include "subject.h"
#include "web.h"

#include <stdlib.h>
#include <string.h>

/* Brings the claims of one item up to date. */
static bool write_claims(struct webs *webs, const struct assets_item *item, struct arena *arena, struct err *err)
{
    struct claims old = { 0 }, claims;
    struct subject subject;
    bool found, ruled, is_new;

    if (!subject_load(webs->sql, arena, item->id, &subject, &found, err))
        return false;
    if (!found)
        return err_set(err, ERR_BUG, "item %lld was said to be touched and is not there", (long long)item->id);
    ruled = identity_is_ruled(webs->rules, subject.scope_name, subject.kind, subject.key);
    is_new = item->appeared && subject.asset == 0;
    if ((!is_new && !subject_old_claims(webs->sql, arena, item->id, &old, err)) ||
        !subject_new_claims(webs->sql, arena, &subject, ruled, &old, &claims, err) ||
        !subject_replace_claims(webs->sql, item->id, &old, &claims, err))
        return false;
    webs_lose(webs, &old);
    return !subject.gone || subject.asset == 0 || webs_queue_asset(webs, subject.asset, err);
}

static bool write_all_claims(struct webs *webs, const struct assets_item *items, size_t count, struct err *err)
{
    struct arena arena;
    bool good = true;

    arena_init(&arena, ARENA_PLAIN);
    for (size_t i = 0; good && i < count; i++) {
        arena_reset(&arena);
        if (assets_item_concerns(&items[i]))
            good = write_claims(webs, &items[i], &arena, err);
    }
    arena_finish(&arena);
    return good;
}

static bool settle_item(const struct settle *settle, struct web *web, int64_t id, struct err *err)
{
    if (webs_is_done(settle->webs, id))
        return true;
    if (!webs_gather(settle->webs, id, web, err))
        return false;
    webs_done(settle->webs, web);
    return settle_web(settle, web, err);
}

/* The queue grows while it is worked on: what becomes common on the way parts others. */
static bool settle_all(const struct settle *settle, const struct assets_item *items, size_t count, struct err *err)
{
    struct webs *webs = settle->webs;
    bool good = true;
    struct web web;

    web_init(&web);
    for (size_t i = 0; good && i < count; i++)
        good = items[i].gone || !assets_item_concerns(&items[i]) || settle_item(settle, &web, items[i].id, err);
    for (size_t i = 0; good && i < webs->queue.count; i++)
        good = settle_item(settle, &web, webs->queue.items[i], err);
    web_finish(&web);
    return good;
}

static bool close_assets(const struct settle *settle, const struct assets_item *items, size_t count, struct err *err)
{
    struct sql_query query;

    for (size_t i = 0; i < count; i++) {
        int64_t asset;

        if (!items[i].gone)
            continue;
        sql_query(&query, settle->webs->sql, "SELECT asset FROM item WHERE id = ?1");
        sql_bind_int(&query, 1, items[i].id);
        asset = sql_row(&query) ? sql_int(&query, 0) : 0;
        if (!sql_done(&query, err) || !asset_close(settle->webs->sql, asset, settle->at, err))
            return false;
    }
    return true;
}

bool assets_update(struct sql *sql, int64_t journal, int64_t at, const struct assets_item *items, size_t count,
                   const struct identity_rules *rules, struct err *err)
{
    struct webs webs;
    struct settle settle = { .webs = &webs, .journal = journal, .at = at };
    bool good;

    webs_init(&webs, sql, rules, items, count);
    good = write_all_claims(&webs, items, count, err) && webs_look(&webs, err) && webs_queue_concerned(&webs, err) &&
           settle_all(&settle, items, count, err) && close_assets(&settle, items, count, err);
    webs_finish(&webs);
    return good || err_add(err, "working out which items are one asset");
}

struct touched {
    vec(struct assets_item) items;
};

static bool touch_found(struct sql_query *query, struct touched *touched, struct err *err)
{
    while (sql_row(query))
        vec_push(&touched->items, (struct assets_item){ .id = sql_int(query, 0), .identity_changed = true });
    return sql_done(query, err);
}

static bool touch_ref(struct sql *sql, const struct identity_ref *ref, struct touched *touched, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "SELECT id FROM item WHERE scope IN (SELECT id FROM scope WHERE ?1 IS NULL OR name = ?1)"
              " AND kind = ?2 AND key = ?3 AND gone_at IS NULL");
    sql_bind_text(&query, 1, ref->scope);
    sql_bind_text(&query, 2, ref->kind);
    sql_bind_text(&query, 3, ref->key);
    return touch_found(&query, touched, err);
}

static int compare_items(const void *one, const void *other)
{
    const struct assets_item *a = one, *b = other;

    return (a->id > b->id) - (a->id < b->id);
}

static void drop_repeated(struct touched *touched)
{
    size_t kept = 0;

    if (touched->items.count > 0)
        qsort(touched->items.items, touched->items.count, sizeof *touched->items.items, compare_items);
    vec_each (item, &touched->items) {
        if (kept == 0 || touched->items.items[kept - 1].id != item->id)
            touched->items.items[kept++] = *item;
    }
    touched->items.count = kept;
}

bool assets_apply_rules(struct sql *sql, int64_t journal, int64_t at, const struct identity_rules *rules,
                        struct err *err)
{
    struct touched touched = { VEC_EMPTY };
    struct sql_query query;
    bool good;

    sql_query(&query, sql,
              "SELECT c.item FROM claim c JOIN item i ON i.id = c.item WHERE c.fact = 'rule' AND i.gone_at IS NULL");
    good = touch_found(&query, &touched, err);
    for (size_t i = 0; good && rules != NULL && i < rules->count; i++) {
        for (size_t j = 0; good && j < rules->rules[i].count; j++)
            good = touch_ref(sql, &rules->rules[i].items[j], &touched, err);
    }
    drop_repeated(&touched);
    good = good && assets_update(sql, journal, at, touched.items.items, touched.items.count, rules, err);
    vec_finish(&touched.items);
    return good;
}
