/* Prints to standard output, as one does to find a defect, and dies before anything is flushed. */
#include "muster_plugin.h"

#include <stdio.h>
#include <stdlib.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    for (int i = 0; i < 1000; i++)
        printf("host %d is done\n", i);
    printf("about to divide by the number of hosts\n");
    abort();
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "words", .version = "1", .summary = "prints to standard output and dies", .options = options,
              .kinds = kinds, .scan = scan);
