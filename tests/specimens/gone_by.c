/* Says what is gone by a fact, and by things that are none. */
#include "muster_plugin.h"

#include <string.h>

static void say_nonsense(struct muster *m)
{
    char *large = muster_alloc(m, MUSTER_MAX_TEXT + 2);

    memset(large, 'x', MUSTER_MAX_TEXT + 1);
    muster_gone_by(m, NULL, "id.moref", "vm-1");
    muster_gone_by(m, "machine", NULL, "vm-1");
    muster_gone_by(m, "machine", "id.moref", NULL);
    muster_gone_by(m, "A Machine", "id.moref", "vm-1");
    muster_gone_by(m, "machine", "ID\n", "vm-1");
    muster_gone_by(m, "machine", "id.moref", "");
    muster_gone_by(m, "machine", "id.moref", large);
}

static int scan(struct muster *m)
{
    struct muster_item *item;

    if (muster_bool(m, "well"))
        return 0;
    item = muster_item(m, "machine", "host");
    muster_set(item, "note", "whole");
    muster_gone_by(m, "machine", "id.moref", "vm-7");
    muster_gone_by(m, "machine", "id.moref", "caf\xE9");
    say_nonsense(m);
    muster_emit(item);
    muster_end(m, MUSTER_DELTA);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "gone_by", .version = "1", .summary = "says what is gone by a fact", .options = options,
              .kinds = kinds, .scan = scan);
