/* The times at which a target is due when nothing is wrong: `every` apart on the wall clock, from a phase that its name
 * gives, so that a fleet is spread and each target keeps its place over restarts. Pure. */
#ifndef GRID_H
#define GRID_H

#include <stdint.h>

#define GRID_EVERY_MAX (INT64_C(36525) * 24 * 3600 * 1000) /* a century */

/* The hash of a name that the others take. */
uint64_t grid_hash(const char *name);

/* every_ms, made one that the arithmetic can take: from 1 to GRID_EVERY_MAX. */
int64_t grid_every(int64_t every_ms);

/* The first time of the grid after this one. wall: any time up to the year 9999, a negative one too. */
int64_t grid_after(uint64_t hash, int64_t every_ms, int64_t wall);

/* How long one that should have run already waits still: below `every` and a minute, spread by the name, and on the
 * grid where that is as near. */
int64_t grid_soon(uint64_t hash, int64_t every_ms, int64_t wall);

#endif
