/* A fleet of 100,000 virtual machines in a database, the published matrix, and judging of the one by the other. */
#ifndef HERD_H
#define HERD_H

#include "judging.h"
#include "knowledge.h"
#include "store.h"

#include <stdbool.h>
#include <stdint.h>

/* A new database with the fleet, which is not judged yet. What fails ends the program. */
struct store *fleet_open(const char *path);

struct knowledge *fleet_matrix(void);

struct pass {
    double seconds, longest; /* longest: of the slices */
    double processor;        /* seconds, of this process and of the kernel for it: what others do, slows these less */
    uint64_t judged, changed;
};

/* All of it, in slices. */
struct pass fleet_judge(struct store *store, const struct basis *basis, bool again);

#endif
