/* A session with DPMDB: the one instance that the options mean, and on it the one database. Blocking. */
#ifndef DPMDB_H
#define DPMDB_H

#include "err.h"
#include "mssql.h"
#include "muster_plugin.h"
#include "sql_scout.h"

#include <stdbool.h>

#define DPMDB_NAME "DPMDB" /* or DPMDB_ and the backup server's name */

struct dpmdb {
    struct muster *m;
    struct mssql_settings settings;
    struct mssql *mssql;
    const char *database; /* its name */
    const char *instance; /* as SQL Server calls itself; NULL: it did not tell */
    const char *tls;      /* the version that dpmdb_open's session agreed to, such as TLSv1.2 */
};

/* Whether the options make sense; no network. */
bool dpmdb_check(struct muster *m, struct err *err);

/* Finds the instance, logs in, and finds the database unless the options name it: one that is called DPMDB, or DPMDB_*;
 * it is then logged into by its name. False: as sql_scout and mssql_open fail; class config where there are several
 * instances or databases and nothing says which, unsupported where there is no such database. */
bool dpmdb_open(struct dpmdb *dpmdb, struct muster *m, struct err *err);
void dpmdb_close(struct dpmdb *dpmdb);

/* The same from a session with an instance that was found: goes on with it where it is of the database that the
 * settings name, else finds that and logs in once more. dpmdb has m, settings and database. False: there is no such
 * database, or no login to it. dpmdb_leave closes what it opened, not the session that it was given. */
bool dpmdb_enter(struct dpmdb *dpmdb, const struct sql_scout_instance *instance, struct mssql *mssql, struct err *err);
void dpmdb_leave(struct dpmdb *dpmdb, const struct mssql *mssql);

#endif
