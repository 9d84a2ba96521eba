"""What SQL Server Browser of a host does to whoever asks, by name: NAME, or NAME:WHAT."""
import re
import struct

import ssrp

BROWSER_TRICKS = {}


def trick(function):
    """Of a function of the browser, who asks, the honest reply, and WHAT: the datagrams to send."""
    BROWSER_TRICKS["browser-" + function.__name__.replace("_", "-")] = function
    return function


class BrowserTrick:
    def __init__(self, play, what):
        self.play, self.what = play, what

    def replies(self, browser, asker, honest):
        """honest: None where it is silent."""
        if self.play is None or honest is None:
            return [] if honest is None else [honest]
        return self.play(browser, asker, honest, self.what)


def browser_trick(text):
    """The trick of NAME[:WHAT]; "honest" is none."""
    name, _, what = text.partition(":")
    if name == "honest":
        return BrowserTrick(None, "")
    if name not in BROWSER_TRICKS:
        raise KeyError(f"no trick {name}")
    return BrowserTrick(BROWSER_TRICKS[name], what)


def data(honest):
    return honest[3:].decode("utf-8", "surrogateescape")


def changed(honest, pattern, instead):
    return [ssrp.reply(re.sub(pattern, lambda found: instead, data(honest)))]


@trick
def silent(browser, asker, honest, what):
    return []


@trick
def port(browser, asker, honest, what):
    """WHAT in place of each port: 0, 70000, -1, a word."""
    return changed(honest, r"(?<=;tcp;)\d+", what or "0")


@trick
def other_host(browser, asker, honest, what):
    """Says that the instances are another computer's: WHAT, or 127.9.9.9."""
    return changed(honest, r"(?<=ServerName;)[^;]*", what or "127.9.9.9")


@trick
def other_address(browser, asker, honest, what):
    """The reply comes from another address: WHAT, or 127.9.9.9. A cluster's does, too."""
    browser.elsewhere(what or "127.9.9.9", honest, asker)
    return []


@trick
def huge(browser, asker, honest, what):
    """As long as a datagram on loopback may be, with one instance thousands of times."""
    one = data(honest).partition(";;")[0] + ";;"
    return [ssrp.reply((one * (65000 // len(one))))]


@trick
def many(browser, asker, honest, what):
    """More instances than a computer can have."""
    return [ssrp.reply("".join(f"ServerName;X;InstanceName;I{at};IsClustered;No;Version;11.0.7001.0;tcp;{2000 + at};;"
                               for at in range(int(what or 600))))]


@trick
def name(browser, asker, honest, what):
    """WHAT as the name of each instance: quotes, by default."""
    return changed(honest, r"(?<=InstanceName;)[^;]*", what or "A'\"]--%s")


@trick
def control(browser, asker, honest, what):
    """Control characters and bytes that are no text in names."""
    return changed(honest, r"(?<=InstanceName;)[^;]*", "A\x1b[2J\n\x00\udcff")


@trick
def long_name(browser, asker, honest, what):
    return changed(honest, r"(?<=InstanceName;)[^;]*", "N" * 5000)


@trick
def no_name(browser, asker, honest, what):
    return changed(honest, r"(?<=InstanceName;)[^;]*", "")


@trick
def size_more(browser, asker, honest, what):
    """RESP_SIZE is larger than the datagram."""
    return [honest[:1] + struct.pack("<H", min(65535, len(honest) + 500)) + honest[3:]]


@trick
def size_less(browser, asker, honest, what):
    return [honest[:1] + struct.pack("<H", len(honest) // 2) + honest[3:]]


@trick
def size_zero(browser, asker, honest, what):
    return [honest[:1] + b"\0\0" + honest[3:]]


@trick
def short(browser, asker, honest, what):
    """A datagram of two bytes."""
    return [honest[:2]]


@trick
def empty(browser, asker, honest, what):
    return [b""]


@trick
def other_type(browser, asker, honest, what):
    return [b"\x06" + honest[1:]]


@trick
def lower_case(browser, asker, honest, what):
    """Keys are case-sensitive."""
    return [ssrp.reply(re.sub("ServerName|InstanceName|IsClustered|Version", lambda found: found[0].lower(), data(honest)))]


@trick
def version(browser, asker, honest, what):
    return changed(honest, r"(?<=Version;)[^;]*", what or "v14")


@trick
def twice(browser, asker, honest, what):
    """Each instance, two times."""
    return [ssrp.reply(data(honest) * 2)]


@trick
def no_tcp(browser, asker, honest, what):
    return changed(honest, r";tcp;\d+", "")


@trick
def unfinished(browser, asker, honest, what):
    """Ends within an instance."""
    return [ssrp.reply(data(honest)[:-12])]


@trick
def nonsense_first(browser, asker, honest, what):
    """A reply that is none, and then the honest one."""
    return [b"\x05\xff\xffnonsense", honest]


@trick
def flood(browser, asker, honest, what):
    """A hundred datagrams for one."""
    return [b"\x05\x01\x00;"] * 99 + [honest]
