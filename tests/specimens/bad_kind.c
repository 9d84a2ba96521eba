/* Sends a kind that is no word. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    muster_emit(muster_item(m, "Virtual Machine", "vm-1"));
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "bad_kind", .version = "1", .summary = "sends a kind that is no word", .options = options,
              .kinds = kinds, .scan = scan);
