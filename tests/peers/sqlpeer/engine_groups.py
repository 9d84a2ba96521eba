"""Views of Always On availability groups: 2012 and later."""
from engine_catalog import definitions, state_of_server, view

MODES = {"ASYNCHRONOUS_COMMIT": 0, "SYNCHRONOUS_COMMIT": 1, "CONFIGURATION_ONLY": 4}
FAILOVERS = {"AUTOMATIC": 0, "MANUAL": 1, "EXTERNAL": 2}
ROLES = {"RESOLVING": 0, "PRIMARY": 1, "SECONDARY": 2}


@view("sys.availability_groups", """group_id:uniqueidentifier name:sysname resource_id:nvarchar(40) resource_group_id:nvarchar(40)
failure_condition_level:int=3 health_check_timeout:int=30000 automated_backup_preference:tinyint=2
automated_backup_preference_desc:nvarchar(60)=SECONDARY version:smallint=0@12 basic_features:bit=0@13 dtc_support:bit=0@13
db_failover:bit=0@13 is_distributed:bit=0@13 cluster_type:tinyint=0@14 cluster_type_desc:nvarchar(60)=WSFC@14
required_synchronized_secondaries_to_commit:int=0@14 sequence_number:bigint=0@14 is_contained:bit=0@15.0.4178""",
      since="11", sight=definitions)
def groups(instance, sight):
    for one in instance.groups if sight else []:
        yield {"group_id": one.id, "name": one.name, "basic_features": int(one.basic), "is_distributed": 0}


@view("sys.availability_replicas", """replica_id:uniqueidentifier group_id:uniqueidentifier replica_metadata_id:int
replica_server_name:nvarchar(256) owner_sid:varbinary(85) endpoint_url:nvarchar(128) availability_mode:tinyint
availability_mode_desc:nvarchar(60) failover_mode:tinyint failover_mode_desc:nvarchar(60) session_timeout:int=10
primary_role_allow_connections:tinyint=2 primary_role_allow_connections_desc:nvarchar(60)=ALL
secondary_role_allow_connections:tinyint=0 secondary_role_allow_connections_desc:nvarchar(60)=NO create_date:datetime
modify_date:datetime backup_priority:int=50 read_only_routing_url:nvarchar(256) seeding_mode:tinyint=1@13
seeding_mode_desc:nvarchar(60)=MANUAL@13 read_write_routing_url:nvarchar(256)@15""", since="11", sight=definitions)
def replicas(instance, sight):
    for group in instance.groups if sight else []:
        for one in group.replicas:
            yield {"replica_id": one.id, "group_id": group.id, "replica_server_name": one.server, "endpoint_url": one.url,
                   "availability_mode": MODES[one.mode], "availability_mode_desc": one.mode, "failover_mode": FAILOVERS[one.failover],
                   "failover_mode_desc": one.failover, "create_date": instance.created}


@view("sys.availability_databases_cluster", """group_id:uniqueidentifier group_database_id:uniqueidentifier database_name:sysname
truncation_lsn:numeric(25,0)""", since="11", sight=definitions)
def group_databases(instance, sight):
    for group in instance.groups if sight else []:
        for name in group.databases:
            yield {"group_id": group.id, "group_database_id": group.database_id(name), "database_name": name}


@view("sys.availability_group_listeners", """group_id:uniqueidentifier listener_id:nvarchar(36) dns_name:nvarchar(63) port:int=1433
is_conformant:bit=1 ip_configuration_string_from_cluster:nvarchar(max)""", since="11", sight=definitions)
def listeners(instance, sight):
    for group in instance.groups if sight else []:
        if group.listener:
            yield {"group_id": group.id, "listener_id": group.id, "dns_name": group.listener}


@view("sys.dm_hadr_availability_group_states", """group_id:uniqueidentifier primary_replica:nvarchar(128) primary_recovery_health:tinyint
primary_recovery_health_desc:nvarchar(60) secondary_recovery_health:tinyint secondary_recovery_health_desc:nvarchar(60)
synchronization_health:tinyint=2 synchronization_health_desc:nvarchar(60)=HEALTHY""", since="11", sight=state_of_server)
def group_states(instance, _):
    for group in instance.groups:
        yield {"group_id": group.id, "primary_replica": group.primary}


@view("sys.dm_hadr_availability_replica_states", """replica_id:uniqueidentifier group_id:uniqueidentifier is_local:bit role:tinyint
role_desc:nvarchar(60) operational_state:tinyint operational_state_desc:nvarchar(60) connected_state:tinyint=1
connected_state_desc:nvarchar(60)=CONNECTED recovery_health:tinyint recovery_health_desc:nvarchar(60) synchronization_health:tinyint=2
synchronization_health_desc:nvarchar(60)=HEALTHY last_connect_error_number:int last_connect_error_description:nvarchar(1024)
last_connect_error_timestamp:datetime write_lease_remaining_ticks:bigint@14""", since="11", sight=state_of_server)
def replica_states(instance, _):
    """A secondary replica knows only of itself."""
    for group in instance.groups:
        for one in group.replicas:
            local = one.server.lower() == instance.server_name.lower()
            role = "PRIMARY" if one.server == group.primary else "SECONDARY"
            if local or group.primary.lower() == instance.server_name.lower():
                yield {"replica_id": one.id, "group_id": group.id, "is_local": int(local), "role": ROLES[role], "role_desc": role,
                       "operational_state": 2 if local else None, "operational_state_desc": "ONLINE" if local else None}


@view("sys.dm_hadr_database_replica_states", """database_id:int group_id:uniqueidentifier replica_id:uniqueidentifier
group_database_id:uniqueidentifier is_local:bit is_primary_replica:bit@12 synchronization_state:tinyint=2
synchronization_state_desc:nvarchar(60)=SYNCHRONIZED is_commit_participant:bit=1 synchronization_health:tinyint=2
synchronization_health_desc:nvarchar(60)=HEALTHY database_state:tinyint=0 database_state_desc:nvarchar(60)=ONLINE is_suspended:bit=0
suspend_reason:tinyint suspend_reason_desc:nvarchar(60)""", since="11", sight=state_of_server)
def database_states(instance, _):
    for database in instance.databases:
        if database.group:
            yield {"database_id": database.id, "group_id": database.group.id, "replica_id": database.replica_id,
                   "group_database_id": database.group_database_id, "is_local": 1,
                   "is_primary_replica": int(database.group.primary == instance.server_name)}


@view("sys.dm_hadr_cluster", """cluster_name:nvarchar(128) quorum_type:tinyint=0 quorum_type_desc:varchar(50)=NODE_MAJORITY
quorum_state:tinyint=1 quorum_state_desc:varchar(50)=NORMAL_QUORUM""", since="11", sight=state_of_server)
def hadr_cluster(instance, _):
    if instance.hadr:
        yield {"cluster_name": instance.settings.get("windows_cluster", "wsfc1")}
