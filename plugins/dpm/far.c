#include "far.h"

#include "host_name.h"
#include "ssrp.h"

#include <string.h>
#include <strings.h>

/* One data source while its far end is looked for. */
struct search {
    struct far *far;
    const struct holdings_source *source;
    const char *computer; /* its full name in lower case */
    bool group;           /* that is a resource group of a cluster, not a host */
    struct arena *arena;
};

static void add(struct search *search, const char *kind, const char *attribute, const char *value)
{
    struct far *far = search->far;

    if (far->count == FAR_MAX_ENDS)
        return;
    if (far->count == 0)
        far->target = arena_format(search->arena, "%s %s", kind, value);
    far->ends[far->count++] = (struct far_end){ kind, attribute, value };
}

static void add_path(struct search *search, const char *kind, const char *place, const char *separator,
                     const char *name)
{
    add(search, kind, "id.path", arena_format(search->arena, "%s%s%s", place, separator, name));
}

static void refuse(struct search *search, const char *why)
{
    search->far->why = why;
}

/* "a.b.c" -> "b.c"; NULL where nothing is left that could be a name in DNS. */
static const char *above(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot == NULL || strchr(dot + 1, '.') == NULL ? NULL : dot + 1;
}

/* ------------------------------------------------------------------------------------------------- computers ---- */

/* Whether it is seen from inside, by its host, or is a host itself, it is one computer. */
static void find_computer(struct search *search)
{
    if (search->group) {
        refuse(search, "its computer is a resource group of a cluster, of which nothing tells the host");
        return;
    }
    add(search, "machine", "id.fqdn", search->computer);
    add(search, "hyperv_host", "id.fqdn", search->computer);
    add(search, "vm", "guest.fqdn", search->computer);
}

/* ------------------------------------------------------------------------------------------- virtual machines ---- */

/* "\Backup Using Child Partition Snapshot\VM7" -> "VM7". */
static const char *last_part(const char *name)
{
    const char *slash = strrchr(name, '\\');

    return slash == NULL ? name : slash + 1;
}

/* A resource group is the cluster itself, or is named after what it holds, before the cluster's own name. */
static void find_hyperv(struct search *search)
{
    const char *name = last_part(search->source->name), *cluster = search->group ? above(search->computer) : NULL;

    if (name[0] == '\0' || strcasecmp(name, "Host Component") == 0) {
        refuse(search, "it is no virtual machine, but what the host knows of its own");
        return;
    }
    if (search->source->guid != NULL)
        add(search, "vm", "id.hyperv_guid", search->source->guid);
    if (host_name_is(search->computer))
        add_path(search, "vm", search->computer, "/", name);
    if (cluster != NULL)
        add_path(search, "vm", cluster, "/", name);
}

static void find_vmware(struct search *search)
{
    add_path(search, "vm", search->computer, "/", search->source->name);
}

/* -------------------------------------------------------------------------------------------------- databases ---- */

/* SERVER\DATABASE or SERVER\INSTANCE\DATABASE, or INSTANCE\DATABASE; a database's own name may have backslashes, which
 * then means nothing that is certain. */
struct parts {
    char *texts[3];
    size_t count; /* 4: there are more */
};

static void split(struct search *search, struct parts *parts)
{
    char *rest = arena_text(search->arena, search->source->name);

    *parts = (struct parts){ 0 };
    while (rest != NULL && parts->count <= 3) {
        char *next = strchr(rest, '\\');

        if (next != NULL)
            *next++ = '\0';
        if (parts->count < 3)
            parts->texts[parts->count] = rest;
        parts->count++;
        rest = next;
    }
}

/* The full name of the computer, or of the failover cluster instance, that a short one means. NULL: of none. */
static const char *host_of(struct search *search, const char *server)
{
    const char *domain;

    if (host_name_is_short_of(server, strlen(server), search->computer) || strcasecmp(server, search->computer) == 0)
        return search->computer;
    domain = search->group ? above(search->computer) : NULL; /* group.cluster.domain */
    domain = domain == NULL ? NULL : above(domain);
    return domain == NULL || strchr(server, '.') != NULL ? NULL : arena_format(search->arena, "%s.%s", server, domain);
}

static void add_database(struct search *search, const char *host, const char *instance, const char *name)
{
    if (host == NULL || instance[0] == '\0' || name[0] == '\0')
        refuse(search, "the server in its name is not the computer that it is on");
    else
        add_path(search, "database", host, "\\", arena_format(search->arena, "%s/%s", instance, name));
}

static void find_database(struct search *search)
{
    struct parts parts;

    split(search, &parts);
    if (parts.count == 3)
        add_database(search, host_of(search, parts.texts[0]), parts.texts[1], parts.texts[2]);
    else if (parts.count != 2)
        refuse(search, parts.count == 1 ? "its name has no instance"
                                        : "its name has more parts than server, instance and database");
    else if (search->group || host_name_is_short_of(parts.texts[0], strlen(parts.texts[0]), search->computer))
        add_database(search, host_of(search, parts.texts[0]), SSRP_DEFAULT, parts.texts[1]);
    else
        add_database(search, search->computer, parts.texts[0], parts.texts[1]);
}

/* ------------------------------------------------------------------------------------------------- the others ---- */

/* A server is of one farm only. */
static void find_farm(struct search *search)
{
    add_path(search, "sharepoint_farm", search->computer, "/", last_part(search->source->name));
}

static void find_mailboxes(struct search *search)
{
    add_path(search, "mailbox_database", search->computer, "/", last_part(search->source->name));
    add(search, "exchange_server", "id.fqdn", search->computer);
}

static void (*const finders[])(struct search *search) = {
    [TYPE_FILES] = find_computer,     [TYPE_SYSTEM] = find_computer, [TYPE_SQL] = find_database,
    [TYPE_EXCHANGE] = find_mailboxes, [TYPE_SHAREPOINT] = find_farm, [TYPE_HYPERV] = find_hyperv,
    [TYPE_VMWARE] = find_vmware,
};

void far_find(struct far *far, const struct holdings_source *source, const struct source_type *type,
              struct arena *arena)
{
    const struct holdings_computer *computer = source->computer;
    struct search search = { far, source, computer == NULL ? NULL : computer->name,
                             computer != NULL && computer->group == GROUP_YES, arena };

    *far = (struct far){ 0 };
    if (computer == NULL)
        refuse(&search, "the computer that it is on is not among those that the backup server shows");
    else if (strchr(computer->name, '.') == NULL)
        refuse(&search, "the backup server knows its computer by a name without a domain");
    else if (type->of == TYPE_UNKNOWN)
        refuse(&search, "its type is not known");
    else
        finders[type->of](&search);
}
