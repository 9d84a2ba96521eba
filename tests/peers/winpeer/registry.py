"""The registry of a host, by the methods of StdRegProv (learn.microsoft.com, StdRegProv class). Keys are paths below
HKEY_LOCAL_MACHINE; a value is an int (REG_DWORD), a str (REG_SZ), a list (REG_MULTI_SZ) or bytes (REG_BINARY)."""
import soap

MACHINE = 2147483650  # HKEY_LOCAL_MACHINE, which is also what is meant where hDefKey is left out
FOUND, NO_VALUE, NO_KEY, DENIED = 0, 1, 2, 5
TYPES = {str: 1, bytes: 3, int: 4, list: 7}
GETTERS = {  # method: type, name of its output
    "GetStringValue": (str, "sValue"), "GetExpandedStringValue": (str, "sValue"), "GetDWORDValue": (int, "uValue"),
    "GetQWORDValue": (int, "uValue"), "GetMultiStringValue": (list, "sValue"), "GetBinaryValue": (bytes, "uValue"),
}


class Registry:
    def __init__(self, keys):
        self.values, self.children, self.denied = {}, {"": []}, set()
        for path, values in keys.items():
            self.add(path, values)

    def add(self, path, values):
        self.values.setdefault(path.lower(), {}).update(values)
        parts = path.split("\\")
        for depth, part in enumerate(parts):
            above = "\\".join(parts[:depth])
            names = self.children.setdefault(above.lower(), [])
            if part.lower() not in (name.lower() for name in names):
                names.append(part)
        self.children.setdefault(path.lower(), [])

    def look(self, path):
        """Status, values and names of the keys beneath."""
        path = path.strip("\\").lower()
        if any(path == one or path.startswith(one + "\\") for one in self.denied):
            return DENIED, None, None
        if path not in self.children:
            return NO_KEY, None, None
        return FOUND, self.values.get(path, {}), self.children[path]


def call(host, method, arguments):
    """Pairs of name and value; None: no such method."""
    if method not in GETTERS and method not in ("EnumKey", "EnumValues"):
        return None
    if int(arguments.get("hDefKey") or MACHINE) != MACHINE:
        raise soap.Fault("invalid-parameter", "ExecMethod")
    status, values, names = host.registry().look(arguments.get("sSubKeyName", ""))
    if method == "EnumKey":
        return [("ReturnValue", status), ("sNames", names or None)]
    if method == "EnumValues":
        return [("ReturnValue", status), ("sNames", list(values) if values else None),
                ("Types", [TYPES[type(value)] for value in values.values()] if values else None)]
    kind, output = GETTERS[method]
    if status != FOUND:
        return [("ReturnValue", status), (output, None)]
    wanted = arguments.get("sValueName", "").lower()
    value = next((value for name, value in values.items() if name.lower() == wanted), None)
    if type(value) is not kind:
        return [("ReturnValue", NO_VALUE), (output, None)]
    return [("ReturnValue", FOUND), (output, list(value) if kind is bytes else value)]
