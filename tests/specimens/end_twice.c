/* Ends twice. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    muster_end(m, MUSTER_COMPLETE);
    muster_end(m, MUSTER_PARTIAL);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "end_twice", .version = "1", .summary = "ends twice", .options = options, .kinds = kinds,
              .scan = scan);
