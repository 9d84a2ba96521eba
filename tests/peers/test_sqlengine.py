#!/usr/bin/python3
"""What simulated instances of SQL Server answer, without any network: each version, each right that lacks, each login, and what changes
while a test runs. Expectations are those of the documents that sqlpeer's files name, not of its code."""
import collections
import datetime
import json
import unittest

from sqlengine_case import CLUSTER, CSV, DPM, GRANTS, STATEMENTS, YEARS, Case, SqlError, fleets, instance_of, one

import commands
import engine_commands  # noqa: F401: adds to commands.COMMANDS
from engine_versions import BUILDS, version_of


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

    def test_properties_came_with_versions_and_some_with_late_updates_of_these(self):
        for name, before, since in (("ProductMajorVersion", "2008 R2 SP3", "2012 SP3"), ("InstanceDefaultDataPath", "2012 SP2", "2012 SP4"),
                                    ("ProductMinorVersion", "2014 SP1", "2014 SP2"), ("ProductMinorVersion", "2014", "2016"),
                                    ("ProductBuild", "2012 SP4", "2014"), ("PathSeparator", "2016 SP3", "2017"),
                                    ("IsHadrEnabled", "2008 R2", "2012"), ("HadrManagerStatus", "2008 SP4", "2012")):
            asked = f"CAST(SERVERPROPERTY('{name}') AS nvarchar(256))"
            self.assertIsNone(self.value(self.session(before), asked), f"{name} in {before}")
            self.assertIsNotNone(self.value(self.session(since), asked), f"{name} in {since}")

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

    def test_a_secondary_replica_that_is_not_to_be_read_is_closed(self):
        fleet = fleets.Fleet({"hosts": [{"name": name, "instances": [{"version": "2016", "databases": ["Sales"]}]} for name in ("a", "b")],
                              "groups": [{"name": "AG1", "replicas": ["A", "B"], "databases": ["Sales"], "readable": False}],
                              "logins": {"scan": {"password": "right", "sysadmin": True}}})
        instance_of(fleet, "a").login("scan", "right").execute("USE Sales")
        self.fails(976, instance_of(fleet, "b").login("scan", "right"), "USE Sales")
        world = collections.namedtuple("World", "fleet")(fleet)
        self.assertTrue(commands.perform(world, "primary AG1 B")["ok"])
        instance_of(fleet, "b").login("scan", "right").execute("USE Sales")
        self.fails(976, instance_of(fleet, "a").login("scan", "right"), "USE Sales")

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
        for settings in ({"databases": ["a", "A"]}, {"version": "2031"}, {"databases": [{"name": "a", "colour": 1}]},
                         {"databases": [{"name": "a", "state": "ASLEEP"}]}, {"databases": [{"name": "a", "recovery": "Full"}]}):
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
