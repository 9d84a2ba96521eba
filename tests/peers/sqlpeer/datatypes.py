"""Types of TDS (MS-TDS 2.2.5.4), as bytes: what a column is (TYPE_INFO), and its values."""
import datetime
import decimal
import struct
import uuid

from result import (BIGINT, BIT, DATETIME, GUID, INT, NUMERIC, NVARCHAR, SMALLDATETIME, SMALLINT, TINYINT, VARCHAR,
                    VARIANT)

COLLATION = bytes.fromhex("0904d00034")  # SQL_Latin1_General_CP1_CI_AS
ANSI = "cp1252"
MOST_VARIANT = 8009
EPOCH = datetime.datetime(1900, 1, 1)
MAX_NULL, MAX_UNKNOWN = b"\xff" * 8, b"\xfe" + b"\xff" * 7
PIECE = 8000  # of a MAX value

WHOLE = {TINYINT: 1, SMALLINT: 2, INT: 4, BIGINT: 8}
FIXED = {TINYINT: 0x30, BIT: 0x32, SMALLINT: 0x34, INT: 0x38, BIGINT: 0x7F, DATETIME: 0x3D, SMALLDATETIME: 0x3A}
INT_N, BIT_N, DATE_N, NUMERIC_N, GUID_N = 0x26, 0x68, 0x6F, 0x6C, 0x24
NVARCHAR_N, VARCHAR_N, VARIANT_N = 0xE7, 0xA7, 0x62
TEXTS = {NVARCHAR: (NVARCHAR_N, 2), VARCHAR: (VARCHAR_N, 1)}


def numeric_size(precision):
    """Bytes of the number and its sign."""
    return 5 if precision < 10 else 9 if precision < 20 else 13 if precision < 29 else 17


def type_info(column):
    kind = column.type
    if kind in TEXTS:
        token, width = TEXTS[kind]
        return struct.pack("<BH", token, 0xFFFF if column.size is None else column.size * width) + COLLATION
    if kind == VARIANT:
        return struct.pack("<BI", VARIANT_N, MOST_VARIANT)
    if kind == NUMERIC:
        return bytes([NUMERIC_N, numeric_size(column.precision), column.precision, column.scale])
    if kind == GUID:
        return bytes([GUID_N, 16])
    if not column.nullable:
        return bytes([FIXED[kind]])
    if kind in WHOLE:
        return bytes([INT_N, WHOLE[kind]])
    return {BIT: bytes([BIT_N, 1]), DATETIME: bytes([DATE_N, 8]), SMALLDATETIME: bytes([DATE_N, 4])}[kind]


def value(column, given):
    """With its length in front, where its type has one."""
    kind = column.type
    if kind in TEXTS:
        return text_value(column, given)
    if kind == VARIANT:
        whole = b"" if given is None else variant(given)
        return struct.pack("<I", len(whole)) + whole
    if given is None:
        return b"\0"
    whole = plain(kind, given, column)
    return whole if kind in FIXED and not column.nullable else bytes([len(whole)]) + whole


def plain(kind, given, column=None):
    """The value alone."""
    if kind in WHOLE:
        return int(given).to_bytes(WHOLE[kind], "little", signed=kind != TINYINT)
    return {BIT: lambda: bytes([bool(given)]), DATETIME: lambda: date(given), SMALLDATETIME: lambda: small_date(given),
            NUMERIC: lambda: numeric(given, column.precision, column.scale),
            GUID: lambda: uuid.UUID(str(given)).bytes_le}[kind]()


def encoded(kind, given):
    return given.encode(ANSI, "replace") if kind == VARCHAR else given.encode("utf-16-le", "surrogatepass")


def text_value(column, given):
    if column.size is None:
        return MAX_NULL if given is None else pieces(encoded(column.type, str(given)))
    if given is None:
        return b"\xff\xff"
    whole = encoded(column.type, str(given))[:column.size * TEXTS[column.type][1]]
    return struct.pack("<H", len(whole)) + whole


def pieces(whole):
    """PLP (2.2.5.2.3): a length that is not told, and the value bit by bit."""
    parts = [whole[at:at + PIECE] for at in range(0, len(whole), PIECE)]
    return MAX_UNKNOWN + b"".join(struct.pack("<I", len(part)) + part for part in parts) + bytes(4)


def ticks(moment):
    """Days since 1900 and 300ths of a second."""
    since = moment - EPOCH
    count = since.seconds * 300 + (since.microseconds * 300 + 500_000) // 1_000_000
    return since.days + count // (86400 * 300), count % (86400 * 300)


def date(moment):
    return struct.pack("<iI", *ticks(moment))


def small_date(moment):
    since = moment + datetime.timedelta(seconds=30) - EPOCH
    return struct.pack("<HH", since.days, since.seconds // 60)


def numeric(given, precision, scale):
    number = int(decimal.Decimal(given).scaleb(scale).to_integral_value())
    return bytes([number >= 0]) + abs(number).to_bytes(numeric_size(precision) - 1, "little")


def variant(given):
    """sql_variant (2.2.5.5.3): its own type, what belongs to that, and the value."""
    if isinstance(given, bool):
        return bytes([FIXED[BIT], 0]) + plain(BIT, given)
    if isinstance(given, int):
        kind = INT if -2**31 <= given < 2**31 else BIGINT
        return bytes([FIXED[kind], 0]) + plain(kind, given)
    if isinstance(given, datetime.datetime):
        return bytes([FIXED[DATETIME], 0]) + date(given)
    if isinstance(given, uuid.UUID):
        return bytes([GUID_N, 0]) + given.bytes_le
    if isinstance(given, decimal.Decimal):
        scale = max(0, -given.as_tuple().exponent)
        return bytes([NUMERIC_N, 2, 38, scale]) + numeric(given, 38, scale)
    whole = str(given).encode("utf-16-le", "surrogatepass")[:8000]
    return bytes([NVARCHAR_N, 7]) + COLLATION + struct.pack("<H", 8000) + whole
