/* What Azure Backup Server or Data Protection Manager protects, by its database: README.md. */
#include "dpm_read.h"
#include "dpm_rights.h"
#include "dpmdb.h"
#include "mssql_options.h"
#include "muster_plugin.h"

static const struct muster_option options[] = {
    MSSQL_OPTIONS,
    { .name = "database",
      .type = MUSTER_TEXT,
      .help = "name of DPMDB; unset: the one database of the instance that is called DPMDB, or DPMDB_ and more" },
    { .name = "server", .type = MUSTER_TEXT, .help = "full name of the backup server; unset: as DPMDB names it" },
    { 0 },
};

static const char *const kinds[] = { "backup_server", "protected", NULL };

static int prepare(struct muster_error *error)
{
    struct err err;

    return mssql_prepare(&err) ? 0 : muster_prepare_fail(error, "%s", err.text);
}

static int check(struct muster *m)
{
    struct err err;

    return dpmdb_check(m, &err) ? 0 : mssql_options_fail(m, &err);
}

static bool read_and_emit(struct dpmdb *dpmdb, struct muster *m, struct err *err)
{
    int completeness = MUSTER_PARTIAL;
    struct holdings holdings;
    bool good;

    holdings_init(&holdings);
    good = dpm_read_all(dpmdb, &holdings, err);
    dpmdb_close(dpmdb);
    good = good && dpm_read_emit(dpmdb, &holdings, &completeness, err);
    holdings_finish(&holdings);
    if (good)
        muster_end(m, completeness);
    return good;
}

static int scan(struct muster *m)
{
    struct dpmdb dpmdb;
    struct err err;

    if (dpmdb_open(&dpmdb, m, &err) && read_and_emit(&dpmdb, m, &err))
        return 0;
    return mssql_options_fail(m, &err);
}

static int doctor(struct muster *m)
{
    struct err err;

    return dpm_rights_doctor(m, &err) ? 0 : mssql_options_fail(m, &err);
}

MUSTER_PLUGIN(.name = "dpm", .version = "1.0",
              .summary =
                  "what a backup server (Azure Backup Server, Data Protection Manager) protects, by its database",
              .options = options, .kinds = kinds, .prepare = prepare, .check = check, .scan = scan, .doctor = doctor);
