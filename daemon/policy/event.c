#include "event.h"

#include <stddef.h>
#include <string.h>

#define USUAL true
#define NAMED false

/* All but the sample. */
#define EVENTS(X)                                                                                                      \
    X(EVENT_FINDING_OPENED, "finding.opened", USUAL)                                                                   \
    X(EVENT_FINDING_CHANGED, "finding.changed", USUAL)                                                                 \
    X(EVENT_FINDING_RESOLVED, "finding.resolved", USUAL)                                                               \
    X(EVENT_EXEMPTION_EXPIRING, "exemption.expiring", USUAL)                                                           \
    X(EVENT_EXEMPTION_EXPIRED, "exemption.expired", USUAL)                                                             \
    X(EVENT_EXEMPTION_GROWN, "exemption.grown", USUAL)                                                                 \
    X(EVENT_EXEMPTION_IDLE, "exemption.idle", USUAL)                                                                   \
    X(EVENT_RULING_LAPSING, "ruling.lapsing", USUAL)                                                                   \
    X(EVENT_SCAN_FAILING, "scan.failing", USUAL)                                                                       \
    X(EVENT_SCAN_RECOVERED, "scan.recovered", USUAL)                                                                   \
    X(EVENT_CREDENTIAL_HELD, "credential.held", USUAL)                                                                 \
    X(EVENT_CREDENTIAL_FREED, "credential.freed", USUAL)                                                               \
    X(EVENT_TARGET_QUARANTINED, "target.quarantined", USUAL)                                                           \
    X(EVENT_REMOVAL_HELD, "removal.held", USUAL)                                                                       \
    X(EVENT_COVERAGE_LOST, "coverage.lost", USUAL)                                                                     \
    X(EVENT_COVERAGE_GAINED, "coverage.gained", USUAL)                                                                 \
    X(EVENT_REPORT_READY, "report.ready", USUAL)                                                                       \
    X(EVENT_MATRIX_CHANGED, "matrix.changed", USUAL)                                                                   \
    X(EVENT_ASSET_APPEARED, "asset.appeared", NAMED)                                                                   \
    X(EVENT_ASSET_MOVED, "asset.moved", NAMED)                                                                         \
    X(EVENT_ASSET_GONE, "asset.gone", NAMED)

static const struct {
    const char *word;
    bool usual;
} events[] = {
#define ROW(what, word, usual) [what] = { word, usual },
    EVENTS(ROW)
#undef ROW
        [EVENT_HOOK_TEST] = { "hook.test", NAMED },
};

_Static_assert(sizeof events / sizeof events[0] == EVENT_COUNT_END, "a word for each event");

const char *const event_words[] = {
#define WORD(what, word, usual) word,
    EVENTS(WORD)
#undef WORD
        NULL,
};

static const struct event_course courses[EVENT_COUNT_END] = {
    [EVENT_FINDING_OPENED] = { EVENT_FINDING_OPENED, EVENT_FINDING_CHANGED, EVENT_FINDING_RESOLVED },
    [EVENT_FINDING_CHANGED] = { EVENT_FINDING_OPENED, EVENT_FINDING_CHANGED, EVENT_FINDING_RESOLVED },
    [EVENT_FINDING_RESOLVED] = { EVENT_FINDING_OPENED, EVENT_FINDING_CHANGED, EVENT_FINDING_RESOLVED },
    [EVENT_SCAN_FAILING] = { EVENT_SCAN_FAILING, EVENT_SCAN_FAILING, EVENT_SCAN_RECOVERED },
    [EVENT_SCAN_RECOVERED] = { EVENT_SCAN_FAILING, EVENT_SCAN_FAILING, EVENT_SCAN_RECOVERED },
    [EVENT_CREDENTIAL_HELD] = { EVENT_CREDENTIAL_HELD, EVENT_CREDENTIAL_HELD, EVENT_CREDENTIAL_FREED },
    [EVENT_CREDENTIAL_FREED] = { EVENT_CREDENTIAL_HELD, EVENT_CREDENTIAL_HELD, EVENT_CREDENTIAL_FREED },
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

struct event_course event_course(enum event_what what)
{
    return courses[what].begins != 0 ? courses[what] : (struct event_course){ what, what, 0 };
}
