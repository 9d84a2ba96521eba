/* What the configuration says of the reports that are written by themselves. Constant. */
#ifndef REPORT_ORDER_H
#define REPORT_ORDER_H

#include "report_plan.h"
#include "word_list.h"

#include <stddef.h>

struct report_order {
    const char *name;
    struct report_plan plan;
    struct word_list formats;                             /* each is also the suffix of its file */
    const char *folder;                                   /* absolute */
    size_t keep;                                          /* files of each format; the oldest ones go */
    const char *title, *owner, *site, *server, *workload; /* NULL: not given */
};

struct report_orders {
    const struct report_order *list;
    size_t count;
};

/* NULL: none of that name. */
const struct report_order *report_orders_find(const struct report_orders *orders, const char *name);

#endif
