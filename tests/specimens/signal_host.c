/* Lets a socket send a signal to its plugin host. */
#include "muster_plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int scan(struct muster *m)
{
    int ends[2];

    if (muster_bool(m, "well"))
        return 0;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && fcntl(ends[0], F_SETOWN, getppid()) == 0)
        return 0;
    return muster_fail(m, MUSTER_UNSUPPORTED, "fcntl: %s", strerror(errno));
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "signal_host", .version = "1", .summary = "signals its host through a socket", .options = options,
              .kinds = kinds, .scan = scan);
