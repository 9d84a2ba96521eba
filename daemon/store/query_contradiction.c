/* What scans show of backup servers against the configuration. */
#include "reading.h"

/* Each sentence once; verdicts of one server are many, and say the same of it. */
static const char said[] =
    "SELECT DISTINCT j.server, json_extract(j.detail, '$.server_conflict') AS said FROM judgement j"
    " WHERE j.id IN (SELECT judgement FROM guard) AND json_extract(j.detail, '$.server_conflict') IS NOT NULL"
    " ORDER BY j.server COLLATE NOCASE, said";

static bool read_contradictions(struct query *query, void *context, struct err *err)
{
    vec(struct query_contradiction) list = VEC_EMPTY;
    struct query_contradictions *found = context;
    struct sql_query rows;

    sql_query(&rows, &query->sql, said);
    while (sql_row(&rows)) {
        struct query_contradiction one = { .server = reading_text(query, &rows, 0) };

        one.text = reading_text(query, &rows, 1);
        vec_push(&list, one);
    }
    READING_KEEP(query, &list, found->items, found->count);
    return sql_done(&rows, err);
}

bool query_contradictions(struct query *query, struct arena *arena, struct query_contradictions *found, struct err *err)
{
    return reading_run(query, arena, read_contradictions, found, err);
}
