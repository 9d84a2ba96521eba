#!/bin/sh
# usage: complete.sh FROZEN-HEADER DEF
# Every function, limit, enumerator and member of the frozen header has its line in the .def, so that nothing promised
# goes unwatched.
set -u
header=$1
def=$2

functions() { sed -nE 's/^[a-z].*[ *](muster_[a-z0-9_]+)\(.*/\1/p' "$header"; }
constants() {
    sed -nE 's/^#define (MUSTER_ABI|MUSTER_MAX_[A-Z_]+) .*/\1/p' "$header"
    awk '/^enum /, /};/' "$header" | sed 's,/\*.*\*/,,' | grep -oE 'MUSTER_[A-Z_]+'
}
# Members of the structs, "struct, member", from "    type name;", "    type name, other;" and "    type (*name)(...);".
members() {
    awk '/^struct [a-z_]+ \{/ { type = $2; next }
         /^}/ { type = "" }
         type == "" || !/^    [a-z].*;/ { next }
         { sub(/;.*/, "") }
         match($0, /\(\*[a-z_]+\)/) { print type ", " substr($0, RSTART + 2, RLENGTH - 3); next }
         { n = split($0, part, ","); for (i = 1; i <= n; i++) { sub(/.*[ *]/, "", part[i]); print type ", " part[i] } }
        ' "$header"
}

lacking=$({ functions; constants; members; } | while IFS= read -r name; do
    grep -qE "[(, ]${name}[,)]" "$def" || echo "$name"
done)
[ "$(members | wc -l)" -ge 20 ] || lacking="$lacking (the header's style has changed: no members found)"
[ -z "$lacking" ] && exit
echo "$header has what $def lacks:"
echo "$lacking"
exit 1
