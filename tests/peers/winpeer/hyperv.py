"""A Hyper-V host's classes: root/virtualization up to 2012, root/virtualization/v2 from 2012 on (learn.microsoft.com,
Hyper-V WMI provider, and its first version). Which properties a generation has is partly from memory: it varies a
test, and proves nothing."""
import fleet
import guests
from cim import Datetime, Interval, Table
from windows import GIB, stable

V1, V2 = "root/virtualization", "root/virtualization/v2"
SYSTEM_V1 = """AssignedNumaNodeList[] Caption CreationClassName Dedicated[] Description ElementName EnabledDefault
EnabledState HealthState IdentifyingDescriptions[] InstallDate Name NameFormat OnTimeInMilliseconds OperationalStatus[]
OtherDedicatedDescriptions[] OtherEnabledState OtherIdentifyingInfo[] PowerManagementCapabilities[] PrimaryOwnerContact
PrimaryOwnerName ProcessID RequestedState ResetCapability Roles[] Status StatusDescriptions[]
TimeOfLastConfigurationChange TimeOfLastStateChange"""
SYSTEM_V2 = SYSTEM_V1.replace("AssignedNumaNodeList[] ", "") + """ AvailableRequestedStates[] CommunicationStatus
DetailedStatus FailedOverReplicationType InstanceID LastApplicationConsistentReplicationTime LastReplicationTime
LastReplicationType LastSuccessfulBackupTime NumberOfNumaNodes OperatingStatus PrimaryStatus ReplicationHealth
ReplicationMode ReplicationState TransitioningToState"""
SETTING_V1 = """BaseBoardSerialNumber BIOSGUID BIOSNumLock BIOSSerialNumber BootOrder[] Caption ChassisAssetTag
ChassisSerialNumber CreationTime Description ElementName InstanceID Notes OtherVirtualSystemType Parent SettingType
SystemName VirtualSystemType"""
GLOBAL_V1 = """AutomaticRecoveryAction AutomaticShutdownAction AutomaticStartupAction AutomaticStartupActionDelay
Caption Description ElementName ExternalDataRoot InstanceID SettingType SnapshotDataRoot SystemName Version
VirtualSystemType"""
SETTING_V2 = """AdditionalRecoveryInformation AllowFullSCSICommandSet AllowReducedFcRedundancy AutomaticRecoveryAction
AutomaticShutdownAction AutomaticStartupAction AutomaticStartupActionDelay AutomaticStartupActionSequenceNumber
BaseBoardSerialNumber BIOSGUID BIOSNumLock BIOSSerialNumber BootOrder[] Caption ChassisAssetTag ChassisSerialNumber
ConfigurationDataRoot ConfigurationFile ConfigurationID CreationTime Description ElementName IncrementalBackupEnabled
InstanceID IsSaved LogDataRoot Notes[] Parent RecoveryFile SnapshotDataRoot SuspendDataRoot SwapFileDataRoot Version
VirtualNumaEnabled VirtualSystemIdentifier VirtualSystemType"""
SETTING_R2 = " BootSourceOrder[] NetworkBootPreferredProtocol PauseAfterBootFailure SecureBootEnabled VirtualSystemSubType"
SETTING_2016 = " GuestControlledCacheTypes HighMmioGapSize LowMmioGapSize SecureBootTemplateId UserSnapshotType"
RESOURCE = """Address AllocationUnits AutomaticAllocation AutomaticDeallocation Bus Caption Connection[]
ConsumerVisibility Description ElementName HostResource[] InstanceID Limit MappingBehavior OtherResourceType Parent
PoolID Reservation ResourceSubType ResourceType VirtualQuantity VirtualSystemIdentifiers[] Weight"""
RESOURCE_V2 = RESOURCE.replace(" Bus", "") + " AddressOnParent VirtualQuantityUnits"
STORAGE_V2 = """Access Address AddressOnParent AllocationUnits AutomaticAllocation AutomaticDeallocation Caption
Connection[] ConsumerVisibility Description ElementName HostExtentName HostExtentNameFormat HostExtentNameNamespace
HostExtentStartingAddress HostResource[] HostResourceBlockSize InstanceID IOPSAllocationUnits IOPSLimit IOPSReservation
Limit MappingBehavior OtherHostExtentNameFormat OtherHostExtentNameNamespace OtherResourceType Parent PoolID Reservation
ResourceSubType ResourceType VirtualQuantity VirtualQuantityUnits VirtualResourceBlockSize Weight"""
STORAGE_R2 = " IgnoreFlushes PersistentReservationsSupported SnapshotId"
KVP = """Caption CreationClassName Description DeviceID ElementName EnabledDefault EnabledState GuestExchangeItems[]
GuestIntrinsicExchangeItems[] HealthState InstallDate Name OperationalStatus[] RequestedState Status
StatusDescriptions[] SystemCreationClassName SystemName"""
SERVICE = """Caption CreationClassName Description ElementName EnabledDefault EnabledState HealthState InstallDate Name
OperationalStatus[] PrimaryOwnerContact PrimaryOwnerName RequestedState Started StartMode Status StatusDescriptions[]
SystemCreationClassName SystemName"""
RELATIONSHIP = """ApplicationConsistentSnapshotInterval Caption Description ElementName FailedOverReplicationType
InstanceID LastApplicationConsistentReplicationTime LastApplyTime LastReplicationTime LastReplicationType
PrimaryHostSystem PrimaryServerName RecoveryServerName ReplicationHealth ReplicationMode ReplicationState"""

STATES = {"running": (2, 2, 2), "off": (3, 3, 3), "saved": (32769, 6, 6), "paused": (32768, 9, 9),
          "starting": (32770, 10, 10)}
MODES = {"none": 0, "primary": 1, "replica": 2, "test_replica": 3, "extended_replica": 4}
CAPTIONS = {"en-US": ("Virtual Machine", "Hosting Computer System", "Active settings for the virtual machine."),
            "de-DE": ("Virtueller Computer", "Hostcomputersystem", "Aktive Einstellungen für den virtuellen Computer."),
            "ja-JP": ("仮想マシン", "ホスト コンピューター システム", "仮想マシンのアクティブな設定です。")}
VERSIONS = {"6.0": None, "6.1": None, "6.2": "4.0", "6.3": "5.0", "10.0": "8.0"}


class Machine:
    """A virtual machine, as a host's setting tells it."""

    def __init__(self, told, host, at):
        self.name = told.get("name", f"{host.name}-vm{at:02}")
        self.guid = told.get("guid", stable("vm", host.domain, self.name)).upper()
        self.uuid = told.get("uuid", stable("bios", self.guid)).upper()
        self.state = told.get("state", "running")
        self.generation = told.get("generation", 1)
        self.version = told.get("version")
        self.guest = told.get("guest", guests.TURN[at % len(guests.TURN)])
        self.fqdn = told.get("fqdn", f"{self.name.lower()}.{host.domain}" if host.domain else self.name.lower())
        extension = "vhdx" if host.version.at_least("6.2") else "vhd"
        self.disks = told.get("disks", [rf"C:\VMs\{self.name}\{self.name}.{extension}"])
        self.checkpoints, self.replication = told.get("checkpoints", 0), told.get("replication", "none")
        self.peer_host = told.get("replica_of", "hv-other.corp.example")
        self.address = f"198.51.100.{at % 250 + 1}"
        self.mac = "00155D" + stable("vm mac", self.guid)[:6].upper()
        self.notes = told.get("notes", "")
        self.memory, self.processors = told.get("memory", 2048), told.get("processors", 2)


def machines_of(host, setting):
    """The setting "vms": a number, or a list of what is told of each."""
    told = setting.get("vms", 3)
    told = [{} for _ in range(told)] if isinstance(told, int) else told
    return [Machine(one, host, at) for at, one in enumerate(told)]


# ------------------------------------------------------------------------------------------------ systems ----


def system_row(host, machine, words, newer):
    enabled = STATES[machine.state][1 if newer else 0]
    row = {"Caption": words[0], "CreationClassName": "Msvm_ComputerSystem", "Description": f"Microsoft {words[0]}",
           "ElementName": machine.name, "EnabledDefault": 2, "EnabledState": enabled, "HealthState": 5,
           "Name": machine.guid,
           "InstallDate": Datetime("2017-03-04T05:06:07Z"), "OnTimeInMilliseconds": "86400000" if enabled == 2 else "0",
           "OperationalStatus": [2], "ProcessID": 4242 if enabled == 2 else None, "RequestedState": 12,
           "ResetCapability": 1,
           "Status": "OK", "StatusDescriptions": ["Operating normally"],
           "TimeOfLastConfigurationChange": Datetime("2026-10-01T02:03:04.5Z"),
           "TimeOfLastStateChange": Datetime("2026-10-02T03:04:05.678Z")}
    if newer:
        row.update({"NumberOfNumaNodes": 1, "ReplicationMode": MODES[machine.replication],
                    "ReplicationState": 4 if machine.replication != "none" else 0,
                    "ReplicationHealth": 1 if machine.replication != "none" else 0,
                    "LastReplicationTime": Datetime(
                        "2026-11-22T10:11:12Z" if machine.replication != "none" else "1601-01-01T00:00:00Z")})
    return row


def systems(host, machines, words, newer):
    own = {"Caption": words[1], "CreationClassName": "Msvm_ComputerSystem", "Description": f"Microsoft {words[1]}",
           "ElementName": host.name.upper(), "EnabledDefault": 2, "EnabledState": 2, "HealthState": 5,
           "Name": host.name.upper(),
           "OperationalStatus": [2], "RequestedState": 12, "ResetCapability": 1, "Status": "OK",
           "TimeOfLastStateChange": Datetime("2026-11-01T02:03:04.5Z")}
    columns = SYSTEM_V1
    if newer:
        columns = SYSTEM_V2 + (" EnhancedSessionModeState" if host.version.at_least("6.3") else "")
        columns += " HwThreadsPerCoreRealized" if host.version.at_least("10.0.17763") else ""
    return Table("Msvm_ComputerSystem", columns, [own] + [system_row(host, one, words, newer) for one in machines])


# ------------------------------------------------------------------------------------------------ settings ----


def setting_row(machine, words):
    return {"BaseBoardSerialNumber": "4242-4242", "BIOSGUID": "{" + machine.uuid + "}", "BIOSNumLock": False,
            "BIOSSerialNumber": machine.uuid[:8] + "-0001", "BootOrder": [1, 2, 0, 3], "Caption": words[0],
            "ChassisAssetTag": machine.uuid[:8] + "-0002", "ChassisSerialNumber": machine.uuid[:8] + "-0003",
            "CreationTime": Datetime("2017-03-04T05:06:07.000Z"), "Description": words[2], "ElementName": machine.name,
            "InstanceID": f"Microsoft:{machine.guid}"}


def settings_v1(machines, words):
    rows, common = [], []
    for machine in machines:
        row = {**setting_row(machine, words), "Notes": machine.notes, "SettingType": 3, "SystemName": machine.guid}
        rows.append(row)
        for at in range(machine.checkpoints):
            rows.append({**row, "ElementName": f"{machine.name} - ({at + 1}/4/2017 - 5:06:07 AM)", "SettingType": 5,
                         "InstanceID": f"Microsoft:{stable('checkpoint', machine.guid, at).upper()}"})
        common.append({"AutomaticRecoveryAction": 2, "AutomaticShutdownAction": 1, "AutomaticStartupAction": 1,
                       "Caption": words[0], "ElementName": machine.name, "ExternalDataRoot": rf"C:\VMs\{machine.name}",
                       "InstanceID": f"Microsoft:{machine.guid}\\GlobalSettings", "SettingType": 3,
                       "SystemName": machine.guid,
                       "SnapshotDataRoot": rf"C:\VMs\{machine.name}", "Version": machine.version or "2.0"})
    return [Table("Msvm_VirtualSystemSettingData", SETTING_V1, rows),
            Table("Msvm_VirtualSystemGlobalSettingData", GLOBAL_V1, common)]


def settings_v2(host, machines, words):
    number = host.version.number
    columns = SETTING_V2 + SETTING_R2 * host.version.at_least("6.3") + SETTING_2016 * host.version.at_least("10.0")
    rows = []
    for machine in machines:
        row = {**setting_row(machine, words), "AutomaticRecoveryAction": 3, "AutomaticShutdownAction": 3,
               "AutomaticStartupAction": 3,
               "AutomaticStartupActionDelay": Interval("P0DT0H0M0S"),
               "ConfigurationDataRoot": r"C:\ProgramData\Microsoft\Windows\Hyper-V",
               "ConfigurationFile": rf"Virtual Machines\{machine.guid}.vmcx", "ConfigurationID": machine.guid,
               "IsSaved": machine.state == "saved",
               "IncrementalBackupEnabled": False, "Notes": [machine.notes], "SnapshotDataRoot": r"C:\VMs",
               "VirtualNumaEnabled": True,
               "Version": machine.version or VERSIONS[".".join(number.split(".")[:2])],
               "VirtualSystemIdentifier": machine.guid,
               "VirtualSystemType": "Microsoft:Hyper-V:System:Realized"}
        if host.version.at_least("6.3"):
            row.update({"SecureBootEnabled": machine.generation == 2,
                        "VirtualSystemSubType": f"Microsoft:Hyper-V:SubType:{machine.generation}"})
        rows.append(row)
        for at in range(machine.checkpoints):
            guid = stable("checkpoint", machine.guid, at).upper()
            rows.append({**row, "ElementName": f"{machine.name} - ({at + 1}/4/2017 - 5:06:07 AM)",
                         "InstanceID": f"Microsoft:{guid}",
                         "ConfigurationID": guid, "VirtualSystemType": "Microsoft:Hyper-V:Snapshot:Realized"})
    return [Table("Msvm_VirtualSystemSettingData", columns, rows)]


# ------------------------------------------------------------------------------------------ disks and the like ----


def disk_of(told):
    """A setting of a disk: a path, or {"path", "kind": "vhd", "pass_through" or "shared"}."""
    return {"path": told, "kind": "vhd"} if isinstance(told, str) else {"kind": "vhd", **told}


def disk_place(machine, at):
    return f"Microsoft:{machine.guid}\\{stable('controller', machine.guid).upper()}\\0\\{at}"


def host_disk(host, space, path):
    space = space.replace("/", "\\")
    return (rf'\\{host.name.upper()}\{space}:Msvm_DiskDrive.CreationClassName="Msvm_DiskDrive",'
            f'DeviceID="Microsoft:{path}"')


def disks_v1(host, machines):
    rows = []
    for machine in machines:
        for at, told in enumerate(map(disk_of, machine.disks)):
            drive = {"Address": str(at), "Caption": "Disk Drive", "ElementName": "Hard Drive",
                     "InstanceID": disk_place(machine, at) + "\\D",
                     "ResourceSubType": "Microsoft Synthetic Disk Drive", "ResourceType": 22, "VirtualQuantity": "1"}
            if told["kind"] == "pass_through":
                drive.update({"HostResource": [host_disk(host, V1, told["path"])],
                              "ResourceSubType": "Microsoft Physical Disk Drive"})
                rows.append(drive)
                continue
            rows += [drive, {"Caption": "Hard Disk Image", "Connection": [told["path"]],
                             "ElementName": "Hard Disk Image",
                             "InstanceID": disk_place(machine, at) + "\\L",
                             "ResourceSubType": "Microsoft Virtual Hard Disk",
                             "ResourceType": 21, "VirtualQuantity": "1"}]
    return [Table("Msvm_ResourceAllocationSettingData", RESOURCE, rows)]


def disks_v2(host, machines):
    drives, storage = [], []
    for machine in machines:
        for at, told in enumerate(map(disk_of, machine.disks)):
            place = disk_place(machine, at)
            drive = {"AddressOnParent": str(at), "AutomaticAllocation": True, "Caption": "Hard Drive",
                     "ElementName": "Hard Drive",
                     "InstanceID": place + "\\D", "ResourceSubType": "Microsoft:Hyper-V:Synthetic Disk Drive",
                     "ResourceType": 17,
                     "VirtualQuantity": "1", "VirtualQuantityUnits": "count"}
            if told["kind"] == "pass_through":
                drive.update({"HostResource": [host_disk(host, V2, told["path"])],
                              "ResourceSubType": "Microsoft:Hyper-V:Physical Disk Drive"})
                drives.append(drive)
                continue
            drives.append(drive)
            row = {"AutomaticAllocation": True, "Caption": "Hard Disk Image", "ElementName": "Hard Disk Image",
                   "HostResource": [told["path"]],
                   "InstanceID": place + "\\L", "ResourceSubType": "Microsoft:Hyper-V:Virtual Hard Disk",
                   "ResourceType": 31,
                   "Parent": rf'\\{host.name.upper()}\root\virtualization\v2:Msvm_ResourceAllocationSettingData.'
                             rf'InstanceID="{place}\D"',
                   "VirtualQuantity": "1", "VirtualQuantityUnits": "count"}
            if host.version.at_least("6.3"):
                row["PersistentReservationsSupported"] = told["kind"] == "shared"
            storage.append(row)
    columns = STORAGE_V2 + STORAGE_R2 * host.version.at_least("6.3")
    columns += " CachingMode StorageQoSPolicyID WriteHardeningMethod" if host.version.at_least("10.0") else ""
    return [Table("Msvm_ResourceAllocationSettingData", RESOURCE_V2, drives),
            Table("Msvm_StorageAllocationSettingData", columns, storage)]


def parts(machines, newer):
    """Processors, memory and network cards, alike in both."""
    columns = RESOURCE_V2 if newer else RESOURCE
    processors, memory, cards = [], [], []
    for machine in machines:
        place = f"Microsoft:{machine.guid}\\"
        processors.append({"Caption": "Processor", "ElementName": "Processor",
                           "InstanceID": place + "B637F346-6A0E-4DEC-AF52-BD70CB80A21D\\0",
                           "ResourceType": 3, "VirtualQuantity": str(machine.processors)})
        memory.append({"Caption": "Memory", "ElementName": "Memory",
                       "InstanceID": place + "4764334D-E001-4176-82EE-5594EC9B530E",
                       "ResourceType": 4, "VirtualQuantity": str(machine.memory)})
        cards.append({"Address": machine.mac, "Caption": "Ethernet Port", "ElementName": "Network Adapter",
                      "ResourceType": 10,
                      "InstanceID": place + stable("card", machine.guid).upper(), "VirtualQuantity": "1",
                      "StaticMacAddress": False})
    return [Table("Msvm_ProcessorSettingData", columns, processors), Table("Msvm_MemorySettingData", columns, memory),
            Table("Msvm_SyntheticEthernetPortSettingData", columns + " StaticMacAddress", cards)]


def resources(tables):
    """What the classes of resources have in common: WMI answers a query of a class with the instances of all that derive from it."""
    columns = RESOURCE.replace(" Bus", "")
    known = set(columns.replace("[]", "").split())
    rows = [{key: value for key, value in row.items() if key in known} for table in tables for row in table.rows]
    return Table("CIM_ResourceAllocationSettingData", columns, rows)


def exchange(machines):
    """A guest's items are there while it runs."""
    return Table("Msvm_KvpExchangeComponent", KVP, [{
        "Caption": "Key-Value Pair Exchange", "CreationClassName": "Msvm_KvpExchangeComponent",
        "ElementName": "Key-Value Pair Exchange",
        "DeviceID": f"Microsoft:{machine.guid}\\2A34B1C2-FD73-4043-8A5B-DD2159BC743F", "EnabledState": 2,
        "Name": "Key-Value Pair Exchange",
        "GuestIntrinsicExchangeItems": guests.items(machine.guest, machine.fqdn, machine.address)
        if machine.state == "running" and machine.guest else None, "HealthState": 5, "OperationalStatus": [2],
        "SystemCreationClassName": "Msvm_ComputerSystem", "SystemName": machine.guid} for machine in machines])


def service(host):
    return Table("Msvm_VirtualSystemManagementService", SERVICE, [] if host.settings["hyperv"].get("blind") else [{
        "Caption": "Virtual System Management Service", "CreationClassName": "Msvm_VirtualSystemManagementService",
        "ElementName": "Hyper-V Virtual System Management", "EnabledState": 2, "HealthState": 5, "Name": "vmms",
        "Started": True,
        "StartMode": "Automatic", "Status": "OK", "SystemCreationClassName": "Msvm_ComputerSystem",
        "SystemName": host.name.upper()}])


def replicas(machines):
    return Table("Msvm_ReplicationRelationship", RELATIONSHIP, [{
        "Caption": "Replication Relationship", "ElementName": machine.name,
        "InstanceID": f"Microsoft:{machine.guid}\\0",
        "LastReplicationTime": Datetime("2026-11-22T10:11:12Z"), "PrimaryServerName": machine.peer_host,
        "ReplicationHealth": 1,
        "RecoveryServerName": machine.peer_host, "ReplicationMode": MODES[machine.replication], "ReplicationState": 4}
        for machine in machines if machine.replication != "none"])


@fleet.role
def hyperv(host, of):
    """The setting "hyperv": {"vms": NUMBER or a list, "blind": the account sees no management service and no machine}."""
    setting = host.settings.get("hyperv")
    if not setting:
        return
    machines = [] if setting.get("blind") else of.machines(host)
    words = CAPTIONS.get(host.settings.get("language"), CAPTIONS["en-US"])
    if not host.version.at_least("6.3"):
        found = [*disks_v1(host, machines), *parts(machines, False)]
        host.spaces[V1] = [systems(host, machines, words, False), *settings_v1(machines, words), *found,
                           resources(found),
                           exchange(machines), service(host)]
    if host.version.at_least("6.2"):
        found = [*disks_v2(host, machines), *parts(machines, True)]
        host.spaces[V2] = [systems(host, machines, words, True), *settings_v2(host, machines, words), *found,
                           resources(found),
                           exchange(machines), service(host)]
        if host.version.at_least("6.3"):
            host.spaces[V2].append(replicas(machines))
