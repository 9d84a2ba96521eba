"""conf/hooks/journal against sockets that listen as a syslog daemon does."""
import json
import re
import shutil
import socket
import subprocess
import time
import unittest

import rig

rig.require(programs=("logger", "jq"))

LINE = re.compile(r"<([0-9]+)>[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} ([^ :]+): (.*)", re.DOTALL)


class Journal(rig.HookTest):
    hook = "journal"

    def setUp(self):
        super().setUp()
        self.path = self.folder / "log"
        self.listen()

    def listen(self, more=""):
        self.path.unlink(missing_ok=True)
        self.log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.log.close)
        self.log.bind(str(self.path))
        self.log.setblocking(False)
        self.settings(f'socket = "{self.path}"\n{more}')

    def lines(self, sock=None):
        """What arrived, as (priority, tag, text). The script has ended: nothing more will come."""
        found = []
        try:
            while True:
                found.append(LINE.fullmatch((sock or self.log).recv(65536).decode()).groups())
        except BlockingIOError:
            return [(int(priority), tag, text) for priority, tag, text in found]

    def test_it_is_a_line_for_the_alert_and_one_for_each_finding(self):
        told = rig.payload("group")
        self.delivered(told)
        lines = self.lines()
        self.assertEqual([(priority, tag) for priority, tag, _ in lines], [(27, "muster")] * 3)
        self.assertEqual(lines[0][2], f"alert {told['id']}: {told['title']}")
        for entry, (_, _, text) in zip(told["findings"], lines[1:], strict=True):
            for piece in (told["id"], entry["asset"]["name"], entry["reasons"][0], "Step: " + entry["step"],
                          " · protected-unsupported"):
                self.assertIn(piece, text)

    def test_the_priority_says_how_pressing_it_is(self):
        for name, severity in {"opened": 3, "changed": 4, "stale": 5, "resolved": 6, "credential": 4, "coverage": 4,
                               "exemption": 5, "matrix": 5, "test": 5}.items():
            with self.subTest(name):
                self.delivered(rig.payload(name))
                self.assertEqual({priority for priority, _, _ in self.lines()}, {3 * 8 + severity})

    def test_facility_and_tag_are_settings(self):
        self.listen('facility = "local3"\ntag = "backup watch"\n')
        self.delivered(rig.payload("opened"))
        self.assertTrue(self.log.recv(65536).decode().startswith("<155>"))
        self.assertIn(" backup watch: alert ", self.log.recv(65536).decode())

    def test_another_machine_may_listen(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.settimeout(60)
            port = server.getsockname()[1]
            self.settings(f'server = "127.0.0.1"\nport = "{port}"\ntransport = "udp"\n')
            self.delivered(rig.payload("opened"))
            self.assertIn("ANT-HV08 is not supported", server.recv(65536).decode())
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(60)
            port = server.getsockname()[1]
            self.settings(f'server = "127.0.0.1"\nport = "{port}"\n')
            self.delivered(rig.payload("opened"))
            with server.accept()[0] as connection:
                self.assertIn(b"ANT-HV08 is not supported", connection.makefile("rb").read())

    @unittest.skipUnless(shutil.which("rsyslogd"), "rsyslogd is not installed")
    def test_a_syslog_daemon_files_it(self):
        socket_path, log, conf = (self.folder / name for name in ("rsyslog.sock", "rsyslog.log", "rsyslog.conf"))
        conf.write_text('module(load="imuxsock" SysSock.Use="off")\n'
                        f'input(type="imuxsock" Socket="{socket_path}")\n'
                        'template(name="line" type="string" string="%pri% %programname%:%msg%\\n")\n'
                        f'action(type="omfile" file="{log}" template="line")\n')
        daemon = subprocess.Popen(["rsyslogd", "-n", "-f", conf, "-i", self.folder / "rsyslog.pid"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.terminate)
        self.wait(socket_path.exists)
        self.settings(f'socket = "{socket_path}"\n')
        told = rig.payload("group")
        self.delivered(told)
        self.wait(lambda: log.exists() and log.read_text().count("\n") >= 3)
        lines = log.read_text().splitlines()
        self.assertEqual(lines[0], f"27 muster: alert {told['id']}: {told['title']}")
        self.assertEqual(len(lines), 1 + len(told["findings"]))

    def wait(self, done):
        """A minute at the most: the daemon goes its own way."""
        end = time.monotonic() + 60
        while not done():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    def test_what_is_left_out_is_said(self):
        self.settings('server = "127.0.0.1"\n')
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(60)
            self.settings(f'server = "127.0.0.1"\nport = "{server.getsockname()[1]}"\n')
            self.delivered(rig.many(100, more=31))
            with server.accept()[0] as connection:
                text = connection.makefile("rb").read().decode()
        self.assertEqual(text.count("alert "), 102)
        self.assertIn("And 31 more", text)

    def test_names_are_text_and_nothing_else(self):
        for what, name in self.names().items():
            with self.subTest(what):
                self.delivered(rig.hostile(name))
                lines = self.lines()
                self.assertEqual([(priority, tag) for priority, tag, _ in lines], [(27, "muster")] * 3)
                for _, _, text in lines:
                    self.assertTrue(text.startswith("alert "))
                    self.assertEqual([c for c in text if rig.unseen(ord(c))], [])
                    self.assertIn(rig.visible(name)[:150], text)
                self.nobody_obeyed()

    def test_bytes_that_are_no_text_are_replaced(self):
        told = rig.hostile("XYZZY")
        raw = json.dumps(told).encode().replace(b"XYZZY", b"a\xff\xc3(b")
        self.assertEqual(self.run_raw(raw, told).returncode, 0)
        self.assertIn("a\ufffd", self.lines()[0][2])

    def test_nobody_listens(self):
        self.log.close()
        self.refused(rig.payload("opened"), "not delivered: logger failed; does anybody listen")
        self.path.unlink()
        self.refused(rig.payload("opened"), "No such file", "not delivered: logger failed; does anybody listen")

    def test_settings_that_are_wrong_are_said(self):
        for text, sentence in {'facility = "kern"\n': "facility must be", 'transport = "x"\n': "transport must be",
                               }.items():
            self.settings(text)
            self.refused(rig.payload("opened"), sentence)
        self.refused(rig.payload("opened"), "/nowhere/x.conf is not there", MUSTER_SETTINGS="/nowhere/x.conf")
        self.refused(rig.payload("opened"), "MUSTER_ID", MUSTER_ID="")

    def test_what_is_no_payload_is_not_told(self):
        for raw in (b"", b"{", b"[]", b'{"schema":2,"findings":[]}', b"null"):
            self.assertNotEqual(self.run_raw(raw, rig.payload("opened")).returncode, 0)
        self.assertEqual(self.lines(), [])


if __name__ == "__main__":
    rig.main()
