#!/bin/sh
# usage: size.sh [TREE]
# The size budget: a file has at most 500 lines, a function at most 60 (main 80, and 100 is past what an exception can
# excuse). Reads the shape that clang-format gives: a lone { in the first column opens a function, a lone } closes it.
set -u
cd -- "${1:-.}" || exit 1

# FILE:FUNCTION, and the reason why it reads better whole. At most 100 lines all the same.
exceptions() {
    cat <<'END'
END
}

files=$(find lib daemon plugins tests -type f -name '*.[ch]' 2>/dev/null | LC_ALL=C sort)
[ -n "$files" ] || {
    echo "no sources found: wrong folder?"
    exit 1
}

# shellcheck disable=SC2086 # names in this tree hold no blanks; awk complains of what it cannot open
exceptions | awk '
function judge(lines,    limit) {
    limit = name == "main" ? 80 : 60
    if ((FILENAME ":" name) in excused)
        limit = 100
    if (lines > limit) {
        printf "%s:%d: %s has %d lines, of at most %d: split it\n", FILENAME, opened, name, lines, limit
        bad = 1
    }
}

function judge_file() {
    if (file_lines > 500) {
        printf "%s: %d lines, of at most 500: by which subject could it be two files?\n", file, file_lines
        bad = 1
    }
}

FILENAME == "-" { excused[$1] = 1; next }

FNR == 1 { judge_file(); file = FILENAME; opened = 0 }
{ file_lines = FNR }

# The line that names the function is the last one before { that starts in the first column.
/^[a-zA-Z_]/ && !opened && match($0, /[a-zA-Z_0-9]+\(/) { name = substr($0, RSTART, RLENGTH - 1) }
$0 == "{" { opened = FNR }
$0 == "}" && opened { judge(FNR - opened - 1); opened = 0 }

END { judge_file(); exit bad }
' - $files
