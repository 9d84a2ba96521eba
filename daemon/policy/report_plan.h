/* When reports are due that the configuration asks for, and how their files are called. Pure and constant. */
#ifndef REPORT_PLAN_H
#define REPORT_PLAN_H

#include "str.h"
#include "zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum report_every { REPORT_DAILY, REPORT_WEEKLY, REPORT_MONTHLY };

struct report_plan {
    enum report_every every;
    int day;    /* weekly: 0 is Sunday; monthly: 1 to 31, in a month that is shorter its last day */
    int minute; /* of that day, by the zone's clocks */
    const struct zone *zone;
};

/* The first wall time after this one at which clocks first show the plan's time, or go forward over it. */
int64_t report_plan_next(const struct report_plan *plan, int64_t wall);

#define REPORT_PLAN_AHEAD_MS ((int64_t)24 * 3600 * 1000)

/* When the next report is due, where the last one was begun at this wall time (of one that was never made: when the
 * daemon first knew of it). Not after now: it is due now, and once only, however many were missed. A last one that lies
 * more than REPORT_PLAN_AHEAD_MS in the future was made under a clock that was wrong, and holds nothing up. */
int64_t report_plan_due(const struct report_plan *plan, int64_t last, int64_t now);

#define REPORT_PLAN_NAME 64 /* bytes of a report's name, at the most */
/* A name of letters, digits, dots, hyphens and underscores that begins with a letter or a digit: it is part of the
 * names of files. */
bool report_plan_may_name(const char *name);

/* Appends "weekly-2026-11-23.html": the file of a report of this format that was due at this wall time, by the zone's
 * date. */
void report_plan_file(struct str *out, const char *name, const struct zone *zone, int64_t due, const char *format);

/* Whether a file has a name that report_plan_file gives to this report and format at some date; of several, the later
 * one comes behind in the order of bytes. */
bool report_plan_owns(const char *name, const char *format, const char *file);

#endif
