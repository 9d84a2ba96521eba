/* The database of the daemon: opened once, by one process; used by one thread at a time.
 *
 * WAL, synchronous=FULL: what was committed survives a power loss. docs/database.md says what the tables hold. */
#ifndef STORE_H
#define STORE_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct store;
struct sql;

struct store_options {
    const char *path;
    const char *readers; /* name of the group that may read the file; NULL: the file's own group */
};

/* Opens the database, made anew where there is none, and takes the lock beside it (PATH-lock). Refused with a sentence:
 * another daemon's lock (with its pid), a newer schema, another program's database, a damaged one, a file or folder
 * that others may write. An older schema is brought up to date after a copy was made beside it (PATH-VERSION.backup).
 */
struct store *store_open(const struct store_options *options, struct err *err);

/* Everything committed stays; readers can still open the file. NULL is allowed. */
void store_close(struct store *store);

/* What is wrong with the database as the last failure showed it. */
enum store_trouble {
    STORE_FINE,
    STORE_TRANSIENT, /* full, locked, read-only, input or output error: it is worth another try */
    STORE_DAMAGED,   /* corrupt, or no database any more: nothing more is written by this process */
};

/* May be asked from any thread. */
enum store_trouble store_trouble(const struct store *store);

/* Runs work in one transaction: committed where it returns true, else rolled back, with its err. Fails without calling
 * work once the database is damaged, while its file is not where it was, and inside of another transaction. Another
 * program's lock is waited for, five seconds at most. Queries that work leaves unfinished end with it. */
bool store_transaction(struct store *store, bool (*work)(struct sql *sql, void *context, struct err *err),
                       void *context, struct err *err);

#endif
