/* The list of protections. */
#include "query_protection.h"

#include "exemption_row.h"
#include "mem.h"
#include "reading_protection.h"
#include "roster.h"
#include "str.h"
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

/* So many rows are named to SQLite one by one; where there are more, the assets are gone through in the order of their
 * names until enough are found. */
#define FEW 20000

const char *reading_some(struct query *query, struct sql_query *rows, int column)
{
    const char *text = reading_text(query, rows, column);

    return text == NULL ? "" : text;
}

void reading_protection(struct query *query, struct sql_query *rows, struct query_protection *protection)
{
    *protection = (struct query_protection){
        .asset = { .id = sql_int(rows, 1), .kind = reading_text(query, rows, 2), .name = reading_text(query, rows, 3) },
        .method = reading_text(query, rows, 4),
        .server = reading_text(query, rows, 5),
        .product = reading_text(query, rows, 6),
        .workload = reading_text(query, rows, 7),
        .version = reading_text(query, rows, 8),
        .installation = reading_text(query, rows, 9),
        .verdict = reading_text(query, rows, 10),
        .class = reading_text(query, rows, 11),
        .ruled = reading_text(query, rows, 12),
        .reason = reading_text(query, rows, 13),
        .step = reading_text(query, rows, 14),
        .cause = sql_int(rows, 15),
        .cause_name = reading_text(query, rows, 16),
        .owner = reading_text(query, rows, 17),
        .site = reading_text(query, rows, 18),
        .criticality = reading_text(query, rows, 19),
        .excluded = reading_text(query, rows, 20),
        .counts = sql_int(rows, 21) != 0,
        .by = reading_text(query, rows, 22),
        .since_at = sql_int(rows, 23),
        .support_end = sql_int(rows, 24),
        .judgement = sql_int(rows, 25),
        .step_end = sql_int(rows, 26),
    };
}

bool reading_judged_at(struct query *query, int64_t *judged_at, struct err *err)
{
    return sql_number(&query->sql,
                      "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'judging_done_at' AND NOT EXISTS"
                      " (SELECT 1 FROM meta WHERE name = 'judging_next')",
                      judged_at, err);
}

struct list {
    const struct query_protection_filter *filter;
    int64_t now;
    struct roster roster;
    number_vec judgements[VERDICT_UNSUPPORTED + 1]; /* numbers of those that the filter lets through, by their word */
    size_t rows[VERDICT_UNSUPPORTED + 1];           /* protections that they are said of */
    vec(struct query_protection) found;
    struct query_protections *protections;
    struct exemptions exemptions;
};

/* A statement with the filter's conditions; of_asset: also with those. ?9 is the time, ?12 the limit, ?15 the rows. */
static const char *filtered(struct query *query, const struct query_protection_filter *filter, const char *columns,
                            const char *from, bool of_asset, const char *order)
{
    struct str text = STR_EMPTY;
    const char *kept;

    str_format(&text, "SELECT %s FROM %s", columns, from);
    str_add(&text, filter->all ? " j.counts IN (0, 1)" : " j.counts = 1");
    reading_filter_text(&text, filter, of_asset);
    str_add(&text, order);
    kept = arena_text(&query->texts, str_text(&text));
    str_finish(&text);
    return kept;
}

/* All that is let through, as far as the judgements tell, and how many rows that is. */
static bool gather_judgements(struct query *query, struct list *list, struct err *err)
{
    struct sql_query rows;

    if (!roster_read(&list->roster, &query->sql, ROSTER_ROWS, err))
        return false;
    sql_query(&rows, &query->sql, filtered(query, list->filter, "j.verdict, j.id", "judgement j WHERE", false, ""));
    reading_filter_bind(query, &rows, list->filter, list->now, false);
    while (sql_row(&rows)) {
        enum verdict_word word = verdict_find(sql_text(&rows, 0));
        size_t count = roster_count(&list->roster, sql_int(&rows, 1));

        if (count == 0)
            continue;
        list->rows[word] += count;
        vec_push(&list->judgements[word], sql_int(&rows, 1));
    }
    return sql_done(&rows, err);
}

/* -------------------------------------------------------------------------------------------------------- rows ---- */

/* The rows of these verdicts as a list of JSON; NULL: they are too many. */
static const char *name_rows(struct query *query, const struct list *list, enum verdict_word low,
                             enum verdict_word high)
{
    number_vec rows = VEC_EMPTY;
    struct str text = STR_EMPTY;
    const char *kept = NULL;
    size_t count = 0;

    for (enum verdict_word word = low; word <= high; word++)
        count += list->rows[word];
    for (enum verdict_word word = low; word <= high && count <= FEW; word++) {
        vec_each (judgement, &list->judgements[word])
            roster_gather(&list->roster, *judgement, &rows);
    }
    numbers_order(&rows);
    for (size_t i = 0; i < rows.count; i++)
        str_format(&text, "%c%lld", i == 0 ? '[' : ',', (long long)rows.items[i]);
    if (count <= FEW)
        kept = arena_format(query->arena, "%s]", text.length == 0 ? "[" : str_text(&text));
    str_finish(&text);
    vec_finish(&rows);
    return kept;
}

#define ALL_ROWS                                                                                                       \
    "asset a CROSS JOIN guard g CROSS JOIN judgement j"                                                                \
    " WHERE a.gone_at IS NULL AND g.asset = a.id AND j.id = g.judgement AND"
#define NAMED_ROWS                                                                                                     \
    "json_each(?15) e CROSS JOIN guard g CROSS JOIN judgement j CROSS JOIN asset a"                                    \
    " WHERE g.id = e.atom AND j.id = g.judgement AND a.id = g.asset AND"
#define IN_ORDER " ORDER BY a.name COLLATE NOCASE, a.id, j.method, j.server LIMIT ?12"

static bool is_full(const struct list *list)
{
    return list->filter->limit > 0 && list->found.count >= list->filter->limit;
}

/* Which of them are exempt is no matter of SQL: they are all looked at, and what is beyond the limit is counted. */
static bool take(struct query *query, struct list *list, struct query_protection *protection, struct err *err)
{
    if (!reading_exempt(query, &list->exemptions, protection, list->now, err))
        return false;
    if (list->filter->exempt && protection->exemption == 0)
        return true;
    if (is_full(list))
        list->protections->more++;
    else
        vec_push(&list->found, *protection);
    return true;
}

static bool read_found(struct query *query, struct list *list, struct sql_query *rows, struct err *err)
{
    bool good = true;

    while (good && sql_row(rows)) {
        struct query_protection protection;

        reading_protection(query, rows, &protection);
        good = take(query, list, &protection, err);
    }
    return good;
}

static bool read_verdict(struct query *query, struct list *list, enum verdict_word word, struct err *err)
{
    struct query_protection_filter filter = *list->filter;
    const char *named = name_rows(query, list, word, word);
    size_t limit = filter.exempt ? 0 : filter.limit;
    struct sql_query rows;
    bool good;

    filter.verdict = verdict_word(word);
    sql_query(&rows, &query->sql,
              filtered(query, &filter, READING_PROTECTION, named == NULL ? ALL_ROWS : NAMED_ROWS, true, IN_ORDER));
    reading_filter_bind(query, &rows, list->filter, list->now, true);
    sql_bind_text(&rows, 1, filter.verdict);
    sql_bind_int(&rows, 12, limit == 0 ? -1 : (int64_t)(limit - list->found.count));
    if (named != NULL)
        sql_bind_text(&rows, 15, named);
    good = read_found(query, list, &rows, err);
    return sql_done(&rows, good ? err : NULL) && good;
}

/* Worst first. */
static bool read_verdicts(struct query *query, struct list *list, struct err *err)
{
    for (enum verdict_word word = VERDICT_UNSUPPORTED;
         word >= VERDICT_SUPPORTED && (!is_full(list) || list->filter->exempt); word--) {
        if (list->rows[word] > 0 && !read_verdict(query, list, word, err))
            return false;
    }
    return true;
}

static bool count_rows(struct query *query, const struct list *list, int64_t *count, struct err *err)
{
    const char *named = name_rows(query, list, VERDICT_SUPPORTED, VERDICT_UNSUPPORTED);
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              filtered(query, list->filter, "count(*)", named == NULL ? ALL_ROWS : NAMED_ROWS, true, ""));
    reading_filter_bind(query, &rows, list->filter, list->now, true);
    if (named != NULL)
        sql_bind_text(&rows, 15, named);
    *count = sql_row(&rows) ? sql_int(&rows, 0) : 0;
    return sql_done(&rows, err);
}

static bool count_more(struct query *query, struct list *list, struct err *err)
{
    int64_t all = 0;

    if (!is_full(list) || list->filter->exempt)
        return true;
    for (enum verdict_word word = VERDICT_SUPPORTED; word <= VERDICT_UNSUPPORTED; word++)
        all += (int64_t)list->rows[word];
    if (reading_filter_of_asset(list->filter) && !count_rows(query, list, &all, err))
        return false;
    if (all > (int64_t)list->found.count)
        list->protections->more = (size_t)all - list->found.count;
    return true;
}

struct place {
    int64_t id;
    struct query_protection *protection;
};

static int by_id(const void *one, const void *other)
{
    const struct place *a = one, *b = other;

    return (a->id > b->id) - (a->id < b->id);
}

/* In the order of ids, in which items lie; what one protection of an asset has read, the next one has too. */
static bool read_assets(struct query *query, const struct list *list, struct err *err)
{
    struct query_protections *protections = list->protections;
    struct place *places = mem_new(protections->count + 1, sizeof *places);
    bool good = true;

    for (size_t i = 0; i < protections->count; i++)
        places[i] = (struct place){ protections->list[i].asset.id, &protections->list[i] };
    qsort(places, protections->count, sizeof *places, by_id);
    for (size_t i = 0; good && i < protections->count; i++) {
        if (i > 0 && places[i].id == places[i - 1].id)
            places[i].protection->asset = places[i - 1].protection->asset;
        else
            good = reading_asset(query, &places[i].protection->asset, list->now, err);
    }
    free(places);
    return good;
}

static bool read_list(struct query *query, void *context, struct err *err)
{
    struct list *list = context;
    bool good = exemptions_load(&list->exemptions, &query->sql, list->now, err) &&
                gather_judgements(query, list, err) && read_verdicts(query, list, err) && count_more(query, list, err);

    exemptions_finish(&list->exemptions);
    for (size_t word = 0; word <= VERDICT_UNSUPPORTED; word++)
        vec_finish(&list->judgements[word]);
    roster_finish(&list->roster);
    READING_KEEP(query, &list->found, list->protections->list, list->protections->count);
    return good && read_assets(query, list, err);
}

bool query_protection_list(struct query *query, const struct query_protection_filter *filter, int64_t now,
                           struct arena *arena, struct query_protections *protections, struct err *err)
{
    struct list list = { .filter = filter, .now = now, .protections = protections };

    *protections = (struct query_protections){ 0 };
    return reading_run(query, arena, read_list, &list, err);
}
