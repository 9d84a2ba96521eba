"""What report_made writes: the program is the first argument of each test."""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SETS = ("tiny", "empty", "hostile", "past", "many", "joined")
SKIPPED = 77
PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else None

# As made.h has it, as people see it: nothing of it is left out, and nothing of it acts.
HOSTILE = "</title></script><script>alert(1)</script>\"'`&lt;\\x1B[31m\\u202Egpj\\n]]>\\uFFFF\\xFF"


def require(*modules, programs=()):
    """Ends the test as skipped where this system lacks what it needs."""
    for module in modules:
        try:
            __import__(module)
        except ImportError as error:
            print(f"skipped: {error} (./run deps test installs it)")
            sys.exit(SKIPPED)
    for program in programs:
        if shutil.which(program) is None:
            print(f"skipped: no {program} (./run deps test installs it)")
            sys.exit(SKIPPED)


def write(form, name):
    """The bytes of a report."""
    return subprocess.run([PROGRAM, form, name], stdout=subprocess.PIPE, check=True).stdout


def fail(form, name, into="/dev/null"):
    """Its exit status and what it says."""
    with open(into, "wb") as out:
        ran = subprocess.run([PROGRAM, form, name], stdout=out, stderr=subprocess.PIPE)
    return ran.returncode, ran.stderr.decode()
