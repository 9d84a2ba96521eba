/* Ends with a completeness that there is not. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    muster_end(m, 77);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "strange_end", .version = "1", .summary = "ends with an unknown completeness", .options = options,
              .kinds = kinds, .scan = scan);
