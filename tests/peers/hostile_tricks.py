"""What hostile.py does to its client: one class for each trick. All but the first override what they need."""
import gzip
import itertools
import re
import time

import hostile_fleet as fleets

TRICKS = {}


def trick(name):
    def add(kind):
        TRICKS[name] = kind()
        return kind
    return add


@trick("honest")
class Honest:
    def prepare(self, vcenter):
        """Changes what there is."""

    def missing(self, vcenter, moref, path):
        """The fault by which a property is not given; None: it is."""

    def holds(self, right):
        return True

    def instead(self, vcenter, handler, call):
        """True: it has answered, and nothing else is to be."""
        return False

    def after(self, vcenter, handler, call, answer):
        """The same, where the honest answer is known."""
        return False


class AtMachines(Honest):
    """Plays at the reply that brings virtual machines."""

    def after(self, vcenter, handler, call, answer):
        if not call.of_machines or "<obj type=\"VirtualMachine\"" not in answer:
            return False
        self.play(handler, answer.encode())
        return True


def in_name(answer, piece):
    """The answer cut in two at the first machine's name, with a piece between."""
    at = answer.index(b">web101<") + 1
    return answer[:at], piece, answer[at:]


# ------------------------------------------------------------------------------------------------ at the door ----

@trick("wrong-password")
class WrongPassword(Honest):
    def instead(self, vcenter, handler, call):
        if call.method == "Login":
            call.element.find("{urn:vim25}password").text = "wrong"
        return False


@trick("no-login")
class NoLogin(Honest):
    """The connection ends where somebody logs in."""

    def instead(self, vcenter, handler, call):
        handler.close_connection = call.method == "Login"
        return handler.close_connection


@trick("html")
class Html(Honest):
    """A proxy's page, with the status of success."""
    page = "<!doctype html>\n<html><head><title>Web filter</title></head><body><p>Access denied<br></body></html>"

    def instead(self, vcenter, handler, call):
        handler.reply(200, self.page, [("Content-Type", "text/html")])
        return True


@trick("html-well-formed")
class HtmlWellFormed(Html):
    page = "<html><head><title>Web filter</title></head><body><p>Access denied</p></body></html>"


@trick("unavailable")
class Unavailable(Honest):
    def instead(self, vcenter, handler, call):
        handler.reply(503, "503 Service Unavailable (Failed to connect to endpoint)", [("Content-Type", "text/plain")])
        return True


@trick("redirect")
class Redirect(Honest):
    def instead(self, vcenter, handler, call):
        handler.reply(302, "", [("Location", vcenter.elsewhere + "/sdk")])
        return True


@trick("redirect-login")
class RedirectLogin(Redirect):
    def instead(self, vcenter, handler, call):
        return call.method == "Login" and super().instead(vcenter, handler, call)


@trick("redirect-later")
class RedirectLater(Redirect):
    """307: the request, and with it the cookie, is to be repeated elsewhere."""

    def instead(self, vcenter, handler, call):
        if not call.of_machines:
            return False
        handler.reply(307, "", [("Location", vcenter.elsewhere + "/sdk")])
        return True


@trick("header-flood")
class HeaderFlood(Honest):
    def instead(self, vcenter, handler, call):
        handler.reply(200, "", [(f"X-Flood-{n}", "h" * 1000) for n in range(1000)])
        return True


@trick("cookie-flood")
class CookieFlood(Honest):
    """The session does not fit into what may be kept of it."""

    def after(self, vcenter, handler, call, answer):
        if call.method != "Login":
            return False
        cookies = [("Set-Cookie", f"c{n}={'v' * 1000}") for n in range(30)]
        handler.reply(200, answer, [("Set-Cookie", f'vmware_soap_session="{call.cookie}"; Path=/'), *cookies])
        return True


# ------------------------------------------------------------------------------------- a reply that is no XML ----

@trick("cut-off")
class CutOff(AtMachines):
    def play(self, handler, answer):
        handler.reply(200, answer[:len(answer) // 2], length=len(answer))
        handler.close_connection = True


@trick("cut-off-quietly")
class CutOffQuietly(AtMachines):
    """Half of it, and a length that says that this was all."""

    def play(self, handler, answer):
        handler.reply(200, answer[:len(answer) // 2])


@trick("short-length")
class ShortLength(AtMachines):
    """The rest stands before the next reply."""

    def play(self, handler, answer):
        handler.reply(200, answer, length=len(answer) - 30)


@trick("fault-200")
class Fault200(AtMachines):
    def play(self, handler, answer):
        handler.reply(200, b'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.'
                           b'xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
                           b"<soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>The operation"
                           b' is not supported on the object.</faultstring><detail><NotSupportedFault xmlns="urn:vim25" '
                           b'xsi:type="NotSupported"/></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>')


@trick("other-reply")
class OtherReply(AtMachines):
    """What answers another call: it tells of no machine."""

    def play(self, handler, answer):
        handler.reply(200, b'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.'
                           b'xmlsoap.org/soap/envelope/"><soapenv:Body><LogoutResponse xmlns="urn:vim25"/></soapenv:Body>'
                           b"</soapenv:Envelope>")


@trick("echo")
class Echo(Honest):
    """A fault that says what it was sent."""

    def instead(self, vcenter, handler, call):
        if call.method != "Login":
            return False
        handler.reply(500, '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org'
                           '/soap/envelope/"><soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>'
                           f"Cannot parse &lt;password&gt;{call.text('password')}&lt;/password&gt;</faultstring>"
                           "</soapenv:Fault></soapenv:Body></soapenv:Envelope>")
        return True


LAUGHS = "".join(f'<!ENTITY l{n} "{"&l%d;" % (n - 1) * 10}">' for n in range(1, 10))


@trick("billion-laughs")
class BillionLaughs(AtMachines):
    def play(self, handler, answer):
        head, _, tail = in_name(answer, b"")
        head = head.replace(b"\n", f'\n<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>\n'.encode(), 1)
        handler.reply(200, head + b"&l9;" + tail)


@trick("doctype")
class Doctype(AtMachines):
    def play(self, handler, answer):
        doctype = b'\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n'
        head, _, tail = in_name(answer.replace(b"\n", doctype, 1), b"")
        handler.reply(200, head + b"&e;" + tail)


@trick("deep")
class Deep(AtMachines):
    """Ten levels deeper than any that the API has."""

    def play(self, handler, answer):
        head, _, tail = in_name(answer, b"")
        handler.reply(200, head + b"<a>" * 75 + b"</a>" * 75 + tail)


@trick("bad-utf8")
class BadUtf8(AtMachines):
    def play(self, handler, answer):
        handler.reply(200, b"".join(in_name(answer, b"\xff\xc0\xaf")))


@trick("utf16")
class Utf16(AtMachines):
    def play(self, handler, answer):
        handler.reply(200, answer.decode().replace("UTF-8", "UTF-16").encode("utf-16"))


@trick("gzip-bomb")
class GzipBomb(AtMachines):
    def play(self, handler, answer):
        bomb = gzip.compress(b"\0" * (64 << 20))
        handler.reply(200, bomb, [("Content-Encoding", "gzip")])


@trick("gzip-bomb-of-transfer")
class GzipBombOfTransfer(AtMachines):
    def play(self, handler, answer):
        handler.begin_chunks([("Transfer-Encoding", "gzip")])
        handler.chunk(gzip.compress(b"\0" * (64 << 20)))
        handler.chunk(b"")


class Endless(AtMachines):
    """So many pieces within the first machine's name, made as they are sent."""
    pieces = ()

    def play(self, handler, answer):
        head, _, tail = in_name(answer, b"")
        handler.begin_chunks()
        for piece in itertools.chain([head], self.pieces, [tail, b""]):
            handler.chunk(piece)


@trick("huge-string")
class HugeString(Endless):
    """500 MB of text."""

    def play(self, handler, answer):
        self.pieces = itertools.repeat(b"x" * (1 << 20), 500)
        super().play(handler, answer)


@trick("huge-tag")
class HugeTag(Endless):
    """A tag that does not end."""

    def play(self, handler, answer):
        self.pieces = itertools.chain([b"<a b='"], itertools.repeat(b"x" * (1 << 20), 500))
        super().play(handler, answer)


@trick("new-names")
class NewNames(Endless):
    """No element has the name of another: whoever remembers names has 400 MB of them."""

    def play(self, handler, answer):
        self.pieces = (b"".join(b"<n%dx%s/>" % (at * 4000 + n, b"y" * 200) for n in range(4000)) for at in range(500))
        super().play(handler, answer)


@trick("many-values")
class ManyValues(Endless):
    """One machine that has more disks than anybody can hold."""

    def play(self, handler, answer):
        at = answer.index(b"<VirtualDevice ")
        disk = answer[at:answer.index(b"</VirtualDevice>", at)] + b"</VirtualDevice>"
        handler.begin_chunks()
        for piece in itertools.chain([answer[:at]], itertools.repeat(disk * 100, 1000), [answer[at:], b""]):
            handler.chunk(piece)


@trick("slowloris")
class Slowloris(AtMachines):
    """A byte a second, for as long as anybody listens."""

    def play(self, handler, answer):
        handler.begin_chunks()
        for byte in answer:
            handler.chunk(bytes([byte]))
            time.sleep(1)


@trick("slow-headers")
class SlowHeaders(AtMachines):
    def play(self, handler, answer):
        for byte in itertools.chain(b"HTTP/1.1 200 OK\r\nX: ", itertools.repeat(ord("x"))):
            handler.wfile.write(bytes([byte]))
            time.sleep(1)


# --------------------------------------------------------------------------------- XML that is not the truth ----

@trick("bad-object")
class BadObject(Honest):
    """One machine has nothing that tells it apart, as one whose files cannot be reached; another may not be read; one has
    numbers that are none. The others are good."""

    def prepare(self, vcenter):
        kind, known = vcenter.objects["vm-102"]
        vcenter.objects["vm-102"] = (kind, {path: value for path, value in known.items()
                                            if not path.startswith(("config.", "guest."))})
        vcenter.objects["vm-104"][1]["config.hardware.memoryMB"] = fleets.number("a lot")

    def missing(self, vcenter, moref, path):
        return "NoPermission" if moref == "vm-103" else None


@trick("twins")
class Twins(Honest):
    """Two machines of one identity: a copy of the files that was registered."""

    def prepare(self, vcenter):
        for path in ("config.instanceUuid", "config.uuid"):
            vcenter.objects["vm-102"][1][path] = vcenter.objects["vm-101"][1][path]


@trick("huge-moref")
class HugeMoref(Honest):
    def prepare(self, vcenter):
        vcenter.objects["vm-" + "9" * 3000000] = vcenter.objects.pop("vm-103")


@trick("unplaced")
class Unplaced(Honest):
    """Hosts and folders that nobody has told of, and a ring of folders."""

    def prepare(self, vcenter):
        vcenter.objects["vm-102"][1]["runtime.host"] = fleets.reference("HostSystem", "host-666")
        vcenter.objects["vm-103"][1]["parent"] = fleets.reference("Folder", "group-v666")
        vcenter.objects["group-v12"] = ("Folder", fleets.folder("a", "group-v13"))
        vcenter.objects["group-v13"] = ("Folder", fleets.folder("b", "group-v12"))
        vcenter.objects["vm-104"][1]["parent"] = fleets.reference("Folder", "group-v12")


@trick("nameless-host")
class NamelessHost(Honest):
    """One host does not tell the one thing by which it is known."""

    def missing(self, vcenter, moref, path):
        return "NoPermission" if (moref, path) == ("host-7", "name") else None


@trick("no-fields")
class NoFields(Honest):
    """What custom attributes are called may not be read."""

    def after(self, vcenter, handler, call, answer):
        if "<name>field</name>" not in answer:
            return False
        refused = ('<missingSet><path>field</path><fault><fault xsi:type="NoPermission"/><localizedMessage/></fault>'
                   "</missingSet>")
        handler.reply(200, re.sub("<propSet><name>field</name>.*</propSet>", refused, answer, flags=re.DOTALL))
        return True


@trick("no-values")
class NoValues(Honest):
    """Custom attributes of one machine may not be read."""

    def missing(self, vcenter, moref, path):
        return "NoPermission" if (moref, path) == ("vm-103", "customValue") else None


@trick("nameless-folder")
class NamelessFolder(Honest):
    """A folder does not tell its name, and so neither does the path of any machine in it."""

    def missing(self, vcenter, moref, path):
        return "NoPermission" if (moref, path) == ("group-v3", "name") else None


@trick("nothing-at-first")
class NothingAtFirst(Honest):
    """A filter that was just made tells of nothing."""

    def instead(self, vcenter, handler, call):
        if call.method != "WaitForUpdatesEx" or call.text("version"):
            return False
        handler.reply(200, call.answer())
        return True


@trick("no-more")
class NoMore(Honest):
    """An update says that there is more, and the next one tells of nothing."""

    def instead(self, vcenter, handler, call):
        if call.method != "WaitForUpdatesEx" or not call.text("version"):
            return False
        handler.reply(200, call.answer())
        return True


class Meanwhile(Honest):
    """Something happens after what stands around the machines was read, and before the filter is there."""

    def instead(self, vcenter, handler, call):
        if call.method == "CreateFilter":
            self.happen(vcenter.objects)
        return False


@trick("renamed-meanwhile")
class RenamedMeanwhile(Meanwhile):
    def happen(self, objects):
        objects["group-v3"][1]["name"] = fleets.text("machines")


@trick("left-meanwhile")
class LeftMeanwhile(Meanwhile):
    def happen(self, objects):
        objects.pop("resgroup-v11", None)
        objects.pop("vm-106", None)


@trick("other-domain")
class OtherDomain(Honest):
    """The account's permission, under the other name of its domain, ends at the root folder."""

    def after(self, vcenter, handler, call, answer):
        if call.method != "RetrieveEntityPermissions":
            return False
        handler.reply(200, answer.replace("VSPHERE.LOCAL\\scan", "CORP\\scan").replace(">true<", ">false<"))
        return True


@trick("missing-session")
class MissingSession(Honest):
    """A session that is lost, told by missingSet only."""

    def missing(self, vcenter, moref, path):
        return "NotAuthenticated"


@trick("missing-everywhere")
class MissingEverywhere(Honest):
    def missing(self, vcenter, moref, path):
        return "NoPermission"


@trick("deny-view")
class DenyView(Honest):
    """An account that lost its rights: it sees nothing, and is told of no fault."""

    def prepare(self, vcenter):
        vcenter.objects = {moref: found for moref, found in vcenter.objects.items() if moref == "group-d1"}

    def holds(self, right):
        return False


@trick("rights-lost")
class RightsLost(Honest):
    """The account loses its rights after it has proven them."""

    def prepare(self, vcenter):
        self.lost = False

    def instead(self, vcenter, handler, call):
        if call.method == "RetrievePropertiesEx" and not self.lost:
            self.lost = True
            vcenter.objects = {"group-d1": vcenter.objects["group-d1"]}
        return False

    def holds(self, right):
        return not self.lost


@trick("huge-names")
class HugeNames(Honest):
    """A path as long as memory, if anybody makes it."""

    def prepare(self, vcenter):
        above = "group-v3"
        for level in range(60):
            vcenter.objects[f"group-v{100 + level}"] = ("Folder", fleets.folder("n" * 1000000, above))
            above = f"group-v{100 + level}"
        vcenter.objects["vm-103"][1]["parent"] = fleets.reference("Folder", above)


@trick("endless-paging")
class EndlessPaging(Honest):
    """Always the same page, always with another token."""

    def page(self, vcenter, handler, call):
        vcenter.memory["count"] = vcenter.memory.get("count", 0) + 1
        handler.reply(200, call.answer(f"<token>{vcenter.memory['count']}</token>{vcenter.memory['objects']}"))
        return True

    def after(self, vcenter, handler, call, answer):
        if call.method != "RetrievePropertiesEx" or '<obj type="VirtualMachine"' not in answer:
            return False
        vcenter.memory["objects"] = re.search("<objects>.*</objects>", answer, re.DOTALL).group(0)
        return self.page(vcenter, handler, call)

    def instead(self, vcenter, handler, call):
        more = call.method == "ContinueRetrievePropertiesEx" and "objects" in vcenter.memory
        return more and self.page(vcenter, handler, call)


@trick("endless-truncated")
class EndlessTruncated(AtMachines):
    """An update that says for ever that there is more."""

    def play(self, handler, answer):
        truncated = b"<truncated>true</truncated></returnval>"
        if b"<version>" in answer:
            handler.server.vcenter.memory["update"] = answer = answer.replace(b"</returnval>", truncated)
        handler.reply(200, answer)

    def instead(self, vcenter, handler, call):
        if call.method != "WaitForUpdatesEx" or "update" not in vcenter.memory:
            return False
        handler.reply(200, vcenter.memory["update"])
        return True


class Restart(Honest):
    """In the middle of a page everything ends, sessions too; .down is how long nobody answers after that."""
    down = False

    def after(self, vcenter, handler, call, answer):
        again = call.method == "ContinueRetrievePropertiesEx" or (
            call.method == "WaitForUpdatesEx" and "<truncated>" in answer)
        if not again or vcenter.memory.get("restarted"):
            return False
        vcenter.memory["restarted"] = True
        vcenter.sessions = {}
        vcenter.memory["down"] = self.down
        handler.reply(200, answer[:len(answer) // 2], length=len(answer))
        handler.close_connection = True
        return True

    def instead(self, vcenter, handler, call):
        """Nobody is there until somebody begins anew."""
        if not vcenter.memory.get("down"):
            return False
        vcenter.memory["down"] = call.method != "RetrieveServiceContent"
        handler.close_connection = vcenter.memory["down"]
        return vcenter.memory["down"]


TRICKS["restart"] = Restart()


@trick("restart-slowly")
class RestartSlowly(Restart):
    down = True


@trick("lost-session")
class LostSession(Honest):
    """Each session ends with its first page."""

    def after(self, vcenter, handler, call, answer):
        if call.of_machines:
            vcenter.sessions = {}
        return False


@trick("no-goodbye")
class NoGoodbye(Honest):
    """Whoever says that he goes is left without an answer."""

    def instead(self, vcenter, handler, call):
        if call.method not in ("Logout", "DestroyView", "DestroyPropertyFilter"):
            return False
        handler.close_connection = True
        return True
