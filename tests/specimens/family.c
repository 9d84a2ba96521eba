/* Leaves four generations behind, each in a session of its own. */
#include "muster_plugin.h"

#include <unistd.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    if (fork() == 0) {
        for (int i = 0; i < 3; i++) {
            setsid();
            if (fork() > 0)
                break;
        }
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

MUSTER_PLUGIN(.name = "family", .version = "1", .summary = "leaves four generations behind", .options = options,
              .kinds = kinds, .scan = scan);
