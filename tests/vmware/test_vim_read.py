"""The reader of replies beside another one: a DOM of the Python library and the rules of plugins/vmware/vim_read.h written
a second time. Both read the recordings, random replies and what becomes of either when bytes are changed; both must
tell the same, or both refuse. usage: test_vim_read.py PROGRAM RECORDINGS

MUSTER_SEED repeats a run. MUSTER_ROUNDS says how many random replies there are."""

import json
import os
import pathlib
import random
import re
import subprocess
import sys
import xml.dom.minidom
import xml.parsers.expat

SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'
VIM = 'urn:vim25'
XSI = 'http://www.w3.org/2001/XMLSchema-instance'

MAX_DEPTH, MAX_ATTRIBUTES, MAX_NAME, MAX_VALUE = 64, 16, 512, 4096
MAX_REFERENCE, MAX_TEXT, MAX_PROPERTIES = 1024, 1 << 20, 256


class Refused(Exception):
    pass


def refuse(condition):
    if condition:
        raise Refused()


# ---------------------------------------------------------------------------------------------------- the DOM ----


def space(node):
    return node.namespaceURI or ''


def children(element, wanted_space=None, name=None):
    """Elements beneath; those of the namespace and name, where these are given."""
    return [child for child in element.childNodes if child.nodeType == child.ELEMENT_NODE and
            (wanted_space is None or space(child) == wanted_space) and (name is None or child.localName == name)]


def vim(element, name):
    return children(element, VIM, name)


def own_text(element, limit):
    """What stands in an element that holds nothing else."""
    text = ''.join(node.data for node in element.childNodes if node.nodeType in (node.TEXT_NODE, node.CDATA_SECTION_NODE))
    if children(element):
        return ''
    refuse(len(text.encode()) > limit)
    return text


def type_of(element, wanted_space):
    for attribute in element.attributes.values():
        if attribute.localName == 'type' and space(attribute) == wanted_space:
            return attribute.value.rpartition(':')[2] if wanted_space else attribute.value
    return ''


def check_limits(element, depth):
    attributes = [a for a in element.attributes.values() if space(a) != 'http://www.w3.org/2000/xmlns/']
    refuse(depth > MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES)
    for node in [element] + attributes:
        refuse(len(space(node).encode()) + len(node.localName.encode()) > MAX_NAME)
    refuse(any(len(a.value.encode()) > MAX_VALUE for a in attributes))
    for child in children(element):
        check_limits(child, depth + 1)


def parse(data):
    try:
        data.decode('utf-8')
        document = xml.dom.minidom.parseString(data)
    except (UnicodeDecodeError, ValueError, LookupError, xml.parsers.expat.ExpatError):
        raise Refused() from None
    refuse(document.doctype is not None)
    refuse((document.encoding or 'utf-8').lower() not in ('utf-8', 'us-ascii'))
    check_limits(document.documentElement, 1)
    return document.documentElement


# -------------------------------------------------------------------------------------------------- the rules ----


def tree(element, keeps):
    beneath = [tree(child, keeps) for child in children(element) if keeps(child.localName)]
    return [element.localName, type_of(element, XSI), type_of(element, ''), own_text(element, MAX_TEXT), beneath]


def everything(name):
    return True


def last_text(element, name):
    texts = [own_text(child, MAX_REFERENCE) for child in vim(element, name)]
    return texts[-1] if texts else ''


def fault_word(name):
    return name[:-5] if name.endswith('Fault') and len(name) > 5 else name


def fault_type(element):
    """Of a LocalizedMethodFault within: fault/fault, the last one."""
    types = [fault_word(type_of(inner, XSI)) for outer in vim(element, 'fault') for inner in vim(outer, 'fault')]
    return types[-1] if types else ''


def property_of(part, keeps):
    path, operation = last_text(part, 'name'), last_text(part, 'op')
    values = [tree(value, keeps) for value in vim(part, 'val')]
    refuse(path == '')
    return [path, [values[-1]] if values and operation not in ('remove', 'indirectRemove') else None]


def missing_of(part):
    path = last_text(part, 'path')
    refuse(path == '')
    return [path, fault_type(part)]


def object_of(element, kind, part_name, keeps):
    references = [(type_of(obj, ''), own_text(obj, MAX_REFERENCE)) for obj in vim(element, 'obj')]
    properties = [property_of(part, keeps) for part in vim(element, part_name)]
    missing = [missing_of(part) for part in vim(element, 'missingSet')]
    refuse(len(properties) > MAX_PROPERTIES or len(missing) > MAX_PROPERTIES)
    refuse(not references or '' in references[-1] or kind is None)
    return {'kind': kind, 'type': references[-1][0], 'moref': references[-1][1],
            'properties': [] if kind == 'leave' else properties, 'missing': [] if kind == 'leave' else missing}


def update_of(element, keeps):
    kinds = [own_text(kind, MAX_REFERENCE) for kind in vim(element, 'kind')]
    refuse(any(kind not in ('enter', 'modify', 'leave') for kind in kinds))
    # A change may have an op and a retrieved property may not, but the reader has one place for both.
    return object_of(element, kinds[-1] if kinds else None, 'changeSet', keeps)


def read_retrieval(method, around, keeps):
    objects = []
    for result in vim(method, 'returnval'):
        objects += [object_of(element, 'enter', 'propSet', keeps) for element in vim(result, 'objects')]
        tokens = [own_text(token, MAX_REFERENCE) for token in vim(result, 'token')]
        if tokens:
            around['token'] = tokens[-1] or None
    return objects


def read_truth(text):
    word = text.strip(' \t\r\n')
    refuse(word not in ('true', 'false', '1', '0'))
    return word in ('true', '1')


def read_updates(method, around, keeps):
    objects = []
    for result in vim(method, 'returnval'):
        for version in vim(result, 'version'):
            around['version'] = own_text(version, MAX_REFERENCE) or None
        for truncated in vim(result, 'truncated'):
            around['truncated'] = read_truth(own_text(truncated, MAX_REFERENCE))
        for filter_set in vim(result, 'filterSet'):
            objects += [update_of(element, keeps) for element in vim(filter_set, 'objectSet')]
            for absent in vim(filter_set, 'missingSet'):
                around['absent'] = fault_type(absent)
        refuse(around['version'] is None)
    return objects


def read_fault(fault, around):
    texts = [own_text(text, MAX_TEXT) for text in children(fault, '', 'faultstring')]
    details = [child for detail in children(fault, '', 'detail') for child in children(detail)]
    word = fault_word(type_of(details[0], XSI) or details[0].localName) if details else ''
    around['fault'] = [word, texts[-1] if texts else '', [tree(detail, everything) for detail in details]]


def read_content(content, around, keeps):
    around['method'] = content.localName
    if space(content) == SOAP and content.localName == 'Fault':
        read_fault(content, around)
        return []
    refuse(space(content) != VIM)
    if content.localName in ('RetrievePropertiesExResponse', 'ContinueRetrievePropertiesExResponse'):
        return read_retrieval(content, around, keeps)
    if content.localName == 'WaitForUpdatesExResponse':
        return read_updates(content, around, keeps)
    around['result'] = [tree(result, everything) for result in vim(content, 'returnval')]
    return []


def read(data, keeps):
    envelope = parse(data)
    refuse(space(envelope) != SOAP or envelope.localName != 'Envelope')
    bodies = children(envelope, SOAP, 'Body')
    refuse(len(bodies) != 1)
    contents = children(bodies[0])
    refuse(len(contents) != 1)
    around = {'method': None, 'token': None, 'version': None, 'truncated': False, 'absent': None, 'objects': 0,
              'fault': None, 'result': []}
    objects = read_content(contents[0], around, keeps)
    around['objects'] = len(objects)
    return objects + [around]


def expected(data, keeps):
    try:
        return read(data, keeps)
    except Refused:
        return None


# ------------------------------------------------------------------------------------------- random replies ----

NAMES = ['name', 'val', 'obj', 'propSet', 'changeSet', 'objects', 'objectSet', 'missingSet', 'path', 'fault', 'token',
         'version', 'kind', 'op', 'returnval', 'key', 'backing', 'VirtualDevice', 'zeta', 'truncated', 'filterSet']
TEXTS = ['', 'x', 'vm-1', 'a<b&c>"d\'', ' ', '\n', 'ünïcode € 🔑', ']]>', '9223372036854775808', 'true', 'remove',
         '%s%n', 'x' * 900, 'a\tb\r\nc', '\u202e', '\x85']
TYPES = ['xsd:string', 'ManagedObjectReference', 'x:VirtualDisk', 'ArrayOfVirtualDevice', 'NoPermission', '', ':', 'a:b:c',
         'SystemErrorFault', 'Fault']


class Writer:
    """Writes elements in one of many ways that mean the same, or nearly."""

    def __init__(self, dice):
        self.dice = dice
        self.prefix = dice.choice(['', '', 'v'])
        self.instance = dice.choice(['xsi', 'i', 'XMLSchema-instance', None])
        self.blanks = dice.choice(['', '', '\n ', '<!-- c -->', '<?p i?>'])
        self.strange = dice.choice([0, 0, 0.05, 0.3])

    def text(self, text):
        if self.dice.random() < 0.1 and ']]>' not in text and '\r' not in text:
            return '<![CDATA[' + text + ']]>'
        for character, escape in (('&', '&amp;'), ('<', '&lt;'), ('>', '&gt;'), ('\r', '&#13;'), ('"', '&quot;')):
            text = text.replace(character, escape)
        if text and self.dice.random() < 0.1:
            cut = self.dice.randrange(len(text) + 1)
            if ';' not in text:
                return text[:cut] + '<!-- in between -->' + text[cut:]
        return text

    def attribute_text(self, text):
        return self.text(text).replace('<![CDATA[', '').replace(']]>', '').replace('<!-- in between -->', '')

    def attributes(self, xsi_type, ref_type):
        parts = []
        if xsi_type is not None:
            name = self.instance
            if name is None:
                name = self.dice.choice(['q', 'r'])
                parts.append(f'xmlns:{name}="{XSI}"')
            parts.append(f'{name}:type="{xsi_type}"')
        if ref_type is not None:
            parts.append(f'type="{ref_type}"')
        if self.dice.random() < self.strange:
            parts.append('xmlns:o="urn:other" o:type="wrong" o:key="1"')
        self.dice.shuffle(parts)
        return ''.join(' ' + part for part in parts)

    def element(self, name, content, xsi_type=None, ref_type=None):
        prefix = self.prefix + ':' if self.prefix else ''
        if self.dice.random() < self.strange / 4:
            prefix = 'other:'
        attributes = self.attributes(xsi_type, ref_type)
        if content == '' and self.dice.random() < 0.5:
            return f'<{prefix}{name}{attributes}/>'
        return f'<{prefix}{name}{attributes}>{content}</{prefix}{name}>'

    def leaf(self, name, text=None, xsi_type=None, ref_type=None):
        return self.element(name, self.text(self.dice.choice(TEXTS) if text is None else text), xsi_type, ref_type)

    def join(self, parts):
        parts = [part for part in parts if self.dice.random() >= self.strange / 4]
        if self.dice.random() < self.strange:
            parts.append(self.leaf(self.dice.choice(NAMES)))
        if self.dice.random() < self.strange:
            self.dice.shuffle(parts)
        return self.blanks.join([''] + parts + [''])

    def some(self, most, make):
        return [make() for _ in range(self.dice.randrange(most + 1))]


def type_or_none(writer):
    return writer.dice.choice(TYPES) if writer.dice.random() < 0.5 else None


def value(writer, name, depth):
    if depth == 0 or writer.dice.random() < 0.4:
        return writer.leaf(name, xsi_type=type_or_none(writer), ref_type=type_or_none(writer))
    beneath = writer.some(4, lambda: value(writer, writer.dice.choice(NAMES), depth - 1))
    return writer.element(name, writer.join(beneath), xsi_type=type_or_none(writer))


def fault(writer):
    cause = writer.element('fault', writer.join([writer.leaf('privilegeId', 'System.Read')]),
                           xsi_type=writer.dice.choice(['NoPermission', 'NotAuthenticated', 'SystemErrorFault']))
    return writer.element('fault', writer.join([cause, writer.leaf('localizedMessage')]))


def given(writer, name, operations):
    parts = [writer.leaf('name', writer.dice.choice(['name', 'runtime.host', 'config.hardware.device']))]
    if operations:
        parts.append(writer.leaf('op', writer.dice.choice(['assign', 'assign', 'add', 'remove', 'indirectRemove'])))
    if writer.dice.random() < 0.9:
        parts.append(value(writer, 'val', 5))
    return writer.element(name, writer.join(parts))


def missing(writer):
    return writer.element('missingSet', writer.join([writer.leaf('path', 'config.uuid'), fault(writer)]))


def reference(writer):
    moref = writer.dice.choice(['vm-1', 'session[1]2', '/path/x@folder-5', 'x' * 1024])
    return writer.leaf('obj', moref, ref_type=writer.dice.choice(['VirtualMachine', 'Folder', 'ContainerView']))


def retrieval(writer):
    def one():
        return writer.element('objects', writer.join([reference(writer)] + writer.some(5, lambda: given(
            writer, 'propSet', False)) + writer.some(2, lambda: missing(writer))))
    token = writer.some(1, lambda: writer.leaf('token', writer.dice.choice(['1', '', 'x' * 1024, 'x' * 1025])))
    result = writer.element('returnval', writer.join(token + writer.some(5, one)))
    return writer.dice.choice(['Retrieve', 'ContinueRetrieve']) + 'PropertiesExResponse', result


def updates(writer):
    def one():
        return writer.element('objectSet', writer.join([
            writer.leaf('kind', writer.dice.choice(['enter', 'modify', 'leave'])), reference(writer)] + writer.some(
                4, lambda: given(writer, 'changeSet', True)) + writer.some(1, lambda: missing(writer))))

    def filter_set():
        absent = writer.some(1, lambda: writer.element('missingSet', writer.join([reference(writer), fault(writer)])))
        return writer.element('filterSet', writer.join([writer.leaf('filter', 'f')] + writer.some(4, one) + absent))
    truncated = writer.some(1, lambda: writer.leaf('truncated', writer.dice.choice(['true', 'false', ' 1 ', '0'])))
    parts = [writer.leaf('version', writer.dice.choice(['1', '-', '2:3']))] + writer.some(3, filter_set) + truncated
    return 'WaitForUpdatesExResponse', writer.join(writer.some(1, lambda: writer.element('returnval', writer.join(parts))))


def other(writer):
    return 'QueryResponse', writer.join(writer.some(3, lambda: value(writer, 'returnval', 8)))


def soap_fault(writer):
    detail = ''.join(writer.some(2, lambda: value(writer, 'NoPermissionFault', 4)))
    parts = ['<faultcode>ServerFaultCode</faultcode>', '<faultstring>' + writer.text(writer.dice.choice(TEXTS)) +
             '</faultstring>', '<detail>' + detail + '</detail>']
    return '<S:Fault>' + writer.blanks.join(part for part in parts if writer.dice.random() < 0.9) + '</S:Fault>'


def random_reply(dice):
    writer = Writer(dice)
    if dice.random() < 0.15:
        content = soap_fault(writer)
    else:
        name, inside = dice.choice([retrieval, retrieval, updates, updates, other])(writer)
        tag = (writer.prefix + ':' if writer.prefix else '') + name
        declaration = f'xmlns:{writer.prefix}="{VIM}"' if writer.prefix else f'xmlns="{VIM}"'
        content = f'<{tag} {declaration}>{inside}</{tag}>'
    spaces = [f'xmlns:S="{SOAP}"', 'xmlns:other="urn:other"', f'xmlns:xsi="{XSI}"', f'xmlns:i="{XSI}"',
              f'xmlns:XMLSchema-instance="{XSI}"', f'xmlns:v="{VIM}"']
    declaration = dice.choice(['', '<?xml version="1.0" encoding="UTF-8"?>\n', "<?xml version='1.0'?>"])
    header = dice.choice(['', '<S:Header/>', '<S:Header><a>b</a></S:Header>'])
    return (f'{declaration}<S:Envelope {" ".join(spaces)}>{header}{writer.blanks}<S:Body>{content}</S:Body>'
            f'</S:Envelope>{writer.blanks}').encode()


def mutated(dice, data):
    """The bytes with a few changes: of single bytes, of stretches, of whole words that mean something."""
    data = bytearray(data)
    words = [b'type', b'xsi:', b'<', b'>', b'/', b'"', b'</a>', b'<a>', b'<obj/>', b'leave', b'remove', b'urn:vim25', b'\xff',
             b'&#0;', b'&amp;', b'&x;', b'<!DOCTYPE a>', b'<![CDATA[', b'--', b'Fault', b'S:', b':', b'\0', b'\xef\xbb\xbf']
    for _ in range(dice.choice([1, 1, 1, 2, 5])):
        at, size = dice.randrange(len(data)), dice.choice([0, 1, 1, 2, 8, 40])
        data[at:at + size] = dice.choice([b'', bytes([dice.randrange(256)]), dice.choice(words),
                                          bytes(data[dice.randrange(len(data)):][:dice.choice([1, 10, 60])])])
        if not data:
            break
    return bytes(data)


def nested(depth):
    inside = '<a>' * depth + 'x' + '</a>' * depth
    return (f'<S:Envelope xmlns:S="{SOAP}"><S:Body><QueryResponse xmlns="{VIM}"><returnval>{inside}</returnval>'
            '</QueryResponse></S:Body></S:Envelope>').encode()


# ------------------------------------------------------------------------------------------------ comparing ----


class Reader:
    """The program with the reader under test, one reply after the other."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)

    def lines(self, data, part):
        self.process.stdin.write(b'%d %d\n' % (len(data), part) + data)
        self.process.stdin.flush()
        lines = []
        while (line := self.process.stdout.readline()) not in (b'\n', b''):
            lines.append(json.loads(line))
        return lines

    def end(self):
        self.process.stdin.close()
        return self.process.wait()


def is_comparable(data):
    """The DOM's reader cannot tell the blank in a namespace from the one that it puts behind it, and refuses it."""
    return re.search(rb'xmlns[^=]*=\s*("[^"]*[\s&]|\'[^\']*[\s&])', data) is None


def compare(reader, data, part, keeps):
    """The kind of agreement: 'read' or 'refused'."""
    wanted, lines = expected(data, keeps), reader.lines(data, part)
    if wanted is None:
        agreed = bool(lines) and lines[-1] == {'error': 'protocol'}
    else:
        agreed = lines == wanted
    if not agreed:
        pathlib.Path('disagreement.xml').write_bytes(data)
        sys.exit(f'parts of {part}: the reader tells\n{lines}\nand the DOM\n{wanted}\nof disagreement.xml:\n{data!r}')
    return 'refused' if wanted is None else 'read'


def samples(dice, recordings, rounds):
    for data in recordings:
        yield 'recording', data
        for _ in range(rounds // 20):
            yield 'changed', mutated(dice, data)
    for depth in range(MAX_DEPTH - 8, MAX_DEPTH + 2):
        yield 'nested', nested(depth)
    for _ in range(rounds):
        data = random_reply(dice)
        yield 'random', data
        for _ in range(4):
            yield 'changed', mutated(dice, data)


def main():
    program, folder = sys.argv[1:]
    seed = int(os.environ.get('MUSTER_SEED', random.SystemRandom().randrange(1 << 30)))
    rounds = int(os.environ.get('MUSTER_ROUNDS', 500))
    print(f'MUSTER_SEED={seed}')
    dice, counts = random.Random(seed), {}
    recordings = [path.read_bytes() for path in sorted(pathlib.Path(folder).glob('*.xml'))]
    readers = [(Reader(program), everything), (Reader(program, '--keep'), lambda name: name[0] <= 'm')]
    for kind, data in samples(dice, recordings, rounds):
        if not is_comparable(data):
            continue
        reader, keeps = dice.choice(readers)
        result = compare(reader, data, dice.choice([0, 0, 1, 7, 100]), keeps)
        counts[kind, result] = counts.get((kind, result), 0) + 1
    print(counts)
    assert all(reader.end() == 0 for reader, _ in readers)
    # Comparing is worth something only where both outcomes are frequent.
    assert len(recordings) > 30 and counts['recording', 'read'] == len(recordings)
    assert counts['random', 'read'] > rounds / 2 and counts['nested', 'refused'] > 0 and counts['nested', 'read'] > 0
    assert counts['changed', 'read'] > rounds / 4 and counts['changed', 'refused'] > rounds / 4


if __name__ == '__main__':
    main()
