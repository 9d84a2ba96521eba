"""One login's session with an instance: runs batches, as that login may."""
import engine_nodes as nodes
import engine_parse
import engine_store
import engine_types as types
from engine_bind import Binder, Scope
from engine_errors import error, not_here
from engine_local import LOCAL, number_of
from engine_logins import rights_of
from result import Message, Result, SqlError

# Errors that come when a statement is run, not when its batch is compiled: names of objects are looked up late. So are rights, which are
# of class 14.
LATE = {208, 297, 911}
CLOSED = {"OFFLINE": 942, "SUSPECT": 926}
MOST_KEPT = 4096  # answers


class Session:
    def __init__(self, instance, login):
        self.instance, self.login, self.database, self.columns_only, self.depth = instance, login, "master", False, 0
        self.longest = 2**31 - 1  # bytes of texts of MAX
        self.transactions = 0
        self.covering = rights_of(instance.version)

    # --------------------------------------------------------------------------------------------------------- rights ----

    @property
    def name(self):
        return self.login.name

    @property
    def sysadmin(self):
        return self.login.sysadmin

    def has(self, right):
        return self.login.has(right, self.covering)

    def may_enter(self, database):
        name = database.name.lower()
        guest = name in ("master", "tempdb") or name == "msdb" and not self.instance.settings.get("no_guest")
        return guest or self.login.user_of(name) or self.has("CONNECT ANY DATABASE") and "CONNECT ANY DATABASE" in self.covering

    def has_by_name(self, securable, kind, right):
        """HAS_PERMS_BY_NAME: NULL for what is not known. For an object that the login may not see SQL Server may answer NULL or 0; which
        of them is not known here, and neither is 1."""
        right, kind = (right or "").upper(), (kind or "").upper()
        if not kind or kind == "SERVER":
            return int(self.has(right)) if right in self.covering else 1 if right == "ANY" else None
        parts = engine_store.names_of(securable or "")
        if kind == "DATABASE":
            database = self.instance.database(parts[-1] if parts else self.database)
            return self.has_in_database(database, right)
        if kind != "OBJECT" or not parts:
            return None
        database = self.instance.database(parts[-3] if len(parts) > 2 else self.database)
        if not database or not self.may_enter(database):
            return None
        name = f"{parts[-2] if len(parts) > 1 and parts[-2] else 'dbo'}.{parts[-1]}".lower()
        known = name in database.objects
        return int(right in ("SELECT", "ANY") and self.login.may_select(database.name, name)) if known else None

    def has_in_database(self, database, right):
        if not database:
            return None
        if right in ("CONNECT", "ANY"):
            return int(self.may_enter(database))
        if right == "SELECT":
            return int(self.login.may_select(database.name, "*"))
        return int(self.sysadmin) if right in ("VIEW DEFINITION", "VIEW DATABASE STATE", "CREATE TABLE", "CONTROL") else None

    # -------------------------------------------------------------------------------------------------------- objects ----

    def enter(self, database, name):
        if not self.may_enter(database):
            raise error(916, self.name, database.name)
        if not database.open:
            raise error(976 if database.secondary else CLOSED.get(database.state, 927), database.name)

    def place(self, parts):
        """(database, "schema.object") of a name in parts."""
        if len(parts) > 3 and parts[0].lower() != self.instance.server_name.lower():
            raise error(7202, parts[0])
        wanted = parts[-3] if len(parts) > 2 and parts[-3] else self.database
        schema = parts[-2] if len(parts) > 1 and parts[-2] else "dbo"
        return self.instance.database(wanted), f"{schema}.{parts[-1]}".lower()

    def open(self, parts):
        """A table of FROM: what it is called by, its columns as [(name, type)], and its name in the store."""
        database, name = self.place(parts)
        if not database:
            raise error(208, ".".join(parts))
        self.enter(database, name)
        fault = self.instance.settings.get("faults", {}).get(name)
        if fault:
            raise SqlError(fault, 14, 1, f"The object '{parts[-1]}' can not be read: a fault that was told")
        version, store = self.instance.version, self.instance.opened_store(self)
        view = self.instance.view(name)
        if view and version.has(view.since):
            sight = view.sight(self)
            key, make = ("", name, sight), lambda: view.filled(self.instance, sight)
        elif name in LOCAL:
            view, key = LOCAL[name], (database.name, name, self.name)
            make = lambda: self.local_rows(view, database)  # noqa: E731
        elif name in database.objects:
            view, key = database.objects[name], (database.name, name, None)
            if not self.login.may_select(database.name, name):
                raise error(229, "SELECT", parts[-1], database.name, name.partition(".")[0])
            make = lambda: view.filled(self.instance, None)  # noqa: E731
        else:
            raise error(208, ".".join(parts))
        columns = [(one.name, one.type) for one in view.columns(version)]
        schema = name.partition(".")[0]
        return [database.name, schema, parts[-1]], columns, store.table(key, columns, make)

    def local_rows(self, view, database):
        standing = {one.name: one.value for one in view.all if one.value is not None}
        for row in view.rows(self.instance, database, lambda key: self.login.may_select(database.name, key)):
            yield {**standing, **row}

    def object_number(self, name, kind=None):
        """OBJECT_ID: NULL where it is not there, or not to be seen."""
        parts = engine_store.names_of(name or "")
        if not parts:
            return None
        database, word = self.place(parts)
        if not database or not self.may_enter(database):
            return None
        view = self.instance.view(word)
        if view and self.instance.version.has(view.since) or word in LOCAL:
            return -number_of(database, view or LOCAL[word]) if (kind or "V").upper() == "V" else None
        view = database.objects.get(word)
        return number_of(database, view) if view and self.login.may_select(database.name, word) else None

    # ------------------------------------------------------------------------------------------------------ statements ----

    @property
    def state(self):
        """All that answers depend on beside the login, and that statements change."""
        return self.database, self.columns_only, self.longest

    @state.setter
    def state(self, state):
        self.database, self.columns_only, self.longest = state

    def execute(self, text):
        self.instance.statements += 1
        self.instance.texts.append(text)
        key = (text, self.name, *self.state)
        kept = self.instance.cache.get(key)
        if kept:
            found, self.state = kept
            if isinstance(found, SqlError):
                raise found
            return list(found)
        self.volatile, self.depth = False, 0
        try:
            found = self.batch(text)
        except SqlError as failed:
            self.keep(key, failed)
            raise
        self.keep(key, found)
        return list(found)

    def keep(self, key, found):
        if self.volatile:
            return
        if len(self.instance.cache) >= MOST_KEPT:
            self.instance.cache.clear()
        self.instance.cache[key] = (found, self.state)

    def batch(self, text):
        self.depth += 1
        if self.depth > 32:
            raise error(191)
        statements = engine_parse.parse(text, self.instance.version.major)
        self.compile(statements)
        results = []
        for statement in statements:
            try:
                self.run(statement, results)
            except SqlError as failed:
                failed.results = results + failed.results if failed.results is not results else results
                raise
        self.depth -= 1
        return results

    def compile(self, statements):
        """Errors of any statement that come before the first one runs."""
        before = self.database
        for statement in every(statements):
            if isinstance(statement, nodes.Use) and self.instance.database(statement.name):
                self.database = statement.name
            if isinstance(statement, nodes.Query):
                try:
                    Binder(self).query(statement)
                except SqlError as failed:
                    if failed.number not in LATE and failed.grade != 14:
                        self.database = before
                        raise
        self.database = before

    def run(self, statement, results):
        getattr(self, "run_" + type(statement).__name__.lower())(statement, results)

    def run_query(self, query, results):
        binder = Binder(self)
        text, columns = binder.query(query)
        self.volatile |= binder.volatile
        rows = [] if self.columns_only else self.instance.opened_store(self).run(text)
        results.append(Result([types.column_of(name, kind) for name, kind in columns], finished(rows, columns, self.longest), len(rows)))

    def run_if(self, statement, results):
        binder = Binder(self)
        text = f"SELECT CASE WHEN {binder.condition(statement.condition, Scope())} THEN 1 ELSE 0 END"
        self.volatile |= binder.volatile
        if self.instance.opened_store(self).run(text)[0][0]:
            self.run(statement.then, results)
        elif statement.otherwise:
            self.run(statement.otherwise, results)

    def run_block(self, block, results):
        for statement in block.statements:
            self.run(statement, results)

    def run_set(self, statement, results):
        if statement.name == "fmtonly":
            self.columns_only = statement.value == "on"
        if statement.name == "textsize":
            self.longest = int(statement.value) or 4096
        if statement.name == "rowcount" and int(statement.value):
            raise not_here("SET ROWCOUNT of some rows")
        language = Message(5703, f"Changed language setting to {statement.value}.")
        results.append(Result(messages=[language] if statement.name == "language" else []))

    def run_use(self, statement, results):
        database = self.instance.database(statement.name)
        if not database:
            raise error(911, statement.name)
        self.enter(database, statement.name)
        self.database = database.name
        results.append(Result(messages=[Message(5701, f"Changed database context to '{database.name}'.")]))

    def run_print(self, statement, results):
        binder = Binder(self)
        text, kind = binder.value(statement.value, Scope())
        self.volatile |= binder.volatile
        value = self.instance.opened_store(self).run(f"SELECT {text}")[0][0]
        results.append(Result(messages=[Message(0, str(types.convert(value, kind or types.INT, types.nvarchar(4000)) or " "))]))

    def run_transaction(self, statement, results):
        """Counted, as drivers begin one with each connection; there is nothing that it could take back."""
        self.volatile = True
        if statement.word != "begin" and not self.transactions:
            raise error(3902 if statement.word == "commit" else 3903)
        self.transactions = {"begin": self.transactions + 1, "commit": self.transactions - 1, "rollback": 0}[statement.word]
        results.append(Result())

    def run_execute(self, statement, results):
        database = self.database
        results.extend(self.batch(statement.value))
        self.database = database  # USE in EXEC ends with it

    def run_procedure(self, statement, results):
        name = statement.name[-1].lower()
        if name == "sp_executesql" and statement.arguments:
            if len(statement.arguments) > 1:
                raise not_here("parameters of sp_executesql in a batch")
            return self.run_execute(nodes.Execute(statement.arguments[0]), results)
        raise error(2812, ".".join(statement.name))


def every(statements):
    for one in statements:
        yield one
        if isinstance(one, nodes.If):
            yield from every([one.then] + ([one.otherwise] if one.otherwise else []))
        if isinstance(one, nodes.Block):
            yield from every(one.statements)


def finished(rows, columns, longest):
    """Values as result.py has them."""
    ends = [types.final(kind, longest) for _, kind in columns]
    if not any(ends):
        return rows
    return [tuple(value if value is None or end is None else end(value) for value, end in zip(row, ends)) for row in rows]
