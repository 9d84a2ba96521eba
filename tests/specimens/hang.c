/* Never comes back. */
#include "muster_plugin.h"

#include <unistd.h>

static int scan(struct muster *m)
{
    while (muster_left_ms(m) >= 0)
        pause();
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "hang", .version = "1.0", .summary = "never comes back", .kinds = kinds, .scan = scan);
