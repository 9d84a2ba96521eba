"""A client of winpeer for its tests: starts it, and asks it over HTTP with sealed messages by GSSAPI, or plainly over
TLS. Sealing with NTLM has no third-party client in Debian; this one shares its library with the acceptor, and stands
in."""
import base64
import http.client
import os
import pathlib
import re
import ssl
import sys
import uuid
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent
os.environ.setdefault("KRB5_CONFIG", "/dev/null")  # SPNEGO tries Kerberos too: no realm, no KDC out there
sys.path.insert(0, str(HERE / "winpeer"))

import peer_process  # noqa: E402
import sealed  # noqa: E402

SPACES = {"s": "http://www.w3.org/2003/05/soap-envelope", "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
          "n": "http://schemas.xmlsoap.org/ws/2004/09/enumeration",
          "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"}
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
SOAP_TYPE = "application/soap+xml;charset=UTF-8"
ENUMERATION = SPACES["n"]
IDENTIFY = ('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:i="http://schemas.dmtf.org/wbem/wsman/'
            'identity/1/wsmanidentity.xsd"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>')


class Peer(peer_process.Process):
    def __init__(self, *options, environment=None):
        super().__init__(HERE / "winpeer", *options, environment=environment)

    def port(self, host, transport):
        return self.facts["hosts"][host][transport]

    def trust(self):
        return ssl.create_default_context(cafile=self.facts["ca_file"])


def envelope(uri, action, body, size=153600, selectors=""):
    names = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())
    return (f"<s:Envelope {names}><s:Header><a:To>http://127.0.0.1/wsman</a:To><w:ResourceURI s:mustUnderstand=\"true\">{uri}"
            "</w:ResourceURI><a:ReplyTo><a:Address s:mustUnderstand=\"true\">http://schemas.xmlsoap.org/ws/2004/08/addressing/role"
            f'/anonymous</a:Address></a:ReplyTo><a:Action s:mustUnderstand="true">{action}</a:Action><w:MaxEnvelopeSize '
            f's:mustUnderstand="true">{size}</w:MaxEnvelopeSize><a:MessageID>uuid:{uuid.uuid4()}</a:MessageID>'
            f"<w:OperationTimeout>PT60S</w:OperationTimeout>{selectors}</s:Header><s:Body>{body}</s:Body></s:Envelope>")


def enumerate_request(query, space="root/cimv2", most=20, size=153600, optimized=True):
    more = f"<w:OptimizeEnumeration/><w:MaxElements>{most}</w:MaxElements>" if optimized else ""
    return envelope(f"{WMI}{space}/*", f"{ENUMERATION}/Enumerate",
                    f"<n:Enumerate>{more}<w:Filter Dialect=\"http://schemas."
                    f'microsoft.com/wbem/wsman/1/WQL">{escape(query)}</w:Filter></n:Enumerate>', size)


def pull_request(context, space="root/cimv2", most=20, size=153600):
    return envelope(f"{WMI}{space}/*", f"{ENUMERATION}/Pull",
                    f"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext>"
                    f"<n:MaxElements>{most}</n:MaxElements></n:Pull>", size)


def release_request(context, space="root/cimv2"):
    return envelope(f"{WMI}{space}/*", f"{ENUMERATION}/Release",
                    f"<n:Release><n:EnumerationContext>{context}</n:EnumerationContext></n:Release>")


def invoke_request(class_uri, method, arguments):
    inside = "".join(f"<p:{name}>{escape(str(value))}</p:{name}>" for name, value in arguments)
    return envelope(WMI + class_uri, f"{WMI}{class_uri}/{method}",
                    f'<p:{method}_INPUT xmlns:p="{WMI}{class_uri}">{inside}</p:{method}_INPUT>')


class Answer:
    def __init__(self, response, body):
        self.status, self.kind, self.body = response.status, response.headers.get("Content-Type", ""), body
        self.offers = response.headers.get_all("WWW-Authenticate") or []
        self.text = body.decode(errors="replace")

    def number(self):
        """Of the innermost fault."""
        codes = re.findall(r'<f:WSManFault [^>]*Code="(\d+)"|<p:error_Code[^>]*>(\d+)<', self.text)
        return int("".join(codes[-1])) if codes else None

    def values(self, name):
        return re.findall(rf"<(?:p:)?{name}>([^<]*)</", self.text)

    def context(self):
        return (re.findall("<n:EnumerationContext>([^<]*)</", self.text) or [""])[0]

    def ended(self):
        return "EndOfSequence/>" in self.text


class Plain:
    """Over TLS with Basic, or with no login at all."""

    def __init__(self, peer, host, user="scan", password="right", tls=True):
        self.http = (http.client.HTTPSConnection("127.0.0.1", peer.port(host, "https"), context=peer.trust()) if tls
                     else
                     http.client.HTTPConnection("127.0.0.1", peer.port(host, "http")))
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.headers = {"Content-Type": SOAP_TYPE, **({"Authorization": "Basic " + token} if user else {})}

    def ask(self, text, **headers):
        self.http.request("POST", "/wsman", text.encode(), {**self.headers, **headers})
        response = self.http.getresponse()
        return Answer(response, response.read())

    def close(self):
        self.http.close()


class Sealed:
    """Over plain HTTP, each message sealed; mechanism: ntlm or kerberos. A credential of Kerberos is the environment's."""

    def __init__(self, peer, host, mechanism="ntlm", user="CORP\\scan", password="right", scheme="Negotiate"):
        import gssapi
        import gssapi.raw
        self.raw, self.scheme, self.mechanism = gssapi.raw, scheme, mechanism
        self.http = http.client.HTTPConnection("127.0.0.1", peer.port(host, "http"))
        spnego = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
        kind = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10" if mechanism == "ntlm" else "1.2.840.113554.1.2.2")
        if mechanism == "ntlm":
            name = gssapi.Name(user, gssapi.NameType.user)
            held = self.raw.acquire_cred_with_password(name, password.encode(), usage="initiate", mechs=[spnego]).creds
        else:
            held = self.raw.acquire_cred(None, usage="initiate", mechs=[spnego]).creds
        self.raw.set_neg_mechs(held, [kind])
        flags = gssapi.RequirementFlag
        self.wanted = (held, spnego if scheme == "Negotiate" else kind,
                       [flags.mutual_authentication, flags.replay_detection, flags.out_of_sequence_detection,
                        flags.confidentiality, flags.integrity])
        self.service = gssapi.Name("HTTP@localhost", gssapi.NameType.hostbased_service)
        self.context = None
        self.answer = self.log_in()

    def log_in(self):
        token, answer = None, None
        while True:
            made = self.raw.init_sec_context(self.service, self.wanted[0], self.context, self.wanted[1], self.wanted[2],
                                             None,
                                             None, token)
            self.context = made.context
            if made.token:
                answer = self.post(b"", None, f"{self.scheme} {base64.b64encode(made.token).decode()}")
                told = [offer.partition(" ")[2] for offer in answer.offers if offer.startswith(self.scheme + " ")]
                token = base64.b64decode(told[0]) if told else None
            if not made.more_steps or token is None:
                return answer

    def post(self, body, kind, authorization=None):
        headers = {name: value for name, value in (("Content-Type", kind), ("Authorization", authorization)) if value}
        self.http.request("POST", "/wsman", body, headers)
        response = self.http.getresponse()
        return Answer(response, response.read())

    def seal(self, plain):
        if self.mechanism == "ntlm":
            whole = self.raw.wrap(self.context, plain, True, None).message
            return whole[:16], whole[16:]
        kinds = self.raw.IOVBufferType
        vector = self.raw.IOV(kinds.header, plain, kinds.padding, std_layout=False)
        self.raw.wrap_iov(self.context, vector, True, None)
        return vector[0].value, vector[1].value + (vector[2].value or b"")

    def body(self, text):
        plain = text.encode()
        return sealed.write(self.scheme, len(plain), *self.seal(plain))

    def ask(self, text):
        return self.opened(self.post(self.body(text), sealed.content_type(self.scheme)))

    def opened(self, answer):
        if not answer.kind.startswith("multipart/encrypted"):
            return answer
        size, header, data = sealed.read(answer.kind, answer.body)
        plain = self.raw.unwrap(self.context, header + data).message
        if len(plain) != size:
            raise sealed.Broken("length")
        answer.text = plain.decode()
        return answer

    def close(self):
        self.http.close()
