/* Closes all descriptors, as a daemon does when it starts. */
#include "muster_plugin.h"

#include <unistd.h>

static int prepare(struct muster_error *error)
{
    (void)error;
    for (int i = 3; i < 256; i++)
        close(i);
    return 0;
}

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prepare_close", .version = "1", .summary = "closes all descriptors", .kinds = kinds,
              .scan = scan, .prepare = prepare);
