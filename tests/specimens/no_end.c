/* Exits without saying that this was all. */
#include "muster_plugin.h"

#include <unistd.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    for (int i = 0; i < 2; i++)
        muster_emit(muster_item(m, "machine", muster_fmt(m, "machine-%d", i)));
    muster_log(m, MUSTER_INFO, "which sends what waits");
    _exit(0);
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "no_end", .version = "1", .summary = "exits without an end", .options = options, .kinds = kinds,
              .scan = scan);
