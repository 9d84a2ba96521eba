#!/usr/bin/python3
"""Clients that nobody here wrote find winpeer to be a Windows computer, so that a scan that fails there fails by itself or by
a trick. What stands in for what:

  python3-winrm   Basic, a client's certificate, Negotiate with Kerberos over TLS, and NTLM over TLS and with sealed messages over
                  HTTP: its NTLM is python3-ntlm-auth's, which shares nothing with gss-ntlmssp. It needs MD4 and RC4 of OpenSSL's
                  legacy provider. Over HTTP with Kerberos it cannot seal (Debian's python3-kerberos lacks that): test_winpeer.py
                  seals there, with MIT's library at both ends.
  curl            Negotiate with Kerberos and with NTLM inside SPNEGO, over TLS. It passes no channel binding.
  Apache          mod_auth_gssapi, the other way round: what curl logs in to there, it logs in to here."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import peer_process

NEEDED = {"python3-winrm": "/usr/lib/python3/dist-packages/winrm", "krb5-kdc": "/usr/sbin/krb5kdc",
          "python3-requests-kerberos": "/usr/lib/python3/dist-packages/requests_kerberos", "curl": "/usr/bin/curl",
          "libapache2-mod-auth-gssapi": "/usr/lib/apache2/modules/mod_auth_gssapi.so"}
LEGACY = """openssl_conf = init
[init]
providers = providers
[providers]
default = on
legacy = on
[on]
activate = 1
"""


peer_process.skip_unless(NEEDED)
if "OPENSSL_CONF" not in os.environ:  # OpenSSL reads it once
    with tempfile.NamedTemporaryFile("w", suffix=".cnf") as config:
        config.write(LEGACY)
        config.flush()
        sys.exit(subprocess.run([sys.executable, "-B", *sys.argv],
                                env={**os.environ, "OPENSSL_CONF": config.name}).returncode)
for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
    os.environ.pop(variable, None)

from winrm.exceptions import InvalidCredentialsError, WinRMError, WinRMTransportError  # noqa: E402
from winrm.protocol import Protocol  # noqa: E402

import apache  # noqa: E402
import kdc  # noqa: E402
import winpeer_client as client  # noqa: E402

QUERY = "SELECT Caption, Version FROM Win32_OperatingSystem"
FLEET = ('{"hosts": [{"name": "old", "version": "2008-sp2", "hyperv": {"vms": 17}}, {"name": "new", "version": "2016"}, '
         '{"name": "strict", "version": "2016", "strict": true}]}')
V1 = "root/virtualization"


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kdc = kdc.Kdc()
        os.environ.update(KRB5_CONFIG=str(cls.kdc.config), KRB5CCNAME=f"FILE:{cls.kdc.folder}/cache")
        cls.kdc.ticket(os.environ["KRB5CCNAME"])
        cls.peer = client.Peer("--fleet", FLEET, "--keytab", cls.kdc.keytab)
        cls.accounts = pathlib.Path(cls.kdc.folder) / "accounts"
        cls.accounts.write_text("CORP:scan:right\n")

    @classmethod
    def tearDownClass(cls):
        cls.peer.close()
        cls.kdc.close()

    def setUp(self):
        self.peer.tell("reset")


class PyWinRM(Case):
    def protocol(self, host, transport, tls=True, **settings):
        name = "127.0.0.1" if transport == "certificate" else "localhost"
        scheme = "https" if tls else "http"
        return Protocol(endpoint=f"{scheme}://{name}:{self.peer.port(host, scheme)}/wsman", transport=transport,
                        ca_trust_path=self.peer.facts["ca_file"], **settings)

    def account(self, host, transport, tls=True, password="right"):
        user = "CORP\\scan" if transport == "ntlm" else "scan"
        return self.protocol(host, transport, tls, username=user, password=password)

    def test_it_logs_in_over_tls(self):
        for protocol in (self.account("old", "basic"), self.account("old", "ntlm"), self.protocol("old", "kerberos"),
                         self.protocol("old", "certificate", cert_pem=self.peer.facts["certificate"],
                                       cert_key_pem=self.peer.facts["key"])):
            self.assertIn(b"Stack: 1.1", protocol.send_message(client.IDENTIFY))
            self.assertIn(b"<Version>6.0.6002</Version>", protocol.send_message(client.enumerate_request(QUERY)))

    def test_its_channel_binding_is_what_a_strict_host_wants(self):
        self.assertIn(b"Stack: 3.0", self.account("strict", "ntlm").send_message(client.IDENTIFY))
        with self.assertRaises(InvalidCredentialsError):  # Debian's python3-kerberos passes none
            self.protocol("strict", "kerberos").send_message(client.IDENTIFY)

    def test_it_seals_with_ntlm(self):
        protocol, found = self.account("old", "ntlm", tls=False), []
        answer = protocol.send_message(client.enumerate_request("SELECT * FROM Msvm_ResourceAllocationSettingData",
                                                                V1)).decode()
        while True:
            found += client.re.findall("<p:InstanceID>([^<]*)<", answer)
            if "EndOfSequence" in answer:
                break
            context = client.re.search("EnumerationContext>([^<]+)<", answer).group(1)
            answer = protocol.send_message(client.pull_request(context, V1)).decode()
        self.assertEqual(len(set(found)), 34)
        counts = self.peer.tell("count")
        self.assertEqual((counts["plain"], counts["handshakes"], counts["contexts"]), (0, 1, 0))
        self.assertEqual(counts["actions"], {"Enumerate": 1, "Pull": 1})

    def test_it_reads_faults_sealed_and_over_tls(self):
        for tls in (True, False):
            with self.assertRaisesRegex(WinRMError, "Invalid namespace"):
                self.account("new", "ntlm", tls).send_message(client.enumerate_request("SELECT * FROM x", "root/nope"))
            with self.assertRaisesRegex(WinRMError, "'wsmanfault_code': '2150858752'"):
                self.account("old", "ntlm", tls).send_message(client.enumerate_request("SELECT * FROM Win32_Nope"))

    def test_wrong_passwords_are_refused(self):
        for transport, tls in (("basic", True), ("ntlm", True), ("ntlm", False)):
            with self.assertRaises(InvalidCredentialsError):
                self.account("new", transport, tls, "wrong").send_message(client.IDENTIFY)

    def test_what_it_cannot_seal_is_refused(self):
        with self.assertRaises(WinRMTransportError):
            self.protocol("new", "kerberos", tls=False).send_message(client.IDENTIFY)
        self.assertEqual(self.peer.tell("count")["plain"], 1)


class Curl(Case):
    def curl(self, url, *options, accounts=False, ticket=False, ca_file=None):
        """Status and body."""
        environment = {**os.environ, "KRB5CCNAME": os.environ["KRB5CCNAME"] if ticket else "FILE:/nonexistent"}
        if accounts:
            environment["NTLM_USER_FILE"] = str(self.accounts)
        done = subprocess.run(["/usr/bin/curl", "-q", "--silent", "--cacert", ca_file or self.peer.facts["ca_file"],
                               "--write-out",
                               "\n%{http_code}", *options, url], capture_output=True, text=True, env=environment,
                              timeout=60)
        body, _, status = done.stdout.rpartition("\n")
        return int(status), body

    def ask(self, host, *options, **settings):
        return self.curl(f"https://localhost:{self.peer.port(host, 'https')}/wsman", "--header",
                         f"Content-Type: {client.SOAP_TYPE}",
                         "--data-binary", client.enumerate_request(QUERY), *options, **settings)

    NEGOTIATE = ("--negotiate", "--user", ":")

    def test_it_negotiates_kerberos_and_ntlm(self):
        for settings in ({"ticket": True}, {"accounts": True}):
            status, body = self.ask("new", *self.NEGOTIATE, **settings)
            self.assertEqual(status, 200)
            self.assertIn("<Version>10.0.14393</Version>", body)
        self.assertEqual(self.peer.tell("count")["handshakes"], 2)

    def test_it_is_refused_without_a_credential_or_a_binding(self):
        self.assertEqual(self.ask("new", *self.NEGOTIATE)[0], 401)
        self.assertEqual(self.ask("new")[0], 401)
        self.assertEqual(self.ask("strict", *self.NEGOTIATE, ticket=True)[0], 401)

    def test_basic_needs_the_right_password(self):
        self.assertEqual(self.ask("new", "--basic", "--user", "CORP\\scan:right")[0], 200)
        self.assertEqual(self.ask("new", "--basic", "--user", "scan:wrong")[0], 401)

    def test_apache_takes_the_same_logins(self):
        server = apache.Apache(self.kdc.keytab, "CORP:scan:right")
        self.addCleanup(server.close)
        url = f"http://localhost:{server.http}/who.txt"
        status, body = self.curl(url, *self.NEGOTIATE, ticket=True)
        self.assertEqual((status, body.strip()), (200, "scan@EXAMPLE.TEST"))
        status, body = self.curl(url, *self.NEGOTIATE, "--data", "posted", accounts=True)
        self.assertEqual((status, body.strip()), (200, "CORP\\scan"))
        self.assertEqual(self.curl(url, *self.NEGOTIATE)[0], 401)


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # pywinrm leaves its connections open
