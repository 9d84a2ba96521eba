/* Sends a record after it has called muster_end(). */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    muster_end(m, MUSTER_COMPLETE);
    muster_emit(muster_item(m, "machine", "late"));
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "after_end", .version = "1", .summary = "sends a record after muster_end()", .options = options,
              .kinds = kinds, .scan = scan);
