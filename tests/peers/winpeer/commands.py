"""Commands to the peer: words, apart by tabs where the line has a tab, else by blanks; answered by one line of JSON."""
import collections


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


def perform(fleet, line):
    words = line.split("\t") if "\t" in line else line.split()
    if not words or words[0] not in COMMANDS:
        return {"error": f"no command {words[0] if words else ''}"}
    function, usage, least, most = COMMANDS[words[0]]
    if not least <= len(words) - 1 <= most:
        return {"error": f"usage: {usage}"}
    try:
        return {"ok": True, **(function(fleet, *words[1:]) or {})}
    except (Mistake, KeyError, ValueError, LookupError) as error:
        return {"error": str(error.args[0] if error.args else error)}


def host_of(fleet, name):
    if name not in fleet.hosts:
        raise Mistake(f"no host {name}")
    return fleet.hosts[name]


@command("count [HOST]")
def count(fleet, name=None):
    """What was counted since the start or the last reset, of a host or of all together."""
    hosts = [host_of(fleet, name)] if name else fleet.hosts.values()
    total = collections.Counter()
    for host in hosts:
        total.update(host.counts)
    named = {what.removeprefix("action "): total[what] for what in total if what.startswith("action ")}
    plain = {what: total[what] for what in ("requests", "soap", "connections", "handshakes", "refused", "attempts",
                                            "plain", "broken", "connections_refused")}
    return {**plain, "actions": named, "open": sum(len(host.connections) for host in hosts),
            "contexts": sum(len(host.service.contexts) for host in hosts)}


@command("reset")
def reset(fleet):
    for host in fleet.hosts.values():
        host.counts.clear()


@command("trick HOST NAME")
def trick(fleet, name, text):
    host_of(fleet, name).play(text)


@command("delay MILLISECONDS")
def delay(fleet, milliseconds):
    fleet.delay = int(milliseconds) / 1000


@command("expire HOST")
def expire(fleet, name):
    """All enumerations that are open."""
    host_of(fleet, name).service.forget()


@command("reboot HOST")
def reboot(fleet, name):
    host_of(fleet, name).reboot()


@command("down HOST")
def down(fleet, name):
    """Connections are closed as soon as they are there, until "up"."""
    host_of(fleet, name).down = True
    host_of(fleet, name).reboot()


@command("up HOST")
def up(fleet, name):
    host_of(fleet, name).down = False


@command("ahead HOST SECONDS")
def ahead(fleet, name, seconds):
    """The clock that its answers tell."""
    host_of(fleet, name).ahead = int(seconds)


@command("deny HOST WHAT")
def deny(fleet, name, what):
    """A namespace, a class, NAMESPACE/CLASS, or HKLM\\KEY with all beneath."""
    host_of(fleet, name).denied.add(what.lower())
    host_of(fleet, name).service.changed()


@command("allow HOST")
def allow(fleet, name):
    host_of(fleet, name).denied.clear()
    host_of(fleet, name).service.changed()


@command("move VM HOST HOST")
def move(fleet, machine, source, target):
    """A live migration."""
    host_of(fleet, source)
    host_of(fleet, target)
    try:
        fleet.move(machine, source, target)
    except StopIteration:
        raise Mistake(f"no machine {machine} on {source}") from None


@command("state HOST VM STATE")
def state(fleet, name, machine_name, word):
    """running, off, saved, paused or starting."""
    host_of(fleet, name)
    for machine in fleet.clustered(name):
        if machine.name == machine_name:
            machine.state = word
            fleet.anew()
            return
    raise Mistake(f"no machine {machine_name} on {name}")


@command("destroy HOST VM")
def destroy(fleet, name, machine_name):
    host_of(fleet, name)
    fleet.clustered(name)
    fleet.running[name] = [one for one in fleet.running[name] if one.name != machine_name]
    fleet.anew()


@command("set HOST SPACE CLASS PROPERTY VALUE [WHERE]")
def set_property(fleet, name, space, class_name, property_name, value, where=None):
    """Of all instances, or of those where PROPERTY=VALUE."""
    host = host_of(fleet, name)
    table = host.table(space, class_name)
    column = table.column(property_name)
    if column is None:
        raise Mistake(f"{class_name} has no {property_name}")
    key, _, wanted = (where or "").partition("=")
    rows = [row for row in table.rows if not where or str(row.get(table.column(key))) == wanted]
    for row in rows:
        row[column] = type(row[column])(value) if isinstance(row.get(column), (int, str)) else value
    host.service.changed()
    return {"changed": len(rows)}
