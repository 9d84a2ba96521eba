/* Asks for an option by the getter of another type. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    return muster_int(m, "well") == 0 ? 0 : -1;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "wrong_getter", .version = "1", .summary = "asks for an option by the wrong getter",
              .options = options, .kinds = kinds, .scan = scan);
