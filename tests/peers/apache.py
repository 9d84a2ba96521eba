#!/usr/bin/python3
"""usage: apache.py [--keytab FILE] [--account DOMAIN:NAME:PASSWORD]

Apache with mod_auth_gssapi on loopback: a server for Negotiate that nobody here wrote, over HTTP and HTTPS, with
Kerberos (--keytab; KRB5_CONFIG names the realm), NTLM (--account) or both. It authenticates only: nothing is sealed. A
GET or POST of /who.txt that has logged in is told who it is, and one of /wsman is answered as Identify is. One line of
JSON when it answers: http and https (ports), ca_file; ends when standard input does."""
import argparse
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

import certificates

MODULES = "/usr/lib/apache2/modules"
APACHE = "/usr/sbin/apache2"
ATTEMPTS = 5
IDENTIFIED = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body><i:IdentifyResponse
xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><i:ProtocolVersion>
http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</i:ProtocolVersion><i:ProductVendor>Apache</i:ProductVendor>
<i:ProductVersion>Stack: 2.0</i:ProductVersion></i:IdentifyResponse></s:Body></s:Envelope>
"""
CONFIG = """ServerRoot {folder}
ServerName localhost
PidFile {folder}/pid
ErrorLog {folder}/error.log
DefaultRuntimeDir {folder}
{user}
Mutex file:{folder} default
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authn_core_module {modules}/mod_authn_core.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule authz_user_module {modules}/mod_authz_user.so
LoadModule auth_gssapi_module {modules}/mod_auth_gssapi.so
LoadModule ssl_module {modules}/mod_ssl.so
LoadModule include_module {modules}/mod_include.so
LoadModule mime_module {modules}/mod_mime.so
TypesConfig /dev/null
Listen 127.0.0.1:{http}
Listen 127.0.0.1:{https}
DocumentRoot {folder}/pages
KeepAlive On
<Directory {folder}/pages>
 Options +Includes
 AddType text/plain .txt
 AddOutputFilter INCLUDES .txt
 <Files wsman>
  ForceType "application/soap+xml;charset=UTF-8"
 </Files>
 AuthType GSSAPI
 AuthName WSMAN
 {credentials}
 GssapiConnectionBound On
 Require valid-user
</Directory>
<VirtualHost 127.0.0.1:{https}>
 SSLEngine on
 SSLCertificateFile {certificate}
 SSLCertificateKeyFile {key}
</VirtualHost>
"""


def free_ports():
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


class Apache:
    def __init__(self, keytab=None, account=None):
        self.maker = certificates.Maker()
        authority = self.maker.authority("authority")
        certificate = self.maker.signed("apache", authority)
        self.ca_file = authority.file
        self.held = tempfile.TemporaryDirectory(prefix="muster-apache-")
        self.folder = pathlib.Path(self.held.name)
        self.folder.chmod(0o755)  # its children need not be root
        (self.folder / "pages").mkdir()
        (self.folder / "pages/who.txt").write_text('<!--#echo var="REMOTE_USER" -->\n')
        (self.folder / "pages/wsman").write_text(IDENTIFIED)
        credentials, self.environment = [], dict(os.environ, KRB5RCACHENAME="none:")
        if keytab:
            (self.folder / "keytab").write_bytes(pathlib.Path(keytab).read_bytes())
            self.environment["KRB5_KTNAME"] = f"FILE:{self.folder}/keytab"  # gss-ntlmssp does not bear a GssapiCredStore
            (self.folder / "krb5.conf").write_text(pathlib.Path(os.environ["KRB5_CONFIG"]).read_text())
            self.environment["KRB5_CONFIG"] = str(self.folder / "krb5.conf")
            credentials.append("GssapiAllowedMech krb5")
        if account:
            (self.folder / "ntlm").write_text(account + "\n")
            self.environment["NTLM_USER_FILE"] = str(self.folder / "ntlm")
            credentials.append("GssapiAllowedMech ntlmssp")
        for file in self.folder.iterdir():
            if file.is_file():
                file.chmod(0o644)
        self.told = {"user": "User nobody\nGroup nogroup" if os.geteuid() == 0 else "",
                     "folder": self.folder, "modules": MODULES, "certificate": certificate.chain, "key": certificate.key,
                     "credentials": "\n ".join(credentials)}
        self.start()

    def start(self):
        for _ in range(ATTEMPTS):  # another may take the port first
            self.http, self.https = free_ports()
            (self.folder / "apache.conf").write_text(CONFIG.format(http=self.http, https=self.https, **self.told))
            self.process = subprocess.Popen(["/usr/bin/setpriv", "--pdeathsig", "TERM", APACHE, "-f",
                                             self.folder / "apache.conf",
                                             "-DFOREGROUND"], env=self.environment, stdin=subprocess.DEVNULL,
                                            start_new_session=True)  # it ends its whole group
            if self.answers():
                return
        raise RuntimeError((self.folder / "error.log").read_text())

    def answers(self):
        while self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.https)) == 0:
                    return True
        return False

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.held.cleanup()
        self.maker.close()


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--keytab")
    words.add_argument("--account")
    options = words.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    apache = Apache(options.keytab, options.account)
    try:
        print(json.dumps({"http": apache.http, "https": apache.https, "ca_file": str(apache.ca_file)}), flush=True)
        sys.stdin.read()
    finally:
        apache.close()


if __name__ == "__main__":
    main()
