"""Envelopes of WS-Management as Windows writes them, and its faults (MS-WSMV 2.2.4.43, 3.1.4)."""
import uuid
import xml.etree.ElementTree as tree
from xml.sax.saxutils import escape

from cim import ANONYMOUS, WSMAN, XSI

SOAP = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
IDENTITY = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
FAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
FAULT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
DETAIL = "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/"

OPEN = (f'<s:Envelope xml:lang="en-US" xmlns:s="{SOAP}" xmlns:a="{ADDRESSING}" xmlns:n="{ENUMERATION}" '
        f'xmlns:w="{WSMAN}">')


class Malformed(Exception):
    """No request of WS-Management at all."""


class Request:
    def __init__(self, body):
        try:
            envelope = tree.fromstring(body)
        except tree.ParseError as error:
            raise Malformed(str(error)) from error
        if envelope.tag != f"{{{SOAP}}}Envelope" or envelope.find(f"{{{SOAP}}}Body") is None:
            raise Malformed("no SOAP envelope")
        self.header = envelope.find(f"{{{SOAP}}}Header")
        self.body = envelope.find(f"{{{SOAP}}}Body")
        self.action = self.head(ADDRESSING, "Action")
        self.uri = self.head(WSMAN, "ResourceURI")
        self.message = self.head(ADDRESSING, "MessageID")
        self.envelope_size = int(self.head(WSMAN, "MaxEnvelopeSize") or 0)
        self.identify = self.body.find(f"{{{IDENTITY}}}Identify") is not None
        self.selectors = self.named(f"{{{WSMAN}}}SelectorSet/{{{WSMAN}}}Selector")
        self.options = self.named(f"{{{WSMAN}}}OptionSet/{{{WSMAN}}}Option")

    def head(self, space, name):
        found = None if self.header is None else self.header.find(f"{{{space}}}{name}")
        return "" if found is None or found.text is None else found.text.strip()

    def named(self, path):
        return {} if self.header is None else {one.get("Name"): one.text or "" for one in self.header.findall(path)}

    def what(self):
        """Enumerate, Pull, GetStringValue, ..."""
        return "Identify" if self.identify else self.action.rpartition("/")[2]


def envelope(action, relates, body):
    return (f"{OPEN}<s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>"
            f"<a:To>{ANONYMOUS}</a:To><a:RelatesTo>{escape(relates)}</a:RelatesTo></s:Header><s:Body>{body}</s:Body>"
            "</s:Envelope>")


def identified(version):
    return (f'<s:Envelope xml:lang="en-US" xmlns:s="{SOAP}"><s:Header/><s:Body><wsmid:IdentifyResponse xmlns:wsmid="'
            f'{IDENTITY}"><wsmid:ProtocolVersion>{WSMAN}</wsmid:ProtocolVersion><wsmid:ProductVendor>Microsoft '
            f"Corporation</wsmid:ProductVendor><wsmid:ProductVersion>{version}</wsmid:ProductVersion>"
            "</wsmid:IdentifyResponse></s:Body></s:Envelope>")


# name: who is at fault, subcode, WinRM's number, FaultDetail, WMI's number, what it says. Numbers as in WsmError.h and
# WbemCli.h.
FAULTS = {
    "invalid-namespace": ("Sender", "a:DestinationUnreachable", 2150858752, "InvalidResourceURI", 0x8004100E,
                          "Invalid namespace "),
    "invalid-class": ("Sender", "a:DestinationUnreachable", 2150858752, "InvalidResourceURI", 0x80041010,
                      "Invalid class "),
    "invalid-query": ("Sender", "n:CannotProcessFilter", 2150858778, "", 0x80041017, "Invalid query "),
    "invalid-method": ("Sender", "a:ActionNotSupported", 2150858771, "", 0x80041055, "Invalid method "),
    "invalid-parameter": ("Sender", "w:InvalidParameter", 2150858811, "InvalidValue", 0x80041008,
                          "Invalid parameter "),
    "not-found": ("Sender", "a:DestinationUnreachable", 2150858752, "", 0x80041002, "Not found "),
    "wmi-denied": ("Sender", "w:AccessDenied", 5, "", 0x80041003, "Access denied "),
    "wmi-failed": ("Receiver", "w:InternalError", 2150859010, "", 0x80041001, "Generic failure "),
    "wmi-quota": ("Receiver", "w:InternalError", 2150859010, "", 0x8004106C, "Quota violation "),
    "denied": ("Sender", "w:AccessDenied", 5, "", None, "Access is denied. "),
    "context": ("Receiver", "n:InvalidEnumerationContext", 2150858779, "", None,
                "The context of the enumeration is not valid, or has expired. "),
    "quota": ("Receiver", "w:QuotaLimit", 2150859174, "", None,
              "This user has as many operations as are allowed. Close some, or raise the quota. "),
    "asked-envelope": ("Sender", "w:EncodingLimit", 2150858823, "MaxEnvelopeSize", None,
                       "The maximum envelope size in the request is too large. "),
    "envelope": ("Sender", "w:EncodingLimit", 2150858824, "MaxEnvelopeSizeExceeded", None,
                 "The response is larger than the maximum envelope size in the request. "),
    "timed-out": ("Receiver", "w:TimedOut", 2150858793, "", None, "The operation did not end in time. "),
    "schema": ("Sender", "w:SchemaValidationError", 2150858817, "", None, "The request is not valid. "),
}
WORDS = {  # the same in the language of the host, for some
    "de-DE": {"invalid-namespace": "Ungültiger Namespace ", "invalid-class": "Ungültige Klasse ",
              "wmi-denied": "Zugriff verweigert ", "denied": "Zugriff verweigert. "},
    "ja-JP": {"invalid-namespace": "名前空間が正しくありません ", "invalid-class": "クラスが正しくありません ",
              "wmi-denied": "アクセスが拒否されました ", "denied": "アクセスが拒否されました。 "},
}


class Fault(Exception):
    def __init__(self, name, operation="ExecQuery"):
        super().__init__(name)
        self.name, self.operation = name, operation


def wsman_fault(number, machine, inside):
    return f'<f:WSManFault xmlns:f="{FAULT}" Code="{number}" Machine="{machine}"><f:Message>{inside}</f:Message></f:WSManFault>'


def provider_fault(host, number, words, operation):
    """As the WMI plugin of WinRM up to 2.0 tells it."""
    status = ('<f:ExtendedError><p:__ExtendedStatus xmlns:xsi="' + XSI + '" xmlns:p="http://schemas.microsoft.com/wbem/wsman'
              '/1/wmi/root/cimv2/__ExtendedStatus"><p:Description xsi:nil="true"/><p:Operation>' + operation +
              '</p:Operation><p:ParameterInfo xsi:nil="true"/><p:ProviderName>WinMgmt</p:ProviderName><p:StatusCode '
              'xsi:nil="true"/></p:__ExtendedStatus></f:ExtendedError>')
    return (f'<f:ProviderFault provider="WMI Provider" path="%systemroot%\\system32\\WsmWmiPl.dll">'
            f"{wsman_fault(number, host.machine, words)}{status}</f:ProviderFault>")


def wmi_error(number, words):
    """As WinRM 3.0 does."""
    space = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError"
    return (f'<p:MSFT_WmiError b:IsCIM_Error="true" xmlns:p="{space}" xmlns:b="http://schemas.dmtf.org/wbem/wsman/1/'
            f'cimbinding.xsd" xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common" xmlns:xsi="{XSI}"><p:CIMStatusCode '
            'xsi:type="cim:cimUnsignedInt">1</p:CIMStatusCode><p:ErrorType xsi:type="cim:cimUnsignedShort">0</p:ErrorType>'
            f'<p:Message xsi:type="cim:cimString">{words}</p:Message><p:MessageID xsi:type="cim:cimString">HRESULT '
            f'{number:#x}</p:MessageID><p:error_Category xsi:type="cim:cimUnsignedInt">0</p:error_Category><p:error_Code '
            f'xsi:type="cim:cimUnsignedInt">{number}</p:error_Code><p:error_Type xsi:type="cim:cimString">HRESULT'
            f'</p:error_Type><p:error_WindowsErrorMessage xsi:type="cim:cimString">{words}</p:error_WindowsErrorMessage>'
            "</p:MSFT_WmiError>")


def fault(host, name, relates, operation):
    """The envelope of a fault, in the manner of the host's generation and in its language."""
    who, subcode, number, detail, wmi, words = FAULTS[name]
    words = escape(WORDS.get(host.language, {}).get(name, words))
    told = f"<w:FaultDetail>{DETAIL}{detail}</w:FaultDetail>" if detail else ""
    if wmi is None:
        told += wsman_fault(number, host.machine, words)
    elif host.generation.stack == "3.0" and host.wmi_errors:
        told += wmi_error(wmi, words)
    else:
        told += wsman_fault(number, host.machine, provider_fault(host, wmi, words, operation))
    return envelope(FAULT_ACTION, relates,
                    f"<s:Fault><s:Code><s:Value>s:{who}</s:Value><s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code>"
                    f'<s:Reason><s:Text xml:lang="{host.language}">{words}</s:Text></s:Reason><s:Detail>{told}</s:Detail>'
                    "</s:Fault>")
