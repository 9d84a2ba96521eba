/* Fails without a word. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    return -1;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "silent", .version = "1", .summary = "fails without a word", .options = options, .kinds = kinds,
              .scan = scan);
