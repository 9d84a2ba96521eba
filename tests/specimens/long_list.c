/* Sets a list of 100,000 texts. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    static const char *texts[100000];
    struct muster_item *item;

    if (muster_bool(m, "well"))
        return 0;
    for (int i = 0; i < 100000; i++)
        texts[i] = "element";
    item = muster_item(m, "machine", "host");
    muster_set_list(item, "list", texts, 100000);
    muster_emit(item);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "long_list", .version = "1", .summary = "sets a long list", .options = options, .kinds = kinds,
              .scan = scan);
