/* Writes what is no frame to the stream. */
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
    static const char garbage[] = "HTTP/1.1 200 OK\r\n\r\n";

    if (muster_bool(m, "well"))
        return 0;
    if (write(stream(), garbage, sizeof garbage) < 0)
        return -1;
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "garbage", .version = "1", .summary = "writes garbage to the stream", .options = options,
              .kinds = kinds, .scan = scan);
