"""A streaming reader of replies beside another one: a DOM of the Python library, and the reader's rules written a second
time by the test that uses this. Both read recordings, random replies, and what becomes of either when bytes are changed;
both must tell the same, or both refuse.

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

XSI = 'http://www.w3.org/2001/XMLSchema-instance'
MAX_DEPTH, MAX_ATTRIBUTES, MAX_NAME, MAX_VALUE = 64, 16, 512, 4096


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


def mixed_text(element, limit):
    """What stands in an element, beside what else it holds."""
    text = ''.join(node.data for node in element.childNodes if node.nodeType in (node.TEXT_NODE, node.CDATA_SECTION_NODE))
    refuse(len(text.encode()) > limit)
    return text


def own_text(element, limit):
    """What stands in an element that holds nothing else."""
    return '' if children(element) else mixed_text(element, limit)


def attribute(element, wanted_space, name):
    for found in element.attributes.values():
        if found.localName == name and space(found) == wanted_space:
            return found.value
    return None


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


def soap_body(data, soap):
    """What the Body of an envelope holds."""
    envelope = parse(data)
    refuse(space(envelope) != soap or envelope.localName != 'Envelope')
    bodies = children(envelope, soap, 'Body')
    refuse(len(bodies) != 1)
    return children(bodies[0])


# ------------------------------------------------------------------------------------------- random replies ----


class Writer:
    """Writes elements in one of many ways that mean the same, or nearly."""

    def __init__(self, dice, names):
        self.dice = dice
        self.names = names
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

    def tag(self, name, attributes, content):
        if content == '' and self.dice.random() < 0.5:
            return f'<{name}{attributes}/>'
        return f'<{name}{attributes}>{content}</{name}>'

    def join(self, parts):
        parts = [part for part in parts if self.dice.random() >= self.strange / 4]
        if self.dice.random() < self.strange:
            parts.append(self.leaf(self.dice.choice(self.names)))
        if self.dice.random() < self.strange:
            self.dice.shuffle(parts)
        return self.blanks.join([''] + parts + [''])

    def some(self, most, make):
        return [make() for _ in range(self.dice.randrange(most + 1))]

    def envelope(self, spaces, content):
        """The content as the Body of an envelope, whose prefix is S."""
        declaration = self.dice.choice(['', '<?xml version="1.0" encoding="UTF-8"?>\n', "<?xml version='1.0'?>"])
        header = self.dice.choice(['', '<S:Header/>', '<S:Header><a>b</a></S:Header>'])
        declared = ' '.join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces)
        return (f'{declaration}<S:Envelope {declared}>{header}{self.blanks}<S:Body>{content}</S:Body>'
                f'</S:Envelope>{self.blanks}').encode()


def mutated(dice, data, words):
    """The bytes with a few changes: of single bytes, of stretches, of whole words that mean something."""
    data = bytearray(data)
    words = words + [b'<', b'>', b'/', b'"', b'</a>', b'<a>', b'\xff', b'&#0;', b'&amp;', b'&x;', b'<!DOCTYPE a>', b'<![CDATA[',
                     b'--', b'S:', b':', b'\0', b'\xef\xbb\xbf']
    for _ in range(dice.choice([1, 1, 1, 2, 5])):
        at, size = dice.randrange(len(data)), dice.choice([0, 1, 1, 2, 8, 40])
        data[at:at + size] = dice.choice([b'', bytes([dice.randrange(256)]), dice.choice(words),
                                          bytes(data[dice.randrange(len(data)):][:dice.choice([1, 10, 60])])])
        if not data:
            break
    return bytes(data)


# ------------------------------------------------------------------------------------------------ comparing ----


class Reader:
    """The program with the reader under test, one reply after the other; read is the rules, for the DOM."""

    def __init__(self, read, *command):
        self.read = read
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)

    def lines(self, data, part):
        self.process.stdin.write(b'%d %d\n' % (len(data), part) + data)
        self.process.stdin.flush()
        lines = []
        while (line := self.process.stdout.readline()) not in (b'\n', b''):
            lines.append(json.loads(line))
        return lines

    def expected(self, data):
        try:
            return self.read(data)
        except Refused:
            return None

    def end(self):
        self.process.stdin.close()
        return self.process.wait()


def is_comparable(data):
    """The DOM's reader cannot tell the blank in a namespace from the one that it puts behind it, and refuses it."""
    return re.search(rb'xmlns[^=]*=\s*("[^"]*[\s&]|\'[^\']*[\s&])', data) is None


def compare(reader, data, part):
    """The kind of agreement: 'read' or 'refused'."""
    wanted, lines = reader.expected(data), reader.lines(data, part)
    if wanted is None:
        agreed = bool(lines) and lines[-1] == {'error': 'protocol'}
    else:
        agreed = lines == wanted
    if not agreed:
        pathlib.Path('disagreement.xml').write_bytes(data)
        sys.exit(f'parts of {part}: the reader tells\n{lines}\nand the DOM\n{wanted}\nof disagreement.xml:\n{data!r}')
    return 'refused' if wanted is None else 'read'


def samples(dice, recordings, rounds, random_reply, nested, words):
    for data in recordings:
        yield 'recording', data
        for _ in range(rounds // 20):
            yield 'changed', mutated(dice, data, words)
    for depth in range(MAX_DEPTH - 8, MAX_DEPTH + 2):
        yield 'nested', nested(depth)
    for _ in range(rounds):
        data = random_reply(dice)
        yield 'random', data
        for _ in range(4):
            yield 'changed', mutated(dice, data, words)


def run(readers, folder, random_reply, nested, words):
    """Compares all there is; random_reply(dice) and nested(depth) make replies, and words are what to change bytes to."""
    seed = int(os.environ.get('MUSTER_SEED', random.SystemRandom().randrange(1 << 30)))
    rounds = int(os.environ.get('MUSTER_ROUNDS', 500))
    print(f'MUSTER_SEED={seed}')
    dice, counts = random.Random(seed), {}
    recordings = [path.read_bytes() for path in sorted(pathlib.Path(folder).glob('*.xml'))]
    for kind, data in samples(dice, recordings, rounds, random_reply, nested, words):
        if not is_comparable(data):
            continue
        result = compare(dice.choice(readers), data, dice.choice([0, 0, 1, 7, 100]))
        counts[kind, result] = counts.get((kind, result), 0) + 1
    print(counts)
    assert all(reader.end() == 0 for reader in readers)
    # Comparing is worth something only where both outcomes are frequent.
    assert len(recordings) > 30 and counts['recording', 'read'] == len(recordings)
    assert counts['random', 'read'] > rounds / 2 and counts['nested', 'refused'] > 0 and counts['nested', 'read'] > 0
    assert counts['changed', 'read'] > rounds / 4 and counts['changed', 'refused'] > rounds / 4
