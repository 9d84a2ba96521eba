/* Takes the signals of the process it is loaded into for its own. */
#include "muster_plugin.h"

#include <signal.h>
#include <stddef.h>

static int prepare(struct muster_error *error)
{
    sigset_t all;

    (void)error;
    signal(SIGCHLD, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    sigfillset(&all);
    return sigprocmask(SIG_BLOCK, &all, NULL);
}

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prepare_signals", .version = "1", .summary = "takes all signals for its own", .options = options,
              .kinds = kinds, .scan = scan, .prepare = prepare);
