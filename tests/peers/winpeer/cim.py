"""Classes and instances of CIM, and how Windows writes them in a reply: an instance with all its properties has the
namespace of its class, chosen properties come as an XmlFragment without one (MS-WSMV 3.1.4.1)."""
from xml.sax.saxutils import escape

CIM = "http://schemas.dmtf.org/wbem/wscim/1/common"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"


class Datetime(str):
    """2013-03-09T02:57:32Z"""


class Interval(str):
    """P0DT0H1M40S"""


class Raw(str):
    """XML as it is to be written: for tricks."""


class Reference:
    """What another instance is named by."""

    def __init__(self, space, name, **keys):
        self.space, self.name, self.keys = space, name, keys

    def path(self):
        """As WQL compares it."""
        keys = ",".join(f'{key}="{value}"' for key, value in self.keys.items())
        return f"{self.name}.{keys}"

    def text(self):
        keys = "".join(f'<w:Selector Name="{key}">{escape(str(value))}</w:Selector>' for key,
                       value in self.keys.items())
        return (f"<a:Address>{ANONYMOUS}</a:Address><a:ReferenceParameters><w:ResourceURI>{WMI}{self.space}/{self.name}"
                f"</w:ResourceURI><w:SelectorSet>{keys}</w:SelectorSet></a:ReferenceParameters>")


class Table:
    """A class: the properties that it has on this host (NAME[] is an array), and its instances as {property: value}. A
    property that an instance leaves out is null."""

    def __init__(self, name, columns, rows):
        self.name = name
        words = columns.split()
        self.arrays = {word.removesuffix("[]") for word in words if word.endswith("[]")}
        self.columns = sorted((word.removesuffix("[]") for word in words), key=str.lower)
        self.rows = rows
        known = set(self.columns)
        for row in rows:
            strange = set(row) - known
            assert not strange, f"{name} has no {strange}"

    def column(self, name):
        """As the class spells it; None: it has none."""
        lower = name.lower()
        return next((column for column in self.columns if column.lower() == lower), None)


def text_of(value):
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        # What XML cannot hold comes as a question mark.
        clean = "".join("?" if char < " " and char not in "\r\n\t" else char for char in value)
        return escape(clean).replace("\r", "&#13;")
    return str(value)


def element(prefix, name, value, cim):
    if value is None:
        return f'<{prefix}{name} xsi:nil="true"/>'
    if isinstance(value, (list, tuple)):
        return "".join(element(prefix, name, one, cim) for one in value)
    if isinstance(value, Raw):
        inside = value
    elif isinstance(value, Reference):
        inside = value.text()
    elif isinstance(value, (Datetime, Interval)):
        word = type(value).__name__
        inside = f"<{cim}{word}>{value}</{cim}{word}>"
    else:
        inside = text_of(value)
    return f"<{prefix}{name}>{inside}</{prefix}{name}>"


def properties(table, row, columns, prefix, cim_prefix):
    """Windows leaves out an array that is null, and says of any other property that it is nil."""
    return "".join(element(prefix, column, row.get(column), cim_prefix) for column in columns
                   if row.get(column) is not None or column not in table.arrays)


def whole(space, table, row):
    """An instance with all its properties."""
    inside = properties(table, row, table.columns, "p:", "cim:")
    return (f'<p:{table.name} xmlns:xsi="{XSI}" xmlns:p="{WMI}{space}/{table.name}" xmlns:cim="{CIM}" '
            f'xsi:type="p:{table.name}_Type">{inside}</p:{table.name}>')


def fragment(table, columns, row):
    """The chosen properties of an instance."""
    inside = properties(table, row, columns, "", "")
    return f'<w:XmlFragment xmlns:xsi="{XSI}" xmlns:w="{WSMAN}">{inside}</w:XmlFragment>'
