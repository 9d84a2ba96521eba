/* The list of protections. */
#include "query_protection.h"

#include "exemption_row.h"
#include "mem.h"
#include "reading_protection.h"
#include "str.h"
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

/* So many rows of one verdict are put in order of their names; where there are more, the assets are gone through in
 * that order until enough are found. */
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
    vec(struct query_protection) found;
    struct query_protections *protections;
    struct exemptions exemptions;
};

/* ?1 is the verdict, ?9 the time, ?12 the limit. */
static const char *filtered(struct query *query, const struct query_protection_filter *filter, const char *columns,
                            const char *from, const char *order)
{
    struct str text = STR_EMPTY;
    const char *kept;

    str_format(&text, "SELECT %s FROM %s j.verdict = ?1", columns, from);
    str_add(&text, filter->all ? " AND j.counts IN (0, 1)" : " AND j.counts = 1");
    reading_filter_text(&text, filter);
    str_add(&text, order);
    kept = arena_text(&query->texts, str_text(&text));
    str_finish(&text);
    return kept;
}

/* Those of one verdict are few among all judgements, and each leads to its rows. */
#define JUDGED "judgement j CROSS JOIN guard g"

static bool count_rows(struct query *query, const struct list *list, const char *verdict, int64_t *count,
                       struct err *err)
{
    const struct query_protection_filter *filter = list->filter;
    bool needs_asset =
        filter->name != NULL || filter->target != NULL || filter->tag != NULL || filter->stale || filter->need != NULL;
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              filtered(query, filter, "count(*)",
                       needs_asset ? JUDGED " CROSS JOIN asset a WHERE g.judgement = j.id AND a.id = g.asset AND"
                                   : JUDGED " WHERE g.judgement = j.id AND",
                       ""));
    sql_bind_text(&rows, 1, verdict);
    reading_filter_bind(query, &rows, list->filter, list->now);
    *count = sql_row(&rows) ? sql_int(&rows, 0) : 0;
    return sql_done(&rows, err);
}

static bool are_many(struct query *query, const char *verdict, bool *many, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT count(*) FROM (SELECT 1 FROM " JUDGED " WHERE j.counts IN (0, 1) AND j.verdict = ?1"
              " AND g.judgement = j.id LIMIT ?2)");
    sql_bind_text(&rows, 1, verdict);
    sql_bind_int(&rows, 2, FEW + 1);
    *many = sql_row(&rows) && sql_int(&rows, 0) > FEW;
    return sql_done(&rows, err);
}

#define IN_ORDER " ORDER BY a.name COLLATE NOCASE, a.id, j.method, j.server LIMIT ?12"

/* Which of them are exempt is no matter of SQL: they are all looked at, and what is beyond the limit is counted. */
static bool take(struct query *query, struct list *list, struct query_protection *protection, struct err *err)
{
    const struct query_protection_filter *filter = list->filter;

    if (!reading_exempt(query, &list->exemptions, protection, list->now, err))
        return false;
    if (filter->exempt && protection->exemption == 0)
        return true;
    if (filter->limit > 0 && list->found.count == filter->limit)
        list->protections->more++;
    else
        vec_push(&list->found, *protection);
    return true;
}

static bool read_verdict(struct query *query, struct list *list, const char *verdict, struct err *err)
{
    size_t limit = list->filter->limit, left = limit - list->found.count;
    bool many = false, good = true;
    struct sql_query rows;

    if (limit > 0 && !are_many(query, verdict, &many, err))
        return false;
    sql_query(
        &rows, &query->sql,
        filtered(query, list->filter, READING_PROTECTION,
                 many ? "asset a CROSS JOIN guard g CROSS JOIN judgement j WHERE g.asset = a.id AND j.id = g.judgement"
                        " AND a.gone_at IS NULL AND"
                      : JUDGED " CROSS JOIN asset a WHERE g.judgement = j.id AND a.id = g.asset AND",
                 IN_ORDER));
    sql_bind_text(&rows, 1, verdict);
    reading_filter_bind(query, &rows, list->filter, list->now);
    sql_bind_int(&rows, 12, limit == 0 || list->filter->exempt ? -1 : (int64_t)left);
    while (good && sql_row(&rows)) {
        struct query_protection protection;

        reading_protection(query, &rows, &protection);
        good = take(query, list, &protection, err);
    }
    return sql_done(&rows, good ? err : NULL) && good;
}

/* The verdicts that the filter lets through, worst first; NULL behind the last. */
static const char *next_verdict(const struct list *list, enum verdict_word *word)
{
    for (; *word >= VERDICT_SUPPORTED; --*word) {
        if (list->filter->verdict == NULL || strcmp(list->filter->verdict, verdict_word(*word)) == 0)
            return verdict_word((*word)--);
    }
    return NULL;
}

static bool count_more(struct query *query, struct list *list, struct err *err)
{
    enum verdict_word word = VERDICT_UNSUPPORTED;
    int64_t all = 0, count;
    const char *verdict;

    if (list->filter->limit == 0 || list->found.count < list->filter->limit || list->filter->exempt)
        return true;
    while ((verdict = next_verdict(list, &word)) != NULL) {
        if (!count_rows(query, list, verdict, &count, err))
            return false;
        all += count;
    }
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
    enum verdict_word word = VERDICT_UNSUPPORTED;
    const char *verdict;
    bool good = exemptions_load(&list->exemptions, &query->sql, list->now, err);

    if (!good)
        return false;
    while (good && (list->filter->limit == 0 || list->found.count < list->filter->limit || list->filter->exempt) &&
           (verdict = next_verdict(list, &word)) != NULL)
        good = read_verdict(query, list, verdict, err);
    good = good && count_more(query, list, err);
    exemptions_finish(&list->exemptions);
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
