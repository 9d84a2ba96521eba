/* Leaves four generations behind, each in a session of its own. */
#include "muster_plugin.h"

#include <unistd.h>

static int scan(struct muster *m)
{
    int youngest[2];
    char byte;

    if (muster_bool(m, "well"))
        return 0;
    if (pipe(youngest) != 0)
        return -1;
    if (fork() == 0) {
        int generation = 1;

        while (generation < 4 && setsid() > 0 && fork() == 0)
            generation++;
        if (generation == 4 && write(youngest[1], "", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    return read(youngest[0], &byte, 1) == 1 ? 0 : -1;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "family", .version = "1", .summary = "leaves four generations behind", .options = options,
              .kinds = kinds, .scan = scan);
