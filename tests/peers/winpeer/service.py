"""What one host answers: Identify, Enumerate, Pull, Release, Get and Invoke, within the limits of its generation."""
import uuid
from typing import NamedTuple

import cim
import registry
import soap
import wql

ENUMERATE_RESPONSE = soap.ENUMERATION + "/EnumerateResponse"
PULL_RESPONSE = soap.ENUMERATION + "/PullResponse"
RELEASE_RESPONSE = soap.ENUMERATION + "/ReleaseResponse"
GET_RESPONSE = soap.TRANSFER + "/GetResponse"
FRAME = 1024  # bytes of an envelope around its items, about


class Generation(NamedTuple):
    """Limits of a WinRM (MS-WSMV 2.2.4.10 and its product notes)."""
    stack: str
    envelope: int     # bytes, at most
    batch: int        # items in an answer, at most
    operations: int   # enumerations that are open at once
    connections: int


GENERATIONS = {
    "1.1": Generation("1.1", 153600, 20, 15, 5),
    "2.0": Generation("2.0", 153600, 32000, 15, 25),
    "3.0": Generation("3.0", 512000, 32000, 1500, 300),
}


class Enumeration:
    def __init__(self, items):
        self.items, self.at = items, 0

    def take(self, most, room):
        """The next items, no more than fit into room bytes; None: not even one does."""
        found, size = [], 0
        while self.at < len(self.items) and len(found) < most:
            item = self.items[self.at]
            length = len(item.encode())
            if size + length > room:
                return found or None
            found.append(item)
            size += length
            self.at += 1
        return found

    def ended(self):
        return self.at >= len(self.items)


class Service:
    def __init__(self, host):
        self.host = host
        self.contexts = {}
        self.rendered = {}  # (namespace, query): items; forgotten when the host changes

    def answer(self, request, login):
        """Status and text."""
        try:
            if request.identify:
                return 200, soap.identified(self.host.version_text(login is not None))
            if request.envelope_size > self.host.generation.envelope:
                raise soap.Fault("asked-envelope")
            handler = getattr(self, "on_" + request.what().lower(), None)
            if handler is not None and request.uri.startswith(cim.WMI):
                return 200, handler(request)
            if request.uri.startswith(cim.WMI) and request.action.startswith(request.uri + "/"):
                return 200, self.invoke(request)
            raise soap.Fault("schema")
        except soap.Fault as fault:
            return 500, soap.fault(self.host, fault.name, request.message, fault.operation)

    # -------------------------------------------------------------------------------------- enumerations ----

    def room(self, request):
        asked = request.envelope_size or self.host.generation.envelope
        return min(asked, self.host.generation.envelope) - FRAME

    def items(self, space, query):
        key = (space, query)
        if key not in self.rendered:
            self.rendered[key] = self.evaluate(space, query)
        return self.rendered[key]

    def evaluate(self, space, query):
        try:
            asked = wql.Query(query)
            table = self.table(space, asked.name)
            columns = asked.columns_of(table)
            rows = asked.rows_of(table)
        except wql.Invalid as invalid:
            raise soap.Fault("invalid-query") from invalid
        if columns is None:
            return [cim.whole(space, table, row) for row in rows]
        return [cim.fragment(table, columns, row) for row in rows]

    def table(self, space, name):
        classes = self.host.classes(space)
        if classes is None:
            raise soap.Fault("invalid-namespace")
        if self.host.refuses(space, name):
            raise soap.Fault("wmi-denied")
        table = classes.get(name.lower())
        if table is None:
            raise soap.Fault("invalid-class")
        return table

    def on_enumerate(self, request):
        body = request.body.find(f"{{{soap.ENUMERATION}}}Enumerate")
        found = None if body is None else body.find(f"{{{cim.WSMAN}}}Filter")
        space, _, name = request.uri.removeprefix(cim.WMI).rpartition("/")
        if found is not None:
            query = found.text or ""
        elif name != "*":
            query = f"select * from {name}"
        else:
            raise soap.Fault("schema")
        items = self.host.trick.items(self, space, self.items(space, query))
        if len(self.contexts) >= self.host.generation.operations:
            raise soap.Fault("quota")
        enumeration = Enumeration(items)
        if body.find(f"{{{cim.WSMAN}}}OptimizeEnumeration") is None:
            return soap.envelope(ENUMERATE_RESPONSE, request.message, "<n:EnumerateResponse><n:EnumerationContext>"
                                 f"{self.keep(enumeration)}</n:EnumerationContext></n:EnumerateResponse>")
        most = number(body, cim.WSMAN, "MaxElements")
        return self.part(request, enumeration, most, "Enumerate", "w")

    def keep(self, enumeration, context=None):
        context = context or "uuid:" + str(uuid.uuid4()).upper()
        self.contexts[context] = enumeration
        return context

    def part(self, request, enumeration, most, what, prefix, context=None):
        """The next items of an enumeration, and whether that was all."""
        found = enumeration.take(min(most, self.host.generation.batch), self.room(request))
        if found is None:
            raise soap.Fault("envelope")
        if enumeration.ended() and not self.host.trick.goes_on(self, enumeration):
            told, end = "", f"<{prefix}:EndOfSequence/>"
        else:
            told, end = self.keep(enumeration, context), ""
        return soap.envelope(f"{soap.ENUMERATION}/{what}Response", request.message,
                             f"<n:{what}Response><n:EnumerationContext>{told}</n:EnumerationContext><{prefix}:Items>"
                             f"{''.join(found)}</{prefix}:Items>{end}</n:{what}Response>")

    def context(self, request):
        found = request.body.find(f".//{{{soap.ENUMERATION}}}EnumerationContext")
        context = "" if found is None else (found.text or "").strip()
        enumeration = self.contexts.pop(context, None)
        if enumeration is None:
            raise soap.Fault("context", "Pull")
        return context, enumeration

    def on_pull(self, request):
        context, enumeration = self.context(request)
        most = number(request.body.find(f"{{{soap.ENUMERATION}}}Pull"), soap.ENUMERATION, "MaxElements")
        return self.part(request, enumeration, most, "Pull", "n", context)

    def on_release(self, request):
        self.context(request)
        return soap.envelope(RELEASE_RESPONSE, request.message, "<n:ReleaseResponse/>")

    # ------------------------------------------------------------------------------------ one at a time ----

    def on_get(self, request):
        space, _, name = request.uri.removeprefix(cim.WMI).rpartition("/")
        table = self.table(space, name)
        wanted = {key.lower(): value for key, value in request.selectors.items()}
        rows = [row for row in table.rows if all(
            str({one.lower(): row[one] for one in row}.get(key, "")).lower() == value.lower()
            for key, value in wanted.items())]
        if not rows:
            raise soap.Fault("not-found", "GetObject")
        return soap.envelope(GET_RESPONSE, request.message, cim.whole(space, table, rows[0]))

    def invoke(self, request):
        space, _, name = request.uri.removeprefix(cim.WMI).rpartition("/")
        method = request.action.removeprefix(request.uri + "/")
        if self.host.classes(space) is None:
            raise soap.Fault("invalid-namespace", "ExecMethod")
        if self.host.refuses(space, name):
            raise soap.Fault("wmi-denied", "ExecMethod")
        if name.lower() != "stdregprov" or space.lower() not in ("root/cimv2", "root/default"):
            raise soap.Fault("invalid-class" if name.lower() not in self.host.classes(space) else "invalid-method",
                             "ExecMethod")
        sent = request.body.find(f"{{{request.uri}}}{method}_INPUT")
        if sent is None:
            raise soap.Fault("schema")
        arguments = {one.tag.removeprefix(f"{{{request.uri}}}"): one.text or "" for one in sent}
        answer = registry.call(self.host, method, arguments)
        if answer is None:
            raise soap.Fault("invalid-method", "ExecMethod")
        inside = "".join(cim.element("p:", key, value, "cim:") for key, value in answer)
        return soap.envelope(f"{request.uri}/{method}Response", request.message,
                             f'<p:{method}_OUTPUT xmlns:xsi="{cim.XSI}" xmlns:p="{request.uri}" xmlns:cim="{cim.CIM}">'
                             f"{inside}</p:{method}_OUTPUT>")

    # ------------------------------------------------------------------------------------------ changes ----

    def changed(self):
        self.rendered.clear()

    def forget(self):
        """All open enumerations, as when the service starts anew."""
        self.contexts.clear()


def number(element, space, name):
    """MaxElements, which is 1 where it is left out."""
    found = None if element is None else element.find(f"{{{space}}}{name}")
    try:
        return max(1, int(found.text))
    except (AttributeError, TypeError, ValueError):
        return 1
