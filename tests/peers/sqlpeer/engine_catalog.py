"""Views that each version of SQL Server has of itself: columns, since when, what a login sees of them. What is cited stands in tds.md
section 3; columns that no scan asks for, and the versions of many, are from memory.

    NAME:TYPE[(SIZE)][=WHERE NONE IS TOLD][@SINCE]"""
import re

import engine_types as types
from engine_errors import error

VIEWS = {}  # "sys.databases": View
WORDS = re.compile(r"(?P<name>\w+):(?P<type>\w+)(?:\((?P<size>max|[\d,]+)\))?(?:=(?P<value>[^@\s]+))?(?:@(?P<since>[\d.]+))?$")


class Column:
    def __init__(self, words):
        found = WORDS.match(words)
        assert found, words
        self.name, self.since = found["name"], found["since"] or "10"
        sizes = [types.MAX if one == "max" else int(one) for one in found["size"].split(",")] if found["size"] else []
        self.type = types.named(found["type"], sizes, default=1)
        self.value = found["value"]
        if self.value is not None and types.family(self.type) == "int":
            self.value = int(self.value)


def columns_of(text):
    return [Column(words) for words in text.split()]


class View:
    """rows(instance, sight) gives dictionaries; sight(session) what of it the login sees, or raises SqlError."""

    def __init__(self, name, columns, rows, sight=None, since="10"):
        self.name, self.all, self.rows, self.since = name, columns_of(columns), rows, since
        self.sight = sight or (lambda session: None)

    def columns(self, version):
        return [one for one in self.all if version.has(one.since)]

    def filled(self, instance, sight):
        """Rows with what is the same in all of them."""
        standing = {one.name: one.value for one in self.all if one.value is not None}
        known = {one.name for one in self.all}
        for row in self.rows(instance, sight):
            assert set(row) <= known, f"{self.name} has no {set(row) - known}"
            yield {**standing, **row}


def view(name, columns, since="10", sight=None):
    def keep(function):
        VIEWS[name.lower()] = View(name, columns, function, sight, since)
        return function
    return keep


# ------------------------------------------------------------------------------------------------------------- sight ----

def state_of_server(session):
    """Dynamic management views: denied, not empty."""
    for right in ("VIEW SERVER STATE", "VIEW SERVER PERFORMANCE STATE"):
        if session.has(right):
            return None
    return deny(session, "PERFORMANCE")


def security_of_server(session):
    for right in ("VIEW SERVER STATE", "VIEW SERVER SECURITY STATE"):
        if session.has(right):
            return None
    return deny(session, "SECURITY")


def deny(session, what):
    """Two errors, the right that lacks being the first; 2022 has rights of its own for it."""
    right = f"VIEW SERVER {what} STATE" if session.instance.version.has("16") else "VIEW SERVER STATE"
    last = error(297)
    last.before = [error(300, right, "server", "master")]
    raise last


def definitions(session):
    """Catalog views: rows are silently missing."""
    return session.has("VIEW ANY DEFINITION")


def files_sight(session):
    return any(session.has(right) for right in ("VIEW ANY DEFINITION", "ALTER ANY DATABASE", "CREATE ANY DATABASE"))


def databases_sight(session):
    """Who may see all, who also those that are offline, else whose databases they are."""
    offline = session.has("ALTER ANY DATABASE") or session.has("CREATE ANY DATABASE")
    return offline or session.has("VIEW ANY DATABASE"), offline, None if offline else session.name, session.database.lower()


def seen(instance, sight):
    everything, offline, _, current = sight
    for database in instance.databases:
        own = database.name.lower() in ("master", "tempdb", current)
        if own or everything and (offline or database.state != "OFFLINE"):
            yield database


# --------------------------------------------------------------------------------------------------------- databases ----

STATES = {"ONLINE": 0, "RESTORING": 1, "RECOVERING": 2, "RECOVERY_PENDING": 3, "SUSPECT": 4, "EMERGENCY": 5, "OFFLINE": 6}
MODELS = {"FULL": 1, "BULK_LOGGED": 2, "SIMPLE": 3}
ACCESS = {"MULTI_USER": 0, "SINGLE_USER": 1, "RESTRICTED_USER": 2}


@view("sys.databases", """name:sysname database_id:int source_database_id:int owner_sid:varbinary(85) create_date:datetime
compatibility_level:tinyint collation_name:sysname user_access:tinyint user_access_desc:nvarchar(60) is_read_only:bit=0
is_auto_close_on:bit=0 is_auto_shrink_on:bit=0 state:tinyint state_desc:nvarchar(60) is_in_standby:bit=0 is_cleanly_shutdown:bit=0
is_supplemental_logging_enabled:bit=0 snapshot_isolation_state:tinyint=0 snapshot_isolation_state_desc:nvarchar(60)=OFF
is_read_committed_snapshot_on:bit=0 recovery_model:tinyint recovery_model_desc:nvarchar(60) page_verify_option:tinyint=2
page_verify_option_desc:nvarchar(60)=CHECKSUM is_auto_create_stats_on:bit=1 is_auto_create_stats_incremental_on:bit=0@12
is_auto_update_stats_on:bit=1 is_auto_update_stats_async_on:bit=0 is_ansi_null_default_on:bit=0 is_ansi_nulls_on:bit=0
is_ansi_padding_on:bit=0 is_ansi_warnings_on:bit=0 is_arithabort_on:bit=0 is_concat_null_yields_null_on:bit=0
is_numeric_roundabort_on:bit=0 is_quoted_identifier_on:bit=0 is_recursive_triggers_on:bit=0 is_cursor_close_on_commit_on:bit=0
is_local_cursor_default:bit=0 is_fulltext_enabled:bit=1 is_trustworthy_on:bit=0 is_db_chaining_on:bit=0
is_parameterization_forced:bit=0 is_master_key_encrypted_by_server:bit=0 is_query_store_on:bit=0@13 is_published:bit=0
is_subscribed:bit=0 is_merge_published:bit=0 is_distributor:bit=0 is_sync_with_backup:bit=0 service_broker_guid:uniqueidentifier
is_broker_enabled:bit=0 log_reuse_wait:tinyint=0 log_reuse_wait_desc:nvarchar(60)=NOTHING is_date_correlation_on:bit=0
is_cdc_enabled:bit=0 is_encrypted:bit=0 is_honor_broker_priority_on:bit=0 replica_id:uniqueidentifier@11
group_database_id:uniqueidentifier@11 resource_pool_id:int@12 default_language_lcid:smallint@11 default_language_name:nvarchar(128)@11
default_fulltext_language_lcid:int@11 default_fulltext_language_name:nvarchar(128)@11 is_nested_triggers_on:bit@11
is_transform_noise_words_on:bit@11 two_digit_year_cutoff:smallint@11 containment:tinyint=0@11 containment_desc:nvarchar(60)=NONE@11
target_recovery_time_in_seconds:int=0@11 delayed_durability:int=0@12 delayed_durability_desc:nvarchar(60)=DISABLED@12
is_memory_optimized_elevate_to_snapshot_on:bit=0@12 is_federation_member:bit=0@13 is_remote_data_archive_enabled:bit=0@13
is_mixed_page_allocation_on:bit=0@13 is_temporal_history_retention_enabled:bit=1@14 catalog_collation_type:int=0@15
catalog_collation_type_desc:nvarchar(60)=DATABASE_DEFAULT@15 physical_database_name:nvarchar(128)@15
is_result_set_caching_on:bit=0@15 is_accelerated_database_recovery_on:bit=0@15 is_tempdb_spill_to_remote_store:bit=0@15
is_stale_page_detection_on:bit=0@15 is_memory_optimized_enabled:bit=1@15 is_data_retention_enabled:bit=0@16 is_ledger_on:bit=0@16
is_change_feed_enabled:bit=0@16""", sight=databases_sight)
def databases(instance, sight):
    for one in seen(instance, sight):
        yield {"name": one.name, "database_id": one.id, "source_database_id": one.source_id, "create_date": one.created,
               "compatibility_level": one.compatibility, "collation_name": None if one.state == "OFFLINE" else instance.collation,
               "user_access": ACCESS[one.access], "user_access_desc": one.access, "is_read_only": int(one.read_only),
               "state": STATES[one.state], "state_desc": one.state, "is_in_standby": int(one.standby),
               "recovery_model": MODELS[one.recovery], "recovery_model_desc": one.recovery,
               "replica_id": one.replica_id, "group_database_id": one.group_database_id, "physical_database_name": one.name,
               "service_broker_guid": one.guid, "is_encrypted": int(one.encrypted)}


KINDS = {0: "ROWS", 1: "LOG", 2: "FILESTREAM", 4: "FULLTEXT"}


@view("sys.master_files", """database_id:int file_id:int file_guid:uniqueidentifier type:tinyint type_desc:nvarchar(60) data_space_id:int=1
name:sysname physical_name:nvarchar(260) state:tinyint=0 state_desc:nvarchar(60)=ONLINE size:int max_size:int=-1 growth:int=128
is_media_read_only:bit=0 is_read_only:bit=0 is_sparse:bit=0 is_percent_growth:bit=0 is_name_reserved:bit=0 create_lsn:numeric(25,0)
drop_lsn:numeric(25,0) read_only_lsn:numeric(25,0) read_write_lsn:numeric(25,0) differential_base_lsn:numeric(25,0)
differential_base_guid:uniqueidentifier differential_base_time:datetime redo_start_lsn:numeric(25,0)
redo_start_fork_guid:uniqueidentifier redo_target_lsn:numeric(25,0) redo_target_fork_guid:uniqueidentifier backup_lsn:numeric(25,0)
credential_id:int@12""", sight=files_sight)
def master_files(instance, sight):
    for database in instance.databases if sight else []:
        yield from (file_row(database, file) for file in database.files)


def file_row(database, file):
    return {"database_id": database.id, "file_id": file.id, "file_guid": file.guid, "type": file.type, "type_desc": KINDS[file.type],
            "name": file.name, "physical_name": file.path, "size": file.pages, "is_sparse": int(database.source_id is not None),
            "data_space_id": int(file.type == 0)}


# ------------------------------------------------------------------------------------------------------------- cluster ----

@view("sys.dm_os_cluster_nodes", """NodeName:nvarchar(256) status:int=0@11 status_description:nvarchar(256)=up@11
is_current_owner:bit=0@11""", sight=state_of_server)
def cluster_nodes(instance, _):
    for name in instance.nodes:
        yield {"NodeName": name, "is_current_owner": int(name == instance.owner)}


@view("sys.dm_io_cluster_shared_drives", "DriveName:nvarchar(2)", sight=state_of_server)
def shared_drives(instance, _):
    for volume in instance.volumes:
        if not volume["csv"] and volume["path"][1:2] == ":":
            yield {"DriveName": volume["path"][0]}


@view("sys.dm_io_cluster_valid_path_names", "path_name:nvarchar(512) cluster_owner_node:nvarchar(60) is_cluster_shared_volume:bit",
      since="12", sight=state_of_server)
def valid_path_names(instance, _):
    for volume in instance.volumes:
        yield {"path_name": volume["path"], "cluster_owner_node": volume["owner"], "is_cluster_shared_volume": int(volume["csv"])}


# ------------------------------------------------------------------------------------------------------ who is connected ----

@view("sys.dm_exec_connections", """session_id:int most_recent_session_id:int connect_time:datetime net_transport:nvarchar(40)=TCP
protocol_type:nvarchar(40)=TSQL protocol_version:int=1946157060 encrypt_option:nvarchar(40)=TRUE auth_scheme:nvarchar(40)
node_affinity:smallint=0 client_net_address:varchar(48) client_tcp_port:int local_net_address:varchar(48) local_tcp_port:int
connection_id:uniqueidentifier""", sight=security_of_server)
def connections(instance, _):
    yield {"session_id": 51, "most_recent_session_id": 51, "connect_time": instance.utc_text(), "auth_scheme": "SQL",
           "local_tcp_port": instance.settings.get("port")}


@view("sys.dm_os_host_info", """host_platform:nvarchar(256)=Windows host_distribution:nvarchar(256) host_release:nvarchar(256)
host_service_pack_level:nvarchar(256) host_sku:int=7 os_language_version:int=1033""", since="14", sight=state_of_server)
def host_info(instance, _):
    yield {"host_distribution": "Windows Server 2016 Standard", "host_release": "10.0", "host_service_pack_level": ""}


@view("sys.dm_os_windows_info", """windows_release:nvarchar(256)=6.2 windows_service_pack_level:nvarchar(256) windows_sku:int=7
os_language_version:int=1033""", since="10.50.2500", sight=state_of_server)
def windows_info(instance, _):
    yield {"windows_service_pack_level": ""}


@view("sys.dm_os_sys_info", """cpu_count:int=4 physical_memory_in_bytes:bigint sqlserver_start_time:datetime
physical_memory_kb:bigint=8388608@11""", sight=state_of_server)
def system_info(instance, _):
    yield {"sqlserver_start_time": instance.utc_text(), "physical_memory_in_bytes": 8589934592}


# --------------------------------------------------------------------------------------------------------- of a database ----

@view("sys.configurations", "configuration_id:int name:nvarchar(35) value:sql_variant minimum:sql_variant maximum:sql_variant "
      "value_in_use:sql_variant description:nvarchar(255) is_dynamic:bit=1 is_advanced:bit=0")
def configurations(instance, _):
    for number, name, value in ((103, "user connections", 0), (1544, "max server memory (MB)", 2147483647)):
        yield {"configuration_id": number, "name": name, "value": value, "value_in_use": value}
