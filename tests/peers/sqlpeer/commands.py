"""Commands to the peer: words, apart by tabs where the line has a tab, else by blanks; answered by one line of JSON."""
import collections

import tricks
import tricks_browser
from result import SqlError


class Mistake(Exception):
    """What the answer says."""


COMMANDS = {}


def command(usage):
    """Words in capitals are wanted, those in brackets may be left out."""
    def keep(function):
        words = usage.split()
        COMMANDS[words[0]] = (function, usage, sum(word[0] != "[" for word in words[1:]), len(words) - 1)
        return function
    return keep


def perform(world, line):
    words = line.split("\t") if "\t" in line else line.split()
    if not words or words[0] not in COMMANDS:
        return {"error": f"no command {words[0] if words else ''}"}
    function, usage, least, most = COMMANDS[words[0]]
    if not least <= len(words) - 1 <= most:
        return {"error": f"usage: {usage}"}
    try:
        return {"ok": True, **(function(world, *words[1:]) or {})}
    except SqlError as error:
        return {"error": error.text}
    except (Mistake, KeyError, ValueError, LookupError) as error:
        return {"error": str(error.args[0] if error.args else error)}


def host_of(world, name):
    if name not in world.fleet.hosts:
        raise Mistake(f"no host {name}")
    return world.fleet.hosts[name]


def instances_of(world, name):
    """Those of HOST, or the one of HOST/INSTANCE; with the host."""
    host_name, _, wanted = name.partition("/")
    host = host_of(world, host_name)
    if not wanted:
        return host, list(host.instances.values())
    if wanted not in host.instances:
        raise Mistake(f"no instance {wanted} on {host_name}")
    return host, [host.instances[wanted]]


@command("where HOST")
def where(world, name):
    """Address and browser's port of HOST; of HOST/INSTANCE its port, too (of HOST, where it has one instance alone)."""
    host, instances = instances_of(world, name)
    place = world.places[host.name]
    return {**place, **({"port": place["instances"][instances[0].name]} if len(instances) == 1 else {})}


@command("count [HOST]")
def count(world, name=None):
    """What was counted since the start or the last reset: of a host, of an instance (HOST/INSTANCE), or of all together."""
    named = [instances_of(world, one) for one in ([name] if name else world.fleet.hosts)]
    total = collections.Counter()
    for host, instances in named:
        for counts in [one.counts for one in instances] + ([] if name and "/" in name else [host.counts]):
            total.update(counts)
    plain = {what: 0 for what in ("connections", "prelogins", "handshakes", "logins", "refused", "batches", "calls",
                                  "attentions", "browser_all", "browser_instance", "browser_broadcast")}
    return {**plain, **total, "open": sum(len(one.open) for _, instances in named for one in instances)}


@command("reset")
def reset(world):
    for host in world.fleet.hosts.values():
        for held in [host, *host.instances.values()]:
            held.counts.clear()


@command("trick HOST NAME")
def trick(world, name, text):
    """Of HOST/INSTANCE, or of all instances of HOST; browser-NAME is of its browser."""
    host, instances = instances_of(world, name)
    if text.startswith("browser-"):
        host.browser_trick = tricks_browser.browser_trick(text)
        return
    for one in instances:
        one.trick = tricks.named(text)
    if text == "honest":
        host.browser_trick = tricks_browser.browser_trick(text)


@command("delay MILLISECONDS")
def delay(world, milliseconds):
    world.delay = int(milliseconds) / 1000


def hang_up(host):
    for instance in host.instances.values():
        for writer in list(instance.open):
            writer.transport.abort()


@command("restart HOST")
def restart(world, name):
    """All of its connections end."""
    hang_up(host_of(world, name))


@command("down HOST")
def down(world, name):
    """Connections are closed as soon as they are there, and the browser is silent, until "up"."""
    host_of(world, name).down = True
    hang_up(world.fleet.hosts[name])


@command("up HOST")
def up(world, name):
    host_of(world, name).down = False


@command("set HOST/INSTANCE SETTING VALUE")
def set_setting(world, name, setting, value):
    """encryption, tls, certificate, hidden: from the next connection on; VALUE "-": no longer set."""
    for instance in instances_of(world, name)[1]:
        if value == "-":
            instance.settings.pop(setting, None)
        else:
            instance.settings[setting] = value
