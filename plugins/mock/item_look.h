/* What a test asks of an item, as one word to compare. */
#ifndef ITEM_LOOK_H
#define ITEM_LOOK_H

#include "item.h"

/* A list as one text; NULL: it has none. Lives until the next call. */
const char *item_look_list(const struct item *item, const char *attribute, const char *between);

/* 1 true, 0 false, -1 it has none. */
int item_look_truth(const struct item *item, const char *attribute);

/* Why an attribute is unread, by itself or with all that begin as it does; NULL: nothing says so. */
const char *item_look_unread(const struct item *item, const char *attribute);

#endif
