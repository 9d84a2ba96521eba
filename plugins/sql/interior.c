#include "interior.h"

#include "backups.h"
#include "databases.h"
#include "files.h"
#include "groups.h"
#include "privileges.h"
#include "product.h"
#include "shared_volumes.h"
#include "sql_nodes.h"
#include "sql_section.h"

/* What needs another stands behind it. */
static const struct section *const sections[] = {
    &product_section,   &privileges_section, &product_domain,         &product_cluster,
    &sql_nodes_section, &databases_section,  &shared_volumes_section, &files_section,
    &backups_section,   &groups_section,     &groups_membership,
};

static void tell_foreign(struct instance *instance)
{
    facts_unread(&instance->item, "domain.name", INSTANCE_FOREIGN);
    facts_unread(&instance->item, "cluster.", INSTANCE_FOREIGN);
    instance->partial = true;
    instance_warn(instance, "its databases are not read: " INSTANCE_FOREIGN);
}

void interior_look(struct instance *instance)
{
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        section_look(instance, sections[i]);
    if (instance->foreign)
        tell_foreign(instance);
}

void interior_unread(struct instance *instance, const char *why)
{
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        for (size_t at = 0; at < SECTION_MAX_UNREAD && sections[i]->unread[at] != NULL; at++)
            instance_unread(instance, sections[i]->unread[at], why);
    }
    instance->partial = true;
    instance_warn(instance, "its databases could not be read: %s", why);
}

void interior_emit(struct instance *instance)
{
    if (instance->fqdn != NULL)
        facts_text(&instance->item, "id.fqdn", instance->fqdn);
    else
        facts_unread(&instance->item, "id.fqdn", instance->no_fqdn);
    sql_nodes_link_computer(instance);
    facts_emit(instance->m, &instance->item);
    groups_emit(instance);
    databases_emit(instance);
}
