"""What an instance does to its client, by name: NAME, NAME:WHAT, and either with @NUMBER: from that statement on (1 is the first
after the login). A STAGE is what is not answered as it should be: connect, prelogin, tls, login or batch."""
import asyncio
import random
import re
import socket
import struct
from dataclasses import replace

import prelogin
import tokens
from packets import HEAD, PRELOGIN, REPLY, Gone, packet
from result import NVARCHAR, VARCHAR, SqlError
from tricks_browser import browser_trick, BROWSER_TRICKS  # noqa: F401: one module for all tricks

REFUSALS = {
    18456: "Login failed for user '{user}'.",
    18486: "Login failed for user '{user}' because the account is currently locked out. The system administrator can unlock it.",
    18487: "Login failed for user '{user}'.  Reason: The password of the account has expired.",
    18488: "Login failed for user '{user}'.  Reason: The password of the account must be changed.",
    18470: "Login failed for user '{user}'. Reason: The account is disabled.",
    18452: "Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication.",
    4060: "Cannot open database \"gone\" requested by the login. The login failed.",
    4064: "Cannot open user default database. Login failed.",
    916: "The server principal \"{user}\" is not able to access the database \"closed\" under the current security context.",
    17142: "SQL Server service has been paused. No new connections will be allowed.",
}
TEXTS = (NVARCHAR, VARCHAR)
HOSTILE = ("]; DROP DATABASE [master]; --", "%s%n%n\x1b[31m", "'\" OR 1=1", "a\x00b\r\nc\x7f", "\ud800 alone", "x" * 4000, "")


class Trick:
    """None: the instance is honest."""

    stage = None  # where it is played, if WHAT names no other

    def __init__(self, what="", first=1):
        self.what, self.first, self.seen = what, first, 0
        if what in STAGES:
            self.stage = what

    def at(self, stage):
        return stage == self.stage and (stage != "batch" or self.seen >= self.first)

    async def connected(self, connection):
        if self.at("connect"):
            await self.play(connection, b"")

    def prelogin(self, options):
        """Changes what is told there."""
        return options

    async def before_tls(self, connection):
        if self.at("tls"):
            await self.play(connection, b"")

    def login(self, connection):
        """May raise SqlError."""

    def welcome(self, connection, told):
        """Changes the tokens after a login, but for DONE."""
        return told

    async def asked(self, connection, sql):
        self.seen += 1
        await self.statement(connection, sql)

    async def statement(self, connection, sql):
        """Before it is executed."""

    def results(self, results):
        return results

    def row(self, at, told):
        """Changes the token of a row."""
        return told

    async def send(self, connection, stage, payload):
        if self.at(stage):
            await self.play(connection, payload)
        else:
            connection.wire.send(REPLY, payload)

    async def play(self, connection, payload):
        """In place of the reply."""
        connection.wire.send(REPLY, payload)


STAGES = ("connect", "prelogin", "tls", "login", "batch")
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


# ---------------------------------------------------------------------------------------------- connections ----


@trick
class Silent(Trick):
    """Takes connections, and says nothing."""

    stage = "connect"

    async def play(self, connection, payload):
        await connection.rest()


@trick
class Resets(Trick):
    stage = "login"

    async def play(self, connection, payload):
        plug = connection.writer.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.writer.transport.abort()
        raise Gone("reset")


@trick
class Closes(Trick):
    stage = "prelogin"

    async def play(self, connection, payload):
        raise Gone("closed")


@trick
class Cut(Trick):
    """The connection ends in the middle of the reply."""

    stage = "batch"

    async def play(self, connection, payload):
        whole = packet(REPLY, payload)
        connection.wire.write(whole[:HEAD + len(payload) // 2])
        raise Gone("cut")


@trick
class Drips(Trick):
    """A byte each second."""

    stage = "prelogin"

    async def play(self, connection, payload):
        for byte in packet(REPLY, payload):
            connection.wire.write(bytes([byte]))
            await connection.writer.drain()
            await asyncio.sleep(1)


@trick
class Endless(Trick):
    """Packets, none of which is the last."""

    stage = "batch"
    piece = tokens.message(0xAB, 0, 1, 0, "and so on", "ENDLESS") * 20

    async def play(self, connection, payload):
        while True:
            connection.wire.write(packet(REPLY, self.piece, last=False))
            await connection.writer.drain()


# -------------------------------------------------------------------------------------------------- packets ----


class Bytes(Trick):
    """Something else than the reply, and then nothing."""

    stage = "prelogin"

    def bytes(self, payload):
        raise NotImplementedError

    async def play(self, connection, payload):
        connection.wire.write(self.bytes(payload))
        await connection.writer.drain()
        await self.afterwards(connection)

    async def afterwards(self, connection):
        await connection.rest()


@trick
class TruncatedHead(Bytes):
    def bytes(self, payload):
        return packet(REPLY, payload)[:5]

    async def afterwards(self, connection):
        raise Gone("played")


def lying(kind, length):
    def told(self, payload):
        whole = packet(REPLY, payload)
        return whole[:2] + struct.pack(">H", length(whole)) + whole[4:]
    return trick(type(kind, (Bytes,), {"bytes": told, "__doc__": "The length in the packet's head is wrong."}))


LengthZero = lying("LengthZero", lambda whole: 0)
LengthSeven = lying("LengthSeven", lambda whole: 7)
LengthMore = lying("LengthMore", lambda whole: len(whole) + 100)
LengthLess = lying("LengthLess", lambda whole: len(whole) - 3)
LengthMost = lying("LengthMost", lambda whole: 65535)


@trick
class OtherType(Bytes):
    """A packet of a type that no server sends."""

    def bytes(self, payload):
        return packet(0x01, payload)


@trick
class Garbage(Bytes):
    def bytes(self, payload):
        return random.Random(1).randbytes(600)


@trick
class Http(Bytes):
    """It is another server altogether."""

    def bytes(self, payload):
        return b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"


@trick
class Empty(Bytes):
    """A reply of nothing."""

    def bytes(self, payload):
        return packet(REPLY, b"")


# -------------------------------------------------------------------------------------------------- PRELOGIN ----


@trick
class WrongInstance(Trick):
    """INSTOPT is 1."""

    def prelogin(self, options):
        return {**options, prelogin.INSTANCE: b"\x01"}


@trick
class NoVersion(Trick):
    async def send(self, connection, stage, payload):
        if stage == "prelogin":
            options = prelogin.read(payload)
            payload = prelogin.write(options, [one for one in prelogin.ORDER if one != prelogin.VERSION])
        connection.wire.send(REPLY, payload)


@trick
class StrangeEncryption(Trick):
    """WHAT is the value of ENCRYPTION."""

    def prelogin(self, options):
        return {**options, prelogin.ENCRYPTION: bytes([int(self.what or 9)])}


@trick
class PreloginPastEnd(Bytes):
    """Options lie beyond the reply."""

    def bytes(self, payload):
        return packet(REPLY, b"\x00\x40\x00\x00\x06\x01\x00\x10\xff\xf0\xff" + bytes(8))


@trick
class PreloginUnended(Bytes):
    """Options without their end."""

    def bytes(self, payload):
        return packet(REPLY, b"\x00\x00\x00\x00\x00" * 40)


@trick
class PreloginHuge(Bytes):
    """As large as a packet can be."""

    def bytes(self, payload):
        return packet(REPLY, payload + bytes(65000))


# ------------------------------------------------------------------------------------------------------- TLS ----


def inside(data):
    return packet(PRELOGIN, data)


@trick
class TlsAlert(Bytes):
    """handshake_failure, in place of ServerHello."""

    stage = "tls"

    def bytes(self, payload):
        return inside(b"\x15\x03\x01\x00\x02\x02\x28")


@trick
class TlsGarbage(Bytes):
    stage = "tls"

    def bytes(self, payload):
        return inside(random.Random(2).randbytes(200))


# ----------------------------------------------------------------------------------------------------- logins ----


@trick
class Denied(Trick):
    """Each login is refused, with the error whose number is WHAT, or 18456."""

    def login(self, connection):
        number = int(self.what or 18456)
        raise SqlError(number, 14 if number != 4060 else 11, 1, REFUSALS[number].format(user="scan"))


@trick
class Routes(Trick):
    """Sends whoever logs in to another server: HOST/PORT, or back to itself."""

    def welcome(self, connection, told):
        host, _, port = self.what.partition("/")
        own = connection.writer.get_extra_info("sockname")
        return told + tokens.routing(host or own[0], int(port or own[1]))


# ---------------------------------------------------------------------------------------------------- results ----


@trick
class Hangs(Trick):
    """Statements (those with WHAT in them) are not answered, until an attention."""

    async def statement(self, connection, sql):
        if self.seen >= self.first and self.what.lower() in sql.lower():
            await connection.rest()


@trick
class Dies(Trick):
    """Statements (those with WHAT in them) end the connection."""

    async def statement(self, connection, sql):
        if self.seen >= self.first and self.what.lower() in sql.lower():
            raise Gone("died")


@trick
class Fails(Trick):
    """NUMBER or NUMBER/TEXT: statements (those with TEXT in them) get that error; where it is one of a login or the connection's end
    (class 20 and more), the real one closes, too."""

    def __init__(self, what="", first=1):
        super().__init__(what, first)
        number, _, self.text = what.partition("/")
        self.number, self.now = int(number or 50000), False

    async def statement(self, connection, sql):
        self.now = self.seen >= self.first and self.text.lower() in sql.lower()

    async def send(self, connection, stage, payload):
        if stage == "batch" and self.now:
            problem = SqlError(self.number, 16, 1, f"the trick says {self.number}")
            payload = tokens.error(problem, connection.name) + tokens.done(status=tokens.FAILED)
        connection.wire.send(REPLY, payload)


@trick
class ErrorInRows(Trick):
    """An ERROR between rows (after the first), of the number WHAT; then no more rows, and the DONE of all."""

    def row(self, at, told):
        if self.seen < self.first:
            return told
        problem = SqlError(int(self.what or 1222), 16, 45, "Lock request time out period exceeded.")
        return told + tokens.error(problem, "TRICK") if at == 0 else b""


@trick
class TokenPastEnd(Trick):
    """The last token's length lies beyond the message."""

    stage = "batch"

    async def play(self, connection, payload):
        connection.wire.send(REPLY, payload[:-13] + b"\xaa\xff\x7f" + b"abc")


@trick
class StrangeToken(Trick):
    stage = "batch"

    async def play(self, connection, payload):
        connection.wire.send(REPLY, b"\x42\x42\x42\x42" + payload)


@trick
class StrangeType(Trick):
    """A column of a type that is none."""

    stage = "batch"

    async def play(self, connection, payload):
        connection.wire.send(REPLY, struct.pack("<BHIHBB", 0x81, 1, 0, 1, 0xEE, 4) + tokens.short_text("x") + tokens.done())


@trick
class Columns(Trick):
    """As many columns as a count of 16 bits can say, with nothing behind."""

    stage = "batch"

    async def play(self, connection, payload):
        connection.wire.send(REPLY, b"\x81\xfe\xff" + tokens.done())


class Rewriting(Trick):
    """Of results."""

    def results(self, results):
        return [self.rewritten(one) if one.columns and self.seen >= self.first else one for one in results]


@trick
class Nulls(Rewriting):
    """Each value is NULL."""

    def rewritten(self, result):
        columns = [replace(one, nullable=True) for one in result.columns]
        return replace(result, columns=columns, rows=[(None,) * len(columns) for _ in result.rows])


@trick
class NoRows(Rewriting):
    def rewritten(self, result):
        return replace(result, rows=[])


@trick
class NoColumns(Rewriting):
    def rewritten(self, result):
        return replace(result, columns=[], rows=[], count=0)


@trick
class BigValue(Rewriting):
    """The first text of each row has a million characters, or WHAT."""

    def rewritten(self, result):
        at = next((at for at, one in enumerate(result.columns) if one.type in TEXTS), None)
        if at is None:
            return result
        columns = [replace(one, size=None) if number == at else one for number, one in enumerate(result.columns)]
        long = "x" * int(self.what or 1 << 20)
        return replace(result, columns=columns, rows=[row[:at] + (long,) + row[at + 1:] for row in result.rows])


@trick
class ManyRows(Rewriting):
    """The first row, 300,000 times, or WHAT."""

    def rewritten(self, result):
        return replace(result, rows=result.rows[:1] * int(self.what or 300000))


@trick
class HostileText(Rewriting):
    """Each text is one that somebody would rather not have."""

    def rewritten(self, result):
        texts = [one.type in TEXTS for one in result.columns]
        columns = [replace(one, type=NVARCHAR, size=4000) if text else one for one, text in zip(result.columns, texts)]
        rows = [tuple(HOSTILE[(at + number) % len(HOSTILE)] if text else value
                      for number, (value, text) in enumerate(zip(row, texts)))
                for at, row in enumerate(result.rows)]
        return replace(result, columns=columns, rows=rows)


@trick
class Numbers(Rewriting):
    """Each number is the least that its type has, or WHAT."""

    def rewritten(self, result):
        least = {"tinyint": 255, "smallint": -2**15, "int": -2**31, "bigint": -2**63}
        kinds = [least.get(one.type) for one in result.columns]
        rows = [tuple(value if kind is None else int(self.what or kind) for value, kind in zip(row, kinds)) for row in result.rows]
        return replace(result, rows=rows)
