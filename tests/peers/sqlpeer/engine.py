"""An instance of SQL Server as a session sees it: what it says of itself follows from its version and from what is told of it. The
server that speaks TDS for it is not here (result.py says what lies between)."""
import collections
import datetime

import engine_catalog
import engine_dpm
import engine_functions
import engine_groups  # noqa: F401: adds to engine_catalog.VIEWS
import engine_local
import engine_things as things
from engine_errors import error
from engine_logins import Login, rights_of
from engine_session import Session
from engine_store import Store
from engine_versions import EDITIONS, version_of

DEFAULT = "MSSQLSERVER"


class Instance:
    """settings: version, edition, databases, logins, cluster, hadr, utc_offset (minutes), no_guest (in msdb), now; and those of the
    server: port, encryption, ..."""

    def __init__(self, settings, host="SQL1", name=DEFAULT, fleet=None):
        self.settings, self.host, self.name, self.fleet = settings, host, name, fleet
        self.version = version_of(settings.get("version", "2016 SP2"))
        self.build = self.version.build
        self.reread()
        self.rights = rights_of(self.version)
        self.logins = {key.lower(): Login(key, told) for key, told in (settings.get("logins") or {"scan": {"password": "right"}}).items()}
        self.groups, self.cache, self.store, self.session = [], {}, None, None
        self.statements, self.texts = 0, collections.deque(maxlen=1000)
        self.databases = things.databases_of(settings.get("databases", []), self)
        self.changed()

    # --------------------------------------------------------------------------------------------------- what it is ----

    def reread(self):
        """Settings that stand in members."""
        self.edition, self.engine = EDITIONS[self.settings.get("edition", "standard").lower()]
        self.collation = self.settings.get("collation", "SQL_Latin1_General_CP1_CI_AS")
        self.cluster = self.settings.get("cluster")

    @property
    def clustered(self):
        return bool(self.cluster)

    @property
    def nodes(self):
        return self.cluster["nodes"] if self.cluster else []

    @property
    def owner(self):
        return self.cluster.get("owner", self.cluster["nodes"][0]) if self.cluster else None

    @property
    def volumes(self):
        for one in self.cluster.get("volumes", []) if self.cluster else []:
            one = {"path": one} if isinstance(one, str) else one
            yield {"owner": self.owner, "csv": "clusterstorage" in one["path"].lower(), **one}

    @property
    def hadr(self):
        return bool(self.settings.get("hadr", self.groups)) and self.version.has("11")

    @property
    def machine(self):
        return self.host.upper()

    @property
    def server_name(self):
        return self.machine if self.name == DEFAULT else f"{self.machine}\\{self.name}"

    @property
    def folder(self):
        prefix = {"10.50": "10_50"}.get(self.build[:5], self.build.partition(".")[0])
        return rf"C:\Program Files\Microsoft SQL Server\MSSQL{prefix}.{self.name}\MSSQL\DATA"

    @property
    def version_text(self):
        return self.settings.get("version_text", self.version.text(self.edition))

    @property
    def created(self):
        return "2015-03-01T09:00:00.000"

    def utc_now(self):
        told = self.settings.get("now")
        return datetime.datetime.fromisoformat(told) if told else datetime.datetime.utcnow()

    def local_now(self):
        return self.utc_now() + datetime.timedelta(minutes=self.settings.get("utc_offset", 0))

    def utc_text(self):
        return things.moment("-0s", self.utc_now())

    @property
    def time_zone(self):
        """In quarters of an hour."""
        return self.settings.get("time_zone", self.settings.get("utc_offset", 0) // 15)

    # ---------------------------------------------------------------------------------------------------- properties ----

    def property(self, name):
        """SERVERPROPERTY; a name that this version does not know is NULL."""
        since = SINCE.get(name.lower())
        if since == "late":
            since = LATE_2015.get(self.version.major, "13")
        if since is None or not self.version.has(since):
            return None
        words = name.lower()
        return self.settings.get("properties", {}).get(words, self.properties().get(words))

    def properties(self):
        major, minor, build, _ = self.build.split(".")
        return {
            "productversion": self.build, "productlevel": self.version.level, "productupdatelevel": self.version.update,
            "productmajorversion": major, "productminorversion": minor, "productbuild": build, "edition": self.edition,
            "engineedition": self.engine, "isclustered": int(self.clustered), "ishadrenabled": int(self.hadr),
            "hadrmanagerstatus": 1 if self.hadr else 2, "machinename": self.machine, "collation": self.collation,
            "computernamephysicalnetbios": (self.owner or self.machine).upper(), "servername": self.server_name,
            "instancename": None if self.name == DEFAULT else self.name, "isintegratedsecurityonly": 0, "issingleuser": 0,
            "isfulltextinstalled": 1, "licensetype": "DISABLED", "processid": 1234, "instancedefaultdatapath": self.folder + "\\",
            "instancedefaultlogpath": self.folder + "\\", "pathseparator": "\\", "resourceversion": f"{major}.00.{build}",
            "editionid": -1534726760, "lcid": 1033, "comparisonstyle": 196609, "sqlcharset": 1,
        }

    def database_property(self, name, word):
        database = self.database(name)
        if not database:
            return None
        return {"status": database.state, "recovery": database.recovery, "updateability": "READ_ONLY" if database.read_only else
                "READ_WRITE", "useraccess": database.access, "isinstandby": int(database.standby),
                "collation": self.collation}.get(word)

    # ------------------------------------------------------------------------------------------------------ sessions ----

    def login(self, user, password, database=""):
        """A session. password None: the user is proven otherwise."""
        login = self.logins.get(user.lower()) or (self.proven(user) if password is None else None)
        if not login:
            raise error(18456, user)
        login.check(password)
        session = Session(self, login)
        wanted = database or login.default
        if not self.database(wanted) or not session.may_enter(self.database(wanted)) or not self.database(wanted).open:
            failed = error(18456, login.name)
            failed.before = [error(4060, wanted)]
            raise failed
        session.database = self.database(wanted).name
        return session

    def proven(self, user):
        """Who NTLM or Kerberos found: scan@CORP.EXAMPLE is CORP\\scan; who is told without a domain is meant in any."""
        name, at, realm = user.partition("@")
        domain, _, name = (realm.partition(".")[0], "", name) if at else user.rpartition("\\")
        whole = f"{domain.upper()}\\{name}"
        found = self.logins.get(whole.lower()) or self.logins.get(name.lower())
        return found and (found if found.name.lower() == whole.lower() else found.called(whole))

    def database(self, name):
        return self.by_name.get(name.lower())

    def add(self, told):
        """A database."""
        if self.database(told["name"]):
            raise ValueError(f"{self.server_name} has a database {told['name']}")
        self.databases.append(things.Database(told, self, max(one.id for one in self.databases) + 1))
        self.changed()

    def join(self, group):
        """It is a replica of that group."""
        self.groups.append(group)
        self.changed()

    def changed(self):
        """Something is otherwise: answers are made anew."""
        self.by_name = {one.name.lower(): one for one in self.databases}
        self.by_name["msdb"].objects = engine_local.MSDB
        for one in self.databases:
            if "dpm" in one.told and not one.objects:
                one.objects = engine_dpm.objects_of(one.told["dpm"], self.utc_now())
        for one in self.databases:
            one.group = one.replica_id = one.group_database_id = None
            one.secondary = False
        for group in self.groups:
            for name in group.databases:
                one, replica = self.by_name.get(name.lower()), group.replica(self.server_name)
                if one and replica:
                    one.group, one.replica_id, one.group_database_id = group, replica.id, group.database_id(name)
                    one.secondary = not group.readable and replica.server != group.primary
        self.cache.clear()
        if self.store:
            self.store.clear()

    def opened_store(self, session):
        self.session = session
        self.store = self.store or Store(engine_functions.of_store(lambda: self.session))
        return self.store

    @staticmethod
    def view(name):
        return engine_catalog.VIEWS.get(name)


# Properties, and since when; "late": with updates of late 2015 to those versions that were older (which of 2014 is from memory).
LATE_2015 = {11: "11.0.6020", 12: "12.0.4427"}
SINCE = {**dict.fromkeys("""productversion productlevel edition engineedition isclustered machinename collation servername instancename
isintegratedsecurityonly issingleuser isfulltextinstalled licensetype processid resourceversion editionid lcid comparisonstyle sqlcharset
computernamephysicalnetbios""".split(), "10"), **dict.fromkeys("ishadrenabled hadrmanagerstatus".split(), "11"),
         **dict.fromkeys("""productupdatelevel productmajorversion productminorversion instancedefaultdatapath
instancedefaultlogpath""".split(), "late"), "productbuild": "12", "pathseparator": "14"}
