#include "windows_roles.h"

#include <string.h>
#include <strings.h>

/* Names of roles as PowerShell has them (Get-WindowsFeature); of optional features as DISM has them; numbers of
 * Microsoft's page on Win32_ServerFeature. 0: it has none, or it came later. */
static const struct {
    const char *role, *feature;
    int64_t id;
} roles[] = {
    { "AD-Domain-Services", "DirectoryServices-DomainController", 110 },
    { "DHCP", "DHCPServer", 12 },
    { "DNS", "DNS-Server-Full-Role", 13 },
    { "FS-Data-Deduplication", "Dedup-Core", 436 },
    { "FS-FileServer", "File-Services", 255 },
    { "Failover-Clustering", "FailoverCluster-FullServer", 33 },
    { "Hyper-V", "Microsoft-Hyper-V", 20 },
    { "Web-Server", "IIS-WebServerRole", 2 },
    /* Before Windows Server 2012 file services were one role with one number. */
    { "FS-FileServer", "CoreFileServer", 6 },
};

static void take_feature(struct windows *windows, const struct cim_instance *instance)
{
    const char *name = cim_text(instance, "Name");

    for (size_t i = 0; name != NULL && i < sizeof roles / sizeof *roles; i++) {
        if (strcasecmp(name, roles[i].feature) == 0)
            windows_name(windows, roles[i].role);
    }
}

static void take_number(struct windows *windows, const struct cim_instance *instance)
{
    int64_t id;

    for (size_t i = 0; cim_int(instance, "ID", &id) && i < sizeof roles / sizeof *roles; i++) {
        if (id == roles[i].id)
            windows_name(windows, roles[i].role);
    }
}

static void finish(struct windows *windows)
{
    bool hyperv = false;

    vec_each (name, &windows->names)
        hyperv |= strcmp(*name, "Hyper-V") == 0;
    facts_set(&windows->computer, "os.roles", windows->names.items, windows->names.count);
    facts_bool(&windows->computer, "hyperv.role", hyperv);
}

static bool has_features(const struct windows *windows)
{
    return windows_is_at_least(windows, "6.1");
}

static bool has_numbers(const struct windows *windows)
{
    return !has_features(windows) && windows_is_server(windows);
}

static const struct windows_query features[] = {
    { "root/cimv2", "SELECT Name FROM Win32_OptionalFeature WHERE InstallState = 1", take_feature },
};

static const struct windows_query numbers[] = {
    { "root/cimv2", "SELECT ID FROM Win32_ServerFeature", take_number },
};

const struct windows_section windows_roles = {
    .name = "installed roles",
    .queries = features,
    .query_count = 1,
    .finish = finish,
    .applies = has_features,
    .unread = { "os.roles", "hyperv.role" },
};

const struct windows_section windows_roles_2008 = {
    .name = "installed roles",
    .queries = numbers,
    .query_count = 1,
    .finish = finish,
    .applies = has_numbers,
    .unread = { "os.roles", "hyperv.role" },
};
