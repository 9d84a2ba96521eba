#include "source_type.h"

#include "inquiry.h"

#include <string.h>
#include <strings.h>

/* Published is that of VMware alone. Those of SQL Server, Exchange and Hyper-V are the ids of their VSS writers, by
 * which these are told elsewhere. */
static const struct {
    const char *app_id;
    struct source_type type;
} apps[] = {
    { "18bee66c-826f-4499-a663-9805c8688ad3", { TYPE_VMWARE, "VMware", false } },
    { "66841cd4-6ded-4f4b-8f17-fd23f8ddc3de", { TYPE_HYPERV, "Microsoft Hyper-V", true } },
    { "a65faa63-5ea8-4ebc-9dbd-a0c4db26912a", { TYPE_SQL, "SQL Server", true } },
    { "76fe1ac4-15f7-4bcd-987e-8e1acb462fb7", { TYPE_EXCHANGE, "Exchange", true } },
};

static const struct {
    const char *start; /* of the data source's name */
    struct source_type type;
} starts[] = {
    { "SharePoint Farm", { TYPE_SHAREPOINT, "SharePoint Farm", true } },
    { "System Protection", { TYPE_SYSTEM, "System Protection", true } },
    { "\\Online\\", { TYPE_HYPERV, "Microsoft Hyper-V", true } },
    { "\\Offline\\", { TYPE_HYPERV, "Microsoft Hyper-V", true } },
    { "Online\\", { TYPE_HYPERV, "Microsoft Hyper-V", true } },
    { "Offline\\", { TYPE_HYPERV, "Microsoft Hyper-V", true } },
    { "\\Backup Using ", { TYPE_HYPERV, "Microsoft Hyper-V", true } },
    { "Backup Using ", { TYPE_HYPERV, "Microsoft Hyper-V", true } },
};

static const struct source_type system_type = { TYPE_SYSTEM, "System Protection", true };
static const struct source_type volume = { TYPE_FILES, "Volume", true };
static const struct source_type share = { TYPE_FILES, "Share", true };
static const struct source_type unknown = { TYPE_UNKNOWN, NULL, false };

static bool has_part(const struct holdings_source *source, const char *name)
{
    vec_each (part, &source->parts) {
        if (strcasecmp(*part, name) == 0)
            return true;
    }
    return false;
}

static const struct source_type *by_name(const struct holdings_source *source)
{
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (strncasecmp(source->name, starts[i].start, strlen(starts[i].start)) == 0)
            return &starts[i].type;
    }
    if (has_part(source, "System State") || has_part(source, "Bare Metal Recovery"))
        return &system_type;
    if (strncmp(source->name, "\\\\?\\Volume{", 11) == 0)
        return &volume;
    if (inquiry_is_path(source->name))
        return source->name[0] == '\\' ? &share : &volume;
    return &unknown;
}

const struct source_type *source_type_find(const struct holdings_source *source)
{
    for (size_t i = 0; source->app_id != NULL && i < sizeof apps / sizeof *apps; i++) {
        if (strcmp(source->app_id, apps[i].app_id) == 0)
            return &apps[i].type;
    }
    return by_name(source);
}
