"""Who may log in to an instance, and what they may there."""
import copy
import fnmatch

from engine_errors import error

PUBLIC = ["VIEW ANY DATABASE", "CONNECT SQL"]
SCANNER = ["VIEW SERVER STATE", "VIEW ANY DEFINITION", "msdb.dbo.backupset", "msdb.dbo.backupmediafamily", "dpmdb*.*"]
# A right is there by itself, or by one that covers it (sys.fn_builtin_permissions; from memory).
COVERED = {"VIEW ANY DATABASE": ["VIEW ANY DEFINITION", "ALTER ANY DATABASE", "CONTROL SERVER"],
           "VIEW ANY DEFINITION": ["CONTROL SERVER"], "VIEW SERVER STATE": ["ALTER SERVER STATE", "CONTROL SERVER"],
           "ALTER SERVER STATE": ["CONTROL SERVER"], "CREATE ANY DATABASE": ["ALTER ANY DATABASE", "CONTROL SERVER"],
           "ALTER ANY DATABASE": ["CONTROL SERVER"], "CONNECT SQL": ["CONTROL SERVER"], "CONTROL SERVER": [],
           "ALTER ANY LOGIN": ["CONTROL SERVER"], "ALTER SETTINGS": ["CONTROL SERVER"], "ADMINISTER BULK OPERATIONS": ["CONTROL SERVER"]}
COVERED_2022 = {"VIEW SERVER PERFORMANCE STATE": ["VIEW SERVER STATE", "CONTROL SERVER"],
                "VIEW SERVER SECURITY STATE": ["VIEW SERVER STATE", "CONTROL SERVER"],
                "VIEW ANY SECURITY DEFINITION": ["VIEW ANY DEFINITION", "CONTROL SERVER"],
                "VIEW ANY PERFORMANCE DEFINITION": ["VIEW ANY DEFINITION", "CONTROL SERVER"]}
COVERED_2014 = {"CONNECT ANY DATABASE": ["CONTROL SERVER"], "SELECT ALL USER SECURABLES": ["CONTROL SERVER"]}
STATES = {"disabled": 18470, "locked": 18486, "expired": 18487, "must change": 18488, "untrusted": 18452, "upgrade": 18401,
          "paused": 17142, "single user": 18461}


def rights_of(version):
    made = dict(COVERED)
    for since, more in (("12", COVERED_2014), ("16", COVERED_2022)):
        if version.has(since):
            made.update(more)
    return made


class Login:
    """{"password": "right", "rights": [...], "denied": [...], "sysadmin": true, "state": "locked", "database": "DPMDB", "lockout": 3}.
    A right is a server's ("VIEW SERVER STATE"), DATABASE.SCHEMA.OBJECT to select from it, DATABASE.* from all there, or DATABASE. to be a
    user there and no more; DATABASE may have wildcards. Those of public are there unless denied."""

    def __init__(self, name, told):
        self.name, self.password, self.state = name, told.get("password"), told.get("state")
        self.sysadmin, self.default = told.get("sysadmin", False), told.get("database", "master")
        self.rights = {one.lower() for one in told.get("rights", SCANNER)} | {one.lower() for one in PUBLIC}
        self.denied = {one.lower() for one in told.get("denied", [])}
        self.limit, self.failures = told.get("lockout"), 0

    def called(self, name):
        """The same login by another name."""
        made = copy.copy(self)
        made.name = name
        return made

    def check(self, password):
        """password None: proven otherwise."""
        if self.state:
            raise error(STATES[self.state], self.name)
        if password is not None and password != self.password:
            self.failures += 1
            if self.limit and self.failures >= self.limit:
                self.state = "locked"
            raise error(18456, self.name)
        self.failures = 0

    def has(self, right, covering):
        """A right of the server; covering: engine_logins.rights_of its version, which has no others."""
        if right not in covering:
            return False
        if self.sysadmin:
            return True
        if right.lower() in self.denied:
            return False
        return right.lower() in self.rights or any(self.has(one, covering) for one in covering.get(right, []))

    def user_of(self, database):
        return self.sysadmin or any(fnmatch.fnmatchcase(database.lower(), one.partition(".")[0]) for one in self.rights if "." in one)

    def may_select(self, database, name):
        """name: schema.object"""
        if self.sysadmin:
            return True
        whole = f"{database}.{name}".lower()
        if whole in self.denied:
            return False
        return any(fnmatch.fnmatchcase(whole, one) for one in self.rights if "." in one)
