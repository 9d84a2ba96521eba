/* Sends one record twice. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    for (int i = 0; i < 2; i++) {
        struct muster_item *item = muster_item(m, "machine", "host");
        muster_set(item, i == 0 ? "note" : "name", "the same");
        muster_set(item, i == 0 ? "name" : "note", "the same");
        muster_emit(item);
    }
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "same_twice", .version = "1", .summary = "sends one record twice", .options = options,
              .kinds = kinds, .scan = scan);
