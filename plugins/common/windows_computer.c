#include "windows_computer.h"

#include "cim_facts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define AZURE_TAG "7783-7084-3265-9085-8269-3286-77"

static const struct cim_rule system_rules[] = {
    { "DNSHostName", "id.name", CIM_FACT_TEXT },
    { "Name", "id.netbios", CIM_FACT_UPPER },
    { "Manufacturer", "hardware.manufacturer", CIM_FACT_TEXT },
    { "Model", "hardware.model", CIM_FACT_TEXT },
    { "NumberOfLogicalProcessors", "hardware.cpu_count", CIM_FACT_NUMBER },
    { "TotalPhysicalMemory", "hardware.memory", CIM_FACT_NUMBER },
    { "DomainRole", "domain.role", CIM_FACT_NUMBER },
};

/* SystemType begins alike in every language: "x64-based PC", "x64-basierter PC". */
static const struct {
    const char *start, *arch;
} architectures[] = {
    { "x64", "x64" }, { "x86", "x86" }, { "arm64", "arm64" }, { "itanium", "ia64" }, { "ia64", "ia64" }
};

static void set_architecture(struct item *item, const char *type)
{
    if (type == NULL || facts_get(item, "os.arch") != NULL)
        return;
    for (size_t i = 0; i < sizeof architectures / sizeof *architectures; i++) {
        if (strncasecmp(type, architectures[i].start, strlen(architectures[i].start)) == 0)
            facts_text(item, "os.arch", architectures[i].arch);
    }
}

static void set_name(struct item *item, const char *host, const char *suffix)
{
    char *name = arena_format(item->arena, "%s.%s", host, suffix);

    for (char *at = name; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    facts_text(item, "id.fqdn", name);
}

/* Domain is the workgroup's name where it is in none. */
static void take_system(struct windows *windows, const struct cim_instance *instance)
{
    struct item *item = &windows->computer;
    const char *host = cim_text(instance, "DNSHostName"), *domain = cim_text(instance, "Domain");
    bool joined = false;

    cim_facts(item, instance, system_rules, sizeof system_rules / sizeof *system_rules);
    if (facts_get(item, "id.name") == NULL)
        facts_text(item, "id.name", facts_get(item, "id.netbios"));
    set_architecture(item, cim_text(instance, "SystemType"));
    if (!cim_bool(instance, "PartOfDomain", &joined) || domain == NULL || domain[0] == '\0')
        return;
    facts_text(item, joined ? "domain.name" : "domain.workgroup", domain);
    if (joined && host != NULL && host[0] != '\0')
        set_name(item, host, domain);
}

static void take_product(struct windows *windows, const struct cim_instance *instance)
{
    static const struct cim_rule rules[] = { { "UUID", "id.uuid", CIM_FACT_UUID } };

    cim_facts(&windows->computer, instance, rules, 1);
}

/* Within one target there is but one computer: a UUID that boards share, too, tells it from its predecessor. */
static void set_key(struct windows *windows)
{
    static const char *const attributes[] = { "id.uuid", "id.fqdn", "id.netbios", NULL };
    const char *key = NULL;

    for (size_t i = 0; key == NULL && attributes[i] != NULL; i++)
        key = facts_get(&windows->computer, attributes[i]);
    windows->computer.key = arena_text(&windows->arena, key == NULL ? "computer" : key);
}

static const struct windows_query computer_queries[] = {
    { "root/cimv2",
      "SELECT Name, DNSHostName, Domain, DomainRole, PartOfDomain, Manufacturer, Model, NumberOfLogicalProcessors, "
      "SystemType, TotalPhysicalMemory FROM Win32_ComputerSystem",
      take_system },
    { "root/cimv2", "SELECT UUID FROM Win32_ComputerSystemProduct", take_product },
};

const struct windows_section windows_computer = {
    .name = "which computer it is",
    .queries = computer_queries,
    .query_count = 2,
    .finish = set_key,
    .vital = true,
};

/* ------------------------------------------------------------------------------------------------- firmware ---- */

static void take_bios(struct windows *windows, const struct cim_instance *instance)
{
    static const struct cim_rule rules[] = { { "SerialNumber", "hardware.serial", CIM_FACT_TEXT } };

    cim_facts(&windows->computer, instance, rules, 1);
}

static void take_enclosure(struct windows *windows, const struct cim_instance *instance)
{
    static const struct cim_rule rules[] = { { "SMBIOSAssetTag", "hardware.asset_tag", CIM_FACT_TEXT } };

    if (facts_get(&windows->computer, "hardware.asset_tag") == NULL)
        cim_facts(&windows->computer, instance, rules, 1);
}

static const struct windows_query bios_queries[] = {
    { "root/cimv2", "SELECT SerialNumber FROM Win32_BIOS", take_bios },
};

static const struct windows_query enclosure_queries[] = {
    { "root/cimv2", "SELECT SMBIOSAssetTag FROM Win32_SystemEnclosure", take_enclosure },
};

const struct windows_section windows_bios = {
    .name = "its serial number",
    .queries = bios_queries,
    .query_count = 1,
    .unread = { "hardware.serial" },
};

const struct windows_section windows_enclosure = {
    .name = "its asset tag",
    .queries = enclosure_queries,
    .query_count = 1,
    .unread = { "hardware.asset_tag" },
};

/* -------------------------------------------------------------------------------------------------- network ---- */

static bool starts(const char *text, const char *start)
{
    return text != NULL && strncasecmp(text, start, strlen(start)) == 0;
}

static bool is_own(const char *address)
{
    static const char *const left_out[] = { "127.", "169.254.", "0.0.0.0", "fe80:", NULL };

    for (size_t i = 0; left_out[i] != NULL; i++) {
        if (starts(address, left_out[i]))
            return true;
    }
    return address[0] == '\0' || strcmp(address, "::1") == 0 || strcmp(address, "::") == 0;
}

/* Addresses and, with a mark in front that no address has, MAC addresses: there is one list to collect them in. */
static void take_adapter(struct windows *windows, const struct cim_instance *instance)
{
    const struct cim_property *addresses = cim_property(instance, "IPAddress");
    const char *text = cim_text(instance, "MACAddress");
    char mac[CIM_MAC_SIZE + 1] = "=";

    for (size_t i = 0; addresses != NULL && i < addresses->count; i++) {
        if (!is_own(addresses->texts[i]) && addresses->texts[i][0] != '=')
            windows_name(windows, addresses->texts[i]);
    }
    if (text != NULL && cim_mac(text, mac + 1))
        windows_name(windows, mac);
}

static void set_network(struct windows *windows)
{
    size_t count = windows->names.count, addresses = 0, macs = 0;
    const char **texts = arena_alloc(&windows->arena, (count + 1) * sizeof *texts);

    vec_each (name, &windows->names) {
        if ((*name)[0] == '=')
            texts[count - ++macs] = *name + 1;
        else
            texts[addresses++] = *name;
    }
    facts_set(&windows->computer, "id.addresses", texts, addresses);
    facts_set(&windows->computer, "id.mac_addresses", texts + addresses, macs);
}

static const struct windows_query network_queries[] = {
    { "root/cimv2", "SELECT IPAddress, MACAddress FROM Win32_NetworkAdapterConfiguration WHERE IPEnabled = TRUE",
      take_adapter },
};

const struct windows_section windows_network = {
    .name = "its addresses",
    .queries = network_queries,
    .query_count = 1,
    .finish = set_network,
    .unread = { "id.addresses", "id.mac_addresses" },
};

/* ---------------------------------------------------------------------------------------------------- place ---- */

/* Where the suffix is another than the domain's name, guests and DNS know the computer by it. */
static bool look_suffix(struct windows *windows, struct err *err)
{
    const char *suffix, *host = facts_get(&windows->computer, "id.name");

    if (!windows_registry_text(windows, "SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters", "Domain", &suffix,
                               err))
        return false;
    if (suffix == NULL || suffix[0] == '\0' || host == NULL)
        return true;
    set_name(&windows->computer, host, suffix);
    return true;
}

/* The name begins with the computer's own part: what stands behind the first comma is where it lies. */
static bool look_unit(struct windows *windows, struct err *err)
{
    const char *name, *unit;

    if (facts_get(&windows->computer, "domain.name") == NULL)
        return true;
    if (!windows_registry_text(windows, "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\State\\Machine",
                               "Distinguished-Name", &name, err))
        return false;
    unit = name == NULL ? NULL : strchr(name, ',');
    if (unit != NULL)
        facts_text(&windows->computer, "domain.ou", unit + 1);
    return true;
}

/* What the host tells its guest. In Azure it does, too, and the GUID is of no Hyper-V that anybody else sees. */
static bool look_host(struct windows *windows, struct err *err)
{
    static const char key[] = "SOFTWARE\\Microsoft\\Virtual Machine\\Guest\\Parameters";
    struct item *item = &windows->computer;
    const char *tag = facts_get(item, "hardware.asset_tag"), *guid, *host;
    char uuid[CIM_UUID_SIZE];

    if (!starts(facts_get(item, "hardware.manufacturer"), "Microsoft") ||
        !starts(facts_get(item, "hardware.model"), "Virtual Machine"))
        return true;
    if (!windows_registry_text(windows, key, "PhysicalHostName", &host, err) ||
        !windows_registry_text(windows, key, "VirtualMachineId", &guid, err))
        return false;
    facts_text(item, "hardware.physical_host", host);
    if (guid != NULL && tag != NULL && strcmp(tag, AZURE_TAG) != 0 && cim_uuid(guid, uuid))
        facts_text(item, "id.hyperv_guid", uuid);
    return true;
}

static bool look_place(struct windows *windows, struct err *err)
{
    struct item *item = &windows->computer;

    return look_suffix(windows, err) && windows_bear(windows, item, "domain.ou", look_unit(windows, err), err) &&
           windows_bear(windows, item, "id.hyperv_guid", look_host(windows, err), err);
}

const struct windows_section windows_place = {
    .name = "what the registry says of where it is",
    .look = look_place,
    .unread = { "domain.ou", "hardware.physical_host", "id.hyperv_guid" },
};
