#!/bin/sh
# usage: documents.sh TREE ATTRIBUTES-PROGRAM
# Documents that are made from code equal what the code says today, and documents name no file that is not there.
set -u
program=$2
cd -- "$1" || exit 1
status=0

changes=$("$program" | diff -u docs/attributes.md -)
[ -z "$changes" ] || {
    echo "$changes" | head -n 30
    echo "docs/attributes.md is not what lib/attributes.def says: run $program >docs/attributes.md"
    status=1
}

# FILE:LINE:PATH for each `path` that starts with a folder of this tree. A placeholder is written <like this>.
paths() {
    # shellcheck disable=SC2016 # the backticks are Markdown's
    grep -HnoE '`[^` ]+`' -- *.md docs/*.md plugins/*.md 2>/dev/null | tr -d '`' |
        grep -E '^[^:]+:[0-9]+:(lib|daemon|plugins|tests|conf|docs|cmake|\.ci)/' | grep -v '<'
}

missing=$(paths | while IFS=: read -r file line path _; do
    # shellcheck disable=SC2086 # a pattern like tests/unit/*.c stands for at least one file
    ls -d -- $path >/dev/null 2>&1 || echo "$file:$line: $path is not there"
done)
[ -z "$missing" ] || {
    echo "$missing"
    status=1
}
exit "$status"
