"""A web server to post to: apache2, on loopback, in a folder of its own. What it took is in .taken()."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

MODULES = "/usr/lib/apache2/modules"

CONFIGURATION = """
ServerRoot "{folder}"
ServerName localhost
PidFile "{folder}/pid"
DefaultRuntimeDir "{folder}"
ErrorLog "{folder}/error.log"
Listen 127.0.0.1:{port}
{user}
LoadModule mpm_prefork_module {modules}/mod_mpm_prefork.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule cgi_module {modules}/mod_cgi.so
StartServers 1
ScriptAlias /answer "{folder}/take"
Redirect 301 /moved http://127.0.0.1:{port}/answer/200
"""

# /answer/STATUS/...: keeps the request, and answers with that status and a text that repeats the address.
TAKE = """#!/bin/sh
n=$(mktemp {folder}/requests/XXXXXXXX)
cat >"$n.body"
env >"$n.headers"
mv "$n" "$n.done"
status=${{PATH_INFO#/}}
printf 'Status: %s\\r\\nContent-Type: text/plain\\r\\n\\r\\nno use for %s\\n' "${{status%%/*}}" "$REQUEST_URI"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Web:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-web-"))
        self.folder.chmod(0o755)
        self.requests = self.folder / "requests"
        self.requests.mkdir()
        self.requests.chmod(0o777)
        take = self.folder / "take"
        take.write_text(TAKE.format(folder=self.folder))
        take.chmod(0o755)
        # Somebody else may get the port first.
        if not any(self.start() for _ in range(5)):
            raise RuntimeError((self.folder / "error.log").read_text())

    def start(self):
        self.port = free_port()
        file = self.folder / "apache2.conf"
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        file.write_text(CONFIGURATION.format(folder=self.folder, port=self.port, user=user, modules=MODULES))
        self.process = subprocess.Popen(["/usr/sbin/apache2", "-f", str(file), "-DFOREGROUND"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)  # it ends its whole process group
        while self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return True
            time.sleep(0.02)
        return False

    def address(self, status, rest=""):
        return f"http://127.0.0.1:{self.port}/answer/{status}{rest}"

    def taken(self):
        """The requests, as (headers, body); they are taken out."""
        found = []
        for done in sorted(self.requests.glob("*.done")):
            name = done.with_suffix("")
            headers = dict(line.split("=", 1) for line in name.with_suffix(".headers").read_text().splitlines()
                           if "=" in line)
            found.append((headers, name.with_suffix(".body").read_bytes()))
            for file in (done, name.with_suffix(".headers"), name.with_suffix(".body")):
                file.unlink()
        return found

    def taken_json(self):
        return [json.loads(body) for _, body in self.taken()]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Deaf:
    """Accepts connections, as the kernel does, and never says a word."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def stop(self):
        self.socket.close()
