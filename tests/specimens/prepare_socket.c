/* Leaves a socket behind. */
#include "muster_plugin.h"

#include <sys/socket.h>

static int prepare(struct muster_error *error)
{
    (void)error;
    return socket(AF_INET, SOCK_STREAM, 0) < 0 ? -1 : 0;
}

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prepare_socket", .version = "1", .summary = "leaves a socket behind", .kinds = kinds,
              .scan = scan, .prepare = prepare);
