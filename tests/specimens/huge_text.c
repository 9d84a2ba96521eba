/* Sets a text of 100 MB. */
#include "muster_plugin.h"

#include <stdlib.h>
#include <string.h>

static int scan(struct muster *m)
{
    struct muster_item *item;
    char *text;

    if (muster_bool(m, "well"))
        return 0;
    item = muster_item(m, "machine", "host");
    text = malloc(100000001);
    memset(text, 'x', 100000000);
    text[100000000] = '\0';
    muster_set(item, "note", text);
    muster_set(item, "os.build", "10.0.14393");
    muster_emit(item);
    free(text);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "huge_text", .version = "1", .summary = "sets a text of 100 MB", .options = options,
              .kinds = kinds, .scan = scan);
