"""Tokens of a reply (MS-TDS 2.2.7), as bytes."""
import struct

import datatypes

COLLATION = datatypes.COLLATION
MORE, FAILED, COUNTED, ATTENTION = 0x01, 0x02, 0x10, 0x20
DONE, DONE_PROC, DONE_IN_PROC = 0xFD, 0xFE, 0xFF
DATABASE, LANGUAGE, PACKET_SIZE, COLLATES, ROUTING = 1, 2, 4, 7, 20
SELECT = 0xC1
UTF8_SUPPORT = 0x0A
PROGRAM = "Microsoft SQL Server\0\0"


def text(value):
    return value.encode("utf-16-le", "surrogatepass")


def short_text(value):
    """B_VARCHAR: its length in characters is a byte."""
    whole = text(value)[:510]
    return bytes([len(whole) // 2]) + whole


def long_text(value):
    """US_VARCHAR."""
    whole = text(value)
    return struct.pack("<H", len(whole) // 2) + whole


def sized(token, content):
    return struct.pack("<BH", token, len(content)) + content


def env_change(kind, new, old=""):
    return sized(0xE3, bytes([kind]) + short_text(new) + short_text(old))


def collation_change():
    return sized(0xE3, bytes([COLLATES, len(COLLATION)]) + COLLATION + b"\0")


def routing(host, port):
    """To another server (2.2.7.9, type 20)."""
    value = struct.pack("<BH", 0, port) + long_text(host)
    return sized(0xE3, bytes([ROUTING]) + struct.pack("<H", len(value)) + value + b"\0\0")


def message(token, number, state, grade, words, server):
    return sized(token, struct.pack("<iBB", number, state, grade) + long_text(words) + short_text(server) + short_text("")
                 + struct.pack("<I", 1))


def error(problem, server):
    return b"".join(message(0xAA, one.number, one.state, one.grade, one.text, server) for one in [*problem.before, problem])


def info(told, server):
    return message(0xAB, told.number, told.state, told.grade, told.text, server)


def login_ack(version, build):
    """version: of TDS, as LOGIN7 has it; build: "11.0.7001.0"."""
    major, minor, number = (int(part) for part in build.split(".")[:3])
    return sized(0xAD, struct.pack(">BI", 1, version) + short_text(PROGRAM) + struct.pack(">BBH", major, minor, number))


def feature_ack(features):
    """Those of the client's that are there: UTF-8."""
    known = [struct.pack("<BIB", one, 1, 1) for one in features if one == UTF8_SUPPORT]
    return b"\xae" + b"".join(known) + b"\xff" if known else b""


def sspi(token):
    return sized(0xED, token)


def done(token=DONE, status=0, command=0, count=0):
    return struct.pack("<BHHQ", token, status, command, count)


def return_status(value):
    return struct.pack("<Bi", 0x79, value)


def return_value(ordinal, name, column, value):
    """RETURNVALUE: what an RPC's parameter is afterwards."""
    return (struct.pack("<BH", 0xAC, ordinal) + short_text(name) + b"\x01" + struct.pack("<IH", 0, column.nullable)
            + datatypes.type_info(column) + datatypes.value(column, value))


def metadata(columns):
    """COLMETADATA."""
    parts = [struct.pack("<BH", 0x81, len(columns))]
    for column in columns:
        parts.append(struct.pack("<IH", 0, int(column.nullable)) + datatypes.type_info(column) + short_text(column.name))
    return b"".join(parts)


def row(columns, values, bitmaps):
    """ROW, or NBCROW where that is shorter and bitmaps says that the client knows it."""
    parts = [datatypes.value(column, value) for column, value in zip(columns, values, strict=True)]
    nulls = [value is None for value in values]
    saved = sum(len(part) for part, null in zip(parts, nulls) if null)
    if not bitmaps or saved <= (len(columns) + 7) // 8:
        return b"\xd1" + b"".join(parts)
    bits = bytearray((len(columns) + 7) // 8)
    for at, null in enumerate(nulls):
        bits[at // 8] |= null << at % 8
    return b"\xd2" + bytes(bits) + b"".join(part for part, null in zip(parts, nulls) if not null)
