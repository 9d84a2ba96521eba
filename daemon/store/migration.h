/* Brings a database to the schema that this program writes: a new one by all steps, an older one by those it lacks, in
 * one transaction, after a copy was made beside it. */
#ifndef MIGRATION_H
#define MIGRATION_H

#include "err.h"

#include <stdbool.h>

struct place;
struct sql;

struct migration {
    const char *(*step)(int version); /* the statements that bring version - 1 to version, 1 to count */
    int count;
};

/* That of schema.h. */
extern const struct migration migration_schema;

/* Whether a database with this application_id and user_version can be opened: false with a sentence for another
 * program's, and for one that a newer musterd has written. */
bool migration_accepts(const struct migration *migration, const char *path, unsigned application, unsigned version,
                       struct err *err);

/* Makes the tables of an empty database, before it is in WAL. */
bool migration_begin(const struct migration *migration, struct sql *sql, struct err *err);

/* Brings a database up to date; does nothing where it is. The copy is PATH-VERSION.backup, VERSION being the one it
 * comes from, or the first that is free of PATH-VERSION.backup.2 to .9: no copy is ever overwritten. It bears
 * the ending .new until the changes are committed; where they fail, the database is as it was and the copy is removed.
 */
bool migration_run(const struct migration *migration, const struct place *place, struct sql *sql, struct err *err);

#endif
