/* Becomes another program. */
#include "muster_plugin.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    execl("/bin/true", "true", (char *)NULL);
    return muster_fail(m, MUSTER_UNSUPPORTED, "exec: %s", strerror(errno));
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "exec", .version = "1", .summary = "becomes another program", .options = options, .kinds = kinds,
              .scan = scan);
