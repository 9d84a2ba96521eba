"""What an instance does to its client once it knows PRELOGIN and TLS: logins, statements, results. As tricks.py."""
import struct
from dataclasses import replace

import tokens
from packets import REPLY, Gone
from result import NVARCHAR, VARCHAR, SqlError
from tricks import Trick, trick

REFUSALS = {
    18456: "Login failed for user '{user}'.",
    18486: "Login failed for user '{user}' because the account is currently locked out. The system administrator can "
           "unlock it.",
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
    """NUMBER or NUMBER/TEXT: statements (those with TEXT in them) get that error."""

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
        rows = [tuple(value if kind is None else int(self.what or kind) for value, kind in zip(row, kinds))
                for row in result.rows]
        return replace(result, rows=rows)
