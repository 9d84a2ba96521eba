/* Has a key of 10 KB. */
#include "muster_plugin.h"

#include <string.h>

static int scan(struct muster *m)
{
    static char key[10001];

    if (muster_bool(m, "well"))
        return 0;
    memset(key, 'k', sizeof key - 1);
    muster_emit(muster_item(m, "machine", key));
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "long_key", .version = "1", .summary = "has a long key", .options = options, .kinds = kinds,
              .scan = scan);
