#include "backups.h"

#include "cim_time.h"
#include "column.h"
#include "databases.h"
#include "privileges.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { NAME, TYPE, COPY_ONLY, ZONE, FINISHED };

enum {
    ZONE_MINUTES = 15, /* its unit in msdb */
    ZONE_UNKNOWN = 127,
    ZONE_MOST = 48,
    DAY_MINUTES = 1440,
};

static const char types[BACKUP_COUNT] = { [BACKUP_FULL] = 'D', [BACKUP_DIFF] = 'I', [BACKUP_LOG] = 'L' };

bool backups_utc(const char *local, int64_t minutes, char utc[BACKUPS_TIME_SIZE])
{
    char text[64];
    int written;

    _Static_assert(BACKUPS_TIME_SIZE == CIM_TIME_SIZE, "it is what cim_time_read fills");
    if (local == NULL || strlen(local) < 19 || minutes <= -DAY_MINUTES || minutes >= DAY_MINUTES)
        return false;
    written = snprintf(text, sizeof text, "%.40s%c%02" PRId64 ":%02" PRId64, local, minutes < 0 ? '-' : '+',
                       (minutes < 0 ? -minutes : minutes) / 60, (minutes < 0 ? -minutes : minutes) % 60);
    return written > 0 && (size_t)written < sizeof text && cim_time_read(text, utc);
}

/* ------------------------------------------------------------------------------------------------------ rows ---- */

/* Two looks at the clock, a moment apart: to the nearest quarter of an hour. */
static void take_offset(struct instance *instance, const struct mssql_row *row)
{
    int64_t minutes;

    if (column_int(row, 0, &minutes) && minutes > -DAY_MINUTES && minutes < DAY_MINUTES)
        instance->offset = (minutes + DAY_MINUTES + ZONE_MINUTES / 2) / ZONE_MINUTES * ZONE_MINUTES - DAY_MINUTES;
    else
        instance->left_out++;
}

/* Minutes from UTC where and when the backup was made; today's where that was not written down. */
static int64_t minutes_of(const struct instance *instance, const struct mssql_row *row)
{
    int64_t zone;

    if (!column_int(row, ZONE, &zone) || zone == ZONE_UNKNOWN || zone < -ZONE_MOST || zone > ZONE_MOST)
        return instance->offset;
    return zone * ZONE_MINUTES;
}

static int type_of(const char *type)
{
    for (int i = 0; i < BACKUP_COUNT; i++) {
        if (type[0] == types[i] && type[1] == '\0')
            return i;
    }
    return BACKUP_COUNT;
}

/* Of a database that had the name before; both are times of the server. */
static bool is_of_another(const struct database *database, const char *finished)
{
    return database->created != NULL && strcmp(finished, database->created) < 0;
}

/* One made on the side, of all of it, counts for no chain of backups; other types are of single files. */
static bool counts(int type, bool aside)
{
    return type < BACKUP_COUNT && !(aside && type == BACKUP_FULL);
}

static void keep(struct instance *instance, struct database *database, int type, const char *utc)
{
    if (database->backups[type] == NULL || strcmp(database->backups[type], utc) < 0)
        database->backups[type] = instance_keep(instance, utc);
}

/* Names that no database has are of what was dropped. */
static void take(struct instance *instance, const struct mssql_row *row)
{
    const char *name = column_text(row, NAME), *type = column_text(row, TYPE), *finished = column_text(row, FINISHED);
    struct database *database = name == NULL ? NULL : instance_database_named(instance, name);
    char utc[BACKUPS_TIME_SIZE];
    bool aside;

    if (name == NULL || type == NULL || !column_bool(row, COPY_ONLY, &aside) ||
        !backups_utc(finished, minutes_of(instance, row), utc))
        instance->left_out++;
    else if (database != NULL && counts(type_of(type), aside) && !is_of_another(database, finished))
        keep(instance, database, type_of(type), utc);
}

/* --------------------------------------------------------------------------------------------------- section ---- */

static bool applies(const struct instance *instance)
{
    return instance_is_ours(instance) && databases_any(instance);
}

static void finish(struct instance *instance)
{
    if (instance->left_out > 0)
        instance->no_backups = "when one of its backups was made could not be read";
}

static void failed(struct instance *instance, const char *why)
{
    instance->no_backups = why;
}

static const struct statement statements[] = {
    { 0, 0, 1, true, "SELECT CAST(DATEDIFF(minute, GETUTCDATE(), GETDATE()) AS int) AS offset_minutes", take_offset },
    { 0, 0, 5, false,
      "SELECT bs.database_name AS database_name, bs.type AS type, CAST(bs.is_copy_only AS int) AS is_copy_only, "
      "CAST(bs.time_zone AS int) AS time_zone, CONVERT(varchar(33), MAX(bs.backup_finish_date), 126) AS finished "
      "FROM msdb.dbo.backupset bs WHERE bs.backup_finish_date IS NOT NULL "
      "GROUP BY bs.database_name, bs.type, bs.is_copy_only, bs.time_zone",
      take },
};

const struct section backups_section = {
    .name = "backups",
    .statements = statements,
    .count = sizeof statements / sizeof *statements,
    .rights = MAY(SELECT_BACKUPSET),
    .applies = applies,
    .finish = finish,
    .failed = failed,
};
