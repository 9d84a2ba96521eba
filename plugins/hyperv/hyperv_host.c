#include "hyperv_host.h"

#include "guest.h"
#include "space.h"
#include "windows_cluster.h"
#include "windows_computer.h"
#include "windows_hotfixes.h"
#include "windows_os.h"

#include <string.h>

#define SHARING "6.3" /* shared disks and generations came with Windows Server 2012 R2 */

void sent_init(struct sent *sent)
{
    arena_init(&sent->arena, ARENA_PLAIN);
    sent->map = MAP_EMPTY;
    sent->hosts = MAP_EMPTY;
}

void sent_finish(struct sent *sent)
{
    map_finish(&sent->map);
    map_finish(&sent->hosts);
    arena_finish(&sent->arena);
}

/* Whether it is the first of its kind and key. */
static bool is_new(struct sent *sent, const struct item *item)
{
    const char *name = arena_format(&sent->arena, "%s %s", item->kind, item->key);

    return map_put(&sent->map, name, (void *)name) == NULL;
}

void host_init(struct host *host, struct muster *m, struct wsman *wsman)
{
    *host = (struct host){ .space = NULL };
    windows_init(&host->windows, m, wsman, "hyperv_host");
    cluster_init(&host->cluster);
    machines_init(&host->machines, &host->windows.arena);
}

void host_finish(struct host *host)
{
    machines_finish(&host->machines);
    cluster_finish(&host->cluster);
    windows_finish(&host->windows);
}

struct host *host_of(struct windows *windows)
{
    return (struct host *)windows;
}

bool host_section(struct host *host, const struct windows_section *section, struct err *err)
{
    *err = (struct err)ERR_EMPTY;
    host->answered = false;
    host->missing = false;
    return windows_look(&host->windows, section, err);
}

/* ------------------------------------------------------------------------------------------------------- host ---- */

/* Without it no namespace can be chosen, and none must be taken for a role that is not there. */
static bool knows_version(const struct windows *windows, struct err *err)
{
    return facts_get(&windows->computer, "os.build") != NULL ||
           err_set(err, ERR_UNSUPPORTED,
                   "Win32_OperatingSystem tells no version: the account may not see it, or WMI of the host is broken "
                   "(winmgmt /verifyrepository)");
}

/* Updates are asked for where the matrix names some (Windows Server 2008 R2): on what is newer, they are many. */
static bool look_computer(struct host *host, struct err *err)
{
    struct windows *windows = &host->windows;

    return windows_look(windows, &windows_os, err) && knows_version(windows, err) &&
           windows_look(windows, &windows_computer, err) &&
           (windows_is_at_least(windows, "6.2") || windows_look(windows, &windows_hotfixes, err)) &&
           windows_look(windows, &windows_cluster, err) && cluster_look(host, err);
}

/* A namespace that refuses is there. */
static bool find_space(struct host *host, struct err *err)
{
    for (size_t i = 0; host->space == NULL && spaces[i] != NULL; i++) {
        if (!windows_is_at_least(&host->windows, spaces[i]->since))
            continue;
        if (!host_section(host, spaces[i]->service, err))
            return false;
        host->space = host->missing ? NULL : spaces[i];
    }
    return true;
}

/* What is not shown may be there. */
static void tell_blind(struct host *host, const char *what)
{
    struct windows *windows = &host->windows;

    windows->partial = true;
    facts_bool(&windows->computer, "hyperv.visible", false);
    muster_warn(windows->m, windows->computer.kind, windows->computer.key,
                "%s cannot be seen in %s, so virtual machines may be missing: add the account to the group Hyper-V "
                "Administrators of the host (2008 and 2008 R2: to Administrators)",
                what, host->space->path);
}

static void write_role(struct host *host)
{
    struct item *item = &host->windows.computer;

    facts_bool(item, "hyperv.role", host->space != NULL);
    if (host->space == NULL) {
        item->kind = "machine";
        return;
    }
    facts_text(item, "hyperv.namespace", host->space->name);
    facts_bool(item, "hyperv.visible", host->visible);
    if (!host->visible)
        tell_blind(host, "Hyper-V's management service");
}

/* --------------------------------------------------------------------------------------------------- machines ---- */

static bool look_part(struct host *host, enum host_part part, const struct windows_section *section, struct err *err)
{
    if (!host_section(host, section, err))
        return false;
    if (!host->answered)
        host->why[part] = arena_text(&host->windows.arena, err->text);
    return true;
}

/* Only where other computers can reach a disk can it be shared. */
static bool may_share(const struct host *host)
{
    vec_each (machine, &host->machines.all) {
        vec_each (path, &(*machine)->disks) {
            const char *place = disks_place(*path, host->cluster.node);

            if (place == NULL || strcmp(place, "local") != 0)
                return true;
        }
    }
    return false;
}

static bool look_disks(struct host *host, struct err *err)
{
    const struct space *space = host->space;

    if (!look_part(host, HOST_RESOURCES, space->resources, err))
        return false;
    host->why[HOST_SHARED] = host->why[HOST_RESOURCES];
    if (space->shared == NULL || !windows_is_at_least(&host->windows, SHARING) || !may_share(host))
        return true;
    return look_part(host, HOST_SHARED, space->shared, err);
}

static bool look_machines(struct host *host, struct err *err)
{
    const struct space *space = host->space;
    bool newer = windows_is_at_least(&host->windows, SHARING);

    if (!host_section(host, space->systems, err))
        return false;
    if (host->answered && host->visible && !host->machines.host)
        tell_blind(host, "the host itself, which Hyper-V shows beside its machines,");
    if (!host->answered || host->machines.all.count == 0)
        return true;
    return look_part(host, HOST_SETTINGS, newer ? space->settings : space->settings_2012, err) &&
           (space->versions == NULL || look_part(host, HOST_VERSIONS, space->versions, err)) && look_disks(host, err) &&
           look_part(host, HOST_EXCHANGE, space->exchange, err);
}

bool host_look(struct host *host, struct err *err)
{
    if (!look_computer(host, err) || !find_space(host, err))
        return false;
    write_role(host);
    return host->space == NULL || look_machines(host, err);
}

/* ---------------------------------------------------------------------------------------------------- sending ---- */

/* What is unread of a machine where a part was not read. */
static const char *const unread[HOST_PARTS][8] = {
    [HOST_SETTINGS] = { "id.uuid", "hardware.serial", "hardware.asset_tag", "vm.configuration_version", "vm.generation",
                        "vm.snapshots" },
    [HOST_VERSIONS] = { "vm.configuration_version" },
    [HOST_RESOURCES] = { "hardware.cpu_count", "hardware.memory", "id.mac_addresses", "vm.disks", "vm.disk_places",
                         "vm.pass_through_disks", "vm.remote_disks" },
    [HOST_EXCHANGE] = { "guest.", "vm.integration_version" },
};

static void mark(struct item *item, enum host_part part, const char *why)
{
    for (size_t i = 0; unread[part][i] != NULL; i++)
        facts_unread(item, unread[part][i], why);
}

static void write_settings(struct host *host, struct machine *machine)
{
    const char *why = host->why[HOST_SETTINGS];

    if (why == NULL)
        facts_int(&machine->item, "vm.snapshots", machine->checkpoints);
    if (why == NULL && !machine->has_setting)
        why = "the host told no settings of it";
    if (why != NULL)
        mark(&machine->item, HOST_SETTINGS, why);
    if (host->why[HOST_VERSIONS] != NULL)
        mark(&machine->item, HOST_VERSIONS, host->why[HOST_VERSIONS]);
}

static void write_resources(struct host *host, struct machine *machine)
{
    const char *why = host->why[HOST_RESOURCES];

    if (why == NULL && !machine->has_resources)
        why = "the host told no processors, memory, cards and disks of it";
    if (why != NULL) {
        mark(&machine->item, HOST_RESOURCES, why);
        facts_unread(&machine->item, "vm.shared_disks", why);
        return;
    }
    if (machine->overfull)
        facts_unread(&machine->item, "id.mac_addresses", "it has too many network cards or disks");
    else
        facts_set(&machine->item, "id.mac_addresses", machine->macs.items, machine->macs.count);
    disks_write(machine, &host->cluster.volumes, host->cluster.node, host->why[HOST_SHARED]);
}

static void write_guest(struct host *host, struct machine *machine)
{
    const char *why = host->why[HOST_EXCHANGE];

    if (why == NULL)
        why = guest_silence(machine, machine->item.arena);
    if (why != NULL)
        mark(&machine->item, HOST_EXCHANGE, why);
}

static void emit_machine(struct host *host, struct machine *machine, struct sent *sent)
{
    write_settings(host, machine);
    write_resources(host, machine);
    write_guest(host, machine);
    cluster_write(&host->cluster, machine, facts_get(&host->windows.computer, "id.fqdn"));
    facts_link(&machine->item, "runs_on", host->windows.computer.kind, host->windows.computer.key);
    if (is_new(sent, &machine->item))
        facts_emit(host->windows.m, &machine->item);
    else
        muster_log(host->windows.m, MUSTER_INFO, "the virtual machine %s is on two nodes while it moves",
                   machine->item.key);
}

/* How a guest calls itself says nothing of who it is: the daemon decides by its own rules whether it becomes a target.
 */
static void offer(struct host *host, const struct machine *machine)
{
    const char *family = facts_get(&machine->item, "guest.family"),
               *name = facts_get(&host->windows.computer, "id.name");

    if (machine->hostname == NULL || !guest_is_name(machine->hostname))
        return;
    if (family != NULL && strcmp(family, "windows") == 0)
        muster_offer(host->windows.m, "windows", machine->hostname, 0,
                     muster_fmt(host->windows.m, "the guest of virtual machine %s on %s calls itself so",
                                machine->item.key, name == NULL ? "a host" : name));
}

/* Boards share UUIDs: what has another's, and another name, is known by its name. */
static void tell_apart(struct host *host, struct sent *sent)
{
    struct item *item = &host->windows.computer;
    const char *name = facts_get(item, "id.fqdn"), *first;

    if (name == NULL)
        return;
    first = map_get(&sent->hosts, item->key);
    if (first == NULL)
        map_put(&sent->hosts, arena_text(&sent->arena, item->key), arena_text(&sent->arena, name));
    if (first == NULL || strcmp(first, name) == 0)
        return;
    muster_warn(host->windows.m, item->kind, name, "it has the UUID %s, as %s has: it is known by its name", item->key,
                first);
    item->key = name;
}

void host_emit(struct host *host, struct sent *sent)
{
    struct windows *windows = &host->windows;

    tell_apart(host, sent);

    vec_each (item, &windows->others) {
        if (is_new(sent, *item))
            facts_emit(windows->m, *item);
    }
    if (is_new(sent, &windows->computer))
        facts_emit(windows->m, &windows->computer);
    vec_each (machine, &host->machines.all) {
        emit_machine(host, *machine, sent);
        offer(host, *machine);
    }
}
