/* Never comes back. */
#include "muster_plugin.h"

#include <unistd.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    while (muster_left_ms(m) >= 0)
        pause();
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "hang", .version = "1.0", .summary = "never comes back", .options = options, .kinds = kinds,
              .scan = scan);
