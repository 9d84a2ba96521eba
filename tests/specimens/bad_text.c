/* Sets a text that is not UTF-8. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    struct muster_item *item;

    if (muster_bool(m, "well"))
        return 0;
    item = muster_item(m, "machine", "host");
    muster_set(item, "note", "caf\xE9 noir");
    muster_emit(item);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "bad_text", .version = "1", .summary = "sets a text that is not UTF-8", .options = options,
              .kinds = kinds, .scan = scan);
