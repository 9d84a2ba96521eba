#include "stamp.h"

#include "mem.h"

#include <stdlib.h>
#include <sys/stat.h>

struct look {
    bool there;
    dev_t device;
    ino_t number;
    off_t size;
    struct timespec changed;
};

struct stamped {
    char *path;
    struct look look;
};

struct stamp {
    size_t count;
    struct stamped files[];
};

/* Symbolic links are followed: what they lead to is what was loaded. */
static struct look look_at(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return (struct look){ .there = false };
    return (struct look){ true, status.st_dev, status.st_ino, status.st_size, status.st_mtim };
}

static bool is_same(const struct look *one, const struct look *other)
{
    if (!one->there || !other->there)
        return one->there == other->there;
    return one->device == other->device && one->number == other->number && one->size == other->size &&
           one->changed.tv_sec == other->changed.tv_sec && one->changed.tv_nsec == other->changed.tv_nsec;
}

struct stamp *stamp_create(const char *const *paths, size_t count)
{
    struct stamp *stamp = mem_new(1, sizeof *stamp + count * sizeof stamp->files[0]);

    stamp->count = count;
    for (size_t i = 0; i < count; i++)
        stamp->files[i] = (struct stamped){ mem_text(paths[i]), look_at(paths[i]) };
    return stamp;
}

void stamp_destroy(struct stamp *stamp)
{
    if (stamp == NULL)
        return;
    for (size_t i = 0; i < stamp->count; i++)
        free(stamp->files[i].path);
    free(stamp);
}

bool stamp_is_current(const struct stamp *stamp)
{
    for (size_t i = 0; i < stamp->count; i++) {
        struct look now = look_at(stamp->files[i].path);

        if (!is_same(&now, &stamp->files[i].look))
            return false;
    }
    return true;
}
