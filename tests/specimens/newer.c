/* Is newer than its host: its table and its options have members that the host does not know. */
#include "muster_plugin.h"

#include <stddef.h>

struct newer_option {
    struct muster_option option;
    const char *unit;
};

struct newer_plugin {
    struct muster_plugin plugin;
    int (*dream)(struct muster *m);
};

static int scan(struct muster *m)
{
    return muster_bool(m, "well") ? 0 : muster_fail(m, MUSTER_DENIED, "%d is not enough", (int)muster_int(m, "count"));
}

static const struct newer_option options[] = {
    { { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" }, "none" },
    { { .name = "count", .type = MUSTER_INT, .fallback = "12", .help = "how many" }, "sheep" },
    { .option = { 0 } },
};
static const char *const kinds[] = { "machine", NULL };

static const struct newer_plugin plugin = {
    .plugin = {
        .abi = MUSTER_ABI,
        .size = sizeof(struct newer_plugin),
        .option_size = sizeof(struct newer_option),
        .name = "newer",
        .version = "1",
        .summary = "has a longer table than today's",
        .options = &options[0].option,
        .kinds = kinds,
        .scan = scan,
    },
    .dream = scan,
};

MUSTER_EXPORT const struct muster_plugin *muster_plugin_entry(void)
{
    return &plugin.plugin;
}
