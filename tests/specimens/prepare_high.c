/* Leaves the last descriptor open that its process may have, so that there is no room for any other above it. */
#include "muster_plugin.h"

#include <stddef.h>
#include <sys/resource.h>
#include <unistd.h>

static int prepare(struct muster_error *error)
{
    const struct rlimit limit = { .rlim_cur = 64, .rlim_max = 64 };

    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || dup2(STDIN_FILENO, 63) != 63)
        return muster_prepare_fail(error, "no descriptor");
    return 0;
}

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prepare_high", .version = "1", .summary = "leaves the last descriptor open", .kinds = kinds,
              .scan = scan, .prepare = prepare);
