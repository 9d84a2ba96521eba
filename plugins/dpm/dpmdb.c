#include "dpmdb.h"

#include "host_name.h"
#include "mssql_options.h"
#include "old_tls.h"
#include "sql_scout.h"
#include "text.h"
#include "version.h"

#include <string.h>
#include <strings.h>

static void read_options(struct dpmdb *dpmdb, struct sql_scout_settings *scout, struct muster *m)
{
    *dpmdb = (struct dpmdb){ .m = m };
    mssql_options_read(&dpmdb->settings, scout, m);
    dpmdb->settings.database = dpmdb->database = muster_text(m, "database");
}

bool dpmdb_check(struct muster *m, struct err *err)
{
    struct sql_scout_settings scout;
    struct dpmdb dpmdb;
    const char *server = muster_text(m, "server");

    read_options(&dpmdb, &scout, m);
    if (!mssql_options_login(&dpmdb.settings))
        return err_set(err, ERR_CONFIG, "DPMDB tells nothing without a login: give username and password, or a keytab");
    if (server != NULL && (strchr(server, '.') == NULL || !host_name_is(server)))
        return err_set(err, ERR_CONFIG, "server: \"%.255s\" is no full name of a host", server);
    return mssql_check(&dpmdb.settings, err);
}

/* ---------------------------------------------------------------------------------------------------- instance ---- */

static void name_instances(const struct sql_scout *scout, struct str *names)
{
    for (size_t i = 0; i < scout->count; i++)
        str_format(names, "%s%s (port %d)", i == 0 ? "" : ", ",
                   scout->instances[i].name[0] == '\0' ? "one without a name" : scout->instances[i].name,
                   scout->instances[i].port);
}

static void aim(struct dpmdb *dpmdb, const struct sql_scout_instance *instance)
{
    dpmdb->settings.port = instance->port;
    dpmdb->settings.strict = instance->strict;
    dpmdb->settings.major = (int)version_number(instance->prelogin.build, 0);
}

static bool choose(struct dpmdb *dpmdb, const struct sql_scout *scout, struct err *err)
{
    const struct sql_scout_instance *instance = scout->instances;
    struct str names = STR_EMPTY;

    if (scout->count > 1) {
        name_instances(scout, &names);
        err_set(err, ERR_CONFIG, "%s has several instances: %s; say by instance or port which has DPMDB",
                dpmdb->settings.host, str_text(&names));
        str_finish(&names);
        return false;
    }
    if (!instance->seen && !instance->strict) {
        *err = instance->why;
        return false;
    }
    aim(dpmdb, instance);
    return true;
}

static bool find_instance(struct dpmdb *dpmdb, const struct sql_scout_settings *settings, struct err *err)
{
    struct sql_scout *scout = muster_alloc(dpmdb->m, sizeof *scout);

    if (!sql_scout(scout, settings, err))
        return false;
    dpmdb->settings.address = scout->address;
    return choose(dpmdb, scout, err);
}

/* ---------------------------------------------------------------------------------------------------- database ---- */

static bool take_name(void *context, const struct mssql_row *row, struct err *err)
{
    struct dpmdb *dpmdb = context;
    char one[TEXT_QUOTE_SIZE], other[TEXT_QUOTE_SIZE];

    if (row->values[0] == NULL)
        return true;
    if (dpmdb->database != NULL)
        return err_set(err, ERR_CONFIG,
                       "port %d of %s has several databases called DPMDB: %s, %s; give one as the "
                       "option \"database\"",
                       dpmdb->settings.port, dpmdb->settings.host, text_quote(one, dpmdb->database),
                       text_quote(other, row->values[0]));
    dpmdb->database = muster_fmt(dpmdb->m, "%s", row->values[0]);
    return true;
}

static bool find_database(struct dpmdb *dpmdb, struct err *err)
{
    const struct mssql_taker taker = { take_name, dpmdb };

    if (!mssql_query(dpmdb->mssql,
                     "SELECT name AS c1 FROM sys.databases WHERE name = N'" DPMDB_NAME
                     "' OR SUBSTRING(name, 1, 6) = N'" DPMDB_NAME "_' ORDER BY name",
                     &taker, err))
        return false;
    if (dpmdb->database == NULL)
        return err_set(err, ERR_UNSUPPORTED,
                       "port %d of %s shows the login no database called DPMDB or DPMDB_*: is it another instance that "
                       "the backup server uses? Its registry says, in DB\\SqlServer, InstanceName and DatabaseName",
                       dpmdb->settings.port, dpmdb->settings.host);
    return true;
}

/* The name came from the instance, and goes back to it as part of a login, never in a statement. */
static bool open_database(struct dpmdb *dpmdb, struct err *err)
{
    if (dpmdb->settings.database != NULL)
        return true;
    if (!find_database(dpmdb, err))
        return false;
    mssql_close(dpmdb->mssql);
    dpmdb->settings.database = dpmdb->database;
    dpmdb->mssql = mssql_open(&dpmdb->settings, err);
    return dpmdb->mssql != NULL;
}

static bool take_instance(void *context, const struct mssql_row *row, struct err *err)
{
    struct dpmdb *dpmdb = context;

    (void)err;
    if (row->values[0] != NULL)
        dpmdb->instance = muster_fmt(dpmdb->m, "%s", row->values[0]);
    return true;
}

static bool find_name(struct dpmdb *dpmdb, struct err *err)
{
    const struct mssql_taker taker = { take_instance, dpmdb };

    return mssql_query(dpmdb->mssql, "SELECT CONVERT(nvarchar(256), SERVERPROPERTY('ServerName')) AS c1", &taker,
                       err) ||
           mssql_alive(dpmdb->mssql);
}

/* Where an old one is allowed, it is told with each scan. */
static void take_tls(struct dpmdb *dpmdb)
{
    dpmdb->tls = muster_fmt(dpmdb->m, "%s", mssql_tls(dpmdb->mssql));
    if (old_tls_is(dpmdb->tls))
        muster_warn(dpmdb->m, NULL, NULL,
                    "%s is the newest that the instance of DPMDB agrees to: update SQL Server so "
                    "that it speaks TLS 1.2",
                    dpmdb->tls);
}

bool dpmdb_open(struct dpmdb *dpmdb, struct muster *m, struct err *err)
{
    struct sql_scout_settings scout;

    read_options(dpmdb, &scout, m);
    if (!find_instance(dpmdb, &scout, err))
        return false;
    dpmdb->mssql = mssql_open(&dpmdb->settings, err);
    if (dpmdb->mssql == NULL)
        return false;
    if (open_database(dpmdb, err) && find_name(dpmdb, err)) {
        take_tls(dpmdb);
        return true;
    }
    dpmdb_close(dpmdb);
    return false;
}

bool dpmdb_enter(struct dpmdb *dpmdb, const struct sql_scout_instance *instance, struct mssql *mssql, struct err *err)
{
    dpmdb->mssql = mssql;
    if (dpmdb->settings.database != NULL)
        return true;
    aim(dpmdb, instance);
    if (!find_database(dpmdb, err))
        return false;
    dpmdb->settings.database = dpmdb->database;
    dpmdb->mssql = mssql_open(&dpmdb->settings, err);
    return dpmdb->mssql != NULL;
}

void dpmdb_leave(struct dpmdb *dpmdb, const struct mssql *mssql)
{
    if (dpmdb->mssql != mssql)
        dpmdb_close(dpmdb);
}

void dpmdb_close(struct dpmdb *dpmdb)
{
    if (dpmdb->mssql != NULL)
        mssql_close(dpmdb->mssql);
    dpmdb->mssql = NULL;
}
