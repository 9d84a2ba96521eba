/* The list of assets by coverage. Which protection speaks for an asset is found in one look at all of them, and only
 * what is shown is read whole. */
#include "query_coverage.h"

#include "coverage_row.h"
#include "map.h"
#include "need.h"
#include "reading_dpmdb.h"
#include "reading_holding.h"
#include "reading_protection.h"
#include "reading_stale.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A protection, as far as it decides. */
struct saying {
    int64_t guard;
    bool listed, yes; /* a DPMDB shows it; it is supported */
    enum verdict_word word;
    enum verdict_class class;
    enum need need, need_stale;
};

struct place {
    int64_t asset;
    const char *name;
    struct coverage_sum sum;
    struct saying best;
    bool known; /* the DPMDB of one of its servers shows something */
};

struct reader {
    struct dpmdb_age age;
    bool asked;
};

struct list {
    const struct query_protection_filter *filter;
    int64_t now;
    struct query_coverages *coverages;
    struct map readers; /* backup servers whose DPMDB shows protections, to its struct reader */
    struct holdings holdings;
    struct stale stale;
    vec(struct place) places;
    vec(struct query_coverage) found;
    vec(const char *) silent, late;
};

/* ---------------------------------------------------------------------------------------------- who is read at all */

static struct reader *new_reader(struct query *query)
{
    struct reader *reader = arena_alloc(query->arena, sizeof *reader);

    *reader = (struct reader){ 0 };
    return reader;
}

static bool read_readers(struct query *query, struct list *list, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT DISTINCT server FROM judgement WHERE by_what = 'dpmdb' AND id IN (SELECT judgement FROM guard)");
    while (sql_row(&rows))
        map_put(&list->readers, reading_text(query, &rows, 0), new_reader(query));
    return sql_done(&rows, err);
}

/* Of those that are told of, which are few: whoever reads a DPMDB may name thousands. */
static bool read_age(struct query *query, struct list *list, struct query_coverage *coverage, struct err *err)
{
    const char *server = coverage->protection.server;
    struct reader *reader = map_get(&list->readers, server);

    if (reader == NULL)
        return true;
    if (!reader->asked && !reading_dpmdb_age(query, server, list->now, &reader->age, err))
        return false;
    reader->asked = true;
    coverage->read_at = reader->age.read_at;
    coverage->late = reader->age.late;
    return true;
}

/* What a DPMDB lists is an asset of its own kind, whether anything is known of what it protects or not. */
static bool find_lists(struct query *query, struct list *list, struct err *err)
{
    int64_t found = 0;

    if (!sql_number(&query->sql,
                    "SELECT EXISTS (SELECT 1 FROM asset WHERE kind = 'protected' AND merged_into IS NULL"
                    " AND gone_at IS NULL)",
                    &found, err))
        return false;
    list->coverages->read = found != 0 || list->readers.count > 0;
    return true;
}

static const char configured[] =
    "SELECT DISTINCT s.value ->> 'name' FROM meta m CROSS JOIN basis b CROSS JOIN json_each(b.estate, '$.servers') s"
    " WHERE m.name = 'judging_basis' AND lower(hex(b.hash)) = m.value ORDER BY 1";

/* Whose DPMDB was never read, or not lately. */
static bool find_silent(struct query *query, struct list *list, struct err *err)
{
    struct dpmdb_age age;
    struct sql_query rows;
    bool good = true;

    sql_query(&rows, &query->sql, configured);
    while (good && sql_row(&rows)) {
        const char *server = reading_some(query, &rows, 0);

        good = reading_dpmdb_age(query, server, list->now, &age, err);
        if (good && age.read_at == 0 && map_get(&list->readers, server) == NULL)
            vec_push(&list->silent, server);
        else if (good && age.late)
            vec_push(&list->late, server);
    }
    good = sql_done(&rows, good ? err : NULL) && good;
    READING_KEEP(query, &list->silent, list->coverages->silent.texts, list->coverages->silent.count);
    READING_KEEP(query, &list->late, list->coverages->late.texts, list->coverages->late.count);
    return good;
}

static const char loose[] =
    "SELECT count(DISTINCT s.asset) FROM asset p CROSS JOIN item s ON s.asset = p.id WHERE p.kind = 'protected'"
    " AND p.gone_at IS NULL AND p.merged_into IS NULL AND s.kind = 'protected' AND s.gone_at IS NULL"
    " AND lower(coalesce(s.facts ->> '$.\"protected.state\"', '')) NOT IN ('unprotected', 'stopped', 'inactive')"
    " AND NOT EXISTS (SELECT 1 FROM relation r WHERE r.item = s.id AND r.relation = 'protects')";

static bool count_loose(struct query *query, struct list *list, struct err *err)
{
    int64_t count = 0;

    if (!sql_number(&query->sql, loose, &count, err))
        return false;
    list->coverages->loose = (size_t)count;
    return true;
}

/* -------------------------------------------------------------------------------------------------- each asset ---- */

enum { ASSET, NAME, GUARD, SERVER, VERDICT, CLASS, RULED, LISTED };

static const char columns[] = "a.id, a.name, g.id, j.server, j.verdict, j.class, j.ruled, j.by_what = 'dpmdb'";

static struct saying read_saying(struct sql_query *rows)
{
    const char *verdict = sql_text(rows, VERDICT), *class = sql_text(rows, CLASS), *ruled = sql_text(rows, RULED);

    return (struct saying){
        .guard = sql_int(rows, GUARD),
        .listed = sql_int(rows, LISTED) != 0,
        .yes = coverage_supports(verdict, ruled),
        .word = verdict_find(verdict),
        .class = verdict_class_find(class),
        .need = need_of_words(verdict, class, ruled, false),
        .need_stale = need_of_words(verdict, class, ruled, true),
    };
}

/* Whether the one speaks for the asset rather than the other: what protects it, then what supports it, then the
 * better word. */
static bool goes_before(const struct saying *one, const struct saying *other)
{
    if (one->listed != other->listed)
        return one->listed;
    return one->yes != other->yes ? one->yes : one->word < other->word;
}

static void take(struct query *query, struct list *list, struct sql_query *rows)
{
    const struct saying saying = read_saying(rows);
    int64_t asset = sql_int(rows, ASSET);
    struct place *place;

    if (list->places.count == 0 || vec_last(&list->places).asset != asset)
        vec_push(&list->places,
                 (struct place){ .asset = asset, .name = reading_text(query, rows, NAME), .best = saying });
    place = &vec_last(&list->places);
    coverage_add(&place->sum, saying.listed, sql_text(rows, VERDICT), sql_text(rows, RULED));
    place->known = place->known || map_get(&list->readers, sql_text(rows, SERVER)) != NULL;
    if (goes_before(&saying, &place->best))
        place->best = saying;
}

/* The filter without what is about the protection that is told. */
static struct query_protection_filter chooser(const struct query_protection_filter *filter)
{
    struct query_protection_filter chooser = *filter;

    chooser.verdict = chooser.class = chooser.need = NULL;
    chooser.stale = chooser.exempt = chooser.all = false;
    return chooser;
}

static const char *statement(struct query *query, const struct query_protection_filter *filter)
{
    struct str text = STR_EMPTY;
    const char *kept;

    str_format(&text, "SELECT %s FROM asset a CROSS JOIN guard g CROSS JOIN judgement j", columns);
    str_add(&text, " WHERE a.gone_at IS NULL AND a.merged_into IS NULL AND g.asset = a.id AND j.id = g.judgement"
                   " AND " COVERAGE_ASKED);
    reading_filter_text(&text, filter, true);
    str_add(&text, " ORDER BY a.id, j.method, j.server");
    kept = arena_text(&query->texts, str_text(&text));
    str_finish(&text);
    return kept;
}

static bool read_places(struct query *query, struct list *list, struct err *err)
{
    const struct query_protection_filter filter = chooser(list->filter);
    struct sql_query rows;

    sql_query(&rows, &query->sql, statement(query, &filter));
    reading_filter_bind(query, &rows, &filter, list->now, true);
    while (sql_row(&rows))
        take(query, list, &rows);
    return sql_done(&rows, err);
}

/* ---------------------------------------------------------------------------------------------------- choosing ---- */

static bool fits(const struct list *list, const struct place *place)
{
    const struct query_protection_filter *filter = list->filter;
    bool stale = (filter->stale || filter->need != NULL) && stale_has(&list->stale, place->asset);
    enum need need = stale ? place->best.need_stale : place->best.need;

    return (filter->verdict == NULL || strcmp(filter->verdict, verdict_word(place->best.word)) == 0) &&
           (filter->class == NULL || strcmp(filter->class, verdict_class_word(place->best.class)) == 0) &&
           (filter->need == NULL || strcmp(filter->need, need_word(need)) == 0) && (!filter->stale || stale);
}

static int by_coverage(const void *one, const void *other)
{
    const struct place *a = one, *b = other;
    int order = (int)coverage_of(&a->sum) - (int)coverage_of(&b->sum);

    if (order == 0)
        order = strcasecmp(a->name, b->name);
    return order != 0 ? order : (a->asset > b->asset) - (a->asset < b->asset);
}

static void choose(struct list *list)
{
    size_t kept = 0, limit = list->filter->limit;

    for (size_t i = 0; i < list->places.count; i++) {
        if (!fits(list, &list->places.items[i]))
            continue;
        list->places.items[kept] = list->places.items[i];
        list->coverages->answers[coverage_of(&list->places.items[kept++].sum)]++;
    }
    list->places.count = kept;
    if (kept > 0)
        qsort(list->places.items, kept, sizeof *list->places.items, by_coverage);
    if (limit > 0 && kept > limit) {
        list->coverages->more = kept - limit;
        list->places.count = limit;
    }
}

/* ------------------------------------------------------------------------------------------------------- rows ---- */

static const char whole[] = "SELECT " READING_PROTECTION " FROM guard g CROSS JOIN judgement j CROSS JOIN asset a"
                            " WHERE g.id = ?1 AND j.id = g.judgement AND a.id = g.asset";

static bool read_whole(struct query *query, const struct place *place, struct query_protection *protection,
                       struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql, whole);
    sql_bind_int(&rows, 1, place->best.guard);
    if (sql_row(&rows))
        reading_protection(query, &rows, protection);
    return sql_done(&rows, err);
}

static bool show(struct query *query, struct list *list, const struct place *place, struct err *err)
{
    const struct holding *holding = place->sum.listed ? holdings_find(&list->holdings, place->asset) : NULL;
    struct query_coverage coverage = { .coverage = coverage_of(&place->sum),
                                       .unread = !place->sum.listed && !place->known };

    if (!read_whole(query, place, &coverage.protection, err) ||
        !reading_asset(query, &coverage.protection.asset, list->now, err) || !read_age(query, list, &coverage, err))
        return false;
    if (holding != NULL) {
        coverage.groups = holding->groups;
        coverage.sources = holding->sources;
        coverage.recovery_at = holding->recovery_at;
        coverage.invalid = holding->invalid;
    }
    vec_push(&list->found, coverage);
    return true;
}

static bool show_all(struct query *query, struct list *list, struct err *err)
{
    bool good = true;

    for (size_t i = 0; good && i < list->places.count; i++)
        good = show(query, list, &list->places.items[i], err);
    READING_KEEP(query, &list->found, list->coverages->list, list->coverages->count);
    return good;
}

static bool read_ages(struct query *query, struct list *list, struct err *err)
{
    return (!list->filter->stale && list->filter->need == NULL) || stale_load(&list->stale, query, list->now, err);
}

static bool fill(struct query *query, struct list *list, struct err *err)
{
    if (!holdings_read(&list->holdings, query, err) || !read_ages(query, list, err) || !read_places(query, list, err))
        return false;
    choose(list);
    return show_all(query, list, err);
}

static bool read_list(struct query *query, void *context, struct err *err)
{
    struct list *list = context;
    bool good = read_readers(query, list, err) && find_lists(query, list, err) && find_silent(query, list, err) &&
                count_loose(query, list, err) && (!list->coverages->read || fill(query, list, err));

    vec_finish(&list->places);
    map_finish(&list->readers);
    holdings_finish(&list->holdings);
    stale_finish(&list->stale);
    return good;
}

bool query_coverage_list(struct query *query, const struct query_protection_filter *filter, int64_t now,
                         struct arena *arena, struct query_coverages *coverages, struct err *err)
{
    struct list list = { .filter = filter, .now = now, .coverages = coverages };

    *coverages = (struct query_coverages){ 0 };
    return reading_run(query, arena, read_list, &list, err);
}
