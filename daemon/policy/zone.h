/* Time zones by the files of the system's database (TZif, RFC 8536, versions 1 to 4), read from bytes. Pure: whoever
 * opens the file brings them. The process's own zone (TZ) is never touched. */
#ifndef ZONE_H
#define ZONE_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZONE_MAX_BYTES ((size_t)256 << 10)

struct zone;

/* A day of the proleptic Gregorian calendar, within a million years, and a time of it. Where it is given, day may lie
 * outside of its month, and hour and minute outside of their day: they are then of another one. */
struct zone_time {
    int year, month, day; /* month and day from 1 */
    int hour, minute, second;
    int weekday; /* 0: Sunday; filled in by zone_local */
};

/* Everything lies in the arena. Refused (class config) with a sentence that says what is wrong with the file: also one
 * that counts leap seconds. Bytes are hostile: counts are checked against the size. */
const struct zone *zone_read(const void *bytes, size_t size, struct arena *arena, struct err *err);

/* UTC. */
extern const struct zone *const zone_utc;

/* What clocks there show at this wall time (milliseconds since 1970, UTC), by the footer's rule behind the last
 * transition. */
struct zone_time zone_local(const struct zone *zone, int64_t wall_ms);

/* The wall time at which clocks there show this. A time that does not exist (clocks went forward over it) is the
 * moment of the change; one that comes twice is the first. */
int64_t zone_wall(const struct zone *zone, const struct zone_time *local);

#endif
