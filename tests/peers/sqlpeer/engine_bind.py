"""Queries into sqlite3's words, with every name looked up and every column's type known: what SQL Server refuses when it compiles a
statement is refused here."""
import engine_nodes as nodes
import engine_types as types
from engine_errors import error, not_here
from engine_store import quoted
from engine_values import Values


class Source:
    """A table of FROM: columns by name in lower case are (name, type, text)."""

    def __init__(self, parts, columns, mark):
        self.parts, self.mark = [one.lower() for one in parts], mark
        self.list = [(name, kind, f"{mark}.{inner}") for name, kind, inner in columns]
        self.columns = {name.lower(): (name, kind, text) for name, kind, text in self.list}

    def is_named(self, parts):
        """Whether d, databases or sys.databases names it."""
        return self.parts[-len(parts):] == [one.lower() for one in parts] if parts else True


class Scope:
    def __init__(self, parent=None):
        self.parent, self.sources, self.grouped, self.aggregate, self.aliases = parent, [], None, False, {}

    def add(self, source):
        if any(one.parts[-1] == source.parts[-1] for one in self.sources):
            raise error(1011, source.parts[-1])
        self.sources.append(source)

    def find(self, parts):
        name, scope = parts[-1].lower(), self
        while scope:
            meant = [one for one in scope.sources if one.is_named(parts[:-1])]
            found = [one.columns[name] for one in meant if name in one.columns]
            if len(found) > 1:
                raise error(209, parts[-1])
            if found:
                return found[0], scope
            if meant and len(parts) > 1:
                raise error(207, parts[-1])
            scope = scope.parent
        raise error(4104, ".".join(parts)) if len(parts) > 1 else error(207, parts[-1])


class Binder(Values):
    def __init__(self, session):
        self.session, self.instance = session, session.instance
        self.marks, self.volatile, self.common = 0, False, {}

    def mark(self):
        self.marks += 1
        return f"s{self.marks}"

    # -------------------------------------------------------------------------------------------------------- queries ----

    def query(self, query, parent=None, inner=False):
        """Its text and its columns as [(name, type)]; the columns are called c0, c1, ..."""
        before = dict(self.common)
        for table in query.tables:
            self.common[table.alias.lower()] = table
        if inner and query.order and query.offset is None and not any(isinstance(one, nodes.Select) and one.top for one in query.selects):
            raise error(1033)
        if len(query.selects) == 1 and isinstance(query.selects[0], nodes.Select):
            text, columns = self.select(query.selects[0], parent, query.order)
        else:
            text, columns = self.combined(query, parent)
        text += self.limits(query, parent)
        self.common = before
        return text, columns

    def combined(self, query, parent):
        texts, sets = [], []
        for one in query.selects:
            text, columns = self.select(one, parent, []) if isinstance(one, nodes.Select) else self.query(one, parent, True)
            texts.append(f"SELECT * FROM ({text})")
            sets.append(columns)
        if len({len(one) for one in sets}) > 1:
            raise error(205)
        text = texts[0]
        for operator, more in zip(query.operators, texts[1:]):
            text += f" {operator} {more}"
        columns = [(same[0][0], types.common([kind for _, kind in same])) for same in zip(*sets)]
        names = {name.lower(): f"c{at}" for at, (name, _) in enumerate(columns)}
        return text + self.order_by(query.order, Scope(parent), names, len(columns)), columns

    def limits(self, query, parent):
        if query.offset is not None:
            count = self.rows_of(query.fetch, parent) if query.fetch is not None else "-1"
            return f" LIMIT {count} OFFSET {self.rows_of(query.offset, parent)}"
        return ""

    def rows_of(self, node, parent):
        """The number of TOP, OFFSET or FETCH."""
        for one in nodes.walk(node):
            if isinstance(one, nodes.Reference):
                raise error(4115, one.parts[-1])
        text, kind = self.value(node, Scope(parent))
        if kind is None or types.family(kind) != "int":
            raise error(1060)
        return text

    def select(self, select, parent, order):
        scope = Scope(parent)
        source = self.source(select.source, scope) if select.source else ""
        where = self.condition(select.where, scope) if select.where else ""
        if select.where and any(self.is_aggregate(one) for one in nodes.walk(select.where)):
            raise error(147)
        group = [self.text_of(one, scope) for one in select.group]
        if select.group or any(self.is_aggregate(one) for one in self.inner(select, order)):
            scope.grouped = set(group)
        columns, texts = [], []
        for item in select.items:
            for name, kind, text in self.item(item, scope):
                columns.append((name, kind))
                texts.append(f"{text} AS c{len(texts)}")
        text = f"SELECT {'DISTINCT ' * select.distinct}{', '.join(texts)}"
        text += f" FROM {source}" if source else ""
        text += f" WHERE {where}" if where else ""
        text += f" GROUP BY {', '.join(group)}" if group else ""
        text += f" HAVING {self.condition(select.having, scope)}" if select.having else ""
        names = {name.lower(): f"c{at}" for at, (name, _) in enumerate(columns) if name}
        ordered = self.order_by(order, scope, names, len(columns), select.distinct and [one.partition(" AS ")[0] for one in texts])
        text += ordered + (f" LIMIT {self.rows_of(select.top, parent)}" if select.top else "")
        return (f"SELECT * FROM ({text})" if select.top else text), columns

    def inner(self, select, order):
        for one in [*select.items, *order, *([select.having] if select.having else [])]:
            yield from nodes.walk(one)

    def item(self, item, scope):
        if not isinstance(item.value, nodes.Star):
            text, kind = self.value(item.value, scope)
            name = item.name or (item.value.parts[-1] if isinstance(item.value, nodes.Reference) else "")
            if not item.name and isinstance(item.value, nodes.Reference):
                name = scope.find(item.value.parts)[0][0]
            return [(name, kind, text)]
        if not scope.sources:
            raise error(263)
        meant = [one for one in scope.sources if one.is_named(item.value.parts)]
        if not meant:
            raise error(4104, ".".join(item.value.parts + ["*"]))
        found = [column for one in meant for column in one.list]
        for name, _, text in found:
            self.check_grouped(name, text, scope)
        return found

    def order_by(self, order, scope, names, count, distinct=False):
        texts = []
        for at, one in enumerate(order, 1):
            if isinstance(one.value, nodes.Literal) and not isinstance(one.value.value, int):
                raise error(408, at)
            text = self.order_text(one.value, scope, names, count)
            if distinct and not (text.startswith("c") and text[1:].isdigit()) and text not in distinct:
                raise error(145)
            texts.append(text + " DESC" * one.descending)
        return " ORDER BY " + ", ".join(texts) if texts else ""

    def order_text(self, value, scope, names, count):
        if isinstance(value, nodes.Reference) and len(value.parts) == 1 and value.parts[0].lower() in names:
            return names[value.parts[0].lower()]
        if isinstance(value, nodes.Literal) and isinstance(value.value, int):
            if not 1 <= value.value <= count:
                raise not_here(f"ORDER BY {value.value}: there are {count} columns")
            return f"c{value.value - 1}"
        return self.text_of(value, scope)

    # -------------------------------------------------------------------------------------------------------- sources ----

    def source(self, source, scope):
        if isinstance(source, nodes.Join):
            left, right = self.source(source.left, scope), self.source(source.right, scope)
            right = f"({right})" if isinstance(source.right, nodes.Join) else right
            return f"{left} {source.kind} {right}" + (f" ON {self.condition(source.on, scope)}" if source.on else "")
        if isinstance(source, nodes.Derived):
            return self.derived(source, source.alias, scope)
        table = self.common.get(source.parts[0].lower()) if len(source.parts) == 1 else None
        if table:
            return self.derived(table, source.alias or table.alias, scope)
        mark = self.mark()
        parts, columns, name = self.session.open(source.parts)
        scope.add(Source([source.alias] if source.alias else parts, [(one, kind, quoted(one)) for one, kind in columns], mark))
        return f"{name} AS {mark}"

    def derived(self, derived, alias, scope):
        text, columns = self.query(derived.query, scope.parent, True)
        mark, names = self.mark(), derived.names or [name for name, _ in columns]
        for at, name in enumerate(names):
            if not name:
                raise error(8155, at + 1, alias)
        scope.add(Source([alias], [(name, kind, f"c{at}") for at, (name, (_, kind)) in enumerate(zip(names, columns))], mark))
        return f"({text}) AS {mark}"
