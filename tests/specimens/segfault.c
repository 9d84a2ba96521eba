/* Writes where it has no memory. */
#include "muster_plugin.h"

#include <stdint.h>

static int scan(struct muster *m)
{
    volatile uintptr_t nowhere = 8;

    if (muster_bool(m, "well"))
        return 0;
    *(volatile int *)nowhere = 1;
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "segfault", .version = "1", .summary = "writes where it has no memory", .options = options,
              .kinds = kinds, .scan = scan);
