"""Values and conditions of T-SQL, which has no value that is a condition and no condition that is a value."""
import engine_nodes as nodes
import engine_types as types
from engine_errors import error, not_here
from engine_lex import BINARY, END, NAME, NUMBER, STRING, VARIABLE, WORD
from result import SqlError

COMPARISONS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">=", "!<": ">=", "!>": "<="}
AGGREGATES = {"count", "count_big", "min", "max", "sum", "avg"}
RANKS = {"row_number", "rank", "dense_rank"}
WITHOUT_PARENTHESES = {"current_timestamp", "current_user", "session_user", "system_user", "user"}
FUNCTION_WORDS = {"coalesce", "nullif", "left", "right", "convert", "try_convert", "user_name"}


class Expressions:
    def __init__(self, tokens, major):
        self.tokens, self.at, self.major, self.depth = tokens, 0, major, 0

    # ------------------------------------------------------------------------------------------------------ tokens ----

    @property
    def token(self):
        return self.tokens[self.at]

    @property
    def previous(self):
        return self.tokens[self.at - 1]

    def next(self):
        self.at += self.token.kind != END
        return self.previous

    def accept(self, *texts):
        token = self.token
        if token.is_word(*texts) or token.is_operator(*texts):
            self.next()
            return True
        return False

    def expect(self, *texts):
        if not self.accept(*texts):
            self.wrong()

    def wrong(self):
        raise error(156 if self.token.reserved else 102, self.token.text)

    def major_has(self, major):
        return self.major >= major

    def word(self):
        if self.token.kind != WORD:
            self.wrong()
        return self.next().text.lower()

    def name(self):
        if self.token.kind != NAME and (self.token.kind != WORD or self.token.reserved):
            self.wrong()
        return self.next().value

    def parts(self):
        """a.b.c; a..c has an empty part."""
        parts = [self.name()]
        while self.accept("."):
            parts.append("" if self.token.is_operator(".") else self.name())
        if len(parts) > 4:
            self.wrong()
        return parts

    # -------------------------------------------------------------------------------------------------- conditions ----

    def condition(self):
        left = self.conjunction()
        while self.accept("or"):
            left = nodes.Logic("OR", left, self.conjunction())
        return left

    def conjunction(self):
        left = self.negation()
        while self.accept("and"):
            left = nodes.Logic("AND", left, self.negation())
        return left

    def negation(self):
        if self.accept("not"):
            return nodes.Not(self.negation())
        if self.accept("exists"):
            self.expect("(")
            query = self.query()
            self.expect(")")
            return nodes.Exists(query)
        if self.token.is_operator("(") and self.is_condition():
            self.next()
            found = self.condition()
            self.expect(")")
            return found
        return self.predicate()

    def is_condition(self):
        """Whether what is in parentheses is one: tried, as a value in parentheses may begin a comparison."""
        start, depth = self.at, self.depth
        try:
            self.next()
            self.condition()
            return self.accept(")") and not (self.token.kind != WORD and self.token.text in COMPARISONS)
        except SqlError:
            return False
        finally:
            self.at, self.depth = start, depth

    def predicate(self):
        left = self.value()
        if self.token.kind == "operator" and self.token.text in COMPARISONS:
            operator = COMPARISONS[self.next().text]
            if self.token.is_word("all", "any", "some"):
                raise not_here("comparisons with ALL or ANY")
            return nodes.Compare(operator, left, self.value())
        if self.accept("is"):
            negated = self.accept("not")
            self.expect("null")
            return nodes.Null(left, negated)
        negated = self.accept("not")
        if self.accept("in"):
            return nodes.Within(left, self.candidates(), negated)
        if self.accept("like"):
            pattern = self.value()
            return nodes.Like(left, pattern, self.value() if self.accept("escape") else None, negated)
        if self.accept("between"):
            low = self.value()
            self.expect("and")
            return nodes.Between(left, low, self.value(), negated)
        if negated:
            self.wrong()
        raise error(4145, self.token.text)

    def candidates(self):
        self.expect("(")
        found = self.query() if self.token.is_word("select", "with") else self.values()
        self.expect(")")
        return found

    # ------------------------------------------------------------------------------------------------------ values ----

    def values(self):
        found = [self.value()]
        while self.accept(","):
            found.append(self.value())
        return found

    def value(self):
        self.depth += 1
        if self.depth > 64:
            raise error(191)
        left = self.product()
        while self.token.is_operator("+", "-", "&", "|", "^"):
            operator = self.next().text
            left = nodes.Binary(operator, left, self.product())
        self.depth -= 1
        return left

    def product(self):
        left = self.unary()
        while self.token.is_operator("*", "/", "%"):
            operator = self.next().text
            left = nodes.Binary(operator, left, self.unary())
        return left

    def unary(self):
        if self.accept("-", "+", "~"):
            return nodes.Unary(self.previous.text, self.unary())
        found = self.primary()
        while self.accept("collate"):
            self.word()
            found = nodes.Collated(found)
        return found

    def primary(self):
        token = self.token
        if token.kind in (STRING, NUMBER, BINARY):
            return self.literal(self.next())
        if token.kind == VARIABLE:
            return nodes.Variable(self.next().text)
        if self.accept("("):
            found = nodes.Scalar(self.query()) if self.token.is_word("select", "with") else self.value()
            self.expect(")")
            return found
        if self.accept("null"):
            return nodes.Literal(None, None)
        if self.accept("case"):
            return self.case()
        if token.is_word("cast", "try_cast") and self.tokens[self.at + 1].is_operator("("):
            return self.cast()
        if token.is_word("convert", "try_convert") and self.tokens[self.at + 1].is_operator("("):
            return self.conversion()
        if token.is_word(*WITHOUT_PARENTHESES):
            return nodes.Call(self.next().text.lower(), [])
        if token.is_word(*FUNCTION_WORDS) and self.tokens[self.at + 1].is_operator("("):
            return self.call([self.next().text])
        parts = self.parts()
        return self.call(parts) if self.token.is_operator("(") else nodes.Reference(parts)

    @staticmethod
    def literal(token):
        if token.kind == STRING:
            size = min(max(1, len(token.value)), 4000)
            return nodes.Literal(token.value, types.nvarchar(size) if token.national else types.varchar(size))
        if token.kind == BINARY:
            return nodes.Literal(token.value, types.Type("varbinary", max(1, len(token.value))))
        if isinstance(token.value, int):
            if token.value < 2**31:
                return nodes.Literal(token.value, types.INT)
            return nodes.Literal(token.value, types.Type("numeric", len(str(token.value)), 0))
        if isinstance(token.value, float):
            return nodes.Literal(token.value, types.FLOAT)
        whole, _, part = token.value.partition(".")
        return nodes.Literal(float(token.value), types.Type("numeric", max(1, len(whole + part)), len(part)))

    def case(self):
        subject = None if self.token.is_word("when") else self.value()
        branches = []
        while self.accept("when"):
            when = self.value() if subject else self.condition()
            self.expect("then")
            branches.append((when, self.value()))
        otherwise = self.value() if self.accept("else") else None
        self.expect("end")
        if not branches:
            self.wrong()
        return nodes.Case(subject, branches, otherwise)

    def type(self, default=30):
        name, sizes = self.word() if self.token.kind == WORD else self.name(), []
        if self.accept("("):
            sizes.append(types.MAX if self.accept("max") else self.size())
            while self.accept(","):
                sizes.append(self.size())
            self.expect(")")
        return types.named(name, sizes, default)

    def size(self):
        if self.token.kind != NUMBER or not isinstance(self.token.value, int):
            self.wrong()
        return self.next().value

    def lenient(self):
        """TRY_: 2012 and later."""
        if not self.token.text.lower().startswith("try_"):
            self.next()
            return False
        if not self.major_has(11):
            raise error(195, self.token.text.upper())
        self.next()
        return True

    def cast(self):
        lenient = self.lenient()
        self.expect("(")
        value = self.value()
        self.expect("as")
        kind = self.type()
        self.expect(")")
        return nodes.Cast(value, kind, None, lenient)

    def conversion(self):
        lenient = self.lenient()
        self.expect("(")
        kind = self.type()
        self.expect(",")
        value = self.value()
        style = self.value() if self.accept(",") else None
        self.expect(")")
        return nodes.Cast(value, kind, style, lenient)

    def call(self, parts):
        name = parts[-1].lower()
        self.expect("(")
        distinct = self.accept("distinct")
        arguments = []
        if self.accept("*"):
            arguments = [nodes.Star([])]
        elif not self.token.is_operator(")"):
            arguments = self.datepart() if name in ("datediff", "dateadd", "datepart", "datename") else \
                self.choice() if name == "iif" else self.values()
        self.expect(")")
        return nodes.Call(name, arguments, distinct, self.over() if self.accept("over") else None)

    def datepart(self):
        word = nodes.Literal(self.word(), types.varchar(12))
        self.expect(",")
        return [word, *self.values()]

    def choice(self):
        """IIF(condition, value, value)"""
        condition = self.condition()
        self.expect(",")
        return [condition, *self.values()]

    def over(self):
        self.expect("(")
        partition = []
        if self.accept("partition"):
            self.expect("by")
            partition = self.values()
        order = []
        if self.accept("order"):
            self.expect("by")
            order = self.ordered()
        self.expect(")")
        return nodes.Over(partition, order)

    def ordered(self):
        found = []
        while True:
            value = self.value()
            descending = self.accept("desc")
            if not descending:
                self.accept("asc")
            found.append(nodes.Ordered(value, descending))
            if not self.accept(","):
                return found

    def star(self):
        """* or a.*, where an item of SELECT begins with it."""
        start = self.at
        if self.accept("*"):
            return nodes.Star([])
        parts = []
        while self.token.kind in (WORD, NAME) and not self.token.reserved and self.tokens[self.at + 1].is_operator("."):
            parts.append(self.next().value)
            self.next()
            if self.accept("*"):
                return nodes.Star(parts)
        self.at = start
        return None

