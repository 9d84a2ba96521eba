#!/usr/bin/python3
"""usage: kdc.py

MIT's KDC on loopback, with a realm of its own in a folder of its own. One line of JSON when it answers: realm, config
(for KRB5_CONFIG), keytab (of HTTP/localhost), client_keytab, principal, password. Another realm, SILENT.TEST, has a
KDC that never answers. Commands, answered by a line of JSON: ticket CACHE [PRINCIPAL PASSWORD] gets a ticket into a
cache (FILE:path); admin WORD... is a command of kadmin.local (its output is told); silence ends the KDC, wake starts
it again at the same port. Ends when standard input does."""
import collections
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading

REALM = "EXAMPLE.TEST"
PRINCIPAL, PASSWORD, SERVICE = "scan", "right", "HTTP/localhost"
ATTEMPTS = 5
CONFIG = """[libdefaults]
 default_realm = {realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 {realm} = {{
  kdc = 127.0.0.1:{port}
 }}
 SILENT.TEST = {{
  kdc = 127.0.0.1:1
 }}
[domain_realm]
 localhost = {realm}
"""
SERVER = """[kdcdefaults]
 kdc_listen = ""
 kdc_tcp_listen = 127.0.0.1:{port}
[realms]
 {realm} = {{
  database_name = {folder}/principal
  key_stash_file = {folder}/stash
  acl_file = {folder}/acl
 }}
[logging]
 kdc = STDERR
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Kdc:
    def __init__(self):
        self.held = tempfile.TemporaryDirectory(prefix="muster-kdc-")
        self.folder = pathlib.Path(self.held.name)
        self.config = self.folder / "krb5.conf"
        self.environment = {**os.environ, "KRB5_CONFIG": str(self.config),
                            "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf")}
        self.keytab, self.client_keytab = self.folder / "http.keytab", self.folder / "client.keytab"
        self.configure()
        self.make_realm()
        for _ in range(ATTEMPTS):  # another may take the port first
            if self.wake():
                return
            self.configure()
        raise RuntimeError("krb5kdc does not start")

    def wake(self):
        self.process = subprocess.Popen(["/usr/bin/setpriv", "--pdeathsig", "TERM", "/usr/sbin/krb5kdc", "-n", "-r",
                                         REALM],
                                        env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE)
        listens = self.listens()
        self.rest = threading.Thread(target=collections.deque, args=(self.process.stderr, 0), daemon=True)
        self.rest.start()  # what it logs is read for ever: else it would stop when the pipe is full
        if not listens:
            self.silence()
        return listens

    def silence(self):
        self.process.terminate()
        self.process.wait()
        self.rest.join()
        self.process.stderr.close()

    def configure(self):
        self.port = free_port()
        told = {"realm": REALM, "port": self.port, "folder": self.folder}
        self.config.write_text(CONFIG.format(**told))
        (self.folder / "kdc.conf").write_text(SERVER.format(**told))

    def run(self, *words, text=None):
        return subprocess.run([str(word) for word in words], env=self.environment, check=True, capture_output=True,
                              input=text).stdout.decode()

    def make_realm(self):
        self.run("/usr/sbin/kdb5_util", "-r", REALM, "create", "-s", "-P", os.urandom(16).hex())
        self.run("/usr/sbin/kadmin.local", "-r", REALM, text="\n".join((
            f"addprinc -pw {PASSWORD} {PRINCIPAL}", f"addprinc -randkey {SERVICE}", f"ktadd -k {self.keytab} {SERVICE}",
            f"ktadd -norandkey -k {self.client_keytab} {PRINCIPAL}", "")).encode())

    def listens(self):
        """It says so on standard error; False: it has ended."""
        return any(b"commencing operation" in line for line in self.process.stderr)

    def ticket(self, cache, principal=PRINCIPAL, password=PASSWORD):
        """A ticket for the principal in the cache of that name."""
        self.run("/usr/bin/kinit", "-c", cache, principal, text=password.encode())

    def admin(self, *words):
        return self.run("/usr/sbin/kadmin.local", "-r", REALM, "-q", " ".join(words))

    def facts(self):
        return {"realm": REALM, "config": str(self.config), "keytab": str(self.keytab), "port": self.port,
                "client_keytab": str(self.client_keytab), "principal": f"{PRINCIPAL}@{REALM}", "password": PASSWORD,
                "service": f"{SERVICE}@{REALM}"}

    def close(self):
        if self.process.poll() is None:
            self.silence()
        self.held.cleanup()


def obey(kdc, words):
    """The answer to a command."""
    if words[:1] == ["ticket"] and len(words) in (2, 4):
        kdc.ticket(*words[1:])
    elif words[:1] == ["admin"] and len(words) > 1:
        return {"ok": True, "output": kdc.admin(*words[1:])}
    elif words == ["silence"]:
        kdc.silence()
    elif words == ["wake"]:
        return {"ok": True} if kdc.wake() else {"error": "krb5kdc does not start"}
    else:
        return {"error": "usage: ticket CACHE [PRINCIPAL PASSWORD], admin WORD..., silence, wake"}
    return {"ok": True}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    kdc = Kdc()
    try:
        print(json.dumps(kdc.facts()), flush=True)
        for line in sys.stdin:
            print(json.dumps(obey(kdc, line.split())), flush=True)
    finally:
        kdc.close()


if __name__ == "__main__":
    main()
