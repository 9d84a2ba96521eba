"""What each database says of its own objects, and msdb's history of backups."""
import zlib

import engine_types as types
from engine_catalog import View

LOCAL = {}  # "information_schema.columns": (columns, function(instance, database, sight))
MSDB = {}


def local(name, columns, where=None):
    def keep(function):
        (LOCAL if where is None else where)[name.lower()] = View(name, columns, function)
        return function
    return keep


def number_of(database, view):
    """An object_id."""
    return zlib.crc32(f"{database.name}.{view.name}".lower().encode()) & 0x7FFFFFFF


def shown(database, sight):
    """Views and tables that a login has a right to: of others it is told nothing."""
    for key, view in database.objects.items():
        if sight(key):
            yield view, view.name.partition(".")[2]


WIDTHS = {"tinyint": 3, "smallint": 5, "int": 10, "bigint": 19}


@local("INFORMATION_SCHEMA.COLUMNS", """TABLE_CATALOG:nvarchar(128) TABLE_SCHEMA:nvarchar(128)=dbo TABLE_NAME:sysname COLUMN_NAME:sysname
ORDINAL_POSITION:int COLUMN_DEFAULT:nvarchar(4000) IS_NULLABLE:varchar(3)=YES DATA_TYPE:nvarchar(128) CHARACTER_MAXIMUM_LENGTH:int
CHARACTER_OCTET_LENGTH:int NUMERIC_PRECISION:tinyint NUMERIC_PRECISION_RADIX:smallint NUMERIC_SCALE:int DATETIME_PRECISION:smallint
CHARACTER_SET_CATALOG:sysname CHARACTER_SET_SCHEMA:sysname CHARACTER_SET_NAME:sysname COLLATION_CATALOG:sysname COLLATION_SCHEMA:sysname
COLLATION_NAME:sysname DOMAIN_CATALOG:sysname DOMAIN_SCHEMA:sysname DOMAIN_NAME:sysname""")
def schema_columns(instance, database, sight):
    for view, name in shown(database, sight):
        for at, column in enumerate(view.columns(instance.version), 1):
            row = {"TABLE_CATALOG": database.name, "TABLE_NAME": name, "COLUMN_NAME": column.name, "ORDINAL_POSITION": at,
                   "DATA_TYPE": "nvarchar" if column.type.name == "sysname" else column.type.name}
            if types.family(column.type) == "text":
                row["CHARACTER_MAXIMUM_LENGTH"], row["COLLATION_NAME"] = column.type.size, instance.collation
            elif column.type.name in WIDTHS:
                row["NUMERIC_PRECISION"], row["NUMERIC_SCALE"] = WIDTHS[column.type.name], 0
            yield row


@local("INFORMATION_SCHEMA.TABLES", "TABLE_CATALOG:nvarchar(128) TABLE_SCHEMA:sysname=dbo TABLE_NAME:sysname TABLE_TYPE:varchar(10)")
def schema_tables(_, database, sight):
    for view, name in shown(database, sight):
        yield {"TABLE_CATALOG": database.name, "TABLE_NAME": name, "TABLE_TYPE": "VIEW" if is_view(name) else "BASE TABLE"}


@local("INFORMATION_SCHEMA.VIEWS", """TABLE_CATALOG:nvarchar(128) TABLE_SCHEMA:nvarchar(128)=dbo TABLE_NAME:sysname
VIEW_DEFINITION:nvarchar(4000) CHECK_OPTION:varchar(7)=NONE IS_UPDATABLE:varchar(2)=NO""")
def schema_views(_, database, sight):
    for view, name in shown(database, sight):
        if is_view(name):
            yield {"TABLE_CATALOG": database.name, "TABLE_NAME": name}


def is_view(name):
    return name.lower().startswith("vw_")


OBJECT = """name:sysname object_id:int principal_id:int schema_id:int=1 parent_object_id:int=0 type:char(2) type_desc:nvarchar(60)
create_date:datetime modify_date:datetime is_ms_shipped:bit=0 is_published:bit=0 is_schema_published:bit=0"""


def object_row(database, view, name):
    kind = ("V ", "VIEW") if is_view(name) else ("U ", "USER_TABLE")
    return {"name": name, "object_id": number_of(database, view), "type": kind[0], "type_desc": kind[1], "create_date": database.created,
            "modify_date": database.created}


@local("sys.objects", OBJECT)
def objects(_, database, sight):
    for view, name in shown(database, sight):
        yield object_row(database, view, name)


@local("sys.tables", OBJECT)
def tables(_, database, sight):
    for view, name in shown(database, sight):
        if not is_view(name):
            yield object_row(database, view, name)


@local("sys.views", OBJECT)
def views(_, database, sight):
    for view, name in shown(database, sight):
        if is_view(name):
            yield object_row(database, view, name)


@local("sys.columns", """object_id:int name:sysname column_id:int system_type_id:tinyint user_type_id:int max_length:smallint
precision:tinyint=0 scale:tinyint=0 collation_name:sysname is_nullable:bit=1""")
def columns(instance, database, sight):
    for view, _ in shown(database, sight):
        for at, column in enumerate(view.columns(instance.version), 1):
            yield {"object_id": number_of(database, view), "name": column.name, "column_id": at}


@local("sys.schemas", "name:sysname schema_id:int principal_id:int=1")
def schemas(*_):
    for number, name in ((1, "dbo"), (2, "guest"), (3, "INFORMATION_SCHEMA"), (4, "sys")):
        yield {"name": name, "schema_id": number}


@local("sys.database_files", """file_id:int file_guid:uniqueidentifier type:tinyint type_desc:nvarchar(60) data_space_id:int name:sysname
physical_name:nvarchar(260) state:tinyint=0 state_desc:nvarchar(60)=ONLINE size:int max_size:int=-1 growth:int=128 is_media_read_only:bit=0
is_read_only:bit=0 is_sparse:bit=0 is_percent_growth:bit=0 is_name_reserved:bit=0""")
def database_files(_, database, __):
    from engine_catalog import file_row
    for file in database.files:
        row = file_row(database, file)
        del row["database_id"]
        yield row


# ---------------------------------------------------------------------------------------------------------------- msdb ----

@local("dbo.backupset", """backup_set_id:int backup_set_uuid:uniqueidentifier media_set_id:int first_family_number:tinyint=1
first_media_number:smallint=1 last_family_number:tinyint=1 last_media_number:smallint=1 catalog_family_number:tinyint
catalog_media_number:smallint position:int=1 expiration_date:datetime software_vendor_id:int=4608 name:nvarchar(128)
description:nvarchar(255) user_name:nvarchar(128) software_major_version:tinyint software_minor_version:tinyint
software_build_version:smallint time_zone:smallint mtf_minor_version:tinyint=0 first_lsn:numeric(25,0) last_lsn:numeric(25,0)
checkpoint_lsn:numeric(25,0) database_backup_lsn:numeric(25,0) database_creation_date:datetime backup_start_date:datetime
backup_finish_date:datetime type:char(1) sort_order:smallint=52 code_page:smallint=0 compatibility_level:tinyint database_version:int
backup_size:numeric(20,0) database_name:nvarchar(128) server_name:nvarchar(128) machine_name:nvarchar(128) flags:int=512
unicode_locale:int=1033 unicode_compare_style:int=196609 collation_name:nvarchar(128) is_password_protected:bit=0
recovery_model:nvarchar(60) has_bulk_logged_data:bit=0 is_snapshot:bit=0 is_readonly:bit=0 is_single_user:bit=0
has_backup_checksums:bit=0 is_damaged:bit=0 begins_log_chain:bit=0 has_incomplete_metadata:bit=0 is_force_offline:bit=0
is_copy_only:bit=0 first_recovery_fork_guid:uniqueidentifier last_recovery_fork_guid:uniqueidentifier fork_point_lsn:numeric(25,0)
database_guid:uniqueidentifier family_guid:uniqueidentifier differential_base_lsn:numeric(25,0)
differential_base_guid:uniqueidentifier compressed_backup_size:numeric(20,0) key_algorithm:nvarchar(32)@12
encryptor_thumbprint:varbinary(20)@12 encryptor_type:nvarchar(32)@12 last_valid_restore_time:datetime@16
compression_algorithm:nvarchar(32)@16""", MSDB)
def backupset(instance, _):
    number = 0
    for database in instance.databases:
        for one in database.backups:
            number += 1
            yield {"backup_set_id": number, "media_set_id": number, "time_zone": instance.time_zone, "type": one.type,
                   "database_name": database.name, "server_name": one.server or instance.server_name,
                   "machine_name": instance.machine, "database_creation_date": one.creation or database.created,
                   "backup_start_date": one.finish, "backup_finish_date": one.finish, "is_copy_only": int(one.copy_only),
                   "is_snapshot": int(one.snapshot), "backup_size": one.size, "compressed_backup_size": one.size,
                   "recovery_model": database.recovery, "database_guid": database.guid, "user_name": "CORP\\backup",
                   "compatibility_level": database.compatibility, "collation_name": instance.collation,
                   "backup_set_uuid": database.guid, "software_major_version": instance.version.major}


@local("dbo.backupmediafamily", """media_set_id:int family_sequence_number:tinyint=1 media_family_id:uniqueidentifier media_count:int=1
logical_device_name:nvarchar(128) physical_device_name:nvarchar(260) device_type:tinyint=2 physical_block_size:int=512 mirror:tinyint=0""",
       MSDB)
def backupmediafamily(instance, _):
    number = 0
    for database in instance.databases:
        for one in database.backups:
            number += 1
            yield {"media_set_id": number, "device_type": 7 if one.snapshot else 2,
                   "physical_device_name": rf"E:\Backup\{database.name}.bak"}
