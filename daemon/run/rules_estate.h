/* The configuration's backup servers and assign rules, as the judge takes them. */
#ifndef RULES_ESTATE_H
#define RULES_ESTATE_H

#include "arena.h"
#include "config.h"
#include "estate.h"

/* Everything is copied into the arena. */
struct estate rules_estate(const struct config *config, struct arena *arena);

#endif
