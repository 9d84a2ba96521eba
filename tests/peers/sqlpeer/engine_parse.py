"""Batches of T-SQL into statements (engine_nodes.py). What SQL Server would not take is an error here, too, above all what other
databases take: LIMIT, ||, a reserved word as an alias, a comparison as a value."""
import engine_nodes as nodes
from engine_errors import error, not_here
from engine_expressions import Expressions
from engine_lex import END, NAME, NUMBER, STRING, VARIABLE, WORD, tokens_of

WRITES = set("insert update delete merge create alter drop truncate grant deny revoke backup restore dbcc "
             "kill shutdown reconfigure declare waitfor".split())
NOT_AN_ALIAS = set("offset fetch".split())


def parse(text, major):
    return Parser(tokens_of(text), major).batch()


class Parser(Expressions):
    # -------------------------------------------------------------------------------------------------- statements ----

    def batch(self):
        statements = []
        while True:
            while self.accept(";"):
                pass
            if self.token.kind == END:
                return statements
            statements.append(self.statement())

    def statement(self):
        self.depth += 1
        if self.depth > 64:
            raise error(191)
        word = self.token.text.lower() if self.token.kind == WORD else ""
        method = getattr(self, "statement_" + word, None)
        if method:
            found = method()
        elif word in ("select", "with") or self.token.is_operator("("):
            found = self.query()
        elif word in WRITES:
            raise not_here(f"the statement {word.upper()}: a scan reads")
        elif self.token.kind == WORD and not self.token.reserved and self.at == 0:
            found = self.procedure()  # EXEC may be left out at the beginning of a batch
        else:
            self.wrong()
        self.accept(";")
        self.depth -= 1
        return found

    def statement_set(self):
        self.next()
        if self.token.kind == VARIABLE:
            raise not_here("variables")
        names = [self.word()]
        if names == ["transaction"]:
            for word in ("isolation", "level"):
                self.expect(word)
            level = self.word()
            return nodes.Set("isolation", f"{level} {self.word()}" if level in ("read", "repeatable") else level)
        while self.accept(","):
            names.append(self.word())
        if self.accept("on", "off"):
            return nodes.Set(names[0], self.previous.text.lower())
        sign = "-" if self.accept("-") else ""
        if self.token.kind not in (WORD, NUMBER, STRING, NAME):
            self.wrong()
        return nodes.Set(names[0], sign + str(self.next().value))

    def statement_use(self):
        self.next()
        return nodes.Use(self.name())

    def statement_if(self):
        self.next()
        condition = self.condition()
        then = self.statement()
        return nodes.If(condition, then, self.statement() if self.accept("else") else None)

    def statement_begin(self):
        self.next()
        if self.token.is_word("tran", "transaction"):
            return self.transaction("begin")
        if self.token.is_word("try"):
            raise not_here("BEGIN TRY")
        statements = []
        while not self.accept("end"):
            statements.append(self.statement())
            while self.accept(";"):
                pass
        return nodes.Block(statements)

    def statement_commit(self):
        return self.transaction(self.word())

    statement_rollback = statement_commit

    def transaction(self, word):
        if self.accept("tran", "transaction", "work") and self.token.kind == WORD and not self.token.reserved:
            self.name()
        return nodes.Transaction(word)

    def statement_print(self):
        self.next()
        return nodes.Print(self.value())

    def statement_exec(self):
        self.next()
        if not self.accept("("):
            return self.procedure()
        value = self.text_only()
        while self.accept("+"):
            value += self.text_only()
        self.expect(")")
        return nodes.Execute(value)

    statement_execute = statement_exec

    def text_only(self):
        """What EXEC takes: no expression but texts."""
        if self.token.kind != STRING:
            self.wrong()
        return self.next().value

    def procedure(self):
        name, arguments = self.parts(), []
        while self.token.kind in (STRING, NUMBER, VARIABLE, WORD) and not self.token.reserved:
            arguments.append(self.next().value)
            if self.accept("="):
                arguments[-1] = self.next().value
            if not self.accept(","):
                break
        return nodes.Procedure(name, arguments)

    # ----------------------------------------------------------------------------------------------------- queries ----

    def query(self):
        tables = []
        if self.accept("with"):
            while True:
                name, names = self.name(), self.column_names()
                self.expect("as")
                self.expect("(")
                tables.append(nodes.Derived(self.query(), name, names))
                self.expect(")")
                if not self.accept(","):
                    break
        selects, operators = [self.select_or_group()], []
        while self.accept("union", "except", "intersect"):
            operators.append(self.previous.text.upper())
            if self.accept("all"):
                operators[-1] += " ALL"
            selects.append(self.select_or_group())
        order, offset, fetch = self.ordering()
        if self.accept("option"):
            self.skip_parentheses()
        if self.token.is_word("for"):
            raise not_here("FOR XML")
        return nodes.Query(tables, selects, operators, order, offset, fetch)

    def ordering(self):
        if not self.accept("order"):
            return [], None, None
        self.expect("by")
        order = self.ordered()
        if not self.major_has(11) or not self.accept("offset"):
            return order, None, None
        offset = self.value()
        self.expect("rows", "row")
        if not self.accept("fetch"):
            return order, offset, None
        self.expect("first", "next")
        fetch = self.value()
        self.expect("rows", "row")
        self.expect("only")
        return order, offset, fetch

    def select_or_group(self):
        if self.accept("("):
            found = self.query()
            self.expect(")")
            return found
        return self.select()

    def select(self):
        self.expect("select")
        distinct = self.accept("distinct")
        if not distinct:
            self.accept("all")
        top = self.top() if self.accept("top") else None
        items = [self.item()]
        while self.accept(","):
            items.append(self.item())
        if self.token.is_word("into"):
            raise not_here("SELECT INTO: a scan reads")
        source = self.sources() if self.accept("from") else None
        where = self.condition() if self.accept("where") else None
        group = []
        if self.accept("group"):
            self.expect("by")
            group = self.values()
        having = self.condition() if self.accept("having") else None
        return nodes.Select(distinct, top, items, source, where, group, having)

    def top(self):
        if self.accept("("):
            value = self.value()
            self.expect(")")
        elif self.token.kind == NUMBER:
            value = self.literal(self.next())
        else:
            self.wrong()
        if self.token.is_word("percent", "with"):
            raise not_here("TOP PERCENT or WITH TIES")
        return value

    def item(self):
        star = self.star()
        if star:
            return nodes.Item(star, None)
        if self.token.kind in (WORD, NAME, STRING) and not self.token.reserved and self.tokens[self.at + 1].is_operator("="):
            name = self.next().value
            self.next()
            return nodes.Item(self.value(), name)
        return nodes.Item(self.value(), self.alias(texts=True))

    def alias(self, texts=False):
        """[AS] NAME. Without AS a reserved word is the beginning of something else."""
        if self.accept("as"):
            return self.next().value if texts and self.token.kind == STRING else self.name()
        if self.token.kind == NAME or texts and self.token.kind == STRING:
            return self.next().value
        if self.token.kind == WORD and not self.token.reserved and self.token.text.lower() not in NOT_AN_ALIAS:
            return self.next().value
        return None

    def sources(self):
        source = self.joined()
        while self.accept(","):
            source = nodes.Join("CROSS JOIN", source, self.joined(), None)
        return source

    def joined(self):
        left = self.source()
        while True:
            kind = self.join_kind()
            if not kind:
                return left
            right = self.source()
            on = None
            if kind != "CROSS JOIN":
                self.expect("on")
                on = self.condition()
            left = nodes.Join(kind, left, right, on)

    def join_kind(self):
        if self.accept("cross"):
            if self.token.is_word("apply"):
                raise not_here("CROSS APPLY")
            self.expect("join")
            return "CROSS JOIN"
        if self.accept("left", "right", "full"):
            side = self.previous.text.upper()
            self.accept("outer")
            self.expect("join")
            return side + " JOIN"
        if self.accept("inner"):
            self.expect("join")
            return "JOIN"
        return "JOIN" if self.accept("join") else None

    def source(self):
        if self.accept("("):
            if self.token.is_word("select", "with") or self.token.is_operator("("):
                query = self.query()
                self.expect(")")
                alias = self.alias()
                if not alias:
                    self.wrong()
                return nodes.Derived(query, alias, self.column_names())
            source = self.sources()
            self.expect(")")
            return source
        parts = self.parts()
        if self.token.is_operator("("):
            raise not_here("functions that give tables")
        alias = self.alias()
        if self.accept("with"):
            self.skip_parentheses()
        return nodes.Table(parts, alias)

    def column_names(self):
        names = []
        if self.accept("("):
            names.append(self.name())
            while self.accept(","):
                names.append(self.name())
            self.expect(")")
        return names

    def skip_parentheses(self):
        self.expect("(")
        while not self.accept(")"):
            if self.token.kind == END:
                self.wrong()
            self.next()
