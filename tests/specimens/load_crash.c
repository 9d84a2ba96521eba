/* Crashes while it is loaded. */
#include "muster_plugin.h"

#include <stdlib.h>

static __attribute__((constructor)) void crash(void)
{
    abort();
}

static int scan(struct muster *m)
{
    return m == NULL ? -1 : 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "load_crash", .version = "1", .summary = "crashes while it is loaded", .kinds = kinds,
              .scan = scan);
