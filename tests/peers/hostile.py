#!/usr/bin/python3 -B
"""usage: hostile.py [--trick NAME] [--page N] [--list]

A small vCenter on loopback, over TLS, that plays one trick on its client (honest: none). It speaks as vcfleet does, one line
of JSON each: its url, its certificate's fingerprint, the file of its CA and the account when it is ready, and then an answer
to each command on its standard input, with which it ends:

    trick NAME    from now on; what there is begins anew, sessions stay
    count         requests by method, sessions that are open, and what came to the other server: "strayed", and "stolen"
                  where it brought a cookie or the password

What it says in its honest mode is good enough for pyVmomi: test_hostile_referee.py."""
import argparse
import collections
import http.server
import json
import re
import signal
import sys
import threading
import uuid
import xml.etree.ElementTree as tree
from xml.sax.saxutils import escape

import certificates
import hostile_fleet as fleets
import hostile_tricks

ENVELOPE = ('<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope '
            'xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" '
            'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n<soapenv:Body>\n{}\n</soapenv:Body>\n'
            '</soapenv:Envelope>')
VERSIONS = ('<?xml version="1.0" encoding="UTF-8" ?><namespaces version="1.0"><namespace><name>urn:vim25</name>'
            '<version>6.5</version><priorVersions><version>6.0</version><version>5.5</version></priorVersions>'
            '</namespace></namespaces>')
ACCOUNT = ("scan", "right")
VIM = "{urn:vim25}"
RIGHTS = ("System.Anonymous", "System.View", "System.Read")


class Fault(Exception):
    def __init__(self, kind, words="", detail=""):
        super().__init__(kind)
        self.kind, self.words, self.detail = kind, words, detail

    def body(self):
        return ENVELOPE.format(
            f"<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>{escape(self.words)}</faultstring><detail>"
            f'<{self.kind}Fault xmlns="urn:vim25" xsi:type="{self.kind}">{self.detail}</{self.kind}Fault></detail>'
            "</soapenv:Fault>")


def not_authenticated(moref):
    return Fault("NotAuthenticated", "The session is not authenticated.",
                 f'<object type="Folder">{escape(moref)}</object><privilegeId>System.View</privilegeId>')


class Call:
    """A request: its method, the object that it is for, and its arguments."""

    def __init__(self, body):
        element = tree.fromstring(body).find("{http://schemas.xmlsoap.org/soap/envelope/}Body")[0]
        self.method = element.tag.removeprefix(VIM)
        self.element = element
        self.this = self.text("_this")
        types = [wanted.text for wanted in element.iter(VIM + "type")]
        self.of_machines = (self.method in ("WaitForUpdatesEx", "ContinueRetrievePropertiesEx") or
                            self.method == "RetrievePropertiesEx" and "VirtualMachine" in types)

    def text(self, path, fallback=""):
        found = self.element.find("/".join(VIM + step for step in path.split("/")))
        return fallback if found is None or found.text is None else found.text

    def texts(self, name):
        return [found.text or "" for found in self.element.findall(VIM + name)]

    def answer(self, returnval="", kind=""):
        inside = f"<returnval{kind}>{returnval}</returnval>" if returnval or kind else ""
        return self.answer_all(inside)

    def answer_all(self, inside):
        return ENVELOPE.format(f'<{self.method}Response xmlns="urn:vim25">{inside}</{self.method}Response>')


class Selection:
    """What a PropertyFilterSpec asks for: paths by type, and the objects."""

    def __init__(self, vcenter, session, spec):
        self.wanted = [(one.find(VIM + "type").text, [path.text for path in one.findall(VIM + "pathSet")])
                       for one in spec.findall(VIM + "propSet")]
        self.morefs = []
        for source in spec.findall(VIM + "objectSet"):
            moref = source.find(VIM + "obj").text
            self.morefs += vcenter.beneath(session, moref)

    def paths(self, kind):
        found = [paths for wanted, paths in self.wanted if fleets.is_a(kind, wanted)]
        return None if not found else list(dict.fromkeys(path for paths in found for path in paths))


class VCenter:
    def __init__(self, trick, page):
        self.page = page
        self.sessions = {}
        self.counts = collections.Counter()
        self.lock = threading.Lock()
        self.play(trick)

    def play(self, trick):
        self.trick = trick
        self.memory = {}  # the trick's own
        self.objects = {**fleets.around(), **fleets.machines()}
        trick.prepare(self)

    # ------------------------------------------------------------------------------------------ objects ----

    def beneath(self, session, moref):
        """The objects of a view, or the object itself."""
        if moref in session["views"]:
            return [name for name, (kind, _) in self.objects.items()
                    if any(fleets.is_a(kind, wanted) for wanted in session["views"][moref])]
        if moref in self.objects or moref in fleets.managers_objects() or moref in session["own"]:
            return [moref]
        raise Fault("ManagedObjectNotFound", "The object has already been deleted or has not been completely created",
                    f'<obj type="ContainerView">{escape(moref)}</obj>')

    def find(self, session, moref):
        return self.objects.get(moref) or fleets.managers_objects().get(moref) or session["own"].get(moref)

    def value(self, tag, value):
        kind, content = value[:2]
        more = f' type="{value[2]}"' if len(value) > 2 else ""
        return f'<{tag} xsi:type="{kind}"{more}>{content}</{tag}>'

    def properties(self, moref, kind, known, paths, pair):
        """propSet or changeSet, then missingSet."""
        found, missing = "", ""
        for path in paths:
            reason = self.trick.missing(self, moref, path) if moref in self.objects else None
            if reason:
                missing += (f'<missingSet><path>{escape(path)}</path><fault><fault xsi:type="{reason}"><object '
                            f'type="{kind}">{escape(moref)}</object><privilegeId>System.Read</privilegeId></fault>'
                            "<localizedMessage></localizedMessage></fault></missingSet>")
            elif path in known:
                op = "<op>assign</op>" if pair == "changeSet" else ""
                found += f"<{pair}><name>{escape(path)}</name>{op}{self.value('val', known[path])}</{pair}>"
            elif not fleets.may_be_unset(kind, path):
                raise Fault("InvalidProperty", "", f"<name>{escape(path)}</name>")
        return found + missing

    def object_content(self, session, moref, selection, tag="objects"):
        kind, known = self.find(session, moref)
        paths = selection.paths(kind)
        if paths is None:
            return None
        update = tag == "objectSet"
        enter = "<kind>enter</kind>" if update else ""
        inside = self.properties(moref, kind, known, paths, "changeSet" if update else "propSet")
        return f'<{tag}>{enter}<obj type="{kind}">{escape(moref)}</obj>{inside}</{tag}>'

    def contents(self, session, spec, tag):
        selection = Selection(self, session, spec)
        found = [self.object_content(session, moref, selection, tag) for moref in selection.morefs]
        return [content for content in found if content is not None]

    # ------------------------------------------------------------------------------------------ the calls ----

    def RetrieveServiceContent(self, call, _):
        return call.answer(fleets.CONTENT)

    def CurrentTime(self, call, _):
        return call.answer("2026-01-01T00:00:00Z")

    def Login(self, call, _):
        if (call.text("userName"), call.text("password")) != ACCOUNT:
            raise Fault("InvalidLogin", "Cannot complete login due to an incorrect user name or password.")
        key = str(uuid.uuid4())
        self.sessions[key] = {"views": {}, "filters": {}, "tokens": {}, "own": {}, "updates": {}}
        call.cookie = key
        return call.answer(self.session_text(key))

    def session_text(self, key):
        return (f"<key>{key}</key><userName>VSPHERE.LOCAL\\scan</userName><fullName>scan</fullName>"
                "<loginTime>2026-01-01T00:00:00Z</loginTime><lastActiveTime>2026-01-01T00:00:00Z</lastActiveTime>"
                "<locale>en</locale><messageLocale>en</messageLocale><extensionSession>false</extensionSession>"
                "<ipAddress>192.0.2.9</ipAddress><userAgent>test</userAgent><callCount>1</callCount>")

    def Logout(self, call, session):
        self.sessions = {key: other for key, other in self.sessions.items() if other is not session}
        return call.answer()

    def CreateContainerView(self, call, session):
        view = f"session[{uuid.uuid4()}]{uuid.uuid4()}"
        session["views"][view] = call.texts("type")
        morefs = self.beneath(session, view)
        session["own"][view] = ("ContainerView", {
            "view": fleets.references([(self.objects[moref][0], moref) for moref in morefs])})
        return call.answer(escape(view), ' type="ContainerView"')

    def DestroyView(self, call, session):
        if session["views"].pop(call.this, None) is None:
            raise Fault("ManagedObjectNotFound", "", f'<obj type="ContainerView">{escape(call.this)}</obj>')
        return call.answer()

    def CreateFilter(self, call, session):
        name = f"session[{uuid.uuid4()}]{uuid.uuid4()}"
        session["filters"][name] = call.element.find(VIM + "spec")
        session["updates"][name] = None
        return call.answer(escape(name), ' type="PropertyFilter"')

    def DestroyPropertyFilter(self, call, session):
        session["filters"].pop(call.this, None)
        return call.answer()

    def more(self, session, contents, size):
        """A page, and the token for the rest."""
        size = min((limit for limit in (size, self.page) if limit), default=0) or len(contents)
        token = None
        if len(contents) > size:
            token = str(uuid.uuid4())
            session["tokens"][token] = contents[size:]
        return contents[:size], token

    def page_of(self, call, session, contents, size):
        page, token = self.more(session, contents, size)
        told = f"<token>{token}</token>" if token else ""
        return call.answer(told + "".join(page)) if page or token else call.answer()

    def RetrievePropertiesEx(self, call, session):
        contents = [content for spec in call.element.findall(VIM + "specSet")
                    for content in self.contents(session, spec, "objects")]
        return self.page_of(call, session, contents, int(call.text("options/maxObjects", "0")))

    def ContinueRetrievePropertiesEx(self, call, session):
        contents = session["tokens"].pop(call.text("token"), None)
        if contents is None:
            raise Fault("InvalidArgument", "A specified parameter was not correct: token",
                        "<invalidProperty>token</invalidProperty>")
        return self.page_of(call, session, contents, 0)

    def CancelRetrievePropertiesEx(self, call, session):
        session["tokens"].pop(call.text("token"), None)
        return call.answer()

    def WaitForUpdatesEx(self, call, session):
        version = call.text("version")
        known = session.setdefault("versions", {})
        if version and version not in known:
            raise Fault("InvalidCollectorVersion", "The version is not known.")
        if version:
            name, rest = known[version]
        else:
            name, spec = next(iter(session["filters"].items()))
            rest = self.contents(session, spec, "objectSet")
        if not rest:
            return call.answer()
        page, token = self.more(session, rest, int(call.text("options/maxObjectUpdates", "0")))
        next_version = str(len(known) + 1)
        known[next_version] = (name, session["tokens"].get(token, []))
        truncated = "<truncated>true</truncated>" if token else ""
        return call.answer(f'<version>{next_version}</version><filterSet><filter type="PropertyFilter">{escape(name)}'
                           f"</filter>{''.join(page)}</filterSet>{truncated}")

    def HasPrivilegeOnEntity(self, call, _):
        held = [self.trick.holds(right) and right in RIGHTS for right in call.texts("privId")]
        return call.answer_all("".join(f"<returnval>{'true' if one else 'false'}</returnval>" for one in held))

    def RetrieveEntityPermissions(self, call, _):
        return call.answer('<entity type="Folder">group-d1</entity><principal>VSPHERE.LOCAL\\scan</principal>'
                           "<group>false</group><roleId>-2</roleId><propagate>true</propagate>")

    def QueryAssignedLicenses(self, call, _):
        return call.answer_all("".join(
            f"<returnval><entityId>{entity}</entityId><entityDisplayName>{entity}</entityDisplayName><assignedLicense>"
            f"{fleets.LICENCE}</assignedLicense></returnval>" for entity in ("host-7", "host-8")))

    FREE = ("RetrieveServiceContent", "CurrentTime", "Login")

    def honest(self, call, key):
        """Status and body."""
        method = getattr(self, call.method, None) if re.fullmatch("[A-Z]\\w+", call.method) else None
        try:
            if method is None:
                raise Fault("InvalidRequest", f"no method {call.method}")
            session = self.sessions.get(key)
            if session is None and call.method not in self.FREE:
                raise not_authenticated(call.this)
            with self.lock:
                return 200, method(call, session)
        except Fault as fault:
            return 500, fault.body()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def note(self, word):
        self.server.vcenter.counts[word] += 1

    def reply(self, status, body, headers=(), length=None):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name == "Content-Type" for name, _ in headers):
            self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def begin_chunks(self, headers=()):
        self.send_response(200)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, piece):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def key(self):
        found = re.search('vmware_soap_session="?([^";]+)', self.headers.get("Cookie", ""))
        return found.group(1) if found else None

    def do_GET(self):
        self.note("GET")
        if self.path == "/sdk/vimServiceVersions.xml":
            self.reply(200, VERSIONS)
        else:
            self.reply(404, "not here")

    def do_POST(self):
        vcenter = self.server.vcenter
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.thief:
            self.note("stolen" if self.key() or ACCOUNT[1].encode() in body else "strayed")
            self.reply(200, "thanks")
            return
        call = Call(body)
        call.cookie = None
        self.note(call.method)
        if vcenter.trick.instead(vcenter, self, call):
            return
        status, answer = vcenter.honest(call, self.key())
        if vcenter.trick.after(vcenter, self, call, answer):
            return
        cookies = [("Set-Cookie", f'vmware_soap_session="{call.cookie}"; Path=/; HttpOnly; Secure;')] if call.cookie else []
        self.reply(status, answer, cookies)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, certificate, vcenter, thief=False):
        super().__init__(("127.0.0.1", 0), Handler)
        self.tls = certificate.context()
        self.vcenter, self.thief = vcenter, thief
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def finish_request(self, request, client_address):
        super().finish_request(self.tls.wrap_socket(request, server_side=True), client_address)

    def handle_error(self, *_):
        """A client that has gone is what most tricks end with."""

    def url(self):
        return f"https://127.0.0.1:{self.server_address[1]}"


def tell(**members):
    print(json.dumps(members), flush=True)


def obey(vcenter, line):
    word, _, rest = line.strip().partition(" ")
    if word == "trick" and rest in hostile_tricks.TRICKS:
        vcenter.play(hostile_tricks.TRICKS[rest])
        tell(ok=True)
    elif word == "count":
        counts = dict(vcenter.counts)
        tell(ok=True, requests=sum(counts.values()), methods=counts, sessions=len(vcenter.sessions))
    else:
        tell(error=f"what is {line!r}?")


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--trick", default="honest", choices=sorted(hostile_tricks.TRICKS))
    words.add_argument("--page", type=int, default=0)
    words.add_argument("--list", action="store_true")
    arguments = words.parse_args()
    if arguments.list:
        print("\n".join(sorted(hostile_tricks.TRICKS)))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and the folder of certificates goes
    maker = certificates.Maker()
    authority = maker.authority("authority")
    certificate = maker.signed("vcenter", authority)
    vcenter = VCenter(hostile_tricks.TRICKS[arguments.trick], arguments.page)
    vcenter.elsewhere = Server(maker.signed("elsewhere", authority), vcenter, thief=True).url()
    tell(url=Server(certificate, vcenter).url(), fingerprint=certificate.fingerprint, ca_file=str(authority.file),
         username=ACCOUNT[0], password=ACCOUNT[1])
    for line in sys.stdin:
        obey(vcenter, line)
    maker.close()


main()
