/* Kills its plugin host. */
#include "muster_plugin.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    if (kill(getppid(), SIGKILL) == 0) {
        for (;;)
            pause();
    }
    return muster_fail(m, MUSTER_UNSUPPORTED, "kill: %s", strerror(errno));
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "kill_host", .version = "1", .summary = "kills its plugin host", .options = options,
              .kinds = kinds, .scan = scan);
