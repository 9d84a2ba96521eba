"""What a host does to its client, by name: NAME, NAME:WHAT, and either with @NUMBER: from that request of WS-Management
on (1 is the first after the login)."""


class Trick:
    """Honest."""
    help = "honest"

    def __init__(self, what="", first=1):
        self.what, self.first, self.seen = what, first, 0

    def due(self):
        return self.seen >= self.first

    def prepare(self, host):
        """Before anything is asked."""

    def denies(self, connection, scheme):
        return False

    async def instead(self, connection, request):
        """Status and text in place of the host's answer; None: the host's."""
        self.seen += 1
        return await self.play(connection, request) if self.due() else None

    async def play(self, connection, request):
        return None

    def items(self, service, space, items):
        return items

    def goes_on(self, service, enumeration):
        return False

    def sealed(self, connection, reply, plain, header, data):
        """May change the reply, which is sealed."""

    async def send(self, connection, reply):
        connection.writer.write(reply.bytes())


TRICKS = {"honest": Trick}


def named(text):
    """The trick of NAME[:WHAT][@NUMBER]."""
    text, _, first = text.partition("@")
    name, _, what = text.partition(":")
    if name not in TRICKS:
        raise KeyError(f"no trick {name}")
    return TRICKS[name](what, int(first or 1))
