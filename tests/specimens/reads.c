/* Tries to read the file that its option names, and one that it does not. */
#include "muster_plugin.h"

#include <stdio.h>

static int can_read(const char *path)
{
    FILE *file = fopen(path, "r");

    if (file != NULL)
        fclose(file);
    return file != NULL;
}

static int scan(struct muster *m)
{
    struct muster_item *item = muster_item(m, "machine", "reads");

    muster_set_bool(item, "granted", can_read(muster_path(m, "path")));
    muster_set_bool(item, "other", can_read("/etc/fstab") || can_read("/etc/shells") || can_read("/etc/profile"));
    muster_emit(item);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "path", .type = MUSTER_PATH, .required = 1, .help = "a file" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "reads", .version = "1.0", .summary = "reads files", .options = options, .kinds = kinds,
              .scan = scan);
