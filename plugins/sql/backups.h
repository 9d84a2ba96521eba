/* When databases were last backed up, as msdb remembers it: what this instance did itself, no other replica's. */
#ifndef BACKUPS_H
#define BACKUPS_H

#include "sql_section.h"

#include <stdbool.h>

/* After the databases. */
extern const struct section backups_section;

#define BACKUPS_TIME_SIZE 40

/* A time of a server whose clock is ahead of UTC by so many minutes, as the inventory writes it. False: it is none.
 * Pure. */
bool backups_utc(const char *local, int64_t minutes, char utc[BACKUPS_TIME_SIZE]);

#endif
