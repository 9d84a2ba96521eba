/* Starts a record and does not send it. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    muster_set(muster_item(m, "machine", "host"), "note", "unsent");
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "never_emitted", .version = "1", .summary = "does not send its record", .options = options,
              .kinds = kinds, .scan = scan);
