/* Upgrade plans that are made by hand. */
#ifndef PLAN_MADE_H
#define PLAN_MADE_H

#include "plan_html.h"

/* tiny, none, unjudged, hostile, many; NULL: none of that name. Lives until the program ends. */
const struct plan *plan_made_find(const char *name);

#endif
