"""HTTP/1.1 as the listener of WinRM speaks it, over TLS or with sealed messages, for many hosts at once."""
import asyncio
import base64
import ssl
import time
from email.utils import formatdate

import acceptor
import login
import sealed
import soap

MOST_HEAD = 65536
SOAP_TYPE = "application/soap+xml;charset=UTF-8"
REASONS = {200: "OK", 400: "Bad Request", 401: "", 403: "Forbidden", 404: "Not Found", 500: "", 503: "Service Unavailable"}


class Gone(Exception):
    """The connection ends, without an answer or in its middle."""


class Message:
    """A request of HTTP."""

    def __init__(self, head, body=b""):
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.path, _ = (lines[0].split(" ") + ["", ""])[:3]
        pairs = [line.partition(":") for line in lines[1:] if ":" in line]
        self.headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        self.body = body

    def length(self):
        return int(self.headers.get("content-length") or 0)


class Reply:
    def __init__(self, status, body=b"", kind=None, headers=(), close=False):
        self.status, self.body, self.kind, self.headers, self.close = status, body, kind, list(headers), close
        self.ahead = 0  # seconds of the host's clock

    def bytes(self):
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, '')}"]
        if self.kind:
            lines.append(f"Content-Type: {self.kind}")
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += ["Server: Microsoft-HTTPAPI/2.0", f"Date: {formatdate(time.time() + self.ahead, usegmt=True)}"]
        if self.close:
            lines.append("Connection: close")
        lines += [f"Content-Length: {len(self.body)}", "", ""]
        return "\r\n".join(lines).encode("latin-1") + self.body


def offer(scheme, token):
    """The header that carries a token of the handshake, one of Kerberos's errors perhaps."""
    return [("WWW-Authenticate", f"{scheme} {base64.b64encode(token).decode()}")] if token else []


class Connection:
    """One connection to a host: what it has logged in with, and what it asks."""

    def __init__(self, listener, host, reader, writer):
        self.listener, self.host, self.reader, self.writer = listener, host, reader, writer
        self.tls = listener.tls
        self.context, self.user = None, None
        self.last_sealed = None

    async def serve(self):
        if self.host.down:
            return
        if len(self.host.connections) > self.host.generation.connections:
            self.host.count("connections_refused")
            await self.send(Reply(503, close=True))
            return
        while True:
            message = await self.receive()
            if message is None:
                return
            self.meet(message)
            reply = await self.handle(message)
            await self.send(reply)
            if reply.close or message.headers.get("connection", "").lower() == "close":
                return

    def meet(self, message):
        """The host that is asked for, by its name, where several share a port."""
        name = message.headers.get("host", "").partition(":")[0].lower()
        host = self.listener.names.get(name, self.host)
        if host is not self.host:
            self.host.connections.discard(self)
            self.host = host
            host.connections.add(self)

    async def receive(self):
        try:
            message = Message(await self.reader.readuntil(b"\r\n\r\n"))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return None
        if message.headers.get("expect", "").lower() == "100-continue":
            self.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        message.body = await self.reader.readexactly(message.length())
        return message

    async def send(self, reply):
        reply.ahead = self.host.ahead
        await self.host.trick.send(self, reply)
        await self.writer.drain()

    # ------------------------------------------------------------------------------------------- logging in ----

    async def handle(self, message):
        self.host.count("requests")
        if self.listener.fleet.delay:
            await asyncio.sleep(self.listener.fleet.delay)
        if message.method != "POST" or message.path.partition("?")[0] not in ("/wsman", "/wsman/"):
            return Reply(404)
        refusal, headers = self.log_in(message)
        if refusal is not None:
            return refusal
        if not message.body:
            return Reply(200, headers=headers)
        reply = await self.converse(message)
        reply.headers += headers
        return reply

    def unauthorized(self, headers=(), close=False):
        self.host.count("refused")
        offered = [("WWW-Authenticate", scheme + (' realm="WSMAN"' if scheme == "Basic" else ""))
                   for scheme in self.host.schemes(self.tls)]
        return Reply(401, headers=headers or offered, close=close)

    def log_in(self, message):
        """The answer that refuses it, or None and what the answer must carry."""
        scheme, _, value = message.headers.get("authorization", "").partition(" ")
        if scheme == login.MUTUAL:
            if self.host.trick.denies(self, "Certificate"):
                self.host.count("attempts")
                return self.unauthorized(), ()
            return self.by_certificate()
        if not scheme:
            if self.user is None and "wsmanidentify" not in message.headers:
                return self.unauthorized(), ()
            return None, ()
        if self.host.trick.denies(self, scheme):
            self.host.count("attempts")
            return self.unauthorized(), ()
        if scheme not in self.host.schemes(self.tls):
            return self.unauthorized(), ()
        if scheme == "Basic":
            self.host.count("attempts")
            self.user = login.basic(self.listener.fleet.accounts, value)
            return (self.unauthorized(), ()) if self.user is None else (None, ())
        return self.negotiate(scheme, value)

    def by_certificate(self):
        self.host.count("attempts")
        shown = self.writer.get_extra_info("peercert") if self.tls else None
        names = dict(pair[0] for pair in shown["subject"]) if shown else {}
        if names.get("commonName") not in self.listener.fleet.accounts.passwords:
            return self.unauthorized(), ()
        self.user = names["commonName"]
        return None, ()

    def negotiate(self, scheme, value):
        if self.context is None or self.context.done:
            self.context = acceptor.Context(self.listener.fleet.acceptor, scheme,
                                         self.listener.binding if self.tls else None)
            self.user = None
        try:
            token = self.host.trick.token(self.context.step(base64.b64decode(value)))
        except Exception as error:  # GSSError, of a module that is imported late; or no base64
            self.listener.fleet.say(f"{self.host.name}: {error}")
            self.context = None
            self.host.count("attempts")
            return self.unauthorized(offer(scheme, login.kerberos_error(error)), close=True), ()
        told = offer(scheme, token)
        if not self.context.done:
            return self.unauthorized(told), ()
        self.host.count("attempts")
        if self.tls and self.host.strict and not self.context.bound:
            self.context = None
            return self.unauthorized(close=True), ()
        self.user = self.context.user
        self.host.count("handshakes")
        return None, told

    # ------------------------------------------------------------------------------------------- messages ----

    async def converse(self, message):
        """A request of WS-Management, and its answer."""
        kind = message.headers.get("content-type", "")
        is_sealed = kind.lower().startswith("multipart/encrypted")
        if is_sealed and (self.context is None or not self.context.done):
            return self.unauthorized()
        if not is_sealed and not self.tls and self.user is not None and not self.host.unencrypted:
            self.host.count("plain")
            return Reply(500)  # AllowUnencrypted is false
        try:
            plain = self.opened(kind, message.body) if is_sealed else message.body
            request = soap.Request(plain)
        except (sealed.Broken, soap.Malformed) as error:
            self.listener.fleet.say(f"{self.host.name}: {error}")
            self.host.count("broken")
            return Reply(400, close=True)
        if self.user is None and not request.identify:
            return self.unauthorized()
        status, text = await self.answered(request)
        if status in (401, 403, 503):
            return self.unauthorized() if status == 401 else Reply(status, close=True)
        if not is_sealed:
            return Reply(status, text.encode(), SOAP_TYPE)
        return self.sealed_reply(status, text.encode())

    def opened(self, kind, body):
        size, header, data = sealed.read(kind, body)
        try:
            plain = self.context.open(header, data)
        except self.context.raw.GSSError as error:
            raise sealed.Broken(str(error)) from error
        if len(plain) != size:
            raise sealed.Broken(f"Length={size} of {len(plain)} bytes")
        return plain

    async def answered(self, request):
        self.host.count("soap")
        self.host.count("action " + request.what())
        instead = await self.host.trick.instead(self, request)
        if instead is not None:
            return instead
        status, text = self.host.service.answer(request, self.user)
        return self.host.trick.answer(self, request, status, text)

    def sealed_reply(self, status, plain):
        header, data = self.context.seal(plain)
        body = sealed.write(self.context.scheme, len(plain), header, data)
        reply = Reply(status, body, sealed.content_type(self.context.scheme))
        self.host.trick.sealed(self, reply, plain, header, data)
        self.last_sealed = body
        return reply


class Listener:
    """A port of one host."""

    def __init__(self, fleet, host, tls):
        self.fleet, self.host, self.tls = fleet, host, tls
        self.names = {}
        self.binding = fleet.binding(host) if tls else None
        self.server = None

    def add(self, host):
        """A name of it is that of a cluster, perhaps."""
        for name in [host.machine, *host.settings.get("names", [])]:
            self.names[name.lower()] = host

    async def start(self, address, port):
        context = self.fleet.tls_context(self.host) if self.tls else None
        self.server = await asyncio.start_server(self.accept, address, port, ssl=context, limit=MOST_HEAD, backlog=128)
        return self.server.sockets[0].getsockname()[1]

    async def accept(self, reader, writer):
        connection = Connection(self, self.host, reader, writer)
        self.host.connections.add(connection)
        self.host.count("connections")
        try:
            await connection.serve()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, Gone):
            pass
        finally:
            connection.host.connections.discard(connection)
            writer.close()
