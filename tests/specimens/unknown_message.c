/* Sends a message of a type that there is not. */
#include "frame.h"
#include "muster_plugin.h"

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
    struct str out = STR_EMPTY;
    struct frame_writer writer;

    if (muster_bool(m, "well"))
        return 0;
    frame_begin(&writer, &out, 200);
    frame_end(&writer, NULL);
    if (write(stream(), out.bytes, out.length) < 0)
        _exit(1);
    _exit(0);
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "unknown_message", .version = "1", .summary = "sends an unknown message", .options = options,
              .kinds = kinds, .scan = scan);
