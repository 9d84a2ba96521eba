#include "cluster.h"

#include "cim_facts.h"
#include "hyperv_host.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define SPACE "root/MSCluster"

void cluster_init(struct cluster *cluster)
{
    *cluster = (struct cluster){ .node = true, .guids = MAP_EMPTY, .names = MAP_EMPTY };
}

void cluster_finish(struct cluster *cluster)
{
    map_finish(&cluster->guids);
    map_finish(&cluster->names);
    vec_finish(&cluster->volumes);
}

/* --------------------------------------------------------------------------------------------------- machines ---- */

static const char *lower(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);

    for (char *at = copy; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    return copy;
}

static void note(struct map *map, struct arena *arena, const char *text)
{
    const char *key = lower(arena, text);

    map_put(map, key, (void *)key);
}

/* Private properties are an instance in the instance, of which the reader keeps VmID. */
static void take_role(struct windows *windows, const struct cim_instance *instance)
{
    struct cluster *cluster = &host_of(windows)->cluster;
    const char *id = cim_text(instance, "PrivateProperties"), *group = cim_text(instance, "OwnerGroup");
    char guid[CIM_UUID_SIZE];

    if (id != NULL && cim_uuid(id, guid))
        note(&cluster->guids, &windows->arena, guid);
    else if (group != NULL && group[0] != '\0')
        note(&cluster->names, &windows->arena, group);
}

static const struct windows_query role_queries[] = {
    { SPACE, "SELECT OwnerGroup, PrivateProperties FROM MSCluster_Resource WHERE Type = 'Virtual Machine'", take_role },
};

static void mark_answered(struct windows *windows)
{
    host_of(windows)->answered = true;
}

static const struct windows_section roles = {
    .name = "which virtual machines are roles of the cluster",
    .queries = role_queries,
    .query_count = 1,
    .finish = mark_answered,
};

/* ---------------------------------------------------------------------------------------------------- volumes ---- */

/* The volume's GUID, which no two have, as in \\?\Volume{GUID}\; its path where a server tells none. */
static const char *volume_key(struct arena *arena, const char *path, const char *name)
{
    static const char start[] = "\\\\?\\Volume";
    const char *text = name == NULL || strncasecmp(name, start, sizeof start - 1) != 0 ? "" : name + sizeof start - 1;
    char guid[CIM_UUID_SIZE];

    if (cim_uuid(arena_bytes(arena, text, strcspn(text, "\\")), guid))
        return arena_text(arena, guid);
    return lower(arena, path);
}

/* Without a backslash at its end. */
static const char *bare_path(struct arena *arena, const char *path)
{
    size_t length = strlen(path);

    while (length > 0 && path[length - 1] == '\\')
        length--;
    return arena_bytes(arena, path, length);
}

static const char *last_part(const char *path)
{
    const char *found = strrchr(path, '\\');

    return found == NULL ? path : found + 1;
}

static void take_volume(struct windows *windows, const struct cim_instance *instance)
{
    struct cluster *cluster = &host_of(windows)->cluster;
    const char *name = cim_text(instance, "Name"), *path;
    struct item *item;

    if (name == NULL || name[0] == '\0')
        return;
    path = bare_path(&windows->arena, name);
    item = windows_record(windows, "csv", volume_key(&windows->arena, path, cim_text(instance, "VolumeName")));
    facts_text(item, "id.name", last_part(path));
    facts_text(item, "csv.path", path);
    facts_link(item, "part_of", "cluster", cluster->key);
    vec_push(&cluster->volumes, (struct volume){ path, item->key });
}

static const struct windows_query volume_queries[] = {
    { SPACE, "SELECT Name, VolumeName FROM MSCluster_ClusterSharedVolume", take_volume },
};

/* Clusters of 2008 have none: no such class. */
static const struct windows_section volumes = {
    .name = "the cluster's shared volumes",
    .queries = volume_queries,
    .query_count = 1,
    .finish = mark_answered,
    .absent = mark_answered,
    .records = true,
};

static struct item *volume_record(struct windows *windows, const char *path)
{
    const struct volume *volume = NULL;

    vec_each (at, &host_of(windows)->cluster.volumes) {
        if (strcasecmp(at->path, path) == 0)
            volume = at;
    }
    vec_each (item, &windows->others) {
        if (volume != NULL && (*item)->key == volume->key)
            return *item;
    }
    return NULL;
}

static void take_size(struct windows *windows, const struct cim_instance *instance)
{
    static const struct cim_rule rules[] = {
        { "Capacity", "volume.capacity", CIM_FACT_NUMBER },
        { "FileSystem", "volume.filesystem", CIM_FACT_TEXT },
    };
    const char *name = cim_text(instance, "Name");
    struct item *item = name == NULL ? NULL : volume_record(windows, bare_path(&windows->arena, name));

    if (item != NULL)
        cim_facts(item, instance, rules, sizeof rules / sizeof *rules);
}

static const struct windows_query size_queries[] = {
    { "root/cimv2", "SELECT Name, Capacity, FileSystem FROM Win32_Volume WHERE FileSystem = 'CSVFS'", take_size },
};

static const struct windows_section sizes = {
    .name = "sizes of the cluster's shared volumes",
    .queries = size_queries,
    .query_count = 1,
    .finish = mark_answered,
};

static bool look_sizes(struct host *host, struct err *err)
{
    if (!host_section(host, &sizes, err))
        return false;
    vec_each (volume, &host->cluster.volumes) {
        struct item *item = volume_record(&host->windows, volume->path);

        if (!host->answered && item != NULL)
            facts_unread(item, "volume.", err->text);
    }
    return true;
}

/* -------------------------------------------------------------------------------------------------------- all ---- */

static const char *key_of(const struct windows *windows)
{
    vec_each (item, &windows->others) {
        if (strcmp((*item)->kind, "cluster") == 0)
            return (*item)->key;
    }
    return NULL;
}

bool cluster_look(struct host *host, struct err *err)
{
    const struct value *member = item_get(&host->windows.computer, "cluster.member");
    struct cluster *cluster = &host->cluster;

    cluster->node = member == NULL || member->type != VALUE_BOOL || member->truth;
    cluster->key = key_of(&host->windows);
    if (cluster->key == NULL) {
        cluster->why = cluster->node ? "whether the host is a node of a cluster is not known" : NULL;
        return true;
    }
    if (!host_section(host, &roles, err))
        return false;
    cluster->why = host->answered ? NULL : arena_text(&host->windows.arena, err->text);
    if (!host_section(host, &volumes, err))
        return false;
    return cluster->volumes.count == 0 || !windows_is_at_least(&host->windows, "6.2") || look_sizes(host, err);
}

/* By its group's name only where the cluster gives no GUID: people rename machines and groups. */
static bool is_role(const struct cluster *cluster, const struct machine *machine)
{
    if (map_get(&cluster->guids, machine->item.key) != NULL)
        return true;
    return cluster->names.count > 0 && map_get(&cluster->names, lower(machine->item.arena, machine->name)) != NULL;
}

/* Backup servers name a machine by its host, or by the cluster that it is a role of. */
static void write_path(const struct cluster *cluster, struct machine *machine, bool role, const char *host)
{
    const char *holder = role ? cluster->key : host;

    if (cluster->why != NULL)
        facts_unread(&machine->item, "id.path", cluster->why);
    else if (holder != NULL && strchr(holder, '.') != NULL && machine->name[0] != '\0')
        facts_text(&machine->item, "id.path", arena_format(machine->item.arena, "%s/%s", holder, machine->name));
}

/* Where it is not known whether it may move, all of the cluster's hosts count. */
void cluster_write(const struct cluster *cluster, struct machine *machine, const char *host)
{
    bool role = cluster->node && is_role(cluster, machine);

    write_path(cluster, machine, role, host);
    if (cluster->why != NULL)
        facts_unread(&machine->item, "vm.clustered", cluster->why);
    else
        facts_bool(&machine->item, "vm.clustered", role);
    if (role || cluster->why != NULL)
        facts_link(&machine->item, "may_run_on", "cluster", cluster->key);
}
