/* Sets a list of 4,096 texts, each as long as a text may be. */
#include "muster_plugin.h"

#include <string.h>

static int scan(struct muster *m)
{
    static const char *texts[MUSTER_MAX_LIST];
    static char text[MUSTER_MAX_TEXT + 1];
    struct muster_item *item;

    if (muster_bool(m, "well"))
        return 0;
    memset(text, 'x', sizeof text - 1);
    for (int i = 0; i < MUSTER_MAX_LIST; i++)
        texts[i] = text;
    item = muster_item(m, "machine", "host");
    muster_set_list(item, "list", texts, MUSTER_MAX_LIST);
    muster_emit(item);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "large_list", .version = "1", .summary = "sets a large list", .options = options, .kinds = kinds,
              .scan = scan);
