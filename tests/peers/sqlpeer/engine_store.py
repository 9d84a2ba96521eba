"""Tables of an instance in sqlite3, made when a statement first names them."""
import sqlite3

import engine_types as types
from engine_errors import error
from result import SqlError

AFFINITY = {"int": "INTEGER", "decimal": "NUMERIC", "float": "REAL", "variant": "", "binary": "BLOB"}


def quoted(name):
    """Not "", which sqlite3 takes for text where no column has the name."""
    return "`" + name.replace("`", "``") + "`"


def function_name(name):
    return name.removeprefix("pure_").removeprefix("f_")


class Store:
    def __init__(self, functions):
        """functions: {name: function of its arguments}; one that raises SqlError ends the statement with it."""
        self.base = sqlite3.connect(":memory:", isolation_level=None)
        self.base.execute("PRAGMA case_sensitive_like=off")
        self.failed = None
        for name, function in functions.items():
            self.base.create_function(name, -1, self.watched(name, function), deterministic=name.startswith("pure_"))
        self.names = {}

    def watched(self, name, function):
        def call(*arguments):
            try:
                return function(*arguments)
            except SqlError as failed:
                self.failed = failed
                raise
            except (TypeError, ValueError, AttributeError, OverflowError) as failed:
                self.failed = error(8116, type(arguments[0]).__name__ if arguments else "void", 1, function_name(name))
                raise self.failed from failed
        return call

    def table(self, key, columns, make_rows):
        """Its name; columns: [(name, type)]; make_rows: called once, gives dictionaries; what they have beyond the columns is left
        out (a later version has it)."""
        if key not in self.names:
            name = quoted(f"t{len(self.names)}")
            words = [f"{quoted(column)} {AFFINITY.get(types.family(kind), 'TEXT COLLATE NOCASE')}" for column, kind in columns]
            self.base.execute(f"CREATE TABLE {name} ({', '.join(words)})")
            marks = ", ".join("?" * len(columns))
            self.base.executemany(f"INSERT INTO {name} VALUES ({marks})",
                                  [[row.get(column) for column, _ in columns] for row in make_rows()])
            self.names[key] = name
        return self.names[key]

    def run(self, text):
        self.failed = None
        try:
            return self.base.execute(text).fetchall()
        except sqlite3.OperationalError:
            if self.failed:
                raise self.failed from None
            raise

    def clear(self):
        for name in self.names.values():
            self.base.execute(f"DROP TABLE {name}")
        self.names = {}



def names_of(text):
    """The parts of "[msdb].dbo.backupset"."""
    found, rest = [], text.strip()
    while rest:
        if rest[0] in '["':
            end = rest.find("]" if rest[0] == "[" else '"', 1)
            if end < 0:
                return []
            name, rest = rest[1:end], rest[end + 1:]
        else:
            name, dot, after = rest.partition(".")
            rest = dot + after
        found.append(name)
        if rest[:1] not in ("", "."):
            return []
        rest = rest[1:]
    return found
