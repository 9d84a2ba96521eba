"""Versions of Windows, and what a computer of each says of itself. Builds and editions are those of the table of
products; properties of classes as Windows has them (learn.microsoft.com, CIMWin32 provider), those of a later Windows
only there."""
import hashlib
import uuid
from typing import NamedTuple

from cim import Datetime, Table
from registry import Registry

NT = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
POWERSHELL = r"SOFTWARE\Microsoft\PowerShell"
CIMV2 = "root/cimv2"


class Version(NamedTuple):
    caption: str
    number: str
    service_pack: int
    product_type: int
    sku: int
    stack: str
    installation: str = "Server"
    powershell: str = "2.0"
    languages: tuple = ("en-US",)

    def at_least(self, number):
        return tuple(map(int, self.number.split("."))) >= tuple(map(int, number.split(".")))

    def build(self):
        return self.number.rpartition(".")[2]


# As WinRM comes with it; 2008-sp2-wmf is 2008 SP2 with KB968930.
VERSIONS = {
    "client-7-rtm": Version("Microsoft Windows 7 Enterprise ", "6.1.7600", 0, 1, 4, "2.0", "Client"),
    "client-7": Version("Microsoft Windows 7 Enterprise ", "6.1.7601", 1, 1, 4, "2.0", "Client"),
    "client-8": Version("Microsoft Windows 8 Enterprise", "6.2.9200", 0, 1, 4, "3.0", "Client", "3.0"),
    "client-8.1": Version("Microsoft Windows 8.1 Enterprise", "6.3.9600", 0, 1, 4, "3.0", "Client", "4.0"),
    "client-10": Version("Microsoft Windows 10 Enterprise", "10.0.14393", 0, 1, 4, "3.0", "Client", "5.1.14393.0"),
    "client-vista-sp2": Version("Microsoft® Windows Vista™ Business ", "6.0.6002", 2, 1, 6, "1.1", "Client", "1.0"),
    "2008": Version("Microsoft® Windows Server® 2008 Standard ", "6.0.6001", 1, 3, 7, "1.1", "Server", "1.0"),
    "2008-sp2": Version("Microsoft® Windows Server® 2008 Standard ", "6.0.6002", 2, 3, 7, "1.1", "Server", "1.0"),
    "2008-sp2-wmf": Version("Microsoft® Windows Server® 2008 Enterprise ", "6.0.6003", 2, 3, 10, "2.0"),
    "storage-2008": Version("Microsoft® Windows Storage Server® 2008 Standard ", "6.0.6002", 2, 3, 21, "1.1", "Server",
                            "1.0"),
    "2008-r2": Version("Microsoft Windows Server 2008 R2 Standard ", "6.1.7600", 0, 3, 7, "2.0"),
    "2008-r2-sp1": Version("Microsoft Windows Server 2008 R2 Enterprise ", "6.1.7601", 1, 3, 10, "2.0"),
    "2008-r2-sp1-wmf4": Version("Microsoft Windows Server 2008 R2 Standard ", "6.1.7601", 1, 3, 7, "3.0", "Server",
                                "4.0"),
    "2008-r2-sp1-core": Version("Microsoft Windows Server 2008 R2 Standard ", "6.1.7601", 1, 3, 13, "2.0",
                                "Server Core"),
    "2008-r2-sp1-datacenter": Version("Microsoft Windows Server 2008 R2 Datacenter ", "6.1.7601", 1, 3, 8, "2.0"),
    "2012": Version("Microsoft Windows Server 2012 Standard", "6.2.9200", 0, 3, 7, "3.0", "Server", "3.0"),
    "2012-datacenter": Version("Microsoft Windows Server 2012 Datacenter", "6.2.9200", 0, 3, 8, "3.0", "Server", "3.0"),
    "2012-r2": Version("Microsoft Windows Server 2012 R2 Standard", "6.3.9600", 0, 3, 7, "3.0", "Server", "4.0"),
    "2012-r2-datacenter": Version("Microsoft Windows Server 2012 R2 Datacenter", "6.3.9600", 0, 3, 8, "3.0", "Server",
                                  "4.0"),
    "2012-r2-core": Version("Microsoft Windows Server 2012 R2 Standard", "6.3.9600", 0, 3, 7, "3.0", "Server Core",
                            "4.0"),
    "hyperv-2012-r2": Version("Microsoft Hyper-V Server 2012 R2", "6.3.9600", 0, 3, 42, "3.0", "Server Core", "4.0"),
    "2016": Version("Microsoft Windows Server 2016 Standard", "10.0.14393", 0, 3, 7, "3.0", "Server", "5.1.14393.0"),
    "2016-datacenter": Version("Microsoft Windows Server 2016 Datacenter", "10.0.14393", 0, 3, 8, "3.0", "Server",
                               "5.1.14393.0"),
    "2016-core": Version("Microsoft Windows Server 2016 Standard", "10.0.14393", 0, 3, 7, "3.0", "Server Core",
                         "5.1.14393.0"),
    "2016-nano": Version("Microsoft Windows Server 2016 Datacenter", "10.0.14393", 0, 3, 143, "3.0", "Nano Server",
                         "5.1.14393.0"),
    "2016-nano-standard": Version("Microsoft Windows Server 2016 Standard", "10.0.14393", 0, 3, 144, "3.0", "Nano Server",
                                  "5.1.14393.0"),
    "hyperv-2016": Version("Microsoft Hyper-V Server 2016", "10.0.14393", 0, 3, 42, "3.0", "Server Core", "5.1.14393.0"),
    "2016-dc": Version("Microsoft Windows Server 2016 Standard", "10.0.14393", 0, 2, 7, "3.0", "Server", "5.1.14393.0"),
    "2019": Version("Microsoft Windows Server 2019 Standard", "10.0.17763", 0, 3, 7, "3.0", "Server", "5.1.17763.1"),
    "2022": Version("Microsoft Windows Server 2022 Standard", "10.0.20348", 0, 3, 7, "3.0", "Server", "5.1.20348.1"),
}

# What the computer is: manufacturer, model, asset tag.
MODELS = {
    "physical": ("Dell Inc.", "PowerEdge R730", ""),
    "hyperv": ("Microsoft Corporation", "Virtual Machine", "1234-5678-9012-3456-7890-1234-56"),
    "vmware": ("VMware, Inc.", "VMware Virtual Platform", "No Asset Tag"),
    "azure": ("Microsoft Corporation", "Virtual Machine", "7783-7084-3265-9085-8269-3286-77"),
}

OS_COLUMNS = """BootDevice BuildNumber BuildType Caption CodeSet CountryCode CreationClassName CSCreationClassName
CSDVersion CSName CurrentTimeZone DataExecutionPrevention_32BitApplications DataExecutionPrevention_Available
DataExecutionPrevention_Drivers DataExecutionPrevention_SupportPolicy Debug Description Distributed EncryptionLevel
ForegroundApplicationBoost FreePhysicalMemory FreeSpaceInPagingFiles FreeVirtualMemory InstallDate LargeSystemCache
LastBootUpTime LocalDateTime Locale Manufacturer MaxNumberOfProcesses MaxProcessMemorySize MUILanguages[] Name
NumberOfLicensedUsers NumberOfProcesses NumberOfUsers OperatingSystemSKU Organization OSArchitecture OSLanguage
OSProductSuite OSType OtherTypeDescription PAEEnabled PlusProductID PlusVersionNumber Primary ProductType RegisteredUser
SerialNumber ServicePackMajorVersion ServicePackMinorVersion SizeStoredInPagingFiles Status SuiteMask SystemDevice
SystemDirectory SystemDrive TotalSwapSpaceSize TotalVirtualMemorySize TotalVisibleMemorySize Version WindowsDirectory"""
COMPUTER_COLUMNS = """AdminPasswordStatus AutomaticManagedPagefile AutomaticResetBootOption AutomaticResetCapability
BootOptionOnLimit BootOptionOnWatchDog BootROMSupported BootupState Caption ChassisBootupState CreationClassName
CurrentTimeZone DaylightInEffect Description DNSHostName Domain DomainRole EnableDaylightSavingsTime
FrontPanelResetStatus InfraredSupported InitialLoadInfo[] InstallDate KeyboardPasswordStatus LastLoadInfo Manufacturer
Model Name NameFormat NetworkServerModeEnabled NumberOfLogicalProcessors NumberOfProcessors OEMLogoBitmap[]
OEMStringArray[] PartOfDomain PauseAfterReset PCSystemType PowerManagementCapabilities[] PowerManagementSupported
PowerOnPasswordStatus PowerState PowerSupplyState PrimaryOwnerContact PrimaryOwnerName ResetCapability ResetCount
ResetLimit Roles[] Status SupportContactDescription[] SystemStartupDelay SystemStartupOptions[] SystemStartupSetting
SystemType ThermalState TotalPhysicalMemory UserName WakeUpType Workgroup"""
PRODUCT_COLUMNS = "Caption Description IdentifyingNumber Name SKUNumber UUID Vendor Version"
BIOS_COLUMNS = """BiosCharacteristics[] BIOSVersion[] BuildNumber Caption CodeSet CurrentLanguage Description
IdentificationCode InstallableLanguages InstallDate LanguageEdition ListOfLanguages[] Manufacturer Name OtherTargetOS
PrimaryBIOS ReleaseDate SerialNumber SMBIOSBIOSVersion SMBIOSMajorVersion SMBIOSMinorVersion SMBIOSPresent
SoftwareElementID SoftwareElementState Status TargetOperatingSystem Version"""
ENCLOSURE_COLUMNS = """AudibleAlarm BreachDescription CableManagementStrategy Caption ChassisTypes[] CreationClassName
CurrentRequiredOrProduced Depth Description HeatGeneration Height HotSwappable InstallDate LockPresent Manufacturer
Model Name NumberOfPowerCords OtherIdentifyingInfo PartNumber PoweredOn Removable Replaceable SecurityBreach
SecurityStatus SerialNumber ServiceDescriptions[] ServicePhilosophy[] SKU SMBIOSAssetTag Status Tag TypeDescriptions[]
Version VisibleAlarm Weight Width"""
ADAPTER_COLUMNS = """ArpAlwaysSourceRoute ArpUseEtherSNAP Caption DatabasePath DeadGWDetectEnabled DefaultIPGateway[]
DefaultTOS DefaultTTL Description DHCPEnabled DHCPLeaseExpires DHCPLeaseObtained DHCPServer DNSDomain
DNSDomainSuffixSearchOrder[] DNSEnabledForWINSResolution DNSHostName DNSServerSearchOrder[]
DomainDNSRegistrationEnabled ForwardBufferMemory FullDNSRegistrationEnabled GatewayCostMetric[] IGMPLevel Index
InterfaceIndex IPAddress[] IPConnectionMetric IPEnabled IPFilterSecurityEnabled IPPortSecurityEnabled
IPSecPermitIPProtocols[] IPSecPermitTCPPorts[] IPSecPermitUDPPorts[] IPSubnet[] IPUseZeroBroadcast IPXAddress
IPXEnabled IPXFrameType[] IPXMediaType IPXNetworkNumber[] IPXVirtualNetNumber KeepAliveInterval KeepAliveTime
MACAddress MTU NumForwardPackets PMTUBHDetectEnabled PMTUDiscoveryEnabled ServiceName SettingID TcpipNetbiosOptions
TcpMaxConnectRetransmissions TcpMaxDataRetransmissions TcpNumConnections TcpUseRFC1122UrgentPointer TcpWindowSize
WINSEnableLMHostsLookup WINSHostLookupFile WINSPrimaryServer WINSScopeID WINSSecondaryServer"""
VOLUME_COLUMNS = """Access Automount Availability BlockSize BootVolume Capacity Caption Compressed
ConfigManagerErrorCode ConfigManagerUserConfig CreationClassName Description DeviceID DirtyBitSet DriveLetter DriveType
ErrorCleared ErrorDescription ErrorMethodology FileSystem FreeSpace IndexingEnabled InstallDate Label LastErrorCode
MaximumFileNameLength Name NumberOfBlocks PageFilePresent PNPDeviceID PowerManagementCapabilities[]
PowerManagementSupported Purpose QuotasEnabled QuotasIncomplete QuotasRebuilding SerialNumber Status StatusInfo
SupportsDiskQuotas SupportsFileBasedCompression SystemCreationClassName SystemName SystemVolume"""
LOGICAL_COLUMNS = """Access Caption Compressed Description DeviceID DriveType FileSystem FreeSpace MediaType Name
ProviderName Size SystemName VolumeName VolumeSerialNumber"""
HOTFIX_COLUMNS = """Caption CSName Description FixComments HotFixID InstallDate InstalledBy InstalledOn Name
ServicePackInEffect Status"""
SERVICE_COLUMNS = """AcceptPause AcceptStop Caption DisplayName Name PathName ProcessId Started StartMode StartName
State Status"""
FILE_COLUMNS = """AccessMask Archive Caption Compressed CreationDate Description Drive EightDotThreeFileName Extension
FileName FileSize FileType Hidden LastModified Manufacturer Name Path Readable Status System Version Writeable"""
DEDUP_COLUMNS = """Capacity DataAccessEnabled Enabled ExcludeFileType[] ExcludeFolder[] FreeSpace MinimumFileAgeDays
NoCompress ObjectId SavedSpace SavingsRate UnoptimizedSize UsageType UsedSpace Verify Volume VolumeId"""
GIB = 1 << 30


def stable(*words):
    """A UUID that is the same for the same words."""
    return str(uuid.UUID(bytes=hashlib.sha256("/".join(map(str, words)).encode()).digest()[:16], version=4))


class Computer:
    """One computer: a version, and what is on it. Rows may be added to before it is asked."""

    def __init__(self, name, version, settings):
        self.name, self.version, self.settings = name, version, settings
        self.domain = settings.get("domain", "corp.example")
        self.model = MODELS[settings.get("model", "physical")]
        self.uuid = settings.get("uuid", stable("uuid", name)).upper()
        self.address = settings.get("ip", "192.0.2.%d" % (int(stable("ip", name)[:2], 16) % 250 + 1))
        self.spaces = {CIMV2: [], "root/default": []}
        self.keys = {}
        self.shared_volumes = []  # of the cluster that it is a node of

    def add(self, space, table):
        self.spaces.setdefault(space, []).append(table)

    # ------------------------------------------------------------------------------------------- classes ----

    def system(self):
        version = self.version
        caption = self.settings.get("caption", version.caption)
        columns = OS_COLUMNS + (" PortableOperatingSystem" if version.at_least("6.2") else "")
        client = version.product_type == 1
        row = {
            "BootDevice": r"\Device\HarddiskVolume1", "BuildNumber": version.build(),
            "BuildType": "Multiprocessor Free",
            "Caption": caption, "CodeSet": "1252", "CountryCode": "1", "CreationClassName": "Win32_OperatingSystem",
            "CSCreationClassName": "Win32_ComputerSystem", "CSName": self.name.upper(), "CurrentTimeZone": 60,
            "CSDVersion": f"Service Pack {version.service_pack}" if version.service_pack else None, "Debug": False,
            "DataExecutionPrevention_Available": True, "Description": "", "Distributed": False, "EncryptionLevel": 256,
            "FreePhysicalMemory": "100110136", "InstallDate": Datetime("2017-02-03T04:05:06Z"),
            "LastBootUpTime": Datetime("2026-11-01T02:03:04.5Z"), "LocalDateTime": Datetime("2026-11-22T21:23:45.123Z"),
            "Locale": "0409", "Manufacturer": "Microsoft Corporation", "MaxNumberOfProcesses": 4294967295,
            "MUILanguages": list(version.languages), "Name": f"{caption}|C:\\Windows|\\Device\\Harddisk0\\Partition2",
            "NumberOfProcesses": 61, "NumberOfUsers": 2, "OperatingSystemSKU": version.sku, "Organization": "",
            "OSArchitecture": self.settings.get("arch", "64-bit"), "OSLanguage": 1033,
            "OSProductSuite": 256 if client else 272,
            "OSType": 18, "Primary": True, "ProductType": version.product_type, "RegisteredUser": "Windows User",
            "SerialNumber": "00252-80025-61649-AA210", "ServicePackMajorVersion": version.service_pack,
            "ServicePackMinorVersion": 0, "Status": "OK", "SystemDevice": r"\Device\HarddiskVolume2",
            "SystemDirectory": r"C:\Windows\system32", "SystemDrive": "C:", "TotalVisibleMemorySize": "134110136",
            "Version": version.number, "WindowsDirectory": r"C:\Windows",
        }
        return Table("Win32_OperatingSystem", columns, [row])

    def computer(self):
        version, joined = self.version, bool(self.domain)
        columns = COMPUTER_COLUMNS + (" HypervisorPresent" if version.at_least("6.2") else "")
        role = {1: 1, 2: 5, 3: 3}[version.product_type] if joined else {1: 0, 2: 5, 3: 2}[version.product_type]
        row = {
            "Caption": self.name.upper(), "CreationClassName": "Win32_ComputerSystem", "CurrentTimeZone": 60,
            "Description": "AT/AT COMPATIBLE", "DNSHostName": self.name, "DomainRole": role,
            "Domain": self.domain or self.settings.get("workgroup", "WORKGROUP"), "Manufacturer": self.model[0],
            "Model": self.model[1], "Name": self.name.upper(), "NumberOfLogicalProcessors": 16, "NumberOfProcessors": 2,
            "PartOfDomain": joined, "PrimaryOwnerName": "Windows User", "Roles": ["LM_Workstation", "LM_Server", "NT"],
            "Status": "OK", "SystemType": "x64-based PC" if self.settings.get("arch", "64-bit") == "64-bit"
            else "X86-based PC",
            "TotalPhysicalMemory": str(128 * GIB - 4096), "Workgroup": None if joined
            else self.settings.get("workgroup", "WORKGROUP"),
        }
        if version.at_least("6.2"):
            row["HypervisorPresent"] = self.model[1] != "PowerEdge R730" or bool(self.settings.get("hyperv"))
        return Table("Win32_ComputerSystem", columns, [row])

    def hardware(self):
        serial = self.settings.get("serial", stable("serial", self.name)[:7].upper())
        maker, model, tag = self.model
        return [
            Table("Win32_ComputerSystemProduct", PRODUCT_COLUMNS, [{
                "Caption": "Computer System Product", "Description": "Computer System Product",
                "IdentifyingNumber": serial,
                "Name": model, "UUID": self.uuid, "Vendor": maker, "Version": ""}]),
            Table("Win32_BIOS", BIOS_COLUMNS, [{
                "BIOSVersion": ["DELL   - 1", "2.4.3"], "Caption": "2.4.3", "Manufacturer": maker, "Name": "2.4.3",
                "PrimaryBIOS": True, "ReleaseDate": Datetime("2017-01-17T00:00:00Z"), "SerialNumber": serial,
                "SMBIOSBIOSVersion": "2.4.3", "SMBIOSMajorVersion": 2, "SMBIOSMinorVersion": 8, "SMBIOSPresent": True,
                "SoftwareElementState": 3, "Status": "OK", "TargetOperatingSystem": 0, "Version": "DELL   - 1"}]),
            Table("Win32_SystemEnclosure", ENCLOSURE_COLUMNS, [{
                "Caption": "System Enclosure", "ChassisTypes": [23], "CreationClassName": "Win32_SystemEnclosure",
                "Description": "System Enclosure", "Manufacturer": maker, "Name": "System Enclosure",
                "SerialNumber": serial,
                "SMBIOSAssetTag": self.settings.get("asset_tag", tag), "Tag": "System Enclosure 0"}]),
        ]

    def network(self):
        mac = "00:15:5D:" + ":".join(stable("mac", self.name).replace("-", "")[at:at + 2].upper() for at in (0, 2, 4))
        return Table("Win32_NetworkAdapterConfiguration", ADAPTER_COLUMNS, [
            {"Caption": "[00000000] WAN Miniport (SSTP)", "Description": "WAN Miniport (SSTP)", "DHCPEnabled": False,
             "Index": 0, "InterfaceIndex": 2, "IPEnabled": False, "ServiceName": "RasSstp"},
            {"Caption": "[00000007] Ethernet Adapter", "Description": "Ethernet Adapter", "DHCPEnabled": False,
             "DefaultIPGateway": ["192.0.2.254"], "DNSDomain": self.domain, "DNSHostName": self.name, "Index": 7,
             "InterfaceIndex": 12, "IPAddress": [self.address, "fe80::215:5dff:fe00:1"], "IPEnabled": True,
             "IPSubnet": ["255.255.255.0", "64"], "MACAddress": mac, "ServiceName": "netvsc"}])

    def volumes(self):
        """From the setting: lists of drive letter (or None), label, file system, bytes, and whether it is deduplicated."""
        rows, logical, dedup = [], [], []
        for letter, label, system, size, *deduplicated in self.settings.get("volumes", [["C:", "", "NTFS", 100 * GIB]]):
            device = "\\\\?\\Volume{" + stable("volume", self.name, letter, label) + "}\\"
            free = size // 3
            rows.append({"Access": 3, "BlockSize": "4096", "BootVolume": letter == "C:", "Capacity": str(size),
                         "DeviceID": device,
                         "Caption": f"{letter}\\" if letter else device, "DriveLetter": letter, "DriveType": 3,
                         "FileSystem": system,
                         "FreeSpace": str(free), "Label": label, "Name": f"{letter}\\" if letter else device,
                         "SystemName": self.name.upper(), "SystemVolume": letter is None})
            if letter:
                logical.append({"DeviceID": letter, "Caption": letter, "DriveType": 3, "FileSystem": system,
                                "FreeSpace": str(free),
                                "Name": letter, "Size": str(size), "SystemName": self.name.upper(),
                                "VolumeName": label})
            if any(deduplicated):
                dedup.append({"Capacity": str(size), "DataAccessEnabled": True, "Enabled": True, "FreeSpace": str(free),
                              "MinimumFileAgeDays": 3, "ObjectId": device, "SavedSpace": str(size // 10),
                              "SavingsRate": 22,
                              "UnoptimizedSize": str(size // 2), "UsageType": 1, "UsedSpace": str(size - free),
                              "Volume": letter, "VolumeId": device})
        optical = {"Caption": "D:\\", "DeviceID": "\\\\?\\Volume{" + stable("dvd", self.name) + "}\\",
                   "DriveLetter": "Z:",
                   "DriveType": 5, "Name": "Z:\\", "SystemName": self.name.upper()}
        self.add(CIMV2, Table("Win32_LogicalDisk", LOGICAL_COLUMNS, logical))
        self.add(CIMV2, Table("Win32_Volume", VOLUME_COLUMNS, rows + self.shared_volumes + [optical]))
        if dedup:
            self.add("root/Microsoft/Windows/Deduplication", Table("MSFT_DedupVolume", DEDUP_COLUMNS, dedup))

    def bitlocker(self):
        """The class is there with the feature: on clients, and where the setting "bitlocker" names the letters of volumes."""
        chosen = self.settings.get("bitlocker", [] if self.version.product_type == 1 else None)
        if chosen is not None:
            rows = [{"DeviceID": row["DeviceID"], "DriveLetter": row["DriveLetter"],
                     "ProtectionStatus": int(row["DriveLetter"] in chosen)}
                    for row in self.spaces[CIMV2][-1].rows if row["DriveType"] == 3]
            self.add("root/cimv2/Security/MicrosoftVolumeEncryption",
                     Table("Win32_EncryptableVolume", "DeviceID DriveLetter PersistentVolumeID ProtectionStatus", rows))

    def hotfixes(self):
        installed = self.settings.get("hotfixes", ["KB4013429", "KB4015217"])
        return Table("Win32_QuickFixEngineering", HOTFIX_COLUMNS, [{
            "Caption": f"http://support.microsoft.com/?kbid={one[2:]}", "CSName": self.name.upper(),
            "Description": "Update",
            "FixComments": "", "HotFixID": one, "InstalledBy": "NT AUTHORITY\\SYSTEM", "InstalledOn": "3/18/2017",
            "Name": "",
            "ServicePackInEffect": ""} for one in installed])

    def roles(self):
        """Win32_ServerFeature of servers, Win32_OptionalFeature from 6.1 on; a setting: {name in any language's place: id}."""
        chosen = list(self.settings.get("features",
                                        ["FS-FileServer"])) + ["Hyper-V"] * bool(self.settings.get("hyperv"))
        numbers = {"FS-FileServer": (481, "File Server"), "Hyper-V": (20, "Hyper-V"),
                   "Failover-Clustering": (33, "Failover Clustering"),
                   "Web-Server": (2, "Web Server (IIS)"), "FS-Data-Deduplication": (480, "Data Deduplication"),
                   "AD-Domain-Services": (110, "Active Directory Domain Services")}
        optional = {"Hyper-V": "Microsoft-Hyper-V", "Failover-Clustering": "FailoverCluster-FullServer",
                    "FS-FileServer": "File-Services",
                    "Web-Server": "IIS-WebServerRole", "FS-Data-Deduplication": "Dedup-Core",
                    "AD-Domain-Services": "DirectoryServices-DomainController"}
        if self.version.product_type != 1 and self.version.installation != "Nano Server":
            self.add(CIMV2, Table("Win32_ServerFeature", "ID Name ParentID", [
                {"ID": numbers[one][0], "Name": numbers[one][1], "ParentID": 0} for one in chosen]))
        if self.version.at_least("6.1"):
            self.add(CIMV2, Table("Win32_OptionalFeature", "Caption Description InstallDate InstallState Name Status", [
                {"Caption": optional[one], "InstallState": 1 if one in chosen else 2, "Name": optional[one]}
                for one in optional]))

    def services(self):
        rows = [{"AcceptPause": False, "AcceptStop": True, "Caption": name, "DisplayName": name, "Name": name,
                 "PathName": path,
                 "ProcessId": 800, "Started": True, "StartMode": "Auto", "StartName": "LocalSystem", "State": "Running",
                 "Status": "OK"}
                for name, path in {"WinRM": r"C:\Windows\System32\svchost.exe -k NetworkService",
                                   **self.settings.get("services", {})}.items()]
        return Table("Win32_Service", SERVICE_COLUMNS, rows)

    def files(self):
        rows = []
        for path, version in self.settings.get("files", {}).items():
            drive, _, rest = path.partition("\\")
            folder, _, file = rest.rpartition("\\")
            name, _, extension = file.rpartition(".")
            rows.append({"Caption": path.lower(), "Drive": drive.lower(), "Extension": extension.lower(),
                         "FileName": name.lower(),
                         "FileSize": "1048576", "FileType": "Application", "Manufacturer": "Microsoft Corporation",
                         "Name": path.lower(),
                         "Path": f"\\{folder.lower()}\\", "Version": version})
        return Table("CIM_DataFile", FILE_COLUMNS, rows)

    # ------------------------------------------------------------------------------------------- the whole ----

    def registry_keys(self):
        version = self.version
        major, minor, build = map(int, version.number.split("."))
        current = {"CurrentBuild": str(build), "CurrentBuildNumber": str(build), "ProductName": version.caption.strip(),
                   "CurrentVersion": "6.3" if major == 10 else f"{major}.{minor}"}
        if version.at_least("6.1") or version.installation != "Client":
            current["InstallationType"] = version.installation
        if major == 10:
            current.update({"CurrentMajorVersionNumber": 10, "CurrentMinorVersionNumber": 0, "UBR": 1715})
            current["ReleaseId"] = {14393: "1607", 17763: "1809", 20348: "2009"}.get(build, "1607")
        if version.number == "10.0.20348":
            current["DisplayVersion"] = "21H2"
        keys = {NT: current, rf"{POWERSHELL}\1\PowerShellEngine": {"PowerShellVersion": "2.0"},
                r"SYSTEM\CurrentControlSet\Control\ProductOptions":
                    {"ProductType": {1: "WinNT", 2: "LanmanNT", 3: "ServerNT"}[version.product_type]}}
        keys[r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"] = {"Domain": self.domain or "",
                                                                       "Hostname": self.name}
        if self.domain:
            place = ",".join("DC=" + part for part in self.domain.split("."))
            keys[r"SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\State\Machine"] = {
                "Distinguished-Name": f"CN={self.name.upper()},{self.settings.get('ou', 'OU=Servers')},{place}"}
        if self.settings.get("vcredist"):
            keys[r"SOFTWARE\Microsoft\VisualStudio\14.0\VC\Runtimes\x64"] = {"Installed": 1,
                                                                             "Version": "v14.0.24215.01"}
        levels = {"Server": {"Server-Gui-Shell": 1, "Server-Gui-Mgmt": 1, "ServerCore": 1},
                  "Server Core": {"ServerCore": 1},
                  "Nano Server": {"NanoServer": 1}}
        if version.at_least("6.2") and version.installation in levels:
            keys[NT + r"\Server\ServerLevels"] = levels[version.installation]
        if version.powershell[0] >= "3":
            keys[rf"{POWERSHELL}\3\PowerShellEngine"] = {"PowerShellVersion": version.powershell}
        if self.settings.get("on"):  # name of the Hyper-V host
            keys[r"SOFTWARE\Microsoft\Virtual Machine\Guest\Parameters"] = {
                "PhysicalHostName": self.settings["on"], "PhysicalHostNameFullyQualified": self.settings["on"],
                "VirtualMachineId": self.settings.get("vm_id", stable("vm", self.name)).upper()}
        keys.update(self.keys)
        keys.update(self.settings.get("registry", {}))
        return Registry(keys)

    def complete(self):
        """{namespace: tables}."""
        for table in (self.system(), self.computer(), *self.hardware(), self.network(), self.hotfixes(),
                      self.services(),
                      self.files()):
            self.add(CIMV2, table)
        self.volumes()
        self.bitlocker()
        self.roles()
        return self.spaces
