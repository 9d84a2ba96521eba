#!/usr/bin/python3
"""T-SQL as scans and drivers write it, and what SQL Server refuses of it, at simulated instances without a network."""
import datetime
import unittest
import uuid

from sqlengine_case import Case


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
                (4104, "SELECT databases.name FROM sys.databases d"), (408, "SELECT name FROM sys.databases ORDER BY 'name'"),
                (4115, "SELECT TOP (database_id) name FROM sys.databases"), (1060, "SELECT TOP 1.5 name FROM sys.databases"),
                (102, "SELECT LEN(*) AS v"), (8116, "SELECT UPPER(NULLIF(1, 2)) + LEFT('abc', 'b') AS v")):
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

    def test_long_texts_are_cut_where_a_driver_says_so(self):
        session = self.session()
        statement = "SELECT CAST(REPLACE('" + "a" * 100 + "', 'a', 'abc') AS {}) AS v"
        session.execute("SET TEXTSIZE 64")
        self.assertEqual([len(self.rows(session, statement.format(kind))[0][0]) for kind in (
            "nvarchar(max)", "varchar(max)", "nvarchar(400)")], [32, 64, 300])
        session.execute("SET TEXTSIZE 2147483647")
        self.assertEqual(len(self.rows(session, statement.format("nvarchar(max)"))[0][0]), 300)

    def test_statements_that_drivers_send_first_are_taken(self):
        self.session().execute(
            "set ansi_nulls on\nset ansi_null_dflt_on on\nset ansi_padding on\nset ansi_warnings on\nset arithabort on\n"
            "set concat_null_yields_null on\nset cursor_close_on_commit off\nset datefirst 7\nset dateformat mdy\n"
            "set implicit_transactions off\nset language us_english\nset numeric_roundabort off\nset quoted_identifier on\n"
            "set textsize 2147483647\nset transaction isolation level read committed\nset xact_abort off")
        self.session().execute("SET LOCK_TIMEOUT -1; SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; SET ROWCOUNT 0")
        self.fails(50000, self.session(), "SET ROWCOUNT 5")

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


if __name__ == "__main__":
    unittest.main()
