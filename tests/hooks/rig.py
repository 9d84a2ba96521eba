"""Runs the scripts of conf/hooks as musterd does (docs/hooks.md), with payloads from the folder payloads."""
import copy
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TREE = pathlib.Path(__file__).resolve().parents[2]
HOOKS = TREE / "conf" / "hooks"
PAYLOADS = pathlib.Path(__file__).resolve().parent / "payloads"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
SKIPPED = 77

# Names as the fleet may have them. {canary} becomes a file that would be there if anybody obeyed.
NAMES = {
    "markup": "<script>alert(1)</script>",
    "formula": "=cmd|'/C calc'!A0",
    "substitution": "$(touch {canary})",
    "backticks": "`touch {canary}`",
    "quote": "'; touch {canary}; rm -rf {canary}.d #",
    "double quote": '"; touch {canary}; "',
    "pipe": "| touch {canary}",
    "option": "--config {canary}",
    "file for curl": "@/etc/passwd",
    "format": "%s%n%{response_code}",
    "jq": '\\(env) " | input',
    "lines": "a\r\nBcc: victim@example.com\r\n\r\n.\r\nQUIT\r\n<2>b",
    "priority": "<2>kernel: panic",
    "mention": "<!channel> <@U1> <https://evil.example|click> @everyone",
    "markdown": "[click](https://evil.example) **b** {{DATE(2017-02-14T06:00:00Z)}}",
    "label": 'a"} 1\nevil{x="y"} 2 \\',
    "right to left": "ab\u202ecod.exe",
    "controls": "a\x1b[31mb\x00c\x7f\u0085\u2028d",
    "long": "N" * 10240,
    "long escaped": "&<>" * 3400,
    "long controls": "\x01" * 10240,
    "wide": "\U0001f4a9" * 2000,
}


def require(*modules, programs=()):
    """Ends the test as skipped where this system lacks what it needs."""
    try:
        for module in modules:
            __import__(module)
    except ImportError as error:
        print(f"skipped: {error} (./run deps test installs it)")
        sys.exit(SKIPPED)
    for program in programs:
        if shutil.which(program, path=PATH) is None:
            print(f"skipped: no {program} (./run deps test installs it)")
            sys.exit(SKIPPED)


def payload(name):
    return json.loads((PAYLOADS / f"{name}.json").read_text())


def many(count, more=0):
    """A group of so many findings."""
    group = payload("group")
    entry = group["findings"][1]
    for number in range(len(group["findings"]), count):
        another = copy.deepcopy(entry)
        another["asset"] = {"id": 100 + number, "kind": "vm", "name": f"RTM-VM{number:03}"}
        another["finding"]["id"] = 500 + number
        group["findings"].append(another)
    group["count"] = count + more
    group["more"] = more
    return group


def hostile(name):
    """The group, with this name wherever a text from the fleet or of its people stands."""
    group = payload("group")
    group["title"] = f"{name}: unsupported"
    for entry in [group, *group["findings"]]:
        if entry["asset"]:
            entry["asset"]["name"] = name
        if entry["cause"]:
            entry["cause"]["name"] = name
        for member in ("server", "step", "owner", "site", "version"):
            entry[member] = name
        entry["reasons"] = [name, f"{name} is not supported"]
        entry["targets"] = [name]
    return group


def unseen(code):
    ranges = ((0, 31), (127, 159), (173, 173), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200F), (0x2028, 0x202E),
              (0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE007F))
    return any(first <= code <= last for first, last in ranges)


def visible(text):
    """As people are to see it."""
    short = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
    return "".join(short.get(c, f"\\u{ord(c):04X}") if unseen(ord(c)) else c for c in text)


class HookTest(unittest.TestCase):
    """A folder of its own, and runs of one script."""

    hook = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-hook-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.canary = self.folder / "canary"
        self.settings_file = self.folder / "settings.conf"

    def settings(self, text):
        self.settings_file.write_text(text)
        self.settings_file.chmod(0o600)

    def names(self):
        return {what: name.replace("{canary}", str(self.canary)) for what, name in NAMES.items()}

    def environment(self, told, **others):
        env = {
            "PATH": PATH, "LANG": "C.UTF-8", "MUSTER_EVENT": told["event"], "MUSTER_CLASS": told["class"] or "",
            "MUSTER_ID": told["id"], "MUSTER_COUNT": str(told["count"]), "MUSTER_TRY": "1",
            "MUSTER_HOOK": told["hook"],
            "MUSTER_SETTINGS": str(self.settings_file) if self.settings_file.exists() else "",
        }
        env.update(others)
        return env

    def run_raw(self, raw, told, **others):
        return subprocess.run([str(HOOKS / self.hook)], input=raw, cwd="/", env=self.environment(told, **others),
                              umask=0o077, start_new_session=True, timeout=100, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)

    def run_hook(self, told, **others):
        return self.run_raw(json.dumps(told, ensure_ascii=False).encode() + b"\n", told, **others)

    def delivered(self, told, **others):
        done = self.run_hook(told, **others)
        self.assertEqual((done.returncode, done.stdout), (0, b""))

    def refused(self, told, *words, **others):
        """Fails with a sentence that holds these words, and is of a size that musterd keeps."""
        done = self.run_hook(told, **others)
        output = done.stdout.decode()
        self.assertNotEqual(done.returncode, 0, output)
        self.assertLess(len(output), 2048)
        self.assertTrue(output.splitlines()[-1].startswith(f"{self.hook}: "), output)
        for word in words:
            self.assertIn(word, output)
        return output

    def nobody_obeyed(self):
        self.assertFalse(self.canary.exists())


def main():
    unittest.main(verbosity=2, warnings="ignore")
