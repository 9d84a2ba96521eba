"""What an instance does to its client, by name: NAME, NAME:WHAT, and either with @NUMBER: from that statement on (1 is the
first after the login). A STAGE is what is not answered as it should be: connect, prelogin, tls, login or batch."""
import asyncio
import random
import re
import socket
import struct

import prelogin
import tokens
from packets import HEAD, PRELOGIN, REPLY, Gone, packet


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
class ChangesItsMind(Trick):
    """Agrees to encrypt all in its first answer, and from then on to encrypt the login alone: as whoever stands between may
    have both ends believe."""

    answers = 0

    def prelogin(self, options):
        self.answers += 1
        return options if self.answers == 1 else {**options, prelogin.ENCRYPTION: bytes([prelogin.OFF])}


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


import tricks_sql  # noqa: E402, F401: adds to TRICKS
