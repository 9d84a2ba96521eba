#include "windows_os.h"

#include "cim_facts.h"

#include <stdlib.h>
#include <string.h>

#define CURRENT "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"

/* ServicePackMajorVersion is a number in every language; CSDVersion is not. */
static const struct cim_rule rules[] = {
    { "Caption", "os.name", CIM_FACT_TEXT },
    { "Version", "os.build", CIM_FACT_TEXT },
    { "ProductType", "os.product_type", CIM_FACT_NUMBER },
    { "ServicePackMajorVersion", "os.service_pack", CIM_FACT_NUMBER },
    { "OperatingSystemSKU", "os.sku", CIM_FACT_NUMBER },
};

/* OSArchitecture is a text in the system's language ("64-Bit", "64 bits"): only its number is sure. What sort of 64
 * bits, Win32_ComputerSystem.SystemType tells (windows_computer.c). */
static void take(struct windows *windows, const struct cim_instance *instance)
{
    const char *bits = cim_text(instance, "OSArchitecture");

    facts_text(&windows->computer, "os.family", "windows");
    cim_facts(&windows->computer, instance, rules, sizeof rules / sizeof *rules);
    if (bits != NULL && strstr(bits, "32") != NULL)
        facts_text(&windows->computer, "os.arch", "x86");
}

static const struct windows_query queries[] = {
    { "root/cimv2",
      "SELECT Caption, Version, ProductType, ServicePackMajorVersion, OperatingSystemSKU, OSArchitecture "
      "FROM Win32_OperatingSystem",
      take },
};

/* An account that may not see it is told that there is none. */
static bool prove(struct windows *windows, struct err *err)
{
    if (facts_get(&windows->computer, "os.build") != NULL)
        return true;
    return windows_insufficient(windows, err,
                                "Win32_OperatingSystem has no version to tell; see whether the account may read "
                                "root\\cimv2 on the host (wmimgmt.msc, WMI Control, Security)");
}

const struct windows_section windows_os = {
    .name = "the operating system",
    .queries = queries,
    .query_count = 1,
    .look = prove,
    .vital = true,
};

/* ------------------------------------------------------------------------------------------------- registry ---- */

static bool look_text(struct windows *windows, const char *value, const char *attribute, struct err *err)
{
    const char *text;

    if (!windows_registry_text(windows, CURRENT, value, &text, err))
        return false;
    facts_text(&windows->computer, attribute, text);
    return true;
}

/* DisplayVersion ("22H2") took the place of ReleaseId with build 19042. Both came with Windows 10. */
static bool look_release(struct windows *windows, struct err *err)
{
    const char *value = windows_is_at_least(windows, "10.0.19042") ? "DisplayVersion" : "ReleaseId";
    int64_t revision;
    bool found;

    if (!look_text(windows, value, "os.release", err) ||
        !windows_registry_int(windows, CURRENT, "UBR", &revision, &found, err))
        return false;
    if (found)
        facts_int(&windows->computer, "os.revision", revision);
    return true;
}

static bool look(struct windows *windows, struct err *err)
{
    return look_text(windows, "InstallationType", "os.installation_type", err) &&
           (!windows_is_at_least(windows, "10.0") || look_release(windows, err));
}

const struct windows_section windows_release = {
    .name = "what the registry says of the operating system",
    .look = look,
    .unread = { "os.installation_type", "os.release", "os.revision" },
};
