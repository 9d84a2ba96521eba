#include "vm_item.h"

#include "inventory_parts.h"
#include "pattern.h"
#include "property.h"
#include "vm_disks.h"
#include "vm_guest.h"
#include "vm_site.h"

#include <inttypes.h>
#include <string.h>

/* ---------------------------------------------------------------------------------------------- what is asked ---- */

const struct vim_wanted *vm_item_wanted(void)
{
    /* Leaf properties that all versions from 5.0 on know: a real server refuses the whole call for one that it does
     * not. */
    static const char *const paths[] = {
        "name",
        "parent",
        "parentVApp",
        "resourcePool",
        "datastore",
        "customValue",
        "config.uuid",
        "config.instanceUuid",
        "config.template",
        "config.guestId",
        "config.guestFullName",
        "config.version",
        "config.managedBy",
        "config.hardware.numCPU",
        "config.hardware.memoryMB",
        "config.hardware.device",
        "config.tools.toolsVersion",
        "runtime.host",
        "runtime.powerState",
        "runtime.connectionState",
        "guest.guestId",
        "guest.guestFullName",
        "guest.guestFamily",
        "guest.hostName",
        "guest.net",
        "guest.ipAddress",
        "guest.toolsStatus",
        "snapshot.rootSnapshotList",
    };
    static const struct vim_wanted wanted = { "VirtualMachine", paths, sizeof paths / sizeof *paths };

    return &wanted;
}

static int compare(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Of a list of devices only some; of all else what is read, in the order of strcmp. */
bool vm_item_keeps(const char *name, const char *type)
{
    static const char *const names[] = {
        "CustomFieldDef",
        "CustomFieldValue",
        "GuestNicInfo",
        "HostVirtualNic",
        "ManagedObjectReference",
        "VirtualDevice",
        "VirtualMachineSnapshotTree",
        "backing",
        "childSnapshotList",
        "compatibilityMode",
        "controllerKey",
        "datastore",
        "descriptorFileName",
        "deviceConfigId",
        "deviceName",
        "diskMode",
        "extensionKey",
        "fileName",
        "ip",
        "ipAddress",
        "ipV6Address",
        "ipV6Config",
        "key",
        "macAddress",
        "name",
        "parent",
        "sharedBus",
        "sharing",
        "spec",
        "type",
        "value",
    };

    if (strcmp(name, "VirtualDevice") == 0)
        return type[0] == '\0' || vm_disks_matters(type);
    return bsearch(&name, names, sizeof names / sizeof *names, sizeof *names, compare) != NULL;
}

/* -------------------------------------------------------------------------------------------- what it is for ---- */

/* By whom a machine is managed that only holds a place. Site Recovery's extension key may end in a suffix of the site's
 * own; its test machines are of another type. */
static const struct {
    const char *key, *type;
} holders[] = {
    { "com.vmware.vcDr*", "placeholderVm" },
    { "com.vmware.vcHms*", "*" },
    { "com.vmware.vim.eam*", "*" },
};

static bool is_held(const struct vim_value *manager)
{
    const char *key = vim_text(manager, "extensionKey"), *type = vim_text(manager, "type");

    for (size_t i = 0; key != NULL && i < sizeof holders / sizeof *holders; i++)
        if (pattern_fits(holders[i].key, key) && pattern_fits(holders[i].type, type == NULL ? "" : type))
            return true;
    return false;
}

/* "vCLS (1)" of older vCenter Servers, "vCLS-" and a UUID of later ones. */
static bool is_agent(const char *name)
{
    char uuid[PROPERTY_UUID_SIZE];

    return pattern_fits("vCLS (*)", name) || (strncmp(name, "vCLS-", 5) == 0 && property_uuid(name + 5, uuid));
}

static void write_placeholder(const struct vim_object *object, const struct vm_face *face, struct muster_item *item)
{
    if (is_agent(face->name) || is_held(vim_property(object, "config.managedBy")))
        muster_set_bool(item, "vm.placeholder", 1);
    else if (!property_refused(item, object, "config.managedBy", "vm.placeholder"))
        muster_set_bool(item, "vm.placeholder", 0);
}

/* ------------------------------------------------------------------------------------------------------ state ---- */

static const char *state_of(const struct vim_object *object)
{
    static const char *const states[][2] = { { "poweredOn", "running" },
                                             { "poweredOff", "off" },
                                             { "suspended", "saved" } };
    const char *power = property_text(object, "runtime.powerState");

    for (size_t i = 0; power != NULL && i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i][0], power) == 0)
            return states[i][1];
    return "other";
}

/* 0 where none are installed, and 2^31-1 where the guest's own packages manage them. */
static void write_tools(const struct vim_object *object, struct muster_item *item)
{
    const struct vim_value *version = vim_property(object, "config.tools.toolsVersion");
    int64_t number;

    if (vim_int(version, "", &number) && number > 0 && number < INT32_MAX)
        muster_set(item, "vm.integration_version", version->text);
    else
        property_refused(item, object, "config.tools.toolsVersion", "vm.integration_version");
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the reader lets a reply be, XML_MAX_DEPTH at the most */
static int64_t count_snapshots(const struct vim_value *snapshot)
{
    int64_t count = 0;

    for (const struct vim_value *at = snapshot; at != NULL; at = vim_again(at))
        count += 1 + count_snapshots(vim_child(at, "childSnapshotList"));
    return count;
}

static void write_snapshots(const struct vim_object *object, struct muster_item *item)
{
    const struct vim_value *roots = vim_property(object, "snapshot.rootSnapshotList");

    if (!property_refused(item, object, "snapshot.rootSnapshotList", "vm.snapshots"))
        muster_set_int(item, "vm.snapshots", roots == NULL ? 0 : count_snapshots(roots->first));
}

static void write_facts(const struct vim_object *object, const struct vm_face *face, struct muster_item *item)
{
    static const struct property_rule rules[] = {
        { "name", "id.name", PROPERTY_NAME },
        { "config.uuid", "id.uuid", PROPERTY_UUID },
        { "config.instanceUuid", "id.instance_uuid", PROPERTY_UUID },
        { "config.template", "vm.template", PROPERTY_TRUTH },
        { "config.guestId", "vm.configured_guest_id", PROPERTY_TEXT },
        { "config.guestFullName", "vm.configured_guest_name", PROPERTY_TEXT },
        { "config.version", "vm.configuration_version", PROPERTY_TEXT },
        { "config.hardware.numCPU", "hardware.cpu_count", PROPERTY_NUMBER },
        { "config.hardware.memoryMB", "hardware.memory", PROPERTY_MEGABYTES },
        { "runtime.connectionState", "vm.connection_state", PROPERTY_TEXT },
        { "guest.toolsStatus", "vm.tools_status", PROPERTY_TEXT },
    };

    muster_set(item, "id.moref", object->moref);
    property_write(item, object, rules, sizeof rules / sizeof *rules, NULL);
    write_tools(object, item);
    write_snapshots(object, item);
    write_placeholder(object, face, item);
    if (!property_refused(item, object, "customValue", "vm.custom_attributes")) {
        static const char *const none[1];
        muster_set_list(item, "vm.custom_attributes", face->custom_count == 0 ? none : face->custom,
                        face->custom_count);
    }
}

/* ------------------------------------------------------------------------------------------------------ place ---- */

/* The path without its own name; of one that cannot be placed only what is above it is not known. */
static void write_folder(struct inventory *inventory, const struct vm_face *face, struct muster_item *item)
{
    const char *slash = strrchr(face->path, '/');

    if (face->path[0] != '/' || slash == NULL) {
        muster_unread(item, "vm.folder", "a folder above it is not in the inventory");
        return;
    }
    muster_set(item, "vm.folder",
               slash == face->path
                   ? "/"
                   : (const char *)arena_bytes(&inventory->scratch, face->path, (size_t)(slash - face->path)));
}

static void write_own_vapp(struct inventory *inventory, const struct place *vapp, struct muster_item *item)
{
    const char *path;

    if (inventory_path_of(inventory, vapp, &path))
        muster_set(item, "vm.vapp", path);
    else
        muster_unread(item, "vm.vapp", "a folder above its vApp is not in the inventory");
    muster_link(item, "member_of", "vapp", vapp->shown.key);
}

static void write_vapp(const struct vim_object *object, struct inventory *inventory, const struct vm_site *site,
                       struct muster_item *item)
{
    if (site->vapp != NULL)
        write_own_vapp(inventory, site->vapp, item);
    else if (site->in_vapp)
        muster_unread(item, "vm.vapp", "its vApp is not in the inventory");
    else if (site->vapp_known)
        muster_set(item, "vm.vapp", "");
    else if (!property_refused(item, object, "parentVApp", "vm.vapp"))
        property_refused(item, object, "resourcePool", "vm.vapp");
}

static void link_to_hosts(struct inventory *inventory, const struct place *host, struct muster_item *item)
{
    const struct inventory_place *cluster = inventory_cluster(inventory, host->shown.moref);

    muster_link(item, "runs_on", "esxi_host", host->shown.key);
    if (cluster != NULL)
        muster_link(item, "may_run_on", "cluster", cluster->key);
}

static void write_place(const struct vim_object *object, struct inventory *inventory, const struct vm_face *face,
                        struct muster_item *item)
{
    struct vm_site site = vm_site_find(object, inventory);
    const char *datacenter = site.parent == NULL ? NULL : inventory_datacenter(inventory, site.parent);

    if (datacenter == NULL && site.host != NULL)
        datacenter = inventory_datacenter(inventory, site.host->shown.moref);
    muster_set(item, "vm.datacenter", datacenter);
    write_folder(inventory, face, item);
    write_vapp(object, inventory, &site, item);
    if (site.host != NULL)
        link_to_hosts(inventory, site.host, item);
}

/* Backup servers name a machine by the server that has it. */
static void write_path(const struct vm_face *face, struct arena *arena, struct muster_item *item)
{
    if (face->holder != NULL && face->name != NULL && !face->name_open)
        muster_set(item, "id.path", arena_format(arena, "%s/%s", face->holder, face->name));
}

static void write_macs(const struct vim_object *object, struct arena *arena, struct muster_item *item)
{
    struct texts macs = VEC_EMPTY;

    vm_disks_macs(object, arena, &macs);
    vm_guest_macs(object, arena, &macs);
    texts_order(&macs);
    if (!property_refused(item, object, "config.hardware.device", "id.mac_addresses"))
        texts_write(&macs, item, "id.mac_addresses");
    vec_finish(&macs);
}

int vm_item_emit(const struct vim_object *object, struct inventory *inventory, const struct vm_face *face,
                 struct muster *m)
{
    struct muster_item *item = muster_item(m, "vm", face->key);
    const char *state = state_of(object);

    write_facts(object, face, item);
    if (!property_refused(item, object, "runtime.powerState", "vm.state"))
        muster_set(item, "vm.state", state);
    vm_guest_write(object, state, &inventory->scratch, item);
    write_macs(object, &inventory->scratch, item);
    vm_disks_write(object, inventory, &inventory->scratch, item);
    write_place(object, inventory, face, item);
    write_path(face, &inventory->scratch, item);
    return muster_emit(item);
}
