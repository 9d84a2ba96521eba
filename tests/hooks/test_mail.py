"""conf/hooks/mail against a server for SMTP."""
import datetime
import email
import email.policy
import json
import logging
import re
import socket
import ssl
import subprocess
import threading

import rig

rig.require("aiosmtpd", programs=("curl", "jq", "openssl"))
from aiosmtpd.controller import Controller  # noqa: E402
from aiosmtpd.smtp import AuthResult  # noqa: E402

from web import Deaf, free_port  # noqa: E402

logging.disable(logging.CRITICAL)  # the server tells of what the tests do to it

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
           "Content-Transfer-Encoding"]


class Box:
    """Takes mail, but none for nobody@."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 2.0.0 taken"


class Server(Controller):
    """On any port that is free."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Mail(rig.HookTest):
    hook = "mail"

    def serve(self, **options):
        self.box = Box()
        server = Server(self.box, hostname="127.0.0.1", port=0, **options)
        server.start()
        self.addCleanup(server.stop)
        self.port = server.port

    def configure(self, recipients=("oncall@corp.example",), **others):
        lines = [f'url = "smtp://127.0.0.1:{self.port}"', 'mail-from = "muster@corp.example"']
        lines += [f'mail-rcpt = "{address}"' for address in recipients]
        lines += [f'{name} = "{value}"' for name, value in others.items()]
        self.settings("# mail\n" + "\n".join(lines) + "\n")

    def receive(self):
        self.assertEqual(len(self.box.mails), 1)
        envelope = self.box.mails.pop()
        return envelope, email.message_from_bytes(envelope.content, policy=email.policy.default)

    def test_it_is_a_message_with_title_findings_reasons_and_steps(self):
        self.serve()
        self.configure()
        told = rig.payload("group")
        self.delivered(told)
        envelope, mail = self.receive()
        self.assertEqual((envelope.mail_from, envelope.rcpt_tos), ("muster@corp.example", ["oncall@corp.example"]))
        self.assertEqual(mail.keys(), HEADERS)
        self.assertEqual(mail["Subject"], told["title"])
        self.assertEqual(mail["From"].addresses[0].addr_spec, "muster@corp.example")
        self.assertEqual(mail["Message-ID"], f"<{told['id']}@corp.example>")
        self.assertEqual(mail["Date"].datetime, datetime.datetime(2026, 3, 3, 21, 14, 2, tzinfo=datetime.timezone.utc))
        self.assertTrue(mail["Date"].startswith("Tue, 03 Mar 2026"))
        self.assertEqual(mail.get_content_type(), "text/plain")
        text = mail.get_content()
        for entry in told["findings"]:
            for piece in (entry["asset"]["name"], entry["reasons"][0], "Step: " + entry["step"]):
                self.assertIn(piece, text)
        self.assertIn("Cause: ANT-HV08 (hyperv_host)", text)
        self.assertEqual(mail.defects, [])

    def test_each_kind_of_event_is_told(self):
        self.serve()
        self.configure()
        for name, words in {
            "resolved": ["finding.resolved · ANT-HV08", "Before: unsupported, act"],
            "changed": ["unlisted, level, decide", "Before: conditional, look"],
            "unlisted": ["server Windows Server 2025 vmware-vm for mabs-v3", "17 assets"],
            "stale": ["target rtm-vc01"],
            "credential": ["credential.held · target dc01, dc02", "credential: corp-scan; why: dc01: logon failure"],
            "exemption": ["exemption: 3; until: 2026-03-14T00:00:00Z; reason: replaced in spring; ticket: CHG-1188"],
            "matrix": ["mabs-v3-ur2.conf"],
            "test": ["hook.test", "A sample"],
        }.items():
            with self.subTest(name):
                self.delivered(rig.payload(name))
                text = self.receive()[1].get_content()
                for word in words:
                    self.assertIn(word, text)

    def test_a_second_try_is_the_same_message(self):
        self.serve()
        self.configure()
        self.delivered(rig.payload("opened"))
        first = self.receive()[0].content
        self.delivered(rig.payload("opened"), MUSTER_TRY="2")
        self.assertEqual(self.receive()[0].content, first)

    def test_everybody_who_is_named_gets_it(self):
        self.serve()
        people = [f"person{number}@corp.example" for number in range(80)]
        self.configure(people)
        self.delivered(rig.payload("opened"))
        envelope, mail = self.receive()
        self.assertEqual(envelope.rcpt_tos, people)
        self.assertEqual([address.addr_spec for address in mail["To"].addresses], people)

    def test_names_are_text_and_nothing_else(self):
        self.serve()
        self.configure()
        self.delivered(rig.hostile("PLAIN"))
        lines = self.receive()[1].get_content().count("\n")
        for what, name in self.names().items():
            with self.subTest(what):
                self.delivered(rig.hostile(name))
                envelope, mail = self.receive()
                self.assertEqual(envelope.rcpt_tos, ["oncall@corp.example"])
                self.assertEqual(mail.keys(), HEADERS)
                self.assertEqual(mail.defects, [])
                shown = rig.visible(f"{name}: unsupported")
                subject = str(mail["Subject"])
                self.assertEqual(subject, shown if len(shown) <= 200 else shown[:199] + "…")
                text = mail.get_content().replace("\r\n", "\n")
                self.assertEqual([c for c in text if c != "\n" and rig.unseen(ord(c))], [])
                self.assertIn(rig.visible(name)[:150], text)
                self.assertEqual(text.count("\n"), lines)
                self.assertFalse(re.search(rb"[^\x20-\x7e\r\n]", envelope.content))
                self.assertLess(max(len(line) for line in envelope.content.split(b"\r\n")), 79)
                self.nobody_obeyed()

    def test_bytes_that_are_no_text_are_replaced(self):
        self.serve()
        self.configure()
        told = rig.hostile("XYZZY")
        raw = json.dumps(told).encode().replace(b"XYZZY", b"a\xff\xc3(\xed\xa0\x80b")
        done = self.run_raw(raw, told)
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        mail = self.receive()[1]
        self.assertIn("\ufffd", mail["Subject"])
        self.assertIn("\ufffd", mail.get_content())

    def test_what_is_too_much_is_cut_and_said(self):
        self.serve()
        self.configure()
        told = rig.many(100, more=31)
        self.delivered(told)
        text = self.receive()[1].get_content()
        self.assertIn("RTM-VM099", text)
        self.assertIn("And 31 more", text)
        for entry in told["findings"]:
            entry["reasons"] = ["x" * 5000] * 20
        self.delivered(told)
        text = self.receive()[1].get_content()
        self.assertIn("This mail was cut", text)
        self.assertLess(len(text), 110000)

    def test_a_user_and_a_password_are_of_the_settings_file(self):
        def check(server, session, envelope, mechanism, data):
            good = (data.login, data.password) == (b"muster", b"correct horse")
            return AuthResult(success=good, handled=good)
        self.serve(auth_required=True, auth_require_tls=False, authenticator=check)
        self.configure(user="muster:correct horse")
        self.delivered(rig.payload("opened"))
        self.receive()
        self.configure(user="muster:battery staple")
        self.assertNotIn("staple", self.refused(rig.payload("opened"), "not delivered"))

    def test_a_server_whose_certificate_is_trusted_gets_it_and_no_other(self):
        certificate = self.folder / "server.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", certificate, "-out", f"{certificate}.crt", "-subj", "/CN=muster-test", "-days", "2",
                        "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{certificate}.crt", certificate)
        self.serve(tls_context=context, require_starttls=True)
        self.configure()
        wanted = self.settings_file.read_text() + "ssl-reqd\n"
        self.settings(wanted)
        self.refused(rig.payload("opened"), "self-signed certificate", "curl tells (its status 60)")
        self.settings(wanted + f'cacert = "{certificate}.crt"\n')
        self.delivered(rig.payload("opened"))
        self.receive()

    def test_a_server_without_tls_gets_nothing_where_tls_is_required(self):
        self.serve()
        self.configure()
        self.settings(self.settings_file.read_text() + "ssl-reqd\n")
        self.refused(rig.payload("opened"), "curl tells (its status 64)")
        self.assertEqual(self.box.mails, [])

    def test_a_recipient_that_the_server_refuses(self):
        self.serve()
        self.configure(["nobody@corp.example"])
        self.refused(rig.payload("opened"), "not delivered: the receiver answered 550")
        self.assertEqual(self.box.mails, [])

    def test_a_server_that_is_down(self):
        self.port = free_port()
        self.configure()
        self.refused(rig.payload("opened"), "Failed to connect", "not delivered: no answer; can this machine reach")

    def test_a_server_that_never_answers(self):
        deaf = Deaf()
        self.addCleanup(deaf.stop)
        self.port = deaf.port
        self.configure(**{"max-time": "1"})
        self.refused(rig.payload("opened"), "not delivered: no answer in time")

    def test_a_server_that_hangs_up(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port = server.getsockname()[1]
            self.configure()
            server.settimeout(60)
            thread = threading.Thread(target=lambda: server.accept()[0].close())
            thread.start()
            self.refused(rig.payload("opened"), "not delivered")
            thread.join()

    def test_settings_that_are_wrong_are_said(self):
        self.refused(rig.payload("opened"), "no settings file: name one in musterd.conf")
        self.refused(rig.payload("opened"), "/nowhere/mail.conf is not there", MUSTER_SETTINGS="/nowhere/mail.conf")
        for text, sentence in {
            'url = "smtp://127.0.0.1:1"\n': 'has no line mail-from = "address"',
            'mail-from = "a@b.c"\n': 'has no line mail-rcpt = "address"',
            'mail-from = "a@b.c"\nmail-from = "b@b.c"\nmail-rcpt = "a@b.c"\n': "more than one line mail-from",
            'mail-from = "a@b.c>, <x@y.z"\nmail-rcpt = "a@b.c"\n': "mail-from must be an address",
            'mail-from = "a@b.c"\nmail-rcpt = "a"\n': "mail-rcpt must be an address",
            'mail-from = "a@b.c"\nmail-rcpt = "a@b.c"\nurl = "http://127.0.0.1/"\n': "not delivered",
        }.items():
            with self.subTest(sentence):
                self.settings(text)
                self.refused(rig.payload("opened"), sentence)

    def test_an_id_that_is_none_is_refused(self):
        self.serve()
        self.configure()
        for wrong in ("", "a>\r\nBcc: x@y.z", "a b"):
            self.refused(rig.payload("opened"), "MUSTER_ID", MUSTER_ID=wrong)
        self.assertEqual(self.box.mails, [])

    def test_what_is_no_payload_is_not_sent(self):
        self.serve()
        self.configure()
        told = rig.payload("opened")
        for raw in (b"", b"{", b"[]", b'{"schema":2,"findings":[]}', b"null"):
            with self.subTest(raw):
                self.assertNotEqual(self.run_raw(raw, told).returncode, 0)
        self.assertEqual(self.box.mails, [])


if __name__ == "__main__":
    rig.main()
