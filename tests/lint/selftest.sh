#!/bin/sh
# usage: selftest.sh FOLDER-OF-THE-LINT-SCRIPTS
# The linters themselves: a tree that keeps the rules passes, and one broken rule at a time is found where it is.
set -u
lint=$1
status=0
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT

# fresh: a small tree that keeps every rule.
fresh() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/lib" "$tree/daemon/policy" "$tree/daemon/store" "$tree/plugins/host" "$tree/plugins/file" "$tree/tests"
    echo '#include <stddef.h>' >"$tree/lib/arena.h"
    echo '#include "arena.h"' >"$tree/lib/arena.c"
    : >"$tree/lib/frame.h"
    echo '#include <stdint.h>' >"$tree/plugins/muster_plugin.h"
    printf '#include "frame.h"\n#include "muster_plugin.h"\n#include <dlfcn.h>\n' >"$tree/plugins/host/host.c"
    printf '#include "muster_plugin.h"\n#include "arena.h"\n#include <stdio.h>\n' >"$tree/plugins/file/file.c"
    : >"$tree/daemon/store/db.h"
}

# expect OUTPUT COMMAND...: OUTPUT is what it must print somewhere, or nothing when it must succeed.
expect() {
    wanted=$1
    shift
    output=$("$@" 2>&1)
    code=$?
    case $code,$output in
    0,*) [ -n "$wanted" ] || return ;;
    *"$wanted"*) [ -z "$wanted" ] || return ;;
    esac
    echo "expected '${wanted:-success}', got status $code and: $output"
    status=1
}

# breaks FILE LINE WANTED: with that line added to the file, layers.sh must say what is wanted.
breaks() {
    fresh
    mkdir -p "$(dirname "$tree/$1")"
    echo "$2" >>"$tree/$1"
    expect "$3" "$lint/layers.sh" "$tree"
}

layers() {
    fresh
    expect '' "$lint/layers.sh" "$tree"
    breaks lib/arena.c '#include "muster_plugin.h"' 'lib/arena.c:2: plugins/muster_plugin.h: lib may include only'
    breaks lib/arena.c '#include <jansson.h>' 'lib/arena.c:2: <jansson.h> belongs to lib/json.c'
    breaks lib/arena.c '#  include <uv.h>' 'lib/arena.c:2: <uv.h> belongs to daemon/run'
    breaks lib/arena.c '#include <acme.h>' '<acme.h> is in no table'
    breaks lib/arena.c '#include "../daemon/store/db.h"' 'without their folder'
    breaks lib/arena.c '#include "nowhere.h"' 'is no header of this tree'
    breaks daemon/policy/judge.c '#include <stdio.h>' 'daemon/policy/judge.c:1: <stdio.h>: here only'
    breaks daemon/policy/judge.c '#include "db.h"' 'daemon/store/db.h: daemon/policy may include only'
    breaks plugins/file/file.c '#include "frame.h"' 'plugins/file/file.c:4: lib/frame.h: plugins/* may include only'
    breaks plugins/muster_plugin.h '#include <unistd.h>' 'plugins/muster_plugin.h:2: <unistd.h>: here only'
    breaks daemon/store/arena.h '' 'is the name of several headers'
    breaks plugins/host/host.c '#include "db.h"' 'plugins/host/host.c:4: daemon/store/db.h: plugins/host may include only'
}

# body LINES: a function of so many lines.
body() {
    echo 'static int'
    echo 'long_one(int a)'
    echo '{'
    yes '    a++;' | head -n "$1"
    echo '}'
}

sizes() {
    fresh
    { body 60; body 60; } >"$tree/lib/arena.c"
    expect '' "$lint/size.sh" "$tree"
    { body 1; body 61; } >"$tree/lib/arena.c"
    expect 'lib/arena.c:8: long_one has 61 lines' "$lint/size.sh" "$tree"
    fresh
    yes '' | head -n 500 >"$tree/lib/arena.h"
    expect '' "$lint/size.sh" "$tree"
    echo >>"$tree/lib/arena.h"
    expect 'lib/arena.h: 501 lines' "$lint/size.sh" "$tree"
}

docs() {
    fresh
    mkdir "$tree/docs"
    echo same >"$tree/docs/attributes.md"
    printf '#!/bin/sh\necho same\n' >"$tree/program"
    chmod +x "$tree/program"
    # shellcheck disable=SC2016 # the backticks are Markdown's
    echo 'See `lib/arena.c`, `lib/*.h`, `build/x/y` and `lib/<noun>.c`.' >"$tree/README.md"
    expect '' "$lint/documents.sh" "$tree" "$tree/program"
    # shellcheck disable=SC2016
    echo 'See `lib/lost.c`.' >>"$tree/README.md"
    expect 'README.md:2: lib/lost.c is not there' "$lint/documents.sh" "$tree" "$tree/program"
    fresh
    mkdir "$tree/docs"
    echo other >"$tree/docs/attributes.md"
    printf '#!/bin/sh\necho same\n' >"$tree/program"
    chmod +x "$tree/program"
    expect '+same' "$lint/documents.sh" "$tree" "$tree/program"
}

# A plugin that exports one thing too many, and a host that lacks what the header declares.
symbols() {
    fresh
    echo 'int muster_fail(int m, ...);' >"$tree/abi.h"
    echo 'int muster_plugin_entry(void) { return 0; }' >"$tree/good.c"
    echo 'int muster_plugin_entry(void) { return 0; } int helper(void) { return 1; }' >"$tree/bad.c"
    echo 'int muster_fail(int m, ...) { return m; }' >"$tree/host.c"
    for name in good bad host; do
        cc -shared -fPIC -o "$tree/$name.so" "$tree/$name.c" || status=1
    done
    expect '' "$lint/exports.sh" "$tree/abi.h" "$tree/host.so" "$tree/good.so"
    expect 'bad.so exports what it must not: helper' "$lint/exports.sh" "$tree/abi.h" "$tree/host.so" "$tree/bad.so"
    expect 'good.so lacks: muster_fail' "$lint/exports.sh" "$tree/abi.h" "$tree/good.so"
}

layers
sizes
docs
symbols
exit "$status"
