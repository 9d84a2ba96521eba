/* Hands what a file holds to the host, and remembers whether anything was missed: a scan that missed something ends
 * partial, so that nothing is taken for gone because a line was bad. */
#ifndef RELAY_H
#define RELAY_H

#include "item.h"
#include "muster_plugin.h"

#include <stdbool.h>
#include <stddef.h>

struct relay {
    struct muster *m;
    const char *file; /* the file's name, for warnings */
    bool missed;
};

void relay_item(struct relay *relay, const struct item *item);

/* Warns and counts as missed. kind and key may be NULL. */
void relay_miss(struct relay *relay, const char *kind, const char *key, const char *format, ...) MUSTER_PRINTF(4, 5);

#endif
