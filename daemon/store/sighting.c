#include "sighting.h"

#include "gone_by.h"
#include "mem.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

/* An identity as it is stored: its bytes are in the order of its numbers. */
struct stored {
    uint64_t high, low;
};

static struct stored store(struct hash128 hash)
{
    return (struct stored){ htobe64(hash.high), htobe64(hash.low) };
}

/* Of the content's hash, half is stored: it is only ever compared with the next content of the same item. A narrow row
 * keeps the pages few that a scan with scattered changes writes. */
static uint64_t store_content(struct hash128 hash)
{
    return htobe64(hash.low);
}

static int compare(struct hash128 a, struct hash128 b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return (a.low > b.low) - (a.low < b.low);
}

struct hash128 sighting_identity(struct sql_query *query, int column)
{
    struct stored stored = { 0 };
    size_t size;
    const void *bytes = sql_bytes(query, column, &size);

    if (size == sizeof stored)
        memcpy(&stored, bytes, sizeof stored);
    return (struct hash128){ .low = be64toh(stored.low), .high = be64toh(stored.high) };
}

static bool is_content(struct sql_query *query, int column, struct hash128 content)
{
    uint64_t stored = store_content(content);
    size_t size;
    const void *bytes = sql_bytes(query, column, &size);

    return size == sizeof stored && memcmp(bytes, &stored, sizeof stored) == 0;
}

void sightings_finish(struct sightings *sightings)
{
    vec_finish(&sightings->found);
    vec_finish(&sightings->fresh);
    vec_finish(&sightings->missing);
}

/* --------------------------------------------------------------------------------------------------- comparing ---- */

/* The batch in the table's order. */
struct order {
    struct fresh *items;
    size_t count;
    struct identities gone;
};

static int compare_items(const void *a, const void *b)
{
    return compare(((const struct fresh *)a)->found->identity, ((const struct fresh *)b)->found->identity);
}

static int compare_gone(const void *a, const void *b)
{
    return compare(*(const struct hash128 *)a, *(const struct hash128 *)b);
}

static bool order_init(struct order *order, struct work *work, struct err *err)
{
    const struct batch *batch = work->commit->batch;

    *order = (struct order){ .count = batch->items.count };
    order->items = mem_new(order->count + 1, sizeof *order->items);
    for (size_t i = 0; i < order->count; i++)
        order->items[i].found = &batch->items.items[i];
    qsort(order->items, order->count, sizeof *order->items, compare_items);
    vec_each (gone, &batch->gone)
        vec_push(&order->gone.list, gone->identity);
    if (!gone_by_find(work, &order->gone, err))
        return false;
    if (order->gone.list.count > 0)
        qsort(order->gone.list.items, order->gone.list.count, sizeof *order->gone.list.items, compare_gone);
    return true;
}

static void order_finish(struct order *order)
{
    free(order->items);
    vec_finish(&order->gone.list);
}

static bool is_gone(const struct order *order, struct hash128 identity)
{
    return order->gone.list.count > 0 && bsearch(&identity, order->gone.list.items, order->gone.list.count,
                                                 sizeof *order->gone.list.items, compare_gone) != NULL;
}

/* An identity that is there twice counts once. */
static const struct batch_item *take(const struct order *order, size_t *at)
{
    const struct batch_item *item = order->items[(*at)++].found;

    while (*at < order->count && compare(order->items[*at].found->identity, item->identity) == 0)
        ++*at;
    return item;
}

static void miss(struct sightings *sightings, struct sighting *known, const struct order *order, bool delta)
{
    known->gone = delta && is_gone(order, known->identity);
    if (!delta || known->gone || known->held)
        vec_push(&sightings->missing, *known);
}

static void find(struct sightings *sightings, struct sighting *known)
{
    if (known->differs || known->missed || known->held)
        vec_push(&sightings->found, *known);
}

static void compare_rows(struct sql_query *query, struct sightings *sightings, const struct order *order, bool delta)
{
    size_t at = 0;

    while (sql_row(query)) {
        struct sighting known = {
            .identity = sighting_identity(query, 0),
            .item = sql_int(query, 2),
            .missed = !sql_is_null(query, 3),
            .held = sql_int(query, 4) != 0,
        };

        sightings->held += known.held;
        while (at < order->count && compare(order->items[at].found->identity, known.identity) < 0)
            vec_push(&sightings->fresh, (struct fresh){ .found = take(order, &at) });
        if (at == order->count || compare(order->items[at].found->identity, known.identity) != 0) {
            miss(sightings, &known, order, delta);
            continue;
        }
        known.found = take(order, &at);
        known.differs = !is_content(query, 1, known.found->content);
        find(sightings, &known);
    }
    while (at < order->count)
        vec_push(&sightings->fresh, (struct fresh){ .found = take(order, &at) });
}

bool sightings_compare(struct work *work, struct sightings *sightings, struct err *err)
{
    struct sql_query query;
    struct order order;

    if (!order_init(&order, work, err)) {
        order_finish(&order);
        return false;
    }
    sql_query(&query, work->sql,
              "SELECT identity, hash, item, missed_at, held FROM sighting WHERE target = ?1 ORDER BY identity");
    sql_bind_int(&query, 1, work->target.id);
    compare_rows(&query, sightings, &order, work->commit->completeness == DELTA);
    order_finish(&order);
    return sql_done(&query, err);
}

bool sightings_held(struct work *work, struct sightings *sightings, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "SELECT identity, item FROM sighting WHERE target = ?1 AND held = 1");
    sql_bind_int(&query, 1, work->target.id);
    while (sql_row(&query)) {
        const struct sighting held = {
            .identity = sighting_identity(&query, 0),
            .item = sql_int(&query, 1),
            .missed = true,
            .held = true,
        };

        vec_push(&sightings->missing, held);
    }
    return sql_done(&query, err);
}

/* ----------------------------------------------------------------------------------------------------- writing ---- */

static void bind_key(struct work *work, struct sql_query *query, const struct stored *identity)
{
    sql_bind_int(query, 1, work->target.id);
    sql_bind_bytes(query, 2, identity, sizeof *identity);
}

bool sighting_add(struct work *work, const struct batch_item *found, int64_t item, struct err *err)
{
    const struct stored identity = store(found->identity);
    const uint64_t content = store_content(found->content);
    struct sql_query query;

    sql_query(&query, work->sql, "INSERT INTO sighting (target, identity, hash, item) VALUES (?1, ?2, ?3, ?4)");
    bind_key(work, &query, &identity);
    sql_bind_bytes(&query, 3, &content, sizeof content);
    sql_bind_int(&query, 4, item);
    return sql_done(&query, err);
}

bool sighting_find(struct work *work, const struct sighting *sighting, struct err *err)
{
    const struct stored identity = store(sighting->identity);
    const uint64_t content = store_content(sighting->found->content);
    struct sql_query query;

    sql_query(&query, work->sql,
              "UPDATE sighting SET hash = ?3, missed_at = NULL, held = 0 WHERE target = ?1 AND identity = ?2");
    bind_key(work, &query, &identity);
    sql_bind_bytes(&query, 3, &content, sizeof content);
    return sql_done(&query, err);
}

bool sighting_drop(struct work *work, const struct sighting *sighting, struct err *err)
{
    const struct stored identity = store(sighting->identity);
    struct sql_query query;

    sql_query(&query, work->sql, "DELETE FROM sighting WHERE target = ?1 AND identity = ?2");
    bind_key(work, &query, &identity);
    return sql_done(&query, err);
}

bool sighting_miss(struct work *work, const struct sighting *sighting, bool held, int64_t seen_at, struct err *err)
{
    const struct stored identity = store(sighting->identity);
    struct sql_query query;

    if (sighting->missed && sighting->held == held)
        return true;
    sql_query(&query, work->sql,
              "UPDATE sighting SET missed_at = coalesce(missed_at, ?3), held = ?4 WHERE target = ?1 AND identity = ?2");
    bind_key(work, &query, &identity);
    sql_bind_int(&query, 3, seen_at);
    sql_bind_int(&query, 4, held);
    return sql_done(&query, err);
}
