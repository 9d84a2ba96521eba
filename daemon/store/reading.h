/* What the files behind query.h share. */
#ifndef READING_H
#define READING_H

#include "arena.h"
#include "err.h"
#include "query.h"
#include "sql.h"
#include "vec.h"

#include <stdbool.h>
#include <stdint.h>

struct query {
    struct sql sql;
    struct arena texts;  /* statements that were put together: sql.h keeps them by their text */
    int64_t deadline;    /* monotonic */
    struct arena *arena; /* of the reading under way: what is copied goes there */
};

typedef bool reading_work(struct query *query, void *context, struct err *err);

/* Runs work in one transaction, which sees one state of the database, within QUERY_MAX_MS. */
bool reading_run(struct query *query, struct arena *arena, reading_work *work, void *context, struct err *err);

/* The column's text in the arena, NULL for NULL. */
const char *reading_text(struct query *query, struct sql_query *rows, int column);

/* The texts of the rows' first column, to their end. */
bool reading_texts(struct query *query, struct sql_query *rows, struct query_texts *texts, struct err *err);

/* The elements of a JSON list of texts. */
bool reading_json_texts(struct query *query, const char *json, struct query_texts *texts, struct err *err);

/* Fills in what query_asset has beside the row of its table: system, sources, seen_at, stale. */
bool reading_asset(struct query *query, struct query_asset *asset, int64_t now, struct err *err);

/* All that query_summary tells, within the reading under way. */
bool reading_summary(struct query *query, int64_t now, struct query_summary *summary, struct err *err);

/* All that query_show tells, within the reading under way. */
bool reading_detail(struct query *query, int64_t asset, int64_t now, struct query_detail *detail, struct err *err);

/* Whether what was seen then is stale now, where it may be so old (AGE_MOST). */
bool reading_late(int64_t seen_at, int64_t most_ms, int64_t now);

/* A change's detail in words. */
bool reading_words(struct query *query, const char *detail, const char **words, struct err *err);

/* LIKE's form of a text, everything in it taken literally; wild: * and ? are understood. */
const char *reading_like(struct query *query, const char *text, bool wild);

/* Escapes for LIKE as reading_like gives them. */
#define READING_ESCAPE " ESCAPE '\\'"

/* Moves a vector's content into the arena, as a list and its number. */
#define READING_KEEP(query, vec, list, number)                                                                         \
    ((number) = (vec)->count,                                                                                          \
     (list) =                                                                                                          \
         (vec)->count == 0 ? NULL : arena_bytes((query)->arena, (vec)->items, (vec)->count * sizeof *(vec)->items),    \
     vec_finish(vec))

#endif
