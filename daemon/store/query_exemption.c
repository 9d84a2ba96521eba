#include "query_exemption.h"

#include "exemption_row.h"
#include "mem.h"
#include "reading.h"

#include <stdlib.h>
#include <string.h>

struct list {
    bool all;
    int64_t now;
    struct query_exemptions *exemptions;
    vec(struct query_exemption) found;
};

/* ------------------------------------------------------------------------------------------------------- rows ---- */

static const char *keep(struct query *query, const char *text)
{
    return text == NULL ? NULL : arena_text(query->arena, text);
}

/* The selectors' texts live as long as what was loaded: these live on. */
static struct exemption_selector keep_selector(struct query *query, const struct exemption_selector *selector)
{
    struct exemption_selector kept = { .asset = selector->asset };

    for (const struct exemption_member *member = exemption_members; member->name != NULL; member++)
        exemption_set(&kept, member, keep(query, exemption_text(selector, member)));
    return kept;
}

static bool read_rows(struct query *query, struct list *list, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT id, reason, ticket, approved_by, name, made_at, until_at, ended_at, ended_why FROM exemption"
              " WHERE ?1 OR (ended_at IS NULL AND until_at > ?2)"
              " ORDER BY ended_at IS NOT NULL OR until_at <= ?2, until_at, id");
    sql_bind_int(&rows, 1, list->all);
    sql_bind_int(&rows, 2, list->now);
    while (sql_row(&rows)) {
        const struct query_exemption exemption = {
            .id = sql_int(&rows, 0),
            .reason = reading_text(query, &rows, 1),
            .ticket = reading_text(query, &rows, 2),
            .approved_by = reading_text(query, &rows, 3),
            .by = reading_text(query, &rows, 4),
            .made_at = sql_int(&rows, 5),
            .until_at = sql_int(&rows, 6),
            .ended_at = sql_int(&rows, 7),
            .ended_why = reading_text(query, &rows, 8),
            .in_force = sql_is_null(&rows, 7) && sql_int(&rows, 6) > list->now,
        };

        vec_push(&list->found, exemption);
    }
    return sql_done(&rows, err);
}

/* -------------------------------------------------------------------------------------------------- selectors ---- */

static bool read_name(struct query *query, struct query_exemption *exemption, struct err *err)
{
    struct sql_query rows;

    if (exemption->selector.asset == 0)
        return true;
    sql_query(&rows, &query->sql, "SELECT name FROM asset WHERE id = ?1");
    sql_bind_int(&rows, 1, exemption->selector.asset);
    if (sql_row(&rows))
        exemption->asset_name = reading_text(query, &rows, 0);
    return sql_done(&rows, err);
}

static bool read_selectors(struct query *query, struct list *list, struct err *err)
{
    struct exemptions exemptions;
    bool good = true;

    if (!exemptions_load_all(&exemptions, &query->sql, err))
        return false;
    for (size_t i = 0; good && i < list->found.count; i++) {
        struct query_exemption *exemption = &list->found.items[i];
        size_t place = exemptions_place(&exemptions, exemption->id);

        if (place < exemptions.list.count)
            exemption->selector = keep_selector(query, &exemptions.list.items[place].selector);
        good = read_name(query, exemption, err);
    }
    exemptions_finish(&exemptions);
    return good;
}

static bool count_covered(struct query *query, struct list *list, struct err *err)
{
    struct exemptions exemptions;
    int64_t *counts;
    bool good;

    if (!exemptions_load(&exemptions, &query->sql, list->now, err))
        return false;
    counts = mem_new(exemptions.list.count + 1, sizeof *counts);
    good = exemptions_count(&exemptions, &query->sql, counts, err);
    for (size_t i = 0; good && i < list->found.count; i++) {
        /* there is one place more for those that are not there */
        list->found.items[i].covers = counts[exemptions_place(&exemptions, list->found.items[i].id)];
    }
    free(counts);
    exemptions_finish(&exemptions);
    return good;
}

static bool read_list(struct query *query, void *context, struct err *err)
{
    struct list *list = context;
    bool good = read_rows(query, list, err) && read_selectors(query, list, err) && count_covered(query, list, err);

    READING_KEEP(query, &list->found, list->exemptions->list, list->exemptions->count);
    return good;
}

bool query_exemptions(struct query *query, bool all, int64_t now, struct arena *arena,
                      struct query_exemptions *exemptions, struct err *err)
{
    struct list list = { .all = all, .now = now, .exemptions = exemptions };

    *exemptions = (struct query_exemptions){ 0 };
    return reading_run(query, arena, read_list, &list, err);
}

/* --------------------------------------------------------------------------------------------------- findings ---- */

static bool read_counts(struct query *query, void *context, struct err *err)
{
    struct query_finding_counts *counts = context;
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT need, count(*), sum(assets > 0 AND exempt >= assets) FROM finding WHERE state = 'open'"
              " GROUP BY need");
    while (sql_row(&rows)) {
        for (enum need need = NEED_LOOK; need <= NEED_ACT; need++) {
            if (strcmp(need_word(need), sql_text(&rows, 0)) != 0)
                continue;
            counts->open[need] = sql_int(&rows, 1);
            counts->exempt[need] = sql_int(&rows, 2);
        }
    }
    return sql_done(&rows, err);
}

bool query_finding_counts(struct query *query, struct arena *arena, struct query_finding_counts *counts,
                          struct err *err)
{
    *counts = (struct query_finding_counts){ 0 };
    return reading_run(query, arena, read_counts, counts, err);
}
