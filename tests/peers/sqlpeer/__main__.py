"""usage: sqlpeer [--fleet FILE] [--host NAME:VERSION]... [option]...; see ../README.md.

SQL Servers on loopback with their SQL Server Browsers, many in one process. One line of JSON when they are ready, then
commands on standard input; ends when that does."""
import argparse
import asyncio
import json
import pathlib
import resource
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import commands  # noqa: E402
import engine_commands  # noqa: E402, F401: adds to commands.COMMANDS
import fleet as fleets  # noqa: E402
import tricks  # noqa: E402
import tricks_browser  # noqa: E402
import world as worlds  # noqa: E402


def arguments():
    words = argparse.ArgumentParser(prog="sqlpeer")
    words.add_argument("--fleet", help="JSON, or a file of it")
    words.add_argument("--host", action="append", default=[], help="NAME:VERSION")
    words.add_argument("--username", default="scan")
    words.add_argument("--password", default="right")
    words.add_argument("--domain", default="CORP")
    words.add_argument("--keytab", help="of MSSQLSvc/...: Kerberos is taken; KRB5_CONFIG names the realm")
    words.add_argument("--browser-port", type=int, default=1434, help="0: any")
    words.add_argument("--delay-ms", type=int, default=0, help="before a PRELOGIN or the browser is answered")
    words.add_argument("--pcap", help="file for the packets of all connections, as they are before encryption")
    words.add_argument("--verbose", action="store_true")
    words.add_argument("--list", action="store_true", help="the tricks")
    return words.parse_args()


def told(options):
    text = options.fleet or ""
    hosts = json.loads(text if text.startswith("{") else pathlib.Path(text).read_text()) if text else {"hosts": []}
    for one in options.host:
        name, _, version = one.partition(":")
        hosts["hosts"].append({"name": name, "instances": [{"name": "MSSQLSERVER", "version": version}]})
    if not hosts["hosts"]:
        sys.exit("sqlpeer: no host: --host NAME:VERSION, or --fleet FILE")
    hosts.setdefault("logins", {}).setdefault(options.username, options.password)
    return hosts


async def obey(world):
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(json.dumps(commands.perform(world, line.decode().rstrip("\n"))), flush=True)


async def listen(world):
    try:
        await world.listen()
    except OSError as error:
        sys.exit(f"sqlpeer: {error}; where another holds UDP 1434 of that address: give hosts addresses of their own, "
                 "or --browser-port 0")


async def main(options):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a thousand hosts have two thousand ports
    try:
        description = told(options)
        world = worlds.World(fleets.Fleet(description), description, options)
    except (KeyError, ValueError, TypeError, OSError) as error:
        sys.exit(f"sqlpeer: the fleet is not as it should be: {error!r}")
    try:
        await listen(world)
        good = world.certificate("good")
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
        print(json.dumps({"hosts": world.places, "ca_file": str(world.authority.file), "fingerprint": good.fingerprint,
                          "username": options.username, "password": options.password, "domain": options.domain}),
              flush=True)
        await obey(world)
    except asyncio.CancelledError:
        pass
    finally:
        world.close()


if __name__ == "__main__":
    given = arguments()
    if given.list:
        print("\n".join(sorted([*tricks.TRICKS, *tricks_browser.BROWSER_TRICKS])))
    else:
        asyncio.run(main(given))
