/* Crashes before any scan. */
#include "muster_plugin.h"

#include <stdlib.h>

static int prepare(struct muster_error *error)
{
    (void)error;
    abort();
}

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prepare_crash", .version = "1", .summary = "crashes in prepare()", .kinds = kinds, .scan = scan,
              .prepare = prepare);
