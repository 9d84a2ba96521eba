/* Who must be looked at again although nothing of theirs was touched. */
#include "sql.h"
#include "web.h"

#include <stdlib.h>
#include <string.h>

void webs_lose(struct webs *webs, const struct claims *lost)
{
    for (size_t i = 0; i < lost->count; i++) {
        const struct claim *claim = &lost->items[i];
        char *key = arena_format(&webs->arena, "%s%c%s", claim->fact, '\0', claim->value);

        map_put_bytes(&webs->lost, key, strlen(claim->fact) + 1 + strlen(claim->value), key);
    }
}

static bool queue_found(struct webs *webs, struct sql_query *query, struct err *err)
{
    size_t before = webs->queue.count;

    while (sql_row(query))
        vec_push(&webs->queue, sql_int(query, 0));
    /* A crowd joins nothing, with one more or less. */
    if (webs->queue.count > before + IDENTITY_CROWD)
        webs->queue.count = before;
    return sql_done(query, err);
}

static bool queue_claimants(struct webs *webs, const char *fact, const char *value, struct err *err)
{
    struct sql_query query;

    sql_query(&query, webs->sql, "SELECT item FROM claim WHERE fact = ?1 AND value = ?2 LIMIT ?3");
    sql_bind_text(&query, 1, fact);
    sql_bind_text(&query, 2, value);
    sql_bind_int(&query, 3, IDENTITY_CROWD + 1);
    return queue_found(webs, &query, err);
}

/* The item that a declaration by key has named: SCOPE/KIND/KEY. */
static bool queue_named(struct webs *webs, const char *value, struct err *err)
{
    struct sql_query query;

    sql_query(&query, webs->sql,
              "SELECT id FROM item WHERE scope = ?1 AND kind = substr(?2, 1, instr(?2, '/') - 1)"
              " AND key = substr(?2, instr(?2, '/') + 1)");
    sql_bind_int(&query, 1, strtoll(value, NULL, 10));
    sql_bind_text(&query, 2, strchr(value, '/') + 1);
    return queue_found(webs, &query, err);
}

static bool queue_lost(struct webs *webs, const char *fact, const char *value, struct err *err)
{
    if (strcmp(fact, "same_as") == 0)
        return queue_named(webs, value, err);
    if (strncmp(fact, "same_as:", 8) == 0)
        return queue_claimants(webs, fact + 8, value, err);
    for (int i = 0; i < EVIDENCE_COUNT; i++) {
        if (strcmp(fact, subject_evidence_word((enum evidence_kind)i)) == 0)
            return queue_claimants(webs, fact, value, err);
    }
    for (int i = 0; i < FACT_COUNT; i++) {
        if (webs->tie_by[i] && strcmp(fact, evidence_fact_name((enum evidence_fact)i)) == 0)
            return queue_claimants(webs, arena_format(&webs->arena, "same_as:%s", fact), value, err);
    }
    return true;
}

static int compare_ids(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

    return (a > b) - (a < b);
}

bool webs_queue_concerned(struct webs *webs, struct err *err)
{
    const struct map_entry *entry;
    size_t at = 0;

    while ((entry = map_next(&webs->lost, &at)) != NULL) {
        if (!queue_lost(webs, entry->key, entry->key + strlen(entry->key) + 1, err))
            return false;
    }
    /* The order of the table is none; numbers of new assets should have one. */
    if (webs->queue.count > 0)
        qsort(webs->queue.items, webs->queue.count, sizeof *webs->queue.items, compare_ids);
    return true;
}

bool webs_queue_asset(struct webs *webs, int64_t asset, struct err *err)
{
    struct sql_query query;

    sql_query(&query, webs->sql, "SELECT id FROM item WHERE asset = ?1 AND gone_at IS NULL LIMIT ?2");
    sql_bind_int(&query, 1, asset);
    sql_bind_int(&query, 2, IDENTITY_CROWD + 1);
    return queue_found(webs, &query, err);
}
