/* Sends a kind that its table does not name. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    muster_emit(muster_item(m, "spaceship", "nostromo"));
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "strange_kind", .version = "1", .summary = "sends a kind that its table does not name",
              .options = options, .kinds = kinds, .scan = scan);
