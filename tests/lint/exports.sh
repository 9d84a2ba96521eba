#!/bin/sh
# usage: exports.sh HEADER HOST PLUGIN...
# A plugin exports its entry and nothing else; the plugin host exports exactly the functions that the ABI's header
# declares, so that neither side can come to depend on what was never promised.
set -u
header=$1
host=$2
shift 2
status=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# A name with a version (stdout@GLIBC_2.2.5) is the C library's own data, copied into the program by the linker.
exported() { nm -D --defined-only -- "$1" | awk '$3 !~ /@/ { print $3 }' | LC_ALL=C sort; }

# Declarations start in the first column with a type; macros, comments and members do not.
declared() {
    sed -nE 's/^[a-z].*[ *](muster_[a-z0-9_]+)\(.*/\1/p' "$1" | grep -vx muster_plugin_entry | LC_ALL=C sort -u
}

# differs PROGRAM WANTED-LIST: prints what PROGRAM exports too much and too little.
differs() {
    exported "$1" >"$scratch/exported"
    extra=$(LC_ALL=C comm -23 "$scratch/exported" "$2" | tr '\n' ' ')
    lacking=$(LC_ALL=C comm -13 "$scratch/exported" "$2" | tr '\n' ' ')
    [ -z "$extra$lacking" ] && return 1
    [ -z "$extra" ] || echo "$1 exports what it must not: $extra"
    [ -z "$lacking" ] || echo "$1 lacks: $lacking"
}

declared "$header" >"$scratch/abi"
[ -s "$scratch/abi" ] || {
    echo "$header declares no function: has its style changed?"
    exit 1
}
differs "$host" "$scratch/abi" && status=1

echo muster_plugin_entry >"$scratch/entry"
for plugin in "$@"; do
    differs "$plugin" "$scratch/entry" && status=1
done
exit "$status"
