"""What T-SQL is parsed into."""
import dataclasses


def node(name, fields):
    return dataclasses.make_dataclass(name, [one if "=" not in one else (one.partition("=")[0], object, None) for one in fields.split()])


# Values
Literal = node("Literal", "value type")
Variable = node("Variable", "name")
Reference = node("Reference", "parts")            # names, the last one the column's
Star = node("Star", "parts")
Call = node("Call", "name arguments distinct= over=")
Cast = node("Cast", "value type style= lenient=")  # lenient: TRY_CAST, TRY_CONVERT
Case = node("Case", "subject branches otherwise")
Binary = node("Binary", "operator left right")
Unary = node("Unary", "operator value")
Collated = node("Collated", "value")
Scalar = node("Scalar", "query")
Over = node("Over", "partition order")

# Conditions
Logic = node("Logic", "word left right")
Not = node("Not", "value")
Compare = node("Compare", "operator left right")
Like = node("Like", "value pattern escape negated")
Within = node("Within", "value candidates negated")  # a list, or a Query
Between = node("Between", "value low high negated")
Null = node("Null", "value negated")
Exists = node("Exists", "query")
CONDITIONS = (Logic, Not, Compare, Like, Within, Between, Null, Exists)

# Queries
Item = node("Item", "value name")
Table = node("Table", "parts alias")
Derived = node("Derived", "query alias names")
Join = node("Join", "kind left right on")
Ordered = node("Ordered", "value descending")
Select = node("Select", "distinct top items source where group having")
Query = node("Query", "tables selects operators order offset fetch")  # tables: of WITH

# Statements
Set = node("Set", "name value")
Use = node("Use", "name")
If = node("If", "condition then otherwise")
Block = node("Block", "statements")
Execute = node("Execute", "value")
Procedure = node("Procedure", "name arguments")
Print = node("Print", "value")
Transaction = node("Transaction", "word")  # begin, commit, rollback


def walk(one):
    """A node and all beneath it, but not what is in queries of their own."""
    yield one
    if isinstance(one, (Query, Scalar, Exists)):
        return
    for field in dataclasses.fields(one) if dataclasses.is_dataclass(one) else ():
        value = getattr(one, field.name)
        for part in value if isinstance(value, (list, tuple)) else [value]:
            for inner in part if isinstance(part, tuple) else [part]:
                if dataclasses.is_dataclass(inner) and not isinstance(inner, type):
                    yield from walk(inner)
