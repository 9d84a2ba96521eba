"""Connections of TDS to an instance: PRELOGIN, TLS, LOGIN7, and requests until the client leaves."""
import asyncio
import ssl
import sys
import traceback

import canned
import ntlm
import packets
import prelogin
import rpc
import tokens
from login7 import TDS_7_2, TDS_7_3B, TDS_7_4, TDS_8_0, Login7
from packets import ATTENTION, BATCH, LOGIN7, PRELOGIN, REPLY, RPC, SSPI, Gone, Wire
from result import INT, Column, Message, Result, SqlError

LANGUAGE = "us_english"
REFUSED = (18456, 14, 1)
NOT_TRUSTED = SqlError(18452, 14, 1, "Login failed. The login is from an untrusted domain and cannot be used with "
                                     "Integrated authentication.")


def newest(build):
    """The version of TDS that an instance of that build has at most."""
    return TDS_7_4 if int(build.split(".")[0]) >= 11 else TDS_7_3B


class Connection:
    def __init__(self, listener, reader, writer, capture):
        self.listener, self.world, self.instance = listener, listener.world, listener.instance
        self.writer = writer
        self.wire = Wire(reader, writer, capture)
        self.session, self.version, self.name = None, TDS_7_4, listener.server_name
        self.prepared = rpc.Prepared()
        self.waiting = None  # for the next message

    @property
    def trick(self):
        return self.instance.trick

    def count(self, what):
        self.instance.counts[what] += 1

    @property
    def strict(self):
        return self.instance.settings.get("encryption") == "strict"

    async def serve(self):
        if self.listener.host.down:
            return
        await self.trick.connected(self)
        if self.strict:
            await self.shake_hands(inside=False)
        encryption = await self.greet()
        if not self.strict:
            await self.encrypt(encryption)
        if await self.log_in(encryption == prelogin.OFF and not self.strict):
            await self.converse()

    async def send(self, stage, payload):
        """A reply, as the trick has it."""
        await self.trick.send(self, stage, payload)
        await self.writer.drain()

    async def rest(self):
        """Says no more, until the client leaves."""
        if self.waiting:
            await asyncio.get_running_loop().create_future()
        while await self.wire.reader.read(65536):
            pass
        raise Gone("the client has left")

    # ------------------------------------------------------------------------------------- before the login ----

    async def greet(self):
        """PRELOGIN; what is agreed to on encryption."""
        kind, content = await self.wire.message()
        if kind != PRELOGIN:
            raise Gone("no PRELOGIN")
        self.count("prelogins")
        if self.world.delay:
            await asyncio.sleep(self.world.delay)
        asked = prelogin.read(content)
        if self.strict:
            encryption = prelogin.NOT_SUPPORTED  # of what is encrypted already
        else:
            own = prelogin.WORDS[self.instance.settings.get("encryption", "off")]
            encryption = prelogin.agreed(prelogin.asked(asked, prelogin.ENCRYPTION, prelogin.NOT_SUPPORTED), own)
        wrong = prelogin.is_other_instance(asked, self.instance.name)
        answer = {prelogin.VERSION: prelogin.version(self.instance.build), prelogin.ENCRYPTION: bytes([encryption]),
                  prelogin.INSTANCE: bytes([wrong]), prelogin.THREAD: b"", prelogin.MARS: b"\0"}
        answer = self.trick.prelogin(answer)
        await self.send("prelogin", prelogin.write(answer))
        return answer[prelogin.ENCRYPTION][0]

    async def encrypt(self, encryption):
        if encryption != prelogin.NOT_SUPPORTED:
            await self.trick.before_tls(self)
            await self.shake_hands(inside=True)

    async def shake_hands(self, inside):
        context = self.world.tls_context(self.instance.settings, self.strict)
        try:
            await self.wire.shake_hands(context, inside)
        except Gone as gone:
            self.count("handshakes_failed")
            self.world.say(f"{self.listener.title}: {gone}")
            raise
        self.count("handshakes")
        self.count(self.wire.tls.version())

    # ---------------------------------------------------------------------------------------------- the login ----

    async def log_in(self, only_login):
        """Whether there is a session then. only_login: what comes after the login's first packet is in the clear."""
        kind, content = await self.wire.message(self.wire.end_tls if only_login else lambda: None)
        if kind != LOGIN7:
            raise Gone("no LOGIN7")
        login = Login7(content)
        self.version = login.version if login.version == TDS_8_0 else min(login.version, newest(self.instance.build))
        if self.version < TDS_7_2 and self.version != TDS_8_0:
            raise Gone("a client older than TDS 7.2")
        self.count("logins")
        try:
            self.trick.login(self)
            self.session = await self.session_of(login)
        except SqlError as refusal:
            self.count("refused")
            await self.send("login", tokens.error(refusal, self.name) + tokens.done(status=tokens.FAILED))
            return False
        await self.welcome(login)
        return True

    async def session_of(self, login):
        if not login.integrated:
            if "\\" in login.user:
                raise SqlError(*REFUSED, f"Login failed for user '{login.user}'.")
            return self.instance.login(login.user, login.password, login.database)
        user = await self.prove(login.sspi)
        return self.instance.login(user, None, login.database)

    async def prove(self, token):
        """The user of a security context (NTLM or Kerberos), as Windows names it."""
        context = self.world.security_context()
        loose = ntlm.Loose(context)
        while True:
            try:
                answer = loose.step(token)
            except Exception as error:  # GSSError, of a module that is imported late
                self.world.say(f"{self.listener.title}: {error}")
                raise NOT_TRUSTED from error
            if context.done:
                self.count(context.mechanism)
                return context.user
            await self.send("sspi", tokens.sspi(answer))
            kind, token = await self.wire.message()
            if kind != SSPI:
                raise Gone("no SSPI message")

    async def welcome(self, login):
        size = min(max(login.size or packets.USUAL_SIZE, packets.LEAST_SIZE), packets.MOST_SIZE)
        database = self.session.database
        reply = [
            tokens.env_change(tokens.DATABASE, database, "master"),
            tokens.info(Message(5701, f"Changed database context to '{database}'.", 2), self.name),
            tokens.collation_change(),
            tokens.env_change(tokens.LANGUAGE, LANGUAGE),
            tokens.info(Message(5703, f"Changed language setting to {LANGUAGE}.", 1), self.name),
            tokens.login_ack(self.version, self.instance.build),
            tokens.feature_ack(login.features),
            tokens.env_change(tokens.PACKET_SIZE, str(size), str(packets.USUAL_SIZE)),
            tokens.done()]
        await self.send("login", self.trick.welcome(self, b"".join(reply[:-1])) + reply[-1])
        self.wire.size = size

    # --------------------------------------------------------------------------------------------- requests ----

    async def converse(self):
        while True:
            kind, content = await (self.waiting or self.wire.message())
            self.waiting = None
            if kind == ATTENTION:  # what it was meant for is answered already
                await self.acknowledge()
            elif kind == BATCH:
                await self.watched(self.batch(content))
            elif kind == RPC:
                await self.watched(self.call(content))
            else:
                raise Gone(f"a message of type {kind:02X}")

    async def acknowledge(self):
        self.count("attentions")
        self.wire.send(REPLY, tokens.done(status=tokens.ATTENTION))
        await self.writer.drain()

    async def watched(self, answering):
        """An answer, which an attention ends."""
        self.waiting = asyncio.ensure_future(self.wire.message())
        self.waiting.add_done_callback(lambda done: done.cancelled() or done.exception())  # is seen later, or never
        task = asyncio.ensure_future(answering)
        try:
            await asyncio.wait((task, self.waiting), return_when=asyncio.FIRST_COMPLETED)
            if not task.done() and self.waiting.result()[0] == ATTENTION:  # or it raises: the client has left
                task.cancel()
                self.waiting = None
                await asyncio.wait((task,))
                self.wire.send(REPLY, tokens.done(status=tokens.FAILED))  # the answer's end: a message of its own
                await self.acknowledge()
                return
            await task
        finally:
            task.cancel()

    async def batch(self, content):
        self.count("batches")
        headers = int.from_bytes(content[:4], "little")
        sql = content[headers:].decode("utf-16-le", "replace")
        await self.trick.asked(self, sql)
        await self.send("batch", self.answer(sql, tokens.DONE))

    async def call(self, content):
        self.count("calls")
        request = rpc.read(content)
        self.count(request.procedure)
        try:
            sql, handle = self.prepared.run(request)
        except SqlError as problem:
            await self.send("batch", tokens.error(problem, self.name) + tokens.done(tokens.DONE_PROC, tokens.FAILED))
            return
        if sql is not None:
            await self.trick.asked(self, sql)
        await self.send("batch", self.answer(sql, tokens.DONE_IN_PROC, self.after_call(request, handle)))

    @staticmethod
    def after_call(request, handle):
        """What follows the results of a procedure."""
        if handle is None:
            return tokens.return_status(0) + tokens.done(tokens.DONE_PROC)
        told = tokens.return_value(0, request.parameters[0].name, Column("", INT), handle)
        return tokens.return_status(0) + told + tokens.done(tokens.DONE_PROC)

    def answer(self, sql, done, after=b""):
        results, problem, before = [], None, self.session.database
        try:
            results = self.results(sql) if sql is not None else []
        except SqlError as error:
            results, problem = error.results, error
        parts = [self.result(one, done, more=bool(after) or problem is not None or at < len(results))
                 for at, one in enumerate(self.trick.results(results), 1)]
        if self.session.database != before:
            parts.insert(0, tokens.env_change(tokens.DATABASE, self.session.database, before))
        if problem is not None:
            parts.append(tokens.error(problem, self.name)
                         + tokens.done(done, tokens.FAILED | (tokens.MORE if after else 0)))
        elif not parts and not after:
            parts.append(tokens.done(done))
        return b"".join(parts) + after

    def results(self, sql):
        try:
            found = canned.answer(sql)
            return self.session.execute(sql) if found is None else found
        except SqlError:
            raise
        except Exception as error:  # a mistake of ours must be seen as one
            print(f"sqlpeer: {sql!r}", file=sys.stderr)
            traceback.print_exc()
            raise SqlError(50000, 16, 1, f"the peer itself has failed: {error!r}") from error

    def result(self, result: Result, done, more):
        told = [tokens.info(one, self.name) for one in result.messages]
        status = tokens.MORE if more else 0
        count = len(result.rows) if result.columns else result.count
        if count is not None:
            status |= tokens.COUNTED
        if result.columns:
            bitmaps = self.version >= TDS_7_3B or self.version == TDS_8_0
            told.append(tokens.metadata(result.columns))
            told += [self.trick.row(at, tokens.row(result.columns, row, bitmaps)) for at, row in enumerate(result.rows)]
        told.append(tokens.done(done, status, tokens.SELECT if result.columns else 0, count or 0))
        return b"".join(told)


class Listener:
    """The port of an instance."""

    def __init__(self, world, host, instance):
        self.world, self.host, self.instance = world, host, instance
        self.title = f"{host.name}/{instance.name}"
        short = host.name.partition(".")[0].upper()
        self.server_name = short if instance.name == "MSSQLSERVER" else f"{short}\\{instance.name}"
        self.server = None

    async def start(self, port):
        self.server = await asyncio.start_server(self.accept, self.host.address, port, backlog=128)
        return self.server.sockets[0].getsockname()[1]

    async def accept(self, reader, writer):
        self.instance.counts["connections"] += 1
        self.instance.open.add(writer)
        capture = self.world.capture.connection(writer) if self.world.capture else None
        connection = Connection(self, reader, writer, capture)
        try:
            await connection.serve()
        except Gone as gone:
            self.world.say(f"{self.title}: {gone}")
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError):
            pass
        finally:
            if connection.waiting:
                connection.waiting.cancel()
            self.instance.open.discard(writer)
            writer.close()
