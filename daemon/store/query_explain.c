/* Why the verdicts of an asset are what they are. */
#include "query_protection.h"

#include "exemption_row.h"
#include "judgement_row.h"
#include "map.h"
#include "reading_protection.h"

#include <string.h>

struct explain {
    int64_t asset, now;
    struct query_detail detail;
    vec(struct query_explanation) found;
    vec(int64_t) ids; /* of their rows */
    struct query_explanations *explanations;
};

static bool read_rows(struct query *query, struct explain *explain, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT " READING_PROTECTION ", lower(hex(b.hash)), json_extract(j.detail, '$.step.type'),"
              " json_extract(j.detail, '$.ruling.who'), json_extract(j.detail, '$.ruling.basis'),"
              " json_extract(j.detail, '$.ruling.review'), json_extract(j.detail, '$.more_legs'),"
              " j.detail ->> '$.lifecycle.version', j.detail ->> '$.lifecycle.of' FROM guard g"
              " JOIN judgement j ON j.id = g.judgement"
              " JOIN asset a ON a.id = g.asset LEFT JOIN basis b ON b.id = g.basis WHERE g.asset = ?1"
              " ORDER BY j.counts DESC, j.method, j.server");
    sql_bind_int(&rows, 1, explain->asset);
    while (sql_row(&rows)) {
        struct query_explanation explanation = { 0 };

        reading_protection(query, &rows, &explanation.protection);
        explanation.protection.asset = explain->detail.asset;
        explanation.basis = reading_some(query, &rows, READING_PROTECTION_COLUMNS);
        explanation.step_type = reading_text(query, &rows, READING_PROTECTION_COLUMNS + 1);
        explanation.ruling_who = reading_text(query, &rows, READING_PROTECTION_COLUMNS + 2);
        explanation.ruling_basis = reading_text(query, &rows, READING_PROTECTION_COLUMNS + 3);
        explanation.ruling_review_at = sql_int(&rows, READING_PROTECTION_COLUMNS + 4);
        explanation.more_legs = sql_int(&rows, READING_PROTECTION_COLUMNS + 5);
        explanation.ending = reading_text(query, &rows, READING_PROTECTION_COLUMNS + 6);
        explanation.ending_of = reading_text(query, &rows, READING_PROTECTION_COLUMNS + 7);
        vec_push(&explain->found, explanation);
        vec_push(&explain->ids, sql_int(&rows, 0));
    }
    return sql_done(&rows, err);
}

/* -------------------------------------------------------------------------------------------------------- legs ---- */

/* A leg, and its lists as JSON: they are read when the statement that gave them is over. */
struct raw_leg {
    struct query_leg leg;
    const char *versions, *installations, *rows, *covers, *omits, *conditions;
};

static void read_leg(struct query *query, struct sql_query *rows, struct raw_leg *raw)
{
    *raw = (struct raw_leg){
        .leg = { .asset = sql_int(rows, 0),
                 .kind = reading_some(query, rows, 1),
                 .name = reading_some(query, rows, 2),
                 .workload = reading_some(query, rows, 3),
                 .installation_of = reading_some(query, rows, 4),
                 .verdict = reading_some(query, rows, 5),
                 .class = reading_some(query, rows, 6),
                 .edition = reading_some(query, rows, 7),
                 .page = reading_some(query, rows, 8),
                 .date = reading_some(query, rows, 9),
                 .reason = reading_some(query, rows, 10),
                 .conflict = reading_some(query, rows, 11),
                 .missing = reading_some(query, rows, 18),
                 .first = reading_some(query, rows, 19) },
        .versions = reading_text(query, rows, 12),
        .installations = reading_text(query, rows, 13),
        .rows = reading_text(query, rows, 14),
        .covers = reading_text(query, rows, 15),
        .omits = reading_text(query, rows, 16),
        .conditions = reading_text(query, rows, 17),
    };
}

static void read_condition(struct query *query, struct sql_query *rows, struct query_condition *condition)
{
    *condition = (struct query_condition){
        .id = reading_some(query, rows, 0),
        .state = reading_some(query, rows, 1),
        .text = reading_some(query, rows, 2),
        .fact = reading_some(query, rows, 3),
        .value = reading_some(query, rows, 4),
        .why = reading_some(query, rows, 5),
        .remedy = reading_some(query, rows, 6),
        .name = reading_some(query, rows, 7),
        .asset = sql_int(rows, 8),
        .attested_who = reading_some(query, rows, 9),
        .attested_basis = reading_some(query, rows, 10),
        .attested_until = sql_int(rows, 11),
    };
}

static bool read_conditions(struct query *query, const char *json, struct query_leg *leg, struct err *err)
{
    vec(struct query_condition) found = VEC_EMPTY;
    struct sql_query rows;

    if (json == NULL)
        return true;
    sql_query(&rows, &query->sql,
              "SELECT e.value ->> 'id', e.value ->> 'state', e.value ->> 'text', e.value ->> 'fact',"
              " CASE json_type(e.value, '$.value') WHEN 'true' THEN 'yes' WHEN 'false' THEN 'no'"
              " ELSE e.value ->> 'value' END, e.value ->> 'why', e.value ->> 'remedy', e.value ->> 'name',"
              " e.value ->> 'asset', e.value ->> '$.attested.who', e.value ->> '$.attested.basis',"
              " e.value ->> '$.attested.until' FROM json_each(?1) e");
    sql_bind_text(&rows, 1, json);
    while (sql_row(&rows)) {
        struct query_condition condition;

        read_condition(query, &rows, &condition);
        vec_push(&found, condition);
    }
    READING_KEEP(query, &found, leg->conditions, leg->condition_count);
    return sql_done(&rows, err);
}

static bool read_list(struct query *query, const char *json, struct query_texts *texts, struct err *err)
{
    return json == NULL || reading_json_texts(query, json, texts, err);
}

static bool read_lists(struct query *query, struct raw_leg *raw, struct err *err)
{
    struct query_leg *leg = &raw->leg;

    return read_list(query, raw->versions, &leg->versions, err) &&
           read_list(query, raw->installations, &leg->installations, err) &&
           read_list(query, raw->rows, &leg->rows, err) && read_list(query, raw->covers, &leg->covers, err) &&
           read_list(query, raw->omits, &leg->omits, err) && read_conditions(query, raw->conditions, leg, err);
}

/* What many verdicts share names the asset that it is about by none of its own names; a leg
 * may name none. */
static void name_itself(const struct query_protection *protection, struct query_leg *leg)
{
    if (leg->asset == JUDGEMENT_ITSELF || leg->asset == 0) {
        leg->asset = protection->asset.id;
        leg->kind = protection->asset.kind;
        leg->name = protection->asset.name;
    }
    for (size_t i = 0; i < leg->condition_count; i++) {
        struct query_condition *condition = &leg->conditions[i];

        if (condition->asset != JUDGEMENT_ITSELF)
            continue;
        condition->asset = protection->asset.id;
        condition->name = protection->asset.name;
    }
}

static bool read_legs(struct query *query, int64_t id, struct query_explanation *explanation, struct err *err)
{
    vec(struct raw_leg) raw = VEC_EMPTY;
    struct sql_query rows;
    bool good;

    sql_query(&rows, &query->sql,
              "SELECT e.value ->> 'asset', e.value ->> 'kind', e.value ->> 'name', e.value ->> 'workload',"
              " e.value ->> 'installation_of', e.value ->> 'verdict', e.value ->> 'class', e.value ->> 'edition',"
              " e.value ->> 'page', e.value ->> 'date', e.value ->> 'reason', e.value ->> 'conflict',"
              " e.value ->> 'versions', e.value ->> 'installations', e.value ->> 'rows', e.value ->> 'covers',"
              " e.value ->> 'omits', e.value ->> 'conditions', e.value ->> 'missing', e.value ->> 'first'"
              " FROM guard g JOIN judgement j ON j.id = g.judgement JOIN reasoning r ON r.id = j.reasoning"
              " JOIN json_each(r.detail, '$.legs') e WHERE g.id = ?1");
    sql_bind_int(&rows, 1, id);
    while (sql_row(&rows)) {
        struct raw_leg leg;

        read_leg(query, &rows, &leg);
        vec_push(&raw, leg);
    }
    good = sql_done(&rows, err);
    explanation->leg_count = raw.count;
    explanation->legs = arena_alloc(query->arena, (raw.count + 1) * sizeof *explanation->legs);
    for (size_t i = 0; good && i < raw.count; i++) {
        good = read_lists(query, &raw.items[i], err);
        name_itself(&explanation->protection, &raw.items[i].leg);
        explanation->legs[i] = raw.items[i].leg;
    }
    vec_finish(&raw);
    return good;
}

/* ------------------------------------------------------------------------------------------------------- facts ---- */

/* The facts of this asset that a condition names. */
static void gather_names(const struct explain *explain, const struct query_explanation *explanation, struct map *names)
{
    for (size_t i = 0; i < explanation->leg_count; i++) {
        for (size_t j = 0; j < explanation->legs[i].condition_count; j++) {
            const struct query_condition *condition = &explanation->legs[i].conditions[j];

            if (condition->asset == explain->asset && condition->fact[0] != '\0')
                map_put(names, condition->fact, (void *)condition);
        }
    }
}

/* Whether it is one of these, or a section of which nothing is known that one of these is in. */
static bool is_named(const struct query_fact *fact, const struct map *names)
{
    size_t length = strlen(fact->attribute), at = 0;
    const struct map_entry *entry;

    if (map_get(names, fact->attribute) != NULL)
        return true;
    if (fact->type != QUERY_NONE || length == 0 || fact->attribute[length - 1] != '.')
        return false;
    while ((entry = map_next(names, &at)) != NULL) {
        if (strncmp(entry->key, fact->attribute, length) == 0)
            return true;
    }
    return false;
}

static void read_facts(struct query *query, const struct explain *explain, struct query_explanation *explanation)
{
    vec(struct query_fact) facts = VEC_EMPTY;
    struct map names = MAP_EMPTY;

    gather_names(explain, explanation, &names);
    for (size_t i = 0; i < explain->detail.fact_count && names.count > 0; i++) {
        if (is_named(&explain->detail.facts[i], &names))
            vec_push(&facts, explain->detail.facts[i]);
    }
    map_finish(&names);
    READING_KEEP(query, &facts, explanation->facts, explanation->fact_count);
}

static bool read_exempt(struct query *query, struct explain *explain, struct err *err)
{
    struct exemptions exemptions;
    bool good = true;

    if (!exemptions_load(&exemptions, &query->sql, explain->now, err))
        return false;
    for (size_t i = 0; good && i < explain->found.count; i++)
        good = reading_exempt(query, &exemptions, &explain->found.items[i].protection, explain->now, err);
    exemptions_finish(&exemptions);
    return good;
}

static bool read_all(struct query *query, void *context, struct err *err)
{
    struct explain *explain = context;
    bool good = reading_detail(query, explain->asset, explain->now, &explain->detail, err) &&
                reading_judged_at(query, &explain->explanations->judged_at, err) && read_rows(query, explain, err);

    good = good && read_exempt(query, explain, err);
    for (size_t i = 0; good && i < explain->found.count; i++) {
        good = read_legs(query, explain->ids.items[i], &explain->found.items[i], err);
        if (good)
            read_facts(query, explain, &explain->found.items[i]);
    }
    vec_finish(&explain->ids);
    READING_KEEP(query, &explain->found, explain->explanations->list, explain->explanations->count);
    return good;
}

bool query_explain(struct query *query, int64_t asset, int64_t now, struct arena *arena,
                   struct query_explanations *explanations, struct err *err)
{
    struct explain explain = { .asset = asset, .now = now, .explanations = explanations };

    *explanations = (struct query_explanations){ 0 };
    return reading_run(query, arena, read_all, &explain, err);
}
