/* Links one record to 100,000 others. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    struct muster_item *item;

    if (muster_bool(m, "well"))
        return 0;
    item = muster_item(m, "machine", "host");
    for (int i = 0; i < 100000; i++)
        muster_link(item, "runs_on", "machine", muster_fmt(m, "machine-%d", i));
    muster_emit(item);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "many_links", .version = "1", .summary = "sets 100,000 links", .options = options, .kinds = kinds,
              .scan = scan);
