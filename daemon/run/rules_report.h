/* The configuration's reports, as they are made. */
#ifndef RULES_REPORT_H
#define RULES_REPORT_H

#include "arena.h"
#include "config.h"
#include "report_order.h"

/* Everything is copied into the arena, the zones too. */
struct report_orders rules_report_list(const struct config *config, struct arena *arena);

#endif
