/* Proposes 20,000 targets. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    for (int i = 0; i < 20000; i++)
        muster_offer(m, "ok", muster_fmt(m, "host-%d.example.com", i), 0, "a neighbour");
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "offer_flood", .version = "1", .summary = "proposes 20,000 targets", .options = options,
              .kinds = kinds, .scan = scan);
