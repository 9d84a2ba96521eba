/* What the memory of a process and of all that it started is. */
#ifndef FOOTPRINT_H
#define FOOTPRINT_H

#include <stddef.h>
#include <sys/types.h>

/* In MB, of 1,000,000 bytes. */
struct footprint {
    double whole;       /* shares of what is shared among processes counted (PSS) */
    double scan;        /* what a scan has for itself alone, of the one that has most */
    double scan_shares; /* of the one that has most of it: that, and its shares of what is shared (PSS) */
    size_t processes;   /* scans, at that moment */
};

/* Of a daemon now: with its plugins' hosts, whose children are the scans. What ends meanwhile is not counted. */
void footprint_take(struct footprint *footprint, pid_t daemon);

/* Keeps the most of each. */
void footprint_raise(struct footprint *most, const struct footprint *seen);

#endif
