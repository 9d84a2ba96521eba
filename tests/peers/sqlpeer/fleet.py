"""Computers with instances of SQL Server, as a dictionary tells them; see ../README.md. What is told is all that varies; the rest
follows from the version.

    {"hosts": [{"name": "sql1.corp.example", "address": "127.0.0.11", "instances": [
                  {"name": "MSSQLSERVER", "version": "2012 SP2", "databases": ["Sales", {"name": "Web", "recovery": "SIMPLE"}]}]}],
     "logins": {"scan": "right"}, "groups": [{"name": "AG1", "replicas": ["SQL1", "SQL2"], "databases": ["Sales"]}]}"""
import ipaddress

from engine import DEFAULT, Instance
from engine_things import Group, repeated


class Host:
    def __init__(self, settings, fleet):
        self.settings, self.name = settings, settings["name"]
        self.address = settings.get("address", "127.0.0.1")
        self.instances = {}
        for told in self.entries(settings.get("instances", [{}])):
            name = told.get("name", DEFAULT)
            if name.lower() in (one.lower() for one in self.instances):
                raise ValueError(f"{self.name} has two instances {name}")
            logins = {**fleet.logins, **logins_of(settings), **logins_of(told)}
            own = {**fleet.standing, **told, "logins": logins}
            self.instances[name] = Instance(own, settings.get("network_name", self.name.partition(".")[0]), name, fleet)

    @staticmethod
    def entries(told):
        """A list of dictionaries, or {name: version}."""
        listed = told if isinstance(told, list) else [{"name": name, "version": version} for name, version in told.items()]
        return [one for entry in listed for one in repeated(entry)]


class Fleet:
    def __init__(self, told):
        self.told, self.logins = told, logins_of(told) or {"scan": {"password": "right"}}
        self.standing = {key: told[key] for key in ("now", "utc_offset") if key in told}
        self.hosts = {}
        for entry in (one for entry in told["hosts"] for one in placed(repeated(entry))):
            if entry["name"] in self.hosts:
                raise ValueError(f"two hosts are called {entry['name']}")
            self.hosts[entry["name"]] = Host(entry, self)
        self.groups = {one["name"]: Group(one) for one in told.get("groups", [])}
        for group in self.groups.values():
            self.join(group)

    def join(self, group):
        """Its replicas know of it, those that are here."""
        for host in self.hosts.values():
            for instance in host.instances.values():
                if group.replica(instance.server_name):
                    instance.join(group)


def placed(entries):
    """An address that ends in "+" is the first one's; those that follow have the next ones."""
    for at, entry in enumerate(entries):
        address = entry.get("address", "")
        yield {**entry, "address": str(ipaddress.ip_address(address[:-1]) + at)} if address.endswith("+") else entry


def logins_of(told):
    """A login may be told by its password alone."""
    return {name: one if isinstance(one, dict) else {"password": one} for name, one in told.get("logins", {}).items()}
