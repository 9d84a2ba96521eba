"""Types of SQL Server, and what happens when values go from one to another. Inside the engine a moment is text
("2026-11-22T08:36:14.000"), a GUID is text in capitals, a decimal is what Python has; at the end each is what result.py says."""
import collections
import datetime
import decimal
import functools
import re
import uuid

import result
from engine_errors import error, not_here

Type = collections.namedtuple("Type", "name size scale", defaults=(None, None))
MAX = -1

FAMILIES = {"bit": "int", "tinyint": "int", "smallint": "int", "int": "int", "bigint": "int",
            "numeric": "decimal", "decimal": "decimal", "money": "decimal", "smallmoney": "decimal", "float": "float", "real": "float",
            "datetime": "moment", "smalldatetime": "moment", "date": "moment", "datetime2": "moment", "datetimeoffset": "moment",
            "char": "text", "varchar": "text", "nchar": "text", "nvarchar": "text", "sysname": "text", "text": "text", "ntext": "text",
            "xml": "xml", "uniqueidentifier": "guid", "sql_variant": "variant", "binary": "binary", "varbinary": "binary",
            "image": "binary"}
SINCE_2008 = {"date", "datetime2", "datetimeoffset"}
LIMITS = {"bit": (0, 1), "tinyint": (0, 255), "smallint": (-2**15, 2**15 - 1), "int": (-2**31, 2**31 - 1), "bigint": (-2**63, 2**63 - 1)}
# Which of two types the other one is converted to: the one that comes first.
PRECEDENCE = ["sql_variant", "xml", "datetimeoffset", "datetime2", "datetime", "smalldatetime", "date", "float", "real", "decimal",
              "numeric", "money", "smallmoney", "bigint", "int", "smallint", "tinyint", "bit", "ntext", "text", "image",
              "uniqueidentifier", "sysname", "nvarchar", "nchar", "varchar", "char", "varbinary", "binary"]
INT, BIGINT, BIT, FLOAT, DATETIME = Type("int"), Type("bigint"), Type("bit"), Type("float"), Type("datetime")
GUID, VARIANT, SYSNAME = Type("uniqueidentifier"), Type("sql_variant"), Type("nvarchar", 128)


def varchar(size):
    return Type("varchar", size)


def nvarchar(size):
    return Type("nvarchar", size)


def named(name, sizes=(), default=30):
    """A type as it is written: nvarchar(128), varchar(max), numeric(20, 0); default: the size of texts where none is told."""
    name = name.lower()
    if name == "integer":
        name = "int"
    if name not in FAMILIES:
        raise error(243, name)
    if name == "sysname":
        return SYSNAME
    if FAMILIES[name] == "decimal":
        return Type(name, *(list(sizes) + [18, 0])[:2]) if len(sizes) != 1 else Type(name, sizes[0], 0)
    if FAMILIES[name] in ("text", "binary") and name not in ("text", "ntext", "image"):
        return Type(name, sizes[0] if sizes else default)
    if name in ("text", "ntext", "image", "xml"):
        return Type(name, MAX)
    return Type(name)


def family(kind):
    return FAMILIES[kind.name]


def common(kinds):
    """What CASE, COALESCE and UNION make of several; None stands for NULL."""
    kinds = [one for one in kinds if one is not None]
    if not kinds:
        return INT
    best = min(kinds, key=lambda one: PRECEDENCE.index(one.name))
    alike = [one for one in kinds if family(one) == family(best)]
    sizes = [one.size for one in alike if one.size is not None]
    if family(best) in ("text", "binary"):
        return best._replace(size=MAX if MAX in sizes else max(sizes))
    return best


# ------------------------------------------------------------------------------------------------------------ moments ----

MOMENT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?$")


@functools.lru_cache(65536)
def moment_of(text):
    found = MOMENT.match(text.strip())
    if not found:
        raise error(241)
    year, month, day, *rest = [int(one or 0) for one in found.groups()[:6]]
    micro = int((found.group(7) or "0").ljust(6, "0")[:6])
    try:
        return datetime.datetime(year, month, day, *rest, micro)
    except ValueError:
        raise error(241) from None


def stored(moment):
    """As the engine keeps it; datetime has steps of about three milliseconds, which nobody here needs."""
    return moment.isoformat(timespec="milliseconds")


STYLES = {
    0: "%b %e %Y %l:%M%p", 100: "%b %e %Y %l:%M%p", 101: "%m/%d/%Y", 102: "%Y.%m.%d", 103: "%d/%m/%Y", 104: "%d.%m.%Y",
    108: "%H:%M:%S", 111: "%Y/%m/%d", 112: "%Y%m%d", 120: "%Y-%m-%d %H:%M:%S", 20: "%Y-%m-%d %H:%M:%S", 23: "%Y-%m-%d",
    121: "%Y-%m-%d %H:%M:%S.", 21: "%Y-%m-%d %H:%M:%S.", 126: "%Y-%m-%dT%H:%M:%S", 127: "%Y-%m-%dT%H:%M:%SZ",
}


def moment_text(moment, style):
    if style not in STYLES:
        raise error(281, style, "datetime")
    hour = moment.hour % 12 or 12
    words = STYLES[style].replace("%e", f"{moment.day:2}").replace("%l", f"{hour:2}")
    text = moment.strftime(words)
    milliseconds = f"{moment.microsecond // 1000:03}"
    if style in (121, 21):
        return text + milliseconds
    if style in (126, 127) and moment.microsecond:  # ISO 8601 has no fraction that is nought
        return text.removesuffix("Z") + "." + milliseconds + ("Z" if style == 127 else "")
    return text


# -------------------------------------------------------------------------------------------------------- conversions ----

def within(value, kind):
    least, most = LIMITS[kind.name]
    if not least <= value <= most:
        raise error(8115, kind.name)
    return value


def to_int(value, source, kind):
    if isinstance(value, str):
        text = value.strip()
        if kind.name == "bit" and text.lower() in ("true", "false"):
            return int(text.lower() == "true")
        if not re.fullmatch(r"[+-]?\d*", text):
            raise error(245, source.name, value, kind.name)
        value = int(text or 0)
    return int(bool(value)) if kind.name == "bit" else within(int(value), kind)


def to_text(value, source, kind, style):
    if isinstance(value, bytes):
        value = "0x" + value.hex().upper() if style == 1 else value.hex().upper() if style == 2 else value.decode("latin-1")
    elif source.name != "sql_variant" and family(source) == "moment":
        value = moment_text(moment_of(value), style or 0)
    elif isinstance(value, float):
        value = f"{value:g}"
    size = kind.size
    text = str(value)
    if size in (None, MAX) or len(text) <= size:
        return text.ljust(size) if kind.name in ("char", "nchar") and size else text
    if family(source) == "guid":
        raise error(8170)
    if family(source) == "int":
        return "*" if not kind.name.startswith("n") else overflow(kind)
    return text[:size]


def overflow(kind):
    raise error(8115, kind.name)


def to_guid(value, source, kind):
    try:
        return str(uuid.UUID(value.strip())).upper() if isinstance(value, str) else str(uuid.UUID(bytes=value)).upper()
    except ValueError:
        raise error(8169) from None


def convert(value, source, kind, style=None):
    """A value of one type as that of another."""
    if value is None:
        return None
    to = family(kind)
    if to == "variant":
        return value
    if to == "int":
        return to_int(value, source, kind)
    if to in ("text", "xml"):
        return to_text(value, source, kind, style)
    if to == "moment":
        return stored(moment_of(value)) if isinstance(value, str) else refuse(source, kind)
    if to == "guid":
        return to_guid(value, source, kind)
    if to in ("float", "decimal"):
        try:
            return float(value) if to == "float" or not float(value).is_integer() else int(float(value))
        except ValueError:
            raise error(245, source.name, value, kind.name) from None
    return value.encode("utf-16-le" if source.name.startswith("n") else "latin-1") if isinstance(value, str) else bytes(value)


def refuse(source, kind):
    raise not_here(f"how {source.name} becomes {kind.name}")


# ---------------------------------------------------------------------------------------------------------- at the end ----

def column_of(name, kind):
    kind = kind or INT
    what = family(kind)
    if what in ("text", "xml"):
        national = kind.name in ("nvarchar", "nchar", "ntext", "sysname", "xml")
        return result.Column(name, result.NVARCHAR if national else result.VARCHAR, None if kind.size == MAX else max(1, kind.size or 1))
    if what == "decimal":
        return result.Column(name, result.NUMERIC, precision=kind.size or 18, scale=kind.scale or 0)
    if what == "moment":
        return result.Column(name, result.SMALLDATETIME if kind.name == "smalldatetime" else result.DATETIME)
    if what == "float":  # no test needs it as SQL Server sends it
        return result.Column(name, result.NUMERIC, precision=38, scale=6)
    if what == "binary":
        return result.Column(name, result.VARCHAR, 2 + 2 * (kind.size if kind.size and kind.size > 0 else 4000))
    return result.Column(name, {"guid": result.GUID, "variant": result.VARIANT}.get(what, kind.name))


def final(kind, longest):
    """A function that makes of the engine's value what result.py says; None: nothing is to be done. longest: bytes of a text of MAX."""
    what = family(kind or INT)
    if what in ("text", "xml") and kind.size == MAX and longest < 2**31 - 1:
        count = longest // 2 if kind.name.startswith("n") or what == "xml" else longest
        return lambda value: value[:count]
    return {"guid": uuid.UUID, "moment": moment_of, "binary": lambda value: "0x" + value.hex().upper(),
            "decimal": lambda value: decimal.Decimal(str(value)), "float": lambda value: decimal.Decimal(f"{value:.6f}"),
            }.get(what)
