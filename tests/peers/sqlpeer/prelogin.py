"""PRELOGIN (MS-TDS 2.2.6.5), from the server's end."""
import struct

from packets import Gone

VERSION, ENCRYPTION, INSTANCE, THREAD, MARS = 0, 1, 2, 3, 4
END = 0xFF
OFF, ON, NOT_SUPPORTED, REQUIRED = 0, 1, 2, 3
WORDS = {"off": OFF, "on": ON, "not_supported": NOT_SUPPORTED, "required": REQUIRED}
ORDER = (VERSION, THREAD, MARS, ENCRYPTION, INSTANCE)  # Microsoft's own is not that of the numbers


def read(payload):
    """Options by their number; in any order, each within bounds."""
    options, at = {}, 0
    while at < len(payload) and payload[at] != END:
        if at + 5 > len(payload):
            raise Gone("PRELOGIN: options that do not end")
        number, offset, length = struct.unpack_from(">BHH", payload, at)
        if offset + length > len(payload):
            raise Gone(f"PRELOGIN: option {number} is past the end")
        options[number] = payload[offset:offset + length]
        at += 5
    if at >= len(payload):
        raise Gone("PRELOGIN: options that do not end")
    return options


def write(options, order=ORDER):
    at = 5 * len(order) + 1
    table, data = b"", b""
    for number in order:
        table += struct.pack(">BHH", number, at + len(data), len(options[number]))
        data += options[number]
    return table + bytes([END]) + data


def version(build):
    major, minor, number = (int(part) for part in build.split(".")[:3])
    return struct.pack(">BBHH", major, minor, number, 0)


def agreed(client, server):
    """What is answered to the client's wish; the server's is OFF, REQUIRED (or ON, as it calls that, too) or NOT_SUPPORTED."""
    if server == NOT_SUPPORTED:
        return NOT_SUPPORTED
    if client in (ON, REQUIRED):
        return ON
    if server in (ON, REQUIRED):
        return REQUIRED
    return OFF if client == OFF else NOT_SUPPORTED


def asked(options, number, fallback):
    """An option of one byte."""
    given = options.get(number, b"")
    return given[0] if given else fallback


def is_other_instance(options, name):
    """Whether the client has come for another instance: INSTOPT is its name, or nothing."""
    given = options.get(INSTANCE, b"").split(b"\0")[0].decode("latin-1")
    return bool(given) and given.upper() != name.upper()
