"""The part of WQL that a client of inventories needs: SELECT * or names FROM class WHERE a condition of comparisons
with AND, OR, NOT, LIKE and IS NULL. Names and keywords without regard to case, as WMI has it."""
import re

WORD = re.compile(r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<number>-?\d+)|(?P<name>\w+)"""
                  r"""|(?P<sign><>|!=|<=|>=|[=<>(),*]))""")
COMPARE = {
    "=": lambda left, right: left == right, "<>": lambda left, right: left != right,
    "!=": lambda left, right: left != right, "<": lambda left, right: left < right,
    ">": lambda left, right: left > right, "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}


class Invalid(Exception):
    """WBEM_E_INVALID_QUERY."""


def words(query):
    at, found = 0, []
    query = query.rstrip()
    while at < len(query):
        match = WORD.match(query, at)
        if match is None:
            raise Invalid(query[at:])
        at = match.end()
        found.append((match.lastgroup, match.group(match.lastgroup)))
    return found


class Query:
    def __init__(self, query):
        self.words, self.at = words(query), 0
        self.keyword("select")
        self.columns = self.selected()
        self.keyword("from")
        self.name = self.take("name")
        self.condition = None
        if self.at < len(self.words):
            self.keyword("where")
            self.condition = self.either()
        if self.at < len(self.words):
            raise Invalid(self.words[self.at][1])

    # ------------------------------------------------------------------------------------------ reading ----

    def next(self):
        return self.words[self.at] if self.at < len(self.words) else (None, "")

    def take(self, kind, value=None):
        found, text = self.next()
        if found != kind or (value is not None and text.lower() != value):
            raise Invalid(text)
        self.at += 1
        return text

    def keyword(self, word):
        self.take("name", word)

    def has(self, kind, value):
        found, text = self.next()
        if found != kind or text.lower() != value:
            return False
        self.at += 1
        return True

    def selected(self):
        if self.has("sign", "*"):
            return None
        columns = [self.take("name")]
        while self.has("sign", ","):
            columns.append(self.take("name"))
        return columns

    def either(self):
        left = self.both()
        while self.has("name", "or"):
            left = (lambda one, other: lambda row: one(row) or other(row))(left, self.both())
        return left

    def both(self):
        left = self.one()
        while self.has("name", "and"):
            left = (lambda one, other: lambda row: one(row) and other(row))(left, self.one())
        return left

    def one(self):
        if self.has("name", "not"):
            inside = self.one()
            return lambda row: not inside(row)
        if self.has("sign", "("):
            inside = self.either()
            self.take("sign", ")")
            return inside
        return self.comparison()

    def comparison(self):
        name = self.take("name").lower()
        if self.has("name", "is"):
            wanted = not self.has("name", "not")
            self.keyword("null")
            return lambda row: (row.get(name) is None) == wanted
        if self.has("name", "like"):
            pattern = like(self.literal())
            return lambda row: row.get(name) is not None and pattern.fullmatch(str(row[name])) is not None
        sign = self.next()[1]
        if sign not in COMPARE:
            raise Invalid(sign)
        self.at += 1
        return compared(name, COMPARE[sign], self.literal())

    def literal(self):
        kind, text = self.next()
        self.at += 1
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "number":
            return int(text)
        if kind == "name" and text.lower() in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[text.lower()]
        raise Invalid(text)

    # ------------------------------------------------------------------------------------------ asking ----

    def columns_of(self, table):
        """The chosen columns in the class's spelling and order; None: all. A name that the class lacks is invalid."""
        if self.columns is None:
            return None
        chosen = [table.column(name) for name in self.columns]
        if None in chosen:
            raise Invalid(self.columns[chosen.index(None)])
        return [column for column in table.columns if column in chosen]

    def rows_of(self, table):
        if self.condition is None:
            return list(table.rows)
        return [row for row in table.rows if self.condition(Lower(row))]


class Lower:
    """An instance by names in lower case; a reference as its path."""

    def __init__(self, row):
        self.row = {name.lower(): value for name, value in row.items()}

    def get(self, name):
        value = self.row.get(name)
        return value.path() if hasattr(value, "path") else value

    __getitem__ = get


def like(pattern):
    parts = {"%": ".*", "_": "."}
    made = "".join(part if part.startswith("[") else parts.get(part, re.escape(part))
                   for part in re.findall(r"\[[^]]*\]|.", pattern, re.S))
    return re.compile(made, re.I | re.S)


def compared(name, operator, literal):
    def check(row):
        value = row.get(name)
        if value is None or literal is None:
            return operator(value, literal) if operator in (COMPARE["="], COMPARE["<>"]) else False
        if isinstance(value, str) or isinstance(literal, str):
            return operator(str(value).lower(), str(literal).lower())
        return operator(int(value), int(literal))
    return check
