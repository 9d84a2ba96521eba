"""The vCenter that hostile.py plays: a few objects of the vSphere API, written as a real server writes them (xsi:type).

A value is a pair: its xsi:type, and its content as XML. Data objects and names of properties are those of the vSphere Web
Services API 6.5."""
from xml.sax.saxutils import escape

# What a propSet for a type is also about.
BASES = {
    "ClusterComputeResource": ["ComputeResource"],
    "VirtualApp": ["ResourcePool"],
}
ENTITIES = ["Folder", "Datacenter", "ClusterComputeResource", "HostSystem", "Datastore", "VirtualApp", "ResourcePool",
            "VirtualMachine"]


def is_a(name, wanted):
    return wanted in (name, *BASES.get(name, ())) or (wanted == "ManagedEntity" and name in ENTITIES)


def text(value):
    return "xsd:string", escape(value)


def number(value, kind="xsd:int"):
    return kind, str(value)


def truth(value):
    return "xsd:boolean", "true" if value else "false"


def enum(kind, value):
    return kind, value


def array(kind, element, contents):
    return f"ArrayOf{kind}", "".join(f"<{element}>{content}</{element}>" for content in contents)


def typed_array(kind, elements):
    """Elements that each say their own type."""
    return f"ArrayOf{kind}", "".join(f'<{kind} xsi:type="{own}">{content}</{kind}>' for own, content in elements)


def reference(kind, moref):
    return "ManagedObjectReference", escape(moref), kind


def references(pairs):
    return "ArrayOfManagedObjectReference", "".join(
        f'<ManagedObjectReference type="{kind}">{escape(moref)}</ManagedObjectReference>' for kind, moref in pairs)


ABOUT = ("<name>VMware vCenter Server</name><fullName>VMware vCenter Server 6.5.0 build-5973321</fullName>"
         "<vendor>VMware, Inc.</vendor><version>6.5.0</version><build>5973321</build><osType>linux-x64</osType>"
         "<productLineId>vpx</productLineId><apiType>VirtualCenter</apiType><apiVersion>6.5</apiVersion>"
         "<instanceUuid>11111111-2222-4333-8444-555555555555</instanceUuid>"
         "<licenseProductName>VMware VirtualCenter Server</licenseProductName>"
         "<licenseProductVersion>6.0</licenseProductVersion>")

MANAGERS = [
    ("propertyCollector", "PropertyCollector", "propertyCollector"), ("viewManager", "ViewManager", "ViewManager"),
]
LATER_MANAGERS = [
    ("sessionManager", "SessionManager", "SessionManager"),
    ("authorizationManager", "AuthorizationManager", "AuthorizationManager"),
    ("customFieldsManager", "CustomFieldsManager", "CustomFieldsManager"),
    ("licenseManager", "LicenseManager", "LicenseManager"),
]


def managers(listed):
    return "".join(f'<{name} type="{kind}">{moref}</{name}>' for name, kind, moref in listed)


CONTENT = ('<rootFolder type="Folder">group-d1</rootFolder>' + managers(MANAGERS) + f"<about>{ABOUT}</about>" +
           managers(LATER_MANAGERS))

LICENCE = ("<licenseKey>AAAAA-BBBBB-CCCCC-DDDDD-EEEEE</licenseKey><editionKey>esxEnterprisePlus</editionKey>"
           "<name>VMware vSphere 6 Enterprise Plus</name><total>16</total><used>4</used><costUnit>cpuPackage</costUnit>")


def device(key, file, mode="persistent"):
    return "VirtualDisk", (
        f"<key>{key}</key><deviceInfo><label>Hard disk</label><summary>41,943,040 KB</summary></deviceInfo>"
        f'<backing xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName>{escape(file)}</fileName>'
        f'<datastore type="Datastore">datastore-9</datastore><diskMode>{mode}</diskMode>'
        "<thinProvisioned>true</thinProvisioned></backing><controllerKey>1000</controllerKey>"
        "<unitNumber>0</unitNumber><capacityInKB>41943040</capacityInKB>")


def network_card(mac):
    return "VirtualVmxnet3", (f"<key>4000</key><controllerKey>100</controllerKey><unitNumber>7</unitNumber>"
                              f"<addressType>assigned</addressType><macAddress>{mac}</macAddress>")


def machine(number_, name, **changes):
    """A virtual machine's properties, without what is unset."""
    uuid = f"{number_:08x}-0000-4000-8000-{number_:012x}"
    mac = f"00:50:56:00:00:{number_ % 256:02x}"
    properties = {
        "name": text(name),
        "parent": reference("Folder", "group-v3"),
        "resourcePool": reference("ResourcePool", "resgroup-10"),
        "runtime.host": reference("HostSystem", f"host-{7 + number_ % 2}"),
        "runtime.powerState": enum("VirtualMachinePowerState", "poweredOn"),
        "runtime.connectionState": enum("VirtualMachineConnectionState", "connected"),
        "config.uuid": text(f"42{uuid[2:]}"),
        "config.instanceUuid": text(f"50{uuid[2:]}"),
        "config.template": truth(False),
        "config.guestId": text("windows9Server64Guest"),
        "config.guestFullName": text("Microsoft Windows Server 2016 (64-bit)"),
        "config.version": text("vmx-13"),
        "config.hardware.numCPU": number(2),
        "config.hardware.memoryMB": number(4096),
        "config.hardware.device": typed_array("VirtualDevice", [
            device(2000, f"[nfs1] {name}/{name}.vmdk"), network_card(mac)]),
        "config.tools.toolsVersion": number(10282),
        "guest.guestId": text("windows9Server64Guest"),
        "guest.guestFullName": text("Microsoft Windows Server 2016 (64-bit)"),
        "guest.guestFamily": text("windowsGuest"),
        "guest.hostName": text(f"{name}.corp.example"),
        "guest.ipAddress": text(f"192.0.2.{number_ % 256}"),
        "guest.net": array("GuestNicInfo", "GuestNicInfo", [
            f"<network>VM Network</network><ipAddress>192.0.2.{number_ % 256}</ipAddress><macAddress>{mac}</macAddress>"
            "<connected>true</connected><deviceConfigId>4000</deviceConfigId>"]),
        "guest.toolsStatus": enum("VirtualMachineToolsStatus", "toolsOk"),
        "guest.toolsRunningStatus": text("guestToolsRunning"),
        "datastore": references([("Datastore", "datastore-9")]),
        "customValue": typed_array("CustomFieldValue", [
            ("CustomFieldStringValue", "<key>1</key><value>daily</value>")]),
    }
    properties.update(changes)
    return {path: value for path, value in properties.items() if value is not None}


def host(name):
    return {
        "name": text(name),
        "parent": reference("ClusterComputeResource", "domain-c6"),
        "runtime.connectionState": enum("HostSystemConnectionState", "connected"),
        "runtime.inMaintenanceMode": truth(False),
        "summary.hardware.vendor": text("Dell Inc."),
        "summary.hardware.model": text("PowerEdge R740"),
        "summary.hardware.uuid": text("4c4c4544-0000-4000-8000-000000000000"),
        "summary.hardware.numCpuThreads": number(32, "xsd:short"),
        "summary.hardware.memorySize": number(274877906944, "xsd:long"),
        "summary.config.product.fullName": text("VMware ESXi 6.5.0 build-5969303"),
        "summary.config.product.version": text("6.5.0"),
        "summary.config.product.build": text("5969303"),
        "summary.config.product.apiVersion": text("6.5"),
        "config.network.vnic": array("HostVirtualNic", "HostVirtualNic", [
            "<device>vmk0</device><key>key-vim.host.VirtualNic-vmk0</key><portgroup>Management Network</portgroup>"
            "<spec><ip><dhcp>false</dhcp><ipAddress>192.0.2.250</ipAddress><subnetMask>255.255.255.0</subnetMask></ip>"
            "<mac>00:50:56:aa:bb:cc</mac></spec>"]),
    }


def folder(name, parent, kind="Folder"):
    return {"name": text(name), "parent": reference(kind, parent)}


def around():
    """Everything but virtual machines: moref to type and properties."""
    return {
        "group-d1": ("Folder", {"name": text("Datacenters")}),
        "datacenter-2": ("Datacenter", folder("DC0", "group-d1")),
        "group-v3": ("Folder", folder("vm", "datacenter-2", "Datacenter")),
        "group-h4": ("Folder", folder("host", "datacenter-2", "Datacenter")),
        "group-s5": ("Folder", folder("datastore", "datacenter-2", "Datacenter")),
        "domain-c6": ("ClusterComputeResource", {
            **folder("C0", "group-h4"),
            "configuration.dasConfig.enabled": truth(True),
            "configuration.drsConfig.enabled": truth(True),
        }),
        "host-7": ("HostSystem", host("esx7.corp.example")),
        "host-8": ("HostSystem", host("esx8.corp.example")),
        "datastore-9": ("Datastore", {
            **folder("nfs1", "group-s5"),
            "summary.type": text("NFS"),
            "summary.capacity": number(1099511627776, "xsd:long"),
            "summary.multipleHostAccess": truth(True),
        }),
        "resgroup-10": ("ResourcePool", folder("Resources", "domain-c6", "ClusterComputeResource")),
        "resgroup-v11": ("VirtualApp", {
            **folder("shop", "resgroup-10", "ResourcePool"),
            "parentFolder": reference("Folder", "group-v3"),
        }),
    }


def machines():
    fleet = {f"vm-{at}": ("VirtualMachine", machine(at, f"web{at}")) for at in range(101, 106)}
    fleet["vm-106"] = ("VirtualMachine", machine(106, "shop1", parent=None,
                                                 parentVApp=reference("VirtualApp", "resgroup-v11"),
                                                 resourcePool=reference("VirtualApp", "resgroup-v11")))
    return fleet


def managers_objects():
    """What is asked of the managers by their properties."""
    return {
        "ServiceInstance": ("ServiceInstance", {"content": ("ServiceContent", CONTENT)}),
        "CustomFieldsManager": ("CustomFieldsManager", {
            "field": array("CustomFieldDef", "CustomFieldDef", [
                "<key>1</key><name>Backup</name><type>xsd:string</type>"
                "<managedObjectType>VirtualMachine</managedObjectType>"]),
        }),
        "LicenseManager": ("LicenseManager", {
            "licenses": array("LicenseManagerLicenseInfo", "LicenseManagerLicenseInfo", [LICENCE]),
            "licenseAssignmentManager": reference("LicenseAssignmentManager", "LicenseAssignmentManager"),
        }),
    }


# Properties of the API that no object here has: absent from a reply, as those that some have.
MAY_BE_UNSET = {
    "VirtualMachine": ["parent", "parentVApp", "config.managedBy", "snapshot.rootSnapshotList", "snapshot", "summary",
                       "guest.guestId", "config.instanceUuid", "config.uuid", "config.changeTrackingEnabled",
                       "storage.perDatastoreUsage", "layoutEx", "capability.snapshotOperationsSupported",
                       "summary.config.guestFullName", "runtime.faultToleranceState", "config.firmware"],
    "Folder": ["parent"], "Datacenter": [], "HostSystem": ["config.product.version"], "Datastore": [], "ResourcePool": [],
    "ClusterComputeResource": ["configurationEx"], "VirtualApp": ["parentVApp", "parentFolder", "parent"],
}


def may_be_unset(kind, path):
    """Anything else is InvalidProperty."""
    return path in MAY_BE_UNSET.get(kind, ()) or (kind == "VirtualMachine" and path in machine(0, ""))
