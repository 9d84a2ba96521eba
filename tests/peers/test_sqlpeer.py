#!/usr/bin/python3
"""sqlpeer keeps to the bytes of MS-TDS where other people's clients never look, stands what no client of theirs sends, and
its tricks do what they say. The client is our own (sqlpeer_client.Raw, an end of bytes); what others make of sqlpeer:
test_sqlpeer_referee.py."""
import re
import socket
import ssl
import struct
import unittest

import sqlpeer_client as client

import prelogin

FLEET = {"hosts": [{"name": "sql", "address": "127.0.0.51", "instances": [
    {"name": "MSSQLSERVER", "version": "2012 11.0.7001.0", "encryption": "not_supported"},
    {"name": "OFF", "version": "2014"}, {"name": "REQUIRED", "version": "2022", "encryption": "required"},
    {"name": "STRICT", "version": "2022", "encryption": "strict"}, {"name": "OLD", "version": "2008", "tls": "1.0"}]}]}
OFF, ON, NOT_SUPPORTED, REQUIRED = range(4)
ENV_CHANGE, INFO, ERROR, LOGIN_ACK, DONE, COLUMNS, ROW = 0xE3, 0xAB, 0xAA, 0xAD, 0xFD, 0x81, 0xD1


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.peer = client.Peer(FLEET)

    @classmethod
    def tearDownClass(cls):
        cls.peer.close()

    def setUp(self):
        self.peer.tell("trick", "sql", "honest")
        self.peer.tell("reset")

    def connect(self, instance="MSSQLSERVER"):
        raw = client.Raw("127.0.0.51", self.peer.port("sql", instance))
        self.addCleanup(raw.close)
        return raw

    def count(self, what):
        return self.peer.tell("count")[what]

    def settled(self):
        """Until each connection is closed, as the peer sees it."""
        while self.count("open"):
            pass


class Prelogin(Case):
    def test_the_reply_has_the_build_and_is_of_type_4(self):
        raw = self.connect()
        raw.look()
        kind, content = raw.message()
        options = prelogin.read(content)
        self.assertEqual((kind, options[prelogin.VERSION].hex()), (4, "0b001b590000"))
        self.assertEqual((options[prelogin.INSTANCE], options[prelogin.THREAD], options[prelogin.MARS]), (b"\0", b"", b"\0"))

    def encryption(self, instance, asked):
        raw = self.connect(instance)
        raw.send(0x12, prelogin.write({prelogin.VERSION: bytes(6), prelogin.ENCRYPTION: bytes([asked])}, (0, 1)))
        return prelogin.read(raw.message()[1])[prelogin.ENCRYPTION][0]

    def test_encryption_is_agreed_as_the_table_has_it(self):
        table = {"OFF": (OFF, ON, NOT_SUPPORTED, ON), "REQUIRED": (REQUIRED, ON, REQUIRED, ON),
                 "MSSQLSERVER": (NOT_SUPPORTED,) * 4}
        for instance, answers in table.items():
            self.assertEqual(tuple(self.encryption(instance, asked) for asked in range(4)), answers, instance)

    def test_options_come_in_any_order_and_in_packets(self):
        options = {prelogin.VERSION: bytes(6), prelogin.ENCRYPTION: b"\x02", prelogin.INSTANCE: b"off\0", prelogin.MARS: b"\0"}
        content = prelogin.write(options, (4, 2, 1, 0))
        raw = self.connect("OFF")
        raw.plug.sendall(struct.pack(">BBHI", 0x12, 0, 8 + 10, 0) + content[:10])
        raw.send(0x12, content[10:])
        self.assertEqual(prelogin.read(raw.message()[1])[prelogin.INSTANCE], b"\0")

    def test_another_instance_is_told(self):
        raw = self.connect("OFF")
        raw.send(0x12, prelogin.write({prelogin.VERSION: bytes(6), prelogin.INSTANCE: b"PAY\0"}, (0, 2)))
        self.assertEqual(prelogin.read(raw.message()[1])[prelogin.INSTANCE], b"\1")

    def test_nonsense_ends_the_connection_and_nothing_else(self):
        for sent in (b"\x12\x01\x00\x07\0\0\0\0", b"\x12\x01\x00\x0a\0\0\0\0\x00\x00",
                     b"\x12\x01\x00\x0e\0\0\0\0\x00\x40\x00\x40\x00\xff", b"\x01\x01\x00\x09\0\0\0\0x", b"GET / HTTP/1.1\r\n\r\n", bytes(8)):
            raw = self.connect()
            raw.plug.sendall(sent)
            self.assertEqual(raw.rest_or_reset(), b"")
        self.test_the_reply_has_the_build_and_is_of_type_4()


class Login(Case):
    def test_the_reply_is_in_the_order_that_was_observed(self):
        reply = self.connect().log_in()
        tokens, at = [], 0
        while reply[at] != DONE:
            kind = {ENV_CHANGE: reply[at + 3], INFO: struct.unpack_from("<I", reply, at + 3)[0]}.get(reply[at], 0)
            tokens.append((reply[at], kind))
            at += 3 + struct.unpack_from("<H", reply, at + 1)[0]
        self.assertEqual(tokens, [(ENV_CHANGE, 1), (INFO, 5701), (ENV_CHANGE, 7), (ENV_CHANGE, 2), (INFO, 5703), (LOGIN_ACK, 0),
                                  (ENV_CHANGE, 4)])
        self.assertEqual(len(reply), at + 13)
        self.assertIn(b"\xad\x36\x00\x01\x74\x00\x00\x04\x16M\0i\0c\0", reply)
        self.assertIn(b"\x0b\x00\x1b\x59", reply)  # 11.0.7001

    def test_an_older_instance_speaks_an_older_version(self):
        with Encrypted(self, "OLD") as raw:
            self.assertIn(b"\xad\x36\x00\x01\x73\x0b\x00\x03", raw.log_in_encrypted())
            self.assertEqual(raw.tls.version(), "TLSv1")

    def test_after_a_login_alone_was_encrypted_all_is_in_the_clear(self):
        with Encrypted(self, "OFF", asked=OFF) as raw:
            reply = raw.log_in_encrypted(then_clear=True)
            self.assertEqual((reply[0], reply[-13]), (ENV_CHANGE, DONE))
            raw.batch("EXEC canned two")
            self.assertEqual(raw.message()[1][0], COLUMNS)

    def test_a_refusal_ends_the_connection(self):
        raw = self.connect()
        raw.look()
        raw.message()
        raw.send(0x10, client.login7(password="wrong"))
        reply = raw.rest()[8:]
        self.assertEqual((reply[0], struct.unpack_from("<IBB", reply, 3)), (ERROR, (18456, 1, 14)))
        self.assertEqual(reply[-13:], b"\xfd\x02" + bytes(11))

    def test_a_login_that_lies_is_none(self):
        good = client.login7()
        lies = {"no length": good[:4], "short": good[:60], "user past the end": good[:40] + b"\xff\xff\xff\xff" + good[44:],
                "length past the end": struct.pack("<I", len(good) + 1) + good[4:]}
        for name, sent in lies.items():
            with self.subTest(lie=name):
                raw = self.connect()
                raw.look()
                raw.message()
                raw.send(0x10, sent)
                self.assertEqual(raw.rest(), b"")
        self.assertEqual(self.count("logins"), 0)


class Encrypted(client.Raw):
    """TLS inside of packets, from the client's end."""

    def __init__(self, case, instance, asked=ON):
        super().__init__("127.0.0.51", case.peer.port("sql", instance))
        self.context = ssl.create_default_context(cafile=case.peer.facts["ca_file"])
        if instance == "OLD":
            self.context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            self.context.set_ciphers("ALL:@SECLEVEL=0")
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = self.context.wrap_bio(self.incoming, self.outgoing, server_hostname="127.0.0.51")
        self.send(0x12, prelogin.write({prelogin.VERSION: bytes(6), prelogin.ENCRYPTION: bytes([asked])}, (0, 1)))
        self.message()
        self.shake_hands()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def shake_hands(self):
        while True:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                self.send(0x12, self.outgoing.read())
                kind, content = self.message()
                assert kind == 0x12
                self.incoming.write(content)
            else:
                if self.outgoing.pending:
                    self.send(0x12, self.outgoing.read())
                return

    def log_in_encrypted(self, then_clear=False):
        content = client.login7()
        self.tls.write(struct.pack(">BBHI", 0x10, 1, 8 + len(content), 0) + content)
        self.plug.sendall(self.outgoing.read())
        if then_clear:
            return self.message()[1]
        while True:
            try:
                return self.tls.read(65536)[8:]
            except ssl.SSLWantReadError:
                self.incoming.write(self.plug.recv(65536))


class Statements(Case):
    def setUp(self):
        super().setUp()
        self.raw = self.connect()
        self.raw.log_in()

    def test_a_result_is_its_columns_its_rows_and_its_end(self):
        self.raw.batch("EXEC canned two")
        kind, reply = self.raw.message()
        first = (bytes.fromhex("81 0100 00000000 0100 26 04 05") + "first".encode("utf-16-le") + bytes.fromhex("d1 04 01000000")
                 + bytes.fromhex("fd 1100 c100 0100000000000000"))
        second = (bytes.fromhex("81 0100 00000000 0100 e7 0002 0904d00034 06") + "second".encode("utf-16-le")
                  + bytes.fromhex("d1 0200 3200") + bytes.fromhex("fd 1000 c100 0100000000000000"))
        self.assertEqual((kind, reply), (4, first + second))

    def test_rows_that_are_mostly_null_are_short(self):
        self.raw.batch("EXEC canned wide")
        reply = self.raw.message()[1]
        self.assertEqual(reply.count(b"\xd2"), 7)
        self.assertNotIn(b"\xd1", reply)

    def test_large_packets_are_split(self):
        self.raw.batch("EXEC canned many")
        numbers, last = [], 0
        while not last:
            head = self.raw.take(8)
            length, = struct.unpack(">H", head[2:4])
            numbers.append(head[6])
            last = head[1] & 1
            self.assertEqual(length == 4096, not last)
            self.raw.take(length - 8)
        self.assertEqual(numbers, [at & 255 for at in range(1, len(numbers) + 1)])
        self.assertGreater(len(numbers), 10)

    def test_a_database_is_told_when_it_changes(self):
        self.raw.batch("USE msdb")
        reply = self.raw.message()[1]
        self.assertIn(b"\xe3\x17\x00\x01\x04" + "msdb".encode("utf-16-le") + b"\x06" + "master".encode("utf-16-le"), reply)

    def test_an_attention_ends_what_hangs_and_one_that_is_late_is_answered_too(self):
        self.peer.tell("trick", "sql", "hangs")
        self.raw.batch("SELECT 1")
        self.raw.send(0x06, b"")
        self.assertEqual(self.raw.message()[1], b"\xfd\x02" + bytes(11))
        self.assertEqual(self.raw.message()[1], b"\xfd\x20" + bytes(11))
        self.raw.send(0x06, b"")
        self.assertEqual(self.raw.message()[1], b"\xfd\x20" + bytes(11))
        self.peer.tell("trick", "sql", "honest")
        self.raw.batch("EXEC canned two")
        self.assertEqual(self.raw.message()[1][0], COLUMNS)

    def test_a_client_that_leaves_is_forgotten(self):
        self.peer.tell("trick", "sql", "hangs")
        self.raw.batch("SELECT 1")
        self.raw.close()
        self.settled()

    def call(self, name, *parameters):
        words = name.encode("utf-16-le")
        self.raw.send(0x03, struct.pack("<IIHQI", 22, 18, 2, 0, 1) + struct.pack("<H", len(name)) + words + b"\0\0"
                      + b"".join(parameters))
        return self.raw.message()[1]

    def test_a_procedure_that_is_not_there(self):
        reply = self.call("sp_nothing")
        self.assertEqual((reply[0], struct.unpack_from("<I", reply, 3)[0], reply[-13:-10]), (ERROR, 2812, b"\xfe\x02\x00"))
        reply = self.call("sp_execute", b"\0\0\x26\x04\x04\x09\0\0\0")
        self.assertEqual((reply[0], struct.unpack_from("<I", reply, 3)[0]), (ERROR, 8179))

    def test_a_call_that_lies_ends_the_connection(self):
        self.raw.send(0x03, struct.pack("<IIHQI", 22, 18, 2, 0, 1) + b"\xff\xff\x0a\x00\0\0\0\0\xe7\x40\x00" + bytes(5)
                      + b"\xf0\x00ab")
        self.assertEqual(self.raw.rest(), b"")


class Strict(Case):
    def test_who_does_not_begin_with_tls_is_left_without_a_word(self):
        raw = self.connect("STRICT")
        raw.look()
        self.assertEqual(raw.rest_or_reset(), b"")

    def test_tls_comes_first_and_prelogin_within(self):
        context = ssl.create_default_context(cafile=self.peer.facts["ca_file"])
        context.set_alpn_protocols(["tds/8.0"])
        plug = context.wrap_socket(socket.create_connection(("127.0.0.51", self.peer.port("sql", "STRICT")), client.LONGEST),
                                   server_hostname="127.0.0.51")
        with plug:
            self.assertEqual((plug.selected_alpn_protocol(), plug.version()), ("tds/8.0", "TLSv1.3"))
            plug.sendall(client.LOOK)
            self.assertEqual(plug.recv(4096)[0], 4)


class Tricks(Case):
    """Each one, by what comes over the wire."""

    def looked(self, trick):
        """All that comes for a PRELOGIN."""
        self.peer.tell("trick", "sql", trick)
        raw = self.connect()
        raw.look()
        return raw

    def logged_in(self, trick):
        self.peer.tell("trick", "sql", trick)
        raw = self.connect()
        return raw, raw.log_in()

    def asked(self, trick, sql="EXEC canned two"):
        raw, _ = self.logged_in(trick)
        raw.batch(sql)
        return raw.message()[1]

    def test_of_packets(self):
        honest = self.looked("honest").message()[1]
        whole = struct.pack(">BBHHBB", 4, 1, 8 + len(honest), 0, 1, 0) + honest

        def lying(length):
            return whole[:2] + struct.pack(">H", length) + whole[4:]
        size = len(whole)
        expected = {"truncated-head": whole[:5], "length-zero": lying(0), "length-seven": lying(7),
                    "length-more": lying(size + 100), "length-less": lying(size - 3), "length-most": lying(65535), "other-type": b"\x01" + whole[1:],
                    "cut:prelogin": whole[:8 + len(honest) // 2], "empty": b"\x04\x01\x00\x08\x00\x00\x01\x00", "closes": b"",
                    "prelogin-huge": struct.pack(">BBHHBB", 4, 1, 8 + len(honest) + 65000, 0, 1, 0) + honest + bytes(65000)}
        for trick, sent in expected.items():
            with self.subTest(trick=trick):
                raw = self.looked(trick)
                self.assertEqual(raw.take(len(sent)), sent)
        self.assertEqual(self.looked("http").take(5), b"HTTP/")
        self.assertNotEqual(self.looked("garbage").take(600)[:1], b"\x04")

    def test_of_prelogin(self):
        def options(trick):
            return prelogin.read(self.looked(trick).message()[1])
        self.assertEqual(options("wrong-instance")[prelogin.INSTANCE], b"\1")
        self.assertNotIn(prelogin.VERSION, options("no-version"))
        self.assertEqual(options("strange-encryption:7")[prelogin.ENCRYPTION], b"\7")
        self.assertEqual(options("changes-its-mind")[prelogin.ENCRYPTION], b"\2")  # it was asked for none
        raw = self.connect()
        raw.look()
        self.assertEqual(prelogin.read(raw.message()[1])[prelogin.ENCRYPTION], b"\0")
        for trick in ("prelogin-past-end", "prelogin-unended"):
            with self.assertRaises(prelogin.Gone):
                options(trick)

    def test_of_connections(self):
        for stage in ("connect", "prelogin", "login", "batch"):
            with self.subTest(stage=stage):
                self.peer.tell("trick", "sql", f"resets:{stage}")
                with self.assertRaises(ConnectionError):
                    raw = self.connect()
                    self.until(raw, stage)
                    raw.take(1)
        raw = self.looked("silent")
        raw.plug.settimeout(None)
        raw.plug.shutdown(socket.SHUT_WR)
        self.assertEqual(raw.rest(), b"")  # it ended because we did, without a word
        raw = self.looked("drips")
        self.assertEqual(raw.take(2), b"\x04\x01")

    @staticmethod
    def until(raw, stage):
        """Goes on until that stage is to be answered."""
        raw.look()
        if stage in ("connect", "prelogin"):
            return
        raw.message()
        raw.send(0x10, client.login7())
        if stage == "batch":
            raw.message()
            raw.batch("SELECT 1")

    def test_of_tls(self):
        alert = b"\x12\x01\x00\x0f\x00\x00\x01\x00\x15\x03\x01"
        for trick, first in (("tls-alert", alert), ("tls-garbage", b"\x12\x01"), ("silent:tls", b"")):
            self.peer.tell("trick", "sql", trick)
            raw = self.connect("OFF")
            raw.send(0x12, prelogin.write({prelogin.VERSION: bytes(6), prelogin.ENCRYPTION: b"\1"}, (0, 1)))
            raw.message()
            raw.send(0x12, b"\x16\x03\x01\x00\x01\x01")
            self.assertEqual(raw.take(len(first)), first)
            raw.plug.shutdown(socket.SHUT_WR)
            raw.rest_or_reset()
        self.assertEqual(self.count("handshakes"), 0)

    def test_of_logins(self):
        for number in (18456, 18486, 18487, 18488, 18470, 18452, 4060, 4064, 916, 17142):
            _, reply = self.logged_in(f"denied:{number}")
            self.assertEqual((reply[0], struct.unpack_from("<I", reply, 3)[0]), (ERROR, number))
        _, reply = self.logged_in("routes:other/1433")
        self.assertIn(b"\xe3\x14\x00\x14\x0f\x00\x00\x99\x05\x05\x00" + "other".encode("utf-16-le") + b"\0\0", reply)

    def test_of_statements(self):
        reply = self.asked("fails:208/canned")
        self.assertEqual((reply[0], struct.unpack_from("<I", reply, 3)[0]), (ERROR, 208))
        self.assertEqual(self.asked("fails:208/nothing such")[0], COLUMNS)
        raw, _ = self.logged_in("dies:canned@2")
        raw.batch("EXEC canned two")
        self.assertEqual(raw.message()[1][0], COLUMNS)
        raw.batch("EXEC canned two")
        self.assertEqual(raw.rest(), b"")
        self.assertIn(b"\xaa", self.asked("error-in-rows"))
        self.assertTrue(self.asked("token-past-end").endswith(b"\xaa\xff\x7fabc"))
        self.assertEqual(self.asked("strange-token")[:4], b"\x42" * 4)
        self.assertEqual(self.asked("strange-type")[9], 0xEE)
        self.assertEqual(self.asked("columns")[:3], b"\x81\xfe\xff")
        raw, _ = self.logged_in("endless")
        raw.batch("EXEC canned two")
        for _ in range(100):
            head = raw.take(8)
            self.assertEqual(head[:2], b"\x04\x00")
            raw.take(struct.unpack(">H", head[2:4])[0] - 8)

    def test_of_results(self):
        self.assertEqual(self.asked("no-rows").count(b"\xd1"), 0)
        self.assertEqual(self.asked("no-columns"), b"\xfd\x11" + bytes(11) + b"\xfd\x10" + bytes(11))
        self.assertIn(b"\xd1\x00\xfd", self.asked("nulls"))
        self.assertIn("x".encode("utf-16-le") * 1000, self.asked("big-value"))
        self.assertGreater(len(self.asked("big-value")), 2 << 20)
        self.assertGreater(len(self.asked("many-rows:10000")), 10000 * 6)
        self.assertIn("]; DROP".encode("utf-16-le"), self.asked("hostile-text", "EXEC canned many"))
        self.assertIn(b"\xd1\x04" + struct.pack("<i", -2**31), self.asked("numbers"))
        self.assertIn(b"\xd1\x04" + struct.pack("<i", 77), self.asked("numbers:77"))

    def test_all_of_them_are_played_here(self):
        listed = client.tricks()
        text = (client.HERE / "test_sqlpeer.py").read_text()
        played = {one.partition(":")[0].partition("@")[0] for one in re.findall(r'f?"([a-z][a-z-]+[^"]*)"', text)}
        self.assertEqual([name for name in listed if not name.startswith("browser-") and name not in played], [])


class Commands(Case):
    def test_mistakes_are_told(self):
        for words, said in ((("restart", "nobody"), "no host nobody"), (("restart",), "usage: restart HOST"),
                            (("trick", "sql", "nothing-such"), "no trick nothing-such"),
                            (("trick", "sql/NONE", "silent"), "no instance NONE"), (("dance",), "no command dance")):
            with self.assertRaisesRegex(ValueError, re.escape(said)):
                self.peer.tell(*words)

    def test_down_and_up(self):
        self.peer.tell("down", "sql")
        self.assertEqual(self.connect().rest_or_reset(), b"")
        self.peer.tell("up", "sql")
        self.connect().log_in()

    def test_a_restart_ends_connections(self):
        raw = self.connect()
        raw.log_in()
        self.peer.tell("restart", "sql")
        self.assertEqual(raw.rest_or_reset(), b"")

    def test_encryption_may_change(self):
        self.peer.tell("set", "sql/OFF", "encryption", "required")
        raw = self.connect("OFF")
        raw.look()
        self.assertEqual(prelogin.read(raw.message()[1])[prelogin.ENCRYPTION][0], REQUIRED)
        self.peer.tell("set", "sql/OFF", "encryption", "-")

    def test_counts_are_by_host_and_instance(self):
        self.connect().log_in()
        self.connect("OFF").look()
        self.settled_logins(1)
        self.assertEqual(self.peer.tell("count", "sql/OFF")["logins"], 0)
        self.assertEqual(self.peer.tell("count", "sql")["logins"], 1)

    def settled_logins(self, number):
        while self.count("logins") != number:
            pass


if __name__ == "__main__":
    unittest.main()
