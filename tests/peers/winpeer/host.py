"""One Windows computer of the fleet."""
import collections

import tricks
from service import GENERATIONS, Service


KEY = "hklm\\"  # what is denied is a key of the registry


class Host:
    def __init__(self, name, version, generation=None, domain="corp.example", language="en-US", **settings):
        self.name, self.version, self.domain, self.language = name, version, domain, language
        self.generation = GENERATIONS[generation or version.stack]
        self.machine = f"{name}.{domain}" if domain else name
        self.kerberos = settings.get("kerberos", False)
        self.basic = settings.get("basic", True)
        self.strict = settings.get("strict", False)            # CbtHardeningLevel
        self.unencrypted = settings.get("unencrypted", False)  # AllowUnencrypted
        self.wmi_errors = settings.get("wmi_errors", True)     # MSFT_WmiError in faults
        self.denied = {one.lower() for one in settings.get("denied", ())}
        self.make_spaces = self.make_registry = None           # set by who makes the host; called when first asked
        self.spaces = self.keys = None
        self.service = Service(self)
        self.trick = tricks.Trick()
        self.connections, self.counts, self.down = set(), collections.Counter(), False
        self.ahead = 0

    def count(self, what):
        self.counts[what] += 1

    def schemes(self, tls):
        return ["Negotiate"] + ["Kerberos"] * self.kerberos + ["Basic"] * (tls and self.basic)

    def version_text(self, known):
        """Who is not logged in is told no version of the system."""
        if not known:
            return f"OS: 0.0.0 SP: 0.0 Stack: {self.generation.stack}"
        return f"OS: {self.version.number} SP: {self.version.service_pack}.0 Stack: {self.generation.stack}"

    # ------------------------------------------------------------------------------------------- what it has ----

    def tables(self):
        """{namespace: {class: Table}}, in lower case."""
        if self.spaces is None:
            self.spaces = {space.lower(): {table.name.lower(): table for table in tables}
                           for space, tables in self.make_spaces().items()}
            self.trick.prepare(self)
        return self.spaces

    def classes(self, space):
        return self.tables().get(space.lower())

    def table(self, space, name):
        return self.tables()[space.lower()][name.lower()]

    def registry(self):
        if self.keys is None:
            self.keys = self.make_registry()
        self.keys.denied = {one.removeprefix(KEY) for one in self.denied if one.startswith(KEY)}
        return self.keys

    def refuses(self, space, name):
        return bool({space.lower(), name.lower(), f"{space}/{name}".lower()} & self.denied)

    # ------------------------------------------------------------------------------------------- what happens ----

    def play(self, text):
        self.trick = tricks.named(text)
        self.anew()

    def anew(self):
        """What it has is made once more when it is asked."""
        self.spaces = self.keys = None
        self.service.changed()

    def reboot(self):
        """Connections and enumerations are lost."""
        self.service.forget()
        for connection in list(self.connections):
            connection.writer.transport.abort()
