#!/bin/sh
# usage: layers.sh [TREE]
# Who may include whom (ARCHITECTURE.md has the same table in words). Looks at every #include of every source in the
# tree; prints FILE:LINE and the rule that it breaks.
set -u
cd -- "${1:-.}" || exit 1

# Own headers: sources beneath the folder | what they may include, as folders or files; ! takes out what is before it.
# The first folder that fits counts, and whatever is in none of them is an error.
own_rules() {
    cat <<'END'
lib              | lib
daemon/policy    | lib daemon/policy
daemon/config    | lib daemon/policy daemon/config
daemon/store     | lib daemon/policy daemon/store
daemon/report    | lib daemon/policy daemon/store/query.h daemon/store/query_protection.h daemon/store/query_report.h daemon/store/query_suppose.h daemon/report
daemon/commands  | lib daemon/policy daemon/store/query.h daemon/store/query_alerts.h daemon/store/query_coverage.h daemon/store/query_exemption.h daemon/store/query_protection.h daemon/store/query_report.h daemon/store/query_suppose.h daemon/report daemon/commands
daemon/run       | lib daemon/config daemon/policy daemon/store daemon/report/metrics.h daemon/run
daemon           | lib daemon
plugins/host     | lib plugins/host plugins/muster_plugin.h
plugins/mock     | lib plugins/host plugins/mock plugins/muster_plugin.h
plugins/*        | SELF plugins/common plugins/muster_plugin.h lib !lib/frame.h !lib/message.h !lib/record.h !lib/stream.h
plugins          |
tests            | lib daemon plugins tests
END
}

# Headers of the system: pattern | the only places that may include it.
system_rules() {
    cat <<'END'
uv.h             | daemon/run tests
microhttpd.h     | daemon/run
systemd/*        | daemon/run
sqlite3.h        | daemon/store tests
libconfig.h      | daemon/config tests/config
sha2.h           | daemon/config/sha256.c
jansson.h        | lib/json.c tests/peers tests/unit
pthread.h        | lib/hash.c lib/log.c daemon plugins tests
dlfcn.h          | plugins/host tests
curl/*           | plugins/common tests/bench tests/specimens
openssl/*        | plugins/common tests/bench tests/mssql tests/specimens tests/winrm
expat.h          | plugins/common tests/bench tests/specimens
gssapi/*         | plugins/common tests/bench tests/specimens tests/winrm
krb5/*           | plugins/common
cmocka.h         | tests
sql.h            | plugins/common/odbc.c
sqlext.h         | plugins/common/odbc.c
valgrind/*       | lib plugins/host tests
END
}

# Places that see only the headers of the C language that do no I/O: the first decides, the second is compiled by other
# people's compilers.
pure_rules() {
    cat <<'END'
daemon/policy
plugins/muster_plugin.h
END
}

# Single files that a rule above does not fit, each with its reason.
exceptions() {
    cat <<'END'
daemon/policy/outcome.c | signal.h   | the names of the signals' numbers
daemon/policy/outcome.c | sys/wait.h | the macros that take an exit status apart
END
}

# C11 and what compares texts without regard to case, less what does I/O; then what POSIX, the C library and the kernel add for everyone else.
c_headers='assert ctype errno float inttypes iso646 limits math stdalign stdarg stdatomic stdbool stddef stdint stdlib string strings time'
libc_headers='dirent endian err fcntl ftw getopt glob grp libgen locale malloc netdb poll pwd regex sched setjmp signal spawn stdio syslog termios threads unistd arpa/* linux/* net/* netinet/* sys/*'

sources() {
    find lib daemon plugins tests -type f \( -name '*.[ch]' -o -name '*.def' \) 2>/dev/null | LC_ALL=C sort
}

# FILE:LINE:#include ... of every source.
includes() {
    sources | tr '\n' '\0' | xargs -0 -r grep -HnE '^[[:space:]]*#[[:space:]]*include'
}

{
    own_rules | sed 's/^/own|/'
    system_rules | sed 's/^/system|/'
    pure_rules | sed 's/^/pure|/'
    exceptions | sed 's/^/except|/'
    sources | sed 's/^/file|/'
    includes | sed 's/^/include|/'
} | awk -v c_headers="$c_headers" -v libc_headers="$libc_headers" '
# Is the path this place itself, or beneath it? One * in a place stands for one folder.
function beneath(path, place) {
    gsub(/\*/, "[^/]*", place)
    return path ~ ("^" place "(/|$)")
}

function any_beneath(path, places,    list, n, i) {
    n = split(places, list, " ")
    for (i = 1; i <= n; i++)
        if (beneath(path, list[i]))
            return 1
    return 0
}

function header_in(name, headers,    list, n, i) {
    n = split(headers, list, " ")
    for (i = 1; i <= n; i++)
        if (list[i] ~ /\/\*$/ ? index(name, substr(list[i], 1, length(list[i]) - 1)) == 1 : name == list[i] ".h")
            return 1
    return 0
}

function complain(text) {
    print where ": " text
    bad = 1
}

function folder_of(path) {
    sub(/\/[^\/]*$/, "", path)
    return path
}

# May a source include the target? Later words of the rule win over earlier ones.
function may(source, target,    i, list, n, j, word, yes) {
    for (i = 1; i <= owns; i++) {
        if (!beneath(source, own_place[i]) || (own_place[i] ~ /\*/ && folder_of(source) == "plugins"))
            continue
        n = split(own_targets[i], list, " ")
        for (j = 1; j <= n; j++) {
            word = list[j]
            if (word == "SELF")
                word = folder_of(source)
            if (word ~ /^!/ && beneath(target, substr(word, 2)))
                yes = 0
            else if (beneath(target, word))
                yes = 1
        }
        rule = own_place[i] " may include only: " own_targets[i]
        return yes
    }
    rule = "no rule of the layer table is for this folder"
    return 0
}

function check_own(source, name,    n, list) {
    if (name ~ /\//)
        return complain("\"" name "\": own headers are named without their folder")
    n = split(holders[name], list, " ")
    if (n == 0)
        return complain("\"" name "\" is no header of this tree; headers of the system go in <>")
    if (n == 1 && !may(source, list[1]))
        complain(list[1] ": " rule)
}

function check_system(source, name,    i) {
    if ((source, name) in excepted)
        return
    if (any_beneath(source, pure_places)) {
        if (!header_in(name, c_headers))
            complain("<" name ">: here only the headers of the C language that do no I/O")
        return
    }
    for (i = 1; i <= systems; i++) {
        if (!header_in(name, system_pattern[i]))
            continue
        if (!any_beneath(source, system_places[i]))
            complain("<" name "> belongs to " system_places[i] " alone")
        return
    }
    if (!header_in(name, c_headers) && !header_in(name, libc_headers))
        complain("<" name "> is in no table of tests/lint/layers.sh: say there whose it is")
}

BEGIN { FS = " *[|] *" }

$1 == "own" { own_place[++owns] = $2; own_targets[owns] = $3 }
$1 == "system" { sub(/\.h$/, "", $2); system_pattern[++systems] = $2; system_places[systems] = $3 }
$1 == "pure" { pure_places = pure_places " " $2 }
$1 == "except" { excepted[$2, $3] = 1 }

$1 == "file" && $2 ~ /\.(h|def)$/ {
    name = $2
    sub(/.*\//, "", name)
    holders[name] = holders[name] " " $2
}

$1 == "include" {
    if (!ambiguities_told) {
        ambiguities_told = 1
        for (name in holders)
            if (split(holders[name], list, " ") > 1) {
                where = list[1]
                complain("\"" name "\" is the name of several headers:" holders[name])
            }
    }
    match($0, /^include\|[^:]*:[0-9]*:/)
    where = substr($0, 9, RLENGTH - 9)
    source = where
    sub(/:.*/, "", source)
    text = substr($0, RLENGTH + 1)
    includes++
    if (match(text, /"[^"]*"/))
        check_own(source, substr(text, RSTART + 1, RLENGTH - 2))
    else if (match(text, /<[^>]*>/))
        check_system(source, substr(text, RSTART + 1, RLENGTH - 2))
}

END {
    if (!includes) {
        print "no #include found: wrong folder?"
        bad = 1
    }
    exit bad
}
'
