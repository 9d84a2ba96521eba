"""What is told of a backup server; engine_dpm.py says how."""
import datetime

import engine_types as types
from engine_things import moment, repeated, stable

APPS = {
    "vmware": "18BEE66C-826F-4499-A663-9805C8688AD3",    # Microsoft's own script
    "hyperv": "66841CD4-6DED-4F4B-8F17-FD23F8DDC3DE",    # the documented writer; that AppId equals it is inference
    "sql": "A65FAA63-5EA8-4EBC-9DBD-A0C4DB26912A",       # from memory, as the next one
    "exchange": "76FE1AC4-15F7-4BCD-987E-8E1ACB462FB7",
    "sharepoint": stable("app", "sharepoint"),           # not known: made up, as those that follow
    "volume": stable("app", "file system"), "share": stable("app", "file system"), "system": stable("app", "system"),
}
STATES = {  # in a group, Validity of its replica
    "protected": (True, 2), "invalid": (True, 1), "stopped": (False, 5), "inactive": (False, 6), "unprotected": (False, None),
}
PRODUCTS = {  # builds of first releases (dpm.md 3c), by the words that winpeer has for them
    "mabs-v1": "11.0.50.0", "mabs-v2": "12.0.332.0", "mabs-v3": "13.0.415.0", "mabs-v4": "14.0.30.0", "dpm-2010": "3.0.7696.0",
    "dpm-2012": "4.0.1908.0", "dpm-2012sp1": "4.1.3313.0", "dpm-2012r2": "4.2.1205.0", "dpm-2016": "5.0.158.0", "dpm-2019": "10.19.58.0",
    "dpm-2022": "10.22.123.0", "dpm-2025": "10.25.25.0",
}
SUCCEEDED, FAILED = 2, 3
KEPT_DAYS = 33  # what jobs did is forgotten then
SYSTEM = "System Protection"
MADE = {}       # "dbo.vw_dpm_server": (name, columns, function(backup server))


class Group:
    def __init__(self, told, server):
        told = {"name": told} if isinstance(told, str) else told
        self.name, self.id = told["name"], told.get("id", stable(server, "group", told["name"])).upper()
        self.disk, self.tape, self.online = told.get("disk", True), told.get("tape", False), told.get("online", False)
        self.created = told.get("created", "2019-05-02T10:00:00")


class Computer:
    def __init__(self, told, server, version):
        told = {"name": told} if isinstance(told, str) else told
        self.name, self.id = told["name"], told.get("id", stable(server, "computer", told["name"])).upper()
        self.resource_group, self.proxy = told.get("resource_group", False), told.get("proxy", False)
        self.agent = told.get("agent", None if self.resource_group or self.proxy else version)
        short, _, domain = self.name.partition(".")
        self.netbios, self.domain = told.get("netbios", short.upper()[:15]), told.get("domain", domain)


class Source:
    """type: a word of APPS; last, failed, jobs ([[when, status, error]]): recovery points; valid_to: when it was made inactive."""

    def __init__(self, told, server, now):
        told = dict(zip(("type", "computer", "name", "group"), told)) if isinstance(told, list) else told
        self.type, self.computer, self.name = told["type"], told["computer"], told.get("name", SYSTEM)
        self.state = told.get("state", "protected" if "group" in told else "unprotected")
        self.id = told.get("id", stable(server, self.computer, self.name)).upper()
        self.replica = told.get("replica", stable(self.id, "replica")).upper()
        self.in_group, self.validity = STATES[self.state]
        self.group = told.get("group")
        self.components = told.get("components", ["System State"] if self.type == "system" else [])
        self.paths, self.guid, self.farm = told.get("paths", []), told.get("guid"), told.get("farm")
        self.online, self.points = told.get("online", False), told.get("points", 5 if self.validity else 0)
        self.tape_points = told.get("tape_points", 0)
        self.used, self.allocated = told.get("used", 40 << 30), told.get("allocated", 60 << 30)
        self.since, self.until = moment(told.get("since", "2019-05-02T10:00:00"), now), moment(told.get("valid_to"), now)
        self.node, self.app = told.get("node"), told.get("app", APPS[self.type])
        self.jobs = [self.job(*one, now=now) for one in told.get("jobs", [])]
        last = told.get("last", "-6h" if self.state == "protected" else None)
        for when, status, error in ((last, SUCCEEDED, 0), (told.get("failed"), FAILED, told.get("error", 30111))):
            if when:
                self.jobs.append(self.job(when, status, error, now=now))

    @staticmethod
    def job(when, status, error=0, now=None):
        return moment(when, now), status, error

    def recent(self, now):
        oldest = types.stored(now - datetime.timedelta(days=KEPT_DAYS))
        return sorted(one for one in self.jobs if one[0] >= oldest)


class BackupServer:
    def __init__(self, told, now):
        self.told, self.now = told, now
        self.name, self.version = told["server"], PRODUCTS.get(told["version"], told["version"])
        self.patches = [one if isinstance(one, dict) else {"build": one} for one in told.get("patches", [])]
        self.groups = {group.name: group for group in (Group(one, self.name) for one in told.get("groups", []))}
        self.sources = [Source(one, self.name, now) for entry in told.get("sources", [])
                        for one in ([entry] if isinstance(entry, list) else repeated(entry))]
        computers = [Computer(one, self.name, self.version) for entry in told.get("computers", [])
                     for one in (repeated(entry) if isinstance(entry, dict) else [entry])]
        self.computers = {one.name: one for one in computers}
        for one in self.sources:  # who is not told of is as most are
            if one.computer not in self.computers:
                self.computers[one.computer] = Computer(one.computer, self.name, self.version)
            if one.group and one.group not in self.groups:
                self.groups[one.group] = Group(one.group, self.name)
        self.storage = told.get("storage_node", self.name)

    def group_id(self, source):
        """Of the group that it is in, or was."""
        return self.groups[source.group].id if source.group else None

    def server_id(self, source):
        return self.computers[source.computer].id

    def replicas(self):
        return [one for one in self.sources if one.validity is not None]


def holds(name, columns):
    def keep(function):
        MADE[f"dbo.{name}".lower()] = (f"dbo.{name}", columns, function)
        return function
    return keep
