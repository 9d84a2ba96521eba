/* Says what is gone in a scan that is no delta. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    muster_gone(m, "machine", "host");
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "gone_complete", .version = "1", .summary = "says what is gone without a delta",
              .options = options, .kinds = kinds, .scan = scan);
