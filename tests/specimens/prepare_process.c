/* Leaves a process behind. */
#include "muster_plugin.h"

#include <unistd.h>

static int prepare(struct muster_error *error)
{
    (void)error;
    if (fork() == 0) {
        for (;;)
            pause();
    }
    return 0;
}

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prepare_process", .version = "1", .summary = "leaves a process behind", .kinds = kinds,
              .scan = scan, .prepare = prepare);
