"""DPMDB: the database of a backup server, filled from what is told of it. Views and their columns are those that Microsoft documents,
tables those that public scripts name, with no column that none of them has seen (dpm.md 1 and 2). Types are from memory where no
document tells them; what VSS writer a type of data source has, where no source tells, is made up, and said so below.

    {"server": "mabs1.corp.example", "version": "13.0.415.0", "patches": ["13.0.580.0"], "groups": ["Files", {"name": "SQL", "tape": true}],
     "computers": [{"name": "fs1.corp.example", "agent": "13.0.415.0"}, {"name": "SCVMM web Resources.clu.corp.example",
                   "resource_group": true}, {"name": "vc1.corp.example", "proxy": true}],
     "sources": [{"type": "volume", "computer": "fs1.corp.example", "name": "D:\\\\", "group": "Files", "points": 5, "last": "-3h",
                  "failed": "-1h", "state": "protected"}, ["sql", "sql1.corp.example", "SQL1\\\\Sales", "SQL"]],
     "lacks": ["vw_dpm_agents.version", "tbl_am_agentpatch"], "spelled": {"vw_dpm_alerts.OccuredSince": "OccurredSince"}}"""
import engine_dpm_tables  # noqa: F401: these add to MADE
import engine_dpm_views  # noqa: F401
from engine_catalog import View
from engine_dpm_server import MADE, BackupServer


def objects_of(told, now):
    """{"dbo.vw_dpm_server": View, ...} of a database."""
    server = BackupServer(told, now)
    lacks = {one.lower() for one in told.get("lacks", [])}
    spelled = {key.lower(): value for key, value in told.get("spelled", {}).items()}
    made = {}
    for key, (name, columns, rows) in MADE.items():
        short = key.partition(".")[2]
        if short in lacks:
            continue
        view = View(name, columns, lambda instance, sight, rows=rows: rows(server))
        made[key] = respelled(view, short, lacks, spelled)
    return made


def respelled(view, short, lacks, spelled):
    """Without some columns, or with columns called otherwise."""
    names = {column.name: spelled.get(f"{short}.{column.name.lower()}", column.name) for column in view.all
             if f"{short}.{column.name.lower()}" not in lacks}
    view.all = [column for column in view.all if column.name in names]
    for column in view.all:
        column.name = names[column.name]
    made = view.rows
    view.rows = lambda instance, sight: ({names[key]: value for key, value in row.items() if key in names} for row in made(instance, sight))
    return view
