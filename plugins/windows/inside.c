#include "inside.h"

#include "backup.h"
#include "exchange.h"
#include "sharepoint.h"
#include "software.h"
#include "sql_instances.h"
#include "volumes.h"
#include "windows.h"
#include "windows_cluster.h"
#include "windows_computer.h"
#include "windows_hotfixes.h"
#include "windows_os.h"
#include "windows_roles.h"

/* What needs another stands behind it. */
static const struct windows_section *const sections[] = {
    &windows_os,       &windows_computer, &windows_bios,       &windows_enclosure,     &windows_network,
    &windows_place,    &windows_release,  &windows_roles,      &windows_roles_2008,    &windows_hotfixes,
    &windows_cluster,  &volumes_section,  &volumes_dedup,      &volumes_bitlocker,     &software_wmf,
    &software_runtime, &exchange_section, &sharepoint_section, &sql_instances_section, &backup_section,
};

bool inside_scan(struct muster *m, struct wsman *wsman, int *completeness, struct err *err)
{
    struct windows windows;
    bool good = true;

    windows_init(&windows, m, wsman, "machine");
    for (size_t i = 0; good && i < sizeof sections / sizeof *sections; i++)
        good = windows_look(&windows, sections[i], err);
    if (good)
        windows_emit(&windows);
    *completeness = windows.partial ? MUSTER_PARTIAL : MUSTER_COMPLETE;
    windows_finish(&windows);
    return good;
}
