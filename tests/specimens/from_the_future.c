/* Calls a function of an interface that is newer than this one. */
#include "muster_plugin.h"

int muster_from_the_future(struct muster *m);

static int scan(struct muster *m)
{
    return muster_from_the_future(m);
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "from_the_future", .version = "1", .summary = "was built for a newer muster", .kinds = kinds,
              .scan = scan);
