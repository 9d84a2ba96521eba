"""The rules of plugins/vmware/vim_read.h written a second time, over a DOM: see recording/beside_dom.py.
usage: test_vim_read.py PROGRAM RECORDINGS"""

import functools
import sys

from beside_dom import XSI, Reader, Writer, attribute, children, own_text, refuse, run, soap_body, space

SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'
VIM = 'urn:vim25'

MAX_REFERENCE, MAX_TEXT, MAX_PROPERTIES = 1024, 1 << 20, 256


# -------------------------------------------------------------------------------------------------- the rules ----


def vim(element, name):
    return children(element, VIM, name)


def type_of(element, wanted_space):
    value = attribute(element, wanted_space, 'type') or ''
    return value.rpartition(':')[2] if wanted_space else value


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
    contents = soap_body(data, SOAP)
    refuse(len(contents) != 1)
    around = {'method': None, 'token': None, 'version': None, 'truncated': False, 'absent': None, 'objects': 0,
              'fault': None, 'result': []}
    objects = read_content(contents[0], around, keeps)
    around['objects'] = len(objects)
    return objects + [around]


# ------------------------------------------------------------------------------------------- random replies ----

NAMES = ['name', 'val', 'obj', 'propSet', 'changeSet', 'objects', 'objectSet', 'missingSet', 'path', 'fault', 'token',
         'version', 'kind', 'op', 'returnval', 'key', 'backing', 'VirtualDevice', 'zeta', 'truncated', 'filterSet']
TEXTS = ['', 'x', 'vm-1', 'a<b&c>"d\'', ' ', '\n', 'ünïcode € 🔑', ']]>', '9223372036854775808', 'true', 'remove',
         '%s%n', 'x' * 900, 'a\tb\r\nc', '\u202e', '\x85']
TYPES = ['xsd:string', 'ManagedObjectReference', 'x:VirtualDisk', 'ArrayOfVirtualDevice', 'NoPermission', '', ':', 'a:b:c',
         'SystemErrorFault', 'Fault']


class Replies(Writer):
    def __init__(self, dice):
        super().__init__(dice, NAMES)
        self.prefix = dice.choice(['', '', 'v'])
        self.instance = dice.choice(['xsi', 'i', 'XMLSchema-instance', None])

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
        return self.tag(prefix + name, self.attributes(xsi_type, ref_type), content)

    def leaf(self, name, text=None, xsi_type=None, ref_type=None):
        return self.element(name, self.text(self.dice.choice(TEXTS) if text is None else text), xsi_type, ref_type)


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


SPACES = [('S', SOAP), ('other', 'urn:other'), ('xsi', XSI), ('i', XSI), ('XMLSchema-instance', XSI), ('v', VIM)]


def random_reply(dice):
    writer = Replies(dice)
    if dice.random() < 0.15:
        return writer.envelope(SPACES, soap_fault(writer))
    name, inside = dice.choice([retrieval, retrieval, updates, updates, other])(writer)
    tag = (writer.prefix + ':' if writer.prefix else '') + name
    declaration = f'xmlns:{writer.prefix}="{VIM}"' if writer.prefix else f'xmlns="{VIM}"'
    return writer.envelope(SPACES, f'<{tag} {declaration}>{inside}</{tag}>')


def nested(depth):
    inside = '<a>' * depth + 'x' + '</a>' * depth
    return (f'<S:Envelope xmlns:S="{SOAP}"><S:Body><QueryResponse xmlns="{VIM}"><returnval>{inside}</returnval>'
            '</QueryResponse></S:Body></S:Envelope>').encode()


WORDS = [b'type', b'xsi:', b'<obj/>', b'leave', b'remove', b'urn:vim25', b'Fault']

if __name__ == '__main__':
    program, folder = sys.argv[1:]
    run([Reader(functools.partial(read, keeps=everything), program),
         Reader(functools.partial(read, keeps=lambda name: name[0] <= 'm'), program, '--keep')],
        folder, random_reply, nested, WORDS)
