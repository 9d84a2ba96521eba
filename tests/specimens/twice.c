/* Sends one key twice, with different content. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    for (int i = 0; i < 2; i++) {
        struct muster_item *item = muster_item(m, "machine", "host");
        muster_set(item, "note", i == 0 ? "the first" : "the second");
        muster_emit(item);
    }
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "twice", .version = "1", .summary = "sends one key twice", .options = options, .kinds = kinds,
              .scan = scan);
