#include "credential.h"

#include "text.h"
#include "trust.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The size of the secret without the one line end behind it, SIZE_MAX where it is no secret. */
static size_t secret_size(const char *bytes, size_t size, struct err *err)
{
    if (size > CREDENTIAL_MAX + 2)
        return err_set(err, ERR_CONFIG, "the secret is longer than %d bytes", CREDENTIAL_MAX), SIZE_MAX;
    if (size > 0 && bytes[size - 1] == '\n') {
        size--;
        size -= size > 0 && bytes[size - 1] == '\r';
    }
    if (size == 0)
        return err_set(err, ERR_CONFIG, "the secret is empty"), SIZE_MAX;
    if (size > CREDENTIAL_MAX)
        return err_set(err, ERR_CONFIG, "the secret is longer than %d bytes", CREDENTIAL_MAX), SIZE_MAX;
    if (memchr(bytes, '\0', size) != NULL)
        return err_set(err, ERR_CONFIG, "the secret has a NUL byte in it; if it was saved as UTF-16, save it as UTF-8"),
               SIZE_MAX;
    if (memchr(bytes, '\n', size) != NULL)
        return err_set(err, ERR_CONFIG, "the secret has more than one line; keep only the secret in the file"),
               SIZE_MAX;
    return size;
}

/* read(2) straight into the arena, so that no buffer of the C library keeps a copy. */
static const char *read_secret(int descriptor, struct arena *arena, struct err *err)
{
    size_t room = CREDENTIAL_MAX + 3, size = 0;
    char *bytes = arena_alloc(arena, room + 1);
    ssize_t got = 1;

    while (got > 0 && size < room) {
        got = read(descriptor, bytes + size, room - size);
        size += got > 0 ? (size_t)got : 0;
    }
    if (got < 0) {
        err_system(err, "it cannot be read");
        return NULL;
    }
    size = secret_size(bytes, size, err);
    if (size == SIZE_MAX)
        return NULL;
    bytes[size] = '\0';
    return bytes;
}

static const char *read_password_file(const char *path, struct arena *arena, struct err *err)
{
    const char *secret;
    int descriptor;

    if (!trust_private(path, err))
        return NULL;
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        err_system(err, "%s cannot be opened", path);
        return NULL;
    }
    secret = read_secret(descriptor, arena, err);
    close(descriptor);
    if (secret == NULL)
        err_add(err, "%s", path);
    return secret;
}

/* systemd makes these files readable by root and, as their group or by an access control list that shows as group
 * rights, by the service's user: so rights of the group are no fault here, as they are for a password file. */
static bool is_private(int descriptor, struct err *err)
{
    struct stat status;

    if (fstat(descriptor, &status) != 0)
        return err_system(err, "it cannot be looked at");
    if (!S_ISREG(status.st_mode))
        return err_set(err, ERR_CONFIG, "it is not a regular file");
    if (status.st_uid != 0 && status.st_uid != geteuid())
        return err_set(err, ERR_CONFIG, "it belongs to neither root nor the user this runs as");
    if ((status.st_mode & (S_IRWXO | S_IWGRP)) != 0)
        return err_set(err, ERR_CONFIG, "it is open to others (mode %04o); only its owner and group may read it",
                       status.st_mode & 07777U);
    return true;
}

static int open_beneath(const char *folder, const char *name, struct err *err)
{
    int directory = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int descriptor;

    if (directory < 0) {
        err_system(err, "its folder %s cannot be opened", folder);
        return -1;
    }
    descriptor = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    if (descriptor < 0)
        err_system(err, "%s/%s cannot be opened", folder, name);
    close(directory);
    return descriptor;
}

static const char *read_systemd_credential(const char *name, struct arena *arena, struct err *err)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    const char *secret = NULL;
    int descriptor;

    if (folder == NULL || folder[0] != '/') {
        err_set(err, ERR_CONFIG,
                "systemd gave this process no credentials; add LoadCredential=%s:FILE to its unit, or "
                "use password_file",
                name);
        return NULL;
    }
    if (strchr(name, '/') != NULL || strcmp(name, "..") == 0) {
        err_set(err, ERR_CONFIG, "\"%s\" is no name of a systemd credential", name);
        return NULL;
    }
    descriptor = open_beneath(folder, name, err);
    if (descriptor < 0)
        return NULL;
    if (is_private(descriptor, err))
        secret = read_secret(descriptor, arena, err);
    close(descriptor);
    if (secret == NULL)
        err_add(err, "%s/%s", folder, name);
    return secret;
}

static const char *read_one(const struct config_credential *credential, struct arena *arena, struct err *err)
{
    if (credential->password_file != NULL)
        return read_password_file(credential->password_file, arena, err);
    if (credential->systemd_credential != NULL)
        return read_systemd_credential(credential->systemd_credential, arena, err);
    return arena_text(arena, credential->password);
}

const char *credential_read(const struct config_credential *credential, struct arena *arena, struct err *err)
{
    const char *secret = read_one(credential, arena, err);
    char quote[TEXT_QUOTE_SIZE];

    if (secret == NULL) {
        err_add(err, "credential \"%s\"", text_quote(quote, credential->name));
        if (err != NULL)
            err->class = ERR_CONFIG;
    }
    return secret;
}
