#!/usr/bin/python3
"""Clients that nobody here wrote find the instances of sqlpeer by its SQL Server Browsers. They ask at port 1434 and no
other, so this is done in a network of its own (unshare), where nobody else can listen there; where none may be made, each
computer still has an address of its own."""
import fcntl
import os
import pathlib
import socket
import struct
import subprocess
import sys
import unittest

import sqlpeer_client as client

client.peer_process.skip_unless({name: client.NEEDED[name] for name in ("freetds-bin", "tdsodbc", "unixodbc")})

OWN_NETWORK = "SQLPEER_OWN_NETWORK"
FLEET = {"hosts": [
    {"name": "sql1.example", "address": "127.0.0.41", "instances": [
        {"name": "MSSQLSERVER", "version": "2012"}, {"name": "PAY", "version": "2019"},
        {"name": "HIDDEN", "version": "2022", "hidden": True}, {"name": "PIPES", "version": "2016", "tcp": False, "pipe": True},
        {"name": "NODE", "version": "2014", "cluster": {"nodes": ["N1", "N2"]}, "dac": 1500}]},
    {"name": "sql2.example", "address": "127.0.0.42", "instances": [{"name": "OTHER", "version": "2008"}]},
    {"name": "quiet.example", "address": "127.0.0.43", "browser": False, "instances": [{"version": "2017"}]}]}
VERSION = "SELECT @@VERSION AS version"


def enter_network():
    """Starts this program anew in a network of its own, where that is allowed."""
    words = ["unshare", "--net"] + ([] if os.getuid() == 0 else ["--map-root-user"])
    if OWN_NETWORK not in os.environ and subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
        done = subprocess.run([*words, sys.executable, "-B", *sys.argv], env={**os.environ, OWN_NETWORK: "yes"}, check=False)
        sys.exit(done.returncode)


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        request = struct.pack("16sH14s", b"lo", 0, bytes(14))
        flags = struct.unpack("16sH14s", fcntl.ioctl(plug, 0x8913, request))[1]
        fcntl.ioctl(plug, 0x8914, struct.pack("16sH14s", b"lo", flags | 1, bytes(14)))


class Browser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clients = client.Clients()
        cls.peer = client.Peer(FLEET, "--browser-port", 1434)

    @classmethod
    def tearDownClass(cls):
        cls.peer.close()
        cls.clients.close()

    def setUp(self):
        for name in ("sql1.example", "sql2.example"):
            self.peer.tell("trick", name, "honest")
        self.peer.tell("reset")

    def listed(self, host):
        """Instances, as tsql tells them."""
        _, _, text = self.clients.run("/usr/bin/tsql", "-L", "-H", self.peer.address(host))
        return [dict(line.split(None, 1) for line in part.splitlines()) for part in text.split("\n\n") if part.strip()]

    def test_tsql_lists_what_is_there(self):
        ports = self.peer.facts["hosts"]["sql1.example"]["instances"]
        found = {one["InstanceName"]: one for one in self.listed("sql1.example")}
        self.assertEqual(set(found), {"MSSQLSERVER", "PAY", "PIPES", "NODE"})
        self.assertEqual(found["PAY"], {"ServerName": "SQL1", "InstanceName": "PAY", "IsClustered": "No",
                                        "Version": "15.0.2000.5", "tcp": str(ports["PAY"])})
        self.assertEqual((found["NODE"]["IsClustered"], found["PIPES"]["np"]), ("Yes", r"\\SQL1\pipe\sql\query"))
        self.assertNotIn("tcp", found["PIPES"])
        self.assertEqual([one["Version"] for one in self.listed("sql2.example")], ["10.0.1600.22"])
        self.assertEqual(self.peer.tell("count")["browser_all"], 2)

    def test_freetds_finds_an_instance_by_its_name(self):
        self.clients.place("by-name", host="127.0.0.41", instance="PAY", tds_version="7.4", encryption="require")
        for ask in (self.clients.tsql, self.clients.isql):
            status, output, _ = ask("by-name", VERSION)
            self.assertEqual(status, 0)
            self.assertIn("15.0.", output)
        counts = self.peer.tell("count", "sql1.example/PAY")
        self.assertEqual((counts["logins"], self.peer.tell("count", "sql1.example")["browser_instance"]), (2, 2))

    def tedious(self, instance):
        return self.clients.tedious(server="127.0.0.41", instance=instance, encrypt=True, name="sql1.example", user="scan",
                                    password="right", ca=pathlib.Path(self.peer.facts["ca_file"]).read_text(),
                                    statements=[{"sql": VERSION}])

    def test_tedious_finds_an_instance_by_its_name(self):
        if not client.fetch_tedious():
            self.assertFalse(client.peer_process.must_run(), "no tedious")
            self.skipTest("no tedious")
        self.assertIn("15.0.", self.tedious("pay")["answers"][0]["results"][0]["rows"][0][0])
        self.assertIn("not found", self.tedious("HIDDEN")["error"]["message"])
        self.assertGreater(self.peer.tell("count", "sql1.example")["browser_broadcast"], 0)

    def ask(self, request, address="127.0.0.41"):
        """The reply, by ourselves: no client of others asks for these."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
            plug.settimeout(client.LONGEST)
            plug.connect((address, 1434))
            plug.send(request)
            return plug.recv(65536)

    def test_a_dac_is_told_by_its_port(self):
        self.assertEqual(self.ask(b"\x0f\x01NODE\0"), b"\x05\x06\x00\x01\xdc\x05")

    def test_what_is_not_there_is_silent(self):
        """An answer to what is asked next says that the first one has none."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
            plug.settimeout(client.LONGEST)
            plug.connect(("127.0.0.41", 1434))
            for request in (b"\x04NOBODY\0", b"\x04HIDDEN\0", b"\x0f\x01PAY\0", b"\x07", b"", b"\x04pay\0"):
                plug.send(request)
            self.assertIn(b";InstanceName;PAY;", plug.recv(65536))

    def test_a_reply_is_as_the_protocol_has_it(self):
        reply = self.ask(b"\x04PAY\0")
        port = self.peer.port("sql1.example", "PAY")
        text = f"ServerName;SQL1;InstanceName;PAY;IsClustered;No;Version;15.0.2000.5;tcp;{port};;".encode()
        self.assertEqual(reply, b"\x05" + struct.pack("<H", len(text)) + text)

    def played(self, name):
        """The reply under that trick, and as an instance of its text."""
        self.peer.tell("trick", "sql1.example", name)
        reply = self.ask(b"\x04PAY\0")
        words = reply[3:].decode("utf-8", "surrogateescape").split(";")
        return reply, dict(zip(words[::2], words[1::2]))

    def test_each_trick_is_what_it_says(self):
        size = len(self.ask(b"\x04PAY\0")) - 3
        checks = {
            "browser-port": lambda reply, told: told["tcp"] == "0",
            "browser-port:70000": lambda reply, told: told["tcp"] == "70000",
            "browser-other-host": lambda reply, told: told["ServerName"] == "127.9.9.9",
            "browser-huge": lambda reply, told: len(reply) > 60000 and reply.count(b"ServerName") > 500,
            "browser-many": lambda reply, told: reply.count(b"ServerName") == 600,
            "browser-name": lambda reply, told: told["InstanceName"] == "A'\"]--%s",
            "browser-control": lambda reply, told: told["InstanceName"] == "A\x1b[2J\n\x00\udcff",
            "browser-long-name": lambda reply, told: len(told["InstanceName"]) == 5000,
            "browser-no-name": lambda reply, told: told["InstanceName"] == "",
            "browser-size-more": lambda reply, told: struct.unpack("<H", reply[1:3])[0] > size,
            "browser-size-less": lambda reply, told: 0 < struct.unpack("<H", reply[1:3])[0] < size,
            "browser-size-zero": lambda reply, told: reply[1:3] == b"\0\0" and len(reply) > 3,
            "browser-short": lambda reply, told: len(reply) == 2,
            "browser-empty": lambda reply, told: reply == b"",
            "browser-other-type": lambda reply, told: reply[0] == 6,
            "browser-lower-case": lambda reply, told: "instancename" in told and "InstanceName" not in told,
            "browser-version": lambda reply, told: told["Version"] == "v14",
            "browser-twice": lambda reply, told: reply.count(b"PAY") == 2,
            "browser-no-tcp": lambda reply, told: "tcp" not in told,
            "browser-unfinished": lambda reply, told: not reply.endswith(b";;"),
            "browser-nonsense-first": lambda reply, told: reply.endswith(b"nonsense"),
            "browser-flood": lambda reply, told: len(reply) == 4,
        }
        for name, check in checks.items():
            with self.subTest(trick=name):
                self.assertTrue(check(*self.played(name)))
        names = {name for name in client.tricks() if name.startswith("browser-")}
        self.assertEqual(names, {name.partition(":")[0] for name in checks} | {"browser-silent", "browser-other-address"})

    def test_a_reply_may_come_from_another_address(self):
        self.peer.tell("trick", "sql1.example", "browser-other-address:127.0.0.99")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
            plug.settimeout(client.LONGEST)
            plug.sendto(b"\x04PAY\0", ("127.0.0.41", 1434))
            data, sender = plug.recvfrom(65536)
        self.assertEqual((sender, data[0]), (("127.0.0.99", 1434), 5))

    def test_a_silent_browser_hides_what_is_there(self):
        self.peer.tell("trick", "sql2.example", "browser-silent")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
            plug.settimeout(client.LONGEST)
            plug.connect(("127.0.0.42", 1434))
            plug.send(b"\x03")
            while self.peer.tell("count", "sql2.example")["browser_all"] == 0:
                pass
            self.peer.tell("trick", "sql2.example", "honest")
            plug.send(b"\x04OTHER\0")
            self.assertEqual(plug.recv(65536).count(b"OTHER"), 1)
            plug.setblocking(False)
            with self.assertRaises(BlockingIOError):
                plug.recv(65536)

    def test_a_host_without_a_browser_has_no_such_port(self):
        self.assertEqual(self.peer.facts["hosts"]["quiet.example"]["browser"], 0)
        with self.assertRaises(ConnectionRefusedError):
            self.ask(b"\x03", "127.0.0.43")


if __name__ == "__main__":
    enter_network()
    if OWN_NETWORK in os.environ:
        loopback_up()
    unittest.main()
