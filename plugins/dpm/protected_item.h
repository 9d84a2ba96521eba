/* A data source as an item of kind protected. Pure. */
#ifndef PROTECTED_ITEM_H
#define PROTECTED_ITEM_H

#include "holdings.h"
#include "item.h"

/* The item's memory is the arena's; server: key of the backup server's item. */
void protected_item(struct item *item, const struct holdings *holdings, const struct holdings_source *source,
                    const char *server, struct arena *arena);

#endif
