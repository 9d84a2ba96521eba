/* What only the store's own files and their tests may know of a store. */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "migration.h"
#include "store.h"

/* What a connection that writes keeps of the database in memory, in KiB, as SQLite takes it. */
#define STORE_CACHE "-2048"

/* store_open with other steps than those of schema.h. */
struct store *store_open_as(const struct store_options *options, const struct migration *migration, struct err *err);

/* The connection, between transactions. */
struct sql *store_sql(struct store *store);

#endif
