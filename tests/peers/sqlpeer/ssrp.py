"""SQL Server Browser (MC-SQLR): one of each simulated computer, at its own address."""
import asyncio
import contextlib
import socket
import struct

BROADCAST, ALL, ONE, DAC = 0x02, 0x03, 0x04, 0x0F
KINDS = {BROADCAST: "broadcast", ALL: "all", ONE: "instance", DAC: "dac"}
REPLY = 0x05
MOST_OF_ONE, MOST = 1024, 65535


def described(host, instance, port):
    """An instance, as 2.2.5 writes it."""
    words = ["ServerName", instance.settings.get("network_name", host.name.partition(".")[0].upper()), "InstanceName",
             instance.name, "IsClustered", "Yes" if instance.clustered else "No", "Version",
             instance.settings.get("browser_version", instance.build)]
    if instance.settings.get("pipe"):
        words += ["np", rf"\\{words[1]}\pipe\sql\query"]
    if instance.settings.get("tcp", True):
        words += ["tcp", str(port)]
    return ";".join(words) + ";;"


def reply(text):
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return struct.pack("<BH", REPLY, len(data) & 0xFFFF) + data


def shown(host):
    return [instance for instance in host.instances.values() if not instance.settings.get("hidden")]


class Browser:
    """ports: of the host's instances, by their names. On a socket of its own: asyncio's transports send no empty datagrams."""

    def __init__(self, world, host, ports, port):
        self.world, self.host, self.ports = world, host, ports
        self.plug = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.plug.bind((host.address, port))
        self.plug.setblocking(False)
        self.port = self.plug.getsockname()[1]
        asyncio.get_running_loop().add_reader(self.plug, self.receive)

    def receive(self):
        try:
            data, sender = self.plug.recvfrom(65536)
        except OSError:  # the port of an earlier answer is closed
            return
        kind = KINDS.get(data[0] if data else None)
        self.host.counts[f"browser_{kind or 'other'}"] += 1
        if kind and not self.host.down:
            asyncio.get_running_loop().call_later(self.world.delay, self.answer, data, sender)

    def answer(self, data, sender):
        for told in self.host.browser_trick.replies(self, sender, self.honest(data)):
            with contextlib.suppress(OSError):  # who asked is gone, or does not read
                self.plug.sendto(told, sender)

    def elsewhere(self, address, told, sender):
        """Sends it from another address, at the same port."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug, contextlib.suppress(OSError):
            plug.bind((address, self.port))
            plug.sendto(told, sender)

    def honest(self, data):
        """The reply; None: silence, as for an instance that is not there."""
        if data[0] in (BROADCAST, ALL):
            return reply("".join(self.texts(shown(self.host))))
        name = data[2 if data[0] == DAC else 1:].split(b"\0")[0].decode("utf-8", "replace").upper()
        found = [one for one in shown(self.host) if one.name.upper() == name]
        if not found:
            return None
        if data[0] == DAC:
            port = found[0].settings.get("dac")
            return struct.pack("<BHBH", REPLY, 6, 1, port) if port else None
        return reply("".join(self.texts(found))[:MOST_OF_ONE])

    def texts(self, instances):
        return [described(self.host, one, self.ports[one.name]) for one in instances]
