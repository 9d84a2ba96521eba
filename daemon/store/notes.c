#include "notes.h"

#include "map.h"
#include "str.h"

#include <inttypes.h>
#include <string.h>

/* ---------------------------------------------------------------------------------------------------- warnings ---- */

static void add_part(struct str *out, const char *text)
{
    if (text == NULL)
        str_add_char(out, '0');
    else
        str_format(out, "1%zu:%s", strlen(text), text);
}

static struct hash128 hash_of(const struct batch_warning *warning, struct str *scratch)
{
    str_clear(scratch);
    add_part(scratch, warning->kind);
    add_part(scratch, warning->key);
    add_part(scratch, warning->text);
    return hash128(&hash_stable_key, scratch->bytes, scratch->length);
}

/* A sum, so that the order does not count. */
static struct hash128 hash_all(const struct batch *batch)
{
    struct hash128 sum = { 0 };
    struct str scratch = STR_EMPTY;

    for (size_t i = 0; i < batch->warnings.count; i++) {
        struct hash128 hash = hash_of(&batch->warnings.items[i], &scratch);

        sum.low += hash.low;
        sum.high += hash.high;
    }
    str_finish(&scratch);
    return sum;
}

static bool same_warnings(const struct target_row *row, const struct batch *batch, struct hash128 hash)
{
    if (!row->has_warnings_hash || batch->warnings.count == 0)
        return !row->has_warnings_hash && batch->warnings.count == 0;
    return row->warnings_hash.low == hash.low && row->warnings_hash.high == hash.high;
}

static bool drop_warnings(struct work *work, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "DELETE FROM warning WHERE target = ?1");
    sql_bind_int(&query, 1, work->target.id);
    return sql_done(&query, err);
}

static bool add_warning(struct work *work, int64_t number, const struct batch_warning *warning, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "INSERT INTO warning (target, number, kind, key, text) VALUES (?1, ?2, ?3, ?4, ?5)");
    sql_bind_int(&query, 1, work->target.id);
    sql_bind_int(&query, 2, number);
    sql_bind_text(&query, 3, warning->kind);
    sql_bind_text(&query, 4, warning->key);
    sql_bind_text(&query, 5, warning->text);
    return sql_done(&query, err);
}

bool notes_warnings(struct work *work, struct err *err)
{
    const struct batch *batch = work->commit->batch;
    struct hash128 hash = hash_all(batch);

    if (same_warnings(&work->target, batch, hash))
        return true;
    work->target.has_warnings_hash = batch->warnings.count > 0;
    work->target.warnings_hash = hash;
    if (!drop_warnings(work, err))
        return false;
    for (size_t i = 0; i < batch->warnings.count; i++) {
        if (!add_warning(work, (int64_t)i + 1, &batch->warnings.items[i], err))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------------ offers ---- */

static const char *key_of(struct work *work, const char *plugin, const char *host, int64_t port)
{
    return arena_format(&work->arena, "%s %" PRId64 " %s", plugin, port, host);
}

static bool add_offer(struct work *work, const struct batch_offer *offer, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql,
              "INSERT INTO offer (target, plugin, host, port, evidence, first_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
              " ON CONFLICT (target, plugin, host, port) DO UPDATE SET evidence = excluded.evidence"
              " WHERE evidence <> excluded.evidence");
    sql_bind_int(&query, 1, work->target.id);
    sql_bind_text(&query, 2, offer->plugin);
    sql_bind_text(&query, 3, offer->host);
    sql_bind_int(&query, 4, (int64_t)offer->port);
    sql_bind_text(&query, 5, offer->evidence);
    sql_bind_int(&query, 6, work->at);
    return sql_done(&query, err);
}

struct stale {
    const char *plugin, *host;
    int64_t port;
};

static bool drop_offer(struct work *work, const struct stale *stale, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "DELETE FROM offer WHERE target = ?1 AND plugin = ?2 AND host = ?3 AND port = ?4");
    sql_bind_int(&query, 1, work->target.id);
    sql_bind_text(&query, 2, stale->plugin);
    sql_bind_text(&query, 3, stale->host);
    sql_bind_int(&query, 4, stale->port);
    return sql_done(&query, err);
}

static bool drop_others(struct work *work, const struct map *offered, struct err *err)
{
    vec(struct stale) stale = VEC_EMPTY;
    struct sql_query query;
    bool good;

    sql_query(&query, work->sql, "SELECT plugin, host, port FROM offer WHERE target = ?1");
    sql_bind_int(&query, 1, work->target.id);
    while (sql_row(&query)) {
        const char *plugin = sql_text(&query, 0), *host = sql_text(&query, 1);
        int64_t port = sql_int(&query, 2);

        if (map_get(offered, key_of(work, plugin, host, port)) == NULL)
            vec_push(&stale, (struct stale){ arena_text(&work->arena, plugin), arena_text(&work->arena, host), port });
    }
    good = sql_done(&query, err);
    for (size_t i = 0; good && i < stale.count; i++)
        good = drop_offer(work, &stale.items[i], err);
    vec_finish(&stale);
    return good;
}

bool notes_offers(struct work *work, struct err *err)
{
    const struct batch *batch = work->commit->batch;
    struct map offered = MAP_EMPTY;
    bool good = true;

    for (size_t i = 0; good && i < batch->offers.count; i++) {
        struct batch_offer *offer = &batch->offers.items[i];

        map_put(&offered, key_of(work, offer->plugin, offer->host, (int64_t)offer->port), offer);
        good = add_offer(work, offer, err);
    }
    if (good && work->commit->completeness == COMPLETE)
        good = drop_others(work, &offered, err);
    map_finish(&offered);
    return good;
}
