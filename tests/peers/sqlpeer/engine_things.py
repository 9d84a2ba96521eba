"""Databases, their files and backups, and availability groups, made of what is told of them."""
import datetime
import re
import uuid

import engine_types as types
from engine_catalog import ACCESS, MODELS, STATES

PAGES = 128  # of a megabyte
KINDS = {"full": ("D", {}), "diff": ("I", {}), "log": ("L", {}), "copy_only": ("D", {"copy_only": True}),
         "snapshot": ("D", {"snapshot": True})}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def stable(*words):
    """A GUID that is the same each time."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, "/".join(map(str, words)))).upper()


def moment(words, now):
    """"2026-11-20T22:00:00", or "-26h" before now; as the engine keeps it."""
    if words is None:
        return None
    back = re.fullmatch(r"-(\d+)([smhd])", words)
    if back:
        then = now.replace(microsecond=0) - datetime.timedelta(seconds=int(back[1]) * UNITS[back[2]])
        return types.stored(then)
    return types.stored(types.moment_of(words))


class File:
    __slots__ = ("id", "type", "name", "path", "pages", "owner")

    def __init__(self, number, kind, name, path, megabytes, owner):
        self.id, self.type, self.name, self.path, self.pages, self.owner = number, kind, name, path, int(megabytes * PAGES), owner

    @property
    def guid(self):
        return stable(*self.owner, self.id)


class Backup:
    __slots__ = ("type", "copy_only", "snapshot", "finish", "server", "creation", "size")

    def __init__(self, told, now):
        self.type, self.copy_only, self.snapshot = told["type"], told.get("copy_only", False), told.get("snapshot", False)
        self.finish, self.server = moment(told.get("at"), now), told.get("server")
        self.creation = moment(told.get("creation"), now)
        self.size = told.get("size", 1 << 20)


class Database:
    """Members told: name, state, recovery, compat, size (megabytes), folder, files, backups, read_only, standby, access, source (of a
    snapshot), created, dpm (engine_dpm), encrypted."""

    STANDING = {"state": "ONLINE", "recovery": "FULL", "access": "MULTI_USER", "read_only": False, "standby": False, "encrypted": False}

    def __init__(self, told, instance, number):
        strange = set(told) - set(self.STANDING) - {"name", "compat", "size", "folder", "files", "backups", "source", "created", "dpm"}
        if strange:
            raise ValueError(f"a database has no {', '.join(strange)}")
        self.told, self.name, self.id = told, told["name"], number
        for member, value in self.STANDING.items():
            setattr(self, member, told.get(member, value))
        for value, known in ((self.state, STATES), (self.recovery, MODELS), (self.access, ACCESS)):
            if value not in known:
                raise ValueError(f"database {self.name}: {value} is none of {', '.join(known)}")
        self.compatibility = told.get("compat", instance.version.compatibility)
        self.owner = (instance.server_name, self.name)
        self.created = moment(told.get("created", "2015-03-01T09:30:00"), instance.local_now())
        self.source_id = None
        self.files = list(self.make_files(instance))
        self.backups = list(self.make_backups(instance))
        self.group = self.replica_id = self.group_database_id = None
        self.secondary = False  # of a group whose secondary replicas are not to be read
        self.objects = {}  # views and tables by schema.name in lower case: engine_catalog.View

    @property
    def guid(self):
        return stable(*self.owner)

    @property
    def open(self):
        return self.state in ("ONLINE", "EMERGENCY") and not self.secondary

    def make_files(self, instance):
        folder = self.told.get("folder", instance.folder).rstrip("\\")
        paths = self.told.get("files") or [rf"{folder}\{self.name}.mdf", rf"{folder}\{self.name}_log.ldf"]
        for number, path in enumerate(paths, 1):
            kind = 1 if path.lower().endswith(".ldf") else 0 if re.search(r"\.[mn]df$|\.ss$", path.lower()) else 2
            name = self.name if number == 1 else self.name + "_log" if kind == 1 else f"{self.name}_{number}"
            yield File(number, kind, name[:128], path, self.told.get("size", 100), self.owner)

    def make_backups(self, instance):
        told = self.told.get("backups", {"full": "-1d"} if self.id > 4 and self.state == "ONLINE" else [])
        if isinstance(told, dict):
            told = [{"type": KINDS[word][0], "at": at, **KINDS[word][1]} for word, at in told.items()]
        for one in told:
            yield Backup(one, instance.local_now())


SYSTEM = [{"name": "master", "recovery": "SIMPLE"}, {"name": "tempdb", "recovery": "SIMPLE"}, {"name": "model"},
          {"name": "msdb", "recovery": "SIMPLE"}]


def databases_of(told, instance):
    """System databases, and those that are told: by name, as a dictionary, or {"count": 500, "name": "app", ...}."""
    entries = SYSTEM + [entry for one in told for entry in repeated(one)]
    made = []
    for number, entry in enumerate(entries, 1):
        made.append(Database(entry, instance, number))
    by_name = {one.name.lower(): one for one in made}
    if len(by_name) < len(made):
        raise ValueError(f"{instance.server_name}: two databases of one name")
    for one in made:
        if "source" in one.told:
            one.source_id = by_name[one.told["source"].lower()].id
    return made


def repeated(entry):
    """Members that end in "#" are a list of which each database has the next one."""
    if isinstance(entry, str):
        return [{"name": entry}]
    rest = {key: value for key, value in entry.items() if key != "count"}
    if "count" not in entry:
        return [rest]
    made = []
    for at in range(1, entry["count"] + 1):
        turns = {key[:-1]: value[at % len(value)] for key, value in rest.items() if key.endswith("#")}
        whole = {key: value for key, value in rest.items() if not key.endswith("#")}
        made.append({**whole, **turns, "name": f"{entry['name']}{at:04}"})
    return made


class Replica:
    def __init__(self, told, group):
        self.server = told["server"]
        self.id = stable(group, self.server)
        self.mode = told.get("mode", "SYNCHRONOUS_COMMIT")
        self.failover = told.get("failover", "AUTOMATIC" if self.mode == "SYNCHRONOUS_COMMIT" else "MANUAL")
        self.url = f"TCP://{self.server.partition(chr(92))[0]}:5022"


class Group:
    """{"name": "AG1", "replicas": ["SQL1", {"server": "SQL2\\\\B", "mode": ...}], "databases": ["Sales"], "listener": "ag1"}"""

    def __init__(self, told):
        self.name, self.databases = told["name"], list(told.get("databases", []))
        self.id = told.get("id", "").upper() or stable("group", self.name, *[str(one) for one in told["replicas"]])
        self.replicas = [Replica({"server": one} if isinstance(one, str) else one, self.name) for one in told["replicas"]]
        self.primary = told.get("primary", self.replicas[0].server)
        self.basic, self.listener = told.get("basic", False), told.get("listener")
        self.readable = told.get("readable", True)

    def database_id(self, name):
        return stable(self.id, name)

    def replica(self, server):
        return next((one for one in self.replicas if one.server.lower() == server.lower()), None)
