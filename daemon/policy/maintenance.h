/* Maintenance windows: when targets are left alone. Pure and constant. */
#ifndef MAINTENANCE_H
#define MAINTENANCE_H

#include "word_list.h"
#include "zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAINTENANCE_DAY_MINUTES 1440

/* A weekly one has days; one that happens once has from and until. */
struct maintenance_window {
    const char *name;
    struct word_list targets, tags; /* as target_filter.h takes them; none of both: all targets */
    const struct zone *zone;
    unsigned days;                /* bit 0: it begins on Sundays */
    int begin_minute, minutes;    /* of the day, by the zone's clocks; how long, by the same clocks: 22:00 to
                                     02:00 ends when they show 02:00 of the next day. At most a day */
    struct zone_time from, until; /* once */
    bool weekly;
};

struct maintenance {
    const struct maintenance_window *list;
    size_t count;
};

/* Whether the window is open at this wall time, and until when; else when it opens next (INT64_MAX: never again). It
 * opens and closes when clocks first show the time, or go forward over it. Whole days that follow each other are one
 * opening; one of all days is told to end in a week at the latest. */
struct maintenance_state {
    bool open;
    int64_t until, next; /* until: 0 where it is not open; next: INT64_MAX where it is */
};
struct maintenance_state maintenance_look(const struct maintenance_window *window, int64_t wall);

/* All of them, each into its place of `states`. Returns the wall time when one of them is another, at the earliest;
 * INT64_MAX: never again. */
int64_t maintenance_look_all(const struct maintenance *maintenance, int64_t wall, struct maintenance_state *states);

/* Of the windows that are open as these states say, the one that covers this target and ends last; its place in the
 * list, or maintenance->count where there is none. */
size_t maintenance_of(const struct maintenance *maintenance, const struct maintenance_state *states, const char *target,
                      const struct word_list *tags);

#endif
