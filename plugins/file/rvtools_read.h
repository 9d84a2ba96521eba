/* Rows of an RVTools export as items: the tabs vInfo (virtual machines) and vHost (ESXi hosts), as every version from
 * 3.x on writes them to CSV: with headers as on the screen, or with those of its option DBColumnNames. Pure: nothing
 * here knows the plugin host. */
#ifndef RVTOOLS_READ_H
#define RVTOOLS_READ_H

#include "arena.h"
#include "csv.h"
#include "err.h"
#include "item.h"

#include <stdbool.h>
#include <stddef.h>

enum rvtools_tab { RVTOOLS_NO_TAB, RVTOOLS_TAB_INFO, RVTOOLS_TAB_HOST };

/* The columns that are read: the name used here, then what each tab may call it in lower case, letters and digits
 * only, blank-separated, the surest first. */
#define RVTOOLS_COLUMNS(X)                                                                                             \
    X(NAME, "vm vinfovmname", "host vhostname")                                                                        \
    X(CLUSTER, "cluster vinfocluster", "cluster vhostcluster")                                                         \
    X(DATACENTER, "datacenter vinfodatacenter", "datacenter vhostdatacenter")                                          \
    X(SERVER, "visdkserver vinfovisdkserver", "visdkserver vhostvisdkserver")                                          \
    X(SERVER_UUID, "visdkuuid vinfovisdkuuid", "visdkuuid vhostvisdkuuid")                                             \
    X(SERVER_TYPE, "visdkservertype vinfovisdkservertype", "")                                                         \
    X(API_VERSION, "visdkapiversion vinfovisdkapiversion", "")                                                         \
    X(UUID, "vmuuid uuid vinfouuid", "uuid vhostuuid")                                                                 \
    X(SMBIOS_UUID, "smbiosuuid vmsmbiosuuid vinfosmbiosuuid", "")                                                      \
    X(MOREF, "vmid objectid vinfoobjectid", "objectid vhostobjectid")                                                  \
    X(POWER, "powerstate vinfopowerstate", "")                                                                         \
    X(TEMPLATE, "template vinfotemplate", "")                                                                          \
    X(PLACEHOLDER, "srmplaceholder vinfosrmplaceholder", "")                                                           \
    X(CONNECTION, "connectionstate vinfoconnectionstate", "")                                                          \
    X(DNS_NAME, "dnsname vinfoguesthostname", "")                                                                      \
    X(ADDRESS, "primaryipaddress vinfoprimaryipaddress", "")                                                           \
    X(OS_CONFIGURED, "osaccordingtotheconfigurationfile os vinfoos", "")                                               \
    X(OS_TOOLS, "osaccordingtothevmwaretools vinfoostools", "")                                                        \
    X(OS_DETAIL, "guestdetaileddata vinfoguestdetaileddata", "")                                                       \
    X(CPUS, "cpus vinfocpus", "")                                                                                      \
    X(MEMORY, "memory vinfomemory", "")                                                                                \
    X(HARDWARE_VERSION, "hwversion vmversion vinfoversion vinfohwversion", "")                                         \
    X(FOLDER, "folder vinfofolder", "")                                                                                \
    X(VAPP, "vapp vinfovapp", "")                                                                                      \
    X(HOST, "host vinfohost", "")                                                                                      \
    X(PRODUCT, "", "esxversion vhostfullname")                                                                         \
    X(MAINTENANCE, "", "inmaintenancemode vhostinmaintenancemode")                                                     \
    X(LICENSES, "", "assignedlicenses vhostassignedlicenses")                                                          \
    X(VENDOR, "", "vendor vhostvendor")                                                                                \
    X(MODEL, "", "model vhostmodel")

enum rvtools_column {
#define X(name, info, host) RVTOOLS_##name,
    RVTOOLS_COLUMNS(X)
#undef X
        RVTOOLS_COLUMN_COUNT,
};

/* A CSV file that is known to be one of the tabs. */
struct rvtools_table {
    const struct csv *csv;
    enum rvtools_tab tab;
    size_t at[RVTOOLS_COLUMN_COUNT]; /* SIZE_MAX: the export lacks the column */
    bool unclean;                    /* a cell so far was not valid UTF-8; U+FFFD stands for its bad bytes */
};

/* Finds out which tab the header belongs to. False, with the columns that are missing, where it is none. */
bool rvtools_recognise(struct rvtools_table *table, const struct csv *csv, struct err *err);

bool rvtools_has(const struct rvtools_table *table, enum rvtools_column column);

/* The row's own item: a vm or an esxi_host. False, with a reason, where the row is unusable. */
bool rvtools_row(struct rvtools_table *table, struct arena *arena, struct item *item, struct err *err);

/* What the row also tells of: its cluster, and its vCenter Server. False where it names none, or where it is not sure
 * that there is one: the server may be an ESXi host that was asked itself. */
bool rvtools_cluster(struct rvtools_table *table, struct arena *arena, struct item *item);
bool rvtools_vcenter(struct rvtools_table *table, struct arena *arena, struct item *item);

/* The key that the server of the row has as a vcenter item, if it is one; "" where the row names none. */
const char *rvtools_server_key(struct rvtools_table *table, struct arena *arena);

#endif
