"""A failover cluster, as each of its nodes shows it in root/MSCluster (learn.microsoft.com, Failover Cluster
provider). Told by the fleet: {"clusters": [{"name": "clu1", "nodes": ["n1", "n2"], "volumes": 2, "roles": ["File
Server"]}]}."""
import fleet
from cim import Raw, Table
from windows import GIB, stable

SPACE = "root/MSCluster"
CLUSTER = """AdminAccessPoint Caption ClusterFunctionalLevel Description EnableSharedVolumes Fqdn FixQuorum Id
InstallDate MaxNumberOfNodes Name QuorumPath QuorumType SharedVolumesRoot Status"""
NODE = """Caption Description Id InitialLoadInfo[] InstallDate LastLoadInfo Name NodeHighestVersion
NodeLowestVersion Roles[] State Status"""
GROUP = "Caption Description GroupType Id InstallDate Name OwnerNode PersistentState Priority State Status"
RESOURCE = """Caption CoreResource Description Id InstallDate IsClusterSharedVolume Name OwnerGroup OwnerNode
PersistentState PrivateProperties ResourceClass State Status Type"""
VOLUME = "BackupState Caption Description FaultState InstallDate Name Status VolumeName VolumeOffset"
TYPES = {"File Server": 100, "SQL Server": 9999, "Virtual Machine": 111, "Exchange": 9999, "Generic Service": 102}


def group(name, kind, node):
    return {"Caption": name, "GroupType": kind, "Id": stable("group", name), "Name": name, "OwnerNode": node,
            "PersistentState": True,
            "State": 0}


def resource(name, kind, owner, node, private=""):
    space = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/MSCluster/MSCluster_Property"
    return {"Caption": name, "Id": stable("resource", name), "IsClusterSharedVolume": kind == "Physical Disk",
            "Name": name,
            "OwnerGroup": owner, "OwnerNode": node, "State": 2, "Type": kind,
            "PrivateProperties": Raw(f'<q:VmID xmlns:q="{space}">{private}</q:VmID>') if private else None}


def tables(told, of):
    """The same on each node."""
    name, nodes = told["name"], told["nodes"]
    down = set(told.get("down", ()))
    groups = [group("Cluster Group", 1, nodes[0])]
    resources = [resource("Cluster Name", "Network Name", "Cluster Group", nodes[0])]
    for role in told.get("roles", []):
        groups.append(group(f"{name}-{role}", TYPES[role], nodes[0]))
        resources.append(resource(f"{role} ({name})", role, f"{name}-{role}", nodes[0]))
    for node in nodes:
        for machine in of.clustered(node):
            groups.append(group(machine.name, 111, node))
            resources.append(resource(f"Virtual Machine {machine.name}", "Virtual Machine", machine.name, node,
                                      machine.guid.lower()))
    volumes = []
    for at in range(1, told.get("volumes", 1) + 1):
        resources.append(resource(f"Cluster Disk {at}", "Physical Disk", "Available Storage", nodes[0]))
        volumes.append({"BackupState": 1, "Caption": f"Cluster Disk {at}", "FaultState": 0,
                        "Name": rf"C:\ClusterStorage\Volume{at}",
                        "VolumeName": "\\\\?\\Volume{" + stable("csv", name, at) + "}\\"})
    domain = told.get("domain", "corp.example")
    cluster = {"Caption": name, "EnableSharedVolumes": 1, "Fqdn": f"{name}.{domain}", "Id": stable("cluster", name),
               "MaxNumberOfNodes": 64,
               "Name": name, "QuorumType": "Majority", "SharedVolumesRoot": r"C:\ClusterStorage"}
    return [Table("MSCluster_Cluster", CLUSTER, [cluster]),
            Table("MSCluster_Node", NODE, [{"Caption": node, "Id": stable("node", node), "Name": node,
                                            "State": int(node in down)}
                                           for node in nodes]),
            Table("MSCluster_ResourceGroup", GROUP, groups), Table("MSCluster_Resource", RESOURCE, resources),
            Table("MSCluster_ClusterSharedVolume", VOLUME, volumes)]


def shown_volumes(host):
    """From 2012 on each node has the shared volumes among its own."""
    shared = next(table for table in host.spaces[SPACE] if table.name == "MSCluster_ClusterSharedVolume")
    return [{"Capacity": str(6000 * GIB), "DeviceID": row["VolumeName"], "DriveType": 3, "FileSystem": "CSVFS",
             "FreeSpace": str(2000 * GIB), "Label": row["Caption"], "Name": row["Name"] + "\\",
             "SystemName": host.name.upper()} for row in shared.rows]


@fleet.role
def node(host, of):
    told = next((one for one in of.clusters if host.name in one["nodes"]), None)
    if told is not None:
        host.spaces[SPACE] = tables(told, of)
        if host.version.at_least("6.2"):
            host.shared_volumes = shown_volumes(host)
        host.keys["Cluster"] = {"ClusterName": told["name"]}
