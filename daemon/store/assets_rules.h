/* The configuration's identity rules, taken up when they may be others than before. */
#ifndef ASSETS_RULES_H
#define ASSETS_RULES_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct identity_rules;
struct store;

/* Joins and parts what the rules say, in a transaction with a journal row of its own where anything changes. at: wall
 * time. */
bool assets_rules_take(struct store *store, const struct identity_rules *rules, int64_t at, struct err *err);

#endif
