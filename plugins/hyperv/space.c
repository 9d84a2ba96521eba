#include "space.h"

#include "hyperv_host.h"

#define V1 "root/virtualization"
#define V2 "root/virtualization/v2"

static void mark_answered(struct windows *windows)
{
    host_of(windows)->answered = true;
}

static void mark_missing(struct windows *windows)
{
    host_of(windows)->missing = true;
}

/* A section of one query that writes nothing of the computer. */
#define SECTION(words, space, wql, taker)                                                                              \
    {                                                                                                                  \
        .name = words, .queries = (const struct windows_query[]){ { space, wql, taker } }, .query_count = 1,           \
        .finish = mark_answered, .absent = mark_missing                                                                \
    }

/* ---------------------------------------------------------------------------------------------------- service ---- */

/* Who does not see this object is shown no virtual machines, and no error. */
static void take_service(struct windows *windows, const struct cim_instance *instance)
{
    (void)instance;
    host_of(windows)->visible = true;
}

#define SERVICE "SELECT Name FROM Msvm_VirtualSystemManagementService"

static const struct windows_section service_v1 = SECTION("Hyper-V's management service", V1, SERVICE, take_service);
static const struct windows_section service_v2 = SECTION("Hyper-V's management service", V2, SERVICE, take_service);

/* ---------------------------------------------------------------------------------------------------- systems ---- */

static void take_system(struct windows *windows, const struct cim_instance *instance)
{
    struct err err;

    if (machines_take_system(&host_of(windows)->machines, facts_get(&windows->computer, "id.name"), instance, &err))
        return;
    windows->partial = true;
    muster_warn(windows->m, "vm", NULL, "it is left out: %s", err.text);
}

static const struct windows_section systems_v1 = {
    .name = "the virtual machines",
    .queries = (const struct windows_query[]){ { V1, "SELECT Name, ElementName, EnabledState FROM Msvm_ComputerSystem",
                                                 take_system } },
    .query_count = 1,
    .finish = mark_answered,
    .records = true,
};
static const struct windows_section systems_v2 = {
    .name = "the virtual machines",
    .queries =
        (const struct windows_query[]){
            { V2, "SELECT Name, ElementName, EnabledState, ReplicationMode FROM Msvm_ComputerSystem", take_system } },
    .query_count = 1,
    .finish = mark_answered,
    .records = true,
};

/* --------------------------------------------------------------------------------------------------- settings ---- */

static void take_setting(struct windows *windows, const struct cim_instance *instance)
{
    machines_take_setting(&host_of(windows)->machines, instance);
}

static void take_global(struct windows *windows, const struct cim_instance *instance)
{
    machines_take_global(&host_of(windows)->machines, instance);
}

#define SETTINGS "settings of virtual machines"
#define SETTING_COLUMNS "BIOSGUID, BIOSSerialNumber, ChassisAssetTag"
#define SETTING_COLUMNS_V2 SETTING_COLUMNS ", Version, VirtualSystemIdentifier, VirtualSystemType"
#define FROM_SETTINGS " FROM Msvm_VirtualSystemSettingData"

static const struct windows_section settings_v1 =
    SECTION(SETTINGS, V1, "SELECT SystemName, SettingType, " SETTING_COLUMNS FROM_SETTINGS, take_setting);
static const struct windows_section settings_2012 =
    SECTION(SETTINGS, V2, "SELECT " SETTING_COLUMNS_V2 FROM_SETTINGS, take_setting);
static const struct windows_section settings_v2 =
    SECTION(SETTINGS, V2, "SELECT " SETTING_COLUMNS_V2 ", VirtualSystemSubType" FROM_SETTINGS, take_setting);
static const struct windows_section versions_v1 =
    SECTION("configuration versions of virtual machines", V1,
            "SELECT SystemName, Version FROM Msvm_VirtualSystemGlobalSettingData", take_global);

/* -------------------------------------------------------------------------------------------------- resources ---- */

struct gathering {
    struct host *host;
    size_t count;
};

static bool take_resource(void *context, const struct cim_instance *instance, struct err *err)
{
    struct gathering *gathering = context;

    if (++gathering->count > (size_t)MACHINES_MAX * 64)
        return err_set(err, ERR_PROTOCOL, "more than %d resources", MACHINES_MAX * 64);
    machines_take_resource(&gathering->host->machines, instance);
    return true;
}

static bool take_shared_disk(void *context, const struct cim_instance *instance, struct err *err)
{
    struct gathering *gathering = context;

    (void)err;
    if (++gathering->count <= (size_t)MACHINES_MAX * 64)
        machines_take_shared(&gathering->host->machines, instance);
    return true;
}

#define RESOURCE_COLUMNS                                                                                               \
    "SELECT InstanceID, ResourceType, ResourceSubType, HostResource, Connection, Address, VirtualQuantity FROM "
#define PARTS " WHERE ResourceType = 3 OR ResourceType = 4 OR ResourceType = 10"
#define DISKS(disk, drive) "ResourceSubType = '" disk "' OR ResourceSubType = '" drive "'"
#define DISKS_V1 DISKS("Microsoft Virtual Hard Disk", "Microsoft Physical Disk Drive")
#define DISKS_V2 DISKS("Microsoft:Hyper-V:Virtual Hard Disk", "Microsoft:Hyper-V:Physical Disk Drive")

/* All at once, by the class that those of each part have in common; part by part where a server does not do that, or
 * leaves out whole parts. */
struct asking {
    const char *space, *all;
    const char *each[8];
};

static const struct asking asking_v1 = {
    V1,
    RESOURCE_COLUMNS "CIM_ResourceAllocationSettingData" PARTS " OR " DISKS_V1,
    { RESOURCE_COLUMNS "Msvm_ProcessorSettingData", RESOURCE_COLUMNS "Msvm_MemorySettingData",
      RESOURCE_COLUMNS "Msvm_SyntheticEthernetPortSettingData", RESOURCE_COLUMNS "Msvm_EmulatedEthernetPortSettingData",
      RESOURCE_COLUMNS "Msvm_ResourceAllocationSettingData WHERE " DISKS_V1, NULL },
};
static const struct asking asking_v2 = {
    V2,
    RESOURCE_COLUMNS "CIM_ResourceAllocationSettingData" PARTS " OR " DISKS_V2,
    { RESOURCE_COLUMNS "Msvm_ProcessorSettingData", RESOURCE_COLUMNS "Msvm_MemorySettingData",
      RESOURCE_COLUMNS "Msvm_SyntheticEthernetPortSettingData", RESOURCE_COLUMNS "Msvm_EmulatedEthernetPortSettingData",
      RESOURCE_COLUMNS "Msvm_ResourceAllocationSettingData WHERE " DISKS_V2,
      RESOURCE_COLUMNS "Msvm_StorageAllocationSettingData WHERE " DISKS_V2, NULL },
};

/* A class that is not there has none; anything else fails. */
static bool ask(struct host *host, const char *space, const char *wql, struct err *err)
{
    struct gathering gathering = { .host = host };
    const struct wsman_taker taker = { take_resource, &gathering };

    return wsman_query(host->windows.wsman, space, wql, &taker, err);
}

static bool ask_all(struct windows *windows, const struct asking *asking, struct err *err)
{
    struct host *host = host_of(windows);

    if (ask(host, asking->space, asking->all, err)) {
        if (machines_have_resources(&host->machines))
            return true;
    } else if (wsman_meaning(windows->wsman) != WSMAN_ABSENT && wsman_meaning(windows->wsman) != WSMAN_BROKEN) {
        return false;
    }
    machines_forget_resources(&host->machines);
    for (size_t i = 0; asking->each[i] != NULL; i++) {
        if (!ask(host, asking->space, asking->each[i], err) && wsman_meaning(windows->wsman) != WSMAN_ABSENT)
            return false;
    }
    return true;
}

static bool look_resources_v1(struct windows *windows, struct err *err)
{
    return ask_all(windows, &asking_v1, err);
}

static bool look_resources_v2(struct windows *windows, struct err *err)
{
    return ask_all(windows, &asking_v2, err);
}

#define RESOURCES "processors, memory, network cards and disks of virtual machines"

static const struct windows_section resources_v1 = { .name = RESOURCES,
                                                     .look = look_resources_v1,
                                                     .finish = mark_answered };
static const struct windows_section resources_v2 = { .name = RESOURCES,
                                                     .look = look_resources_v2,
                                                     .finish = mark_answered };

/* ---------------------------------------------------------------------------------------------------- sharing ---- */

static bool look_shared(struct windows *windows, struct err *err)
{
    struct gathering gathering = { .host = host_of(windows) };
    const struct wsman_taker taker = { take_shared_disk, &gathering };

    return wsman_query(windows->wsman, V2,
                       "SELECT InstanceID, HostResource FROM Msvm_StorageAllocationSettingData "
                       "WHERE PersistentReservationsSupported = TRUE",
                       &taker, err);
}

static const struct windows_section shared_v2 = { .name = "which disks several virtual machines may write",
                                                  .look = look_shared,
                                                  .finish = mark_answered };

/* ---------------------------------------------------------------------------------------------------- guests ---- */

static void take_exchange(struct windows *windows, const struct cim_instance *instance)
{
    machines_take_exchange(&host_of(windows)->machines, instance);
}

#define EXCHANGE "SELECT SystemName, GuestIntrinsicExchangeItems FROM Msvm_KvpExchangeComponent"

static const struct windows_section exchange_v1 = SECTION("what guests tell", V1, EXCHANGE, take_exchange);
static const struct windows_section exchange_v2 = SECTION("what guests tell", V2, EXCHANGE, take_exchange);

/* -------------------------------------------------------------------------------------------------------- all ---- */

static const struct space v1 = {
    .name = "v1",
    .path = V1,
    .since = "6.0",
    .service = &service_v1,
    .systems = &systems_v1,
    .settings = &settings_v1,
    .settings_2012 = &settings_v1,
    .versions = &versions_v1,
    .resources = &resources_v1,
    .exchange = &exchange_v1,
};

static const struct space v2 = {
    .name = "v2",
    .path = V2,
    .since = "6.2",
    .service = &service_v2,
    .systems = &systems_v2,
    .settings = &settings_v2,
    .settings_2012 = &settings_2012,
    .resources = &resources_v2,
    .shared = &shared_v2,
    .exchange = &exchange_v2,
};

const struct space *const spaces[] = { &v2, &v1, NULL };
