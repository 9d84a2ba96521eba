/* The other half of `muster list`: --inventory, the assets themselves. */
#ifndef LIST_INVENTORY_H
#define LIST_INVENTORY_H

#include "view.h"

enum status list_inventory(struct view *view);

#endif
