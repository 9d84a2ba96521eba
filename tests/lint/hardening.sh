#!/bin/sh
# hardening.sh FILE...: whether each built file has what the release build promises.
set -u

wrong=0

complain() {
    printf '%s: %s\n' "$1" "$2"
    wrong=1
}

# expect FILE PATTERN MEANING COMMAND...: what the command prints of the file must hold the pattern.
expect() {
    file=$1 pattern=$2 meaning=$3
    shift 3
    "$@" "$file" 2>/dev/null | grep -Eq -- "$pattern" || complain "$file" "$meaning"
}

# The note that says so is dropped by Debian's start files, which hold a few of the instructions themselves.
control_flow() {
    [ "$(objdump -d -j .text "$1" | grep -c endbr64)" -ge 5 ] || complain "$1" 'has no control-flow protection'
}

for file in "$@"; do
    expect "$file" 'Type: +DYN' 'is not position independent' readelf -h
    expect "$file" 'GNU_RELRO' 'has no read-only relocations' readelf -lW
    expect "$file" 'BIND_NOW|FLAGS_1.*NOW' 'binds its symbols late' readelf -dW
    expect "$file" 'GNU_STACK.* RW ' 'has an executable stack' readelf -lW
    expect "$file" '__stack_chk_fail' 'has no stack protector' readelf -sW
    expect "$file" '__[a-z]*printf_chk|__memcpy_chk|__[a-z]+_chk' 'is not fortified' readelf -sW
    [ "$(uname -m)" != x86_64 ] || control_flow "$file"
done
exit "$wrong"
