/* The objects that tests share. */
#include "replay.h"

#include <string.h>

static const struct object {
    const char *type, *moref;
    struct replay_row rows[16];
} estate[] = {
    { "Datacenter", "datacenter-2", { { "name", "string", "DC0" }, { "parent", "ref Folder", REPLAY_ROOT } } },
    { "Folder", "group-v3", { { "name", "string", "vm" }, { "parent", "ref Datacenter", "datacenter-2" } } },
    { "Folder", "group-v4", { { "name", "string", "Prod" }, { "parent", "ref Folder", "group-v3" } } },
    { "Folder", "group-v60", { { "name", "string", "Lost" }, { "parent", "ref Folder", "group-v61" } } },
    { "Folder", "group-h5", { { "name", "string", "host" }, { "parent", "ref Datacenter", "datacenter-2" } } },
    { "Folder", "group-s6", { { "name", "string", "datastore" }, { "parent", "ref Datacenter", "datacenter-2" } } },
    { "ClusterComputeResource",
      "domain-c7",
      { { "name", "string", "C0" },
        { "parent", "ref Folder", "group-h5" },
        { "configuration.dasConfig.enabled", "boolean", "true" },
        { "configuration.drsConfig.enabled", "boolean", "false" } } },
    { "ComputeResource", "domain-s8", { { "name", "string", "192.0.2.31" }, { "parent", "ref Folder", "group-h5" } } },
    { "HostSystem",
      "host-21",
      { { "name", "string", "ESX01.corp.example" },
        { "parent", "ref ClusterComputeResource", "domain-c7" },
        { "summary.hardware.vendor", "string", "Dell Inc." },
        { "summary.hardware.model", "string", "R740" },
        { "summary.hardware.uuid", "string", "4C4C4544-0042-4410-8052-B4C04F000021" },
        { "summary.hardware.numCpuThreads", "short", "64" },
        { "summary.hardware.memorySize", "long", "274877906944" },
        { "summary.config.product.fullName", "string", "VMware ESXi 6.5.0 build-5969303" },
        { "summary.config.product.version", "string", "6.5.0" },
        { "summary.config.product.build", "string", "5969303" },
        { "summary.config.product.apiVersion", "string", "6.5" },
        { "config.network.vnic", "ArrayOfHostVirtualNic",
          "<HostVirtualNic><device>vmk0</device><spec><ip><dhcp>false</dhcp><ipAddress>192.0.2.21</ipAddress>"
          "<ipV6Config><ipV6Address><ipAddress>fe80::1</ipAddress></ipV6Address><ipV6Address>"
          "<ipAddress>2001:DB8:0::21</ipAddress></ipV6Address></ipV6Config></ip></spec></HostVirtualNic>"
          "<HostVirtualNic><device>vmk1</device><spec><ip><ipAddress>169.254.1.1</ipAddress></ip></spec>"
          "</HostVirtualNic>" },
        { "runtime.connectionState", "HostSystemConnectionState", "connected" },
        { "runtime.inMaintenanceMode", "boolean", "false" } } },
    { "HostSystem",
      "host-22",
      { { "name", "string", "esx02.corp.example" },
        { "parent", "ref ClusterComputeResource", "domain-c7" },
        { "summary.config.product.version", "string", "6.5.0" },
        { "runtime.connectionState", "HostSystemConnectionState", "notResponding" } } },
    { "HostSystem",
      "host-31",
      { { "name", "string", "192.0.2.31" },
        { "parent", "ref ComputeResource", "domain-s8" },
        { "summary.config.product.version", "string", "6.0.0" },
        { "runtime.connectionState", "HostSystemConnectionState", "connected" } } },
    { "Datastore",
      "datastore-11",
      { { "name", "string", "san01" },
        { "parent", "ref Folder", "group-s6" },
        { "summary.type", "string", "VMFS" },
        { "summary.capacity", "long", "1099511627776" },
        { "summary.multipleHostAccess", "boolean", "true" } } },
    { "Datastore",
      "datastore-12",
      { { "name", "string", "nfs01" },
        { "parent", "ref Folder", "group-s6" },
        { "summary.type", "string", "NFS" },
        { "summary.multipleHostAccess", "boolean", "false" } } },
    { "Datastore",
      "datastore-13",
      { { "name", "string", "local01" },
        { "parent", "ref Folder", "group-s6" },
        { "summary.type", "string", "VMFS" },
        { "summary.multipleHostAccess", "boolean", "false" } } },
    { "Datastore",
      "datastore-14",
      { { "name", "string", "vsan01" },
        { "parent", "ref Folder", "group-s6" },
        { "summary.type", "string", "vsan" },
        { "summary.multipleHostAccess", "boolean", "true" } } },
    { "VirtualApp",
      "resgroup-v40",
      { { "name", "string", "Shop" },
        { "parent", "ref ResourcePool", "resgroup-8" },
        { "parentFolder", "ref Folder", "group-v4" } } },
    { "VirtualApp",
      "resgroup-v41",
      { { "name", "string", "Till" },
        { "parent", "ref VirtualApp", "resgroup-v40" },
        { "parentVApp", "ref VirtualApp", "resgroup-v40" } } },
};

static const struct replay_row machine[] = {
    { "name", "string", "web01" },
    { "parent", "ref Folder", "group-v4" },
    { "resourcePool", "ref ResourcePool", "resgroup-8" },
    { "datastore", "ArrayOfManagedObjectReference",
      "<ManagedObjectReference type='Datastore'>datastore-11</ManagedObjectReference>" },
    { "config.uuid", "string", "4217EA70-8C43-2A5B-9E11-0123456789AB" },
    { "config.instanceUuid", "string", "50170001-AAAA-BBBB-CCCC-000000000001" },
    { "config.template", "boolean", "false" },
    { "config.guestId", "string", "windows8Server64Guest" },
    { "config.guestFullName", "string", "Microsoft Windows Server 2012 (64-bit)" },
    { "config.version", "string", "vmx-13" },
    { "config.hardware.numCPU", "int", "4" },
    { "config.hardware.memoryMB", "int", "8192" },
    { "config.hardware.device", "ArrayOfVirtualDevice",
      "<VirtualDevice xsi:type='VirtualIDEController'><key>200</key><busNumber>0</busNumber></VirtualDevice>"
      "<VirtualDevice xsi:type='ParaVirtualSCSIController'><key>1000</key><device>2000</device>"
      "<sharedBus>noSharing</sharedBus></VirtualDevice>"
      "<VirtualDevice xsi:type='VirtualDisk'><key>2000</key><deviceInfo><label>Hard disk 1</label></deviceInfo>"
      "<backing xsi:type='VirtualDiskFlatVer2BackingInfo'><fileName>[san01] web01/web01.vmdk</fileName>"
      "<datastore type='Datastore'>datastore-11</datastore><diskMode>persistent</diskMode>"
      "<sharing>sharingNone</sharing></backing><controllerKey>1000</controllerKey><unitNumber>0</unitNumber>"
      "</VirtualDevice>"
      "<VirtualDevice xsi:type='VirtualVmxnet3'><key>4000</key><macAddress>00:50:56:AB:CD:01</macAddress>"
      "</VirtualDevice>" },
    { "config.tools.toolsVersion", "int", "10272" },
    { "runtime.host", "ref HostSystem", "host-21" },
    { "runtime.powerState", "VirtualMachinePowerState", "poweredOn" },
    { "runtime.connectionState", "VirtualMachineConnectionState", "connected" },
    { "guest.guestId", "string", "windows9Server64Guest" },
    { "guest.guestFullName", "string", "Microsoft Windows Server 2016 (64-bit)" },
    { "guest.guestFamily", "string", "windowsGuest" },
    { "guest.hostName", "string", "WEB01.corp.example." },
    { "guest.net", "ArrayOfGuestNicInfo",
      "<GuestNicInfo><network>VM Network</network><ipAddress>192.0.2.101</ipAddress><ipAddress>fe80::5</ipAddress>"
      "<macAddress>00:50:56:ab:cd:01</macAddress><connected>true</connected><deviceConfigId>4000</deviceConfigId>"
      "</GuestNicInfo>" },
    { "guest.ipAddress", "string", "192.0.2.101" },
    { "guest.toolsStatus", "VirtualMachineToolsStatus", "toolsOk" },
    { NULL, NULL, NULL },
};

void replay_add_estate(struct replay *replay)
{
    for (size_t i = 0; i < sizeof estate / sizeof *estate; i++)
        replay_add(replay, estate[i].type, estate[i].moref, estate[i].rows);
}

static const struct replay_row *find(const struct replay_row *rows, const char *path)
{
    while (rows->path != NULL && strcmp(rows->path, path) != 0)
        rows++;
    return rows->path == NULL ? NULL : rows;
}

void replay_add_machine(struct replay *replay, const char *moref, const struct replay_row *rows)
{
    struct replay_row all[64];
    size_t count = 0;

    for (const struct replay_row *row = machine; row->path != NULL; row++)
        if (find(rows, row->path) == NULL)
            all[count++] = *row;
    for (; rows->path != NULL; rows++)
        all[count++] = *rows;
    all[count] = (struct replay_row){ NULL, NULL, NULL };
    replay_add(replay, "VirtualMachine", moref, all);
}
