/* Sends 2 GiB, in the largest messages there are. */
#include "message.h"
#include "muster_plugin.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The stream is the only socket there is. */
static int stream(void)
{
    struct stat status;
    int descriptor = 3;

    while (fstat(descriptor, &status) != 0 || !S_ISSOCK(status.st_mode))
        descriptor++;
    return descriptor;
}

static int scan(struct muster *m)
{
    static char text[ITEM_MAX_TEXT + 1];
    struct item item;
    struct arena arena;
    struct str out = STR_EMPTY;

    if (muster_bool(m, "well"))
        return 0;
    memset(text, 'x', sizeof text - 1);
    arena_init(&arena, ARENA_PLAIN);
    item_init(&item, &arena, "machine", "large");
    for (int i = 0; i < 15; i++)
        item_set_text(&item, arena_format(&arena, "text%d", i), text, NULL);
    message_write_item(&out, &item, NULL);
    for (size_t sent = 0; sent < (size_t)2 << 30; sent += out.length) {
        if (write(stream(), out.bytes, out.length) < 0)
            _exit(1);
    }
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "two_gigabytes", .version = "1", .summary = "sends two gigabytes", .options = options,
              .kinds = kinds, .scan = scan);
