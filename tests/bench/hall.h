/* A loop with a plugin host, a store and its worker, as the daemon has them: scans go in, commits come out. */
#ifndef HALL_H
#define HALL_H

#include "budget.h"
#include "host.h"
#include "scan.h"
#include "store.h"
#include "worker.h"

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct hall {
    uv_loop_t loop;
    struct store *store;
    struct worker *worker;
    struct host *host;
    struct budget *budget;
    char folder[40];
    size_t targets;   /* numbered from 1, each with a scope of its own */
    size_t in_flight; /* scans and commits */
    size_t committed, items;
    int64_t now; /* wall time of the last scan's end */
};

/* With the plugin that muster-bench brings (heavy.c), ready. */
void hall_open(struct hall *hall, size_t targets);
void hall_close(struct hall *hall);

/* Orders a scan of so many items, whose commit follows. Anything that goes wrong ends the program. */
void hall_scan(struct hall *hall, int64_t target, unsigned items);

/* Turns the loop until no more than so many are in flight. */
void hall_until(struct hall *hall, size_t in_flight);

#endif
