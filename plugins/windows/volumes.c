#include "volumes.h"

#include "cim_facts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct cim_rule rules[] = {
    { "Capacity", "volume.capacity", CIM_FACT_NUMBER },
    { "DriveType", "volume.drive_type", CIM_FACT_NUMBER },
    { "FileSystem", "volume.filesystem", CIM_FACT_TEXT },
};

/* \\?\Volume{GUID}\ in the one spelling that keys have; NULL where the text holds no GUID. */
static const char *guid_of(struct windows *windows, const char *device)
{
    const char *brace = device == NULL ? NULL : strchr(device, '{');
    char uuid[CIM_UUID_SIZE];

    if (brace == NULL || strlen(brace) < CIM_UUID_SIZE)
        return NULL;
    return cim_uuid(arena_bytes(&windows->arena, brace + 1, CIM_UUID_SIZE - 1), uuid)
               ? arena_text(&windows->arena, uuid)
               : NULL;
}

static const char *key_of(struct windows *windows, const char *device)
{
    const char *guid = guid_of(windows, device);

    return guid == NULL ? NULL : arena_format(&windows->arena, "%s/%s", windows->computer.key, guid);
}

/* Name is a drive's root, else the one mount point that Windows names, else the device again, which is no path. */
static void set_paths(struct windows *windows, struct item *volume, const struct cim_instance *instance)
{
    const char *letter = cim_text(instance, "DriveLetter"), *name = cim_text(instance, "Name"), *paths[2];
    size_t count = 0;

    if (letter != NULL && letter[0] != '\0')
        paths[count++] = arena_format(&windows->arena, "%s%s", letter, strchr(letter, '\\') == NULL ? "\\" : "");
    if (name != NULL && isalpha((unsigned char)name[0]) && name[1] == ':' &&
        (count == 0 || strcasecmp(paths[0], name) != 0))
        paths[count++] = name;
    facts_set(volume, "volume.paths", paths, count);
}

static void set_system(struct item *volume, const struct cim_instance *instance)
{
    bool boot = false, system = false;
    bool told = cim_bool(instance, "BootVolume", &boot);

    told |= cim_bool(instance, "SystemVolume", &system);
    if (told)
        facts_bool(volume, "volume.system", boot || system);
}

static const char *name_of(const struct cim_instance *instance)
{
    static const char *const properties[] = { "DriveLetter", "Label", "Name", NULL };
    const char *name = NULL;

    for (size_t i = 0; properties[i] != NULL && (name == NULL || name[0] == '\0'); i++)
        name = cim_text(instance, properties[i]);
    return name;
}

static void take(struct windows *windows, const struct cim_instance *instance)
{
    const char *key = key_of(windows, cim_text(instance, "DeviceID"));
    struct item *volume;

    if (key == NULL)
        return;
    volume = windows_record(windows, "volume", key);
    facts_text(volume, "id.name", name_of(instance));
    cim_facts(volume, instance, rules, sizeof rules / sizeof *rules);
    set_paths(windows, volume, instance);
    set_system(volume, instance);
    facts_link(volume, "part_of", windows->computer.kind, windows->computer.key);
}

/* There is no Windows without one. */
static bool prove(struct windows *windows, struct err *err)
{
    vec_each (item, &windows->others) {
        if (strcmp((*item)->kind, "volume") == 0)
            return true;
    }
    return windows_insufficient(windows, err,
                                "Win32_Volume shows no local volume, so the account may not see them; make it a "
                                "member of Administrators on the host");
}

static const struct windows_query queries[] = {
    { "root/cimv2",
      "SELECT DeviceID, DriveLetter, DriveType, FileSystem, Capacity, Label, Name, BootVolume, SystemVolume "
      "FROM Win32_Volume WHERE DriveType = 3",
      take },
};

const struct windows_section volumes_section = {
    .name = "its volumes",
    .queries = queries,
    .query_count = 1,
    .look = prove,
    .records = true,
};

/* ------------------------------------------------------------------------------------------ of each of them ---- */

static struct item *find(struct windows *windows, const char *device)
{
    const char *key = key_of(windows, device);

    vec_each (item, &windows->others) {
        if (key != NULL && strcmp((*item)->kind, "volume") == 0 && strcmp((*item)->key, key) == 0)
            return *item;
    }
    return NULL;
}

static void each_volume(struct windows *windows, void (*does)(struct item *volume, const char *text), const char *text)
{
    vec_each (item, &windows->others) {
        if (strcmp((*item)->kind, "volume") == 0)
            does(*item, text);
    }
}

/* Where nothing else was said. */
static void set_false(struct item *volume, const char *attribute)
{
    if (item_get(volume, attribute) == NULL)
        facts_bool(volume, attribute, false);
}

static void take_dedup(struct windows *windows, const struct cim_instance *instance)
{
    struct item *volume = find(windows, cim_text(instance, "VolumeId"));
    bool enabled;

    if (volume != NULL && cim_bool(instance, "Enabled", &enabled))
        facts_bool(volume, "volume.dedup", enabled);
}

static void no_dedup(struct windows *windows)
{
    each_volume(windows, set_false, "volume.dedup");
}

static void dedup_unread(struct item *volume, const char *why)
{
    facts_unread(volume, "volume.dedup", why);
}

static void unread_dedup(struct windows *windows, const char *why)
{
    each_volume(windows, dedup_unread, why);
}

static const struct windows_query dedup_queries[] = {
    { "root/Microsoft/Windows/Deduplication", "SELECT VolumeId, Enabled FROM MSFT_DedupVolume", take_dedup },
};

/* The namespace comes with the role, which came with Windows Server 2012: without it nothing is deduplicated. */
const struct windows_section volumes_dedup = {
    .name = "deduplication",
    .queries = dedup_queries,
    .query_count = 1,
    .finish = no_dedup,
    .absent = no_dedup,
    .failed = unread_dedup,
};

/* ProtectionStatus: 0 off or suspended, 1 on, 2 locked. */
static void take_bitlocker(struct windows *windows, const struct cim_instance *instance)
{
    struct item *volume = find(windows, cim_text(instance, "DeviceID"));
    int64_t status;

    if (volume != NULL && cim_int(instance, "ProtectionStatus", &status))
        facts_bool(volume, "volume.bitlocker", status != 0);
}

static void no_bitlocker(struct windows *windows)
{
    each_volume(windows, set_false, "volume.bitlocker");
}

static void bitlocker_unread(struct item *volume, const char *why)
{
    facts_unread(volume, "volume.bitlocker", why);
}

static void unread_bitlocker(struct windows *windows, const char *why)
{
    each_volume(windows, bitlocker_unread, why);
}

static const struct windows_query bitlocker_queries[] = {
    { "root/cimv2/Security/MicrosoftVolumeEncryption", "SELECT DeviceID, ProtectionStatus FROM Win32_EncryptableVolume",
      take_bitlocker },
};

const struct windows_section volumes_bitlocker = {
    .name = "BitLocker",
    .queries = bitlocker_queries,
    .query_count = 1,
    .finish = no_bitlocker,
    .absent = no_bitlocker,
    .failed = unread_bitlocker,
};
