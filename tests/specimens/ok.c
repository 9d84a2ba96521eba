/* A plugin that does everything right: the neighbour of all others. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    const char *note = muster_text(m, "note");
    int64_t count = muster_int(m, "count");

    for (int64_t i = 0; i < count; i++) {
        struct muster_item *item = muster_item(m, "machine", muster_fmt(m, "machine-%lld", (long long)i));
        muster_set(item, "note", note);
        muster_emit(item);
    }
    return 0;
}

static const struct muster_option options[] = {
    { .name = "note", .type = MUSTER_TEXT, .fallback = "all is well", .help = "what each item says" },
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { .name = "count", .type = MUSTER_INT, .fallback = "3", .help = "how many items", .min = 0, .max = 2000000 },
    { 0 },
};

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "ok", .version = "1.0", .summary = "does everything right", .options = options, .kinds = kinds,
              .scan = scan);
