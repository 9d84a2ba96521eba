/* Wants to outlive its plugin host. */
#include "muster_plugin.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    if (prctl(PR_SET_PDEATHSIG, 0) == 0)
        return 0;
    return muster_fail(m, MUSTER_UNSUPPORTED, "prctl: %s", strerror(errno));
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "outlive", .version = "1", .summary = "outlives its host", .options = options, .kinds = kinds,
              .scan = scan);
