"""usage: winpeer [--fleet FILE] [--host NAME:VERSION]... [option]...; see ../README.md.

Windows computers on loopback, as WinRM shows them, many in one process. One line of JSON when they are ready, then
commands on standard input; ends when that does."""
import argparse
import asyncio
import json
import pathlib
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import commands  # noqa: E402
import fleet as fleets  # noqa: E402
import server  # noqa: E402
import tricks  # noqa: E402


def arguments():
    words = argparse.ArgumentParser(prog="winpeer")
    words.add_argument("--fleet", help="JSON, or a file of it")
    words.add_argument("--host", action="append", default=[], help="NAME:VERSION")
    words.add_argument("--username", default="scan")
    words.add_argument("--password", default="right")
    words.add_argument("--domain", default="CORP")
    words.add_argument("--keytab", help="of HTTP/localhost: Kerberos is offered; KRB5_CONFIG names the realm")
    words.add_argument("--clock-skew", action="store_true", help="Kerberos finds each client's clock wrong")
    words.add_argument("--delay-ms", type=int, default=0, help="before each answer")
    words.add_argument("--verbose", action="store_true")
    words.add_argument("--list", action="store_true", help="the tricks")
    return words.parse_args()


def told(options):
    text = options.fleet or ""
    hosts = json.loads(text if text.startswith("{") else pathlib.Path(text).read_text()) if text else {"hosts": []}
    for one in options.host:
        name, _, version = one.partition(":")
        hosts["hosts"].append({"name": name, "version": version})
    if not hosts["hosts"]:
        sys.exit("winpeer: no host: --host NAME:VERSION, or --fleet FILE")
    return hosts


async def listen(fleet):
    """Ports by host. Hosts of one "group" share their ports, each at its own address; at one address they are told apart by
    the name that is asked for."""
    found, groups, listeners = {}, {}, {}
    for name, host in fleet.hosts.items():
        address, group = host.settings.get("address", "127.0.0.1"), host.settings.get("group", ("alone", name))
        ports = groups.setdefault(group, {"http": 0, "https": 0})
        for word in ("http", "https"):
            if (group, address, word) not in listeners:
                listener = listeners[group, address, word] = server.Listener(fleet, host, word == "https")
                ports[word] = await listener.start(address, ports[word])
            listeners[group, address, word].add(host)
        found[name] = {"address": address, **ports}
    return found


async def obey(fleet):
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(json.dumps(commands.perform(fleet, line.decode().rstrip("\n"))), flush=True)


async def main(options):
    try:
        fleet = fleets.Fleet(told(options), options)
    except (KeyError, ValueError, TypeError, OSError) as error:
        sys.exit(f"winpeer: the fleet is not as it should be: {error!r}")
    try:
        fleet.prepare_gssapi()
        ports = await listen(fleet)
        client, good = fleet.certificate("client"), fleet.certificate("good")
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
        print(json.dumps({"hosts": ports, "ca_file": str(fleet.authority.file), "fingerprint": good.fingerprint,
                          "username": options.username, "password": options.password, "domain": options.domain,
                          "certificate": str(client.chain), "key": str(client.key)}), flush=True)
        await obey(fleet)
    except asyncio.CancelledError:
        pass
    finally:
        fleet.close()


if __name__ == "__main__":
    given = arguments()
    if given.list:
        print("\n".join(sorted(tricks.TRICKS)))
    else:
        asyncio.run(main(given))
