#include "zone_file.h"

#include "mem.h"
#include "text.h"
#include "trust.h"
#include "vec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One line a zone: country, place, NAME and remarks, parted by tabulators. */
static const char names_file[] = ZONE_FILE_FOLDER "/zone.tab";

/* At most that many bytes and one, which shows that there are more; NULL where it cannot be had. */
static char *read_bytes(int descriptor, size_t most, struct arena *arena, size_t *size, struct err *err)
{
    struct stat status;
    char *bytes;
    ssize_t got = 1;

    if (fstat(descriptor, &status) != 0)
        return err_system(err, "it cannot be looked at"), NULL;
    if (!S_ISREG(status.st_mode))
        return err_set(err, ERR_CONFIG, "it is not a regular file"), NULL;
    if (status.st_size < (off_t)most)
        most = (size_t)status.st_size;
    bytes = arena_alloc(arena, most + 1);
    *size = 0;
    while (got > 0 && *size <= most) {
        got = read(descriptor, bytes + *size, most + 1 - *size);
        *size += got > 0 ? (size_t)got : 0;
    }
    if (got < 0)
        return err_system(err, "it cannot be read"), NULL;
    return bytes;
}

static char *read_path(const char *path, struct arena *arena, size_t *size, struct err *err)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    char *bytes;

    if (descriptor < 0)
        return err_system(err, "it cannot be opened"), NULL;
    bytes = read_bytes(descriptor, ZONE_MAX_BYTES, arena, size, err);
    close(descriptor);
    return bytes;
}

/* The zone that was meant, as far as that can be told; NULL where it cannot. */
static const char *nearest(const char *name, struct arena *arena)
{
    vec(const char *) names = VEC_EMPTY;
    size_t size;
    char *text = read_path(names_file, arena, &size, NULL), *line;
    const char *found;

    if (text == NULL)
        return NULL;
    text = arena_bytes(arena, text, size);
    while ((line = strsep(&text, "\n")) != NULL) {
        const char *country = strsep(&line, "\t"), *place = strsep(&line, "\t"), *zone = strsep(&line, "\t");

        if (country[0] != '#' && place != NULL && zone != NULL)
            vec_push(&names, zone);
    }
    found = text_nearest(name, names.items, names.count);
    vec_finish(&names);
    return found;
}

static bool unknown(const char *name, struct arena *arena, struct err *err)
{
    const char *near = nearest(name, arena);
    char quote[TEXT_QUOTE_SIZE], meant[TEXT_QUOTE_SIZE];

    if (access(ZONE_FILE_FOLDER, F_OK) != 0)
        return err_set(err, ERR_CONFIG, "there is no %s, where the time zones are; install the system's package tzdata",
                       ZONE_FILE_FOLDER);
    if (near != NULL)
        return err_set(err, ERR_CONFIG, "there is no time zone \"%s\"; the nearest is \"%s\"", text_quote(quote, name),
                       text_quote(meant, near));
    return err_set(err, ERR_CONFIG, "there is no time zone \"%s\"; name one of those in %s, such as \"Europe/Berlin\"",
                   text_quote(quote, name), ZONE_FILE_FOLDER);
}

/* Parts of letters, digits, +, - and _, with single slashes between them. */
static bool is_name(const char *name)
{
    static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_/";
    size_t size = strlen(name);

    return size > 0 && size <= ZONE_FILE_MAX_NAME && strspn(name, characters) == size && name[0] != '/' &&
           name[size - 1] != '/' && strstr(name, "//") == NULL;
}

bool zone_file_read(struct zone_file *file, const char *name, struct arena *arena, struct err *err)
{
    const char *path;
    struct stat status;

    if (!is_name(name))
        return unknown(name, arena, err);
    path = arena_format(arena, "%s/%s", ZONE_FILE_FOLDER, name);
    if (stat(path, &status) == 0 ? S_ISDIR(status.st_mode) : errno == ENOENT || errno == ENOTDIR)
        return unknown(name, arena, err);
    if (!trust_file(path, err))
        return false;
    file->bytes = read_path(path, arena, &file->size, err);
    file->zone = file->bytes == NULL ? NULL : zone_read(file->bytes, file->size, arena, err);
    return file->zone != NULL || err_add(err, "%s", path);
}
