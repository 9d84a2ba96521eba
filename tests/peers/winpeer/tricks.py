"""What a host does to its client, by name: NAME, NAME:WHAT, and either with @NUMBER: from that request of WS-Management
on (1 is the first after the login). A number as WHAT is how often, always where it is left out."""
import asyncio
import re
import struct

import cim
import guests
import soap

KVP_HOSTILE = (
    "<INSTANCE",
    "", "no XML at all", "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
    "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Data\"><VALUE>&b;</VALUE></PROPERTY></INSTANCE>",
    "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><INSTANCE/>", "<a>" * 400 + "</a>" * 400,
    guests.item("OSName", "x" * 70000), guests.item("OSVersion", "6.3.9600\x1b[31m'; DROP TABLE"),
    guests.item("FullyQualifiedDomainName", "dc01.corp.example"))


class Trick:
    """None: the host is honest."""

    def __init__(self, what="", first=1):
        self.what, self.first, self.seen, self.played = what, first, 0, 0

    def due(self):
        """Whether it is time; counts, where WHAT says how often."""
        if self.seen < self.first or (self.what.isdigit() and self.played >= int(self.what)):
            return False
        self.played += 1
        return True

    def prepare(self, host):
        """Changes what the host has, before anything is asked."""

    def denies(self, connection, scheme):
        return False

    def token(self, token):
        """Changes a token of the handshake."""
        return token

    async def instead(self, connection, request):
        """Status and text in place of the host's answer; None: the host's."""
        self.seen += 1
        return await self.play(connection, request)

    async def play(self, connection, request):
        return None

    def answer(self, connection, request, status, text):
        """Changes what the host answers."""
        return status, text

    def items(self, service, space, items):
        return items

    def goes_on(self, service, enumeration):
        """Whether an enumeration that is at its end has more."""
        return False

    def sealed(self, connection, reply, plain, header, data):
        """Changes the reply, which is sealed."""

    async def send(self, connection, reply):
        connection.writer.write(reply.bytes())


TRICKS = {"honest": Trick}


def trick(kind):
    TRICKS[re.sub("(?<!^)([A-Z])", r"-\1", kind.__name__).lower()] = kind
    return kind


def named(text):
    """The trick of NAME[:WHAT][@NUMBER]."""
    text, _, first = text.partition("@")
    name, _, what = text.partition(":")
    if name not in TRICKS:
        raise KeyError(f"no trick {name}")
    return TRICKS[name](what, int(first or 1))


# ------------------------------------------------------------------------------------------------- the login ----


@trick
class Denied(Trick):
    """Each login is refused: of the scheme WHAT, or of any. On the wire it is also what a locked account gets."""

    def denies(self, connection, scheme):
        return self.what in ("", scheme)


@trick
class TokenBroken(Trick):
    """The handshake's tokens are no tokens."""

    def token(self, token):
        return b"\x60\x82nothing of the kind" if token else token


@trick
class LoginLost(Trick):
    """The connection's login is forgotten: 401 in the middle of a scan."""

    async def play(self, connection, request):
        if self.due():
            connection.user = connection.context = None
            return 401, ""


# ------------------------------------------------------------------------------------------------- faults ----


class Faulty(Trick):
    fault, actions = "", ()

    async def play(self, connection, request):
        if self.actions and request.what() not in self.actions:
            self.seen -= 1  # NUMBER counts only those
        elif self.due():
            return 500, soap.fault(connection.host, self.fault, request.message, "ExecQuery")


@trick
class FaultInPull(Faulty):
    """WMI fails in the middle of an enumeration."""
    fault, actions = "wmi-failed", ("Pull",)


@trick
class LostInPull(Faulty):
    """WMI forgets the class in the middle of an enumeration."""
    fault, actions = "invalid-class", ("Pull",)


@trick
class Lost(Faulty):
    """WMI has no class WHAT."""
    fault = "invalid-class"

    async def play(self, connection, request):
        if f" FROM {self.what}" in "".join(request.body.itertext()):
            return await super().play(connection, request)


@trick
class ContextExpired(Faulty):
    """The enumeration that a Pull goes on with has expired."""
    fault, actions = "context", ("Pull",)


@trick
class Quota(Faulty):
    """WinRM's quota of operations is used up."""
    fault = "quota"


@trick
class WmiQuota(Faulty):
    """WMI's quota is used up."""
    fault = "wmi-quota"


@trick
class AccessDenied(Faulty):
    """WinRM refuses each request after the login."""
    fault = "denied"


@trick
class TimedOut(Faulty):
    """The operation took longer than OperationTimeout."""
    fault = "timed-out"


@trick
class EnvelopeSmall(Faulty):
    """No item fits into the envelope that is asked for."""
    fault, actions = "envelope", ("Enumerate", "Pull")


@trick
class FaultHuge(Trick):
    """A fault whose text does not end soon."""

    async def play(self, connection, request):
        if self.due():
            text = soap.fault(connection.host, "wmi-failed", request.message, "ExecQuery")
            return 500, text.replace("Generic failure", "Generic failure " * 200000)


# ------------------------------------------------------------------------------------------------- enumerations ----


@trick
class Endless(Trick):
    """An enumeration that never comes to its end."""

    def goes_on(self, service, enumeration):
        enumeration.at = 0
        return True


@trick
class EmptyForEver(Trick):
    """An enumeration that goes on, and brings nothing."""

    def goes_on(self, service, enumeration):
        enumeration.items = []
        return True


@trick
class EnvelopeLarge(Trick):
    """An answer that is larger than the envelope that was asked for: an item of 4 MiB."""

    def items(self, service, space, items):
        return [items[0].replace("</", "x" * (4 << 20) + "</", 1)] + items[1:] if items else items


@trick
class NotXml(Trick):
    """An answer that is not XML."""

    def answer(self, connection, request, status, text):
        return (status, "<html><body>It works!<p></body>") if self.due() else (status, text)


@trick
class CutXml(Trick):
    """An answer that ends in its middle, though its length says it is whole."""

    def answer(self, connection, request, status, text):
        return (status, text[:len(text) * 2 // 3]) if self.due() else (status, text)


@trick
class Deep(Trick):
    """Elements in elements, 100,000 deep."""

    def answer(self, connection, request, status, text):
        return (status, text.replace("<s:Body>", "<s:Body>" + "<x>" * 100000, 1)) if self.due() else (status, text)


@trick
class Entities(Trick):
    """A document type with entities that grow."""

    def answer(self, connection, request, status, text):
        doctype = '<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        return (status, doctype + text.replace("</a:To>", "&b;</a:To>")) if self.due() else (status, text)


# ------------------------------------------------------------------------------------------------- what it has ----


@trick
class KvpHostile(Trick):
    """What the guests tell is hostile: no XML, entities, far too much, somebody else's name."""

    def prepare(self, host):
        for tables in host.spaces.values():
            for row in tables["msvm_kvpexchangecomponent"].rows if "msvm_kvpexchangecomponent" in tables else ():
                if row["GuestIntrinsicExchangeItems"]:
                    row["GuestIntrinsicExchangeItems"] = list(KVP_HOSTILE)


@trick
class VmNonsense(Trick):
    """The first machine has values that cannot be."""

    def prepare(self, host):
        for tables in host.spaces.values():
            for table in tables.values():
                wrong = {"EnabledState": "many", "SettingType": -7, "SystemName": "", "VirtualQuantity": "-1",
                         "InstanceID": "Microsoft:", "BIOSGUID": "{nonsense}",
                         "CreationTime": cim.Datetime("the day before"),
                         "ElementName": "\u202e" + "A" * 5000}
                rows = [row for row in table.rows if "-" in f"{row.get('Name')}{row.get('InstanceID')}"]
                for row in rows[:1] if table.name.startswith("Msvm_") else ():
                    row.update({key: value for key, value in wrong.items() if key in table.columns})


@trick
class TypesWrong(Trick):
    """Numbers are words, and dates are numbers, throughout."""

    def prepare(self, host):
        for tables in host.spaces.values():
            for table in tables.values():
                for row in table.rows:
                    row.update({key: "many" if isinstance(value, int) else "42" for key, value in row.items()
                                if isinstance(value, (int, cim.Datetime))})


@trick
class Hides(Trick):
    """Instances that hold the text WHAT are left out, as for who may not see them."""

    def items(self, service, space, items):
        return [item for item in items if self.what not in item]


@trick
class Nothing(Trick):
    """Each class is there, and none has an instance."""

    def items(self, service, space, items):
        return []


# ------------------------------------------------------------------------------------------------- connections ----


@trick
class Silent(Trick):
    """It never answers."""

    async def play(self, connection, request):
        if self.due():
            await asyncio.sleep(3600)


@trick
class Reboots(Trick):
    """All connections break; then WHAT is "down": none is taken any more, else the host is as new."""

    async def play(self, connection, request):
        if self.seen == self.first:
            connection.host.down = self.what == "down"
            connection.host.reboot()


@trick
class Closes(Trick):
    """The connection is closed after each answer, without a word of it before."""

    async def send(self, connection, reply):
        await super().send(connection, reply)
        if self.seen and reply.status != 401 and self.due():
            await connection.writer.drain()
            connection.writer.close()


@trick
class Cut(Trick):
    """The connection breaks in the middle of an answer."""

    async def send(self, connection, reply):
        whole = reply.bytes()
        if not self.seen or not self.due():
            connection.writer.write(whole)
            return
        connection.writer.write(whole[:len(whole) - len(reply.body) // 2])
        await connection.writer.drain()
        connection.writer.transport.abort() if not connection.tls else connection.writer.close()


@trick
class Drips(Trick):
    """An answer byte by byte, WHAT milliseconds apart (100)."""

    async def send(self, connection, reply):
        if not self.seen:
            connection.writer.write(reply.bytes())
            return
        for byte in reply.bytes():
            connection.writer.write(bytes([byte]))
            await connection.writer.drain()
            await asyncio.sleep(int(self.what or 100) / 1000)


@trick
class Unavailable(Trick):
    """503, as a listener answers that has too many requests."""

    async def play(self, connection, request):
        return (503, "") if self.due() else None


@trick
class Forbidden(Trick):
    """403, as one answers whose filter of addresses does not have the client's."""

    async def play(self, connection, request):
        return (403, "") if self.due() else None


@trick
class Redirects(Trick):
    """To another server, WHAT (an URL)."""

    async def send(self, connection, reply):
        if self.seen >= self.first:
            reply.status = 302
            reply.headers.append(("Location", self.what or "http://127.0.0.1:9/wsman"))
        await super().send(connection, reply)


# ------------------------------------------------------------------------------------------------- sealed messages ----


class Unsealed(Trick):
    def sealed(self, connection, reply, plain, header, data):
        if self.seen >= self.first and self.due():
            self.spoil(connection, reply, plain, header, data)


@trick
class SealedBoundary(Unsealed):
    """The boundary is another than the header says."""

    def spoil(self, connection, reply, plain, header, data):
        reply.body = reply.body.replace(b"--Encrypted Boundary", b"--Another Boundary")


@trick
class SealedTruncated(Unsealed):
    """The ciphertext lacks its second half."""

    def spoil(self, connection, reply, plain, header, data):
        end = b"--Encrypted Boundary--\r\n"
        reply.body = reply.body[:len(reply.body) - len(end) - len(data) // 2] + end


@trick
class SealedEndless(Unsealed):
    """It ends in the ciphertext, with no boundary."""

    def spoil(self, connection, reply, plain, header, data):
        reply.body = reply.body[:-40]


@trick
class SealedAltered(Unsealed):
    """One bit of the ciphertext is another."""

    def spoil(self, connection, reply, plain, header, data):
        at = reply.body.index(data) + len(data) // 2
        reply.body = reply.body[:at] + bytes([reply.body[at] ^ 1]) + reply.body[at + 1:]


@trick
class SealedSignature(Unsealed):
    """One bit of the signature is another."""

    def spoil(self, connection, reply, plain, header, data):
        at = reply.body.index(header) + 6
        reply.body = reply.body[:at] + bytes([reply.body[at] ^ 1]) + reply.body[at + 1:]


@trick
class SealedReplayed(Unsealed):
    """The sealed message before, once more."""

    def spoil(self, connection, reply, plain, header, data):
        reply.body = connection.last_sealed or reply.body


@trick
class SealedLength(Unsealed):
    """Length= is not that of the message: WHAT more."""

    def due(self):
        return True

    def spoil(self, connection, reply, plain, header, data):
        wrong = len(plain) + int(self.what or 1)
        reply.body = reply.body.replace(b"Length=%d" % len(plain), b"Length=%d" % wrong)


@trick
class SealedHeader(Unsealed):
    """The header's length is more than there is."""

    def spoil(self, connection, reply, plain, header, data):
        at = reply.body.index(struct.pack("<I", len(header)) + header)
        reply.body = reply.body[:at] + b"\xff\xff\xff\x7f" + reply.body[at + 4:]


@trick
class SealedPlain(Unsealed):
    """An answer that is not sealed, on a connection without TLS."""

    def spoil(self, connection, reply, plain, header, data):
        reply.body, reply.kind = plain, "application/soap+xml;charset=UTF-8"
