/* Traces its plugin host as a debugger does. */
#include "muster_plugin.h"

#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    if (ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0)
        return 0;
    return muster_fail(m, MUSTER_UNSUPPORTED, "ptrace: %s", strerror(errno));
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "trace", .version = "1", .summary = "traces its host", .options = options, .kinds = kinds,
              .scan = scan);
