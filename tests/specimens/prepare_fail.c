/* Says that it cannot be prepared. */
#include "muster_plugin.h"

static int prepare(struct muster_error *error)
{
    return muster_prepare_fail(error, "the CA store %s is empty", "/etc/ssl/certs");
}

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prepare_fail", .version = "1", .summary = "fails in prepare()", .kinds = kinds, .scan = scan,
              .prepare = prepare);
