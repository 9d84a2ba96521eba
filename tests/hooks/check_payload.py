#!/usr/bin/python3
"""usage: check_payload.py <PAYLOADS
Holds each line of standard input, a payload, against docs/hook-payload.schema.json; prints what is wrong."""
import json
import sys

import rig

rig.require("jsonschema")
import jsonschema  # noqa: E402


def validator():
    schema = json.loads((rig.TREE / "docs" / "hook-payload.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def complaints(payload):
    """Sentences, none where all is well. What JSON schema cannot say is looked at here."""
    found = [f"{'/'.join(str(step) for step in error.absolute_path) or 'payload'}: {error.message[:300]}"
             for error in validator().iter_errors(payload)]
    if found:
        return found
    if payload["count"] < len(payload["findings"]) + payload["more"]:
        found.append("count is less than there are findings")
    if payload["more"] > 0 and len(payload["findings"]) < 100 and len(json.dumps(payload)) < 1 << 19:
        found.append("more are left out, and there is room for them")
    for member in payload["findings"][0] if payload["findings"] else ():
        if payload.get(member) != payload["findings"][0][member]:
            found.append(f"{member} is not that of the first of findings")
    return found


def main():
    bad = False
    for number, line in enumerate(sys.stdin, 1):
        for complaint in complaints(json.loads(line)):
            print(f"line {number}: {complaint}")
            bad = True
    sys.exit(bad)


if __name__ == "__main__":
    main()
