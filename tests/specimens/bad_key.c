/* Has a key that is not UTF-8. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    muster_emit(muster_item(m, "machine", "caf\xE9"));
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "bad_key", .version = "1", .summary = "has a key that is not UTF-8", .options = options,
              .kinds = kinds, .scan = scan);
