/* Needs a library that the loader does not find. */
#include "muster_plugin.h"

int muster_absent(void);

static int scan(struct muster *m)
{
    (void)m;
    return muster_absent();
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "missing_library", .version = "1", .summary = "needs a library that is not there", .kinds = kinds,
              .scan = scan);
