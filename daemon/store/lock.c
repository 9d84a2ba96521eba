#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* How often the lock may be held, and free again when its holder is asked for. */
enum { TRIES = 16 };

static bool refuse(const char *path, pid_t holder, struct err *err)
{
    /* The kernel has no number for a process of another container. */
    if (holder > 0)
        return err_set(err, ERR_SYSTEM, "another musterd (pid %d) works with this database: it holds %s; stop it first",
                       (int)holder, path);
    return err_set(err, ERR_SYSTEM, "another musterd works with this database, in another container: it holds %s",
                   path);
}

static bool take(int fd, const char *path, struct err *err)
{
    const struct flock wanted = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    struct flock found;

    for (int i = 0; i < TRIES; i++) {
        if (fcntl(fd, F_SETLK, &wanted) == 0)
            return true;
        if (errno != EAGAIN && errno != EACCES)
            return err_system(err, "%s cannot be locked", path);
        found = wanted;
        if (fcntl(fd, F_GETLK, &found) != 0)
            return err_system(err, "%s cannot be asked who locked it", path);
        if (found.l_type != F_UNLCK)
            return refuse(path, found.l_pid, err);
    }
    return err_set(err, ERR_SYSTEM, "%s is locked again and again by others; stop the other musterd", path);
}

/* For people who look into the file; nothing reads it. */
static void note_pid(int fd)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%d\n", (int)getpid());

    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)length, 0) != length)
        return; /* a full disk hinders nobody from holding the lock */
}

bool lock_take(const char *path, int *fd, struct err *err)
{
    *fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0640);
    if (*fd < 0)
        return err_system(err, "%s cannot be opened to lock the database", path);
    if (take(*fd, path, err)) {
        note_pid(*fd);
        return true;
    }
    close(*fd);
    *fd = -1;
    return false;
}
