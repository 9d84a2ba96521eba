#include "event.h"

#include <stddef.h>
#include <string.h>

#define USUAL true
#define NAMED false

static const struct {
    const char *word;
    bool usual;
} events[] = {
    [EVENT_FINDING_OPENED] = { "finding.opened", USUAL },
    [EVENT_FINDING_CHANGED] = { "finding.changed", USUAL },
    [EVENT_FINDING_RESOLVED] = { "finding.resolved", USUAL },
    [EVENT_EXEMPTION_EXPIRING] = { "exemption.expiring", USUAL },
    [EVENT_EXEMPTION_EXPIRED] = { "exemption.expired", USUAL },
    [EVENT_EXEMPTION_GROWN] = { "exemption.grown", USUAL },
    [EVENT_EXEMPTION_IDLE] = { "exemption.idle", USUAL },
    [EVENT_RULING_LAPSING] = { "ruling.lapsing", USUAL },
    [EVENT_SCAN_FAILING] = { "scan.failing", USUAL },
    [EVENT_SCAN_RECOVERED] = { "scan.recovered", USUAL },
    [EVENT_CREDENTIAL_HELD] = { "credential.held", USUAL },
    [EVENT_CREDENTIAL_FREED] = { "credential.freed", USUAL },
    [EVENT_TARGET_QUARANTINED] = { "target.quarantined", USUAL },
    [EVENT_REMOVAL_HELD] = { "removal.held", USUAL },
    [EVENT_REPORT_READY] = { "report.ready", USUAL },
    [EVENT_MATRIX_CHANGED] = { "matrix.changed", USUAL },
    [EVENT_ASSET_APPEARED] = { "asset.appeared", NAMED },
    [EVENT_ASSET_MOVED] = { "asset.moved", NAMED },
    [EVENT_ASSET_GONE] = { "asset.gone", NAMED },
    [EVENT_HOOK_TEST] = { "hook.test", NAMED },
};

_Static_assert(sizeof events / sizeof events[0] == EVENT_COUNT_END, "a word for each event");

const char *const event_words[] = {
    "finding.opened",  "finding.changed",  "finding.resolved",   "exemption.expiring", "exemption.expired",
    "exemption.grown", "exemption.idle",   "ruling.lapsing",     "scan.failing",       "scan.recovered",
    "credential.held", "credential.freed", "target.quarantined", "removal.held",       "report.ready",
    "matrix.changed",  "asset.appeared",   "asset.moved",        "asset.gone",         NULL,
};

const char *event_word(enum event_what what)
{
    return events[what].word;
}

enum event_what event_find(const char *word)
{
    for (int i = EVENT_FINDING_OPENED; i < EVENT_COUNT_END; i++) {
        if (strcmp(events[i].word, word) == 0)
            return (enum event_what)i;
    }
    return 0;
}

bool event_is_usual(enum event_what what)
{
    return events[what].usual;
}

bool event_is_finding(enum event_what what)
{
    return what <= EVENT_FINDING_RESOLVED;
}
