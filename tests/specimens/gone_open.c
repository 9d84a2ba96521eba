/* Says what is gone while a record is open, and goes on with the record. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    struct muster_item *item;

    if (muster_bool(m, "well"))
        return 0;
    item = muster_item(m, "machine", "host");
    muster_set(item, "note", "whole");
    for (int i = 0; i < 1000; i++)
        muster_gone(m, "machine", muster_fmt(m, "machine-%d", i));
    muster_set(item, "os.build", "10.0.14393");
    muster_emit(item);
    muster_end(m, MUSTER_DELTA);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "gone_open", .version = "1", .summary = "says what is gone in the middle of a record",
              .options = options, .kinds = kinds, .scan = scan);
