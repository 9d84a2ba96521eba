"""RPC requests (MS-TDS 2.2.6.6): sp_executesql and the family of sp_prepare, as drivers send them. Parameters become literals
of the statement: what answers knows none."""
import datetime
import decimal
import re
import struct
import uuid

from packets import Gone
from result import SqlError

NUMBERED = {10: "sp_executesql", 11: "sp_prepare", 12: "sp_execute", 13: "sp_prepexec", 15: "sp_unprepare"}
BY_REFERENCE = 1
EPOCH = datetime.datetime(1900, 1, 1)
FIXED = {0x1F: 0, 0x30: 1, 0x32: 1, 0x34: 2, 0x38: 4, 0x3A: 4, 0x3B: 4, 0x3C: 8, 0x3D: 8, 0x3E: 8, 0x7A: 4, 0x7F: 8}
BYTE_SIZED = (0x24, 0x26, 0x68, 0x6D, 0x6E, 0x6F)
TEXTS = {0xE7: "utf-16-le", 0xEF: "utf-16-le", 0xA7: "cp1252", 0xAF: "cp1252"}
BINARIES = (0xA5, 0xAD)
DECIMALS = (0x6A, 0x6C)
LONG_TEXTS = {0x63: "utf-16-le", 0x23: "cp1252"}
LITERALS = re.compile(r"'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|\"[^\"]*\"|@[\w@$#]+")


class Reader:
    def __init__(self, content, at=0):
        self.content, self.at = content, at

    def take(self, count):
        if self.at + count > len(self.content):
            raise Gone("RPC: past the end")
        self.at += count
        return self.content[self.at - count:self.at]

    def number(self, size, signed=False):
        return int.from_bytes(self.take(size), "little", signed=signed)

    def text(self, length_size):
        return self.take(2 * self.number(length_size)).decode("utf-16-le", "replace")

    def more(self):
        return self.at < len(self.content)


class Parameter:
    def __init__(self, reader):
        self.name = reader.text(1)
        self.by_reference = bool(reader.number(1) & BY_REFERENCE)
        self.value = read_value(reader)


def read_value(reader):
    kind = reader.number(1)
    if kind in FIXED:
        return whole(kind, reader.take(FIXED[kind])) if FIXED[kind] else None
    if kind in BYTE_SIZED:
        reader.number(1)
        return whole(kind, reader.take(reader.number(1)))
    if kind in DECIMALS:
        _, _, scale = reader.take(3)
        return decimal_of(reader.take(reader.number(1)), scale)
    if kind in TEXTS or kind in BINARIES:
        return long_value(reader, kind)
    if kind in LONG_TEXTS:
        reader.take(4 + 5)
        count = reader.number(4)
        return None if count == 2**32 - 1 else reader.take(count).decode(LONG_TEXTS[kind], "replace")
    raise Gone(f"RPC: a parameter of type {kind:02X}, which this server does not know")


def long_value(reader, kind):
    most = reader.number(2)
    if kind in TEXTS:
        reader.take(5)
    if most == 0xFFFF:
        data = pieces(reader)
    else:
        count = reader.number(2)
        data = None if count == 0xFFFF else reader.take(count)
    return data.decode(TEXTS[kind], "replace") if data is not None and kind in TEXTS else data


def pieces(reader):
    if reader.number(8) == 2**64 - 1:
        return None
    data = b""
    while count := reader.number(4):
        data += reader.take(count)
    return data


def whole(kind, data):
    """What has a length of its own size: NULL is none."""
    if not data:
        return None
    if kind == 0x24:
        return uuid.UUID(bytes_le=data)
    if kind in (0x3D, 0x6F) and len(data) == 8:
        days, ticks = struct.unpack("<iI", data)
        return EPOCH + datetime.timedelta(days=days, milliseconds=round(ticks / 0.3))
    if kind in (0x3B, 0x3E, 0x6D):
        return struct.unpack("<f" if len(data) == 4 else "<d", data)[0]
    return int.from_bytes(data, "little", signed=len(data) > 1)


def decimal_of(data, scale):
    if not data:
        return None
    number = decimal.Decimal(int.from_bytes(data[1:], "little")).scaleb(-scale)
    return number if data[0] else -number


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, (int, float, decimal.Decimal)):
        return str(value)
    words = value.isoformat(timespec="milliseconds") if isinstance(value, datetime.datetime) else str(value)
    return "N'" + words.replace("'", "''") + "'"


def bound(statement, declared, values):
    """The statement with its parameters; declared: "@P1 int, @P2 nvarchar(10)". Those without a name are in that order."""
    names = [name.lower() for name in re.findall(r"@[\w@$#]+", declared or "")]
    held = {one.name.lower(): one.value for one in values if one.name}
    held |= dict(zip([name for name in names if name not in held], (one.value for one in values if not one.name)))
    return LITERALS.sub(lambda found: literal(held[found[0].lower()]) if found[0].lower() in held else found[0], statement)


class Request:
    """One call, of one procedure."""

    def __init__(self, content):
        reader = Reader(content)
        reader.take(max(0, reader.number(4) - 4))  # ALL_HEADERS
        length = reader.number(2)
        self.procedure = (NUMBERED.get(number := reader.number(2), f"procedure {number}") if length == 0xFFFF
                          else reader.take(2 * length).decode("utf-16-le", "replace").lower())
        reader.number(2)
        self.parameters = []
        while reader.more() and reader.content[reader.at] not in (0x80, 0xFF):  # the next call
            self.parameters.append(Parameter(reader))

    def value(self, at, fallback=None):
        return self.parameters[at].value if at < len(self.parameters) else fallback


def read(content):
    try:
        return Request(content)
    except (struct.error, ValueError, OverflowError) as error:
        raise Gone(f"RPC: {error}") from error


class Prepared:
    """A connection's statements that wait to be executed."""

    def __init__(self):
        self.held, self.next = {}, 1

    def keep(self, statement, declared):
        handle, self.next = self.next, self.next + 1
        self.held[handle] = (statement, declared)
        return handle

    def run(self, request):
        """What is to be executed (None: nothing), and the handle that the client is told (None: none)."""
        name, values = request.procedure, request.parameters
        if name == "sp_executesql":
            return bound(request.value(0), request.value(1), values[2:]), None
        if name in ("sp_prepare", "sp_prepexec"):
            statement, declared = request.value(2), request.value(1)
            return bound(statement, declared, values[3:]) if name == "sp_prepexec" else None, self.keep(statement, declared)
        if name in ("sp_execute", "sp_unprepare"):
            handle = request.value(0)
            if handle not in self.held:
                raise SqlError(8179, 16, 2, f"Could not find prepared statement with handle {handle}.")
            if name == "sp_unprepare":
                del self.held[handle]
                return None, None
            return bound(self.held[handle][0], self.held[handle][1], values[1:]), None
        raise SqlError(2812, 16, 62, f"Could not find stored procedure '{name}'.")
