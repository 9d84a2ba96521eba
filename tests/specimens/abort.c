/* Finds that something is wrong with itself. */
#include "muster_plugin.h"

#include <stdio.h>
#include <stdlib.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    fprintf(stderr, "the balance of this plugin is off by 3\n");
    abort();
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "abort", .version = "1", .summary = "gives itself up", .options = options, .kinds = kinds,
              .scan = scan);
