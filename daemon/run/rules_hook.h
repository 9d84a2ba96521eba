/* The configuration's hooks, as the outbox takes them. */
#ifndef RULES_HOOK_H
#define RULES_HOOK_H

#include "arena.h"
#include "config.h"
#include "hook.h"

/* Everything is copied into the arena. */
struct hooks rules_hook_list(const struct config *config, struct arena *arena);

#endif
