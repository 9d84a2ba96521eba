/* Forks. */
#include "muster_plugin.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int scan(struct muster *m)
{
    pid_t child;

    if (muster_bool(m, "well"))
        return 0;
    child = fork();
    if (child == 0)
        _exit(0);
    if (child > 0)
        return 0;
    return muster_fail(m, MUSTER_UNSUPPORTED, "fork: %s", strerror(errno));
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "fork", .version = "1", .summary = "forks", .options = options, .kinds = kinds, .scan = scan);
