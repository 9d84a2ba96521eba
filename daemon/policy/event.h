/* The words for what people may be told of, by hooks (docs/hooks.md). */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>

enum event_what {
    EVENT_FINDING_OPENED = 1, /* again too */
    EVENT_FINDING_CHANGED,
    EVENT_FINDING_RESOLVED, /* or retired, or superseded: the finding's state says which */
    EVENT_EXEMPTION_EXPIRING,
    EVENT_EXEMPTION_EXPIRED,
    EVENT_EXEMPTION_GROWN, /* it covers more findings than when it was made */
    EVENT_EXEMPTION_IDLE,  /* it covers none */
    EVENT_RULING_LAPSING,
    EVENT_SCAN_FAILING,
    EVENT_SCAN_RECOVERED,
    EVENT_CREDENTIAL_HELD,
    EVENT_CREDENTIAL_FREED,
    EVENT_TARGET_QUARANTINED,
    EVENT_REMOVAL_HELD,
    EVENT_COVERAGE_LOST,   /* no backup server's database shows an asset any more that one did */
    EVENT_COVERAGE_GAINED, /* one shows it, for the first time or again */
    EVENT_REPORT_READY,
    EVENT_MATRIX_CHANGED,
    EVENT_ASSET_APPEARED, /* these three are rows of the history, and told only to a hook that names them */
    EVENT_ASSET_MOVED,
    EVENT_ASSET_GONE,
    EVENT_HOOK_TEST, /* a sample that somebody asked for */
    EVENT_COUNT_END, /* none, but how many there are */
};

/* "finding.opened". */
const char *event_word(enum event_what what);
enum event_what event_find(const char *word); /* 0: none */

/* All words but that of the sample, NULL at the end: what a hook's `events` may hold. */
extern const char *const event_words[];

/* Whether a hook that names no events is told of it. */
bool event_is_usual(enum event_what what);

/* Whether it is about a finding. */
bool event_is_finding(enum event_what what);

/* What the beginning, a change and the end of what this word is about are called. A word that has no other for the end
 * begins and changes as itself, and its end (0) is not told. */
struct event_course {
    enum event_what begins, changes, ends;
};
struct event_course event_course(enum event_what what);

#endif
