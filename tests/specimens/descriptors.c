/* Looks for descriptors that are not its own: all but the three standard ones, one more and the stream. */
#include "muster_plugin.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int kept;

/* Leaves two gaps below the descriptor that it keeps. */
static int prepare(struct muster_error *error)
{
    int gaps[2];

    if (pipe(gaps) != 0)
        return muster_prepare_fail(error, "there is no pipe");
    kept = dup(STDIN_FILENO);
    close(gaps[0]);
    close(gaps[1]);
    return 0;
}

static int scan(struct muster *m)
{
    struct stat status;
    size_t streams = 0;

    for (int i = STDERR_FILENO + 1; i < 256; i++) {
        if (fstat(i, &status) != 0 || i == kept)
            continue;
        if (!S_ISSOCK(status.st_mode) || streams++ > 0)
            return muster_fail(m, MUSTER_BUG, "descriptor %d is not the plugin's", i);
    }
    return fstat(STDIN_FILENO, &status) == 0 && S_ISCHR(status.st_mode) ? 0 : -1;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "descriptors", .version = "1", .summary = "looks for descriptors that are not its own",
              .options = options, .kinds = kinds, .scan = scan, .prepare = prepare);
