#include "vm_disks.h"

#include "address.h"
#include "inventory_parts.h"
#include "numbers.h"
#include "property.h"

#include <inttypes.h>
#include <string.h>

static const char devices_path[] = "config.hardware.device";

/* ---------------------------------------------------------------------------------------------------- devices ---- */

enum device { DEVICE_OTHER, DEVICE_DISK, DEVICE_CONTROLLER, DEVICE_CARD };

/* Subtypes of VirtualDevice: the disk, controllers that other machines may share, network cards. */
static const struct {
    const char *type;
    enum device device;
} types[] = {
    { "VirtualDisk", DEVICE_DISK },
    { "VirtualSCSIController", DEVICE_CONTROLLER },
    { "VirtualBusLogicController", DEVICE_CONTROLLER },
    { "VirtualLsiLogicController", DEVICE_CONTROLLER },
    { "VirtualLsiLogicSASController", DEVICE_CONTROLLER },
    { "ParaVirtualSCSIController", DEVICE_CONTROLLER },
    { "VirtualNVMEController", DEVICE_CONTROLLER },
    { "VirtualEthernetCard", DEVICE_CARD },
    { "VirtualE1000", DEVICE_CARD },
    { "VirtualE1000e", DEVICE_CARD },
    { "VirtualPCNet32", DEVICE_CARD },
    { "VirtualVmxnet", DEVICE_CARD },
    { "VirtualVmxnet2", DEVICE_CARD },
    { "VirtualVmxnet3", DEVICE_CARD },
    { "VirtualVmxnet3Vrdma", DEVICE_CARD },
    { "VirtualSriovEthernetCard", DEVICE_CARD },
};

static enum device device_of(const char *type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].type, type) == 0)
            return types[i].device;
    return DEVICE_OTHER;
}

bool vm_disks_matters(const char *type)
{
    return device_of(type) != DEVICE_OTHER;
}

/* The next device of a kind; from NULL: the first. */
static const struct vim_value *next_device(const struct vim_object *object, const struct vim_value *from,
                                           enum device device)
{
    const struct vim_value *devices = vim_property(object, devices_path);
    const struct vim_value *at = from != NULL ? from->next : devices == NULL ? NULL : devices->first;

    while (at != NULL && device_of(at->type) != device)
        at = at->next;
    return at;
}

void vm_disks_macs(const struct vim_object *object, struct arena *arena, struct texts *macs)
{
    const struct vim_value *card = NULL;

    while ((card = next_device(object, card, DEVICE_CARD)) != NULL) {
        const char *text = vim_text(card, "macAddress"), *mac = text == NULL ? NULL : address_mac(arena, text);
        if (mac != NULL)
            vec_push(macs, mac);
    }
}

/* -------------------------------------------------------------------------------------------------- datastores ---- */

/* The file that a snapshot's one stands on; NULL where there is none. */
static const struct vim_value *beneath(const struct vim_value *backing)
{
    return vim_child(backing, "parent");
}

/* Of all files of a disk; false where one of them does not tell. */
static bool add_datastores(const struct vim_value *disk, struct texts *datastores)
{
    const struct vim_value *backing = vim_child(disk, "backing");
    bool told = backing != NULL;

    for (; backing != NULL; backing = beneath(backing)) {
        const char *moref = vim_text(backing, "datastore");
        if (moref != NULL && moref[0] != '\0')
            vec_push(datastores, moref);
        else
            told = false;
    }
    return told;
}

static void add_all_datastores(const struct vim_object *object, struct texts *datastores)
{
    const struct vim_value *list = vim_property(object, "datastore");

    vec_clear(datastores);
    for (const struct vim_value *at = list == NULL ? NULL : list->first; at != NULL; at = at->next)
        if (at->text[0] != '\0')
            vec_push(datastores, at->text);
}

void vm_disks_datastores(const struct vim_object *object, struct texts *datastores)
{
    const struct vim_value *disk = NULL;
    bool told = true;

    while ((disk = next_device(object, disk, DEVICE_DISK)) != NULL)
        told &= add_datastores(disk, datastores);
    if (!told || datastores->count == 0)
        add_all_datastores(object, datastores);
    texts_order(datastores);
}

/* A datastore that is not in the inventory leaves its type open, and with it the list. */
static bool add_type(const struct inventory *inventory, const char *moref, struct texts *kinds,
                     struct muster_item *item)
{
    const struct place *place = inventory_place_of(inventory, moref, "datastore");
    const char *type = place == NULL ? NULL : property_text(place->object, "summary.type");

    if (place != NULL)
        muster_link(item, "stored_on", "datastore", place->shown.key);
    if (type != NULL)
        vec_push(kinds, type);
    return type != NULL;
}

static void write_datastores(const struct vim_object *object, const struct inventory *inventory,
                             struct muster_item *item)
{
    struct texts morefs = VEC_EMPTY, kinds = VEC_EMPTY;
    bool known = true;

    vm_disks_datastores(object, &morefs);
    for (size_t i = 0; i < morefs.count; i++)
        known &= add_type(inventory, morefs.items[i], &kinds, item);
    texts_order(&kinds);
    if (!known)
        muster_unread(item, "vm.datastore_types", "the type of a datastore of it is not known");
    else if (morefs.count > 0 || !property_refused(item, object, "datastore", "vm.datastore_types"))
        texts_write(&kinds, item, "vm.datastore_types");
    vec_finish(&kinds);
    vec_finish(&morefs);
}

/* ------------------------------------------------------------------------------------------------------ disks ---- */

struct disks {
    struct arena *arena;
    number_vec shared_controllers; /* their keys */
    struct texts all, independent, physical, shared;
};

static void find_shared_controllers(const struct vim_object *object, struct disks *disks)
{
    const struct vim_value *controller = NULL;

    while ((controller = next_device(object, controller, DEVICE_CONTROLLER)) != NULL) {
        const char *sharing = vim_text(controller, "sharedBus");
        int64_t key;
        if (sharing != NULL && strcmp(sharing, "noSharing") != 0 && vim_int(controller, "key", &key))
            vec_push(&disks->shared_controllers, key);
    }
    numbers_order(&disks->shared_controllers);
}

/* Bytes of "[datastore] folder/" in front of a file's name. */
static size_t folder_length(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash == NULL ? 0 : (size_t)(slash - file) + 1;
}

/* The file without its snapshots, so that one being taken is no change of the disk; what it stands on in another folder
 * is the disk of a template, and not its own. */
static const char *own_file(const struct vim_value *backing)
{
    const char *file = vim_text(backing, "fileName");

    while (file != NULL && (backing = beneath(backing)) != NULL) {
        const char *lower = vim_text(backing, "fileName");
        if (lower == NULL || folder_length(lower) != folder_length(file) ||
            strncmp(lower, file, folder_length(file)) != 0)
            break;
        file = lower;
    }
    return file;
}

static const char *disk_name(const struct disks *disks, const struct vim_value *disk)
{
    const struct vim_value *backing = vim_child(disk, "backing");
    const char *names[] = { own_file(backing), vim_text(backing, "descriptorFileName"),
                            vim_text(backing, "deviceName") };
    const char *key = vim_text(disk, "key");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i] != NULL && names[i][0] != '\0')
            return names[i];
    return arena_format(disks->arena, "disk %.20s", key == NULL ? "without a key" : key);
}

static bool is(const struct vim_value *value, const char *path, const char *wanted)
{
    const char *text = vim_text(value, path);

    return text != NULL && strcmp(text, wanted) == 0;
}

static bool is_independent(const struct vim_value *disk)
{
    const char *mode = vim_text(disk, "backing.diskMode");

    return mode != NULL && strncmp(mode, "independent_", 12) == 0;
}

static bool is_shared(const struct disks *disks, const struct vim_value *disk)
{
    int64_t controller;

    return is(disk, "backing.sharing", "sharingMultiWriter") ||
           (vim_int(disk, "controllerKey", &controller) && numbers_have(&disks->shared_controllers, controller));
}

/* A raw device in physical mode is independent by its nature, and told of once. */
static void take_disk(struct disks *disks, const struct vim_value *disk)
{
    const char *name = disk_name(disks, disk);

    vec_push(&disks->all, name);
    if (is(disk, "backing.compatibilityMode", "physicalMode"))
        vec_push(&disks->physical, name);
    else if (is_independent(disk))
        vec_push(&disks->independent, name);
    if (is_shared(disks, disk))
        vec_push(&disks->shared, name);
}

static void write_lists(struct disks *disks, struct muster_item *item)
{
    const struct {
        const char *attribute;
        struct texts *texts;
    } lists[] = {
        { "vm.disks", &disks->all },
        { "vm.independent_disks", &disks->independent },
        { "vm.physical_rdm_disks", &disks->physical },
        { "vm.shared_disks", &disks->shared },
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        texts_write(lists[i].texts, item, lists[i].attribute);
        vec_finish(lists[i].texts);
    }
}

static void not_read(const struct vim_object *object, struct muster_item *item)
{
    static const char *const attributes[] = { "vm.disks", "vm.independent_disks", "vm.physical_rdm_disks",
                                              "vm.shared_disks" };

    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (!property_refused(item, object, devices_path, attributes[i]))
            muster_unread(item, attributes[i], "the server told nothing of its hardware");
}

void vm_disks_write(const struct vim_object *object, const struct inventory *inventory, struct arena *arena,
                    struct muster_item *item)
{
    struct disks disks = { .arena = arena };
    const struct vim_value *disk = NULL;

    write_datastores(object, inventory, item);
    if (vim_property(object, devices_path) == NULL) {
        not_read(object, item);
        return;
    }
    find_shared_controllers(object, &disks);
    while ((disk = next_device(object, disk, DEVICE_DISK)) != NULL)
        take_disk(&disks, disk);
    write_lists(&disks, item);
    vec_finish(&disks.shared_controllers);
}
