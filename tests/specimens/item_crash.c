/* Crashes after it has sent an item. */
#include "muster_plugin.h"

#include <stdlib.h>

static int scan(struct muster *m)
{
    muster_emit(muster_item(m, "machine", "before"));
    abort();
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "item_crash", .version = "1.0", .summary = "crashes after an item", .kinds = kinds, .scan = scan);
