/* The half of `muster summary` that is about verdicts: how many of what, what needs action, what comes from where. */
#ifndef SUMMARY_VERDICTS_H
#define SUMMARY_VERDICTS_H

#include "query_protection.h"
#include "view.h"

#include <stdbool.h>

/* The tables verdicts, groups, causes and judging, at first sight: to people only what needs action. */
bool summary_verdicts(struct view *view, struct err *err);

/* One table of groups alone, and all of it. */
bool summary_groups(struct view *view, enum query_grouping grouping, struct err *err);

#endif
