"""What went over connections, for tshark: packets of TDS as they were before encryption, as TCP segments in a file of pcap."""
import ipaddress
import struct
import time

RAW_IP = 101
SEGMENT = 60000


class Capture:
    def __init__(self, path):
        self.file = open(path, "wb")  # closed with the program
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, RAW_IP))

    def connection(self, writer):
        return Flow(self, writer.get_extra_info("peername"), writer.get_extra_info("sockname"))

    def write(self, frame):
        seconds, rest = divmod(time.time(), 1)
        self.file.write(struct.pack("<IIII", int(seconds), int(rest * 1e6), len(frame), len(frame)) + frame)
        self.file.flush()


class Flow:
    """One connection; client and server are addresses with their ports."""

    def __init__(self, capture, client, server):
        self.capture, self.ends, self.numbers = capture, (client, server), [1, 1]

    def sent(self, data):
        self.segment(0, data)

    def got(self, data):
        self.segment(1, data)

    def segment(self, who, data):
        source, target = self.ends[who], self.ends[1 - who]
        for at in range(0, len(data), SEGMENT):
            part = data[at:at + SEGMENT]
            tcp = struct.pack(">HHIIBBHHH", source[1], target[1], self.numbers[who], self.numbers[1 - who], 5 << 4, 0x18,
                              65535, 0, 0) + part
            head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0)
            head += ipaddress.ip_address(source[0]).packed + ipaddress.ip_address(target[0]).packed
            self.numbers[who] = (self.numbers[who] + len(part)) & 0xFFFFFFFF
            self.capture.write(head + tcp)
