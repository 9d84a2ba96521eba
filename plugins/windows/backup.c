#include "backup.h"

#include "agent_owner.h"
#include "wql.h"

#include <string.h>
#include <strings.h>

#define BASE "SOFTWARE\\Microsoft\\Microsoft Data Protection Manager"
#define DEFAULT_INSTANCE "MSSQLSERVER"

/* -------------------------------------------------------------------------------------------------- versions ---- */

struct file {
    const char *version;
    struct arena *arena;
};

static bool take_file(void *context, const struct cim_instance *instance, struct err *err)
{
    struct file *file = context;
    const char *text = cim_text(instance, "Version");
    size_t length = text == NULL ? 0 : strspn(text, "0123456789.");

    (void)err;
    /* It may be followed by words: "12.0.332.0 built by: ...". */
    if (length > 0)
        file->version = arena_bytes(file->arena, text, length);
    return true;
}

/* NULL with true where there is no such file, or it tells none. False: as a query that failed. */
static bool look_version(struct windows *windows, const char *folder, const char *name, const char **version,
                         struct err *err)
{
    struct file file = { .arena = &windows->arena };
    const struct wsman_taker taker = { take_file, &file };
    struct str query = STR_EMPTY;
    const char *end = folder + strlen(folder);
    bool good;

    str_add(&query, "SELECT Version FROM CIM_DataFile WHERE Name = ");
    good = wql_add_text(&query, arena_format(&windows->arena, "%s%sbin\\%s", folder,
                                             end > folder && end[-1] == '\\' ? "" : "\\", name)) ||
           windows_insufficient(windows, err, "its folder is no path that can be asked for");
    if (good)
        good = wsman_query(windows->wsman, "root/cimv2", str_text(&query), &taker, err);
    str_finish(&query);
    *version = file.version;
    return good;
}

static bool set_version(struct windows *windows, struct item *item, const char *attribute, const char *folder,
                        const char *file, struct err *err)
{
    const char *version;
    bool good = look_version(windows, folder, file, &version, err);

    facts_text(item, attribute, version);
    if (good && version == NULL)
        facts_unread(item, attribute, arena_format(&windows->arena, "%s in %s tells no version", file, folder));
    return windows_bear(windows, item, attribute, good, err);
}

/* ---------------------------------------------------------------------------------------------------- server ---- */

static const char *instance_of(struct windows *windows, const char *server, const char *instance)
{
    if (server == NULL || server[0] == '\0')
        return NULL;
    if (instance == NULL || instance[0] == '\0' || strcasecmp(instance, DEFAULT_INSTANCE) == 0)
        return server;
    return arena_format(&windows->arena, "%s\\%s", server, instance);
}

static void set_names(struct windows *windows, struct item *item)
{
    static const char *const attributes[] = { "id.fqdn", "id.name", "id.netbios", "domain.name" };

    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        facts_text(item, attributes[i], facts_get(&windows->computer, attributes[i]));
}

static bool look_server(struct windows *windows, const char *folder, struct err *err)
{
    const char *name = facts_get(&windows->computer, "id.fqdn"), *server, *instance, *database, *product;
    struct item *item;

    if (!windows_registry_text(windows, BASE "\\DB", "SqlServer", &server, err) ||
        !windows_registry_text(windows, BASE "\\DB", "InstanceName", &instance, err) ||
        !windows_registry_text(windows, BASE "\\DB", "DatabaseName", &database, err) ||
        !windows_registry_text(windows, BASE "\\Setup", "ProductName", &product, err))
        return false;
    item = windows_record(windows, "backup_server", name != NULL ? name : windows->computer.key);
    set_names(windows, item);
    facts_text(item, "backup.product", product);
    facts_text(item, "backup.database_instance", instance_of(windows, server, instance));
    facts_text(item, "backup.database_name", database);
    facts_link(item, "hosted_on", windows->computer.kind, windows->computer.key);
    return set_version(windows, item, "backup.version", folder, "msdpm.exe", err);
}

/* ----------------------------------------------------------------------------------------------------- agent ---- */

/* The configuration may be refused, or be of a shape that nobody described: the version stands without it. */
static bool look_owner(struct windows *windows, struct err *err)
{
    const unsigned char *bytes;
    const char *owner = NULL;
    size_t size;

    switch (registry_bytes(windows->wsman, BASE "\\Agent\\2.0", "configuration", &windows->arena, &bytes, &size, err)) {
    case REGISTRY_FOUND: break;
    case REGISTRY_ABSENT: return true;
    default: return windows_bear(windows, &windows->computer, "backup.agent_server", false, err);
    }
    if (!agent_owner_read(bytes, size, &windows->arena, &owner, err))
        facts_unread(&windows->computer, "backup.agent_server", err->text);
    facts_text(&windows->computer, "backup.agent_server", owner);
    return true;
}

static bool look_agent(struct windows *windows, const char *folder, struct err *err)
{
    return set_version(windows, &windows->computer, "backup.agent_version", folder, "DPMRA.exe", err) &&
           look_owner(windows, err);
}

/* The key is on both; that of the database only on a server. */
static bool look(struct windows *windows, struct err *err)
{
    const char *folder, *const *names;
    size_t count;

    if (!windows_registry_text(windows, BASE "\\Setup", "InstallPath", &folder, err))
        return false;
    if (folder == NULL || folder[0] == '\0')
        return true;
    switch (registry_keys(windows->wsman, BASE "\\DB", &windows->arena, &names, &count, err)) {
    case REGISTRY_FOUND: return look_server(windows, folder, err);
    case REGISTRY_ABSENT: return look_agent(windows, folder, err);
    default: return false;
    }
}

const struct windows_section backup_section = {
    .name = "the backup server or its agent",
    .look = look,
    .unread = { "backup." },
    .records = true,
};
