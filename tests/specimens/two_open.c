/* Starts a second record before it has sent the first. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    muster_set(muster_item(m, "machine", "first"), "note", "unsent");
    muster_emit(muster_item(m, "machine", "second"));
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "two_open", .version = "1", .summary = "has two records open", .options = options, .kinds = kinds,
              .scan = scan);
