"""What tests of sqlpeer share: they start it, write the settings of FreeTDS and unixODBC, run clients that nobody here wrote,
and speak TDS themselves where no such client would (an end of its own, of bytes)."""
import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE / "sqlpeer")]

import peer_process  # noqa: E402

NEEDED = {"freetds-bin": "/usr/bin/tsql", "tdsodbc": "/usr/share/tdsodbc", "unixodbc": "/usr/bin/isql",
          "python3-pymssql": "/usr/lib/python3/dist-packages/pymssql", "tshark": "/usr/bin/tshark",
          "krb5-kdc": "/usr/sbin/krb5kdc", "python3-gssapi": "/usr/lib/python3/dist-packages/gssapi",
          "gss-ntlmssp": "/etc/gss/mech.d/mech.ntlmssp.conf"}
TEDIOUS = "tedious@18.6.1"
LONGEST = 60  # seconds that a client may take

for variable in [name for name in os.environ if name.startswith(("TDS", "FREETDS", "ODBC"))]:
    del os.environ[variable]


class Peer(peer_process.Process):
    """fleet: as the option --fleet has it; the browser's port is any, where no option says otherwise."""

    def __init__(self, fleet, *options, environment=None):
        browser = [] if "--browser-port" in options else ["--browser-port", 0]
        super().__init__(HERE / "sqlpeer", "--fleet", json.dumps(fleet), *browser, *options, environment=environment)

    def port(self, host, instance="MSSQLSERVER"):
        return self.facts["hosts"][host]["instances"][instance]

    def address(self, host):
        return self.facts["hosts"][host]["address"]


def tricks():
    """Their names."""
    return subprocess.run([sys.executable, "-B", HERE / "sqlpeer", "--list"], capture_output=True, text=True,
                          check=True).stdout.split()


class Clients:
    """Folder and environment of clients; a section of freetds.conf, and a data source of ODBC, for each place to connect to."""

    def __init__(self):
        self.held = tempfile.TemporaryDirectory(prefix="muster-sqlpeer-")
        self.folder = pathlib.Path(self.held.name)
        self.environment = {**os.environ, "FREETDSCONF": f"{self.folder}/freetds.conf", "ODBCSYSINI": str(self.folder),
                            "ODBCINI": f"{self.folder}/odbc.ini", "HOME": str(self.folder), "LANG": "C.UTF-8"}
        driver = subprocess.run(["find", "/usr/lib", "-name", "libtdsodbc.so"], capture_output=True, text=True, check=True)
        (self.folder / "odbcinst.ini").write_text(f"[FreeTDS]\nDriver={driver.stdout.split()[0]}\nThreading=1\n")
        (self.folder / "freetds.conf").write_text("[global]\ntext size = 4000000\nclient charset = UTF-8\n")

    def place(self, name, **settings):
        """settings: of freetds.conf, with _ for blanks."""
        with open(self.folder / "freetds.conf", "a", encoding="utf-8") as file:
            file.write(f"[{name}]\n" + "".join(f"{key.replace('_', ' ')} = {value}\n" for key, value in settings.items()))
        with open(self.folder / "odbc.ini", "a", encoding="utf-8") as file:
            file.write(f"[{name}]\nDriver=FreeTDS\nServername={name}\n")

    def run(self, *words, text="", **environment):
        """Status, output, and what was said on standard error."""
        done = subprocess.run([str(word) for word in words], input=text.encode(), capture_output=True, timeout=LONGEST,
                              env={**self.environment, **environment}, check=False)
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")

    def tsql(self, place, statement, user="scan", password="right", **environment):
        return self.run("/usr/bin/tsql", "-o", "qh", "-S", place, "-U", user, "-P", password, text=f"{statement}\ngo\nquit\n",
                        **environment)

    def bsqldb(self, place, statement, user="scan", password="right"):
        return self.run("/usr/bin/bsqldb", "-q", "-S", place, "-U", user, "-P", password, "-t", "\t", text=f"{statement}\ngo\n")

    def isql(self, place, statement, user="scan", password="right", **environment):
        return self.run("/usr/bin/isql", "-b", "-x0x09", "-m300000", place, *((user, password) if user else ()),
                        text=f"{statement}\n", **environment)

    def tedious(self, **told):
        """What sqlpeer_tedious.js answers."""
        status, output, said = self.run("node", HERE / "sqlpeer_tedious.js", text=json.dumps(told),
                                        NODE_PATH=str(tedious_folder() / "node_modules"))
        if status != 0:
            raise AssertionError(f"node: {said}")
        return json.loads(output)

    def close(self):
        self.held.cleanup()


def tedious_folder():
    return HERE.parents[1] / "build" / "npm"


def fetch_tedious():
    """Once in a tree. False: it can not be had here."""
    folder = tedious_folder()
    if (folder / "node_modules" / "tedious").is_dir():
        return True
    folder.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", TEDIOUS],
                              cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{TEDIOUS}: {error}")
        return False
    if done.returncode != 0:
        print(f"{TEDIOUS}: {done.stderr}")
    return done.returncode == 0


# --------------------------------------------------------------------------------------------- an end of bytes ----

LOOK = bytes.fromhex("1201002f0000000000001a00060100200001020021000103002200040400260001ff"  # with encryption not there
                     "09000000000002000000000000")


def login7(user="scan", password="right"):
    """A login by name and password, as TDS 7.4 has it."""
    hidden = bytes((one >> 4 | one << 4 & 255) ^ 0xA5 for one in password.encode("utf-16-le"))
    fields, at, data = b"", 94, b""
    for count, part in ((0, b""), (len(user), user.encode("utf-16-le")), (len(password), hidden), *[(0, b"")] * 6):
        fields += struct.pack("<HH", at + len(data), count)
        data += part
    rest = bytes(6) + struct.pack("<HH", at + len(data), 0) + bytes(12)
    fixed = struct.pack("<IIIIIIBBBBiI", at + len(data), 0x74000004, 4096, 7, 1, 0, 0, 0, 0, 0, 0, 0)
    return fixed + fields + rest + data


class Raw:
    """A connection without encryption."""

    def __init__(self, address, port, timeout=LONGEST):
        self.plug = socket.create_connection((address, port), timeout=timeout)

    def send(self, kind, payload):
        self.plug.sendall(struct.pack(">BBHI", kind, 1, 8 + len(payload), 0) + payload)

    def take(self, count):
        """As many bytes, or what there is until the end."""
        data = b""
        while len(data) < count and (part := self.plug.recv(count - len(data))):
            data += part
        return data

    def rest(self):
        """All until the end."""
        data = b""
        while part := self.plug.recv(65536):
            data += part
        return data

    def rest_or_reset(self):
        """The same; a reset is an end, too."""
        try:
            return self.rest()
        except ConnectionError:
            return b""

    def message(self):
        """Type and content of the next message."""
        content = b""
        while True:
            head = self.take(8)
            content += self.take(struct.unpack(">H", head[2:4])[0] - 8)
            if head[1] & 1:
                return head[0], content

    def look(self):
        self.plug.sendall(LOOK)

    def log_in(self):
        """The login's reply."""
        self.look()
        self.message()
        self.send(0x10, login7())
        return self.message()[1]

    def batch(self, sql):
        self.send(0x01, struct.pack("<IIHQI", 22, 18, 2, 0, 1) + sql.encode("utf-16-le"))

    def close(self):
        self.plug.close()
