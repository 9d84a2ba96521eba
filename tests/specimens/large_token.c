/* Wants to keep a token of 1 MB. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    static const char token[1000000];

    if (muster_bool(m, "well"))
        return 0;
    muster_keep_token(m, token, sizeof token);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "large_token", .version = "1", .summary = "keeps a large token", .options = options,
              .kinds = kinds, .scan = scan);
