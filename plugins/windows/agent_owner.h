/* Who owns a protection agent: the agent's own configuration, a value of the registry that holds XML in UTF-16. Pure.
 */
#ifndef AGENT_OWNER_H
#define AGENT_OWNER_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>

#define AGENT_OWNER_MAX (1U << 20) /* bytes of the value */

/* The name of the one backup server that the configuration names, or NULL with true where it names none. False: it is
 * no such configuration, or names several. */
bool agent_owner_read(const unsigned char *bytes, size_t size, struct arena *arena, const char **owner,
                      struct err *err);

#endif
