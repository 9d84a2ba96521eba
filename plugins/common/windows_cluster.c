#include "windows_cluster.h"

#include <ctype.h>
#include <string.h>

#define SPACE "root/MSCluster"

/* Not in the list of names, for nodes and types are collected one after the other. */
static void take_cluster(struct windows *windows, const struct cim_instance *instance)
{
    const char *name = cim_text(instance, "Name");

    if (name != NULL && name[0] != '\0')
        facts_text(&windows->computer, "cluster.name", name);
}

/* Types are told from nodes by a mark that no name of a computer begins with. */
static void take_node(struct windows *windows, const struct cim_instance *instance)
{
    const char *name = cim_text(instance, "Name");

    if (name != NULL && name[0] != '\0' && name[0] != '=')
        windows_name(windows, name);
}

static void take_resource(struct windows *windows, const struct cim_instance *instance)
{
    const char *type = cim_text(instance, "Type");

    if (type != NULL && type[0] != '\0')
        windows_name(windows, arena_format(&windows->arena, "=%s", type));
}

static const char *lower_name(struct windows *windows, const char *name, const char *domain)
{
    char *whole = domain == NULL || strchr(name, '.') != NULL ? arena_text(&windows->arena, name)
                                                              : arena_format(&windows->arena, "%s.%s", name, domain);

    for (char *at = whole; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    return whole;
}

static void set_lists(struct windows *windows, struct item *cluster)
{
    size_t count = windows->names.count, nodes = 0, types = 0;
    const char **texts = arena_alloc(&windows->arena, (count + 1) * sizeof *texts);

    vec_each (name, &windows->names) {
        if ((*name)[0] == '=')
            texts[count - ++types] = *name + 1;
        else
            texts[nodes++] = *name;
    }
    facts_set(cluster, "cluster.nodes", texts, nodes);
    facts_set(cluster, "cluster.role_types", texts + nodes, types);
}

/* The feature may be installed without a cluster. */
static void finish(struct windows *windows)
{
    const char *name = facts_get(&windows->computer, "cluster.name");
    const char *domain = facts_get(&windows->computer, "domain.name");
    struct item *cluster;

    facts_bool(&windows->computer, "cluster.member", name != NULL);
    if (name == NULL)
        return;
    cluster = windows_record(windows, "cluster", lower_name(windows, name, domain));
    facts_text(cluster, "id.name", name);
    facts_text(cluster, "cluster.type", "windows");
    facts_text(cluster, "domain.name", domain);
    if (strchr(cluster->key, '.') != NULL)
        facts_text(cluster, "id.fqdn", cluster->key);
    set_lists(windows, cluster);
    facts_link(&windows->computer, "member_of", "cluster", cluster->key);
}

static void absent(struct windows *windows)
{
    facts_bool(&windows->computer, "cluster.member", false);
}

static const struct windows_query queries[] = {
    { SPACE, "SELECT Name FROM MSCluster_Cluster", take_cluster },
    { SPACE, "SELECT Name FROM MSCluster_Node", take_node },
    { SPACE, "SELECT Type FROM MSCluster_Resource", take_resource },
};

const struct windows_section windows_cluster = {
    .name = "its failover cluster",
    .queries = queries,
    .query_count = sizeof queries / sizeof *queries,
    .finish = finish,
    .absent = absent,
    .unread = { "cluster." },
    .records = true,
};
