#!/usr/bin/python3
"""A simulated backup server's database, without a network: the views and columns that are documented, and the traps in them."""
import collections
import unittest

from sqlengine_case import DPM, Case, instance_of, one


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
        self.assertEqual(self.rows(self.session(version="dpm-2012r2"), "SELECT PropertyValue FROM tbl_DLS_GlobalSetting WHERE "
                                   "PropertyName = 'DatabaseVersion'"), [("4.2.1205.0",)])

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


if __name__ == "__main__":
    unittest.main()
