#include "sql_nodes.h"

#include "column.h"
#include "names.h"
#include "privileges.h"

static bool applies(const struct instance *instance)
{
    return instance_is_ours(instance) && instance->clustered;
}

static void take(struct instance *instance, const struct mssql_row *row)
{
    const char *name = column_text(row, 0);

    if (name == NULL || name[0] == '\0' || instance->nodes.count == INSTANCE_MAX_NODES)
        instance->left_out++;
    else
        vec_push(&instance->nodes, instance_keep(instance, name));
}

/* Whoever tells of that computer: from inside, as a host of machines, or the hypervisor beneath it. */
static void link_host(struct instance *instance, const char *fqdn)
{
    static const char *const ends[][2] = { { "machine", "id.fqdn" },
                                           { "hyperv_host", "id.fqdn" },
                                           { "vm", "guest.fqdn" } };

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        facts_link_by(&instance->item, "hosted_on", ends[i][0], ends[i][1], fqdn);
}

/* Nodes and the network name of an instance are in one domain. */
static void finish(struct instance *instance)
{
    if (instance->nodes.count == 0 || instance->left_out > 0) {
        facts_unread(&instance->item, "sql.nodes", "not all nodes are shown");
        return;
    }
    facts_set(&instance->item, "sql.nodes", instance->nodes.items, instance->nodes.count);
    vec_each (node, &instance->nodes)
        link_host(instance, instance->fqdn == NULL ? NULL : names_beside(&instance->arena, instance->fqdn, *node));
}

void sql_nodes_link_computer(struct instance *instance)
{
    const struct value *clustered = item_get(&instance->item, "sql.clustered");

    if (clustered != NULL && clustered->type == VALUE_BOOL && !clustered->truth && !instance->foreign)
        link_host(instance, instance->fqdn);
}

static const struct statement statements[] = {
    { 0, 0, 1, false, "SELECT n.NodeName AS node_name FROM sys.dm_os_cluster_nodes n", take },
};

const struct section sql_nodes_section = {
    .name = "nodes of the failover cluster instance",
    .statements = statements,
    .count = 1,
    .rights = MAY_SEE_STATE,
    .applies = applies,
    .finish = finish,
    .unread = { "sql.nodes" },
};
