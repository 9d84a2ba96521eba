"""The rules of plugins/common/wsman_read.h written a second time, over a DOM: see recording/beside_dom.py.
usage: test_wsman_read.py PROGRAM RECORDINGS"""

import sys

from beside_dom import XSI, Reader, Writer, attribute, children, mixed_text, own_text, refuse, run, soap_body, space

SOAP = 'http://www.w3.org/2003/05/soap-envelope'
ADDRESSING = 'http://schemas.xmlsoap.org/ws/2004/08/addressing'
ENUMERATION = 'http://schemas.xmlsoap.org/ws/2004/09/enumeration'
MANAGEMENT = 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd'
IDENTITY = 'http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd'
CIM = 'http://schemas.dmtf.org/wbem/wscim/1/common'
FAULT = 'http://schemas.microsoft.com/wbem/wsman/1/wsmanfault'
WMI = 'http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Volume'

BLANKS = ' \t\r\n'
MAX_TEXT, MAX_PROPERTIES, MAX_CONTEXT, MAX_REASON = 1 << 20, 1024, 4096, 65536
KINDS_OF_VALUE = ('Datetime', 'Date', 'Time', 'Interval', 'CIM_DateTime')


# -------------------------------------------------------------------------------------------------- the rules ----


def values_of(element):
    nil = (attribute(element, XSI, 'nil') or '').strip(BLANKS).lower() in ('true', '1')
    text = own_text(element, MAX_TEXT)
    if children(element):
        return [own_text(child, MAX_TEXT) for child in children(element)
                if (space(child) in (CIM, '') and child.localName in KINDS_OF_VALUE) or child.localName == 'VmID']
    return [] if nil else [text]


def instance_of(element):
    properties = {}
    for child in children(element):
        properties.setdefault(child.localName, []).extend(values_of(child))
    refuse(len(properties) > MAX_PROPERTIES)
    return {'class': '' if space(element) == MANAGEMENT else element.localName,
            'properties': [[name, values] for name, values in properties.items()]}


def items_of(items):
    for child in children(items):
        if space(child) == MANAGEMENT and child.localName == 'Item':
            yield from [instance_of(inner) for inner in children(child) if space(inner) != ADDRESSING]
        elif space(child) != ADDRESSING:
            yield instance_of(child)


def read_enumeration(content, around):
    instances = []
    for child in children(content):
        name, own = child.localName, space(child)
        if name == 'Items' and own in (ENUMERATION, MANAGEMENT):
            instances += items_of(child)
        elif name == 'EndOfSequence' and own in (ENUMERATION, MANAGEMENT):
            around['ended'], around['context'] = True, None
        elif name == 'EnumerationContext' and own == ENUMERATION:
            text = own_text(child, MAX_CONTEXT)
            around['context'] = text if text.strip(BLANKS) and not around['ended'] else None
    refuse(content.localName == 'EnumerateResponse' and not around['ended'] and around['context'] is None)
    return instances


def read_identity(content, around):
    around['kind'] = 'Identify'
    for name, key in (('ProductVendor', 'vendor'), ('ProductVersion', 'version'), ('ProtocolVersion', 'protocol')):
        for child in children(content, IDENTITY, name):
            around[key] = own_text(child, MAX_CONTEXT)
    return []


def behind(text, last):
    word = text.rpartition(last)[2].strip(BLANKS)
    return '' if any(blank in word for blank in BLANKS) else word


def last_word(elements, last):
    words = [behind(own_text(element, MAX_CONTEXT), last) for element in elements]
    return words[-1] if words else ''


class Fault:
    """The deepest number and text, of equals the first; the reason lies above all."""

    def __init__(self):
        self.number, self.number_depth = 0, 0
        self.text, self.text_depth = '', -1

    def take_number(self, depth, text):
        word = (text or '').strip(BLANKS)
        digits = word[1:] if word[:1] in ('+', '-') else word
        if not digits or any(digit not in '0123456789' for digit in digits):
            return
        number = int(word)
        if number != 0 and -1 << 31 <= number < 1 << 32 and depth > self.number_depth:
            self.number, self.number_depth = number % (1 << 32), depth

    def take_text(self, depth, text):
        if text.strip(BLANKS) and depth > self.text_depth:
            self.text, self.text_depth = text.strip(BLANKS), depth

    def read_nested(self, elements, depth):
        for element in elements:
            self.take_number(depth, attribute(element, '', 'Code'))
            if element.localName == 'MSFT_WmiError':
                self.read_wmi(element, depth)
            elif element.localName == 'ProviderFault':
                self.read_nested(children(element, FAULT, 'WSManFault'), depth + 1)
                self.take_text(depth, mixed_text(element, MAX_REASON))
            else:
                self.read_messages(children(element, FAULT, 'Message'), depth)

    def read_messages(self, messages, depth):
        for message in messages:
            self.read_nested([inner for inner in children(message, FAULT)
                              if inner.localName in ('ProviderFault', 'WSManFault')], depth + 1)
            self.take_text(depth, mixed_text(message, MAX_REASON))

    def read_wmi(self, element, depth):
        for child in children(element):
            if child.localName == 'error_Code':
                self.take_number(depth, own_text(child, MAX_CONTEXT))
            elif child.localName == 'Message':
                self.read_messages([child], depth)


def read_fault(content, around):
    fault, code, subcode, detail = Fault(), '', '', ''
    around['kind'] = 'Fault'
    # A detail in front of the reason, which nobody writes, would be read in front of it too.
    for part in children(content, SOAP):
        if part.localName == 'Code':
            code = last_word(children(part, SOAP, 'Value'), ':') if children(part, SOAP, 'Value') else code
            for inner in children(part, SOAP, 'Subcode'):
                if children(inner, SOAP, 'Value'):
                    subcode = last_word(children(inner, SOAP, 'Value'), ':')
        elif part.localName == 'Reason':
            for text in children(part, SOAP, 'Text'):
                fault.take_text(0, own_text(text, MAX_REASON))
        elif part.localName == 'Detail':
            if children(part, MANAGEMENT, 'FaultDetail'):
                detail = last_word(children(part, MANAGEMENT, 'FaultDetail'), '/')
            fault.read_nested([inner for inner in children(part) if inner.localName == 'MSFT_WmiError' or
                               (space(inner) == FAULT and inner.localName == 'WSManFault')], 1)
    around['fault'] = [code, subcode, detail, fault.number, fault.text]
    return []


def read_content(content, around):
    name, own = content.localName, space(content)
    if own == SOAP and name == 'Fault':
        return read_fault(content, around)
    if own == ENUMERATION and name in ('EnumerateResponse', 'PullResponse'):
        around['kind'] = name[:-len('Response')]
        return read_enumeration(content, around)
    if own == ENUMERATION and name == 'ReleaseResponse':
        around['kind'] = 'Release'
        return []
    if own in (IDENTITY, SOAP) and name == 'IdentifyResponse':
        return read_identity(content, around)
    refuse(own in (SOAP, ENUMERATION, IDENTITY, ''))
    refuse(own == MANAGEMENT and name != 'XmlFragment')
    around['kind'] = 'answer'
    return [instance_of(content)]


def read(data):
    contents = soap_body(data, SOAP)
    refuse(len(contents) > 1)
    around = {'kind': 'empty', 'context': None, 'ended': False, 'instances': 0, 'vendor': None, 'version': None,
              'protocol': None, 'fault': None}
    instances = read_content(contents[0], around) if contents else []
    around['instances'] = len(instances)
    return instances + [around]


# ------------------------------------------------------------------------------------------- random replies ----

SPACES = [('S', SOAP), ('a', ADDRESSING), ('n', ENUMERATION), ('w', MANAGEMENT), ('i', IDENTITY), ('cim', CIM), ('f', FAULT),
          ('p', WMI), ('xsi', XSI), ('x', XSI), ('other', 'urn:other')]
NAMES = ['n:Items', 'w:Items', 'n:EnumerationContext', 'w:EndOfSequence', 'w:Item', 'w:XmlFragment', 'a:EndpointReference',
         'cim:Datetime', 'Datetime', 'Interval', 'p:Datetime', 'p:Name', 'Name', 'S:Value', 'S:Text', 'f:Message',
         'f:WSManFault', 'f:ProviderFault', 'p:MSFT_WmiError', 'p:error_Code', 'i:ProductVendor', 'other:Name']
TEXTS = ['', 'x', '4000785096704', 'a<b&c>"d\'', ' ', '\n', 'ünïcode € 🔑', ']]>', 'true', 'FALSE', '%s%n', 'x' * 900,
         'a\tb\r\nc', '\u202e', '\x85', '2018-03-01T12:00:00Z', 'uuid:7F3B0C52-1C1E-4C0B-9E3A-5B8C8C1F0A11']
CODES = ['5', '2150858778', '2147749902', '-2147217394', '0', '', '0x5', ' 7 ', '4294967296', '99999999999999999999']


class Replies(Writer):
    def __init__(self, dice):
        super().__init__(dice, NAMES)

    def element(self, name, content, attributes=''):
        if self.dice.random() < self.strange / 4:
            name = 'other:' + name.rpartition(':')[2]
        return self.tag(name, attributes, content)

    def leaf(self, name, text=None, attributes=''):
        return self.element(name, self.text(self.dice.choice(TEXTS) if text is None else text), attributes)

    def property(self, prefix):
        name = prefix + self.dice.choice(['Name', 'Roles', 'InstallDate', 'Datetime', 'Capacity'])
        kind = self.dice.random()
        if kind < 0.2:
            nil = self.dice.choice(['xsi:nil="true"', 'x:nil="1"', 'x:nil="TRUE"', 'xsi:nil="false"', 'nil="true"'])
            return self.leaf(name, self.dice.choice(['', 'x']), ' ' + nil)
        if kind < 0.35:
            inner = self.dice.choice(['cim:', '', 'p:']) + self.dice.choice(KINDS_OF_VALUE + ('Name', 'VmID'))
            return self.element(name, self.join([self.leaf(inner)]))
        if kind < 0.45:
            return self.element(name, self.join([self.leaf('a:Address'), self.reference()]))
        return self.leaf(name)

    def reference(self):
        key = self.leaf('w:Selector', attributes=' Name="DeviceID"')
        return self.element('a:ReferenceParameters', self.join([self.element('w:SelectorSet', key)]))

    def instance(self):
        if self.dice.random() < 0.4:
            return self.element('w:XmlFragment', self.join(self.some(6, lambda: self.property(''))))
        return self.element('p:Win32_Volume', self.join(self.some(6, lambda: self.property('p:'))),
                            self.dice.choice(['', ' xsi:type="p:Win32_Volume_Type"']))

    def item(self):
        if self.dice.random() < 0.8:
            return self.instance()
        address = self.element('a:EndpointReference', self.join([self.leaf('a:Address'), self.reference()]))
        return self.element('w:Item', self.join([self.instance(), address]))

    def enumeration(self):
        name = self.dice.choice(['n:EnumerateResponse', 'n:PullResponse'])
        parts = self.some(1, lambda: self.leaf('n:EnumerationContext', self.dice.choice(['1', '', ' ', 'uuid:x'])))
        parts.append(self.element(self.dice.choice(['n:Items', 'w:Items']), self.join(self.some(5, self.item))))
        if not parts[:-1] or self.dice.random() < 0.7:
            parts.append(self.element(self.dice.choice(['n:EndOfSequence', 'w:EndOfSequence']), ''))
        return self.element(name, self.join(parts))

    def windows_fault(self, depth):
        inner = [self.text(self.dice.choice(TEXTS))]
        if depth > 0 and self.dice.random() < 0.6:
            below = self.windows_fault(depth - 1)
            if self.dice.random() < 0.7:
                below = self.element('f:ProviderFault', self.text(self.dice.choice(TEXTS)) + below)
            inner.append(below)
        self.dice.shuffle(inner)
        return self.element('f:WSManFault', self.join([self.element('f:Message', ''.join(inner))]),
                            f' Code="{self.dice.choice(CODES)}" Machine="x"')

    def wmi_fault(self):
        return self.element('p:MSFT_WmiError', self.join([self.leaf('p:Message'), self.leaf('p:error_Code', self.dice.choice(
            CODES)), self.leaf('p:error_WindowsErrorMessage')]))

    def fault(self):
        code = self.element('S:Code', self.join([self.leaf('S:Value', 's:Sender'), self.element(
            'S:Subcode', self.leaf('S:Value', self.dice.choice(['w:AccessDenied', 'TimedOut', ':', 'a: b', 'a b'])))]))
        reason = self.element('S:Reason', self.join(self.some(3, lambda: self.leaf('S:Text'))))
        details = self.some(1, lambda: self.leaf('w:FaultDetail', self.dice.choice(['http://x/faultDetail/Y', 'Y', '/'])))
        details += self.some(2, lambda: self.windows_fault(4)) + self.some(1, self.wmi_fault)
        return self.element('S:Fault', self.join([code, reason, self.element('S:Detail', self.join(details))]))

    def identity(self):
        parts = [self.leaf('i:' + name) for name in ('ProtocolVersion', 'ProductVendor', 'ProductVersion')]
        return self.element(self.dice.choice(['i:IdentifyResponse', 'S:IdentifyResponse']), self.join(parts))


def random_reply(dice):
    replies = Replies(dice)
    content = dice.choice([replies.enumeration, replies.enumeration, replies.enumeration, replies.instance, replies.fault,
                           replies.fault, replies.identity, lambda: '', lambda: '<n:ReleaseResponse/>'])()
    return replies.envelope(SPACES, content)


def nested(depth):
    inside = '<a>' * depth + 'x' + '</a>' * depth
    return (f'<S:Envelope xmlns:S="{SOAP}" xmlns:p="{WMI}"><S:Body><p:Win32_Volume><p:Name>{inside}</p:Name>'
            '</p:Win32_Volume></S:Body></S:Envelope>').encode()


WORDS = [b'xsi:nil="true"', b'w:', b'n:', b'p:', b'cim:Datetime', b'Items', b'<w:EndOfSequence/>', b'XmlFragment', b'Fault',
         b'<p:Name/>', b'EnumerationContext', b'urn:x', b'Code="5"', b'<f:WSManFault Code="6"/>']

if __name__ == '__main__':
    program, folder = sys.argv[1:]
    run([Reader(read, program)], folder, random_reply, nested, WORDS)
