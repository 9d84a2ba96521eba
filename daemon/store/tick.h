/* What the clock alone changes: targets become stale, exemptions and rulings come to their ends, a vendor's support
 * ends. In one transaction of its own; writes nothing where nothing is due.
 *
 * What it finds due in one go is one batch, and so one alert (targets: where they are many). A wall clock that is set
 * back or forward gives one batch at the most: a target that was not to be scanned meanwhile becomes stale only when it
 * had time for that (`since`), and whatever else turns out to be due, or not to be due any more, is told once. */
#ifndef TICK_H
#define TICK_H

#include "err.h"
#include "judging.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

/* How long a target that is due to be stale has time for a scan, after what kept it from being scanned. */
#define TICK_PATIENCE_MS ((int64_t)3600 * 1000)

struct tick_setting {
    const struct basis *basis; /* whose rulings and attestations have dates; NULL: they are not looked at */
    const int64_t *quiet;      /* targets in maintenance, or that were within TICK_PATIENCE_MS: not stale now */
    size_t quiet_count;
    int64_t since; /* wall time since when the daemon runs and its wall clock was not set (clock_even_since);
                      0: for ever */
    int64_t now;   /* wall time */
};

/* *next: when to look again (wall time), at the latest when the next day (UTC) begins; and before that when the basis,
 * the targets or those in maintenance are others. */
bool tick_run(struct store *store, const struct tick_setting *setting, int64_t *next, struct err *err);

#endif
