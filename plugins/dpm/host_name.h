/* Names of hosts as DPMDB, options and data sources have them: short or full, in any case. Pure. */
#ifndef HOST_NAME_H
#define HOST_NAME_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { HOST_NAME_MAX_BYTES = 255 };

/* Whether it can be a host's name in DNS. */
bool host_name_is(const char *name);

/* A copy in lower case, without a final dot. */
const char *host_name_lower(struct arena *arena, const char *name);

/* Whether the first so many bytes of name are the first label of the full name, in any case. */
bool host_name_is_short_of(const char *name, size_t length, const char *full);

#endif
