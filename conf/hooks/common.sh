# What the hook scripts share. They read it with `.` and say before where it lies: $here.
# shellcheck shell=sh disable=SC2154

program=${0##*/}
newline='
'

# fail SENTENCE: the alert is not delivered. musterd keeps the sentence, and tries again later.
fail() {
    printf '%s: %s\n' "$program" "$*" >&2
    exit 1
}

# needs PROGRAM...
needs() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null || fail "$tool is not installed; this hook needs it (Debian package of that name)"
    done
}

needs_settings() {
    [ -n "${MUSTER_SETTINGS:-}" ] || fail "no settings file: name one in musterd.conf, as \`settings\` of this hook"
    { [ -f "$MUSTER_SETTINGS" ] && [ -r "$MUSTER_SETTINGS" ]; } ||
        fail "the settings file $MUSTER_SETTINGS is not there, or musterd's user may not read it"
}

# The alert's id goes into headers and names of files.
needs_id() {
    case ${MUSTER_ID:-} in
    '' | *[!A-Za-z0-9-]*) fail "MUSTER_ID is no alert's id: hooks are run by musterd (muster hook test NAME)" ;;
    esac
}

# settings NAME: the value of each line NAME = "value" of the settings file.
settings() {
    sed -nE "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*\"([^\"]*)\"[[:space:]]*(#.*)?\$/\1/p" "$MUSTER_SETTINGS"
}

# send TEXT ARGUMENT...: to the receiver that the settings file, a configuration file of curl, names. What the receiver
# says is shown only when it does not take it: at most 1,000 characters, without what it repeats of the settings file.
# Nothing is followed or tried again here: musterd does that.
send() {
    text=$1
    shift
    answer=$(printf '%s\n' "$text" | {
        curl --disable --silent --show-error --connect-timeout 10 --max-time 20 --write-out '\n%{response_code}' \
            --config "$MUSTER_SETTINGS" "$@" 2>&1 || printf ' %s' "$?"
    } | tail -c 65536)
    result=${answer##*"$newline"}
    case $result in
    2[0-9][0-9]) return 0 ;;
    esac
    printf '%s' "${answer%"$newline"*}" |
        jq -Rrs -L "$here" --rawfile settings "$MUSTER_SETTINGS" \
            'include "muster"; hide($settings) | split("\n") | map(line(1000)) | texts | join("\n") | .[-1000:]' \
            >&2 || :
    refused "$result"
}

# post TEXT ARGUMENT...: the same, of JSON to a web server.
post() {
    json=$1
    shift
    send "$json" --proto '=http,https' --data-binary @- --header 'Content-Type: application/json' --header 'Expect:' "$@"
}

# refused "CODE STATUS": the receiver's code (000: there was none), and curl's exit status where that says more.
refused() {
    code=${1%% *}
    case $1 in
    000*' 28') fail "not delivered: no answer in time; is the receiver that $MUSTER_SETTINGS names up?" ;;
    000*) fail "not delivered: no answer; can this machine reach the receiver that $MUSTER_SETTINGS names?" ;;
    [23]*' '*) fail "not delivered, for the reason that curl tells (its status ${1#* }); look at $MUSTER_SETTINGS" ;;
    3*) fail "not delivered: the receiver answered $code and wants another address: correct $MUSTER_SETTINGS" ;;
    *) fail "not delivered: the receiver answered $code; look at $MUSTER_SETTINGS, and at the receiver's log" ;;
    esac
}
