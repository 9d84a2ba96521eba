#include "files.h"

#include "column.h"
#include "databases.h"
#include "privileges.h"
#include "shared_volumes.h"

enum column { ID, PATH, SIZE };

enum { RESOURCE_DATABASE = 32767 }; /* the engine's own, which sys.databases never shows */

static bool applies(const struct instance *instance)
{
    return instance_is_ours(instance) && databases_any(instance);
}

static void add_size(struct database *database, int64_t size)
{
    if (size < 0 || database->size > INT64_MAX - size)
        database->size_wrong = true;
    else
        database->size += size;
}

static void add_path(struct instance *instance, struct database *database, const char *path)
{
    struct database_file *file = arena_alloc(&instance->arena, sizeof *file);

    *file = (struct database_file){ database->files, instance_keep(instance, path) };
    database->files = file;
    database->file_count++;
    database->on_csv |= shared_volumes_hold(instance, path);
    database->on_share |= shared_volumes_is_share(path);
}

static void take(struct instance *instance, const struct mssql_row *row)
{
    const char *path = column_text(row, PATH);
    struct database *database;
    int64_t id, size = 0;

    if (!column_int(row, ID, &id)) {
        instance->left_out++;
        return;
    }
    database = instance_database(instance, id);
    if (database == NULL) {
        instance->unknown_files += id != RESOURCE_DATABASE;
        return;
    }
    database->size_wrong |= !column_int(row, SIZE, &size);
    add_size(database, size);
    if (path == NULL || path[0] == '\0')
        database->path_wrong = true;
    else
        add_path(instance, database, path);
}

/* An offline database is shown only to who may make or alter any; its files are shown to more. */
static void finish(struct instance *instance)
{
    if (instance->left_out > 0)
        instance->no_files = "a file of the instance could not be read";
    if (instance->unknown_files == 0)
        return;
    instance->partial = true;
    instance_warn(instance,
                  "there are %zu files of databases that are not shown: one was made meanwhile, or is offline, and the "
                  "login %s",
                  instance->unknown_files, privileges_needs(instance, MAY_SEE_OFFLINE));
}

static void failed(struct instance *instance, const char *why)
{
    instance->no_files = why;
    if (privileges_allows(instance, MAY_SEE_OFFLINE))
        return;
    instance->partial = true;
    instance_warn(instance, "offline databases may be missing, and no file tells of them: %s", why);
}

static const struct statement statements[] = {
    { 0, 0, 3, false,
      "SELECT CAST(f.database_id AS int) AS database_id, f.physical_name AS physical_name, "
      "CAST(f.size AS bigint) * 8192 AS size_bytes FROM sys.master_files f",
      take },
};

const struct section files_section = {
    .name = "files of databases",
    .statements = statements,
    .count = 1,
    .rights = MAY_SEE_FILES,
    .applies = applies,
    .finish = finish,
    .failed = failed,
};
