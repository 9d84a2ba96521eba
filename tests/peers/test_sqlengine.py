#!/usr/bin/python3
"""What simulated instances of SQL Server answer, without any network: each version, each right that lacks, each form of
T-SQL that scans use, and what SQL Server refuses. Expectations are those of the documents that sqlpeer's files name, not
of its code."""
import collections
import datetime
import json
import pathlib
import sys
import unittest
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "sqlpeer"), str(HERE)]

import commands  # noqa: E402
import engine_commands  # noqa: E402, F401: adds to commands.COMMANDS
import fleet as fleets  # noqa: E402
from engine_versions import BUILDS, version_of  # noqa: E402
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


class Versions(Case):
    def test_a_statement_is_answered_from_its_first_version_on_and_refused_before(self):
        for year in YEARS:
            session = self.session(year)
            for name, (since, statement) in STATEMENTS.items():
                with self.subTest(year=year, name=name):
                    if YEARS.index(year) >= YEARS.index(since):
                        session.execute(statement)
                        continue
                    with self.assertRaises(SqlError) as caught:
                        session.execute(statement)
                    self.assertIn(caught.exception.number, (207, 208))

    def test_a_column_that_came_later_is_error_207_and_a_view_that_came_later_208(self):
        self.assertEqual(self.fails(207, self.session("2008 R2 SP3"), STATEMENTS["members"][1]).text,
                         "Invalid column name 'replica_id'.")
        self.assertEqual(self.fails(208, self.session("2012 SP4"), STATEMENTS["paths"][1]).text,
                         "Invalid object name 'sys.dm_io_cluster_valid_path_names'.")

    def test_each_level_has_its_build(self):
        for year, levels in BUILDS.items():
            for level, build in levels.items():
                version = version_of(f"{year} {level}")
                self.assertEqual(version.build, build)
                self.assertEqual((version.level, version.update),
                                 ("RTM", level) if level.startswith("CU") else (level, None))
                self.assertEqual(version_of(build), version)
                self.assertEqual(version_of(f"{year} {level}".lower().replace(" ", "-")), version)

    def test_a_build_between_two_levels_is_that_before(self):
        version = version_of("11.0.5600.0")
        self.assertEqual((version.year, version.level, version.build), ("2012", "SP2", "11.0.5600.0"))
        for words in ("1999", "2012 SP9", "99.0.1.0"):
            self.assertRaises(ValueError, version_of, words)

    def test_properties_that_a_version_lacks_are_null_and_no_error(self):
        def asked(version):
            return self.rows(self.session(version), STATEMENTS["product"][1])[0][:5]

        self.assertEqual(asked("2008 SP4"), ("10.0.6000.29", "SP4", 2, 1, None))
        self.assertEqual(asked("2012 SP2"), ("11.0.5058.0", "SP2", 2, 1, 0))
        for version, update in (("2012 SP2", None), ("2014", None), ("2017 CU31", "CU31"), ("2019", None)):
            self.assertEqual(self.value(self.session(version),
                                        "CAST(SERVERPROPERTY('ProductUpdateLevel') AS nvarchar(128))"), update)
        self.assertIsNone(self.value(self.session(), "SERVERPROPERTY('NoSuchThing')"))

    def test_guards_keep_an_old_version_from_compiling_what_it_lacks(self):
        old = self.session("2008 SP3")
        inner = STATEMENTS["members"][1]
        self.assertEqual(old.execute(f"IF OBJECT_ID('sys.availability_groups') IS NOT NULL EXEC('{inner}')"), [])
        # Without EXEC the column is looked up when the batch is compiled; an object that is not there waits.
        self.fails(207, old, f"IF OBJECT_ID('sys.availability_groups') IS NOT NULL {inner}")
        self.assertEqual(old.execute(f"IF OBJECT_ID('sys.availability_groups') IS NOT NULL {STATEMENTS['groups'][1]}"), [])
        self.assertEqual(len(self.session("2012").execute(
            f"IF OBJECT_ID('sys.availability_groups') IS NOT NULL EXEC('{inner}')")), 1)

    def test_functions_have_their_first_version_too(self):
        for words in ("CONCAT('a', 'b')", "TRY_CONVERT(int, 'x')", "IIF(1 = 1, 1, 2)"):
            self.fails(195, self.session("2008 R2"), f"SELECT {words} AS v")
            self.session("2012").execute(f"SELECT {words} AS v")
        self.fails(195, self.session("2016 SP3"), "SELECT TRIM(' a ') AS v")
        self.assertEqual(self.value(self.session("2017"), "TRIM(' a ')"), "a")
        self.fails(102, self.session("2008"), "SELECT name FROM sys.databases ORDER BY name OFFSET 1 ROWS")
        self.assertEqual(len(self.rows(self.session("2012"), "SELECT name FROM sys.databases ORDER BY name "
                                       "OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY")), 2)

    def test_version_text_names_level_build_and_edition(self):
        text = self.value(self.session("2012 SP2", edition="enterprise"), "@@VERSION")
        self.assertTrue(text.startswith("Microsoft SQL Server 2012 (SP2) - 11.0.5058.0 (X64) \n\t"), text)
        self.assertIn("Enterprise Edition (64-bit) on Windows NT", text)

    def test_editions_have_their_engine(self):
        for word, engine in (("standard", 2), ("Enterprise", 3), ("express", 4), ("azure", 5), ("managed instance", 8)):
            self.assertEqual(self.value(self.session(edition=word), "CAST(SERVERPROPERTY('EngineEdition') AS int)"), engine)


class Holdings(Case):
    def test_databases_are_as_told(self):
        rows = {row[1]: row for row in self.rows(self.session(logins={"scan": {
            "password": "right", "rights": ["ALTER ANY DATABASE"]}}), STATEMENTS["databases"][1])}
        self.assertEqual(list(rows), ["master", "tempdb", "model", "msdb", "Sales", "Shared", "Sleeps", "Sales_snap"])
        self.assertEqual(rows["Sales"][2:], ("2015-03-01T09:30:00", 0, "ONLINE", "FULL", None, 130))
        self.assertEqual(rows["Shared"][5], "SIMPLE")
        self.assertEqual(rows["Sleeps"][3:5], (6, "OFFLINE"))
        self.assertEqual(rows["Sales_snap"][6], rows["Sales"][0])

    def test_files_lie_where_they_are_told_to(self):
        rows = [row for row in self.rows(self.session(), STATEMENTS["files"][1]) if row[0] == 6]
        self.assertEqual(rows, [(6, CSV + "Data\\Shared.mdf", 100 << 20), (6, CSV + "Data\\Shared_log.ldf", 100 << 20)])

    def test_backups_are_told_by_kind_in_local_time(self):
        rows = self.rows(self.session(utc_offset=120), STATEMENTS["backups"][1])
        self.assertEqual([row for row in rows if row[0] == "Shared"],
                         [("Shared", "D", 0, "2026-11-20T22:00:00"), ("Shared", "D", 1, "2026-11-22T19:00:00"),
                          ("Shared", "I", 0, "2026-11-21T22:00:00"), ("Shared", "L", 0, "2026-11-22T21:00:00")])
        self.assertEqual(self.rows(self.session(utc_offset=-90), "SELECT DISTINCT time_zone, DATEDIFF(minute, GETUTCDATE(), "
                                   "GETDATE()) AS minutes FROM msdb.dbo.backupset"), [(-6, -90)])

    def test_a_failover_cluster_instance_tells_its_nodes_and_volumes(self):
        session = self.session("2014 SP1")
        self.assertEqual(self.rows(session, STATEMENTS["nodes"][1]), [("n1",), ("n2",)])
        self.assertEqual(self.rows(session, STATEMENTS["paths"][1]), [(CSV, "n2", 1), ("Q:\\", "n2", 0)])
        self.assertEqual(self.rows(session, STATEMENTS["drives"][1]), [("Q",)])
        self.assertEqual(self.value(session, "CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128))"), "N2")
        alone = self.session("2014 SP1", cluster=None)
        self.assertEqual([self.rows(alone, STATEMENTS[name][1]) for name in ("nodes", "paths", "drives")], [[], [], []])

    def test_an_availability_group_is_the_same_from_each_replica(self):
        fleet = fleets.Fleet({"hosts": [
            {"name": "sql1.corp.example", "instances": [{"version": "2016", "databases": ["Sales", "Own"]}]},
            {"name": "sql2.corp.example", "instances": [{"name": "B", "version": "2016", "databases": ["Sales"]}]}],
            "groups": [{"name": "AG1", "replicas": ["SQL1", {"server": "SQL2\\B", "mode": "ASYNCHRONOUS_COMMIT"}],
                        "databases": ["Sales"], "listener": "ag1"}]})
        first = instance_of(fleet).login("scan", "right")
        second = instance_of(fleet, "sql2.corp.example", "B").login("scan", "right")
        groups = [self.rows(session, STATEMENTS["groups"][1]) for session in (first, second)]
        self.assertEqual(groups[0], groups[1])
        self.assertEqual(groups[0], [("AG1", "SQL1", "SYNCHRONOUS_COMMIT"), ("AG1", "SQL2\\B", "ASYNCHRONOUS_COMMIT")])
        members = [self.rows(session, STATEMENTS["members"][1]) for session in (first, second)]
        self.assertEqual([[row[0] for row in rows] for rows in members], [["Sales"], ["Sales"]])
        self.assertEqual(members[0][0][2], members[1][0][2])
        self.assertNotEqual(members[0][0][1], members[1][0][1])
        self.assertEqual(self.rows(first, STATEMENTS["roles"][1]), [("PRIMARY", 1), ("SECONDARY", 0)])
        self.assertEqual(self.rows(second, STATEMENTS["roles"][1]), [("SECONDARY", 1)])
        self.assertEqual(self.value(first, "CAST(SERVERPROPERTY('IsHadrEnabled') AS int)"), 1)
        self.assertEqual(self.rows(first, "SELECT dns_name FROM sys.availability_group_listeners"), [("ag1",)])

    def test_a_named_instance_says_its_name(self):
        fleet = fleets.Fleet({"hosts": [{"name": "sql1.corp.example", "instances": {"REPORTS": "2012"}}]})
        session = instance_of(fleet, name="REPORTS").login("scan", "right")
        self.assertEqual(self.rows(session, "SELECT CAST(SERVERPROPERTY('ServerName') AS nvarchar(256)) AS a, "
                                   "CAST(SERVERPROPERTY('InstanceName') AS nvarchar(128)) AS b, @@SERVERNAME AS c"),
                         [("SQL1\\REPORTS", "REPORTS", "SQL1\\REPORTS")])
        self.assertIsNone(self.value(self.session(), "CAST(SERVERPROPERTY('InstanceName') AS nvarchar(128))"))

    def test_many_databases_are_told_in_a_word(self):
        session = self.session(databases=[{"name": "app", "count": 500, "folder#": [CSV, "D:\\Data"]}])
        self.assertEqual(self.rows(session, "SELECT COUNT(DISTINCT database_id) AS n FROM sys.master_files WHERE physical_name "
                                   "LIKE '_:\\ClusterStorage\\%'"), [(250,)])

    def test_many_hosts_and_instances_are_told_in_a_word(self):
        fleet = fleets.Fleet({"hosts": [{"name": "sql", "count": 3, "address": "127.0.3.254+", "instances": [
            {"name": "I", "count": 2, "version": "2014"}]}]})
        self.assertEqual([(host.name, host.address, list(host.instances)) for host in fleet.hosts.values()], [
            ("sql0001", "127.0.3.254", ["I0001", "I0002"]), ("sql0002", "127.0.3.255", ["I0001", "I0002"]),
            ("sql0003", "127.0.4.0", ["I0001", "I0002"])])

    def test_a_fleet_that_makes_no_sense_is_refused(self):
        for settings in ({"databases": ["a", "A"]}, {"version": "2031"}, {"databases": [{"name": "a", "colour": 1}]}):
            with self.assertRaises(ValueError):
                one(**{"version": "2016", **settings})


class Rights(Case):
    def limited(self, *rights, version="2016 SP2", denied=(), **settings):
        return self.session(version, logins={"scan": {"password": "right", "rights": rights, "denied": denied}}, **settings)

    def test_what_may_be_seen_is_told_before_it_is_asked_for(self):
        for version in YEARS:
            session = self.limited(*GRANTS, version=version)
            self.assertEqual(self.rows(session, STATEMENTS["rights"][1]), [(0, 1, 1, 1, 1)])
            self.assertEqual(self.rows(self.limited(version=version), STATEMENTS["rights"][1]), [(0, 0, 0, 1, 0)])
        self.assertEqual(self.rows(self.session(logins={"scan": {"password": "right", "sysadmin": True}}),
                                   STATEMENTS["rights"][1]), [(1, 1, 1, 1, 1)])

    def test_a_right_that_a_version_does_not_know_is_null(self):
        words = "HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE')"
        self.assertIsNone(self.value(self.session("2019"), words))
        self.assertEqual(self.value(self.session("2022"), words), 1)  # covered by VIEW SERVER STATE
        self.assertEqual(self.value(self.limited(version="2022"), words), 0)

    def test_without_view_server_state_its_views_are_denied(self):
        for version in ("2008", "2014", "2019"):
            for name in ("nodes", "drives"):
                failed = self.fails(297, self.limited("VIEW ANY DEFINITION", version=version), STATEMENTS[name][1])
                self.assertEqual([(one.number, one.text) for one in failed.before],
                                 [(300, "VIEW SERVER STATE permission was denied on object 'server', database 'master'.")])

    def test_2022_asks_for_rights_of_its_own(self):
        failed = self.fails(297, self.limited(version="2022"), STATEMENTS["nodes"][1])
        self.assertIn("VIEW SERVER PERFORMANCE STATE", failed.before[0].text)
        self.limited("VIEW SERVER PERFORMANCE STATE", version="2022").execute(STATEMENTS["nodes"][1])
        self.fails(297, self.limited("VIEW SERVER PERFORMANCE STATE", version="2022"),
                   "SELECT encrypt_option FROM sys.dm_exec_connections")
        self.fails(297, self.limited("VIEW SERVER PERFORMANCE STATE", version="2019"), STATEMENTS["nodes"][1])

    def test_without_view_any_definition_rows_are_missing_and_nothing_is_said(self):
        fleet = fleets.Fleet({"hosts": [{"name": "sql1.corp.example", "instances": [{"version": "2016", "databases": ["Sales"]}]}],
                              "groups": [{"name": "AG1", "replicas": ["SQL1"], "databases": ["Sales"]}],
                              "logins": {"scan": {"password": "right", "rights": ["VIEW SERVER STATE"]}}})
        session = instance_of(fleet).login("scan", "right")
        self.assertEqual(self.rows(session, STATEMENTS["files"][1]), [])
        self.assertEqual(self.rows(session, STATEMENTS["groups"][1]), [])
        self.assertEqual(len(self.rows(session, STATEMENTS["members"][1])), 1)  # sys.databases tells it all the same
        for right in ("VIEW ANY DEFINITION", "ALTER ANY DATABASE", "CREATE ANY DATABASE"):
            self.assertNotEqual(self.rows(self.limited(right), STATEMENTS["files"][1]), [], right)

    def test_databases_that_are_offline_need_more_than_to_view_any(self):
        def names(*rights, **more):
            return [row[1] for row in self.rows(self.limited(*rights, **more), STATEMENTS["databases"][1])][4:]

        self.assertEqual(names(), ["Sales", "Shared", "Sales_snap"])
        self.assertEqual(names("VIEW ANY DEFINITION"), ["Sales", "Shared", "Sales_snap"])
        self.assertEqual(names("CREATE ANY DATABASE"), ["Sales", "Shared", "Sleeps", "Sales_snap"])
        self.assertEqual(self.rows(self.limited(denied=["VIEW ANY DATABASE"]), "SELECT name FROM sys.databases"),
                         [("master",), ("tempdb",)])

    def test_the_history_of_backups_needs_a_right_in_msdb(self):
        failed = self.fails(229, self.limited(), STATEMENTS["backups"][1])
        self.assertEqual((failed.grade, failed.text),
                         (14, "The SELECT permission was denied on the object 'backupset', database 'msdb', schema 'dbo'."))
        failed = self.fails(916, self.limited(no_guest=True), STATEMENTS["backups"][1])
        self.assertIn('"scan" is not able to access the database "msdb"', failed.text)
        self.limited("msdb.dbo.backupset", no_guest=True).execute(STATEMENTS["backups"][1])

    def test_a_fault_that_is_told_comes_when_the_statement_runs(self):
        session = self.session(faults={"sys.master_files": 371})
        failed = self.fails(371, session, "SELECT 1 AS a; " + STATEMENTS["files"][1])
        self.assertEqual([one.rows for one in failed.results], [[(1,)]])
        self.rows(session, STATEMENTS["databases"][1])

    def test_a_database_is_entered_by_its_users_alone(self):
        session = self.limited("Sales.")
        self.fails(916, session, "USE Shared")
        self.fails(911, session, "USE Nowhere")
        self.assertEqual(self.rows(session, "USE Sales SELECT DB_NAME() AS d"), [("Sales",)])
        self.assertEqual(session.database, "Sales")
        self.fails(942, self.session(logins={"scan": {"password": "right", "sysadmin": True}}), "USE Sleeps")
        self.assertEqual(self.rows(session, "SELECT HAS_DBACCESS('Sales') AS a, HAS_DBACCESS('Shared') AS b, "
                                   "HAS_DBACCESS('Nowhere') AS c"), [(1, 0, None)])


class Logins(Case):
    def refused(self, user, password, database="", **logins):
        with self.assertRaises(SqlError) as caught:
            instance_of(one(logins=logins or {"scan": {"password": "right"}})).login(user, password, database)
        return caught.exception

    def test_a_wrong_password_and_no_such_login_look_alike(self):
        for user, password in (("scan", "wrong"), ("nobody", "right"), ("scan", "")):
            failed = self.refused(user, password)
            self.assertEqual((failed.number, failed.grade, failed.text), (18456, 14, f"Login failed for user '{user}'."))

    def test_states_of_a_login_have_their_numbers(self):
        for state, number in (("disabled", 18470), ("locked", 18486), ("expired", 18487), ("must change", 18488),
                              ("untrusted", 18452), ("upgrade", 18401), ("paused", 17142), ("single user", 18461)):
            failed = self.refused("scan", "right", scan={"password": "right", "state": state})
            self.assertEqual(failed.number, number)

    def test_too_many_wrong_passwords_lock_an_account(self):
        instance = instance_of(one(logins={"scan": {"password": "right", "lockout": 3}}))
        numbers = []
        for password in ("a", "b", "c", "right"):
            with self.assertRaises(SqlError) as caught:
                instance.login("scan", password)
            numbers.append(caught.exception.number)
        self.assertEqual(numbers, [18456, 18456, 18456, 18486])

    def test_a_database_that_can_not_be_opened_fails_the_login(self):
        for database in ("Nowhere", "Sleeps", "Sales"):  # not there, offline, no user of it
            failed = self.refused("scan", "right", database)
            self.assertEqual([failed.number] + [one.number for one in failed.before], [18456, 4060])
            self.assertIn(f'"{database}"', failed.before[0].text)

    def test_who_is_proven_otherwise_has_the_rights_of_his_login(self):
        instance = instance_of(one(logins={"CORP\\scan": {}, "other": {"password": "p", "rights": []}}))
        self.assertEqual(instance.login("CORP\\scan", None).name, "CORP\\scan")
        self.assertEqual(instance.login("scan@CORP.EXAMPLE", None).name, "CORP\\scan")
        self.assertEqual(instance.login("corp\\other", None).name, "CORP\\other")
        for user, password in (("CORP\\scan", "right"), ("EVIL\\nobody", None), ("nobody@CORP.EXAMPLE", None)):
            with self.assertRaises(SqlError):
                instance.login(user, password)


class Language(Case):
    def test_what_other_databases_take_is_refused(self):
        session = self.session()
        for number, statement in (
                (102, "SELECT name FROM sys.databases LIMIT 1"), (102, "SELECT 'a' || 'b' AS v"),
                (102, "SELECT name = 'master' FROM sys.databases WHERE database_id == 1"),
                (156, "SELECT name AS user FROM sys.databases"), (156, "SELECT 1 AS key"), (195, "SELECT SUBSTR('a', 1) AS v"),
                (195, "SELECT IFNULL(NULL, 1) AS v"), (207, "SELECT TRUE AS v"), (102, "SELECT (1 = 1) AS v"),
                (4145, "SELECT 1 AS v WHERE 1"), (102, "SELECT * FROM (SELECT 1 AS v)"), (8155, "SELECT * FROM (SELECT 1) AS t"),
                (105, "SELECT 'open"), (105, "SELECT [open"), (113, "SELECT 1 /* open"), (102, "SELECT"), (102, "SELECT 1,"),
                (137, "SELECT @name AS v"), (137, "SELECT @@nothing AS v"), (2812, "EXEC sp_nothing"),
                (195, "SELECT group_concat(name) AS v FROM sys.databases"), (7202, "SELECT 1 AS v FROM far.db.dbo.t"),
                (8120, "SELECT name, COUNT(*) AS n FROM sys.databases"),
                (8120, "SELECT state_desc, name FROM sys.databases GROUP BY state_desc"),
                (209, "SELECT name FROM sys.databases a JOIN sys.databases b ON a.database_id = b.database_id"),
                (4104, "SELECT x.name FROM sys.databases d"), (207, "SELECT d.nam FROM sys.databases d"),
                (1011, "SELECT 1 AS v FROM sys.databases d, sys.master_files d"), (208, "SELECT 1 AS v FROM databases"),
                (145, "SELECT DISTINCT name FROM sys.databases ORDER BY database_id"),
                (1033, "SELECT v FROM (SELECT 1 AS v ORDER BY 1) AS t"), (174, "SELECT LEN('a', 'b') AS v"),
                (205, "SELECT 1 AS a UNION SELECT 1, 2"), (243, "SELECT CAST(1 AS number) AS v"),
                (147, "SELECT 1 AS v FROM sys.databases WHERE COUNT(*) > 1"), (155, "SELECT DATEDIFF(moons, GETDATE(), GETDATE()) AS v"),
                (4104, "SELECT databases.name FROM sys.databases d")):
            with self.subTest(statement=statement):
                self.fails(number, session, statement)

    def test_writes_are_refused(self):
        for statement in ("DELETE FROM msdb.dbo.backupset", "DROP DATABASE Sales", "SELECT 1 AS a INTO t", "GRANT CONTROL SERVER TO scan"):
            self.fails(50000, self.session(logins={"scan": {"password": "right", "sysadmin": True}}), statement)

    def test_an_error_of_compiling_comes_before_the_first_result_and_one_of_running_after_it(self):
        session = self.session()
        self.assertEqual(self.fails(207, session, "SELECT 1 AS a; SELECT nix FROM sys.databases").results, [])
        self.assertEqual(self.fails(102, session, "SELECT 1 AS a; SELECT 1 1").results, [])
        failed = self.fails(208, session, "SELECT 1 AS a; SELECT nix FROM dbo.nothing; SELECT 2 AS b")
        self.assertEqual([one.rows for one in failed.results], [[(1,)]])
        failed = self.fails(8134, session, "EXEC('SELECT 1 AS a; SELECT 1 / 0 AS b')")
        self.assertEqual([one.rows for one in failed.results], [[(1,)]])

    def test_names_are_found_however_they_are_written(self):
        session = self.session()
        for statement in ("SELECT name FROM sys.databases WHERE database_id = 1", "select NAME from SYS.DATABASES where DATABASE_ID=1",
                          "SELECT [name] FROM [sys].[databases] WHERE [database_id] = 1", "SELECT databases.name FROM sys.databases "
                          "WHERE sys.databases.database_id = 1", "SELECT d.name FROM master.sys.databases AS d WITH (NOLOCK) WHERE "
                          "d.database_id = 1", 'SELECT "name" FROM master.sys."databases" WHERE database_id = 1 OPTION (RECOMPILE)',
                          "SET NOCOUNT ON; SELECT name FROM sys.databases WHERE database_id = DB_ID(N'MASTER')",
                          "EXEC (N'SELECT name FROM sys.databases' + ' WHERE database_id = 1')",
                          "EXEC sp_executesql N'SELECT name FROM sys.databases WHERE database_id = 1'",
                          "-- words\nSELECT /* a /* nested */ one */ name FROM sys.databases WHERE database_id = 1"):
            with self.subTest(statement=statement):
                self.assertEqual(self.rows(session, statement), [("master",)])

    def test_hostile_names_stay_what_they_are(self):
        names = ["]; DROP DATABASE master--", "a'b", "tab\tand\nline", "100%_[x]", "日本語", "\"quoted\"", "x" * 128, "a`b", " lead"]
        session = self.session(databases=names, logins={"scan": {"password": "right", "sysadmin": True}})
        rows = self.rows(session, "SELECT name, DB_NAME(database_id) AS same FROM sys.databases WHERE database_id > 4")
        self.assertEqual(rows, [(name, name) for name in names])
        for name in names:
            quoted = self.value(session, "QUOTENAME(N'" + name.replace("'", "''") + "')")
            self.assertEqual(quoted, "[" + name.replace("]", "]]") + "]")
            session.execute(f"USE {quoted}")
            self.assertEqual(self.value(session, "DB_NAME()"), name)

    def test_queries_of_many_kinds(self):
        session = self.session()
        for expected, statement in (
                ([("master",), ("tempdb",)], "SELECT TOP 2 name FROM sys.databases ORDER BY database_id"),
                ([("tempdb",)], "SELECT TOP (1) d.name FROM sys.databases d ORDER BY d.name DESC"),
                ([(2,)], "SELECT COUNT(*) AS n FROM (SELECT DISTINCT recovery_model_desc AS r FROM sys.databases) AS t"),
                ([("FULL", 3), ("SIMPLE", 4)], "SELECT recovery_model_desc, COUNT(*) AS n FROM sys.databases GROUP BY "
                 "recovery_model_desc HAVING COUNT(*) > 1 ORDER BY n"),
                ([("Sales", "Sales_snap")], "SELECT s.name, d.name FROM sys.databases d INNER JOIN sys.databases s ON "
                 "s.database_id = d.source_database_id"),
                ([(7,)], "SELECT COUNT(*) AS n FROM sys.databases d LEFT OUTER JOIN sys.databases s ON s.database_id = d.source_database_id"),
                ([("Shared",)], "SELECT name FROM sys.databases d WHERE EXISTS (SELECT 1 FROM sys.master_files f WHERE "
                 "f.database_id = d.database_id AND f.physical_name LIKE 'C:\\clusterstorage\\%')"),
                ([("Sales",)], "SELECT name FROM sys.databases WHERE name IN ('SALES', 'nothing') AND NOT (state <> 0 OR name LIKE 'm%')"),
                ([("master", 1), ("tempdb", 2)], "WITH few AS (SELECT name, ROW_NUMBER() OVER (ORDER BY database_id) AS at "
                 "FROM sys.databases) SELECT name, at FROM few WHERE at BETWEEN 1 AND 2 ORDER BY at"),
                ([(1,), (2,)], "SELECT 2 AS n UNION ALL SELECT 1 ORDER BY n"),
                ([("system", 4)], "SELECT CASE WHEN database_id <= 4 THEN 'system' ELSE 'user' END AS kind, COUNT(*) AS n FROM "
                 "sys.databases GROUP BY CASE WHEN database_id <= 4 THEN 'system' ELSE 'user' END HAVING COUNT(*) > 3"),
                ([("Sales", 2)], "SELECT d.name, (SELECT COUNT(*) FROM sys.master_files f WHERE f.database_id = d.database_id) AS files "
                 "FROM sys.databases d WHERE d.name = N'Sales'"),
                ([("n2",)], "SELECT NodeName FROM sys.dm_os_cluster_nodes WHERE is_current_owner = 1")):
            with self.subTest(statement=statement):
                self.assertEqual(self.rows(session, statement), expected)

    def test_a_subquery_that_brings_two_rows_is_no_value(self):
        self.fails(512, self.session(), "SELECT (SELECT name FROM sys.databases) AS v")

    def test_columns_have_the_types_that_clients_are_told(self):
        result = self.session().execute(
            "SELECT d.name, d.database_id, d.state, d.is_read_only, d.create_date, d.service_broker_guid, "
            "CAST(1 AS bigint) * 2 AS big, SERVERPROPERTY('Edition') AS variant, 'abc' AS text, CAST(N'x' AS nvarchar(max)) AS long, "
            "CAST(5 AS numeric(20, 0)) AS decimals, COUNT(*) OVER () AS n FROM sys.databases d WHERE d.database_id = 1")[0]
        self.assertEqual([(one.name, one.type) for one in result.columns], [
            ("name", "nvarchar"), ("database_id", "int"), ("state", "tinyint"), ("is_read_only", "bit"), ("create_date", "datetime"),
            ("service_broker_guid", "uniqueidentifier"), ("big", "bigint"), ("variant", "sql_variant"), ("text", "varchar"),
            ("long", "nvarchar"), ("decimals", "numeric"), ("n", "int")])
        self.assertEqual([result.columns[at].size for at in (0, 8, 9)], [128, 3, None])
        self.assertIsInstance(result.rows[0][4], datetime.datetime)
        self.assertIsInstance(result.rows[0][5], uuid.UUID)

    def test_values_go_from_type_to_type_as_they_do_there(self):
        session = self.session()
        for expected, expression in (
                ("2026-11-22T08:36:14", "CONVERT(varchar(33), CAST('2026-11-22T08:36:14' AS datetime), 126)"),
                ("2026-11-22T08:36:14.120", "CONVERT(varchar(33), CAST('2026-11-22 08:36:14.120' AS datetime), 126)"),
                ("Nov 22 2026  8:36AM", "CAST(CAST('20261122 08:36:14' AS datetime) AS varchar(40))"),
                ("2026-11-22 20:36:14", "CONVERT(varchar(19), CAST('2026-11-22T20:36:14' AS datetime), 120)"),
                ("x" * 30, "CAST(REPLACE('" + "a" * 40 + "', 'a', 'x') AS varchar)"), ("*", "CAST(12345 AS varchar(3))"),
                ("abc", "CAST('abcdef' AS nvarchar(3))"), (12, "CAST(' 12 ' AS int)"), (-3, "-7 / 2"), (-1, "-7 % 2"), (7, "+7"),
                ("a1", "'a' + CAST(1 AS varchar(5))"), (3, "'1' + 2"), (None, "'a' + NULL"), (1, "CAST('true' AS bit)"),
                (4294967296, "CAST(65536 AS bigint) * 65536"), (None, "NULLIF('A', 'a')"), (5, "ISNULL(NULL, 5)"),
                ("b", "COALESCE(NULL, 'b', 'c')"), (3, "LEN('abc  ')"), (6, "DATALENGTH(N'abc')"), ("bc", "SUBSTRING('abc', 2, 9)"),
                (2, "CHARINDEX('B', 'abc')"), ("x-x", "REPLACE('A-a', 'a', 'x')"), (90, "DATEDIFF(minute, '2026-11-22T00:00:30', "
                 "'2026-11-22T01:30:00')"), (1, "DATEDIFF(year, '2025-12-31', '2026-01-01')"),
                (datetime.datetime(2026, 2, 28), "DATEADD(month, 1, '2026-01-31')"), (None, "TRY_CONVERT(int, 'x')"),
                (1, "CASE WHEN 'abc' LIKE 'A[a-c]_' THEN 1 ELSE 0 END"), (0, "CASE WHEN 'abc' LIKE 'a[^b]%' THEN 1 ELSE 0 END"),
                (1, "CASE WHEN '50%' LIKE '50!%' ESCAPE '!' THEN 1 ELSE 0 END"), ("2", "CONVERT(varchar(9), COUNT(*) + 1)")):
            with self.subTest(expression=expression):
                self.assertEqual(self.value(session, expression), expected)

    def test_conversions_that_fail_say_so(self):
        session = self.session()
        for number, expression in ((8115, "2147483647 + 1"), (8115, "CAST(300 AS tinyint)"), (245, "CAST('abc' AS int)"),
                                   (245, "'abc' + 1"), (8134, "1 / 0"), (8169, "CAST('x' AS uniqueidentifier)"),
                                   (241, "CAST('yesterday' AS datetime)"), (8170, "CONVERT(varchar(10), NEWID())"),
                                   (257, "SERVERPROPERTY('Edition') + 'x'"), (257, "'x' + SERVERPROPERTY('Edition')"),
                                   (8117, "-'a'"), (8117, "SUM(CAST('a' AS varchar(5)))"), (281, "CONVERT(varchar(30), GETDATE(), 999)"),
                                   (8115, "CAST(12345 AS nvarchar(3))")):
            with self.subTest(expression=expression):
                self.fails(number, session, f"SELECT {expression} AS v")

    def test_the_sum_of_sizes_overflows_an_int_unless_it_is_made_bigger(self):
        session = self.session(databases=[{"name": "huge", "size": 3 << 20}])
        self.fails(8115, session, "SELECT size * 8192 AS v FROM sys.master_files WHERE database_id = 5")
        self.assertEqual(self.rows(session, "SELECT CAST(size AS bigint) * 8192 AS v FROM sys.master_files WHERE file_id = 1 AND "
                                   "database_id = 5"), [(3 << 40,)])

    def test_messages_come_beside_results(self):
        results = self.session().execute("USE msdb SET LANGUAGE us_english PRINT 'words' SET NOCOUNT ON")
        self.assertEqual([[(one.number, one.text) for one in result.messages] for result in results],
                         [[(5701, "Changed database context to 'msdb'.")], [(5703, "Changed language setting to us_english.")],
                          [(0, "words")], []])

    def test_only_columns_are_told_where_a_driver_asks_for_them_alone(self):
        session = self.session()
        results = session.execute("SET FMTONLY ON SELECT name FROM sys.databases SET FMTONLY OFF")
        self.assertEqual([(len(one.columns), one.rows) for one in results], [(0, []), (1, []), (0, [])])
        self.assertEqual(len(self.rows(session, "SELECT name FROM sys.databases")), 7)

    def test_statements_that_drivers_send_first_are_taken(self):
        self.session().execute(
            "set ansi_nulls on\nset ansi_null_dflt_on on\nset ansi_padding on\nset ansi_warnings on\nset arithabort on\n"
            "set concat_null_yields_null on\nset cursor_close_on_commit off\nset datefirst 7\nset dateformat mdy\n"
            "set implicit_transactions off\nset language us_english\nset numeric_roundabort off\nset quoted_identifier on\n"
            "set textsize 2147483647\nset transaction isolation level read committed\nset xact_abort off")
        self.session().execute("SET LOCK_TIMEOUT -1; SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; SET ROWCOUNT 0")

    def test_transactions_are_counted(self):
        session = self.session()
        self.fails(3902, session, "COMMIT TRAN")
        session.execute("BEGIN TRAN")
        session.execute("BEGIN TRANSACTION named")
        self.assertEqual(self.value(session, "@@TRANCOUNT"), 2)
        session.execute("COMMIT")
        self.assertEqual(self.value(session, "@@TRANCOUNT"), 1)
        session.execute("IF @@TRANCOUNT > 0 ROLLBACK TRAN")
        self.assertEqual(self.value(session, "@@TRANCOUNT"), 0)
        self.fails(3903, session, "ROLLBACK")

    def test_nesting_has_an_end(self):
        session = self.session()
        self.fails(191, session, "SELECT " + "(" * 500 + "1" + ")" * 500 + " AS v")
        text = "SELECT 1 AS v"
        self.fails(191, session, "BEGIN " * 200 + text + " END" * 200)


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


class Dpm(Case):
    def session(self, rights=("DPMDB*.*",), **changes):
        told = {**DPM, **changes}
        return instance_of(one("2016 SP2", databases=[{"name": "DPMDB_MABS1", "dpm": told}], logins={
            "scan": {"password": "right", "rights": rights}})).login("scan", "right", "DPMDB_MABS1")

    def test_documented_views_have_their_columns(self):
        found = collections.defaultdict(list)
        for table, column in self.rows(self.session(), "SELECT TABLE_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS "
                                       "WHERE TABLE_SCHEMA = 'dbo' ORDER BY TABLE_NAME, ORDINAL_POSITION"):
            found[table.lower()].append(column)
        for view, columns in {
                "vw_dpm_server": "ServerId ServerName NetBiosName DomainName IsRG", "vw_dpm_agents": "ServerName Version",
                "vw_dpm_protectedgroup": "PGId ProtectionGroupName CreationTime",
                "vw_dpm_protecteddatasource": "ReplicaId PGId AllocatedSize UsedSize ProductionServerName StorageNode",
                "vw_dpm_replica": "ReplicaId PhysicalPath ServerName ValidFrom ValidTo PGId StorageNode",
                "vw_dpm_diskrecoverypoints": "DataSourceName PGId ServerId Frequency",
                "vw_dpm_taperecoverypoints": "DataSourceName PGId ServerId Frequency Term",
                "vw_dpm_total_recoverypoint": "DataSourceName ServerName CreationTime Status ErrorCode",
                "vw_dpm_alerts": "Severity Resolution OccuredSince ResolvedTime Type",
                "tbl_dls_globalsetting": "PropertyName PropertyValue",
                "tbl_im_datasource": "DataSourceId DataSourceName ServerId ProtectedGroupId AppId CloudProtectionStatus"}.items():
            self.assertEqual(found[view], columns.split(), view)
        views = self.rows(self.session(), "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.VIEWS")
        self.assertEqual({name.lower() for name, in views}, {name for name in found if name.startswith("vw_")})

    def test_what_the_traps_are(self):
        session = self.session()
        self.fails(208, session, "SELECT * FROM dbo.Vw_DPM_ProtectedDataSources")
        self.fails(208, session, "SELECT * FROM dbo.Vw_DPM_Groups")
        self.fails(207, session, "SELECT DataSourceName FROM dbo.Vw_DPM_ProtectedDataSource")
        self.fails(207, session, "SELECT Version FROM dbo.tbl_AM_InstalledAgent")
        self.assertEqual(self.rows(session, "SELECT ServerName FROM dbo.Vw_DPM_Server WHERE IsRG = 1"),
                         [("SCVMM web Resources.clu.corp.example",)])
        self.assertNotIn(("vc1.corp.example",), self.rows(session, "SELECT ServerName FROM dbo.vw_DPM_Agents"))
        self.assertEqual(self.rows(session, "SELECT Version FROM vw_DPM_Agents WHERE ServerName = 'OLD.corp.example'"), [("12.0.332.0",)])

    def test_the_server_tells_its_build_and_its_patches(self):
        session = self.session()
        self.assertEqual(self.rows(session, "SELECT PropertyValue FROM tbl_DLS_GlobalSetting WHERE PropertyName = N'DatabaseVersion'"),
                         [("13.0.415.0",)])
        self.assertEqual(self.rows(session, "SELECT MajorVersionNumber, MinorVersionNumber, BuildNumber FROM tbl_AM_AgentPatch"),
                         [(13, 0, 580)])
        self.assertEqual(self.rows(self.session(patches=[]), "SELECT Name FROM tbl_AM_AgentPatch"), [])

    def test_states_of_data_sources_are_told_by_group_and_validity(self):
        rows = self.rows(self.session(), "SELECT d.DataSourceName, g.FriendlyName, r.Validity FROM tbl_IM_DataSource d LEFT JOIN "
                         "tbl_IM_ProtectedGroup g ON g.ProtectedGroupId = d.ProtectedGroupId LEFT JOIN tbl_PRM_LogicalReplica r ON "
                         "r.DataSourceId = d.DataSourceId")
        states = {name: (group, validity) for name, group, validity in rows}
        self.assertEqual(len(rows), len(DPM["sources"]))
        self.assertEqual(states["SQL1\\Sales"], ("SQL", 2))
        self.assertEqual(states["SQL1\\Forgotten"], (None, None))
        self.assertEqual(states["SQL1\\Left"], (None, 6))
        self.assertEqual(states["SQL1\\Stopped"], (None, 5))
        self.assertEqual(self.rows(self.session(), "SELECT CONVERT(varchar(30), ValidTo, 126) AS v FROM vw_DPM_Replica WHERE ValidTo IS "
                                   "NOT NULL"), [("2026-09-23T20:00:00",)])

    def test_recovery_points_are_jobs_of_a_month_with_failures_among_them(self):
        rows = self.rows(self.session(), "SELECT DataSourceName, ServerName, CONVERT(varchar(30), MAX(CASE WHEN Status = 2 THEN "
                         "CreationTime END), 126) AS good, CONVERT(varchar(30), MAX(CASE WHEN Status = 3 THEN CreationTime END), 126) "
                         "AS bad FROM Vw_DPM_Total_RecoveryPoint GROUP BY DataSourceName, ServerName")
        self.assertIn(("D:\\", "fs1.corp.example", "2026-11-22T17:00:00", "2026-11-22T19:00:00"), rows)
        self.assertNotIn("old.corp.example", [row[1] for row in rows])  # forty days ago: forgotten, though a point is left
        self.assertIn(("C:\\", 1), self.rows(self.session(), "SELECT DataSourceName, Frequency FROM vw_DPM_DiskRecoveryPoints"))
        self.assertEqual(self.rows(self.session(), "SELECT COUNT(*) AS n FROM vw_DPM_Alerts WHERE Severity = 0"), [(1,)])

    def test_types_components_and_paths(self):
        session = self.session()
        self.assertEqual(self.rows(session, "SELECT DataSourceName FROM tbl_IM_DataSource WHERE AppId = "
                                   "'18BEE66C-826F-4499-A663-9805C8688AD3'"), [("app1",)])
        self.assertEqual(self.rows(session, "SELECT ComponentName FROM tbl_IM_ProtectedObject WHERE ProtectedInPlan = 1 AND "
                                   "ComponentName LIKE '%State' OR ComponentName LIKE 'Bare%'"),
                         [("System State",), ("Bare Metal Recovery",)])
        physical = self.rows(session, "SELECT PhysicalPath FROM tbl_IM_ProtectedObject WHERE PhysicalPath LIKE '%VMMIdentifier%'")
        self.assertIn("<VMMIdentifier>0A1B2C3D-0000-4000-8000-000000000001</VMMIdentifier>", physical[0][0])
        self.assertEqual(self.rows(session, "SELECT v.VolumePath FROM tbl_IM_Volume v JOIN tbl_IM_DataSourceVolume s ON s.VolumeId = "
                                   "v.VolumeId ORDER BY v.VolumePath"), [("C:\\",), ("D:\\",)])

    def test_objects_may_lack_or_be_spelled_otherwise_and_the_schema_says_so(self):
        session = self.session(lacks=["vw_dpm_agents.version", "tbl_AM_AgentPatch"],
                               spelled={"vw_dpm_alerts.occuredsince": "OccurredSince"})
        names = self.rows(session, "SELECT TABLE_NAME + '.' + COLUMN_NAME AS v FROM INFORMATION_SCHEMA.COLUMNS")
        names = {name.lower() for name, in names}
        self.assertFalse({"vw_dpm_agents.version", "tbl_am_agentpatch.name", "vw_dpm_alerts.occuredsince"} & names)
        self.fails(207, session, "SELECT Version FROM vw_DPM_Agents")
        self.fails(208, session, "SELECT Name FROM tbl_AM_AgentPatch")
        self.fails(207, session, "SELECT OccuredSince FROM vw_DPM_Alerts")
        self.assertEqual(len(self.rows(session, "SELECT OccurredSince FROM vw_DPM_Alerts")), 1)

    def test_what_a_login_may_not_read_is_not_in_the_schema_either(self):
        session = self.session(rights=["DPMDB_MABS1.dbo.vw_dpm_server"])
        self.assertEqual(self.rows(session, "SELECT DISTINCT TABLE_NAME FROM INFORMATION_SCHEMA.COLUMNS"), [("vw_DPM_Server",)])
        self.assertEqual(self.rows(session, "SELECT name FROM sys.views"), [("vw_DPM_Server",)])
        self.assertEqual(self.rows(session, "SELECT OBJECT_ID('dbo.vw_DPM_Agents') AS v"), [(None,)])
        self.fails(229, session, "SELECT ServerName FROM vw_DPM_Agents")
        self.assertEqual(self.value(session, "HAS_PERMS_BY_NAME('dbo.vw_DPM_Server', 'OBJECT', 'SELECT')"), 1)
        self.assertNotEqual(self.value(session, "HAS_PERMS_BY_NAME('dbo.vw_DPM_Agents', 'OBJECT', 'SELECT')"), 1)
        self.assertEqual(self.rows(self.session(rights=["DPMDB_MABS1."]), "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES"), [])

    def test_the_database_is_read_from_another_one_as_well(self):
        session = instance_of(one("2016 SP2", databases=[{"name": "DPMDB", "dpm": DPM}])).login("scan", "right")
        self.assertEqual(self.rows(session, "SELECT COUNT(*) AS n FROM DPMDB.dbo.vw_DPM_Server"),
                         self.rows(session, "SELECT COUNT(*) AS n FROM [DPMDB]..[vw_DPM_Server]"))
        self.assertEqual(len(self.rows(session, "SELECT TABLE_NAME FROM DPMDB.INFORMATION_SCHEMA.TABLES")), 41)
        self.assertEqual(self.rows(session, "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES"), [])


class Changes(Case):
    def setUp(self):
        self.fleet = one("2016 SP2", databases=["Sales", {"name": "DPMDB", "dpm": DPM}])
        self.instance = instance_of(self.fleet)
        self.scan = self.instance.login("scan", "right")

    def tell(self, *words):
        world = collections.namedtuple("World", "fleet")(self.fleet)
        answer = commands.perform(world, "\t".join(words))
        self.assertTrue(answer.get("ok"), answer)
        return answer

    def names(self):
        return [name for name, in self.rows(self.scan, "SELECT name FROM sys.databases WHERE database_id > 4")]

    def test_answers_are_kept_until_something_changes(self):
        self.assertEqual(self.names(), ["Sales", "DPMDB"])
        self.tell("add-database", "sql1.corp.example", "New")
        self.assertEqual(self.names(), ["Sales", "DPMDB", "New"])
        self.tell("add-database", "sql1.corp.example/MSSQLSERVER", json.dumps({"name": "Told", "recovery": "SIMPLE"}))
        self.tell("drop-database", "sql1.corp.example", "sales")
        self.assertEqual(self.names(), ["DPMDB", "New", "Told"])
        self.tell("change-database", "sql1.corp.example", "Told", "state", "OFFLINE")
        self.assertEqual(self.names(), ["DPMDB", "New"])

    def test_what_is_kept_is_of_one_login_and_one_database(self):
        self.tell("add-login", "sql1.corp.example", "less", json.dumps({"password": "p", "denied": ["VIEW ANY DATABASE"]}))
        less = self.instance.login("less", "p")
        self.assertEqual(self.rows(self.scan, "SELECT COUNT(*) AS n FROM sys.databases"), [(6,)])
        self.assertEqual(self.rows(less, "SELECT COUNT(*) AS n FROM sys.databases"), [(2,)])
        statement = "SELECT TABLE_CATALOG, COUNT(*) AS n FROM INFORMATION_SCHEMA.TABLES GROUP BY TABLE_CATALOG"
        self.assertEqual(self.rows(self.scan, statement), [])
        self.scan.execute("USE DPMDB")
        self.assertEqual(self.rows(self.scan, statement), [("DPMDB", 41)])
        self.scan.execute("USE master")
        self.scan.execute("USE DPMDB")
        self.assertEqual(self.scan.database, "DPMDB")

    def test_errors_are_kept_and_forgotten_as_answers_are(self):
        for _ in range(2):
            self.assertEqual([row.rows for row in self.fails(208, self.scan, "SELECT 1 AS a SELECT 1 FROM msdb.dbo.nix").results], [[(1,)]])
        self.tell("revoke", "sql1.corp.example", "scan", "VIEW SERVER STATE")
        self.fails(297, self.scan, STATEMENTS["nodes"][1])
        self.tell("grant", "sql1.corp.example", "scan", "VIEW SERVER STATE")
        self.rows(self.scan, STATEMENTS["nodes"][1])

    def test_a_clock_is_not_kept(self):
        self.tell("setting", "sql1.corp.example", "now", "\"2026-11-22T20:00:00\"")
        self.assertEqual(self.value(self.scan, "GETDATE()"), datetime.datetime(2026, 11, 22, 20))
        self.instance.settings["now"] = "2026-11-22T21:00:00"
        self.assertEqual(self.value(self.scan, "GETDATE()"), datetime.datetime(2026, 11, 22, 21))

    def test_rights_passwords_and_states_change(self):
        self.tell("revoke", "sql1.corp.example", "scan", "VIEW ANY DEFINITION")
        self.assertEqual(self.rows(self.scan, STATEMENTS["files"][1]), [])
        self.tell("revoke", "sql1.corp.example", "scan", "VIEW ANY DATABASE")
        self.assertEqual(self.names(), [])
        self.tell("password", "sql1.corp.example", "scan", "new")
        self.assertRaises(SqlError, self.instance.login, "scan", "right")
        self.instance.login("scan", "new")
        self.tell("login-state", "sql1.corp.example", "scan", "must_change")
        with self.assertRaises(SqlError) as caught:
            self.instance.login("scan", "new")
        self.assertEqual(caught.exception.number, 18488)
        self.tell("login-state", "sql1.corp.example", "scan", "good")
        self.instance.login("scan", "new")

    def test_updates_backups_and_failovers(self):
        self.tell("version", "sql1.corp.example", "2016 SP3")
        self.assertEqual((self.instance.build, self.value(self.scan, "CAST(SERVERPROPERTY('ProductLevel') AS nvarchar(128))")),
                         ("13.0.6300.2", "SP3"))
        self.tell("backup", "sql1.corp.example", "Sales", "log", "2026-11-22T19:59:00")
        self.assertIn(("Sales", "L", 0, "2026-11-22T19:59:00"), self.rows(self.scan, STATEMENTS["backups"][1]))
        self.tell("setting", "sql1.corp.example", "cluster", json.dumps({**CLUSTER, "owner": "n1"}))
        self.assertEqual(self.value(self.scan, "CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128))"), "N1")

    def test_what_a_backup_server_protects_changes(self):
        self.scan.execute("USE DPMDB")
        statement = "SELECT COUNT(*) AS n FROM tbl_IM_DataSource WHERE ProtectedGroupId IS NOT NULL"
        before = self.rows(self.scan, statement)[0][0]
        self.tell("add-source", "sql1.corp.example", "DPMDB", json.dumps(["sql", "sql9.corp.example", "SQL9\\New", "SQL"]))
        self.assertEqual(self.rows(self.scan, statement), [(before + 1,)])
        self.tell("change-source", "sql1.corp.example", "DPMDB", "D:\\", "state", "stopped")
        self.assertEqual(self.rows(self.scan, statement), [(before,)])
        self.tell("change-dpm", "sql1.corp.example", "DPMDB", "lacks", "[\"tbl_im_datasource\"]")
        self.fails(208, self.scan, statement)

    def test_statements_are_counted_and_shown(self):
        self.scan.execute("SELECT 1 AS a")
        answer = self.tell("statements", "sql1.corp.example")
        self.assertEqual((answer["statements"], answer["texts"]), (1, ["SELECT 1 AS a"]))

    def test_a_command_that_makes_no_sense_is_refused(self):
        world = collections.namedtuple("World", "fleet")(self.fleet)
        for words in (["drop-database", "sql1.corp.example", "Nowhere"], ["grant", "sql1.corp.example", "nobody", "X"],
                      ["add-database", "sql1.corp.example", "SALES"], ["version", "sql1.corp.example", "1999"],
                      ["login-state", "sql1.corp.example", "scan", "happy"], ["change-source", "sql1.corp.example", "DPMDB", "Q:\\", "a", "b"],
                      ["add-source", "sql1.corp.example", "Sales", "[]"], ["primary", "AG9", "SQL1"]):
            self.assertIn("error", commands.perform(world, "\t".join(words)), words)


if __name__ == "__main__":
    unittest.main()
