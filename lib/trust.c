#include "trust.h"

#include "err.h"
#include "str.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* What is looked at, from the file up. */
enum place { THE_FILE, ITS_FOLDER, A_FOLDER_ABOVE };

/* Says what is wrong with path, in which there may be anything; remedy is a command without its last argument. */
static bool refuse(struct err *err, const char *path, const struct stat *status, const char *why, const char *remedy)
{
    struct str shown = STR_EMPTY;

    text_line(&shown, path);
    err_set(err, ERR_CONFIG, "%s is not trusted: %s (owner %u, group %u, mode %04o); mend it with: %s %s",
            str_text(&shown), why, status->st_uid, status->st_gid, status->st_mode & 07777U, remedy, str_text(&shown));
    str_finish(&shown);
    return false;
}

/* With an access control list, the group's bits are the most that anybody on the list may do. */
static bool has_acl(const char *path)
{
    return lgetxattr(path, "system.posix_acl_access", NULL, 0) >= 0 || (errno != ENODATA && errno != ENOTSUP);
}

static bool look(const char *path, enum place place, struct stat *status, struct err *err)
{
    bool sticky;

    if (lstat(path, status) != 0)
        return err_system(err, "%s cannot be looked at", path);
    if (place == THE_FILE && !S_ISREG(status->st_mode))
        return err_set(err, ERR_CONFIG, "%s is not a regular file; name a file there", path);
    sticky = place == A_FOLDER_ABOVE && (status->st_mode & S_ISVTX) != 0;
    if (status->st_uid != 0 && status->st_uid != geteuid())
        return refuse(err, path, status, "it belongs to neither root nor the user this runs as", "chown root");
    if ((status->st_mode & S_IWOTH) != 0 && !sticky)
        return refuse(err, path, status, "everybody may change it", "chmod o-w");
    if ((status->st_mode & S_IWGRP) != 0 && !sticky && status->st_gid != 0 && status->st_gid != getegid())
        return refuse(err, path, status, "its group may change it", "chmod g-w");
    if ((status->st_mode & S_IWGRP) != 0 && has_acl(path))
        return refuse(err, path, status, "its access control list may let others change it", "setfacl -b");
    return true;
}

/* Looks at all folders from the file's own to the root. Eats up path from its end. */
static bool look_above(char *path, struct err *err)
{
    struct stat status;
    enum place place = ITS_FOLDER;

    while (strcmp(path, "/") != 0) {
        char *slash = strrchr(path, '/');

        slash[slash == path ? 1 : 0] = '\0';
        if (!look(path, place, &status, err))
            return false;
        place = A_FOLDER_ABOVE;
    }
    return true;
}

static bool check(char *path, bool private, struct err *err)
{
    struct stat status;

    if (!look(path, THE_FILE, &status, err))
        return false;
    if (private && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return refuse(err, path, &status, "it holds a secret and is open to more than its owner", "chmod go-rwx");
    return look_above(path, err);
}

static bool resolve_and_check(const char *path, bool private, struct err *err)
{
    char *real = realpath(path, NULL);
    bool trusted;

    if (real == NULL)
        return err_system(err, "%s cannot be looked at", path);
    trusted = check(real, private, err);
    free(real);
    return trusted;
}

bool trust_file(const char *path, struct err *err)
{
    return resolve_and_check(path, false, err);
}

bool trust_program(const char *path, struct err *err)
{
    struct str shown = STR_EMPTY;
    bool may;

    if (!trust_file(path, err))
        return false;
    may = faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
    text_line(&shown, path);
    if (!may && errno == EACCES)
        err_set(err, ERR_CONFIG, "%s may not be executed; mend it with: chmod +x %s", str_text(&shown),
                str_text(&shown));
    else if (!may)
        err_system(err, "%s cannot be executed", str_text(&shown));
    str_finish(&shown);
    return may;
}

bool trust_private(const char *path, struct err *err)
{
    return resolve_and_check(path, true, err);
}

bool trust_folder(const char *path, struct err *err)
{
    struct str inside = STR_EMPTY;
    char *real;
    bool trusted = false;

    /* With the dot, what is no folder cannot be resolved. */
    str_format(&inside, "%s/.", path);
    real = realpath(str_text(&inside), NULL);
    str_clear(&inside);
    if (real == NULL) {
        err_system(err, "folder %s cannot be looked at", path);
    } else {
        str_format(&inside, "%s/.", real);
        trusted = look_above(inside.bytes, err);
    }
    str_finish(&inside);
    free(real);
    return trusted;
}
