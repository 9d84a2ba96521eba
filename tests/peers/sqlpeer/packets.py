"""Packets of TDS (MS-TDS 2.2.3.1), and what goes through them: bytes in the clear, inside of TLS (TDS 8.0), or with TLS's
handshake inside of packets and then packets inside of TLS (2.2.6.5)."""
import ssl
import struct

HEAD = 8
BATCH, RPC, REPLY, ATTENTION, LOGIN7, SSPI, PRELOGIN = 0x01, 0x03, 0x04, 0x06, 0x10, 0x11, 0x12
CLIENTS = (BATCH, 0x02, RPC, ATTENTION, 0x07, 0x08, 0x0E, LOGIN7, SSPI, PRELOGIN)  # types that a client may send
LAST = 0x01
LEAST_SIZE, USUAL_SIZE, MOST_SIZE = 512, 4096, 32767
MOST_MESSAGE = 16 << 20
RECORD_HEAD, RECORDS = 5, (0x14, 0x15, 0x16, 0x17)


class Gone(Exception):
    """The connection ends, without an answer or in its middle."""


def packet(kind, payload, last=True, number=1):
    return struct.pack(">BBHHBB", kind, LAST if last else 0, HEAD + len(payload), 0, number & 255, 0) + payload


def packets(kind, payload, size):
    """A message as its packets."""
    room = size - HEAD
    parts = [payload[at:at + room] for at in range(0, len(payload), room)] or [b""]
    return [packet(kind, part, at == len(parts), at) for at, part in enumerate(parts, 1)]


class Wire:
    """One connection's. Of TLS one record at a time is read: what follows it may be in the clear."""

    def __init__(self, reader, writer, capture=None):
        self.reader, self.writer, self.capture = reader, writer, capture
        self.size = USUAL_SIZE
        self.tls, self.incoming, self.outgoing = None, None, None
        self.plain = bytearray()  # came out of TLS, and is not taken yet

    # ---------------------------------------------------------------------------------------------- reading ----

    async def take(self, count):
        while self.tls is not None and len(self.plain) < count:
            await self.record()
        if len(self.plain) < count:
            self.plain += await self.reader.readexactly(count - len(self.plain))
        taken = bytes(self.plain[:count])
        del self.plain[:count]
        return taken

    async def record(self):
        self.incoming.write(await self.raw_record())
        try:
            while True:
                self.plain += self.tls.read(65536) or self.gone()
        except ssl.SSLWantReadError:
            self.flush()
        except ssl.SSLError as error:
            raise Gone(str(error)) from error

    async def raw_record(self):
        head = await self.reader.readexactly(RECORD_HEAD)
        if head[0] not in RECORDS:  # who has not come for TLS where that comes first
            raise Gone("no TLS")
        return head + await self.reader.readexactly(int.from_bytes(head[3:], "big"))

    def gone(self):
        raise Gone("the client has ended TLS")

    async def packet(self):
        """Its type, whether it is the last one of its message, and what it holds."""
        head = await self.take(HEAD)
        kind, status, length = struct.unpack(">BBH", head[:4])
        if length < HEAD or kind not in CLIENTS:
            raise Gone(f"a packet of type {kind:02X} and {length} bytes")
        payload = await self.take(length - HEAD)
        if self.capture:
            self.capture.sent(head + payload)
        return kind, bool(status & LAST), payload

    async def message(self, after_first=lambda: None):
        """Type and content of a whole message; after_first is called when its first packet is there."""
        kind, last, content = await self.packet()
        after_first()
        while not last:
            more, last, payload = await self.packet()
            if more != kind or len(content) > MOST_MESSAGE:
                raise Gone("a message whose packets do not belong together, or too many of them")
            content += payload
        return kind, content

    # ---------------------------------------------------------------------------------------------- writing ----

    def write(self, data):
        """Bytes as they are, whatever they are."""
        if self.tls is None:
            self.writer.write(data)
        else:
            self.tls.write(data)
            self.flush()

    def send(self, kind, payload):
        for one in packets(kind, payload, self.size):
            if self.capture:
                self.capture.got(one)
            self.write(one)

    def flush(self):
        if self.outgoing.pending:
            self.writer.write(self.outgoing.read())

    # -------------------------------------------------------------------------------------------------- TLS ----

    async def shake_hands(self, context, inside):
        """inside: of packets; else TLS comes first."""
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        while not self.step(tls, inside):
            self.incoming.write(await (self.handshake_packet() if inside else self.raw_record()))
        self.tls = tls

    def step(self, tls, inside):
        """Whether that was all of it."""
        try:
            tls.do_handshake()
            return True
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError as error:
            raise Gone(str(error)) from error
        finally:
            if self.outgoing.pending:
                told = self.outgoing.read()
                self.writer.write(b"".join(packets(PRELOGIN, told, USUAL_SIZE)) if inside else told)

    async def handshake_packet(self):
        head = await self.reader.readexactly(HEAD)
        length = int.from_bytes(head[2:4], "big")
        if head[0] != PRELOGIN or length <= HEAD:
            raise Gone("something else than a handshake")
        return await self.reader.readexactly(length - HEAD)

    def end_tls(self):
        """The rest is in the clear."""
        self.tls = None
