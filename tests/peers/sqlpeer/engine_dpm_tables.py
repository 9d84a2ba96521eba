"""Tables of DPMDB that public SQL names, with the columns that it has seen (dpm.md 2)."""
from xml.sax.saxutils import escape

from engine_dpm_server import holds
from engine_things import stable


@holds("tbl_DLS_GlobalSetting", "PropertyName:nvarchar(256) PropertyValue:nvarchar(4000)")
def settings(server):
    yield {"PropertyName": "DatabaseVersion", "PropertyValue": server.version}
    yield {"PropertyName": "KnownVMMServer", "PropertyValue": server.told.get("vmm", "")}


@holds("tbl_AM_Server", """ServerId:uniqueidentifier ServerName:nvarchar(256) NetbiosName:nvarchar(256)
ProxyServerId:uniqueidentifier""")
def servers(server):
    """Also the backup server itself, which is inference; a vCenter Server or ESXi host has a ProxyServerId."""
    own = stable(server.name, "own")
    yield {"ServerId": own, "ServerName": server.name, "NetbiosName": server.name.partition(".")[0].upper()}
    for one in server.computers.values():
        yield {"ServerId": one.id, "ServerName": one.name, "NetbiosName": one.netbios, "ProxyServerId": own if one.proxy else None}


@holds("tbl_AM_InstalledAgent", """InstallID:uniqueidentifier ServerId:uniqueidentifier IsThrottled:bit=0 WorkHoursTransmissionRate:bigint=0
NonWorkHoursTransmissionRate:bigint=0 ThrottlingSettings:nvarchar(4000)""")
def installed_agents(server):
    """No version."""
    for one in server.computers.values():
        if one.agent:
            yield {"InstallID": stable(one.id, "agent"), "ServerId": one.id}


@holds("tbl_AM_Agent", "Name:nvarchar(256)")
def agents(server):
    yield {"Name": "DPM RA v2"}


@holds("tbl_AM_AgentPatch", """Name:nvarchar(256) MajorVersionNumber:int MinorVersionNumber:int BuildNumber:int FileName:nvarchar(256)
OSType:int=2""")
def agent_patches(server):
    """None for a base install."""
    for one in server.patches:
        major, minor, build = [int(part) for part in one["build"].split(".")[:3]]
        yield {"Name": one.get("name", f"Update {one['build']}"), "MajorVersionNumber": major, "MinorVersionNumber": minor,
               "BuildNumber": build, "FileName": "DPMAgentUpdate.exe", "OSType": one.get("os_type", 2)}


@holds("tbl_AM_ServerProperties", "ServerId:uniqueidentifier")
def server_properties(server):
    for one in server.computers.values():
        yield {"ServerId": one.id}


@holds("tbl_AM_ServerTimeZone", "ServerId:uniqueidentifier")
def server_time_zones(server):
    return server_properties(server)


@holds("tbl_IM_DataSource", """DataSourceId:uniqueidentifier DataSourceName:nvarchar(4000) ServerId:uniqueidentifier
ProtectedGroupId:uniqueidentifier AppId:uniqueidentifier CloudProtectionStatus:int=0""")
def sources(server):
    for one in server.sources:
        yield {"DataSourceId": one.id, "DataSourceName": one.name, "ServerId": server.server_id(one),
               "ProtectedGroupId": server.group_id(one) if one.in_group else None, "AppId": one.app,
               "CloudProtectionStatus": int(one.online)}


@holds("tbl_IM_ProtectedGroup", "ProtectedGroupId:uniqueidentifier FriendlyName:nvarchar(256) DiskIntentId:uniqueidentifier")
def protected_groups(server):
    for one in server.groups.values():
        yield {"ProtectedGroupId": one.id, "FriendlyName": one.name, "DiskIntentId": stable(one.id, "disk") if one.disk else None}


def inquiry(paths):
    """Its root is known by name, what is in it is not."""
    inner = "".join(f"<InquiryPathEntryType><Value>{escape(one)}</Value></InquiryPathEntryType>" for one in paths)
    return f'<?xml version="1.0" encoding="utf-16"?><ArrayOfInquiryPathEntryType>{inner}</ArrayOfInquiryPathEntryType>'


def physical(source):
    """Of a virtual machine under VMM its GUID; the element around it is made up."""
    if source.type == "hyperv" and source.guid:
        return f'<?xml version="1.0" encoding="utf-16"?><PhysicalPath><VMMIdentifier>{escape(source.guid)}</VMMIdentifier></PhysicalPath>'
    return inquiry([source.name])


@holds("tbl_IM_ProtectedObject", """DataSourceId:uniqueidentifier ReferentialDataSourceId:uniqueidentifier ServerId:uniqueidentifier
ComponentName:nvarchar(4000) ProtectedInPlan:bit=1 LogicalPath:nvarchar(max) PhysicalPath:nvarchar(max)""")
def protected_objects(server):
    for one in server.sources:
        if not one.in_group:
            continue
        base = {"DataSourceId": one.id, "ServerId": server.server_id(one), "PhysicalPath": physical(one),
                "ReferentialDataSourceId": stable(server.name, one.farm) if one.farm else None}
        for name in one.components:
            yield {**base, "ComponentName": name, "LogicalPath": inquiry([name])}
        if not one.components:
            yield {**base, "ComponentName": one.name, "LogicalPath": inquiry(one.paths or [one.name])}


def volumes_of(server):
    """Letters of volumes, by computer; with the data sources on them."""
    for one in server.sources:
        if one.type == "volume":
            yield one, stable(server.server_id(one), one.name[:3])


@holds("tbl_IM_Volume", """VolumeId:uniqueidentifier ServerId:uniqueidentifier VolumePath:nvarchar(4000) MarkedForDeletion:bit=0""")
def volumes(server):
    found = {volume: one for one, volume in volumes_of(server)}
    for volume, one in found.items():
        yield {"VolumeId": volume, "ServerId": server.server_id(one), "VolumePath": one.name[:3]}


@holds("tbl_IM_DataSourceVolume", "DataSourceId:uniqueidentifier VolumeId:uniqueidentifier")
def source_volumes(server):
    for one, volume in volumes_of(server):
        yield {"DataSourceId": one.id, "VolumeId": volume}


@holds("tbl_IM_VMWareProperties", "DatasourceId:uniqueidentifier")
def vmware_properties(server):
    for one in server.sources:
        if one.type == "vmware":
            yield {"DatasourceId": one.id}


@holds("tbl_IM_DatasourceCapability", "DatasourceId:uniqueidentifier")
def capabilities(server):
    for one in server.sources:
        yield {"DatasourceId": one.id}


@holds("tbl_PRM_LogicalReplica", """DataSourceId:uniqueidentifier PhysicalReplicaId:uniqueidentifier Validity:int Status:int=0
OwnerTaskIdLock:uniqueidentifier""")
def logical_replicas(server):
    for one in server.replicas():
        yield {"DataSourceId": one.id, "PhysicalReplicaId": one.replica, "Validity": one.validity}


@holds("tbl_PRM_DatasourceLastActiveServerMap", "DatasourceId:uniqueidentifier ActiveNode:nvarchar(256) IsGCed:bit=0")
def last_nodes(server):
    for one in server.sources:
        if one.node:
            yield {"DatasourceId": one.id, "ActiveNode": one.node}


@holds("tbl_RM_ShadowCopy", "ShadowCopyId:uniqueidentifier ArchiveTaskId:uniqueidentifier RecoveryJobId:uniqueidentifier")
def shadow_copies(server):
    """A row for each recovery point on disk: inference."""
    for one in server.replicas():
        for at in range(one.points):
            yield {"ShadowCopyId": stable(one.id, "copy", at)}


@holds("tbl_RM_ShadowCopyTrail", "TaskId:uniqueidentifier DatasourceId:uniqueidentifier")
def shadow_copy_trail(server):
    for one in server.sources:
        for when, _, _ in one.recent(server.now):
            yield {"TaskId": stable(one.id, when), "DatasourceId": one.id}


@holds("tbl_SPM_Volume", """VolumeSetID:uniqueidentifier Usage:int=1 MountPointPath:nvarchar(4000) GuidName:nvarchar(256)""")
def storage_volumes(server):
    for one in server.replicas():
        yield {"VolumeSetID": one.replica, "GuidName": "\\\\?\\Volume{" + one.replica.lower() + "}\\"}


@holds("tbl_STM_Volume", """AccessPath:nvarchar(4000) Label:nvarchar(256) Status:int=0 Tag:nvarchar(256) FileSystem:nvarchar(64)=ReFS
DedupMode:int=0""")
def modern_volumes(server):
    yield {"AccessPath": "E:\\", "Label": "Backup storage"}


@holds("tbl_JM_JobDefinition", """JobDefinitionId:uniqueidentifier Type:uniqueidentifier ProtectedGroupId:uniqueidentifier
ServerId:uniqueidentifier IsDeleted:bit=0 CreationTime:datetime""")
def job_definitions(server):
    for one in server.groups.values():
        yield {"JobDefinitionId": stable(one.id, "job"), "Type": "3D859D8C-D0BB-4142-8696-C0D215203E0D", "ProtectedGroupId": one.id,
               "CreationTime": one.created + ".000"}


@holds("tbl_SCH_ScheduleDefinition", "ScheduleId:uniqueidentifier JobDefinitionId:uniqueidentifier IsDeleted:bit=0")
def schedules(server):
    for one in server.groups.values():
        yield {"ScheduleId": stable(one.id, "schedule"), "JobDefinitionId": stable(one.id, "job")}


@holds("tbl_JM_JobTrail", "JobId:uniqueidentifier JobDefinitionId:uniqueidentifier JobState:nvarchar(64) EndDateTime:datetime")
def job_trail(server):
    for one in server.sources:
        for when, status, _ in one.recent(server.now):
            yield {"JobId": stable(one.id, when, "job"), "JobState": {2: "Retire", 3: "Failed"}.get(status, "Execute"), "EndDateTime": when}


@holds("tbl_TE_TaskTrail", """TaskID:uniqueidentifier TaskDefinitionID:uniqueidentifier JobID:uniqueidentifier VerbID:uniqueidentifier
ExecutionState:smallint ErrorCode:int ErrorDetailsXml:nvarchar(max) LastStateName:nvarchar(256) CreatedDateTime:datetime
StartedDateTime:datetime StoppedDateTime:datetime TaskXml:nvarchar(max) ErrorStateName:nvarchar(256) IsGCed:bit=0""")
def task_trail(server):
    for one in server.sources:
        for when, status, error in one.recent(server.now):
            yield {"TaskID": stable(one.id, when), "JobID": stable(one.id, when, "job"), "ExecutionState": status, "ErrorCode": error,
                   "CreatedDateTime": when, "StartedDateTime": when, "StoppedDateTime": when}
