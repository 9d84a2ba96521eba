# What the hook scripts share of jq: text from outside, made fit for people, and the lines that tell of an event.

# The payload, if it is one that these scripts know (docs/hooks.md).
def payload:
    if type == "object" and .schema == 1 and (.findings | type) == "array" then .
    else error("standard input is no payload of version 1 (docs/hooks.md)") end;

# A character that a terminal acts on, or that nobody sees: those that `muster` escapes, too.
def unseen:
    . < 32 or (. >= 127 and . < 160) or . == 173 or . == 1564 or . == 6158 or (. >= 8203 and . <= 8207)
    or (. >= 8232 and . <= 8238) or (. >= 8288 and . <= 8303) or . == 65279 or (. >= 65529 and . <= 65531)
    or (. >= 917504 and . <= 917631);

# \n, \u202E, or \U000E0001 where four digits are too few.
def escape:
    def digits: if . < 16 then . else (. / 16 | floor | digits), . % 16 end;
    { "9": "\\t", "10": "\\n", "13": "\\r" }[tostring]
    // ([digits | "0123456789ABCDEF"[.:. + 1]] | join("")
        | if length > 4 then "\\U" + "00000000"[length:] + . else "\\u" + "0000"[length:] + . end);

# At most so many characters, with an ellipsis where some are missing.
def clip($most): if length > $most then .[:$most - 1] + "…" else . end;

# One line of text: what nobody sees is shown as \u202E. Anything but text becomes JSON first, null nothing.
def line($most):
    if . == null then "" else tostring end
    | .[:$most + 1] | explode | map(if unseen then escape | explode[] else . end) | implode
    | clip($most);

def texts: map(select(. != null and . != ""));

def thing: if . == null then null else "\(.name | line(200)) (\(.kind | line(40)))" end;

# What an event is about: an asset, a key of the matrix, or targets.
def about:
    if .asset != null then .asset | thing
    elif .workload != null then
        ([.workload, .version, .installation] | texts | map(line(200)) | join(" "))
        + (if .product == null then "" else " for \(.product | line(100))" end)
    elif (.targets | length) > 0 then "target " + (.targets[:10] | map(line(100)) | join(", "))
    else null end;

def way:
    ([.method, (if .server == null then null else "by \(.server | line(200))" end)] | texts | join(" "))
    | if . == "" then null else . end;

def standing: [.verdict, .unlisted, .class] | texts | map(line(40)) | join(", ");

def details:
    if (.detail | type) != "object" then null
    else .detail | to_entries[:20] | map("\(.key | line(40)): \(.value | line(300))") | join("; ") end;

# One line that says what happened to what.
def headline:
    ([.event | line(40)] + ([about, way, standing, (.coverage | line(40))] | texts) | join(" · "))
    + (if (.finding.assets // 1) > 1 then " · \(.finding.assets) assets" else "" end);

# The lines beneath it.
def lines:
    [
        (.previous | if . == null then empty else "Before: " + standing end),
        (.reasons // [])[:10][],
        (.step | if . == null then empty else "Step: " + . end),
        (.cause | if . == null then empty else "Cause: " + thing end),
        ([.owner, .site, .criticality] | texts | if . == [] then empty else "Belongs to: " + join(", ") end),
        (select(.asset != null) | .targets // [] | select(. != []) | "Seen by: " + (.[:10] | join(", "))),
        (details // empty)
    ]
    | map(line(500)) | texts;

# Whether it tells of an end.
def is_over: .event | IN("finding.resolved", "scan.recovered", "credential.freed", "coverage.gained");

# How pressing it is: act, decide, look, over, or none of these. What keeps people from seeing is to be decided upon.
def pressing:
    if is_over then "over"
    elif .class != null then .class
    elif .event | IN("scan.failing", "credential.held", "target.quarantined", "removal.held", "coverage.lost",
        "exemption.expired") then "decide"
    else "none" end;

# What is not shown of an alert of which so many entries are, in a sentence; nothing when all is.
def rest($shown):
    (.findings | length) - $shown + (.more // 0)
    | if . > 0 then "And \(.) more: `muster alerts` and `muster list` show them." else empty end;

# An answer of a receiver without what it may repeat of the settings file: addresses of mail are all that may stay.
def hide($settings):
    ([
        $settings | split("\n")[] | select(test("^[ \t]*(--)?(mail-|cacert|capath)") | not)
        | capture("^[ \t]*(--)?[A-Za-z0-9-]+[ \t]*[=:]?[ \t]*\"?(?<value>[^\"]*)").value
        | ., (capture("^[a-z]+://[^/]*(?<path>/.*)") | .path), (split(":")[1:] | join(":") | ltrimstr(" "))
        | select(length >= 4)
    ] | sort_by(-length)) as $secrets
    | reduce $secrets[] as $secret (.; split($secret) | join("***"));
