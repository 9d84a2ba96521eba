/* Asks for an option that its table does not have. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    return muster_text(m, "colour") == NULL ? 0 : -1;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "undeclared", .version = "1", .summary = "asks for an option it has not declared",
              .options = options, .kinds = kinds, .scan = scan);
