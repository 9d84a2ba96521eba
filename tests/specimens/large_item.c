/* Sets twenty texts, each as long as a text may be. */
#include "muster_plugin.h"

#include <string.h>

static int scan(struct muster *m)
{
    static char text[MUSTER_MAX_TEXT + 1];
    struct muster_item *item;

    if (muster_bool(m, "well"))
        return 0;
    memset(text, 'x', sizeof text - 1);
    item = muster_item(m, "machine", "host");
    for (int i = 0; i < 20; i++)
        muster_set(item, muster_fmt(m, "text%d", i), text);
    muster_emit(item);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "large_item", .version = "1", .summary = "sets more than fits into a record", .options = options,
              .kinds = kinds, .scan = scan);
