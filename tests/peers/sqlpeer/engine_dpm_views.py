"""The documented views of DPMDB (dpm.md 1). That ReplicaId is tbl_PRM_LogicalReplica.PhysicalReplicaId, and that times are UTC, is
inference."""
from engine_dpm_server import FAILED, holds

WHEN = "StartDateTime:datetime EndDateTime:datetime ScheduleType:int"
JOB = "ServerName:nvarchar(256) CreationTime:datetime Status:int ErrorCode:int"


@holds("vw_DPM_Server", "ServerId:uniqueidentifier ServerName:nvarchar(256) NetBiosName:nvarchar(256) DomainName:nvarchar(256) IsRG:int=0")
def servers(server):
    for one in server.computers.values():
        yield {"ServerId": one.id, "ServerName": one.name, "NetBiosName": one.netbios, "DomainName": one.domain,
               "IsRG": int(one.resource_group)}


@holds("vw_DPM_Agents", "ServerName:nvarchar(256) Version:nvarchar(256)")
def agents(server):
    for one in server.computers.values():
        if one.agent:
            yield {"ServerName": one.name, "Version": one.agent}


@holds("vw_DPM_ProtectedGroup", "PGId:uniqueidentifier ProtectionGroupName:nvarchar(256) CreationTime:datetime")
def groups(server):
    for one in server.groups.values():
        yield {"PGId": one.id, "ProtectionGroupName": one.name, "CreationTime": one.created + ".000"}


@holds("vw_DPM_ProtectedDataSource", """ReplicaId:uniqueidentifier PGId:uniqueidentifier AllocatedSize:bigint UsedSize:bigint
ProductionServerName:nvarchar(256) StorageNode:nvarchar(256)""")
def protected_sources(server):
    """No name and no type of a data source."""
    for one in server.replicas():
        if one.in_group:
            yield {"ReplicaId": one.replica, "PGId": server.group_id(one), "AllocatedSize": one.allocated, "UsedSize": one.used,
                   "ProductionServerName": one.computer, "StorageNode": server.storage}


@holds("vw_DPM_Replica", """ReplicaId:uniqueidentifier PhysicalPath:nvarchar(4000) ServerName:nvarchar(256) ValidFrom:datetime
ValidTo:datetime PGId:uniqueidentifier StorageNode:nvarchar(256)""")
def replicas(server):
    for one in server.replicas():
        yield {"ReplicaId": one.replica, "PhysicalPath": one.name, "ServerName": one.computer, "ValidFrom": one.since,
               "ValidTo": one.until, "PGId": server.group_id(one), "StorageNode": server.storage}


@holds("vw_DPM_DiskRecoveryPoints", "DataSourceName:nvarchar(4000) PGId:uniqueidentifier ServerId:uniqueidentifier Frequency:int")
def disk_points(server):
    for one in server.replicas():
        if one.points:
            yield {"DataSourceName": one.name, "PGId": server.group_id(one), "ServerId": server.server_id(one), "Frequency": one.points}


@holds("vw_DPM_TapeRecoveryPoints", """DataSourceName:nvarchar(4000) PGId:uniqueidentifier ServerId:uniqueidentifier Frequency:int
Term:int=1""")
def tape_points(server):
    for one in server.replicas():
        if one.tape_points:
            yield {"DataSourceName": one.name, "PGId": server.group_id(one), "ServerId": server.server_id(one),
                   "Frequency": one.tape_points}


def jobs(server, name):
    """Of a month: what is older is forgotten, so that no row is no word of "never"."""
    for one in server.sources:
        for when, status, error in one.recent(server.now):
            yield {name: one.name, "ServerName": one.computer, "CreationTime": when, "Status": status, "ErrorCode": error}


@holds("vw_DPM_Total_RecoveryPoint", "DataSourceName:nvarchar(4000) " + JOB)
def all_jobs(server):
    return jobs(server, "DataSourceName")


@holds("vw_DPM_RecoveryPointDisk", "DatasourceName:nvarchar(4000) " + JOB)
def disk_jobs(server):
    return jobs(server, "DatasourceName")


@holds("vw_DPM_RecoveryPointTape", "DatasourceName:nvarchar(4000) " + JOB)
def tape_jobs(server):
    return []


@holds("vw_DPM_RecoveryJob", "DataSourceName:nvarchar(4000) ServerName:nvarchar(256) CreationTime:datetime FailureCode:int Status:int")
def recovery_jobs(server):
    return []


@holds("vw_DPM_Alerts", "Severity:int Resolution:int OccuredSince:datetime ResolvedTime:datetime Type:int")
def alerts(server):
    """One for each data source whose last job failed. The document has OccurredSince, a script that works the spelling here."""
    for one in server.sources:
        recent = one.recent(server.now)
        if recent and recent[-1][1] == FAILED:
            yield {"Severity": 0, "Resolution": 0, "OccuredSince": recent[-1][0], "Type": 1}


@holds("vw_DPM_Disk_Usage_Replica", """PhysicalPath:nvarchar(4000) ReplicaId:uniqueidentifier PGId:uniqueidentifier
ProductionServerName:nvarchar(256) DiskAllocated:bigint DiskUsed:bigint FreeSpace:bigint ReplicaAllocated:bigint ReplicaUsed:bigint
ShadowCopyAllocated:bigint=0 ShadowCopyUsed:bigint=0 """ + WHEN)
def disk_usage(server):
    for one in server.replicas():
        yield {"PhysicalPath": one.name, "ReplicaId": one.replica, "PGId": server.group_id(one), "ProductionServerName": one.computer,
               "DiskAllocated": one.allocated, "DiskUsed": one.used, "FreeSpace": one.allocated - one.used,
               "ReplicaAllocated": one.allocated, "ReplicaUsed": one.used}


@holds("vw_DPM_LongRecoveries", """DataSourceName:nvarchar(4000) TargetServerName:nvarchar(256) WriterId:uniqueidentifier
StartTime:datetime EndTime:datetime""")
def long_recoveries(server):
    return []


@holds("vw_DPM_RecoveryDuration", WHEN + " RecoveryDuration:int RecoveryCount:int")
def recovery_durations(server):
    return []


@holds("vw_DPM_Total_Disk_Trend", WHEN + """ DiskSpaceCapacity:bigint DiskSpaceAllocated:bigint DiskSpaceUsed:bigint
PreviousDiskSpaceCapacity:bigint PreviousDiskSpaceAllocated:bigint PreviousDiskSpaceUsed:bigint""")
def disk_trend(server):
    return []


@holds("vw_JM_JobTrail_ForLastSevenDays", "JobState:nvarchar(64) StartDateTime:datetime ScheduleId:uniqueidentifier")
def job_trail(server):
    """Not documented."""
    for one in server.sources:
        for when, status, _ in one.recent(server.now):
            if status == FAILED:
                yield {"JobState": "Failed", "StartDateTime": when}


