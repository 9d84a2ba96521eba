/* Sends ten million records. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    for (int i = 0; i < 10000000; i++)
        muster_emit(muster_item(m, "machine", muster_fmt(m, "machine-%d", i)));
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "many_items", .version = "1", .summary = "sends ten million records", .options = options,
              .kinds = kinds, .scan = scan);
