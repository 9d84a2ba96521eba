/* Calls a function of a library that it was not linked with. */
#include "muster_plugin.h"

int read_the_stars(void);

static int scan(struct muster *m)
{
    (void)m;
    return read_the_stars();
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "undefined", .version = "1", .summary = "was linked without a library", .kinds = kinds,
              .scan = scan);
