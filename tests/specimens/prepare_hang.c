/* Hangs before any scan. The time it has for that is made shorter here, where there is a limit at all. */
#include "muster_plugin.h"

#include <unistd.h>

static int prepare(struct muster_error *error)
{
    if (alarm(1) == 0)
        return muster_prepare_fail(error, "there is no limit to its time");
    for (;;)
        pause();
}

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prepare_hang", .version = "1", .summary = "hangs in prepare()", .kinds = kinds, .scan = scan,
              .prepare = prepare);
