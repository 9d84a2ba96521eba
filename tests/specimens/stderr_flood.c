/* Prints and does not stop. */
#include "muster_plugin.h"

#include <stdio.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    for (;;)
        fprintf(stderr, "nobody will ever read this\n");
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "stderr_flood", .version = "1", .summary = "prints and does not stop", .options = options,
              .kinds = kinds, .scan = scan);
