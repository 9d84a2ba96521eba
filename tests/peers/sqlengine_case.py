"""What tests of the engine of sqlpeer share: instances as they are told of, what scans ask of them, and how to ask without a network."""
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "sqlpeer"), str(HERE)]

import fleet as fleets  # noqa: E402
from result import SqlError  # noqa: E402

YEARS = ["2008", "2008 R2", "2012", "2014", "2016", "2017", "2019", "2022"]
NOW = "2026-11-22T20:00:00"
GRANTS = ["VIEW SERVER STATE", "VIEW ANY DEFINITION", "msdb.dbo.backupset"]
STATEMENTS = {  # what a scan asks: (first year, statement)
    "product": ("2008", "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS version, "
                "CAST(SERVERPROPERTY('ProductLevel') AS nvarchar(128)) AS level, "
                "CAST(SERVERPROPERTY('EngineEdition') AS int) AS engine, CAST(SERVERPROPERTY('IsClustered') AS int) AS "
                "in_cluster, CAST(SERVERPROPERTY('IsHadrEnabled') AS int) AS hadr, CAST(@@VERSION AS nvarchar(400)) AS words"),
    "rights": ("2008", "SELECT CAST(IS_SRVROLEMEMBER('sysadmin') AS int) AS admin, "
               "CAST(HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') AS int) AS state, "
               "CAST(HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION') AS int) AS definition, "
               "CAST(HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE') AS int) AS any_database, "
               "CAST(HAS_PERMS_BY_NAME('msdb.dbo.backupset', 'OBJECT', 'SELECT') AS int) AS history"),
    "databases": ("2008", "SELECT d.database_id, d.name, CONVERT(varchar(33), d.create_date, 126) AS created, "
                  "CAST(d.state AS int) AS state, d.state_desc, d.recovery_model_desc, d.source_database_id, "
                  "CAST(d.compatibility_level AS int) AS compat FROM sys.databases d ORDER BY d.database_id"),
    "files": ("2008", "SELECT f.database_id, f.physical_name, CAST(f.size AS bigint) * 8192 AS bytes "
              "FROM sys.master_files f ORDER BY f.database_id, f.file_id"),
    "backups": ("2008", "SELECT b.database_name, b.type, CAST(b.is_copy_only AS int) AS copied, CONVERT(varchar(33), "
                "MAX(b.backup_finish_date), 126) AS finished FROM msdb.dbo.backupset b WHERE b.backup_finish_date IS NOT NULL "
                "GROUP BY b.database_name, b.type, b.is_copy_only ORDER BY b.database_name, b.type, copied"),
    "nodes": ("2008", "SELECT n.NodeName FROM sys.dm_os_cluster_nodes n"),
    "drives": ("2008", "SELECT DriveName FROM sys.dm_io_cluster_shared_drives"),
    "groups": ("2012", "SELECT ag.name AS ag_name, ar.replica_server_name, ar.availability_mode_desc FROM "
               "sys.availability_groups ag JOIN sys.availability_replicas ar ON ar.group_id = ag.group_id"),
    "members": ("2012", "SELECT d.name, CONVERT(varchar(36), d.replica_id) AS replica, CONVERT(varchar(36), "
                "d.group_database_id) AS member FROM sys.databases d WHERE d.replica_id IS NOT NULL"),
    "roles": ("2012", "SELECT role_desc, is_local FROM sys.dm_hadr_availability_replica_states"),
    "paths": ("2014", "SELECT p.path_name, p.cluster_owner_node, CAST(p.is_cluster_shared_volume AS int) AS shared "
              "FROM sys.dm_io_cluster_valid_path_names p"),
    "basic": ("2016", "SELECT basic_features, is_distributed FROM sys.availability_groups"),
    "platform": ("2017", "SELECT host_platform FROM sys.dm_os_host_info"),
}
CSV = "C:\\ClusterStorage\\Volume1\\"
DATABASES = ["Sales", {"name": "Shared", "folder": CSV + "Data", "recovery": "SIMPLE",
                       "backups": {"full": "-2d", "diff": "-1d", "log": "-1h", "copy_only": "-3h"}},
             {"name": "Sleeps", "state": "OFFLINE"}, {"name": "Sales_snap", "source": "Sales", "read_only": True}]
CLUSTER = {"nodes": ["n1", "n2"], "owner": "n2", "volumes": [CSV, "Q:\\"]}


def one(version="2016 SP2", **settings):
    """A fleet with one instance."""
    told = {"version": version, "databases": DATABASES, "cluster": CLUSTER, "now": NOW, **settings}
    return fleets.Fleet({"hosts": [{"name": "sql1.corp.example", "instances": [told]}]})


def instance_of(fleet, host="sql1.corp.example", name="MSSQLSERVER"):
    return fleet.hosts[host].instances[name]
DPM = {"server": "mabs1.corp.example", "version": "13.0.415.0", "patches": ["13.0.580.0"],
       "groups": ["Files", {"name": "Long", "disk": False, "tape": True}],
       "computers": [{"name": "SCVMM web Resources.clu.corp.example", "resource_group": True},
                     {"name": "vc1.corp.example", "proxy": True}, {"name": "old.corp.example", "agent": "12.0.332.0"}],
       "sources": [
           {"type": "volume", "computer": "fs1.corp.example", "name": "D:\\", "group": "Files", "points": 5, "last": "-3h",
            "failed": "-1h"},
           {"type": "system", "computer": "fs1.corp.example", "group": "Files", "components": ["System State", "Bare Metal Recovery"]},
           ["sql", "sql1.corp.example", "SQL1\\Sales", "SQL"],
           {"type": "sql", "computer": "sql1.corp.example", "name": "SQL1\\Forgotten"},
           {"type": "sql", "computer": "sql1.corp.example", "name": "SQL1\\Left", "group": "SQL", "state": "inactive", "valid_to": "-60d"},
           {"type": "sql", "computer": "sql1.corp.example", "name": "SQL1\\Stopped", "group": "SQL", "state": "stopped"},
           {"type": "hyperv", "computer": "SCVMM web Resources.clu.corp.example", "name": "\\Online\\web", "group": "VMs",
            "guid": "0A1B2C3D-0000-4000-8000-000000000001"},
           ["vmware", "vc1.corp.example", "app1", "VMs"], ["sharepoint", "sp1.corp.example", "SharePoint Farm\\SP", "Farm"],
           ["exchange", "ex1.corp.example", "Mailbox Database 01", "Mail"],
           {"type": "volume", "computer": "old.corp.example", "name": "C:\\", "group": "Files", "last": "-40d", "points": 1}]}


class Case(unittest.TestCase):
    def session(self, version="2016 SP2", **settings):
        return instance_of(one(version, **settings)).login("scan", "right")

    def rows(self, session, statement):
        results = [one for one in session.execute(statement) if one.columns]
        self.assertEqual(len(results), 1, statement)
        return results[0].rows

    def value(self, session, expression):
        return self.rows(session, f"SELECT {expression} AS v")[0][0]

    def fails(self, number, session, statement):
        with self.assertRaises(SqlError, msg=statement) as caught:
            session.execute(statement)
        self.assertEqual(caught.exception.number, number, f"{statement}: {caught.exception.text}")
        return caught.exception
