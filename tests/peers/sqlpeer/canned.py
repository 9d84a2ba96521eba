"""Results that are always the same, for clients nobody here wrote to read: each type, its ends, and NULL. A statement asks
for one: EXEC canned NAME."""
import datetime
import decimal
import re
import uuid

from result import (BIGINT, BIT, DATETIME, GUID, INT, NUMERIC, NVARCHAR, SMALLDATETIME, SMALLINT, TINYINT, VARCHAR,
                    VARIANT, Column, Message, Result)

ASKED = re.compile(r"\s*EXEC\s+canned\s+(\w+)\s*;?\s*$", re.IGNORECASE)
MANY = 3000
LONG = "0123456789äß€😀" * 2000


def moment(*parts):
    return datetime.datetime(*parts)


def one(kind, values, **more):
    """A result of one column, which may be NULL, and the same value where it may not."""
    columns = [Column("value", kind, **more), Column("certain", kind, nullable=False, **more)]
    return Result(columns, [(value, values[0]) for value in [*values, None]])


NUMBERS = {TINYINT: [255, 0], SMALLINT: [-32768, 32767], INT: [-2**31, 2**31 - 1, 0], BIGINT: [-2**63, 2**63 - 1], BIT: [1, 0]}
TYPES = {kind: [one(kind, values)] for kind, values in NUMBERS.items()} | {
    NVARCHAR: [one(NVARCHAR, ["äß€ and 😀", "", "x" * 256])],
    "nvarchar_max": [one(NVARCHAR, ["short", LONG, ""], size=None)],
    VARCHAR: [one(VARCHAR, ["café", "", "y" * 100], size=100)],
    "varchar_max": [one(VARCHAR, ["v" * 70000, ""], size=None)],
    DATETIME: [one(DATETIME, [moment(2026, 11, 22, 20, 36, 14, 997000), moment(1753, 1, 1), moment(9999, 12, 31, 23, 59, 59)])],
    SMALLDATETIME: [one(SMALLDATETIME, [moment(2026, 11, 22, 20, 36), moment(1900, 1, 1), moment(2079, 6, 6, 23, 59)])],
    NUMERIC: [one(NUMERIC, [decimal.Decimal(one) for one in ("-12345678901234567890.1234", "0.0001", "1.0000")],
                  precision=38, scale=4)],
    "numeric_short": [one(NUMERIC, [decimal.Decimal("99999.99"), decimal.Decimal("-0.01")], precision=7, scale=2)],
    GUID: [one(GUID, [uuid.UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff"), uuid.UUID(int=0)])],
    VARIANT: [Result([Column("value", VARIANT)], [(value,) for value in (
        "text of a variant", 42, -5_000_000_000, decimal.Decimal("12.50"), moment(2026, 11, 22, 8, 0),
        uuid.UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff"), None)])],
}
OTHERS = {
    "wide": [Result([Column(f"c{at}", INT if at % 2 else NVARCHAR) for at in range(20)],  # mostly NULL: NBCROW
                    [tuple((at if at % 2 else f"text {at}") if at % 7 == row else None for at in range(20))
                     for row in range(7)])],
    "many": [Result([Column("number", INT), Column("text")], [(at, f"row {at}") for at in range(MANY)])],
    "none": [Result([Column("number", INT)], [])],
    "two": [Result([Column("first", INT)], [(1,)]), Result([Column("second")], [("2",)])],
    "message": [Result([Column("number", INT)], [(7,)], messages=[Message(0, "PRINT says this")])],
}
ALL = {**TYPES, **OTHERS}


def answer(sql):
    """Results; None: the statement is no such one."""
    found = ASKED.match(sql)
    return ALL.get(found[1].lower()) if found else None
