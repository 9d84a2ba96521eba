/* What verdicts do to other assets, and the words that they are found by. */
#include "query_protection.h"

#include "reading_protection.h"

struct reading_effects {
    int64_t asset;
    struct query_effects *effects;
};

static bool read_effects(struct query *query, void *context, struct err *err)
{
    struct reading_effects *reading = context;
    vec(struct query_effect) found = VEC_EMPTY;
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT j.verdict, j.method, count(DISTINCT g.asset) FROM judgement j CROSS JOIN guard g"
              " WHERE j.cause = ?1 AND g.judgement = j.id AND g.asset <> ?1"
              " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2");
    sql_bind_int(&rows, 1, reading->asset);
    while (sql_row(&rows)) {
        struct query_effect effect = { reading_some(query, &rows, 0), reading_some(query, &rows, 1),
                                       sql_int(&rows, 2) };

        vec_push(&found, effect);
    }
    READING_KEEP(query, &found, reading->effects->list, reading->effects->count);
    return sql_done(&rows, err);
}

bool query_effects(struct query *query, int64_t asset, struct arena *arena, struct query_effects *effects,
                   struct err *err)
{
    struct reading_effects reading = { asset, effects };

    *effects = (struct query_effects){ 0 };
    return reading_run(query, arena, read_effects, &reading, err);
}

struct reading_words {
    struct query_texts *servers, *owners, *sites, *criticalities;
};

static bool read_texts(struct query *query, const char *sql, struct query_texts *texts, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql, sql);
    return reading_texts(query, &rows, texts, err);
}

/* Not those of judgements that only former verdicts lead to. */
#define WORDS(column)                                                                                                  \
    "SELECT DISTINCT " column " FROM judgement j WHERE " column " IS NOT NULL"                                         \
    " AND EXISTS (SELECT 1 FROM guard WHERE judgement = j.id) ORDER BY 1"

static bool read_words(struct query *query, void *context, struct err *err)
{
    struct reading_words *words = context;

    return read_texts(query, WORDS("server"), words->servers, err) &&
           read_texts(query, WORDS("owner"), words->owners, err) &&
           read_texts(query, WORDS("site"), words->sites, err) &&
           read_texts(query, WORDS("criticality"), words->criticalities, err);
}

bool query_protection_words(struct query *query, struct arena *arena, struct query_texts *servers,
                            struct query_texts *owners, struct query_texts *sites, struct query_texts *criticalities,
                            struct err *err)
{
    struct reading_words words = { servers, owners, sites, criticalities };

    *servers = *owners = *sites = *criticalities = (struct query_texts){ 0 };
    return reading_run(query, arena, read_words, &words, err);
}
