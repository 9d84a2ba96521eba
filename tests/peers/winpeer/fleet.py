"""The hosts of a fleet, as a list of what is told of each: {"name": "hv1", "version": "2016", "hyperv": {...}, ...};
see ../README.md. What is told is all that varies; the rest follows from the version."""
import os
import pathlib
import sys

import acceptor
import certificates
from host import Host
from windows import VERSIONS, Computer

ROLES = []  # functions (computer, fleet) that add what a setting asks for


def role(function):
    ROLES.append(function)
    return function


class Fleet:
    def __init__(self, told, options):
        self.options = options
        self.accounts = acceptor.Accounts(options.domain, {options.username: options.password, **told.get("accounts", {})})
        self.delay = options.delay_ms / 1000
        self.maker = certificates.Maker()
        self.authority = self.maker.authority("authority")
        self.clients = self.maker.authority("clients")
        self.made = {}
        self.acceptor = None
        self.hosts = {}
        self.clusters = told.get("clusters", [])
        self.running = {}  # virtual machines by the name of their host, as they are now
        self.told = [one for entry in told["hosts"] for one in repeated(entry)]
        for entry in self.told:
            self.add(entry)

    def say(self, words):
        if self.options.verbose:
            print(words, file=sys.stderr, flush=True)

    def add(self, entry):
        settings = dict(entry)
        name, version = settings.pop("name"), settings.pop("version")
        if version not in VERSIONS:
            raise ValueError(f"no version {version}; there are {' '.join(VERSIONS)}")
        version = VERSIONS[version]
        host = Host(name, version, settings.get("winrm"), kerberos=bool(self.options.keytab),
                    **{key: settings[key] for key in settings if key in HOST_SETTINGS})
        host.settings = settings
        host.make_spaces = lambda: self.computer(host).spaces
        host.make_registry = lambda: self.computer(host).registry_keys()
        host.play(settings.get("trick", "honest"))
        if name in self.hosts:
            raise ValueError(f"two hosts are called {name}")
        self.hosts[name] = host

    def computer(self, host):
        made = Computer(host.name, host.version, host.settings)
        for add in ROLES:
            add(made, self)
        made.complete()
        return made

    # ------------------------------------------------------------------------------------ virtual machines ----

    def machines(self, computer):
        if computer.name not in self.running:
            self.running[computer.name] = hyperv.machines_of(computer, computer.settings["hyperv"])
        return self.running[computer.name]

    def clustered(self, name):
        """All machines of a node."""
        host = self.hosts.get(name)
        if host is None or not host.settings.get("hyperv"):
            return []
        return self.machines(Computer(name, host.version, host.settings))

    def move(self, machine_name, source, target):
        """A live migration."""
        for name in (source, target):
            self.clustered(name)
        machine = next(one for one in self.running[source] if one.name == machine_name)
        self.running[source].remove(machine)
        self.running[target].append(machine)
        self.anew()

    def anew(self):
        """All hosts show what is there now."""
        for host in self.hosts.values():
            host.anew()

    # ------------------------------------------------------------------------------------- who it trusts ----

    def prepare_gssapi(self):
        """What the acceptor reads is told by its environment, before the libraries are loaded."""
        path = self.maker.folder / "ntlm"
        self.accounts.write_ntlm(path)
        os.environ["NTLM_USER_FILE"] = str(path)
        os.environ["KRB5RCACHENAME"] = "none:"
        if self.options.keytab:
            os.environ["KRB5_KTNAME"] = "FILE:" + self.options.keytab
        if self.options.clock_skew:  # less than nothing is allowed: MIT's own error, without another clock
            skewed = self.maker.folder / "krb5.conf"
            skewed.write_text("[libdefaults]\n clockskew = -1\n")
            os.environ["KRB5_CONFIG"] = f"{skewed}:{os.environ.get('KRB5_CONFIG', '/etc/krb5.conf')}"
        self.acceptor = acceptor.Acceptor(self.options.keytab)

    def certificate(self, kind):
        if kind not in self.made:
            addresses = sorted({entry.get("address", "127.0.0.1") for entry in self.told} | {"127.0.0.1"})
            others = sorted({name for entry in self.told if "group" in entry
                             for name in [f"{entry['name']}.{entry.get('domain', 'corp.example')}",
                                          *entry.get("names", [])]})
            names = ",".join([f"IP:{one}" for one in addresses] + [f"DNS:{one}" for one in ["localhost", *others]])
            self.made[kind] = {
                "good": lambda: self.maker.signed("winrm", self.authority, names),
                "expired": lambda: self.maker.signed("expired", self.authority, names, days=-1),
                "misnamed": lambda: self.maker.signed("misnamed", self.authority, "DNS:other.example"),
                "sha384": lambda: self.maker.signed("sha384", self.authority, names, digest="sha384"),
                "selfsigned": lambda: self.maker.self_signed("selfsigned", names),
                "client": lambda: self.maker.signed(self.options.username, self.clients),
            }[kind]()
        return self.made[kind]

    def tls_context(self, host):
        context = self.certificate(host.settings.get("certificate", "good")).context()
        context.load_verify_locations(self.clients.file)
        context.verify_mode = certificates.ssl.CERT_OPTIONAL
        return context

    def binding(self, host):
        return self.acceptor.binding(self.certificate(host.settings.get("certificate", "good")).end_point)

    def close(self):
        self.maker.close()


HOST_SETTINGS = ("domain", "language", "basic", "strict", "unencrypted", "wmi_errors", "denied")


def repeated(entry):
    """A host of its own for each of "count"."""
    count = entry.get("count")
    rest = {key: value for key, value in entry.items() if key != "count"}
    return [rest] if count is None else [{**rest, "name": f"{entry['name']}{at:04}"} for at in range(1, count + 1)]


import cluster  # noqa: E402, F401: these add to ROLES
import hyperv  # noqa: E402
import products  # noqa: E402, F401
