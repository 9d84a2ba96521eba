/* Needs a stack without end. */
#include "muster_plugin.h"

#include <stddef.h>

static volatile size_t deepest;

static size_t depth(size_t at)
{
    volatile char room[4096];

    room[at % sizeof room] = (char)at;
    deepest = at;
    return deepest == 0 ? 0 : depth(at + 1) + (size_t)room[0];
}

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    return depth(1) > 0 ? 0 : -1;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "recursion", .version = "1", .summary = "needs a stack without end", .options = options,
              .kinds = kinds, .scan = scan);
