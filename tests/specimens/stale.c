/* Goes on with a record that it has emitted: sets an attribute of it, or emits it again. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    struct muster_item *item = muster_item(m, "machine", "one");

    muster_emit(item);
    if (muster_bool(m, "well"))
        return 0;
    if (muster_bool(m, "twice"))
        return muster_emit(item) == -1 ? 0 : 1;
    muster_set(item, "id.name", "too late");
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { .name = "twice", .type = MUSTER_BOOL, .help = "emit it again" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "stale", .version = "1", .summary = "uses a stale record", .options = options, .kinds = kinds,
              .scan = scan);
