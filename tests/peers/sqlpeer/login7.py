"""LOGIN7 (MS-TDS 2.2.6.4), from the server's end."""
import struct

from packets import Gone

FIXED = 36
FIELDS = ("host", "user", "password", "application", "server", "extension", "library", "language", "database")
INTEGRATED = 0x80  # OptionFlags2
READ_ONLY = 0x20  # TypeFlags
EXTENDED = 0x10  # OptionFlags3
TDS_7_2, TDS_7_3B, TDS_7_4, TDS_8_0 = 0x72090002, 0x730B0003, 0x74000004, 0x08000000


def plain_password(given):
    """Bytes are turned back: XOR with A5, then halves swapped."""
    turned = (one ^ 0xA5 for one in given)
    return bytes((one >> 4 | one << 4) & 255 for one in turned)


class Login7:
    def __init__(self, content):
        self.content = content
        try:
            self.read()
        except struct.error as error:
            raise Gone("LOGIN7 is too short") from error

    def read(self):
        length, self.version, self.size = struct.unpack_from("<III", self.content)
        if length > len(self.content):
            raise Gone("LOGIN7 is longer than its message")
        _, flags2, types, flags3 = struct.unpack_from("<BBBB", self.content, 24)
        self.integrated, self.read_only = bool(flags2 & INTEGRATED), bool(types & READ_ONLY)
        for at, name in enumerate(FIELDS):
            offset, count = struct.unpack_from("<HH", self.content, FIXED + 4 * at)
            raw = self.part(offset, count if name == "extension" else 2 * count)
            setattr(self, name, self.decoded(name, raw))
        self.sspi = self.read_sspi()
        self.features = self.read_features() if flags3 & EXTENDED and len(self.extension) == 4 else []

    def part(self, offset, count):
        if offset + count > len(self.content):
            raise Gone("LOGIN7: a field is past the end")
        return self.content[offset:offset + count]

    @staticmethod
    def decoded(name, raw):
        if name == "extension":
            return raw
        return (plain_password(raw) if name == "password" else raw).decode("utf-16-le", "replace")

    def read_sspi(self):
        offset, count = struct.unpack_from("<HH", self.content, 78)
        if count == 0xFFFF:
            count, = struct.unpack_from("<I", self.content, 90)
        return self.part(offset, count)

    def read_features(self):
        """Their numbers."""
        at, found = struct.unpack("<I", self.extension)[0], []
        while self.part(at, 1)[0] != 0xFF:
            number, length = struct.unpack_from("<BI", self.content, at)
            found.append(number)
            at += 5 + length
        return found
