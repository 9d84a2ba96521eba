/* Stops itself as a terminal stops a program. */
#include "muster_plugin.h"

#include <signal.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    raise(SIGSTOP);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "stop", .version = "1", .summary = "stops itself", .options = options, .kinds = kinds,
              .scan = scan);
