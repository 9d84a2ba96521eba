/* Judging everything anew, because what verdicts rest on is another, or because a day has passed on which a ruling, an
 * attestation or a vendor's support may have ended. One slice is one store job, so scans are stored in between. */
#ifndef REJUDGE_H
#define REJUDGE_H

#include "list.h"
#include "rules.h"

#include <stdbool.h>
#include <stdint.h>

struct fleet;
struct rejudge;

/* The fleet must outlive it. */
struct rejudge *rejudge_create(struct fleet *fleet);

/* When the worker is closed. NULL is allowed. */
void rejudge_destroy(struct rejudge *rejudge);

/* Something is to be judged: the fleet's present rules have come into force, a commit left something, or a former run
 * of the daemon did. Harmless where that is under way. */
void rejudge_start(struct rejudge *rejudge);

/* Looks at the calendar: once a day (UTC) all that depends on the date is judged again. */
void rejudge_tick(struct rejudge *rejudge);

/* Nothing more is submitted. */
void rejudge_stop(struct rejudge *rejudge);

bool rejudge_is_running(const struct rejudge *rejudge);

/* The last one could not be ended, which was logged: some verdicts are those of before. */
bool rejudge_has_failed(const struct rejudge *rejudge);

/* Embedded in whoever waits; its link is in a list until it was told, or took itself out (list_remove). */
struct rejudge_wait {
    struct list link;
    void (*told)(struct rejudge_wait *wait);
};

/* Tells when everything is judged, or nothing more will be. False: it is so already, and nobody is told. */
bool rejudge_await(struct rejudge *rejudge, struct rejudge_wait *wait);

#endif
