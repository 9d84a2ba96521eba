"""Words of T-SQL."""
import dataclasses
import re

from engine_errors import error

WORD, NAME, STRING, NUMBER, BINARY, VARIABLE, OPERATOR, END = "word name string number binary variable operator end".split()

PARTS = re.compile(r"""
    (?P<blank>\s+|--[^\n]*)
  | (?P<national>[Nn](?=')) ?
    '(?P<string>(?:[^']|'')*)(?P<quote>'?)
  | \[(?P<bracket>(?:[^\]]|\]\])*)(?P<closed>\]?)
  | "(?P<quoted>(?:[^"]|"")*)(?P<ended>"?)
  | (?P<binary>0[xX][0-9a-fA-F]*)
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<variable>@@?[\w$\#]*)
  | (?P<word>[^\W\d][\w@$\#]*)
  | (?P<operator><>|!=|>=|<=|!<|!>|[-+*/%&|^~()=<>,.;])
""", re.VERBOSE)

RESERVED = set("""add all alter and any as asc authorization backup begin between break browse bulk by cascade case check checkpoint
close clustered coalesce collate column commit compute constraint contains containstable continue convert create cross current
current_date current_time current_timestamp current_user cursor database dbcc deallocate declare default delete deny desc disk
distinct distributed double drop dump else end errlvl escape except exec execute exists exit external fetch file fillfactor for
foreign freetext freetexttable from full function goto grant group having holdlock identity identity_insert identitycol if in index
inner insert intersect into is join key kill left like lineno load merge national nocheck nonclustered not null nullif of off
offsets on open opendatasource openquery openrowset openxml option or order outer over percent pivot plan precision primary print
proc procedure public raiserror read readtext reconfigure references replication restore restrict return revert revoke right
rollback rowcount rowguidcol rule save schema securityaudit select semantickeyphrasetable semanticsimilaritydetailstable
semanticsimilaritytable session_user set setuser shutdown some statistics system_user table tablesample textsize then to top tran
transaction trigger truncate try_convert tsequal union unique unpivot update updatetext use user values varying view waitfor when
where while with within writetext""".split())


@dataclasses.dataclass
class Token:
    kind: str
    text: str           # as it is named in an error
    value: object = None
    national: bool = False

    def is_word(self, *words):
        return self.kind == WORD and self.text.lower() in words

    def is_operator(self, *operators):
        return self.kind == OPERATOR and self.text in operators

    @property
    def reserved(self):
        return self.kind == WORD and self.text.lower() in RESERVED


def skip_comment(text, at):
    """Comments nest."""
    depth, at = 1, at + 2
    while depth:
        opens, closes = text.find("/*", at), text.find("*/", at)
        if closes < 0:
            raise error(113)
        depth, at = (depth + 1, opens + 2) if 0 <= opens < closes else (depth - 1, closes + 2)
    return at


def number_of(text):
    if re.search("[eE]", text):
        return float(text)
    return int(text) if "." not in text else text


def token_of(found):
    part = found.groupdict()
    if part["string"] is not None:
        value = part["string"].replace("''", "'")
        if not part["quote"]:
            raise error(105, value[:100])
        return Token(STRING, value[:100], value, bool(part["national"]))
    for name, closing in (("bracket", "closed"), ("quoted", "ended")):
        if part[name] is not None:
            value = part[name].replace("]]" if name == "bracket" else '""', "]" if name == "bracket" else '"')
            if not part[closing]:
                raise error(105, value[:100])
            if not value:
                raise error(1038)
            return Token(NAME, value, value)
    if part["binary"]:
        digits = part["binary"][2:]
        return Token(BINARY, part["binary"], bytes.fromhex("0" * (len(digits) % 2) + digits))
    if part["number"]:
        return Token(NUMBER, part["number"], number_of(part["number"]))
    kind = VARIABLE if part["variable"] else WORD if part["word"] else OPERATOR
    return Token(kind, found.group(), found.group())


def tokens_of(text):
    tokens, at = [], 0
    while at < len(text):
        if text.startswith("/*", at):
            at = skip_comment(text, at)
            continue
        found = PARTS.match(text, at)
        if not found:
            raise error(102, text[at])
        at = found.end()
        if found["blank"] is None:
            tokens.append(token_of(found))
    return tokens + [Token(END, tokens[-1].text if tokens else "", None)]
