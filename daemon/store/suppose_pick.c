#include "suppose_pick.h"

#include "judging_state.h"
#include "reading_protection.h"
#include "things.h"

#include <stdlib.h>
#include <string.h>

static const char fleet_query[] = "SELECT id FROM asset WHERE gone_at IS NULL AND merged_into IS NULL"
                                  " AND kind NOT IN " JUDGING_NO_SUBJECT " ORDER BY id";

#define THERE " a.gone_at IS NULL AND a.merged_into IS NULL"
#define ASSETS "SELECT a.id, NULL, NULL FROM asset a WHERE" THERE
#define ASSETS_JUDGED                                                                                                  \
    "SELECT DISTINCT a.id, NULL, NULL FROM asset a CROSS JOIN guard g CROSS JOIN judgement j"                          \
    " WHERE g.asset = a.id AND j.id = g.judgement AND" THERE
#define PROTECTIONS                                                                                                    \
    "SELECT a.id, j.method, j.server FROM asset a CROSS JOIN guard g CROSS JOIN judgement j"                           \
    " WHERE g.asset = a.id AND j.id = g.judgement AND" THERE

static bool is_filter(const struct query_suppose *suppose)
{
    return suppose->kind != NULL || reading_filter_of_judgement(suppose->filter) ||
           reading_filter_of_asset(suppose->filter);
}

/* ------------------------------------------------------------------------------------------------------ begin ---- */

static void begin_rows(struct query *query, struct sql_query *rows, const char *from,
                       const struct query_suppose *suppose, int64_t now)
{
    const struct query_protection_filter *filter = suppose->filter;
    struct str text = STR_EMPTY;

    str_add(&text, from);
    if (suppose->kind != NULL)
        str_add(&text, " AND a.kind = ?15");
    reading_filter_text(&text, filter, true);
    str_add(&text, " ORDER BY a.id");
    sql_query(rows, &query->sql, arena_text(&query->texts, str_text(&text)));
    str_finish(&text);
    if (suppose->kind != NULL)
        sql_bind_text(rows, 15, suppose->kind);
    reading_filter_bind(query, rows, filter, now, true);
}

static bool read_all(struct pick *pick, struct query *query, const struct query_suppose *suppose, int64_t now,
                     struct err *err)
{
    bool judged = reading_filter_of_judgement(suppose->filter);
    struct sql_query rows;

    begin_rows(query, &rows, judged ? ASSETS_JUDGED : ASSETS, suppose, now);
    while (sql_row(&rows))
        vec_push(&pick->all, sql_int(&rows, 0));
    return sql_done(&rows, err);
}

static void look_ahead(struct pick *pick)
{
    pick->ahead = (struct pick_row){ 0 };
    if (!sql_row(&pick->rows))
        return;
    pick->ahead.asset = sql_int(&pick->rows, 0);
    if (sql_is_null(&pick->rows, 1))
        return;
    pick->ahead.method = intern_text(&pick->words, sql_text(&pick->rows, 1));
    pick->ahead.server = intern_text(&pick->words, sql_text(&pick->rows, 2));
}

bool pick_begin(struct pick *pick, struct query *query, const struct query_suppose *suppose, int64_t now,
                struct err *err)
{
    bool judged = reading_filter_of_judgement(suppose->filter);

    *pick = (struct pick){ .everything = !is_filter(suppose) };
    intern_init(&pick->words, &query->texts);
    pick->whole = pick->everything || suppose->fact_count > 0;
    if (!pick->everything && pick->whole && !read_all(pick, query, suppose, now, err))
        return false;
    if (pick->whole)
        sql_query(&pick->fleet, &query->sql, fleet_query);
    if (!pick->everything) {
        begin_rows(query, &pick->rows, judged ? PROTECTIONS : ASSETS, suppose, now);
        look_ahead(pick);
    }
    return true;
}

void pick_finish(struct pick *pick)
{
    if (pick->fleet.sql != NULL)
        sql_done(&pick->fleet, NULL);
    if (pick->rows.sql != NULL)
        sql_done(&pick->rows, NULL);
    vec_finish(&pick->assets);
    vec_finish(&pick->picked);
    vec_finish(&pick->all);
    intern_finish(&pick->words);
}

/* ------------------------------------------------------------------------------------------------------- next ---- */

static void take_row(struct pick *pick)
{
    if (pick->picked.count == 0 || vec_last(&pick->picked).asset != pick->ahead.asset)
        pick->count++;
    vec_push(&pick->picked, pick->ahead);
    look_ahead(pick);
}

/* Those of the fleet, and the rows that are about them. */
static void take_fleet(struct pick *pick)
{
    while (pick->assets.count < THINGS_AT_ONCE && sql_row(&pick->fleet))
        vec_push(&pick->assets, sql_int(&pick->fleet, 0));
    while (pick->assets.count > 0 && pick->ahead.asset != 0 && pick->ahead.asset <= vec_last(&pick->assets))
        take_row(pick);
    if (pick->everything)
        pick->count += (int64_t)pick->assets.count;
}

static void take_rows(struct pick *pick)
{
    while (pick->ahead.asset != 0) {
        bool same = pick->assets.count > 0 && vec_last(&pick->assets) == pick->ahead.asset;

        if (!same && pick->assets.count == THINGS_AT_ONCE)
            return;
        if (!same)
            vec_push(&pick->assets, pick->ahead.asset);
        take_row(pick);
    }
}

/* A cursor that failed is at its end. */
static bool is_well(const struct sql_query *rows)
{
    return rows->sql == NULL || rows->code == SQLITE_OK || rows->code == SQLITE_ROW || rows->code == SQLITE_DONE;
}

bool pick_next(struct pick *pick, struct err *err)
{
    vec_clear(&pick->assets);
    vec_clear(&pick->picked);
    if (pick->whole)
        take_fleet(pick);
    else
        take_rows(pick);
    if (is_well(&pick->fleet) && is_well(&pick->rows))
        return true;
    return sql_done(is_well(&pick->fleet) ? &pick->rows : &pick->fleet, err);
}

/* ------------------------------------------------------------------------------------------------------ asked ---- */

bool pick_has_asset(const struct pick *pick, int64_t asset)
{
    return pick->everything || numbers_have(&pick->all, asset);
}

/* The first row of the asset, or of one behind it. */
static size_t first_row(const struct pick *pick, int64_t asset)
{
    size_t low = 0, high = pick->picked.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (pick->picked.items[middle].asset < asset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool pick_has(const struct pick *pick, int64_t asset, const char *method, const char *server)
{
    if (pick->everything)
        return true;
    for (size_t i = first_row(pick, asset); i < pick->picked.count && pick->picked.items[i].asset == asset; i++) {
        const struct pick_row *row = &pick->picked.items[i];

        if (method == NULL || row->method == NULL ||
            (strcmp(row->method, method) == 0 && strcmp(row->server, server) == 0))
            return true;
    }
    return false;
}
