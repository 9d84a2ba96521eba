/* Forgets all the memory it asks for. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    while (muster_alloc(m, 1 << 20) != NULL)
        ;
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "leak", .version = "1", .summary = "forgets all the memory it asks for", .options = options,
              .kinds = kinds, .scan = scan);
