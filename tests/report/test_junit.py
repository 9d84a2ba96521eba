"""The JUnit report against its schema, and read as a viewer reads it."""
import subprocess
import unittest
import xml.etree.ElementTree as tree

import made

made.require(programs=("xmllint",))
SETS = ("tiny", "empty", "hostile", "past")


def read(name):
    return tree.fromstring(made.write("junit", name))


def counts(suite):
    return {"tests": len(suite.findall("testcase")), "failures": len(suite.findall("testcase/failure")), "errors": 0,
            "skipped": len(suite.findall("testcase/skipped"))}


class Junit(unittest.TestCase):
    def test_is_valid(self):
        for name in SETS:
            with self.subTest(name):
                ran = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", made.HERE / "junit.xsd", "-"],
                                     input=made.write("junit", name), stderr=subprocess.PIPE)
                self.assertEqual(ran.returncode, 0, ran.stderr.decode())

    def test_tells_counts_that_are_those_of_its_cases(self):
        for name in SETS:
            with self.subTest(name):
                suites = read(name)
                sums = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
                for suite in suites:
                    self.assertEqual({word: int(suite.get(word)) for word in sums}, counts(suite))
                    sums = {word: sums[word] + count for word, count in counts(suite).items()}
                del sums["skipped"]
                self.assertEqual({word: int(suites.get(word)) for word in sums}, sums)

    def test_has_a_suite_for_each_workload_and_a_case_for_each_protection(self):
        self.assertEqual([(suite.get("name"), len(suite.findall("testcase"))) for suite in read("tiny")],
                         [("server", 8), ("vmware-vm", 1)])

    def test_has_an_empty_suite_where_nothing_counts(self):
        self.assertEqual([(suite.get("name"), suite.get("tests"), len(suite)) for suite in read("empty")],
                         [("no workload", "0", 0)])

    def test_fails_what_asks_for_action(self):
        failed = {case.get("name").split()[0]: case.find("failure") for case in read("tiny").iter("testcase")
                  if case.find("failure") is not None}
        self.assertEqual(set(failed), {"db01", "app01", "odd01"})
        self.assertEqual(failed["app01"].get("message"), "to act: unsupported: row 20 says no")
        self.assertIn("Step forward: Upgrade app01 to Windows Server 2016.\n", failed["app01"].text)
        self.assertIn("Because of: esx01.example\n", failed["db01"].text)

    def test_skips_what_is_exempt_or_asks_for_less_and_says_which(self):
        skipped = {case.get("name").split()[0]: case.find("skipped").get("message") for case in read("tiny").iter("testcase")
                   if case.find("skipped") is not None}
        self.assertEqual(skipped, {
            "app02": "exempt until 2025-12-20 (replaced in December), approved by the board, entered by ann; to act: "
                     "unsupported: row 20 says no",
            "lab01": "to decide: unlisted as level: no row names that service pack",
            "off01": "to look: unknown: os.build is missing",
        })

    def test_passes_what_is_ruled_supported(self):
        passed = [case.get("name").split()[0] for case in read("tiny").iter("testcase") if len(case) == 0]
        self.assertEqual(passed, ["web01", "web02", "web03"])

    def test_shows_hostile_names_as_they_are_and_none_acts(self):
        suites = read("hostile")
        self.assertEqual(suites.get("name"), made.HOSTILE)
        self.assertEqual({suite.get("name") for suite in suites}, {made.HOSTILE})
        self.assertEqual(len(list(suites.iter("testcase"))), 4)

    def test_tells_in_each_suite_of_which_part_of_the_fleet_it_is(self):
        for suite in read("hostile"):
            self.assertEqual([(property.get("name"), property.get("value")) for property in suite.iter("property")],
                             [(name, made.HOSTILE) for name in ("owner", "site", "server", "workload")]
                             + [("old_tls", f"{made.HOSTILE} ({made.HOSTILE})")])
        self.assertEqual(list(read("empty").iter("properties")), [])

    def test_tells_in_each_suite_what_was_read_over_an_old_tls(self):
        for name, value in (("tiny", "sql1.example\\AGED (TLSv1), sql2.example\\AGED (TLSv1.1), mabs01.example (TLSv1)"),
                            ("past", "sql1.example\\AGED (TLSv1), mabs01.example (not recorded)")):
            for suite in read(name):
                self.assertEqual([(one.get("name"), one.get("value")) for one in suite.iter("property")], [("old_tls", value)])

    def test_a_reading_that_fails_is_told_in_its_own_words(self):
        self.assertEqual(made.fail("junit", "broken"), (1, "database x: disk I/O error\n"))

    def test_a_full_disk_is_told(self):
        self.assertEqual(made.fail("junit", "many", into="/dev/full"),
                         (1, "the report cannot be written: No space left on device\n"))


if __name__ == "__main__":
    unittest.main()
