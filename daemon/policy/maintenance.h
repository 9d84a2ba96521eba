/* Maintenance windows: when targets are left alone. Pure and constant. */
#ifndef MAINTENANCE_H
#define MAINTENANCE_H

#include "hook.h"
#include "zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A weekly one has days; one that happens once has from and until. */
struct maintenance_window {
    const char *name;
    struct hook_words targets, tags; /* patterns as in hook.h; none of both: all targets */
    const struct zone *zone;
    unsigned days;                /* bit 0: it begins on Sundays */
    int begin_minute, minutes;    /* of the day, by the zone's clocks; how long, by the same clocks: 22:00 to
                                     02:00 ends when they show 02:00 of the next day */
    struct zone_time from, until; /* once */
    bool weekly;
};

struct maintenance {
    const struct maintenance_window *list;
    size_t count;
};

/* Whether the window is open at this wall time, and until when; else when it opens next (INT64_MAX: never again). */
struct maintenance_state {
    bool open;
    int64_t until, next;
};
struct maintenance_state maintenance_look(const struct maintenance_window *window, int64_t wall);

/* The window that is open for this target now and ends last; NULL: none. *until: when; *next: when to ask again at the
 * latest, whatever the answer. */
const struct maintenance_window *maintenance_of(const struct maintenance *maintenance, const char *target,
                                                const struct hook_words *tags, int64_t wall, int64_t *until,
                                                int64_t *next);

#endif
