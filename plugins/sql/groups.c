#include "groups.h"

#include "column.h"
#include "databases.h"
#include "names.h"
#include "privileges.h"
#include "text.h"

#include <string.h>
#include <strings.h>

enum { FIRST = 11, DISTRIBUTED_SINCE = 13 }; /* major versions */

static bool is_ours(const struct instance *instance)
{
    return instance_is_ours(instance) && instance->major >= FIRST;
}

static struct group *find(const struct instance *instance, const char *id)
{
    vec_each (group, &instance->groups) {
        if (strcmp((*group)->id, id) == 0)
            return *group;
    }
    return NULL;
}

/* ---------------------------------------------------------------------------------------------------- groups ---- */

/* Where it does not tell whether it can have any, it may. */
static bool applies(const struct instance *instance)
{
    return is_ours(instance) && (instance->hadr || item_get(&instance->item, "sql.hadr") == NULL);
}

static void take(struct instance *instance, const struct mssql_row *row)
{
    const char *name = column_text(row, 1);
    struct group *group;
    char id[COLUMN_GUID_SIZE];

    if (!column_guid(row, 0, id) || name == NULL || find(instance, id) != NULL ||
        instance->groups.count == INSTANCE_MAX_GROUPS) {
        instance->left_out++;
        return;
    }
    group = arena_alloc(&instance->arena, sizeof *group);
    group->id = instance_keep(instance, id);
    group->name = instance_keep(instance, name);
    if (row->count > 2)
        column_bool(row, 2, &group->distributed);
    vec_push(&instance->groups, group);
}

static void take_replica(struct instance *instance, const struct mssql_row *row)
{
    const char *server = column_text(row, 1);
    char id[COLUMN_GUID_SIZE];
    bool good = column_guid(row, 0, id) && server != NULL;
    struct group *group = good ? find(instance, id) : NULL;

    if (!good || (group != NULL && group->replicas.count == INSTANCE_MAX_REPLICAS))
        instance->left_out++;
    else if (group != NULL)
        vec_push(&group->replicas, instance_keep(instance, server));
}

static void finish_groups(struct instance *instance)
{
    if (instance->left_out > 0)
        instance->no_replicas = "a group or a replica could not be read";
}

static void failed_groups(struct instance *instance, const char *why)
{
    instance->no_replicas = why;
}

static const struct statement statements[] = {
    { FIRST, DISTRIBUTED_SINCE - 1, 2, false,
      "SELECT CONVERT(varchar(36), g.group_id) AS group_id, g.name AS name FROM sys.availability_groups g", take },
    { DISTRIBUTED_SINCE, 0, 3, false,
      "SELECT CONVERT(varchar(36), g.group_id) AS group_id, g.name AS name, "
      "CAST(g.is_distributed AS int) AS is_distributed FROM sys.availability_groups g",
      take },
    { FIRST, 0, 2, false,
      "SELECT CONVERT(varchar(36), r.group_id) AS group_id, r.replica_server_name AS replica_server_name "
      "FROM sys.availability_replicas r",
      take_replica },
};

const struct section groups_section = {
    .name = "availability groups",
    .statements = statements,
    .count = sizeof statements / sizeof *statements,
    .rights = MAY(VIEW_ANY_DEFINITION),
    .applies = applies,
    .finish = finish_groups,
    .failed = failed_groups,
    .records = true,
};

/* ------------------------------------------------------------------------------------------------ membership ---- */

static bool may_have_members(const struct instance *instance)
{
    return is_ours(instance) && databases_any(instance);
}

static void take_member(struct instance *instance, const struct mssql_row *row)
{
    struct database *database;
    char id[COLUMN_GUID_SIZE];
    int64_t number;

    if (!column_int(row, 0, &number)) {
        instance->left_out++;
        return;
    }
    database = instance_database(instance, number);
    if (database == NULL)
        return;
    database->grouped = true;
    database->group = column_guid(row, 1, id) ? find(instance, id) : NULL;
}

static void finish(struct instance *instance)
{
    instance->no_group = privileges_allows(instance, MAY(VIEW_ANY_DEFINITION))
                             ? "its group is not shown"
                             : privileges_needs(instance, MAY(VIEW_ANY_DEFINITION));
    if (instance->left_out > 0)
        instance->no_membership = "a member of a group could not be read";
}

static void failed(struct instance *instance, const char *why)
{
    instance->no_membership = why;
}

static const struct statement membership_statements[] = {
    { FIRST, 0, 2, false,
      "SELECT CAST(d.database_id AS int) AS database_id, CONVERT(varchar(36), c.group_id) AS group_id "
      "FROM sys.databases d LEFT JOIN sys.availability_databases_cluster c "
      "ON c.group_database_id = d.group_database_id WHERE d.group_database_id IS NOT NULL",
      take_member },
};

const struct section groups_membership = {
    .name = "members of availability groups",
    .statements = membership_statements,
    .count = 1,
    .applies = may_have_members,
    .finish = finish,
    .failed = failed,
};

/* --------------------------------------------------------------------------------------------------- records ---- */

void groups_record(struct instance *instance, const struct group *group, struct item *item)
{
    item_init(item, &instance->scratch, "availability_group", group->id);
    facts_text(item, "id.name", group->name);
    facts_bool(item, "availability_group.distributed", group->distributed);
    if (instance->no_replicas == NULL)
        facts_set(item, "availability_group.replicas", group->replicas.items, group->replicas.count);
    else
        facts_unread(item, "availability_group.replicas", instance->no_replicas);
    facts_unread(item, "availability_group.role", "it is a name in the failover cluster, which is not read");
    facts_link(item, "replicated_to", "sql_instance", instance->item.key);
}

/* Whether it is another computer, which was not offered yet. */
static bool is_new(const struct instance *instance, const char *server)
{
    const char *own = facts_get(&instance->item, "sql.machine");

    if (own == NULL || strcasecmp(server, own) == 0 || !names_is_label(server) ||
        instance->offered.count == INSTANCE_MAX_OFFERS)
        return false;
    vec_each (offered, &instance->offered) {
        if (strcasecmp(*offered, server) == 0)
            return false;
    }
    return true;
}

static void offer(struct instance *instance, const struct group *group)
{
    const char *own = facts_get(&instance->item, "sql.machine");
    char quote[TEXT_QUOTE_SIZE], here[TEXT_QUOTE_SIZE];

    vec_each (replica, &group->replicas) {
        const char *server = arena_bytes(&instance->arena, *replica, strcspn(*replica, "\\"));

        if (!is_new(instance, server))
            continue;
        vec_push(&instance->offered, server);
        muster_offer(instance->m, "sql", server, 0,
                     muster_fmt(instance->m, "replica of availability group %s on %s", text_quote(quote, group->name),
                                text_quote(here, own)));
    }
}

/* Members of a distributed group are groups, no computers. */
void groups_emit(struct instance *instance)
{
    vec_each (group, &instance->groups) {
        struct item item;

        groups_record(instance, *group, &item);
        facts_emit(instance->m, &item);
        if (!(*group)->distributed)
            offer(instance, *group);
        arena_reset(&instance->scratch);
    }
}
