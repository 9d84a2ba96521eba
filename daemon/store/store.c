#include "store.h"

#include "mem.h"
#include "schema.h"
#include "sql.h"

#include <stdlib.h>

struct store {
    struct sql sql;
};

struct store *store_open(const struct store_options *options, struct err *err)
{
    struct store *store = mem_new(1, sizeof *store);

    if (sql_open(&store->sql, options->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err) &&
        sql_run(&store->sql, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", err) &&
        sql_run(&store->sql, schema_step(1), err))
        return store;
    store_close(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    sql_close(&store->sql);
    free(store);
}

enum store_trouble store_trouble(const struct store *store)
{
    (void)store;
    return STORE_FINE;
}

bool store_transaction(struct store *store, bool (*work)(struct sql *sql, void *context, struct err *err),
                       void *context, struct err *err)
{
    bool good = sql_run(&store->sql, "BEGIN IMMEDIATE", err) && work(&store->sql, context, err) &&
                sql_run(&store->sql, "COMMIT", err);

    if (!good)
        sql_run(&store->sql, "ROLLBACK", NULL);
    return good;
}
