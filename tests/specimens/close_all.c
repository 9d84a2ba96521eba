/* Closes all descriptors, the stream among them, and goes on. */
#include "muster_plugin.h"

#include <unistd.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    for (int i = 3; i < 256; i++)
        close(i);
    return muster_emit(muster_item(m, "machine", "host"));
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "close_all", .version = "1", .summary = "closes the stream", .options = options, .kinds = kinds,
              .scan = scan);
