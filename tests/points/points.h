/* Which of many points a test tries: where to fail, when to kill.
 *
 *     struct points points = points_of(total, 60, 0);
 *     while (points_next(&points, &point))
 *         ... point is one of 1 to total ...
 *
 * All points where there are no more than `most`; else one at random out of each of `most` equal parts, so that every
 * stretch is tried, and over many runs every point. Where MUSTER_THOROUGH is set (./run test --all does), `most` is
 * `thorough` instead; 0: all.
 *
 * What is random comes from one seed, which is printed where it is first used: MUSTER_SEED=<it> repeats the run. */
#ifndef POINTS_H
#define POINTS_H

#include <stdbool.h>

struct points {
    unsigned total, parts, part;
};

struct points points_of(unsigned total, unsigned most, unsigned thorough);
bool points_next(struct points *points, unsigned *point);

/* 0 to limit - 1; limit is at least 1. */
unsigned points_random(unsigned limit);

#endif
