/* Another form of `muster list`: --coverage, each asset with whether it is protected and whether that is supported. */
#ifndef LIST_COVERAGE_H
#define LIST_COVERAGE_H

#include "selection.h"
#include "view.h"

enum status list_coverage(struct view *view, const struct selection *selection);

#endif
