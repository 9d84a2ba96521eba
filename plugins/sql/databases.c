#include "databases.h"

#include "column.h"
#include "privileges.h"

#include <string.h>

enum column { ID, NAME, CREATED, STATE, RECOVERY_MODEL, READ_ONLY, SOURCE };

bool databases_any(const struct instance *instance)
{
    return instance->databases.count > 0 || instance->no_databases == NULL;
}

/* By their names: their numbers are fixed, but for msdb's. */
static bool is_system(const char *name)
{
    static const char *const names[] = { "master", "model", "msdb", "tempdb" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

static void add(struct instance *instance, struct database *database)
{
    vec_push(&instance->databases, database);
    map_put_bytes(&instance->by_id, (const char *)&database->id, sizeof database->id, database);
    map_put(&instance->by_name, database->name, database);
}

static void take(struct instance *instance, const struct mssql_row *row)
{
    const char *name = column_text(row, NAME);
    struct database *database;
    int64_t id;

    if (name == NULL || name[0] == '\0' || !column_int(row, ID, &id) || instance_database(instance, id) != NULL ||
        instance_database_named(instance, name) != NULL || instance->databases.count == INSTANCE_MAX_DATABASES) {
        instance->left_out++;
        return;
    }
    database = arena_alloc(&instance->arena, sizeof *database);
    database->id = id;
    database->name = instance_keep(instance, name);
    database->created = instance_keep(instance, column_text(row, CREATED));
    database->state = instance_keep(instance, column_text(row, STATE));
    database->recovery_model = instance_keep(instance, column_text(row, RECOVERY_MODEL));
    database->read_only_known = column_bool(row, READ_ONLY, &database->read_only);
    database->snapshot = column_text(row, SOURCE) != NULL;
    add(instance, database);
}

/* Everybody is shown master and tempdb: where there is less, something was kept back. */
static void finish(struct instance *instance)
{
    if (privileges_allows(instance, MAY(VIEW_ANY_DATABASE) | MAY_SEE_OFFLINE) && instance->databases.count > 0)
        return;
    instance->partial = true;
    instance_warn(instance, "databases may be missing: the login %s",
                  instance->databases.count == 0 ? "is shown none at all"
                                                 : privileges_needs(instance, MAY(VIEW_ANY_DATABASE)));
}

static void failed(struct instance *instance, const char *why)
{
    instance->no_databases = why;
}

static const struct statement statements[] = {
    { 0, 0, 7, false,
      "SELECT CAST(d.database_id AS int) AS database_id, d.name AS name, "
      "CONVERT(varchar(33), d.create_date, 126) AS create_date, d.state_desc AS state_desc, "
      "d.recovery_model_desc AS recovery_model_desc, CAST(d.is_read_only AS int) AS is_read_only, "
      "CAST(d.source_database_id AS int) AS source_database_id FROM sys.databases d ORDER BY d.database_id",
      take },
};

const struct section databases_section = {
    .name = "databases",
    .statements = statements,
    .count = 1,
    .applies = instance_is_ours,
    .finish = finish,
    .failed = failed,
    .records = true,
};

/* --------------------------------------------------------------------------------------------------- records ---- */

static void set_or_unread(struct item *item, const char *attribute, const char *text)
{
    if (text != NULL)
        facts_text(item, attribute, text);
    else
        facts_unread(item, attribute, "the instance does not tell");
}

static void set_paths(struct instance *instance, const struct database *database, struct item *item)
{
    const char **paths = arena_alloc(&instance->scratch, (database->file_count + 1) * sizeof *paths);
    size_t count = 0;

    for (const struct database_file *file = database->files; file != NULL; file = file->next)
        paths[count++] = file->path;
    facts_set(item, "database.files", paths, count);
}

/* Where one of its volumes cannot be known, only a file that lies on a shared one decides. */
static void set_places(struct instance *instance, const struct database *database, struct item *item)
{
    if (database->on_csv || instance->no_volumes == NULL)
        facts_bool(item, "database.on_csv", database->on_csv);
    else
        facts_unread(item, "database.on_csv", instance->no_volumes);
    facts_bool(item, "database.on_share", database->on_share);
}

static void set_files(struct instance *instance, const struct database *database, struct item *item)
{
    static const char *const attributes[] = { "database.files", "database.on_csv", "database.on_share",
                                              "database.size" };
    const char *why = instance->no_files;

    if (why == NULL && database->path_wrong)
        why = "a file has no path";
    if (why == NULL && database->file_count == 0)
        why = "no file of it is shown";
    for (size_t i = 0; why != NULL && i < sizeof attributes / sizeof *attributes; i++)
        facts_unread(item, attributes[i], why);
    if (why != NULL)
        return;
    set_paths(instance, database, item);
    set_places(instance, database, item);
    if (database->size_wrong)
        facts_unread(item, "database.size", "the size of a file can not be");
    else
        facts_int(item, "database.size", database->size);
}

static void set_backups(struct instance *instance, const struct database *database, struct item *item)
{
    static const char *const attributes[BACKUP_COUNT] = {
        [BACKUP_FULL] = "database.last_full_backup",
        [BACKUP_DIFF] = "database.last_diff_backup",
        [BACKUP_LOG] = "database.last_log_backup",
    };

    for (size_t i = 0; i < BACKUP_COUNT; i++) {
        if (instance->no_backups != NULL)
            facts_unread(item, attributes[i], instance->no_backups);
        else
            facts_text(item, attributes[i], database->backups[i]);
    }
}

static void set_group(struct instance *instance, const struct database *database, struct item *item)
{
    const char *why = instance->no_membership;

    if (why == NULL && database->grouped && database->group == NULL)
        why = instance->no_group;
    if (why != NULL) {
        facts_unread(item, "database.availability_group", why);
        return;
    }
    facts_text(item, "database.availability_group", database->group == NULL ? "" : database->group->name);
    facts_link(item, "member_of", "availability_group", database->group == NULL ? NULL : database->group->id);
}

void databases_record(struct instance *instance, const struct database *database, struct item *item)
{
    struct arena *arena = &instance->scratch;

    item_init(item, arena, "database", arena_format(arena, "%s/%s", instance->item.key, database->name));
    facts_text(item, "id.name", database->name);
    facts_bool(item, "database.system", is_system(database->name));
    facts_bool(item, "database.snapshot", database->snapshot);
    set_or_unread(item, "database.state", database->state);
    set_or_unread(item, "database.recovery_model", database->recovery_model);
    if (database->read_only_known)
        facts_bool(item, "database.read_only", database->read_only);
    else
        facts_unread(item, "database.read_only", "the instance does not tell");
    set_files(instance, database, item);
    set_backups(instance, database, item);
    set_group(instance, database, item);
    facts_link(item, "part_of", "sql_instance", instance->item.key);
}

void databases_emit(struct instance *instance)
{
    vec_each (database, &instance->databases) {
        struct item item;

        databases_record(instance, *database, &item);
        facts_emit(instance->m, &item);
        arena_reset(&instance->scratch);
    }
}
