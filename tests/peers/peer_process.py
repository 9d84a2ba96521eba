"""A peer as a child of a test in Python; peer_child.h is the same for C."""
import json
import os
import subprocess


class Process:
    """program: a folder or file of Python beside this one."""

    def __init__(self, program, *options, environment=None):
        self.process = subprocess.Popen(["/usr/bin/python3", "-B", program, *map(str, options)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env={**os.environ, **(environment or {})})
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{program} did not start; standard error says why")
        self.facts = json.loads(line)

    def tell(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n" if len(words) > 1 else words[0] + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


def must_run():
    return os.environ.get("CI") == "true" or os.environ.get("MUSTER_PEERS") == "required"


def skip_unless(needed):
    """Ends the test where something is not there; needed: paths, by the names of the packages that bring them."""
    missing = [name for name, path in needed.items() if not os.path.exists(path)]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed (./run deps test installs them)")
        raise SystemExit(1 if must_run() else 77)
