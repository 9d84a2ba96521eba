/* Fails before any scan, without a word. */
#include "muster_plugin.h"

static int prepare(struct muster_error *error)
{
    (void)error;
    return -1;
}

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prepare_silent", .version = "1", .summary = "fails in prepare() without a word", .kinds = kinds,
              .scan = scan, .prepare = prepare);
