"""Functions of T-SQL, each with the version that has it first: what a session's own say, and pure ones."""
import datetime
import functools
import inspect
import re
import uuid

import engine_types as types
from engine_errors import error, not_here
from result import SqlError

FUNCTIONS = {}
GLOBALS = {  # @@NAME: (type, function of the session)
    "@@version": (types.nvarchar(300), lambda session: session.instance.version_text),
    "@@servername": (types.nvarchar(128), lambda session: session.instance.server_name),
    "@@servicename": (types.nvarchar(128), lambda session: session.instance.name),
    "@@spid": (types.Type("smallint"), lambda session: 51),
    "@@language": (types.nvarchar(128), lambda session: "us_english"),
    "@@langid": (types.Type("smallint"), lambda session: 0),
    "@@error": (types.INT, lambda session: 0),
    "@@rowcount": (types.INT, lambda session: 0),
    "@@trancount": (types.INT, lambda session: session.transactions),
    "@@max_precision": (types.Type("tinyint"), lambda session: 38),
    "@@options": (types.INT, lambda session: 5496),
    "@@lock_timeout": (types.INT, lambda session: -1),
    "@@nestlevel": (types.INT, lambda session: 0),
    "@@microsoftversion": (types.INT, lambda session: session.instance.version.major << 24),
    "@@textsize": (types.INT, lambda session: 2147483647),
    "@@datefirst": (types.Type("tinyint"), lambda session: 7),
}


class Function:
    """kind: of the types of its arguments; text: of their texts."""

    def __init__(self, name, function, kind, since, volatile, of_session):
        counted = list(inspect.signature(function).parameters.values())[of_session:]
        self.most = 254 if any(one.kind == one.VAR_POSITIONAL for one in counted) else len(counted)
        self.least = sum(one.default is one.empty and one.kind != one.VAR_POSITIONAL for one in counted)
        self.name = ("" if of_session else "pure_") + "f_" + name
        self.function, self.since, self.volatile, self.of_session = function, since, volatile, of_session
        self.kind = kind if callable(kind) else lambda _: kind

    def text(self, values):
        return f"{self.name}({', '.join(text for text, _ in values)})"


class Chosen(Function):
    """COALESCE, ISNULL: values become of one type."""

    def text(self, values):
        from engine_values import converted_to
        kind = self.kind([kind for _, kind in values])
        return f"{self.name}({', '.join(converted_to(*one, kind) for one in values)})"


def function(kind, since="10", volatile=False, name=None, of_session=False, form=Function):
    def keep(made):
        word = name or made.__name__.rstrip("_")
        FUNCTIONS[word] = form(word, made, kind, since, volatile, of_session)
        return made
    return keep


of_session = functools.partial(function, of_session=True)


def first(kinds):
    return next((one for one in kinds if one is not None), types.INT)


def same_text(kinds):
    return kinds[0] if kinds[0] is not None and types.family(kinds[0]) == "text" else types.varchar(8000)


# ------------------------------------------------------------------------------------------------------- of a session ----

@of_session(types.VARIANT)
def serverproperty(session, name):
    return session.instance.property(name or "")


@of_session(types.VARIANT)
def databasepropertyex(session, name, prop):
    return session.instance.database_property(name or "", (prop or "").lower())


@of_session(types.VARIANT)
def connectionproperty(session, name):
    return {"net_transport": "TCP", "protocol_type": "TSQL", "auth_scheme": "SQL"}.get((name or "").lower())


@of_session(types.INT)
def has_perms_by_name(session, securable, kind, right, sub=None, sub_kind=None):
    return session.has_by_name(securable, kind, right)


@of_session(types.INT)
def is_srvrolemember(session, role, login=None):
    known = "sysadmin serveradmin securityadmin setupadmin processadmin dbcreator diskadmin bulkadmin public".split()
    word = (role or "").lower()
    return int(word == "public" or session.sysadmin) if word in known else None


@of_session(types.INT)
def is_member(session, role):
    return int(session.sysadmin or (role or "").lower() == "public")


@of_session(types.INT)
def has_dbaccess(session, name):
    database = session.instance.database(name or "")
    return None if not database else int(session.may_enter(database) and database.open)


@of_session(types.nvarchar(128))
def db_name(session, number=None):
    return session.database if number is None else next((one.name for one in session.instance.databases if one.id == number), None)


@of_session(types.Type("smallint"))
def db_id(session, name=None):
    database = session.instance.database(session.database if name is None else name)
    return database.id if database else None


@of_session(types.INT)
def object_id(session, name, kind=None):
    return session.object_number(name, kind)


@of_session(types.nvarchar(128))
def suser_sname(session, sid=None):
    return session.name


FUNCTIONS["suser_name"] = FUNCTIONS["original_login"] = FUNCTIONS["system_user"] = FUNCTIONS["suser_sname"]


@of_session(types.nvarchar(128))
def user_name(session, number=None):
    return "dbo" if session.sysadmin else session.name


FUNCTIONS["current_user"] = FUNCTIONS["session_user"] = FUNCTIONS["user"] = FUNCTIONS["user_name"]


@of_session(types.nvarchar(128))
def host_name(session):
    return "CLIENT"


@of_session(types.nvarchar(128))
def default_domain(session):
    """Not documented; a computer in no domain gives itself."""
    return session.instance.settings.get("domain", "CORP") or session.instance.machine


@of_session(types.nvarchar(128))
def app_name(session):
    return "client"


@of_session(types.nvarchar(128))
def schema_name(session, number=None):
    return "dbo" if number in (None, 1) else {3: "INFORMATION_SCHEMA", 4: "sys"}.get(number)


@of_session(types.DATETIME, volatile=True)
def getdate(session):
    return types.stored(session.instance.local_now())


@of_session(types.DATETIME, volatile=True)
def getutcdate(session):
    return types.stored(session.instance.utc_now())


FUNCTIONS["current_timestamp"] = FUNCTIONS["sysdatetime"] = FUNCTIONS["getdate"]
FUNCTIONS["sysutcdatetime"] = FUNCTIONS["getutcdate"]


@of_session(types.GUID, volatile=True)
def newid(session):
    return str(uuid.uuid4()).upper()


# --------------------------------------------------------------------------------------------------------------- texts ----

def strict(made):
    """NULL where any argument is NULL."""
    @functools.wraps(made)
    def call(*arguments):
        return None if None in arguments else made(*arguments)
    return call


@function(types.INT)
@strict
def len_(text):
    return len(str(text).rstrip(" "))


@function(types.INT)
@strict
def datalength(value):
    return len(value) if isinstance(value, bytes) else 2 * len(value) if isinstance(value, str) else 4


for word, change in (("upper", str.upper), ("lower", str.lower), ("ltrim", lambda text: text.lstrip(" ")),
                     ("rtrim", lambda text: text.rstrip(" "))):
    function(same_text, name=word)(strict(lambda text, change=change: change(str(text))))
function(same_text, name="trim", since="14")(strict(lambda text: str(text).strip(" ")))
function(same_text, name="reverse")(strict(lambda text: str(text)[::-1]))


@function(same_text)
@strict
def substring(text, start, length):
    if length < 0:
        raise SqlError(537, 16, 3, "Invalid length parameter passed to the LEFT or SUBSTRING function.")
    begin = max(0, start - 1)
    return text[begin:max(begin, start - 1 + length)]


@function(same_text)
@strict
def left(text, length):
    return text[:length]


@function(same_text)
@strict
def right(text, length):
    return text[max(0, len(text) - length):]


@function(types.INT)
@strict
def charindex(wanted, text, start=1):
    return text.lower().find(wanted.lower(), max(0, start - 1)) + 1


@function(types.INT)
@strict
def patindex(pattern, text):
    found = re.search(expression(pattern.strip("%"), None), text, re.IGNORECASE | re.DOTALL)
    return found.start() + 1 if found else 0


@function(types.varchar(8000))
@strict
def replace(text, old, new):
    return re.sub(re.escape(old), lambda _: new, text, flags=re.IGNORECASE) if old else text


@function(types.nvarchar(258))
@strict
def quotename(text, quote="["):
    opening, closing = {"[": "[]", "]": "[]", '"': '""', "'": "''"}[quote]
    return opening + text.replace(closing, closing * 2) + closing if len(text) <= 128 else None


@function(types.varchar(8000), since="11")
def concat(*texts):
    return "".join(str(one) for one in texts if one is not None)


@function(types.nvarchar(128))
@strict
def parsename(name, part):
    parts = re.findall(r"\[((?:[^\]]|\]\])*)\]|([^.\[\]]+)", name)
    parts = [one[0].replace("]]", "]") or one[1] for one in parts][::-1]
    return parts[part - 1] if 1 <= part <= len(parts) <= 4 else None


@function(types.varchar(1))
@strict
def char(number):
    return chr(number)


function(types.nvarchar(1), name="nchar")(strict(chr))
function(types.INT, name="ascii")(strict(lambda text: ord(text[0]) if text else None))
function(types.INT, name="unicode")(strict(lambda text: ord(text[0]) if text else None))
function(first, name="abs")(strict(abs))
function(types.VARIANT, name="sql_variant_property")(lambda value, prop: None if value is None else {
    "basetype": "nvarchar" if isinstance(value, str) else "int"}.get((prop or "").lower()))


# --------------------------------------------------------------------------------------------------------------- choice ----

@function(types.common, form=Chosen)
def coalesce(*values):
    return next((one for one in values if one is not None), None)


@function(first, form=Chosen)
def isnull(value, other):
    return other if value is None else value


@function(first, form=Chosen)
def nullif(value, other):
    alike = value.lower() == other.lower() if isinstance(value, str) and isinstance(other, str) else value == other
    return None if alike else value


@function(types.INT, since="11")
def iif(condition, then, otherwise):
    """Bound as CASE."""


# -------------------------------------------------------------------------------------------------------------- moments ----

UNITS = {"year": "year", "yy": "year", "yyyy": "year", "month": "month", "mm": "month", "m": "month", "day": "day", "dd": "day", "d": "day",
         "week": "week", "wk": "week", "hour": "hour", "hh": "hour", "minute": "minute", "mi": "minute", "n": "minute",
         "second": "second", "ss": "second", "s": "second", "millisecond": "millisecond", "ms": "millisecond", "tzoffset": "tz", "tz": "tz"}
SECONDS = {"minute": 60, "hour": 3600, "day": 86400, "second": 1}


def unit(word):
    if word.lower() not in UNITS:
        raise SqlError(155, 15, 1, f"'{word}' is not a recognized datepart option.")
    return UNITS[word.lower()]


@function(types.INT)
@strict
def datediff(word, start, end):
    """Boundaries that lie between, not whole units."""
    one, other, what = types.moment_of(start), types.moment_of(end), unit(word)
    if what in ("year", "month"):
        months = (other.year - one.year) * 12 + other.month - one.month
        return other.year - one.year if what == "year" else months
    if what not in SECONDS:
        raise not_here(f"DATEDIFF({word})")
    day = datetime.datetime(1900, 1, 1)
    return (other - day) // datetime.timedelta(seconds=SECONDS[what]) - (one - day) // datetime.timedelta(seconds=SECONDS[what])


@function(types.DATETIME)
@strict
def dateadd(word, number, start):
    what, moment = unit(word), types.moment_of(start)
    if what in ("year", "month"):
        month = moment.month - 1 + number * (12 if what == "year" else 1)
        year, month = moment.year + month // 12, month % 12 + 1
        last = (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)).day
        return types.stored(moment.replace(year=year, month=month, day=min(moment.day, last)))
    seconds = {"week": 604800, "millisecond": 0.001, **SECONDS}[what]
    return types.stored(moment + datetime.timedelta(seconds=number * seconds))


@function(types.INT)
@strict
def datepart(word, moment):
    return getattr(types.moment_of(moment), unit(word))


for word in ("year", "month", "day"):
    function(types.INT, name=word)(strict(lambda moment, word=word: getattr(types.moment_of(moment), word)))


# ------------------------------------------------------------------------------------------------- what values.py calls ----

def convert(value, source, name, size, scale, style, lenient):
    try:
        return types.convert(value, types.Type(source), types.Type(name, size, scale), style)
    except SqlError:
        if lenient:
            return None
        raise


def within(value, name):
    return None if value is None else types.within(value, types.Type(name))


def divide(left, right, operator, what):
    if left is None or right is None:
        return None
    if right == 0:
        raise error(8134)
    if what != "int":
        return left / right if operator == "/" else left % right
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return quotient if operator == "/" else left - quotient * right


def one(value, count):
    if count > 1:
        raise error(512)
    return value


@functools.lru_cache(4096)
def expression(pattern, escape):
    """A pattern of LIKE: % _ [abc] [^abc]."""
    found, at = "", 0
    while at < len(pattern):
        sign = pattern[at]
        closing = pattern.find("]", at + 2) if sign == "[" else -1
        if escape and sign == escape and at + 1 < len(pattern):
            at += 1
            found += re.escape(pattern[at])
        elif closing > 0:
            inner = pattern[at + 1:closing].replace("\\", "\\\\")
            found, at = found + f"[{inner}]", closing
        else:
            found += {"%": ".*", "_": "."}.get(sign) or re.escape(sign)
        at += 1
    return found


def like(value, pattern, escape):
    if value is None or pattern is None:
        return None
    return re.fullmatch(expression(pattern, escape), value, re.IGNORECASE | re.DOTALL) is not None


PURE = {"pure_convert": convert, "pure_within": within, "pure_divide": divide, "pure_one": one, "pure_like": like}


def of_store(current):
    """All of them as sqlite3 calls them; current(): the session."""
    made = dict(PURE)
    for one_of in FUNCTIONS.values():
        made[one_of.name] = functools.partial(call_session, current, one_of.function) if one_of.of_session else one_of.function
    return made


def call_session(current, made, *arguments):
    return made(current(), *arguments)
