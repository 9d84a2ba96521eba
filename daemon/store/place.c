#include "place.h"

#include "mem.h"
#include "str.h"
#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHARED_MODE = 0640, GROUP_BUFFER = 65536 };

static bool find_group(struct place *place, const char *name, struct err *err)
{
    struct group group, *found = NULL;
    char *buffer;
    int code;

    if (name == NULL)
        return true;
    buffer = mem_new(1, GROUP_BUFFER);
    code = getgrnam_r(name, &group, buffer, GROUP_BUFFER, &found);
    if (found != NULL) {
        place->shared = true;
        place->readers = group.gr_gid;
    }
    free(buffer);
    if (found != NULL)
        return true;
    errno = code;
    if (code != 0 && code != ENOENT)
        return err_system(err, "the group \"%s\" of the database's readers cannot be looked up", name);
    return err_set(err, ERR_CONFIG,
                   "there is no group \"%s\", which is to read the database; make it, or name another in \"readers\"",
                   name);
}

/* The folder that is the first part of path, without symbolic links; NULL where it is not trusted. */
static char *find_folder(const char *path, size_t length, struct err *err)
{
    struct str folder = STR_EMPTY;
    char *real = NULL;

    str_add_bytes(&folder, path, length);
    str_add(&folder, length == 0 ? "." : "");
    if (trust_folder(str_text(&folder), err)) {
        real = realpath(str_text(&folder), NULL);
        if (real == NULL)
            err_system(err, "folder %s cannot be looked at", str_text(&folder));
    }
    str_finish(&folder);
    return real;
}

/* The place of a file that is not there yet. */
static char *find_new(const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    struct str whole = STR_EMPTY;
    char *folder;

    if (*name == '\0') {
        err_set(err, ERR_CONFIG, "\"%s\" names no file; add its name", path);
        return NULL;
    }
    folder = find_folder(path, (size_t)(name - path), err);
    if (folder != NULL)
        str_format(&whole, "%s/%s", folder[1] == '\0' ? "" : folder, name);
    free(folder);
    return whole.bytes;
}

bool place_find(struct place *place, const char *path, const char *readers, struct err *err)
{
    struct stat status;

    *place = (struct place){ 0 };
    if (!find_group(place, readers, err))
        return false;
    if (lstat(path, &status) != 0 && errno == ENOENT) {
        place->path = find_new(path, err);
    } else if (trust_file(path, err)) {
        place->path = realpath(path, NULL);
        if (place->path == NULL)
            err_system(err, "database %s cannot be looked at", path);
    }
    return place->path != NULL || err_add(err, "database");
}

void place_finish(struct place *place)
{
    free(place->path);
    *place = (struct place){ 0 };
}

/* In a trusted folder nobody else can put another file there between the look and the change. */
static bool adjust(const char *path, mode_t mode, gid_t group, struct err *err)
{
    struct stat status;

    if (lstat(path, &status) != 0)
        return errno == ENOENT || err_system(err, "%s cannot be looked at", path);
    if (!S_ISREG(status.st_mode))
        return err_set(err, ERR_CONFIG, "%s is not a regular file; remove it", path);
    if (status.st_gid != group && lchown(path, (uid_t)-1, group) != 0)
        return err_system(err, "%s cannot be given to group %u, which is to read it; is the user a member of it", path,
                          (unsigned)group);
    if ((status.st_mode & 07777U) != mode && chmod(path, mode) != 0)
        return err_system(err, "the mode of %s cannot be changed to %04o", path, (unsigned)mode);
    return true;
}

static bool mode_and_group(const struct place *place, mode_t *mode, gid_t *group, struct err *err)
{
    struct stat status;

    if (stat(place->path, &status) != 0)
        return err_system(err, "database %s cannot be looked at", place->path);
    *mode = place->shared ? SHARED_MODE : status.st_mode & 07777U;
    *group = place->shared ? place->readers : status.st_gid;
    return true;
}

bool place_share(const struct place *place, struct err *err)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    struct str path = STR_EMPTY;
    mode_t mode = SHARED_MODE;
    gid_t group = 0;
    bool good = mode_and_group(place, &mode, &group, err);

    for (size_t i = 0; good && i < sizeof endings / sizeof *endings; i++) {
        str_clear(&path);
        str_format(&path, "%s%s", place->path, endings[i]);
        good = adjust(str_text(&path), mode, group, err);
    }
    str_finish(&path);
    return good;
}

bool place_create(const struct place *place, const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, SHARED_MODE);
    struct stat status;

    if (fd < 0)
        return err_system(err, "%s cannot be made", path);
    close(fd);
    if (place->shared)
        return adjust(path, SHARED_MODE, place->readers, err);
    if (stat(place->path, &status) != 0)
        return err_system(err, "%s cannot be looked at", place->path);
    return adjust(path, SHARED_MODE, status.st_gid, err);
}

/* The database's file format: big-endian numbers at fixed places. */
enum { HEADER_SIZE = 100, VERSION_AT = 60, APPLICATION_AT = 68 };

static unsigned number_at(const unsigned char *bytes)
{
    return (unsigned)bytes[0] << 24 | (unsigned)bytes[1] << 16 | (unsigned)bytes[2] << 8 | bytes[3];
}

static bool has_journal(const struct place *place)
{
    struct str journal = STR_EMPTY;
    bool there;

    str_format(&journal, "%s-journal", place->path);
    there = faccessat(AT_FDCWD, str_text(&journal), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    str_finish(&journal);
    return there;
}

bool place_look(const struct place *place, struct place_header *header, struct err *err)
{
    unsigned char bytes[HEADER_SIZE];
    int fd = open(place->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t size;

    if (fd < 0)
        return err_system(err, "database %s cannot be opened", place->path);
    size = pread(fd, bytes, sizeof bytes, 0);
    close(fd);
    if (size < 0)
        return err_system(err, "database %s cannot be read", place->path);
    *header = (struct place_header){ .content = PLACE_UNDECIDED };
    if (size == 0 || has_journal(place))
        return true;
    header->content = PLACE_FOREIGN;
    if (size == HEADER_SIZE && memcmp(bytes, "SQLite format 3", sizeof "SQLite format 3") == 0) {
        header->content = PLACE_DATABASE;
        header->application = number_at(bytes + APPLICATION_AT);
        header->version = number_at(bytes + VERSION_AT);
    }
    return true;
}
