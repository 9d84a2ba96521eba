#!/usr/bin/python3
"""usage: test_hostile.py HOST PLUGIN [SANITIZERS]

The vSphere plugin in its host, confined, against hostile.py: each trick costs that scan only, with its reason, within its
deadline and its memory; the next scan is good again."""
import concurrent.futures
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

HOST, PLUGIN, *SANITIZERS = sys.argv[1:]
del sys.argv[1:]
HERE = pathlib.Path(__file__).resolve().parent
MEMORY = 128 << 20  # all that the process may map; sanitizers need more than anybody has
DEADLINE = "60s"    # of those that end before it
SHORT = "6s"        # of those that it ends

# What ends the scan: trick, class, words of the reason.
FAILURES = [
    ("wrong-password", "denied", "InvalidLogin"),
    ("html", "protocol", "a proxy"),
    ("html-well-formed", "protocol", "a proxy"),
    ("unavailable", "unreachable", "503"),
    ("redirect", "protocol", "redirects are not followed"),
    ("redirect-login", "protocol", "redirects are not followed"),
    ("redirect-later", "protocol", "redirects are not followed"),
    ("header-flood", "protocol", "bytes of headers"),
    ("cut-off", "unreachable", "the answer is cut off"),
    ("cut-off-quietly", "protocol", "XML"),
    ("short-length", "protocol", "XML"),
    ("fault-200", "protocol", "NotSupported"),
    ("other-reply", "protocol", "LogoutResponse"),
    ("billion-laughs", "protocol", "a DOCTYPE"),
    ("doctype", "protocol", "a DOCTYPE"),
    ("deep", "protocol", "nested deeper than"),
    ("bad-utf8", "protocol", "not well-formed"),
    ("utf16", "protocol", "not UTF-8"),
    ("gzip-bomb", "protocol", "compressed (gzip)"),
    ("gzip-bomb-of-transfer", "protocol", "compressed (gzip)"),
    ("huge-string", "protocol", "more than 1048576 bytes"),
    ("huge-tag", "protocol", "a tag or comment of more than"),
    ("new-names", "protocol", "too many different names"),
    ("many-values", "protocol", "more than"),
    ("huge-moref", "protocol", "more than 1024 bytes"),
    ("missing-session", "unreachable", "NotAuthenticated"),
]

# With pages.
PAGED_FAILURES = [
    ("restart", "unreachable", "the answer is cut off"),
    ("restart-slowly", "unreachable", "the answer is cut off"),
    ("lost-session", "unreachable", "NotAuthenticated"),
]

# What only the deadline ends, and in which way of scanning.
ENDLESS = [
    ("slowloris", True), ("slowloris", False), ("slow-headers", True), ("slow-headers", False),
    ("endless-paging", False), ("endless-truncated", True),
]

# What does not end it: trick, completeness, items, words of warnings.
SKIPS = [
    ("honest", "complete", 12, []),
    ("cookie-flood", "complete", 12, []),
    ("no-goodbye", "complete", 12, []),
    ("bad-object", "partial", 10, ["vm-102", "vm-103", "NoPermission"]),
    ("twins", "partial", 11, ["vm 50000065-", "twice"]),
    ("unplaced", "partial", 12, ["vm 50000066-", "vm 50000067-", "vm 50000068-", "cannot be seen"]),
    ("nameless-host", "partial", 11, ["esxi_host host-7", "its name"]),
    ("missing-everywhere", "partial", 4, ["vm-101", "vm-106", "NoPermission"]),
    ("deny-view", "partial", 1, ["System.View"]),
    ("rights-lost", "partial", 1, ["System.View"]),
    ("huge-names", "partial", 12, ["vm 50000067-", "cannot be seen"]),
    ("other-domain", "partial", 12, ["does not propagate"]),
    ("no-fields", "complete", 12, []),
    ("no-values", "complete", 12, []),
    ("renamed-meanwhile", "complete", None, []),
    ("left-meanwhile", "complete", None, []),
]

# What cannot be seen, and who is chosen by it: trick, option, pattern, how many virtual machines come.
UNDECIDED = [
    ("no-fields", "include", "attribute:Backup=daily", 0),
    ("no-fields", "exclude", "attribute:Backup=weekly", 0),
    ("no-values", "include", "attribute:Backup=daily", 5),
    ("no-values", "exclude", "attribute:Backup=weekly", 5),
    ("unplaced", "include", "/DC0/vm", 4),
    ("nameless-folder", "include", "/DC0/vm", 0),
]


class Peer:
    def __init__(self, trick="honest", page=0):
        self.process = subprocess.Popen([HERE / "hostile.py", "--trick", trick, "--page", str(page)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = json.loads(self.process.stdout.readline())

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Outcome:
    def __init__(self, process):
        self.status = process.returncode
        self.errors = process.stderr
        self.records = [json.loads(line) for line in process.stdout.splitlines()]
        self.end = self.records[-1] if self.records else {}
        self.items = [record for record in self.records if "kind" in record]
        self.warnings = " ".join(" ".join(record["warning"].values()) for record in self.records if "warning" in record)


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="muster-hostile-", dir=os.environ.get("HOME", "/root"))
        cls.password = pathlib.Path(cls.folder.name, "word")
        cls.password.write_text("right", encoding="ascii")
        cls.password.chmod(0o600)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def scan(self, peer, incremental, deadline=DEADLINE, **options):
        options = {"url": peer.facts["url"], "username": peer.facts["username"], "ca_file": peer.facts["ca_file"],
                   "password_file": self.password, "incremental": "true" if incremental else "false", **options}
        # Looking for leaks takes what a confined process may not do.
        environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"} if SANITIZERS else None
        words = [f"{name}={value}" for name, value in options.items() if value is not None]
        return Outcome(subprocess.run(
            [HOST, "--confined", "--deadline", deadline, "--once", PLUGIN, *words], capture_output=True, text=True,
            check=False, env=environment, preexec_fn=None if SANITIZERS else limit_memory))

    def assert_failed(self, outcome, word, words):
        self.assertEqual(outcome.status, 1, outcome.errors)
        self.assertEqual(outcome.end.get("fail", {}).get("class"), word, outcome.errors)
        self.assertIn(words, outcome.end["fail"]["text"])
        self.assertIn("127.0.0.1:", outcome.end["fail"]["text"])

    def assert_good(self, outcome, completeness, items):
        self.assertEqual(outcome.status, 0, outcome.errors)
        self.assertEqual(outcome.end["end"]["completeness"], completeness)
        if items is not None:
            self.assertEqual(len(outcome.items), items)

    def assert_fails(self, peer, trick, word, words):
        for incremental in (True, False):
            with self.subTest(trick=trick, incremental=incremental):
                peer.tell(f"trick {trick}")
                self.assert_failed(self.scan(peer, incremental), word, words)
                count = peer.tell("count")
                self.assertEqual(count["sessions"], 0)
                self.assertNotIn("stolen", count["methods"])
                self.assertNotIn("strayed", count["methods"])
                peer.tell("trick honest")
                self.assert_good(self.scan(peer, False), "complete", 12)

    def test_the_scan_fails_with_its_reason(self):
        with Peer() as peer:
            for trick, word, words in FAILURES:
                self.assert_fails(peer, trick, word, words)

    def test_the_scan_fails_between_pages(self):
        with Peer(page=3) as peer:
            for trick, word, words in PAGED_FAILURES:
                self.assert_fails(peer, trick, word, words)

    def end_at_deadline(self, case):
        trick, incremental = case
        with Peer(trick) as peer:
            return case, self.scan(peer, incremental, SHORT)

    def test_the_deadline_ends_what_has_no_end(self):
        with concurrent.futures.ThreadPoolExecutor(len(ENDLESS)) as pool:
            for case, outcome in pool.map(self.end_at_deadline, ENDLESS):
                with self.subTest(case=case):
                    self.assert_failed(outcome, "timeout", "the time that a scan may take is over")

    def test_one_bad_object_costs_that_object(self):
        with Peer() as peer:
            for trick, completeness, items, words in SKIPS:
                for incremental in (True, False):
                    with self.subTest(trick=trick, incremental=incremental):
                        peer.tell(f"trick {trick}")
                        outcome = self.scan(peer, incremental)
                        self.assert_good(outcome, completeness, items)
                        for word in words:
                            self.assertIn(word, outcome.warnings)

    def test_who_cannot_be_chosen_is_not_taken_to_be_gone(self):
        with Peer() as peer:
            for trick, option, pattern, machines in UNDECIDED:
                for incremental in (True, False):
                    with self.subTest(trick=trick, option=option, incremental=incremental):
                        peer.tell(f"trick {trick}")
                        outcome = self.scan(peer, incremental, **{option: pattern})
                        self.assert_good(outcome, "partial", None)
                        self.assertEqual(sum(item["kind"] == "vm" for item in outcome.items), machines)
                        self.assertIn("cannot be decided", outcome.warnings)

    def test_a_filter_that_tells_of_nothing_is_not_believed(self):
        with Peer("nothing-at-first") as peer:
            self.assert_failed(self.scan(peer, True), "protocol", "told of nothing")
            self.assertEqual(peer.tell("count")["sessions"], 0)

    def test_an_update_that_says_that_there_is_more_is_not_the_end(self):
        with Peer("no-more", page=9) as peer:
            self.assert_failed(self.scan(peer, True), "protocol", "there is more")
            self.assertEqual(peer.tell("count")["sessions"], 0)

    def test_the_password_is_in_no_sentence(self):
        with Peer("echo") as peer:
            outcome = self.scan(peer, True)
            self.assertEqual(outcome.end["fail"]["class"], "protocol")
            self.assertIn("Login", outcome.end["fail"]["text"])
            self.assertNotIn(f">{peer.facts['password']}<", json.dumps(outcome.records) + outcome.errors)

    def test_a_wrong_password_costs_one_attempt(self):
        with Peer("wrong-password") as peer:
            self.scan(peer, True)
            self.assertEqual(peer.tell("count")["methods"]["Login"], 1)

    def test_a_login_that_is_not_answered_is_not_repeated(self):
        with Peer("no-login") as peer:
            self.assert_failed(self.scan(peer, True), "unreachable", "the connection was closed without an answer")
            self.assertEqual(peer.tell("count")["methods"]["Login"], 1)

    def test_another_certificate_is_refused_before_anything_is_said(self):
        with Peer() as peer, Peer() as other:
            for options in ({"fingerprint": other.facts["fingerprint"], "ca_file": None},
                            {"ca_file": other.facts["ca_file"]}, {"ca_file": None}):
                outcome = self.scan(peer, True, **options)
                self.assert_failed(outcome, "protocol", "its certificate is refused")
                self.assertIn(peer.facts["fingerprint"], outcome.end["fail"]["text"])
            self.assertEqual(peer.tell("count")["requests"], 0)
            outcome = self.scan(peer, False, fingerprint=peer.facts["fingerprint"], ca_file=None)
            self.assert_good(outcome, "complete", 12)

    def test_every_trick_is_played(self):
        told = subprocess.run([HERE / "hostile.py", "--list"], capture_output=True, text=True, check=True).stdout.split()
        played = {case[0] for case in FAILURES + PAGED_FAILURES + ENDLESS + SKIPS} | {"no-login"}
        played |= {case[0] for case in UNDECIDED} | {"nothing-at-first", "no-more", "echo"}
        self.assertEqual(sorted(told), sorted(played))


unittest.main()
