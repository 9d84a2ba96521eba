/* Fails with a class that there is not. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    return muster_fail(m, 99, "the moon is in the wrong phase");
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "strange_class", .version = "1", .summary = "fails with an unknown class", .options = options,
              .kinds = kinds, .scan = scan);
