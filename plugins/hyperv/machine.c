#include "machine.h"

#include "cim_facts.h"
#include "guest.h"
#include "text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PREFIX "Microsoft:"

void machines_init(struct machines *machines, struct arena *arena)
{
    *machines = (struct machines){ .arena = arena, .kvp = kvp_create(), .by_guid = MAP_EMPTY };
}

void machines_finish(struct machines *machines)
{
    vec_each (at, &machines->all) {
        struct machine *machine = *at;

        vec_finish(&machine->disks);
        vec_finish(&machine->pass_through);
        vec_finish(&machine->shared);
        vec_finish(&machine->macs);
    }
    vec_finish(&machines->all);
    map_finish(&machines->by_guid);
    kvp_destroy(machines->kvp);
}

struct machine *machines_find(const struct machines *machines, const char *id)
{
    char start[CIM_UUID_SIZE], guid[CIM_UUID_SIZE];

    if (id == NULL)
        return NULL;
    if (strncasecmp(id, PREFIX, sizeof PREFIX - 1) == 0)
        id += sizeof PREFIX - 1;
    if (id[strcspn(id, "\\")] == '\0')
        return cim_uuid(id, guid) ? map_get(&machines->by_guid, guid) : NULL;
    if (strcspn(id, "\\") != CIM_UUID_SIZE - 1)
        return NULL;
    memcpy(start, id, CIM_UUID_SIZE - 1);
    start[CIM_UUID_SIZE - 1] = '\0';
    return cim_uuid(start, guid) ? map_get(&machines->by_guid, guid) : NULL;
}

/* ---------------------------------------------------------------------------------------------------- systems ---- */

/* EnabledState of both namespaces; they share no number with different meanings. NULL: it is no number. */
static const char *state_of(const struct cim_instance *instance)
{
    static const struct {
        int64_t number;
        const char *word;
    } states[] = {
        { 2, "running" },      { 3, "off" },          { 4, "stopping" },     { 6, "saved" },
        { 9, "paused" },       { 10, "starting" },    { 32768, "paused" },   { 32769, "saved" },
        { 32770, "starting" }, { 32774, "stopping" }, { 32777, "starting" },
    };
    int64_t number;

    if (!cim_int(instance, "EnabledState", &number))
        return NULL;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (states[i].number == number)
            return states[i].word;
    }
    return "other";
}

/* Hyper-V Replica came with the second namespace. */
static void set_replication(struct item *item, const struct cim_instance *instance)
{
    static const char *const modes[] = { "none", "primary", "replica", "test_replica", "extended_replica" };
    int64_t mode;

    if (cim_property(instance, "ReplicationMode") == NULL)
        facts_text(item, "vm.replication", "none");
    else if (cim_int(instance, "ReplicationMode", &mode) && mode >= 0 && mode < (int64_t)(sizeof modes / sizeof *modes))
        facts_text(item, "vm.replication", modes[mode]);
    else
        facts_unread(item, "vm.replication", "ReplicationMode is no mode that is known");
}

static void add(struct machines *machines, const char *guid, const struct cim_instance *instance)
{
    struct machine *machine = arena_alloc(machines->arena, sizeof *machine);
    const char *name = cim_text(instance, "ElementName");

    item_init(&machine->item, machines->arena, "vm", arena_text(machines->arena, guid));
    machine->name = name == NULL ? "" : arena_text(machines->arena, name);
    machine->state = state_of(instance);
    facts_text(&machine->item, "id.hyperv_guid", guid);
    facts_text(&machine->item, "id.name", name);
    facts_text(&machine->item, "vm.state", machine->state);
    if (machine->state == NULL)
        facts_unread(&machine->item, "vm.state", "EnabledState is no number");
    set_replication(&machine->item, instance);
    vec_push(&machines->all, machine);
    map_put(&machines->by_guid, machine->item.key, machine);
}

/* Of the host both names are the same, and may be longer than the one that Win32_ComputerSystem cuts. */
static bool is_host(const char *name, const char *host, const char *shown)
{
    char guid[CIM_UUID_SIZE];

    if (name == NULL || name[0] == '\0' || cim_uuid(name, guid))
        return false;
    return (host != NULL && strcasecmp(name, host) == 0) || (shown != NULL && strcasecmp(name, shown) == 0);
}

bool machines_take_system(struct machines *machines, const char *host, const struct cim_instance *instance,
                          struct err *err)
{
    const char *name = cim_text(instance, "Name");
    char guid[CIM_UUID_SIZE], quote[TEXT_QUOTE_SIZE];

    if (is_host(name, host, cim_text(instance, "ElementName"))) {
        machines->host = true;
        return true;
    }
    if (name == NULL || !cim_uuid(name, guid))
        return err_set(err, ERR_PROTOCOL, "a virtual machine has no GUID but '%s'",
                       text_quote(quote, name == NULL ? "" : name));
    if (map_get(&machines->by_guid, guid) != NULL)
        return err_set(err, ERR_PROTOCOL, "two virtual machines have the GUID %s", guid);
    if (machines->all.count == MACHINES_MAX)
        return err_set(err, ERR_PROTOCOL, "there are more than %d virtual machines", MACHINES_MAX);
    add(machines, guid, instance);
    return true;
}

/* --------------------------------------------------------------------------------------------------- settings ---- */

static bool begins(const char *text, const char *start)
{
    return text != NULL && strncasecmp(text, start, strlen(start)) == 0;
}

static bool is(const char *text, const char *wanted)
{
    return text != NULL && strcasecmp(text, wanted) == 0;
}

enum setting { SETTING_OTHER, SETTING_CURRENT, SETTING_CHECKPOINT };

/* Recovery points of a replica are kept as checkpoints, too; they are none that somebody made. */
static enum setting setting_of(const struct cim_instance *instance)
{
    const char *type = cim_text(instance, "VirtualSystemType");
    int64_t number;

    if (cim_int(instance, "SettingType", &number)) {
        if (number == 3)
            return SETTING_CURRENT;
        return number == 5 ? SETTING_CHECKPOINT : SETTING_OTHER;
    }
    if (is(type, "Microsoft:Hyper-V:System:Realized"))
        return SETTING_CURRENT;
    if (begins(type, "Microsoft:Hyper-V:Snapshot:") && !begins(type, "Microsoft:Hyper-V:Snapshot:Replica"))
        return SETTING_CHECKPOINT;
    return SETTING_OTHER;
}

static const struct cim_rule setting_rules[] = {
    { "BIOSGUID", "id.uuid", CIM_FACT_UUID },
    { "BIOSSerialNumber", "hardware.serial", CIM_FACT_TEXT },
    { "ChassisAssetTag", "hardware.asset_tag", CIM_FACT_TEXT },
    { "Version", "vm.configuration_version", CIM_FACT_TEXT },
};

/* The second generation came with 2012 R2, and the property with it. */
static void set_generation(struct item *item, const struct cim_instance *instance)
{
    static const char start[] = "Microsoft:Hyper-V:SubType:";
    const char *type = cim_text(instance, "VirtualSystemSubType");
    char quote[TEXT_QUOTE_SIZE], why[TEXT_QUOTE_SIZE + 60];

    if (type == NULL || is(type, "Microsoft:Hyper-V:SubType:1")) {
        facts_int(item, "vm.generation", 1);
    } else if (is(type, "Microsoft:Hyper-V:SubType:2")) {
        facts_int(item, "vm.generation", 2);
    } else {
        snprintf(why, sizeof why, "VirtualSystemSubType is '%s', not %s1 or 2", text_quote(quote, type), start);
        facts_unread(item, "vm.generation", why);
    }
}

void machines_take_setting(struct machines *machines, const struct cim_instance *instance)
{
    const char *id = cim_text(instance, "VirtualSystemIdentifier");
    struct machine *machine = machines_find(machines, id != NULL ? id : cim_text(instance, "SystemName"));
    enum setting setting = setting_of(instance);

    if (machine == NULL)
        return;
    machine->checkpoints += setting == SETTING_CHECKPOINT;
    if (setting != SETTING_CURRENT || machine->has_setting)
        return;
    machine->has_setting = true;
    cim_facts(&machine->item, instance, setting_rules, sizeof setting_rules / sizeof *setting_rules);
    set_generation(&machine->item, instance);
}

void machines_take_global(struct machines *machines, const struct cim_instance *instance)
{
    static const struct cim_rule rules[] = { { "Version", "vm.configuration_version", CIM_FACT_TEXT } };
    struct machine *machine = machines_find(machines, cim_text(instance, "SystemName"));

    if (machine != NULL)
        cim_facts(&machine->item, instance, rules, 1);
}

/* -------------------------------------------------------------------------------------------------- resources ---- */

static void keep(struct machines *machines, struct machine *machine, struct texts *texts, const char *text)
{
    if (texts->count < MACHINE_MAX_PARTS)
        vec_push(texts, arena_text(machines->arena, text));
    else
        machine->overfull = true;
}

static void take_quantity(struct machine *machine, const struct cim_instance *instance, const char *attribute,
                          int64_t unit)
{
    int64_t number;

    if (cim_int(instance, "VirtualQuantity", &number) && number > 0 && number <= INT64_MAX / unit)
        facts_int(&machine->item, attribute, number * unit);
    else
        facts_unread(&machine->item, attribute, "VirtualQuantity is no number that can be");
}

static void take_processors(struct machines *machines, struct machine *machine, const struct cim_instance *instance)
{
    (void)machines;
    take_quantity(machine, instance, "hardware.cpu_count", 1);
}

/* In megabytes, in either namespace. */
static void take_memory(struct machines *machines, struct machine *machine, const struct cim_instance *instance)
{
    (void)machines;
    take_quantity(machine, instance, "hardware.memory", INT64_C(1) << 20);
}

/* A card that has not got its address yet has zeros. */
static void take_card(struct machines *machines, struct machine *machine, const struct cim_instance *instance)
{
    const char *address = cim_text(instance, "Address");
    char mac[CIM_MAC_SIZE];

    if (address != NULL && cim_mac(address, mac) && strcmp(mac, "00:00:00:00:00:00") != 0)
        keep(machines, machine, &machine->macs, mac);
}

/* In the first namespace it is what the disk is connected to, in the second a resource of the host. */
static const char *path_of(const struct cim_instance *instance)
{
    const char *path = cim_text(instance, "HostResource");

    return path != NULL && path[0] != '\0' ? path : cim_text(instance, "Connection");
}

static void take_disk(struct machines *machines, struct machine *machine, const struct cim_instance *instance)
{
    const char *path = path_of(instance);

    if (path != NULL && path[0] != '\0')
        keep(machines, machine, &machine->disks, path);
}

/* It is named by the path of a Msvm_DiskDrive, of which DeviceID tells one from the other. */
static const char *drive_of(struct machines *machines, const struct cim_instance *instance)
{
    static const char key[] = "DeviceID=\"";
    const char *path = path_of(instance), *start = path == NULL ? NULL : strstr(path, key), *end;

    if (path == NULL || path[0] == '\0')
        return "a disk of the host that is not named";
    end = start == NULL ? NULL : strchr(start + sizeof key - 1, '"');
    if (end == NULL)
        return path;
    start += sizeof key - 1;
    return arena_bytes(machines->arena, start, (size_t)(end - start));
}

static void take_drive(struct machines *machines, struct machine *machine, const struct cim_instance *instance)
{
    keep(machines, machine, &machine->pass_through, drive_of(machines, instance));
}

/* By the sort of a disk, and by the type of the rest: sorts of the first namespace have other words in each version. */
static const struct {
    const char *sort;
    int64_t type;
    void (*take)(struct machines *machines, struct machine *machine, const struct cim_instance *instance);
} resources[] = {
    { NULL, 3, take_processors },
    { NULL, 4, take_memory },
    { NULL, 10, take_card },
    { "Microsoft:Hyper-V:Virtual Hard Disk", 0, take_disk },
    { "Microsoft Virtual Hard Disk", 0, take_disk },
    { "Microsoft:Hyper-V:Physical Disk Drive", 0, take_drive },
    { "Microsoft Physical Disk Drive", 0, take_drive },
};

void machines_take_resource(struct machines *machines, const struct cim_instance *instance)
{
    struct machine *machine = machines_find(machines, cim_text(instance, "InstanceID"));
    const char *sort = cim_text(instance, "ResourceSubType");
    int64_t type = 0;

    if (machine == NULL)
        return;
    cim_int(instance, "ResourceType", &type);
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++) {
        if (resources[i].sort == NULL ? resources[i].type == type : is(sort, resources[i].sort)) {
            machine->has_resources = true;
            resources[i].take(machines, machine, instance);
            return;
        }
    }
}

bool machines_have_resources(const struct machines *machines)
{
    bool processors = false, disks = false;

    vec_each (machine, &machines->all) {
        processors |= item_get(&(*machine)->item, "hardware.cpu_count") != NULL;
        disks |= (*machine)->disks.count > 0 || (*machine)->pass_through.count > 0;
    }
    return processors && disks;
}

void machines_forget_resources(struct machines *machines)
{
    vec_each (machine, &machines->all) {
        vec_clear(&(*machine)->disks);
        vec_clear(&(*machine)->pass_through);
        vec_clear(&(*machine)->macs);
        (*machine)->has_resources = (*machine)->overfull = false;
    }
}

void machines_take_shared(struct machines *machines, const struct cim_instance *instance)
{
    struct machine *machine = machines_find(machines, cim_text(instance, "InstanceID"));
    const char *path = path_of(instance);

    if (machine != NULL && path != NULL && path[0] != '\0')
        keep(machines, machine, &machine->shared, path);
}

/* ------------------------------------------------------------------------------------------------------ guest ---- */

void machines_take_exchange(struct machines *machines, const struct cim_instance *instance)
{
    struct machine *machine = machines_find(machines, cim_text(instance, "SystemName"));
    const struct cim_property *items = cim_property(instance, "GuestIntrinsicExchangeItems");

    if (machine != NULL && items != NULL && !machine->told)
        guest_take(machine, machines->kvp, items);
}
