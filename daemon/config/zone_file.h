/* The system's files of time zones (package tzdata), by the names of the zones. */
#ifndef ZONE_FILE_H
#define ZONE_FILE_H

#include "arena.h"
#include "err.h"
#include "zone.h"

#include <stddef.h>

#define ZONE_FILE_FOLDER "/usr/share/zoneinfo"
#define ZONE_FILE_MAX_NAME 64

struct zone_file {
    const void *bytes;
    size_t size;
    const struct zone *zone;
};

/* Reads and understands the file of this zone, into the arena. The name is from outside: it can name nothing outside of
 * the folder. Refused (class config) with a sentence; where there is no such zone, with the nearest one. */
bool zone_file_read(struct zone_file *file, const char *name, struct arena *arena, struct err *err);

#endif
