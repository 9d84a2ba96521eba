/* What verdicts do to other assets, and the words that they are found by. */
#include "query_protection.h"

#include "reading_protection.h"
#include "roster.h"

#include <string.h>

struct reading_effects {
    int64_t asset;
    struct query_effects *effects;
};

/* Most cause nothing: for them the rows are not gone through. */
static bool read_effects(struct query *query, void *context, struct err *err)
{
    struct reading_effects *reading = context;
    vec(struct query_effect) found = VEC_EMPTY;
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT j.verdict, j.method, count(DISTINCT g.asset)"
              " FROM (SELECT 1 FROM judgement WHERE cause = ?1 LIMIT 1) CROSS JOIN guard g CROSS JOIN judgement j"
              " WHERE g.judgement IN (SELECT id FROM judgement WHERE cause = ?1) AND g.asset <> ?1"
              " AND j.id = g.judgement GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2");
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

/* Each once. Not those of judgements that only former verdicts lead to. */
static bool read_texts(struct query *query, const char *sql, const struct roster *roster, struct query_texts *texts,
                       struct err *err)
{
    vec(const char *) found = VEC_EMPTY;
    struct sql_query rows;

    sql_query(&rows, &query->sql, sql);
    while (sql_row(&rows)) {
        if (roster_count(roster, sql_int(&rows, 1)) > 0 &&
            (found.count == 0 || strcmp(vec_last(&found), sql_text(&rows, 0)) != 0))
            vec_push(&found, reading_text(query, &rows, 0));
    }
    READING_KEEP(query, &found, texts->texts, texts->count);
    return sql_done(&rows, err);
}

#define WORDS(column) "SELECT " column ", id FROM judgement WHERE " column " IS NOT NULL ORDER BY 1"

static bool read_words(struct query *query, void *context, struct err *err)
{
    struct reading_words *words = context;
    struct roster roster;
    bool good = roster_read(&roster, &query->sql, ROSTER_ROWS, err) &&
                read_texts(query, WORDS("server"), &roster, words->servers, err) &&
                read_texts(query, WORDS("owner"), &roster, words->owners, err) &&
                read_texts(query, WORDS("site"), &roster, words->sites, err) &&
                read_texts(query, WORDS("criticality"), &roster, words->criticalities, err);

    roster_finish(&roster);
    return good;
}

bool query_protection_words(struct query *query, struct arena *arena, struct query_texts *servers,
                            struct query_texts *owners, struct query_texts *sites, struct query_texts *criticalities,
                            struct err *err)
{
    struct reading_words words = { servers, owners, sites, criticalities };

    *servers = *owners = *sites = *criticalities = (struct query_texts){ 0 };
    return reading_run(query, arena, read_words, &words, err);
}
