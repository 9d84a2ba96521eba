"""What stands between the server (server.py, which knows TDS) and what instances answer (engine.py, which knows SQL).

A fleet (fleet.Fleet(told)) has hosts, by name; a host has name, address, settings (a dictionary: all that was told of it) and
instances, by name; an instance has name ("MSSQLSERVER" for the default one), build ("11.0.7001.0"), clustered (of which SQL Server
Browser tells), settings, and

    login(user, password, database) -> a session, or raises SqlError; password None: the user ("CORP\\scan", "scan@EXAMPLE.TEST")
                                       is proven otherwise (NTLM, Kerberos); database "": the login's default one
    session.database                   the current one, by its name
    session.execute(sql) -> a list of Result, or raises SqlError
"""
import dataclasses

BIT, TINYINT, SMALLINT, INT, BIGINT = "bit", "tinyint", "smallint", "int", "bigint"
NVARCHAR, VARCHAR, DATETIME, SMALLDATETIME = "nvarchar", "varchar", "datetime", "smalldatetime"
NUMERIC, GUID, VARIANT = "numeric", "uniqueidentifier", "sql_variant"


@dataclasses.dataclass
class Column:
    """Values are None, int (also of a bit), str, datetime, Decimal, uuid.UUID; a sql_variant has any of these."""

    name: str
    type: str = NVARCHAR
    size: int | None = 256  # of nvarchar and varchar: characters, None for MAX
    precision: int = 18  # of numeric
    scale: int = 0
    nullable: bool = True


@dataclasses.dataclass
class Message:
    """What comes beside results: PRINT, "changed database context"."""

    number: int
    text: str
    state: int = 1
    grade: int = 0  # the class: less than 11


@dataclasses.dataclass
class Result:
    """Of one statement. Without columns it has a count of rows, or None (SET, USE)."""

    columns: list[Column] = dataclasses.field(default_factory=list)
    rows: list[tuple] = dataclasses.field(default_factory=list)
    count: int | None = None
    messages: list[Message] = dataclasses.field(default_factory=list)


class SqlError(Exception):
    """Ends a batch, or a login; results: what the batch brought before, the last of which may have been cut; before: errors that
    are told ahead of it (300 comes with 297)."""

    def __init__(self, number, grade, state, text, results=()):
        super().__init__(number, grade, state, text)
        self.number, self.grade, self.state, self.text, self.results = number, grade, state, text, list(results)
        self.before = []
