"""Sealed messages, multipart/encrypted (MS-WSMV 2.2.9.1.1.2), as Windows writes them: a tab before the parts'
headers."""
import re
import struct

BOUNDARY = "Encrypted Boundary"
PROTOCOLS = {"Negotiate": "application/HTTP-SPNEGO-session-encrypted",
             "Kerberos": "application/HTTP-Kerberos-session-encrypted"}
TYPE = "application/soap+xml;charset=UTF-8"


class Broken(Exception):
    """It is no sealed message."""


def content_type(scheme, boundary=BOUNDARY):
    return f'multipart/encrypted;protocol="{PROTOCOLS[scheme]}";boundary="{boundary}"'


def write(scheme, plain_size, header, data, boundary=BOUNDARY):
    return (f"--{boundary}\r\n\tContent-Type: {PROTOCOLS[scheme]}\r\n\tOriginalContent: type={TYPE};Length={plain_size}\r\n"
            f"--{boundary}\r\n\tContent-Type: application/octet-stream\r\n").encode() + \
        struct.pack("<I", len(header)) + header + data + f"--{boundary}--\r\n".encode()


def read(kind, body):
    """Length of the plain text, header and data."""
    boundary = re.search(r'boundary="?([^";]+)', kind)
    if boundary is None:
        raise Broken("no boundary")
    mark = re.escape(boundary.group(1).encode())
    head = re.compile(rb"--" + mark + rb"\r\n[ \t]*Content-Type: *application/HTTP-(?:SPNEGO|Kerberos)-session-encrypted\r\n"
                      rb"[ \t]*OriginalContent: *type=[^\r\n]*;Length=(\d+)\r\n--" + mark +
                      rb"\r\n[ \t]*Content-Type: *application/octet-stream\r\n").match(body)
    if head is None:
        raise Broken("the parts are not as they should be")
    at = head.end()
    tail = b"--" + boundary.group(1).encode() + b"--"
    if not body.rstrip(b"\r\n").endswith(tail) or len(body) < at + 4:
        raise Broken("no end")
    size = struct.unpack_from("<I", body, at)[0]
    end = len(body.rstrip(b"\r\n")) - len(tail)
    if at + 4 + size > end:
        raise Broken("the header is longer than the message")
    return int(head.group(1)), body[at + 4:at + 4 + size], body[at + 4 + size:end]
