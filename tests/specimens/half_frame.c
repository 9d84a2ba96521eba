/* Dies in the middle of a message. */
#include "message.h"
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
    const struct message message = { .type = MESSAGE_GONE, .gone = { .kind = "machine", .key = "half" } };
    struct str out = STR_EMPTY;

    if (muster_bool(m, "well"))
        return 0;
    message_write(&out, &message, NULL);
    if (write(stream(), out.bytes, out.length / 2) < 0)
        _exit(1);
    _exit(0);
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "half_frame", .version = "1", .summary = "dies in the middle of a message", .options = options,
              .kinds = kinds, .scan = scan);
