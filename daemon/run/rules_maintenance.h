/* The configuration's maintenance windows, as they are looked at. */
#ifndef RULES_MAINTENANCE_H
#define RULES_MAINTENANCE_H

#include "arena.h"
#include "config.h"
#include "maintenance.h"

/* Everything is copied into the arena, the zones too. */
struct maintenance rules_maintenance_list(const struct config *config, struct arena *arena);

#endif
