#include "server_item.h"

#include "facts.h"
#include "host_name.h"
#include "version.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ------------------------------------------------------------------------------------------------------- name ---- */

/* Whether the first label of a node's name is that of the full name. */
static bool means(const char *node, const char *full)
{
    return host_name_is_short_of(node, strcspn(node, "."), full);
}

/* Of several computers that are called so, none. */
static const char *full_of(const struct holdings *holdings, const char *node)
{
    const struct map_entry *entry;
    const char *found = NULL;
    size_t at = 0;

    while ((entry = map_next(&holdings->computers, &at)) != NULL) {
        const char *name = ((const struct holdings_computer *)entry->value)->name;

        if (strchr(name, '.') == NULL || !means(node, name))
            continue;
        if (found != NULL && strcmp(found, name) != 0)
            return NULL;
        found = name;
    }
    return found;
}

static const char *node_name(struct holdings *holdings, const char *node, const char *host)
{
    const char *full;

    if (strchr(node, '.') != NULL)
        return node;
    full = full_of(holdings, node);
    if (full != NULL)
        return full;
    return strchr(host, '.') != NULL && means(node, host) ? host_name_lower(&holdings->arena, host) : NULL;
}

const char *server_name(struct holdings *holdings, const char *option, const char *host, const char **other,
                        struct err *err)
{
    const char *name = NULL;

    *other = NULL;
    if (option != NULL) {
        vec_each (node, &holdings->nodes) {
            if (!means(*node, option))
                *other = *node;
        }
        return host_name_lower(&holdings->arena, option);
    }
    if (holdings->nodes.count == 1)
        name = node_name(holdings, holdings->nodes.items[0], host);
    if (name == NULL)
        err_set(err, ERR_CONFIG,
                "DPMDB does not tell the full name of its backup server (%s): give it as the option \"server\"",
                holdings->nodes.count == 0   ? "it shows no replica"
                : holdings->nodes.count == 1 ? holdings->nodes.items[0]
                                             : "its replicas are on several");
    return name;
}

/* ---------------------------------------------------------------------------------------------------- version ---- */

static bool same_line(const char *one, const char *other)
{
    return version_number(one, 0) == version_number(other, 0) && version_number(one, 1) == version_number(other, 1);
}

/* The newest update of this product, where it is newer than the database; patches of a product that it was before are
 * kept in the table. */
static const char *newest(const struct holdings *holdings)
{
    const char *version = holdings->version;

    vec_each (patch, &holdings->patches) {
        if (same_line(*patch, holdings->version) && version_compare(*patch, version) > 0 &&
            version_number(*patch, 2) > version_number(version, 2))
            version = *patch;
    }
    return version;
}

static void set_version(struct item *item, const struct holdings *holdings)
{
    const char *why = holdings->why[SECTION_SETTINGS];

    facts_text(item, "backup.database_version", holdings->version);
    if (holdings->version == NULL) {
        if (why == NULL)
            why = "tbl_DLS_GlobalSetting has no DatabaseVersion";
        facts_unread(item, "backup.database_version", why);
        facts_unread(item, "backup.version", why);
    } else if (!holdings->read[SECTION_PATCHES]) {
        facts_unread(item, "backup.version",
                     holdings->why[SECTION_PATCHES] != NULL ? holdings->why[SECTION_PATCHES]
                                                            : "its updates were not read");
    } else {
        facts_text(item, "backup.version", newest(holdings));
    }
}

static void set_patches(struct item *item, struct holdings *holdings)
{
    if (holdings->read[SECTION_PATCHES])
        facts_set(item, "backup.patches", holdings->patches.items, holdings->patches.count);
    else if (holdings->why[SECTION_PATCHES] != NULL)
        facts_unread(item, "backup.patches", holdings->why[SECTION_PATCHES]);
}

static void set_names(struct item *item, struct holdings *holdings, const char *name)
{
    size_t length = strcspn(name, ".");
    char *netbios = arena_bytes(&holdings->arena, name, length);

    facts_text(item, "id.fqdn", name);
    for (char *at = netbios; *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    facts_text(item, "id.name", netbios);
    if (length <= 15)
        facts_text(item, "id.netbios", netbios);
}

void server_item(struct item *item, struct holdings *holdings, const char *name, const char *instance,
                 const char *database)
{
    item_init(item, &holdings->arena, "backup_server", name);
    set_names(item, holdings, name);
    set_version(item, holdings);
    set_patches(item, holdings);
    facts_text(item, "backup.database_instance", instance);
    facts_text(item, "backup.database_name", database);
    facts_link_by(item, "hosted_on", "machine", "id.fqdn", name);
}
