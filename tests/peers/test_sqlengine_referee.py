#!/usr/bin/python3
"""Clients that nobody here wrote ask simulated instances of each version what a scan asks, and read what the engine answers without a
network: FreeTDS's db-lib (python3-pymssql) and its ODBC driver behind unixODBC (isql), which is what scans use."""
import sys
import unittest

import sqlengine_case as engine
import sqlpeer_client as client

client.peer_process.skip_unless({name: client.NEEDED[name] for name in ("tdsodbc", "unixodbc", "python3-pymssql", "python3-gssapi")})

import pymssql  # noqa: E402

HOST = "sql1.corp.example"
LIMITED = {"password": "right", "rights": ["VIEW ANY DEFINITION"]}
FLEET = {"now": engine.NOW, "logins": {"scan": "right", "less": LIMITED}, "hosts": [{"name": HOST, "address": "127.0.0.41", "instances": [
    {"name": year.replace(" ", ""), "version": year, "databases": engine.DATABASES + [{"name": "DPMDB", "dpm": engine.DPM}],
     "cluster": engine.CLUSTER} for year in engine.YEARS]}],
    "groups": [{"name": "AG1", "replicas": [f"SQL1\\{year}" for year in engine.YEARS[2:]], "databases": ["Sales"]}]}
DPM_STATEMENTS = [
    "SELECT TABLE_NAME AS a, COLUMN_NAME AS b FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = N'dbo' ORDER BY a, ORDINAL_POSITION",
    "SELECT CONVERT(varchar(36), DataSourceId) AS a, DataSourceName AS b, CONVERT(varchar(36), ProtectedGroupId) AS c, "
    "CAST(CloudProtectionStatus AS int) AS d FROM dbo.tbl_IM_DataSource",
    "SELECT PhysicalPath AS a, CONVERT(varchar(30), ValidTo, 126) AS b FROM dbo.Vw_DPM_Replica",
    "SELECT ComponentName AS a, LogicalPath AS b, PhysicalPath AS c FROM dbo.tbl_IM_ProtectedObject WHERE ProtectedInPlan = 1"]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clients = client.Clients()
        cls.peer = client.Peer(FLEET)
        cls.fleet = engine.fleets.Fleet(FLEET)  # the same once more, here
        for name, port in cls.peer.facts["hosts"][HOST]["instances"].items():
            cls.clients.place(name, host="127.0.0.41", port=port, tds_version="7.3" if name == "2008" else "7.4", encryption="require",
                              ca_file=cls.peer.facts["ca_file"], check_certificate_hostname="yes")

    @classmethod
    def tearDownClass(cls):
        cls.peer.close()
        cls.clients.close()

    def here(self, year, statement, user="scan", database=""):
        """Rows, or the error's number."""
        session = engine.instance_of(self.fleet, HOST, year.replace(" ", "")).login(user, "right", database)
        try:
            return [result.rows for result in session.execute(statement) if result.columns]
        except engine.SqlError as error:
            return error.number

    def by_pymssql(self, year, statement, user="scan", database=""):
        with pymssql.connect("127.0.0.41", user, "right", database, port=str(self.peer.port(HOST, year.replace(" ", ""))),
                             tds_version="7.3", charset="UTF-8", autocommit=True, login_timeout=20) as connection:
            cursor = connection.cursor()
            try:
                cursor.execute(statement)
                return [cursor.fetchall()] if cursor.description else []
            except pymssql.Error as error:
                return error.args[0]

    def by_isql(self, year, statement, user="scan"):
        """Rows; and all that was said."""
        _, output, said = self.clients.run("/usr/bin/isql", "-b", "-v", "-x0x09", year.replace(" ", ""), user, "right",
                                           text=statement + "\n")
        return [line.split("\t") for line in output.splitlines() if line.strip()], output + said

    def test_each_version_answers_the_same_over_the_wire(self):
        for year in engine.YEARS:
            for name, (_, statement) in engine.STATEMENTS.items():
                with self.subTest(year=year, name=name):
                    self.assertEqual(self.by_pymssql(year, statement), self.here(year, statement))

    def test_the_odbc_driver_reads_the_same(self):
        for year in ("2008", "2012", "2022"):
            for name, (since, statement) in engine.STATEMENTS.items():
                if engine.YEARS.index(year) < engine.YEARS.index(since) or name == "product":  # whose text has lines
                    continue
                with self.subTest(year=year, name=name):
                    wanted = [["" if value is None else str(value) for value in row] for row in self.here(year, statement)[0]]
                    found, words = self.by_isql(year, statement)
                    self.assertEqual([row + [""] * (len(one) - len(row)) for row, one in zip(found, wanted)], wanted, words)

    def test_what_is_missing_or_denied_is_told_with_its_number(self):
        for number, words, year, statement, user in (
                (207, "Invalid column name 'replica_id'", "2008", engine.STATEMENTS["members"][1], "scan"),
                (208, "Invalid object name 'sys.dm_io_cluster_valid_path_names'", "2012", engine.STATEMENTS["paths"][1], "scan"),
                (229, "SELECT permission was denied on the object 'backupset'", "2016", engine.STATEMENTS["backups"][1], "less"),
                (300, "VIEW SERVER STATE permission was denied", "2016", engine.STATEMENTS["nodes"][1], "less"),
                (300, "VIEW SERVER PERFORMANCE STATE permission was denied", "2022", engine.STATEMENTS["nodes"][1], "less")):
            with self.subTest(year=year, number=number):
                self.assertIn(self.by_pymssql(year, statement, user), (number, 297))
                self.assertIn(words, self.by_isql(year, statement, user)[1])

    def test_a_database_of_a_backup_server(self):
        for statement in DPM_STATEMENTS:
            with self.subTest(statement=statement):
                self.assertEqual(self.by_pymssql("2016", statement, database="DPMDB"), self.here("2016", statement, database="DPMDB"))

    def test_what_changes_is_seen_by_the_next_one_who_asks(self):
        statement = "SELECT COUNT(*) AS n FROM sys.databases"
        before = self.by_pymssql("2019", statement)[0][0][0]
        self.peer.tell("add-database", f"{HOST}/2019", "]; DROP TABLE x--")
        self.assertEqual(self.by_pymssql("2019", statement), [[(before + 1,)]])
        self.assertEqual(self.by_pymssql("2019", "SELECT name FROM sys.databases WHERE name LIKE '%DROP%'"), [[("]; DROP TABLE x--",)]])
        self.peer.tell("login-state", f"{HOST}/2019", "scan", "locked")
        self.assertIn("currently locked out", self.by_isql("2019", statement)[1])
        self.peer.tell("login-state", f"{HOST}/2019", "scan", "good")

    def test_a_database_that_may_not_be_opened_fails_the_login(self):
        self.peer.tell("add-login", f"{HOST}/2014", "lost", '{"password": "right", "database": "Sleeps"}')
        said = self.by_isql("2014", "SELECT 1 AS v", "lost")[1]
        self.assertIn('Cannot open database "Sleeps" requested by the login', said)
        self.assertIn("Login failed for user 'lost'", said)


if __name__ == "__main__":
    sys.exit(unittest.main())
