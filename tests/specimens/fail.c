/* Fails as it is told to. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    return muster_fail(m, (int)muster_int(m, "class"), "the server said \"%s\"", "no");
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { .name = "class", .type = MUSTER_INT, .fallback = "1", .help = "enum muster_class" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "fail", .version = "1", .summary = "fails as it is told to", .options = options, .kinds = kinds,
              .scan = scan);
