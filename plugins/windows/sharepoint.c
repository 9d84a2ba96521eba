#include "sharepoint.h"

#include "cim_facts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define BASE "SOFTWARE\\Microsoft\\Shared Tools\\Web Server Extensions"

/* The value of one word of a connection string, such as "Data Source"; NULL where it has none. */
static const char *word_of(struct windows *windows, const char *connection, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = connection; at != NULL; at = strchr(at, ';')) {
        at += strspn(at, "; ");
        if (strncasecmp(at, word, length) == 0 && at[length] == '=')
            return arena_bytes(&windows->arena, at + length + 1, strcspn(at + length + 1, ";"));
    }
    return NULL;
}

static const char *lower(struct windows *windows, const char *text)
{
    char *copy = arena_text(&windows->arena, text);

    for (char *at = copy; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    return copy;
}

/* What identifies the farm; NULL members where it was not read. */
struct farm {
    const char *id, *server, *database;
};

/* Only who may administer the farm may read the key; that is no failure. */
static bool look_farm(struct windows *windows, const char *key, struct farm *farm, struct err *err)
{
    const char *secure = arena_format(&windows->arena, "%s\\Secure\\ConfigDB", key), *connection, *id;
    char uuid[CIM_UUID_SIZE];

    *farm = (struct farm){ 0 };
    if (!windows_registry_text(windows, secure, "dsn", &connection, err) ||
        !windows_registry_text(windows, secure, "Id", &id, err))
        return windows_was_refused(windows);
    farm->id = id != NULL && cim_uuid(id, uuid) ? arena_text(&windows->arena, uuid) : NULL;
    farm->server = word_of(windows, connection, "Data Source");
    farm->database = word_of(windows, connection, "Initial Catalog");
    return true;
}

static const char *key_of(struct windows *windows, const struct farm *farm)
{
    if (farm->id != NULL)
        return farm->id;
    if (farm->server != NULL && farm->database != NULL)
        return lower(windows, arena_format(&windows->arena, "%s/%s", farm->server, farm->database));
    return arena_format(&windows->arena, "%s/sharepoint", windows->computer.key);
}

/* Backup servers name a farm by one of its servers, and by its configuration database. */
static void set_path(struct windows *windows, struct item *item, const struct farm *farm)
{
    const char *name = facts_get(&windows->computer, "id.fqdn");

    if (name != NULL && farm->database != NULL)
        facts_text(item, "id.path", arena_format(&windows->arena, "%s/%s", name, farm->database));
}

static void record(struct windows *windows, const struct farm *farm, const char *version)
{
    struct item *item = windows_record(windows, "sharepoint_farm", key_of(windows, farm));

    facts_text(item, "id.name", farm->database != NULL ? farm->database : facts_get(&windows->computer, "id.name"));
    facts_text(item, "sharepoint.version", version);
    set_path(windows, item, farm);
    facts_unread(item, "sharepoint.content_databases", "they are named in the farm's own database, which is not read");
    facts_unread(item, "sharepoint.servers", "they are named in the farm's own database, which is not read");
    facts_link(item, "hosted_on", windows->computer.kind, windows->computer.key);
}

/* Clients of Office leave the key behind, too; what a server is says the value. */
static bool look_at(struct windows *windows, const char *name, bool *found, struct err *err)
{
    const char *key = arena_format(&windows->arena, BASE "\\%s", name), *installed, *version;
    struct farm farm;

    if (!windows_registry_text(windows, key, "SharePoint", &installed, err))
        return false;
    *found = installed != NULL && strcasecmp(installed, "Installed") == 0;
    if (!*found)
        return true;
    if (!windows_registry_text(windows, key, "Version", &version, err) || !look_farm(windows, key, &farm, err))
        return false;
    facts_text(&windows->computer, "sharepoint.version", version);
    record(windows, &farm, version);
    return true;
}

static bool has(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(names[i], name) == 0)
            return true;
    }
    return false;
}

/* The newest first: an upgrade leaves the older one behind. */
static bool look(struct windows *windows, struct err *err)
{
    static const char *const versions[] = { "16.0", "15.0", "14.0", "12.0", NULL };
    const char *const *names;
    bool found = false;
    size_t count;

    switch (registry_keys(windows->wsman, BASE, &windows->arena, &names, &count, err)) {
    case REGISTRY_FOUND: break;
    case REGISTRY_ABSENT: return true;
    default: return false;
    }
    for (size_t i = 0; versions[i] != NULL && !found; i++) {
        if (has(names, count, versions[i]) && !look_at(windows, versions[i], &found, err))
            return false;
    }
    return true;
}

const struct windows_section sharepoint_section = {
    .name = "SharePoint",
    .look = look,
    .applies = windows_is_server,
    .unread = { "sharepoint." },
    .records = true,
};
