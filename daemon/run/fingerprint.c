#include "fingerprint.h"

#include "arena.h"
#include "mem.h"
#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

_Static_assert(sizeof(struct hash_key) == FINGERPRINT_SIZE, "a key is what is in the file");
_Static_assert(sizeof(struct hash128) == FINGERPRINT_SIZE, "a hash is a fingerprint");

/* Written beside and renamed, so that a key is whole or not there. */
static bool create(const char *path, struct hash_key *key, struct err *err)
{
    char *fresh = mem_grow(NULL, strlen(path) + sizeof ".new", 1);
    bool good = false;
    int descriptor;

    sprintf(fresh, "%s.new", path);
    unlink(fresh);
    descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor >= 0) {
        good = getrandom(key, sizeof *key, 0) == (ssize_t)sizeof *key &&
               write(descriptor, key, sizeof *key) == (ssize_t)sizeof *key && fsync(descriptor) == 0;
        close(descriptor);
        good = good && rename(fresh, path) == 0;
    }
    if (!good)
        err_system(err, "%s: the key of the credentials' fingerprints could not be written", path);
    free(fresh);
    return good;
}

static bool load(const char *path, struct hash_key *key, struct err *err)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t size;

    if (descriptor < 0 && errno == ENOENT)
        return create(path, key, err);
    if (descriptor < 0)
        return err_system(err, "%s cannot be read", path);
    size = read(descriptor, key, sizeof *key);
    close(descriptor);
    if (size != (ssize_t)sizeof *key)
        return create(path, key, err);
    return trust_private(path, err);
}

bool fingerprint_load_key(const char *database, struct hash_key *key, struct err *err)
{
    char *path = mem_grow(NULL, strlen(database) + sizeof "-key", 1);
    bool good;

    sprintf(path, "%s-key", database);
    good = load(path, key, err);
    free(path);
    return good;
}

/* The NUL between them keeps "ab" and "c" apart from "a" and "bc". */
void fingerprint_make(const struct hash_key *key, const char *username, const char *secret,
                      uint8_t fingerprint[FINGERPRINT_SIZE])
{
    size_t name_size = username == NULL ? 0 : strlen(username) + 1, secret_size = strlen(secret);
    struct arena arena;
    struct hash128 hash;
    char *both;

    arena_init(&arena, ARENA_SECRET);
    both = arena_alloc(&arena, name_size + secret_size + 1);
    if (name_size > 0)
        memcpy(both, username, name_size);
    memcpy(both + name_size, secret, secret_size + 1);
    hash = hash128(key, both, name_size + secret_size);
    memcpy(fingerprint, &hash, sizeof hash);
    arena_finish(&arena);
}
