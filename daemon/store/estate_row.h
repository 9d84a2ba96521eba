/* What the configuration says of backup servers and rules, as the column basis.estate keeps it: who reads the database
 * need not be one who may read the configuration. Of the store alone. docs/database.md describes the form. */
#ifndef ESTATE_ROW_H
#define ESTATE_ROW_H

#include "arena.h"
#include "err.h"
#include "estate.h"
#include "str.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;

/* Appends it as JSON, without a newline; with the ends of support of those backup products that have one. products may
 * be NULL. */
struct products;
void estate_row_write(struct str *out, const struct estate *estate, const struct products *products);

/* Reads that of the basis of this number; everything lies in the arena, the hash is made anew. */
bool estate_row_read(struct sql *sql, int64_t basis, struct arena *arena, struct estate *estate, struct err *err);

#endif
