/* Instances of SQL Server and their databases: README.md. */
#include "mssql_options.h"
#include "muster_plugin.h"
#include "sql_doctor.h"
#include "sql_scan.h"

static const struct muster_option options[] = { MSSQL_OPTIONS, { 0 } };

static const char *const kinds[] = { "sql_instance", "database", "availability_group", NULL };

static int prepare(struct muster_error *error)
{
    struct err err;

    return mssql_prepare(&err) ? 0 : muster_prepare_fail(error, "%s", err.text);
}

static int check(struct muster *m)
{
    struct sql_scout_settings scout;
    struct mssql_settings settings;
    struct err err;

    mssql_options_read(&settings, &scout, m);
    if (!mssql_check(&settings, &err))
        return mssql_options_fail(m, &err);
    if (scout.port != 0 && scout.port != SQL_SCOUT_PORT && scout.instance == NULL)
        return muster_fail(m, MUSTER_CONFIG,
                           "instance: it is needed beside port %d, for nothing else names what cannot be logged into",
                           scout.port);
    return 0;
}

static int scan(struct muster *m)
{
    int completeness = MUSTER_PARTIAL;
    struct sql_scout_settings scout;
    struct mssql_settings settings;
    struct err err;

    mssql_options_read(&settings, &scout, m);
    if (!sql_scan(m, &settings, &scout, &completeness, &err))
        return mssql_options_fail(m, &err);
    muster_end(m, completeness);
    return 0;
}

static int doctor(struct muster *m)
{
    const struct mssql_doctor_rights rights = { sql_doctor_examine, (void *)muster_text(m, "host") };
    struct sql_scout_settings scout;
    struct mssql_settings settings;
    struct err err;

    mssql_options_read(&settings, &scout, m);
    return mssql_doctor(m, &settings, &scout, &rights, &err) ? 0 : mssql_options_fail(m, &err);
}

MUSTER_PLUGIN(.name = "sql", .version = "1.0", .summary = "instances of SQL Server and their databases",
              .options = options, .kinds = kinds, .prepare = prepare, .check = check, .scan = scan, .doctor = doctor);
