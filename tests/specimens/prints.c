/* Prints to standard output, as a chatty library would. */
#include "muster_plugin.h"

#include <stdio.h>

static int scan(struct muster *m)
{
    puts("this is no record");
    fflush(stdout);
    muster_emit(muster_item(m, "machine", "one"));
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prints", .version = "1.0", .summary = "prints to standard output", .kinds = kinds, .scan = scan);
