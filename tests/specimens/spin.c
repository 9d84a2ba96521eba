/* Computes without end. */
#include "muster_plugin.h"

#include <stdint.h>

static int scan(struct muster *m)
{
    static volatile uint64_t turns;

    if (muster_bool(m, "well"))
        return 0;
    while (muster_left_ms(m) >= 0)
        turns++;
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "spin", .version = "1", .summary = "computes without end", .options = options, .kinds = kinds,
              .scan = scan);
