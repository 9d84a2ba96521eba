/* Calls exit(0) before it is done, as if all were well. */
#include "muster_plugin.h"

#include <stdlib.h>

static int scan(struct muster *m)
{
    muster_emit(muster_item(m, "machine", "before"));
    exit(0);
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "early_exit", .version = "1.0", .summary = "exits too early", .kinds = kinds, .scan = scan);
