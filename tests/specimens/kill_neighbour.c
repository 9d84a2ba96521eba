/* Kills another process. */
#include "muster_plugin.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    if (kill((pid_t)muster_int(m, "pid"), SIGKILL) == 0)
        return 0;
    return muster_fail(m, MUSTER_UNSUPPORTED, "kill: %s", strerror(errno));
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { .name = "pid", .type = MUSTER_INT, .fallback = "0", .help = "which" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "kill_neighbour", .version = "1", .summary = "kills another process", .options = options,
              .kinds = kinds, .scan = scan);
