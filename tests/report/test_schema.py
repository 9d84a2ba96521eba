"""The golden reports against docs/report.schema.json, and what JSON schema cannot say: that the parts agree."""
import copy
import csv
import json
import pathlib
import sys
import unittest

TREE = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(__file__).resolve().parent / "data"

try:
    import jsonschema
except ImportError as error:
    print(f"skipped: {error} (./run deps test installs it)")
    sys.exit(77)

SCHEMA = json.loads((TREE / "docs" / "report.schema.json").read_text())


def reports():
    return {path.stem: json.loads(path.read_text()) for path in sorted(DATA.glob("*.json"))}


class Schema(unittest.TestCase):
    def setUp(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        self.validator = jsonschema.Draft7Validator(SCHEMA)

    def test_every_report_is_as_the_schema_says(self):
        self.assertGreaterEqual(len(reports()), 2)
        for name, report in reports().items():
            errors = [f"{name}: {list(error.absolute_path)}: {error.message}"
                      for error in self.validator.iter_errors(report)]
            self.assertEqual(errors, [])

    def test_every_member_that_is_required_is_missed(self):
        report = reports()["now"]
        for member in SCHEMA["required"]:
            less = copy.deepcopy(report)
            del less[member]
            self.assertFalse(self.validator.is_valid(less), member)

    def test_no_member_is_written_that_the_schema_does_not_name(self):
        for report in reports().values():
            self.assertLessEqual(set(report), set(SCHEMA["properties"]))
            for part in ("act", "look"):
                named = set(SCHEMA["definitions"]["protections"]["items"]["properties"])
                for row in report[part]:
                    self.assertEqual(set(row), named)

    def test_counts_are_those_of_the_rows(self):
        for report in reports().values():
            for need in ("act", "decide", "look"):
                rows = report[need]
                self.assertEqual(report["needs"][need]["protections"], len(rows))
                self.assertEqual(report["needs"][need]["exempt"], sum(row["exemption"] is not None for row in rows))
            everything = sum(need["protections"] for need in report["needs"].values())
            self.assertEqual(sum(server["protections"] for server in report["servers"]), everything)
            for part in ("verdicts", "by_workload", "by_site"):
                self.assertEqual(sum(count["protections"] for count in report[part]), everything)
            self.assertEqual(report["population"]["excluded"], len(report["excluded"]))
            self.assertEqual(report["population"]["not_covered"] or 0, len(report["uncovered"]))
            self.assertEqual(report["population"]["unread"] or 0, sum(row["unread"] for row in report["uncovered"]))
            for part in ("covered", "not_covered"):
                self.assertEqual(report["population"][part] or 0, sum(kind[part] for kind in report["coverage"]))
            for kind in report["coverage"]:
                self.assertEqual(kind["assets"], sum(kind[part] for part in ("covered", "not_covered", "excluded", "other")))
                self.assertEqual(kind["covered"], kind["protected_supported"] + kind["protected_unsupported"])
                self.assertEqual(kind["not_covered"], kind["unprotected_supported"] + kind["unprotected_unsupported"])
            for word in ("unprotected-supported", "unprotected-unsupported"):
                self.assertEqual(sum(kind[word.replace("-", "_")] for kind in report["coverage"]),
                                 sum(row["coverage"] == word for row in report["uncovered"]))
            self.assertEqual(sum(kind["assets"] for kind in report["kinds"]), report["population"]["assets"])

    def test_csv_reads_back_and_has_the_same_protections(self):
        for name, report in reports().items():
            with open(DATA / f"{name}.csv", newline="") as file:
                rows = list(csv.DictReader(file, strict=True))
            self.assertEqual(len(rows), sum(need["protections"] for need in report["needs"].values()))
            for row in rows:
                self.assertNotIn(None, row)
                self.assertNotIn(None, row.values())
                for cell in row.values():
                    self.assertNotRegex(cell, r"\A[=+\-@\t\r\x00-\x1f]")
            for need in ("act", "decide", "look"):
                self.assertEqual([int(row["asset"]) for row in rows if row["need"] == need],
                                 [row["asset"] for row in report[need]])


if __name__ == "__main__":
    unittest.main()
