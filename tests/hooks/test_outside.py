"""What each script shows to the rest of the machine: nothing from the fleet, and no secret, in an argument or an
environment; and that all of them end in good order where something is missing."""
import os
import pathlib
import re
import subprocess

import rig

rig.require(programs=("curl", "jq", "logger"))

SCRIPTS = sorted(file.name for file in rig.HOOKS.iterdir() if "." not in file.name)
MARK = "XYZZY"
SECRET = "sesame-open"

# Stands before a program: notes its arguments and its environment, and becomes it.
SHIM = """#!/bin/sh
tr '\\0' '\\n' </proc/$$/cmdline >>{folder}/seen
tr '\\0' '\\n' </proc/$$/environ >>{folder}/seen
PATH={path} exec {program} "$@"
"""


class Outside(rig.HookTest):
    def setUp(self):
        super().setUp()
        self.settings(f'url = "http://127.0.0.1:1/{SECRET}"\nuser = "muster:{SECRET}"\n'
                      'mail-from = "muster@corp.example"\nmail-rcpt = "oncall@corp.example"\n'
                      f'socket = "{self.folder}/log"\nfile = "{self.folder}/muster.prom"\n')

    def shims(self, *without):
        """A folder with everything that a script may call, but for some."""
        folder = pathlib.Path(self.folder, "bin")
        folder.mkdir(exist_ok=True)
        for place in rig.PATH.split(":"):
            for program in os.listdir(place) if os.path.isdir(place) else ():
                shim = folder / program
                if program in without:
                    shim.unlink(missing_ok=True)
                elif program in ("curl", "jq", "logger", "sed", "paste", "timeout", "tail", "mv", "rm", "readlink"):
                    shim.write_text(SHIM.format(folder=self.folder, path=folder, program=f"{place}/{program}"))
                    shim.chmod(0o755)
                elif program in ("dirname", "cat", "tr", "sh", "env"):
                    shim.unlink(missing_ok=True)
                    shim.symlink_to(f"{place}/{program}")
        return str(folder)

    def test_there_are_six(self):
        self.assertEqual(SCRIPTS, ["journal", "mail", "prometheus", "slack", "teams", "webhook"])
        for script in SCRIPTS:
            self.assertEqual((rig.HOOKS / script).stat().st_mode & 0o777, 0o755)

    def test_no_name_and_no_secret_is_in_an_argument_or_the_environment(self):
        path = self.shims()
        for self.hook in SCRIPTS:
            with self.subTest(self.hook):
                self.run_hook(rig.hostile(MARK), PATH=path)
                seen = (self.folder / "seen").read_text()
                (self.folder / "seen").unlink()
                self.assertIn("jq\n", seen)
                self.assertIn("MUSTER_HOOK=night-watch", seen)
                self.assertNotIn(MARK, seen)
                self.assertNotIn("ANT-", seen)
                self.assertNotIn(SECRET, seen)

    def test_what_they_leave_behind_is_what_they_are_for(self):
        for self.hook in SCRIPTS:
            self.run_hook(rig.hostile("$(touch " + str(self.canary) + ")"))
        self.assertEqual(sorted(os.listdir(self.folder)), ["muster.prom", "settings.conf"])

    def test_a_program_that_is_missing_is_named(self):
        for self.hook in SCRIPTS:
            for program in ("logger" if self.hook == "journal" else "curl", "jq"):
                if self.hook == "prometheus" and program == "curl":
                    continue
                with self.subTest(f"{self.hook} without {program}"):
                    self.refused(rig.payload("opened"), f"{program} is not installed", PATH=self.shims(program))

    def test_the_examples_of_settings_are_what_curl_understands(self):
        for self.hook in ("mail", "webhook", "slack", "teams"):
            with self.subTest(self.hook):
                text = (rig.HOOKS / f"{self.hook}.conf.example").read_text()
                text = re.sub(r"^#(?=[a-z-]+( =|$))", "", text, flags=re.MULTILINE)
                text = re.sub(r'^proxy = .*|^max-time = .*', "", text, flags=re.MULTILINE)
                address = "smtp://127.0.0.1:1" if self.hook == "mail" else "http://127.0.0.1:1"
                text, count = re.subn(r'^url = ".*"$', f'url = "{address}"', text, flags=re.MULTILINE)
                self.assertEqual(count, 1)
                self.settings(text)
                self.refused(rig.payload("opened"), "Failed to connect to 127.0.0.1")

    def test_the_other_examples_are_what_their_scripts_read(self):
        for hook in ("journal", "prometheus"):
            text = (rig.HOOKS / f"{hook}.conf.example").read_text()
            script = (rig.HOOKS / hook).read_text()
            names = re.findall(r'^#?([a-z]+) = "[^"]*"$', text, re.MULTILINE)
            self.assertTrue(names)
            self.assertEqual(sorted(names), sorted(re.findall(r"\bsettings? ([a-z]+)\b", script)))

    def test_a_link_to_a_script_works_as_the_script(self):
        for script in SCRIPTS:
            link = self.folder / f"{script}.link"
            link.symlink_to(rig.HOOKS / script)
            done = subprocess.run([str(link)], input=b"", cwd="/", env={"PATH": rig.PATH}, capture_output=True,
                                  check=False, timeout=60)
            self.assertIn(b"MUSTER_ID" if script == "journal" else b"no settings file", done.stderr)

    def test_an_environment_that_is_empty_is_no_crash(self):
        for script in SCRIPTS:
            done = subprocess.run([str(rig.HOOKS / script)], input=b"", cwd="/", env={}, capture_output=True,
                                  check=False, timeout=60)
            self.assertNotEqual(done.returncode, 0)
            self.assertNotIn(b"parameter not set", done.stderr)


if __name__ == "__main__":
    rig.main()
