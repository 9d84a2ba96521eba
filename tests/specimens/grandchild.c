/* Leaves a child behind that holds the stream. */
#include "muster_plugin.h"

#include <unistd.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    if (fork() == 0) {
        for (;;)
            pause();
    }
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "grandchild", .version = "1", .summary = "leaves a child behind", .options = options,
              .kinds = kinds, .scan = scan);
