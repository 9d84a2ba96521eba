/* Takes all the memory it can get, and looks whether it got it. */
#include "muster_plugin.h"

#include <stdlib.h>
#include <string.h>

static int scan(struct muster *m)
{
    size_t count = 0;
    char *memory;

    if (muster_bool(m, "well"))
        return 0;
    while ((memory = malloc(1 << 20)) != NULL) {
        memset(memory, 1, 1 << 20);
        count++;
    }
    return muster_fail(m, MUSTER_UNSUPPORTED, "memory was at its end after %zu MiB", count);
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "hog", .version = "1", .summary = "takes all the memory it can get", .options = options,
              .kinds = kinds, .scan = scan);
