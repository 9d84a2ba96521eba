/* Calls exit() as a program would. */
#include "muster_plugin.h"

#include <stdlib.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    exit(3);
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "exit", .version = "1", .summary = "calls exit()", .options = options, .kinds = kinds,
              .scan = scan);
