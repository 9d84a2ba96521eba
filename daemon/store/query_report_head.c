/* The head of a report: all that does not grow with the fleet. */
#include "reading_protection.h"
#include "reading_report.h"

#include "history.h"
#include "mem.h"

#include <stdlib.h>

/* -------------------------------------------------------------------------------------------------- population ---- */

/* Where the number of a target is in the head, and the last asset that was counted for it. */
struct place {
    int64_t target, last;
    size_t at;
};

static int compare_places(const void *one, const void *other)
{
    const struct place *a = one, *b = other;

    return (a->target > b->target) - (a->target < b->target);
}

static bool find_places(struct query_report *report, const struct query_report_head *head, struct place *places,
                        struct err *err)
{
    struct sql_query rows;
    bool good = true;

    for (size_t i = 0; good && i < head->target_count; i++) {
        places[i] = (struct place){ .at = i };
        sql_query(&rows, &report->query->sql, "SELECT id FROM target WHERE name = ?1");
        sql_bind_text(&rows, 1, head->targets[i].name);
        if (sql_row(&rows))
            places[i].target = sql_int(&rows, 0);
        good = sql_done(&rows, err);
    }
    if (head->target_count > 0)
        qsort(places, head->target_count, sizeof *places, compare_places);
    return good;
}

/* Assets come in their order, so the last one that a target was counted for tells whether this one was. */
static bool count_seen(struct query_report *report, struct query_report_head *head, struct place *places,
                       struct err *err)
{
    int64_t asset = 0, seen = 0;
    struct sql_query rows;

    sql_query(&rows, &report->query->sql,
              "SELECT s.target, i.asset FROM item i INDEXED BY item_by_asset CROSS JOIN sighting s ON s.item = i.id"
              " WHERE i.asset > 0 ORDER BY i.asset");
    while (sql_row(&rows)) {
        struct place key = { .target = sql_int(&rows, 0) }, *place = NULL;

        if (head->target_count > 0)
            place = bsearch(&key, places, head->target_count, sizeof key, compare_places);
        if (place == NULL || place->last == sql_int(&rows, 1))
            continue;
        place->last = sql_int(&rows, 1);
        head->target_assets[place->at]++;
        seen = place->last == asset ? seen + 1 : 1;
        asset = place->last;
        head->shared += seen == 2;
    }
    return sql_done(&rows, err);
}

static bool count_targets(struct query_report *report, struct query_report_head *head, struct err *err)
{
    struct place *places = mem_new(head->target_count + 1, sizeof *places);
    bool good;

    head->target_assets = arena_alloc(report->query->arena, (head->target_count + 1) * sizeof *head->target_assets);
    good = find_places(report, head, places, err) && count_seen(report, head, places, err);
    free(places);
    return good;
}

static bool read_present(struct query_report *report, struct query_report_head *head, struct err *err)
{
    struct query_summary summary;

    if (!reading_judged_at(report->query, &head->judged_at, err) ||
        !reading_summary(report->query, report->at, &summary, err))
        return false;
    head->assets = summary.assets;
    head->kinds = summary.kinds;
    head->kind_count = summary.kind_count;
    head->targets = summary.targets;
    head->target_count = summary.target_count;
    return count_targets(report, head, err);
}

/* What was away then and came back has no end today: the first that became of each of its items afterwards tells. */
#define AWAY                                                                                                           \
    "WITH back(id) AS MATERIALIZED (SELECT DISTINCT asset FROM history INDEXED BY history_by_asset"                    \
    " WHERE " HISTORY_RARE " AND what = 'returned' AND at > ?1),"                                                      \
    " away(id) AS MATERIALIZED (SELECT b.id FROM back b WHERE NOT EXISTS (SELECT 1 FROM item i WHERE i.asset = b.id"   \
    " AND i.appeared_at <= ?1 AND coalesce((SELECT h.what <> 'returned' FROM history h WHERE h.asset = b.id"           \
    " AND h.item = i.id AND h.at > ?1 AND h.what IN ('gone', 'retired', 'returned') ORDER BY h.id LIMIT 1),"           \
    " i.gone_at IS NULL OR i.gone_at > ?1)))"

static bool read_past_kinds(struct query_report *report, struct query_report_head *head, struct err *err)
{
    vec(struct query_count) kinds = VEC_EMPTY;
    struct query *query = report->query;
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              AWAY " SELECT kind, count(*) AS assets FROM asset WHERE created_at <= ?1 AND merged_into IS NULL"
                   " AND (gone_at IS NULL OR gone_at > ?1) AND id NOT IN (SELECT id FROM away) GROUP BY kind ORDER BY "
                   "assets DESC, kind");
    sql_bind_int(&rows, 1, report->at);
    while (sql_row(&rows)) {
        struct query_count count = { .assets = sql_int(&rows, 1) };

        count.name = reading_text(query, &rows, 0);
        vec_push(&kinds, count);
        head->assets += count.assets;
    }
    READING_KEEP(query, &kinds, head->kinds, head->kind_count);
    return sql_done(&rows, err);
}

/* An unchanged scan writes no journal, so the last row by then has the result of then. */
static const char past_targets[] =
    "SELECT t.name, t.plugin, c.name, coalesce(j.result, ''), coalesce(j.message, '') FROM target t"
    " JOIN scope c ON c.id = t.scope LEFT JOIN journal j ON j.id = (SELECT id FROM journal WHERE target = t.id"
    " AND kind = 'scan' AND ended_at <= ?1 ORDER BY id DESC LIMIT 1)"
    " WHERE j.id IS NOT NULL OR (t.configured AND coalesce(t.configured_at, 0) <= ?1) ORDER BY t.name";

static bool read_past_targets(struct query_report *report, struct query_report_head *head, struct err *err)
{
    vec(struct query_target) targets = VEC_EMPTY;
    struct query *query = report->query;
    struct sql_query rows;

    sql_query(&rows, &query->sql, past_targets);
    sql_bind_int(&rows, 1, report->at);
    while (sql_row(&rows)) {
        struct query_target target = { .state = "", .held_why = "", .items = -1 };

        target.name = reading_text(query, &rows, 0);
        target.plugin = reading_text(query, &rows, 1);
        target.scope = reading_text(query, &rows, 2);
        target.result = reading_text(query, &rows, 3);
        target.message = reading_text(query, &rows, 4);
        vec_push(&targets, target);
    }
    READING_KEEP(query, &targets, head->targets, head->target_count);
    head->shared = -1;
    head->target_assets = arena_alloc(query->arena, (head->target_count + 1) * sizeof *head->target_assets);
    for (size_t i = 0; i < head->target_count; i++)
        head->target_assets[i] = -1;
    return sql_done(&rows, err);
}

/* ------------------------------------------------------------------------------------------------------- whole ---- */

static bool read_population(struct query_report *report, struct query_report_head *head, struct err *err)
{
    if (!report->past)
        return read_present(report, head, err);
    return read_past_kinds(report, head, err) && read_past_targets(report, head, err);
}

bool query_report_head(struct query_report *report, struct arena *arena, struct query_report_head *head,
                       struct err *err)
{
    *head = (struct query_report_head){
        .at = report->at,
        .since = report->since,
        .oldest = report->oldest / REPORT_DAY_MS * REPORT_DAY_MS,
        .past = report->past,
        .first = report->first,
        .day_count = report->day_count,
    };
    reading_report_into(report, arena);
    if (report->day_count > 0)
        head->days = arena_bytes(arena, report->days, report->day_count * sizeof *report->days);
    return (read_population(report, head, err) && reading_report_basis(report, head, err) &&
            reading_report_counts(report, head, err) && reading_report_coverage(report, head, err) &&
            reading_report_footnotes(report, head, err) && reading_report_servers(report, head, err)) ||
           reading_report_failed(report, err);
}
