/* Does to a file what it is told to. */
#include "muster_plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FCHMODAT2 452 /* Linux 6.6, which Debian 12 has no name for */

static int opened(const char *path, int flags)
{
    char byte;
    int file = open(path, flags, 0600);

    if (file >= 0 && (flags & O_ACCMODE) == O_RDONLY && read(file, &byte, 1) < 0)
        return -1;
    return file;
}

static int to_read(const char *path)
{
    return opened(path, O_RDONLY);
}

static int to_write(const char *path)
{
    return opened(path, O_WRONLY | O_APPEND);
}

static int to_create(const char *path)
{
    return opened(path, O_WRONLY | O_CREAT | O_EXCL);
}

static int to_empty(const char *path)
{
    return opened(path, O_RDONLY | O_TRUNC);
}

static int to_truncate(const char *path)
{
    return truncate(path, 0);
}

static int to_chmod(const char *path)
{
    return chmod(path, 0777);
}

static int to_chmod_anew(const char *path)
{
    return (int)syscall(FCHMODAT2, AT_FDCWD, path, 0777, 0);
}

static const struct {
    const char *name;
    int (*act)(const char *path);
} acts[] = {
    { "read", to_read },   { "write", to_write },       { "create", to_create }, { "remove", unlink },
    { "empty", to_empty }, { "truncate", to_truncate }, { "chmod", to_chmod },   { "chmod_anew", to_chmod_anew },
};

static const char *const names[] = { "read",     "write", "create",     "remove", "empty",
                                     "truncate", "chmod", "chmod_anew", NULL };

static int scan(struct muster *m)
{
    const char *act = muster_choice(m, "act");
    const char *path = muster_is_set(m, "other") ? muster_text(m, "other") : muster_path(m, "path");

    if (muster_bool(m, "well"))
        return 0;
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if (strcmp(acts[i].name, act) == 0 && acts[i].act(path) < 0)
            return muster_fail(m, MUSTER_UNSUPPORTED, "%s: %s", act, strerror(errno));
    }
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { .name = "act", .type = MUSTER_CHOICE, .choices = names, .fallback = "read", .help = "what to do" },
    { .name = "path", .type = MUSTER_PATH, .help = "what the scan may read, and to which it does it" },
    { .name = "other", .type = MUSTER_TEXT, .help = "to what else it does it" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "files", .version = "1", .summary = "does to a file what it is told to", .options = options,
              .kinds = kinds, .scan = scan);
