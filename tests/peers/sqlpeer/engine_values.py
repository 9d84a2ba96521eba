"""Values and conditions into sqlite3's words; each value is (text, type), the type of NULL being None."""
import engine_functions as functions
import engine_nodes as nodes
import engine_types as types
from engine_errors import error, not_here
from engine_expressions import AGGREGATES, RANKS

BITS = {"&": "&", "|": "|"}


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if isinstance(value, str):
        if "\0" in value:
            return f"CAST(x'{value.encode().hex()}' AS TEXT)"
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def converted(text, source, kind, style="NULL", lenient=False):
    """As a value of another type; pure_convert is in engine_functions."""
    words = [text, literal(source.name if source else "int"), literal(kind.name), literal(kind.size), literal(kind.scale), style,
             str(int(bool(lenient)))]
    return f"pure_convert({', '.join(words)})"


class Values:
    def text_of(self, node, scope):
        return self.value(node, scope)[0]

    def value(self, node, scope):
        if isinstance(node, nodes.CONDITIONS):
            raise error(102, getattr(node, "operator", None) or "=")
        if scope.grouped and not scope.aggregate and not isinstance(node, (nodes.Reference, nodes.Literal)):
            found = self.grouped_whole(node, scope)
            if found:
                return found
        return getattr(self, "value_" + type(node).__name__.lower())(node, scope)

    def grouped_whole(self, node, scope):
        """It where it is one of GROUP BY as a whole, so that its parts need not be."""
        grouped, scope.grouped = scope.grouped, None
        try:
            found = self.value(node, scope)
        finally:
            scope.grouped = grouped
        return found if found[0] in grouped else None

    def value_star(self, *_):
        raise error(102, "*")

    def value_literal(self, node, _):
        return literal(node.value), node.type or (types.INT if node.value is not None else None)

    def value_variable(self, node, _):
        found = functions.GLOBALS.get(node.name.lower())
        if not found:
            raise error(137, node.name)
        kind, make = found
        self.volatile |= node.name.lower() == "@@trancount"
        return literal(make(self.session)), kind

    def value_reference(self, node, scope):
        (name, kind, text), found = scope.find(node.parts)
        self.check_grouped(name, text, found)
        return text, kind

    @staticmethod
    def check_grouped(name, text, scope):
        if scope.grouped is not None and not scope.aggregate and text not in scope.grouped:
            raise error(8120, name)

    def value_collated(self, node, scope):
        return self.value(node.value, scope)

    def value_scalar(self, node, scope):
        text, columns = self.query(node.query, scope, True)
        if len(columns) != 1:
            raise not_here("a subquery with several columns as a value")  # 116
        return f"(SELECT pure_one(c0, COUNT(*)) FROM ({text}))" if not self.is_single(node.query) else f"({text})", columns[0][1]

    def is_single(self, query):
        """Whether it can not bring two rows: an aggregate, or TOP 1."""
        one = query.selects[0]
        return len(query.selects) == 1 and isinstance(one, nodes.Select) and (
            not one.group and any(self.is_aggregate(part) for item in one.items for part in nodes.walk(item))
            or isinstance(one.top, nodes.Literal) and one.top.value == 1)

    def value_cast(self, node, scope):
        text, kind = self.value(node.value, scope)
        style = self.text_of(node.style, scope) if node.style else "NULL"
        if kind is not None and kind == node.type:
            return text, kind
        return converted(text, kind, node.type, style, node.lenient), node.type

    def value_unary(self, node, scope):
        text, kind = self.value(node.value, scope)
        if kind is not None and types.family(kind) not in ("int", "decimal", "float"):
            raise error(8117, kind.name, {"-": "minus", "+": "plus", "~": "'~'"}[node.operator])
        return (text if node.operator == "+" else f"({node.operator}{text})"), kind

    def value_binary(self, node, scope):
        (left, one), (right, other) = self.value(node.left, scope), self.value(node.right, scope)
        operator = node.operator
        families = {types.family(kind) for kind in (one, other) if kind is not None}
        if "variant" in families:
            source = one if one is not None and one.name == "sql_variant" else other
            if families == {"variant"}:
                raise error(402, "sql_variant", "sql_variant", "add")
            raise error(257, "sql_variant", (other if source is one else one or types.INT).name)
        if families <= {"text"} and families and operator == "+":
            return f"({left} || {right})", self.joined(one, other)
        if families & {"guid", "xml"} or "moment" in families and operator not in "+-":
            raise error(402, (one or types.INT).name, (other or types.INT).name, operator)
        if "moment" in families:
            raise not_here("arithmetic of datetimes: DATEADD and DATEDIFF are there")
        kind = types.common([one, other])
        return self.arithmetic(operator, converted_to(left, one, kind), converted_to(right, other, kind), kind), kind

    @staticmethod
    def joined(one, other):
        sizes = [kind.size for kind in (one, other) if kind is not None]
        national = any(kind is not None and kind.name.startswith("n") for kind in (one, other))
        size = types.MAX if types.MAX in sizes else min(sum(sizes), 4000 if national else 8000)
        return types.nvarchar(size) if national else types.varchar(size)

    @staticmethod
    def arithmetic(operator, left, right, kind):
        if operator in "/%":
            return f"pure_divide({left}, {right}, {literal(operator)}, {literal(types.family(kind))})"
        if operator == "^":
            return f"(({left} | {right}) - ({left} & {right}))"
        text = f"({left} {operator} {right})"
        return f"pure_within({text}, {literal(kind.name)})" if types.family(kind) == "int" else text

    def value_case(self, node, scope):
        pairs = []
        for when, then in node.branches:
            if node.subject:
                when = nodes.Compare("=", node.subject, when)
            pairs.append((self.condition(when, scope), self.value(then, scope)))
        otherwise = self.value(node.otherwise, scope) if node.otherwise else ("NULL", None)
        kind = types.common([found[1] for _, found in pairs] + [otherwise[1]])
        words = [f"WHEN {when} THEN {converted_to(*then, kind)}" for when, then in pairs]
        return f"CASE {' '.join(words)} ELSE {converted_to(*otherwise, kind)} END", kind

    # ------------------------------------------------------------------------------------------------------ functions ----

    @staticmethod
    def is_aggregate(node):
        return isinstance(node, nodes.Call) and node.name in AGGREGATES and not node.over

    def value_call(self, node, scope):
        if node.name in AGGREGATES or node.name in RANKS:
            return self.aggregate(node, scope)
        found = functions.FUNCTIONS.get(node.name)
        if not found or not self.instance.version.has(found.since):
            raise error(195, node.name.upper())
        if node.over or node.distinct:
            raise error(102, "OVER" if node.over else "DISTINCT")
        if not found.least <= len(node.arguments) <= found.most:
            raise error(174, node.name, found.least if found.least == found.most else f"{found.least} to {found.most}")
        self.volatile |= found.volatile
        if node.name == "iif":
            return self.value_case(nodes.Case(None, [tuple(node.arguments[:2])], node.arguments[2]), scope)
        values = [self.value(one, scope) for one in node.arguments]
        return found.text(values), found.kind([kind for _, kind in values])

    def aggregate(self, node, scope):
        over = self.over_text(node.over, scope) if node.over else ""
        if node.name in RANKS:
            if not node.over or not node.over.order:
                raise not_here(f"{node.name.upper()} without OVER (ORDER BY)")
            return f"{node.name}(){over}", types.BIGINT
        if not node.arguments:
            raise error(174, node.name, 1)
        counts = types.BIGINT if node.name == "count_big" else types.INT if node.name == "count" else None
        if isinstance(node.arguments[0], nodes.Star):
            if not counts:
                raise error(102, "*")
            return f"COUNT(*){over}", counts
        was, scope.aggregate = scope.aggregate, not node.over or scope.aggregate
        text, kind = self.value(node.arguments[0], scope)
        scope.aggregate = was
        kind = counts or self.summed(node.name, kind or types.INT)
        word = "COUNT" if counts else node.name.upper()
        text = f"{word}({'DISTINCT ' * bool(node.distinct)}{text}){over}"
        return (f"pure_within(CAST({text} AS INTEGER), {literal(kind.name)})" if node.name in ("sum", "avg") and
                types.family(kind) == "int" else text), kind

    @staticmethod
    def summed(name, kind):
        what = types.family(kind)
        if kind.name == "bit" or name in ("sum", "avg") and what not in ("int", "decimal", "float") or what == "xml":
            raise error(8117, kind.name, name)
        return types.INT if name in ("sum", "avg") and kind.name in ("tinyint", "smallint") else kind

    def over_text(self, over, scope):
        words = []
        if over.partition:
            words.append("PARTITION BY " + ", ".join(self.text_of(one, scope) for one in over.partition))
        if over.order:
            words.append("ORDER BY " + ", ".join(self.text_of(one.value, scope) + " DESC" * one.descending for one in over.order))
        return f" OVER ({' '.join(words)})"

    # ----------------------------------------------------------------------------------------------------- conditions ----

    def condition(self, node, scope):
        return getattr(self, "condition_" + type(node).__name__.lower())(node, scope)

    def condition_logic(self, node, scope):
        return f"({self.condition(node.left, scope)} {node.word} {self.condition(node.right, scope)})"

    def condition_not(self, node, scope):
        return f"(NOT {self.condition(node.value, scope)})"

    def condition_compare(self, node, scope):
        left, right = self.alike(self.value(node.left, scope), self.value(node.right, scope), node.operator)
        return f"({left} {node.operator} {right})"

    @staticmethod
    def alike(left, right, operator):
        """Both sides as values of one type."""
        kinds = [kind for _, kind in (left, right)]
        if None in kinds:
            return left[0], right[0]
        if {types.family(kind) for kind in kinds} >= {"guid", "int"}:
            raise error(402, kinds[0].name, kinds[1].name, operator)
        kind = types.common(kinds)
        return converted_to(*left, kind), converted_to(*right, kind)

    def condition_like(self, node, scope):
        texts = [self.as_text(one, scope) for one in (node.value, node.pattern)]
        texts.append(self.as_text(node.escape, scope) if node.escape else "NULL")
        return f"({'NOT ' * bool(node.negated)}pure_like({', '.join(texts)}))"

    def as_text(self, node, scope):
        text, kind = self.value(node, scope)
        if kind is not None and types.family(kind) == "variant":
            raise error(257, "sql_variant", "varchar")
        return text if kind is None or types.family(kind) == "text" else converted(text, kind, types.nvarchar(4000))

    def condition_within(self, node, scope):
        left = self.value(node.value, scope)
        word = "NOT IN" if node.negated else "IN"
        if isinstance(node.candidates, nodes.Query):
            text, columns = self.query(node.candidates, scope, True)
            if len(columns) != 1:
                raise not_here("IN with a query of several columns")
            kind = types.common([left[1], columns[0][1]])
            return f"({converted_to(*left, kind)} {word} (SELECT {converted_to('c0', columns[0][1], kind)} FROM ({text})))"
        pairs = [self.alike(left, self.value(one, scope), "equal to") for one in node.candidates]
        text = " OR ".join(f"{one} = {other}" for one, other in pairs)
        return f"(NOT ({text}))" if node.negated else f"({text})"

    def condition_between(self, node, scope):
        low = nodes.Compare(">=", node.value, node.low)
        both = nodes.Logic("AND", low, nodes.Compare("<=", node.value, node.high))
        return self.condition(nodes.Not(both) if node.negated else both, scope)

    def condition_null(self, node, scope):
        return f"({self.text_of(node.value, scope)} IS {'NOT ' * bool(node.negated)}NULL)"

    def condition_exists(self, node, scope):
        return f"EXISTS ({self.query(node.query, scope, True)[0]})"


def converted_to(text, source, kind):
    """Where SQL Server converts by itself; same families are the same in the engine."""
    if source is None or types.family(source) == types.family(kind) and kind.name != "bit" or types.family(kind) == "variant":
        return text
    if types.family(source) == "variant":
        raise error(257, "sql_variant", kind.name)
    return converted(text, source, kind)
