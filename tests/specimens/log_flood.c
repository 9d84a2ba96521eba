/* Logs and does not stop. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    for (int i = 0; i < 200000; i++)
        muster_log(m, MUSTER_DEBUG, "still alive after %d lines", i);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "log_flood", .version = "1", .summary = "logs and does not stop", .options = options,
              .kinds = kinds, .scan = scan);
