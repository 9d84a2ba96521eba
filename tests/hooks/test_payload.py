"""The schema of the payload takes what docs/hooks.md describes, and nothing that breaks it."""
import copy
import json
import re
import unittest

import rig

rig.require("jsonschema")
from check_payload import complaints, validator  # noqa: E402

DOCUMENT = (rig.TREE / "docs" / "hooks.md").read_text()


def table(heading):
    """The words in the first column of the table beneath a heading."""
    part = DOCUMENT.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (`[^|]*) \|", part, re.MULTILINE)
    return [word for row in rows for word in re.findall(r"`([a-z_.]+)`", row)]


class Payload(unittest.TestCase):
    def test_the_samples_are_valid(self):
        for file in sorted(rig.PAYLOADS.glob("*.json")):
            with self.subTest(file.name):
                self.assertEqual(complaints(json.loads(file.read_text())), [])

    def test_a_hundred_findings_and_more_are_valid(self):
        self.assertEqual(complaints(rig.many(100, more=31)), [])

    def test_the_example_in_the_document_is_valid(self):
        examples = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
        self.assertTrue(examples)
        for example in examples:
            self.assertEqual(complaints(json.loads(example)), [])

    def test_the_document_names_the_members_of_the_schema(self):
        schema = validator().schema
        entry = schema["definitions"]["entry"]
        wanted = set(entry["properties"]) | set(schema["properties"])
        self.assertEqual(set(table("The payload, version 1")), wanted)
        self.assertEqual(set(entry["required"]) | {"more_targets"}, set(entry["properties"]))
        self.assertEqual(set(schema["required"]), set(schema["properties"]))

    def test_the_document_names_the_events_of_the_schema(self):
        words = [word for word in table("Events") if "." in word]
        self.assertEqual(words, validator().schema["definitions"]["entry"]["properties"]["event"]["enum"])

    def test_the_daemon_names_the_events_of_the_schema(self):
        source = (rig.TREE / "daemon" / "policy" / "event.c").read_text()
        words = re.findall(r'"([a-z.]+)", (?:USUAL|NAMED)\b', source)
        self.assertEqual(words, validator().schema["definitions"]["entry"]["properties"]["event"]["enum"])

    def test_members_that_are_new_are_allowed(self):
        later = rig.payload("group")
        later["weather"] = "fine"
        later["findings"][0]["asset"]["weather"] = "fine"
        later["asset"]["weather"] = "fine"
        self.assertEqual(complaints(later), [])

    def test_a_detail_that_is_too_long_may_be_left_out(self):
        matrix = rig.payload("matrix")
        matrix["detail"] = matrix["findings"][0]["detail"] = {"left_out": 400000}
        self.assertEqual(complaints(matrix), [])
        matrix["detail"] = matrix["findings"][0]["detail"] = {"left_out": "much"}
        self.assertTrue(complaints(matrix))

    def test_hostile_names_are_valid(self):
        for what, name in rig.NAMES.items():
            with self.subTest(what):
                self.assertEqual(complaints(rig.hostile(name)), [])

    def test_a_member_that_is_missing_is_found(self):
        whole = rig.payload("group")
        for member in whole:
            with self.subTest(member):
                self.assertTrue(complaints({k: v for k, v in whole.items() if k != member}))
        for member in whole["findings"][1]:
            with self.subTest(f"findings {member}"):
                broken = copy.deepcopy(whole)
                del broken["findings"][1][member]
                self.assertTrue(complaints(broken))

    def test_a_member_of_another_type_is_found(self):
        whole = rig.payload("group")
        for member in whole:
            with self.subTest(member):
                self.assertTrue(complaints({**whole, member: 1.5}))

    def test_values_that_do_not_fit_are_found(self):
        broken = {
            "another version": ("opened", {"schema": 2}),
            "an id with other characters": ("opened", {"id": "a" * 31 + "\n"}),
            "no event of the list": ("opened", {"event": "finding.lost"}),
            "no time in UTC": ("opened", {"time": "2026-03-03T21:14:02+01:00"}),
            "a finding without its record": ("opened", {"finding": None}),
            "a finding with a detail": ("opened", {"detail": {}}),
            "a finding's record with another event": ("test", {"finding": rig.payload("opened")["finding"]}),
            "an unknown kind of finding": ("opened", {"finding": {**rig.payload("opened")["finding"], "kind": "x"}}),
            "an exemption without detail": ("exemption", {"detail": None}),
            "an exemption without its end": ("exemption", {"detail": {"exemption": 1}}),
            "a denied credential without its name": ("credential", {"detail": {"why": "x"}}),
            "files of the matrix without hash": ("matrix", {"detail": {"files": [{"file": "x"}]}}),
            "a thing that is no asset": ("opened", {"asset": {"id": 0, "kind": "vm", "name": "x"}}),
            "fewer than nothing left out": ("opened", {"more": -1}),
        }
        for what, (sample, change) in broken.items():
            with self.subTest(what):
                self.assertTrue(complaints({**rig.payload(sample), **change}))

    def test_more_than_a_hundred_findings_are_too_many(self):
        self.assertTrue(complaints(rig.many(101)))


if __name__ == "__main__":
    rig.main()
