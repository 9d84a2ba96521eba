/* Sets 100,000 attributes of one record. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    struct muster_item *item;

    if (muster_bool(m, "well"))
        return 0;
    item = muster_item(m, "machine", "host");
    for (int i = 0; i < 100000; i++)
        muster_set_int(item, muster_fmt(m, "disk.d%d.size", i), i);
    muster_emit(item);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "many_attributes", .version = "1", .summary = "sets 100,000 attributes", .options = options,
              .kinds = kinds, .scan = scan);
