/* Raises its own limit of open files. */
#include "muster_plugin.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

static int scan(struct muster *m)
{
    struct rlimit limit;

    if (muster_bool(m, "well"))
        return 0;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return 0;
    return muster_fail(m, MUSTER_UNSUPPORTED, "setrlimit: %s", strerror(errno));
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "raise_limit", .version = "1", .summary = "raises its limits", .options = options, .kinds = kinds,
              .scan = scan);
