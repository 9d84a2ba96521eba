#include "report_order.h"

#include <string.h>

const struct report_order *report_orders_find(const struct report_orders *orders, const char *name)
{
    for (size_t i = 0; i < orders->count; i++) {
        if (strcmp(orders->list[i].name, name) == 0)
            return &orders->list[i];
    }
    return NULL;
}
