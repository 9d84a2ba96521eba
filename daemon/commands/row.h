/* Rows and cells that several commands show alike. Texts are borrowed, lists are made in the document's arena. */
#ifndef ROW_H
#define ROW_H

#include "arena.h"
#include "query.h"
#include "table.h"

#include <stdbool.h>

/* "" is not known. */
struct cell row_some(const char *text);

/* A query's list of texts as a cell. */
struct cell row_texts(struct arena *arena, const struct query_texts *texts);

/* Numbers as a list. */
struct cell row_numbers(struct arena *arena, const int *numbers, size_t count);

/* A target's result, toned: complete and delta are good, partial and never are worth a look, the rest is bad. */
struct cell row_result(const char *result);
bool row_result_is_good(const char *result);

/* An asset: a table of many, and one that is shown by itself. Both have the same columns but for their titles. */
extern const struct column row_assets[], row_asset[];
void row_add_asset(struct document *document, struct table *table, const struct query_asset *asset);

/* A credential. */
extern const struct column row_credentials[];
void row_add_credential(struct table *table, const struct query_credential *credential);

#endif
