#include "exchange.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define BASE "SOFTWARE\\Microsoft\\ExchangeServer"
#define OLD "SOFTWARE\\Microsoft\\Exchange\\v8.0" /* Exchange 2007 */

static const char *const elsewhere = "it is kept in Active Directory, which is not read";

/* Roles are keys beside Setup, each called so: MailboxRole. Tools alone have a key without that word. */
static void collect_roles(struct windows *windows, const char *const *names, size_t count)
{
    static const char word[] = "Role";
    const size_t length = sizeof word - 1;

    for (size_t i = 0; i < count; i++) {
        size_t all = strlen(names[i]);

        if (all > length && strcasecmp(names[i] + all - length, word) == 0)
            windows_name(windows, arena_bytes(&windows->arena, names[i], all - length));
    }
}

/* The four numbers of its version; NULL with true where one of them is not there. */
static bool look_version(struct windows *windows, const char *key, const char **version, struct err *err)
{
    static const char *const values[] = { "MsiProductMajor", "MsiProductMinor", "MsiBuildMajor", "MsiBuildMinor" };
    const char *setup = arena_format(&windows->arena, "%s\\Setup", key);
    int64_t numbers[4];

    *version = NULL;
    for (size_t i = 0; i < 4; i++) {
        bool found;

        if (!windows_registry_int(windows, setup, values[i], &numbers[i], &found, err))
            return false;
        if (!found)
            return true;
    }
    *version = arena_format(&windows->arena, "%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64, numbers[0], numbers[1],
                            numbers[2], numbers[3]);
    return true;
}

/* Members of a group are nodes of a failover cluster: who is none is in no group, and shares no disk. */
static void set_availability(struct windows *windows, struct item *server)
{
    const struct value *member = item_get(&windows->computer, "cluster.member");

    if (member != NULL && !member->truth) {
        facts_text(server, "exchange.dag", "");
        facts_text(server, "exchange.cluster_type", "none");
        return;
    }
    facts_unread(server, "exchange.dag", elsewhere);
    facts_unread(server, "exchange.cluster_type", elsewhere);
}

/* What the application has of its computer. */
static void set_computer(struct windows *windows, struct item *server)
{
    static const char *const attributes[] = { "id.fqdn", "id.name", "domain.name", "cluster.name", "cluster.member" };
    struct err err;

    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        const struct value *value = item_get(&windows->computer, attributes[i]);

        if (value != NULL)
            item_set(server, attributes[i], value, &err);
    }
    if (item_get(server, "cluster.member") == NULL)
        facts_unread(server, "cluster.", "the cluster of its computer could not be read");
}

static void record(struct windows *windows, const char *version)
{
    const char *name = facts_get(&windows->computer, "id.fqdn");
    struct item *server = windows_record(windows, "exchange_server", name != NULL ? name : windows->computer.key);

    set_computer(windows, server);
    facts_text(server, "exchange.version", version);
    if (version == NULL)
        facts_unread(server, "exchange.version", "its setup has left no version in the registry");
    facts_set(server, "exchange.roles", windows->names.items, windows->names.count);
    set_availability(windows, server);
    facts_link(server, "hosted_on", windows->computer.kind, windows->computer.key);
}

/* True also where it is not there. */
static bool look_at(struct windows *windows, const char *key, struct err *err)
{
    const char *const *names, *version;
    size_t count;

    switch (registry_keys(windows->wsman, key, &windows->arena, &names, &count, err)) {
    case REGISTRY_FOUND: break;
    case REGISTRY_ABSENT: return true;
    default: return false;
    }
    collect_roles(windows, names, count);
    if (windows->names.count == 0)
        return true;
    if (!look_version(windows, key, &version, err))
        return false;
    record(windows, version);
    return true;
}

static bool look(struct windows *windows, struct err *err)
{
    static const char *const generations[] = { "v15", "v14", NULL };
    const char *const *names;
    size_t count;

    switch (registry_keys(windows->wsman, BASE, &windows->arena, &names, &count, err)) {
    case REGISTRY_FOUND: break;
    case REGISTRY_ABSENT: return windows_is_at_least(windows, "6.2") || look_at(windows, OLD, err);
    default: return false;
    }
    for (size_t i = 0; generations[i] != NULL && windows->names.count == 0; i++) {
        if (!look_at(windows, arena_format(&windows->arena, BASE "\\%s", generations[i]), err))
            return false;
    }
    return true;
}

const struct windows_section exchange_section = {
    .name = "Exchange",
    .look = look,
    .applies = windows_is_server,
    .records = true,
};
